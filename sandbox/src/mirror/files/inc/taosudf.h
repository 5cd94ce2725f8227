/* The taos-setup sandbox's stand-in for taosudf.h: present because a package holds it, empty because no program of ours needs it. */
#ifndef TAOS_SANDBOX_TAOSUDF_H
#define TAOS_SANDBOX_TAOSUDF_H
#endif
