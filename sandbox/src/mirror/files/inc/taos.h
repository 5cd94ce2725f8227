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
#define TSDB_DATA_TYPE_DECIMAL   17
#define TSDB_DATA_TYPE_BLOB      18
#define TSDB_DATA_TYPE_GEOMETRY  20
#define TSDB_DATA_TYPE_DECIMAL64 21

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

typedef struct TAOS_FIELD_E {
    char    name[65];
    int8_t  type;
    uint8_t precision;
    uint8_t scale;
    int32_t bytes;
} TAOS_FIELD_E;

/* What is called with the caller's parameter, the result, and its error or number of rows */
typedef void (*__taos_async_fn_t)(void *param, TAOS_RES *res, int code);

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

TAOS_RES   *taos_query_with_reqid(TAOS *taos, const char *sql, int64_t reqid);
void        taos_query_a(TAOS *taos, const char *sql, __taos_async_fn_t fp, void *param);
void        taos_query_a_with_reqid(TAOS *taos, const char *sql, __taos_async_fn_t fp, void *param, int64_t reqid);
void        taos_fetch_rows_a(TAOS_RES *res, __taos_async_fn_t fp, void *param);
void        taos_fetch_raw_block_a(TAOS_RES *res, __taos_async_fn_t fp, void *param);

bool        taos_is_update_query(TAOS_RES *res);
TAOS_FIELD_E *taos_fetch_fields_e(TAOS_RES *res);
int         taos_fetch_block(TAOS_RES *res, TAOS_ROW *rows);
int         taos_fetch_block_s(TAOS_RES *res, int *count, TAOS_ROW *rows);
int         taos_fetch_raw_block(TAOS_RES *res, int *count, void **block);
const void *taos_get_raw_block(TAOS_RES *res);
int        *taos_get_column_data_offset(TAOS_RES *res, int column);
bool        taos_is_null(TAOS_RES *res, int32_t row, int32_t column);
int         taos_is_null_by_column(TAOS_RES *res, int column, bool into[], int *rows);

/*
 * From here on: what programs need to compile and to be linked. The stand-in has the names, and answers each call with an error.
 */

typedef enum { TSDB_OPTION_CONNECTION_CLEAR = -1, TSDB_OPTION_CONNECTION_CHARSET } TSDB_OPTION_CONNECTION;

typedef struct setConfRet {
    int  retCode;
    char retMsg[1024];
} setConfRet;

/* What taos_connect_with takes */
typedef struct OPTIONS {
    const char *keys[256];
    const char *values[256];
    uint16_t    count;
} OPTIONS;

typedef void TAOS_STMT;
typedef void TAOS_STMT2;

typedef struct TAOS_MULTI_BIND {
    int       buffer_type;
    void     *buffer;
    uintptr_t buffer_length;
    int32_t  *length;
    char     *is_null;
    int       num;
} TAOS_MULTI_BIND;

typedef struct TAOS_STMT2_OPTION {
    int64_t           reqid;
    bool              singleStbInsert;
    bool              singleTableBindOnce;
    __taos_async_fn_t asyncExecFn;
    void             *userdata;
} TAOS_STMT2_OPTION;

typedef struct TAOS_STMT2_BIND {
    int      buffer_type;
    void    *buffer;
    int32_t *length;
    char    *is_null;
    int      num;
} TAOS_STMT2_BIND;

typedef struct TAOS_STMT2_BINDV {
    int               count;
    char            **tbnames;
    TAOS_STMT2_BIND **tags;
    TAOS_STMT2_BIND **bind_cols;
} TAOS_STMT2_BINDV;

typedef struct TAOS_FIELD_ALL {
    char    name[65];
    int8_t  type;
    uint8_t precision;
    uint8_t scale;
    int32_t bytes;
    uint8_t field_type;
} TAOS_FIELD_ALL;

