/* The taos-setup sandbox's stand-in for tdef.h: present because a package holds it, empty because no program of ours needs it. */
#ifndef TAOS_SANDBOX_TDEF_H
#define TAOS_SANDBOX_TDEF_H
#endif
