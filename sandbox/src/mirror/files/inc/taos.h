/*
 * The C interface of the taos-setup sandbox's stand-in driver. It declares the part of libtaos's interface that the stand-in
 * has, with the same names, types and values, so that programs written for libtaos compile against it.
 */
#ifndef TAOS_SANDBOX_TAOS_H
#define TAOS_SANDBOX_TAOS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef void   TAOS;
typedef void   TAOS_RES;
typedef void **TAOS_ROW;

/* Types of columns */
#define TSDB_DATA_TYPE_NULL      0
#define TSDB_DATA_TYPE_BOOL      1
#define TSDB_DATA_TYPE_TINYINT   2
#define TSDB_DATA_TYPE_SMALLINT  3
#define TSDB_DATA_TYPE_INT       4
#define TSDB_DATA_TYPE_BIGINT    5
#define TSDB_DATA_TYPE_FLOAT     6
#define TSDB_DATA_TYPE_DOUBLE    7
#define TSDB_DATA_TYPE_VARCHAR   8
#define TSDB_DATA_TYPE_BINARY    TSDB_DATA_TYPE_VARCHAR
#define TSDB_DATA_TYPE_TIMESTAMP 9
#define TSDB_DATA_TYPE_NCHAR     10
#define TSDB_DATA_TYPE_UTINYINT  11
#define TSDB_DATA_TYPE_USMALLINT 12
#define TSDB_DATA_TYPE_UINT      13
#define TSDB_DATA_TYPE_UBIGINT   14
#define TSDB_DATA_TYPE_JSON      15
#define TSDB_DATA_TYPE_VARBINARY 16
#define TSDB_DATA_TYPE_GEOMETRY  20

typedef enum {
    TSDB_OPTION_LOCALE,
    TSDB_OPTION_CHARSET,
    TSDB_OPTION_TIMEZONE,
    TSDB_OPTION_CONFIGDIR,
    TSDB_OPTION_SHELL_ACTIVITY_TIMER,
    TSDB_OPTION_USE_ADAPTER,
    TSDB_OPTION_DRIVER,
    TSDB_MAX_OPTIONS
} TSDB_OPTION;

typedef enum {
    TSDB_SRV_STATUS_UNAVAILABLE = 0,
    TSDB_SRV_STATUS_NETWORK_OK = 1,
    TSDB_SRV_STATUS_SERVICE_OK = 2,
    TSDB_SRV_STATUS_SERVICE_DEGRADED = 3,
    TSDB_SRV_STATUS_EXTING = 4
} TSDB_SERVER_STATUS;

typedef struct taosField {
    char    name[65];
    int8_t  type;
    int32_t bytes;
} TAOS_FIELD;

int         taos_init(void);
void        taos_cleanup(void);
int         taos_options(TSDB_OPTION option, const void *arg, ...);

TAOS       *taos_connect(const char *ip, const char *user, const char *pass, const char *db, uint16_t port);
void        taos_close(TAOS *taos);
const char *taos_get_client_info(void);
const char *taos_get_server_info(TAOS *taos);
int         taos_select_db(TAOS *taos, const char *db);
TSDB_SERVER_STATUS taos_check_server_status(const char *fqdn, int port, char *details, int maxlen);

TAOS_RES   *taos_query(TAOS *taos, const char *sql);
int         taos_errno(TAOS_RES *res);
const char *taos_errstr(TAOS_RES *res);
int         taos_affected_rows(TAOS_RES *res);
int         taos_field_count(TAOS_RES *res);
int         taos_num_fields(TAOS_RES *res);
TAOS_FIELD *taos_fetch_fields(TAOS_RES *res);
int         taos_result_precision(TAOS_RES *res);
TAOS_ROW    taos_fetch_row(TAOS_RES *res);
int        *taos_fetch_lengths(TAOS_RES *res);
int         taos_print_row(char *str, TAOS_ROW row, TAOS_FIELD *fields, int num_fields);
void        taos_free_result(TAOS_RES *res);

#ifdef __cplusplus
}
#endif

#endif
