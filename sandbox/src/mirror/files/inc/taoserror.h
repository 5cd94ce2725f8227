/* Codes of the taos-setup sandbox's stand-in driver; the values are those of the real interface. */
#ifndef TAOS_SANDBOX_TAOSERROR_H
#define TAOS_SANDBOX_TAOSERROR_H

#include <stdint.h>

#define TAOS_DEF_ERROR_CODE(mod, code) ((int32_t)((0x80000000 | ((mod) << 16) | (code))))

#define TSDB_CODE_SUCCESS                    0
#define TSDB_CODE_RPC_NETWORK_UNAVAIL        TAOS_DEF_ERROR_CODE(0, 0x000B)
#define TSDB_CODE_RPC_BROKEN_LINK            TAOS_DEF_ERROR_CODE(0, 0x0018)
#define TSDB_CODE_VERSION_NOT_COMPATIBLE     TAOS_DEF_ERROR_CODE(0, 0x011E)
#define TSDB_CODE_MND_INVALID_USER           TAOS_DEF_ERROR_CODE(0, 0x0351)
#define TSDB_CODE_MND_AUTH_FAILURE           TAOS_DEF_ERROR_CODE(0, 0x0357)
#define TSDB_CODE_MND_DB_NOT_EXIST           TAOS_DEF_ERROR_CODE(0, 0x0388)

#endif