typedef void (*__taos_notify_fn_t)(void *param, void *ext, int type);
typedef void (*__taos_async_whitelist_fn_t)(void *param, int code, TAOS *taos, int count, uint64_t *list);

setConfRet  taos_set_config(const char *config);
int         taos_options_connection(TAOS *taos, TSDB_OPTION_CONNECTION option, const void *arg, ...);
int         taos_set_conn_mode(TAOS *taos, int mode, int value);
int         taos_set_notify_cb(TAOS *taos, __taos_notify_fn_t fp, void *param, int type);
void        taos_fetch_whitelist_a(TAOS *taos, __taos_async_whitelist_fn_t fp, void *param);
TAOS       *taos_connect_token(const char *host, const char *token, const char *db, uint16_t port);
TAOS       *taos_connect_with(const OPTIONS *options);
void        taos_set_option(OPTIONS *options, const char *key, const char *value);
TAOS       *taos_connect_auth(const char *host, const char *user, const char *auth, const char *db, uint16_t port);
int         taos_get_current_db(TAOS *taos, char *database, int len, int *required);
void        taos_reset_current_db(TAOS *taos);
int         taos_validate_sql(TAOS *taos, const char *sql);
void        taos_stop_query(TAOS_RES *res);
int         taos_load_table_info(TAOS *taos, const char *names);
int         taos_get_table_vgId(TAOS *taos, const char *db, const char *table, int *vgroup);
int         taos_get_tables_vgId(TAOS *taos, const char *db, const char *tables[], int count, int *vgroups);

int         taos_write_raw_block(TAOS *taos, int rows, char *data, const char *table);
int         taos_write_raw_block_with_reqid(TAOS *taos, int rows, char *data, const char *table, int64_t reqid);
int         taos_write_raw_block_with_fields(TAOS *taos, int rows, char *data, const char *table, TAOS_FIELD *fields, int count);
int         taos_write_raw_block_with_fields_with_reqid(TAOS *taos, int rows, char *data, const char *table, TAOS_FIELD *fields,
                                                        int count, int64_t reqid);

typedef enum {
    TSDB_SML_UNKNOWN_PROTOCOL = 0,
    TSDB_SML_LINE_PROTOCOL = 1,
    TSDB_SML_TELNET_PROTOCOL = 2,
    TSDB_SML_JSON_PROTOCOL = 3
} TSDB_SML_PROTOCOL_TYPE;

typedef enum {
    TSDB_SML_TIMESTAMP_NOT_CONFIGURED = 0,
    TSDB_SML_TIMESTAMP_HOURS,
    TSDB_SML_TIMESTAMP_MINUTES,
    TSDB_SML_TIMESTAMP_SECONDS,
    TSDB_SML_TIMESTAMP_MILLI_SECONDS,
    TSDB_SML_TIMESTAMP_MICRO_SECONDS,
    TSDB_SML_TIMESTAMP_NANO_SECONDS
} TSDB_SML_TIMESTAMP_TYPE;

TAOS_RES   *taos_schemaless_insert(TAOS *taos, char *lines[], int count, int protocol, int precision);
TAOS_RES   *taos_schemaless_insert_ttl(TAOS *taos, char *lines[], int count, int protocol, int precision, int32_t ttl);
TAOS_RES   *taos_schemaless_insert_with_reqid(TAOS *taos, char *lines[], int count, int protocol, int precision, int64_t reqid);
TAOS_RES   *taos_schemaless_insert_ttl_with_reqid(TAOS *taos, char *lines[], int count, int protocol, int precision, int32_t ttl,
                                                  int64_t reqid);
TAOS_RES   *taos_schemaless_insert_raw(TAOS *taos, char *lines, int len, int32_t *rows, int protocol, int precision);
TAOS_RES   *taos_schemaless_insert_raw_ttl(TAOS *taos, char *lines, int len, int32_t *rows, int protocol, int precision,
                                           int32_t ttl);
TAOS_RES   *taos_schemaless_insert_raw_with_reqid(TAOS *taos, char *lines, int len, int32_t *rows, int protocol, int precision,
                                                  int64_t reqid);
TAOS_RES   *taos_schemaless_insert_raw_ttl_with_reqid(TAOS *taos, char *lines, int len, int32_t *rows, int protocol,
                                                      int precision, int32_t ttl, int64_t reqid);
TAOS_RES   *taos_schemaless_insert_raw_ttl_with_reqid_tbname_key(TAOS *taos, char *lines, int len, int32_t *rows, int protocol,
                                                                 int precision, int32_t ttl, int64_t reqid, char *key);

TAOS_STMT  *taos_stmt_init(TAOS *taos);
TAOS_STMT  *taos_stmt_init_with_reqid(TAOS *taos, int64_t reqid);
int         taos_stmt_prepare(TAOS_STMT *stmt, const char *sql, unsigned long length);
int         taos_stmt_set_tbname_tags(TAOS_STMT *stmt, const char *name, TAOS_MULTI_BIND *tags);
int         taos_stmt_set_tbname(TAOS_STMT *stmt, const char *name);
int         taos_stmt_set_tags(TAOS_STMT *stmt, TAOS_MULTI_BIND *tags);
int         taos_stmt_set_sub_tbname(TAOS_STMT *stmt, const char *name);
int         taos_stmt_get_tag_fields(TAOS_STMT *stmt, int *count, TAOS_FIELD_E **fields);
int         taos_stmt_get_col_fields(TAOS_STMT *stmt, int *count, TAOS_FIELD_E **fields);
void        taos_stmt_reclaim_fields(TAOS_STMT *stmt, TAOS_FIELD_E *fields);
int         taos_stmt_is_insert(TAOS_STMT *stmt, int *insert);
int         taos_stmt_num_params(TAOS_STMT *stmt, int *count);
int         taos_stmt_get_param(TAOS_STMT *stmt, int index, int *type, int *bytes);
int         taos_stmt_bind_param(TAOS_STMT *stmt, TAOS_MULTI_BIND *bind);
int         taos_stmt_bind_param_batch(TAOS_STMT *stmt, TAOS_MULTI_BIND *bind);
int         taos_stmt_add_batch(TAOS_STMT *stmt);
int         taos_stmt_execute(TAOS_STMT *stmt);
TAOS_RES   *taos_stmt_use_result(TAOS_STMT *stmt);
int         taos_stmt_close(TAOS_STMT *stmt);
char       *taos_stmt_errstr(TAOS_STMT *stmt);
int         taos_stmt_affected_rows(TAOS_STMT *stmt);
int         taos_stmt_affected_rows_once(TAOS_STMT *stmt);

TAOS_STMT2 *taos_stmt2_init(TAOS *taos, TAOS_STMT2_OPTION *option);
int         taos_stmt2_prepare(TAOS_STMT2 *stmt, const char *sql, unsigned long length);
int         taos_stmt2_bind_param(TAOS_STMT2 *stmt, TAOS_STMT2_BINDV *bindv, int32_t column);
int         taos_stmt2_exec(TAOS_STMT2 *stmt, int *affected);
int         taos_stmt2_close(TAOS_STMT2 *stmt);
int         taos_stmt2_is_insert(TAOS_STMT2 *stmt, int *insert);
int         taos_stmt2_get_fields(TAOS_STMT2 *stmt, int *count, TAOS_FIELD_ALL **fields);
void        taos_stmt2_free_fields(TAOS_STMT2 *stmt, TAOS_FIELD_ALL *fields);
TAOS_RES   *taos_stmt2_result(TAOS_STMT2 *stmt);
char       *taos_stmt2_error(TAOS_STMT2 *stmt);

typedef struct tmq_t      tmq_t;
typedef struct tmq_conf_t tmq_conf_t;
typedef struct tmq_list_t tmq_list_t;

typedef enum { TMQ_CONF_UNKNOWN = -2, TMQ_CONF_INVALID = -1, TMQ_CONF_OK = 0 } tmq_conf_res_t;
typedef enum { TMQ_RES_INVALID = -1, TMQ_RES_DATA = 1, TMQ_RES_TABLE_META = 2, TMQ_RES_METADATA = 3 } tmq_res_t;

typedef struct tmq_topic_assignment {
    int32_t vgId;
    int64_t currentOffset;
    int64_t begin;
    int64_t end;
} tmq_topic_assignment;

typedef struct tmq_raw_data {
    void    *raw;
    uint32_t raw_len;
    uint16_t raw_type;
} tmq_raw_data;

typedef void(tmq_commit_cb)(tmq_t *tmq, int32_t code, void *param);

tmq_conf_t *tmq_conf_new(void);
int         tmq_conf_set(tmq_conf_t *conf, const char *key, const char *value);
void        tmq_conf_destroy(tmq_conf_t *conf);
void        tmq_conf_set_auto_commit_cb(tmq_conf_t *conf, tmq_commit_cb *cb, void *param);
tmq_list_t *tmq_list_new(void);
int32_t     tmq_list_append(tmq_list_t *list, const char *topic);
void        tmq_list_destroy(tmq_list_t *list);
int32_t     tmq_list_get_size(const tmq_list_t *list);
char      **tmq_list_to_c_array(const tmq_list_t *list);
tmq_t      *tmq_consumer_new(tmq_conf_t *conf, char *text, int32_t size);
int32_t     tmq_consumer_close(tmq_t *tmq);
TAOS_RES   *tmq_consumer_poll(tmq_t *tmq, int64_t timeout);
int32_t     tmq_subscribe(tmq_t *tmq, const tmq_list_t *topics);
int32_t     tmq_unsubscribe(tmq_t *tmq);
int32_t     tmq_subscription(tmq_t *tmq, tmq_list_t **topics);
int32_t     tmq_commit_sync(tmq_t *tmq, const TAOS_RES *message);
void        tmq_commit_async(tmq_t *tmq, const TAOS_RES *message, tmq_commit_cb *cb, void *param);
int32_t     tmq_commit_offset_sync(tmq_t *tmq, const char *topic, int32_t vgroup, int64_t offset);
void        tmq_commit_offset_async(tmq_t *tmq, const char *topic, int32_t vgroup, int64_t offset, tmq_commit_cb *cb,
                                    void *param);
int32_t     tmq_get_topic_assignment(tmq_t *tmq, const char *topic, tmq_topic_assignment **list, int32_t *count);
void        tmq_free_assignment(tmq_topic_assignment *list);
int32_t     tmq_offset_seek(tmq_t *tmq, const char *topic, int32_t vgroup, int64_t offset);
int64_t     tmq_position(tmq_t *tmq, const char *topic, int32_t vgroup);
int64_t     tmq_committed(tmq_t *tmq, const char *topic, int32_t vgroup);
TAOS       *tmq_get_connect(tmq_t *tmq);
int         tmq_get_res_type(TAOS_RES *res);
const char *tmq_get_topic_name(TAOS_RES *res);
const char *tmq_get_db_name(TAOS_RES *res);
const char *tmq_get_table_name(TAOS_RES *res);
int32_t     tmq_get_vgroup_id(TAOS_RES *res);
int64_t     tmq_get_vgroup_offset(TAOS_RES *res);
int32_t     tmq_get_raw(TAOS_RES *res, tmq_raw_data *raw);
int32_t     tmq_write_raw(TAOS *taos, tmq_raw_data raw);
void        tmq_free_raw(tmq_raw_data raw);
char       *tmq_get_json_meta(TAOS_RES *res);
void        tmq_free_json_meta(char *meta);
const char *tmq_err2str(int32_t code);

#ifdef __cplusplus
}
#endif

#endif
