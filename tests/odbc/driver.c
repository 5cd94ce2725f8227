/*
 * A stand-in for TDengine's ODBC driver, for tests only. It reads the settings and connection strings that the vendor's driver reads, and
 * runs statements whose rows hold texts and numbers: over taosAdapter's REST interface for URL, and through libtaos for SERVER. It proves
 * that data sources, the driver's path, and logins arrive; it says nothing of the vendor's driver.
 */
#include <ctype.h>
#include <dlfcn.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <odbcinst.h>
#include <sql.h>
#include <sqlext.h>
#include <taos.h>

enum { TEXT = 512, ANSWER = 1 << 16, CELLS = 64, COLUMNS = 8 };

/* Every handle begins so. */
typedef struct {
    char state[6];
    SQLINTEGER code;
    char message[2 * TEXT];
} Diagnostics;

typedef struct {
    Diagnostics said;
    char host[TEXT], user[TEXT], password[TEXT], path[TEXT];
    int port;
    TAOS *native;
} Connection;

typedef struct {
    Diagnostics said;
    Connection *connection;
    char sql[ANSWER];
    char names[COLUMNS][TEXT];
    bool is_number[COLUMNS];
    char *cells[CELLS];
    int columns, count, row;
    SQLLEN changed;
} Statement;

static SQLRETURN fail(void *handle, const char *state, int code, const char *message) {
    Diagnostics *said = handle;
    snprintf(said->state, sizeof said->state, "%s", state);
    said->code = code;
    snprintf(said->message, sizeof said->message, "[TDengine]%s", message);
    return SQL_ERROR;
}

/* ---- libtaos, which is loaded by its bare name */

static struct {
    TAOS *(*connect)(const char *, const char *, const char *, const char *, uint16_t);
    TAOS_RES *(*query)(TAOS *, const char *);
    int (*error)(TAOS_RES *);
    const char *(*error_text)(TAOS_RES *);
    int (*columns)(TAOS_RES *);
    TAOS_FIELD *(*fields)(TAOS_RES *);
    TAOS_ROW (*row)(TAOS_RES *);
    int *(*lengths)(TAOS_RES *);
    int (*changed)(TAOS_RES *);
    void (*free_result)(TAOS_RES *);
    void (*close)(TAOS *);
} taos;

static bool load_taos(void) {
    void *library = dlopen("libtaos.so", RTLD_NOW);
    struct { const char *name; void **function; } all[] = {
        {"taos_connect", (void **)&taos.connect},       {"taos_query", (void **)&taos.query},
        {"taos_errno", (void **)&taos.error},           {"taos_errstr", (void **)&taos.error_text},
        {"taos_field_count", (void **)&taos.columns},   {"taos_fetch_fields", (void **)&taos.fields},
        {"taos_fetch_row", (void **)&taos.row},         {"taos_fetch_lengths", (void **)&taos.lengths},
        {"taos_affected_rows", (void **)&taos.changed}, {"taos_free_result", (void **)&taos.free_result},
        {"taos_close", (void **)&taos.close},
    };
    for (size_t i = 0; library && i < sizeof all / sizeof *all; i++) {
        if (!(*all[i].function = dlsym(library, all[i].name))) return false;
    }
    return library != NULL;
}

static void keep(Statement *statement, const char *text, size_t length) {
    if (statement->count < CELLS) statement->cells[statement->count++] = text ? strndup(text, length) : NULL;
}

static SQLRETURN run_native(Statement *statement) {
    TAOS_RES *result = taos.query(statement->connection->native, statement->sql);
    if (taos.error(result)) {
        char text[TEXT];
        snprintf(text, sizeof text, "General error:[taosc]%s", taos.error_text(result));
        SQLRETURN failed = fail(statement, "HY000", taos.error(result), text);
        taos.free_result(result);
        return failed;
    }
    statement->columns = taos.columns(result);
    statement->changed = taos.changed(result);
    TAOS_FIELD *fields = taos.fields(result);
    for (int i = 0; i < statement->columns && i < COLUMNS; i++) {
        snprintf(statement->names[i], TEXT, "%s", fields[i].name);
        statement->is_number[i] = fields[i].type == TSDB_DATA_TYPE_DOUBLE;
    }
    for (TAOS_ROW row; statement->columns && (row = taos.row(result));) {
        int *lengths = taos.lengths(result);
        for (int i = 0; i < statement->columns; i++) {
            char number[64];
            if (row[i] && statement->is_number[i]) {
                keep(statement, number, snprintf(number, sizeof number, "%.17g", *(double *)row[i]));
            } else {
                keep(statement, row[i], row[i] ? lengths[i] : 0);
            }
        }
    }
    taos.free_result(result);
    return SQL_SUCCESS;
}

/* ---- taosAdapter's REST interface */

static void encode_login(const char *login, char *out) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t length = strlen(login);
    for (size_t i = 0; i < length; i += 3) {
        uint32_t bits = (uint8_t)login[i] << 16;
        if (i + 1 < length) bits |= (uint8_t)login[i + 1] << 8;
        if (i + 2 < length) bits |= (uint8_t)login[i + 2];
        for (int part = 0; part < 4; part++) {
            *out++ = i + part > length ? '=' : letters[bits >> (18 - 6 * part) & 63];
        }
    }
    *out = '\0';
}

static int dial(const char *host, int port) {
    char service[16];
    snprintf(service, sizeof service, "%d", port);
    struct addrinfo *found = NULL, hints = {.ai_socktype = SOCK_STREAM};
    if (getaddrinfo(host, service, &hints, &found)) return -1;
    int stream = -1;
    for (struct addrinfo *it = found; it && stream < 0; it = it->ai_next) {
        stream = socket(it->ai_family, SOCK_STREAM, 0);
        if (connect(stream, it->ai_addr, it->ai_addrlen)) {
            close(stream);
            stream = -1;
        }
    }
    freeaddrinfo(found);
    return stream;
}

/* The text that the JSON string at *at is, behind which *at is put. */
static void json_string(const char **at, char *out, size_t most) {
    size_t length = 0;
    for ((*at)++; **at && **at != '"'; (*at)++) {
        char byte = **at;
        if (byte == '\\') {
            byte = *++*at;
            if (byte == 'u') {
                unsigned code = 0;
                sscanf(*at + 1, "%4x", &code);
                *at += 4;
                if (length + 3 < most && code >= 0x800) {
                    out[length++] = 0xe0 | code >> 12;
                    out[length++] = 0x80 | (code >> 6 & 63);
                    byte = 0x80 | (code & 63);
                } else if (length + 2 < most && code >= 0x80) {
                    out[length++] = 0xc0 | code >> 6;
                    byte = 0x80 | (code & 63);
                } else {
                    byte = code;
                }
            } else if (byte == 'n') {
                byte = '\n';
            }
        }
        if (length + 1 < most) out[length++] = byte;
    }
    out[length] = '\0';
    if (**at) (*at)++;
}

/* Keeps the cells of "data":[[…],[…]]. */
static void keep_rows(Statement *statement, const char *at) {
    while (*at && *at != '[') at++;
    for (int depth = 0; *at;) {
        if (*at == '[') depth++, at++;
        else if (*at == ']') {
            if (--depth == 0) return;
            at++;
        } else if (*at == '"') {
            char text[TEXT];
            json_string(&at, text, sizeof text);
            keep(statement, text, strlen(text));
        } else if (isdigit((unsigned char)*at) || *at == '-') {
            size_t length = strspn(at, "0123456789+-.eE");
            keep(statement, at, length);
            at += length;
        } else if (*at == 'n') {
            keep(statement, NULL, 0);
            at += strlen("null");
        } else at++;
    }
}

static SQLRETURN run_rest(Statement *statement) {
    Connection *to = statement->connection;
    char login[2 * TEXT], encoded[4 * TEXT];
    snprintf(login, sizeof login, "%s:%s", to->user, to->password);
    encode_login(login, encoded);
    int stream = dial(to->host, to->port);
    if (stream < 0) return fail(statement, "08001", 0xE001, "IO error: Connection refused (os error 111)");
    static char answer[ANSWER];
    dprintf(stream, "POST /rest/sql%s HTTP/1.1\r\nHost: x\r\nAuthorization: Basic %s\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
            to->path, encoded, strlen(statement->sql), statement->sql);
    size_t length = 0;
    for (ssize_t got; length + 1 < sizeof answer && (got = read(stream, answer + length, sizeof answer - 1 - length)) > 0;) length += got;
    close(stream);
    answer[length] = '\0';
    const char *code = strstr(answer, "\"code\":"), *data = strstr(answer, "\"data\":");
    if (!code || atoi(code + 7)) {
        const char *at = strstr(answer, "\"desc\":");
        char why[TEXT] = "no answer of TDengine", text[2 * TEXT];
        if (at) at += 7, json_string(&at, why, sizeof why);
        snprintf(text, sizeof text, "[0x%04x] Internal error: `%s`", code ? atoi(code + 7) : 0, why);
        return fail(statement, "HY000", code ? atoi(code + 7) : 0, text);
    }
    const char *at = strstr(answer, "\"column_meta\":[");
    for (at = at ? at + 15 : data; at && *at == '[' && statement->columns < COLUMNS; statement->columns++) {
        at++;
        json_string(&at, statement->names[statement->columns], TEXT);
        statement->is_number[statement->columns] = !strncmp(at, ",\"DOUBLE\"", 9);
        at = strchr(at, ']') + 1;
        if (*at == ',') at++;
    }
    keep_rows(statement, data + 7);
    statement->changed = 0;
    if (statement->columns == 1 && !strcmp(statement->names[0], "affected_rows")) {
        statement->changed = atol(statement->cells[0]);
        statement->columns = statement->count = 0;
    }
    return SQL_SUCCESS;
}

static void forget_rows(Statement *statement) {
    for (int i = 0; i < statement->count; i++) free(statement->cells[i]);
    statement->count = statement->columns = 0;
    statement->row = -1;
}

static SQLRETURN run(Statement *statement) {
    forget_rows(statement);
    return statement->connection->native ? run_native(statement) : run_rest(statement);
}

/* ---- Connections */

static void percent_decoded(char *out, const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        unsigned byte;
        if (text[i] == '%' && sscanf(text + i + 1, "%2x", &byte) == 1) *out++ = byte, i += 2;
        else *out++ = text[i];
    }
    *out = '\0';
}

/* What a string or a data source says. */
typedef struct {
    char dsn[TEXT], url[TEXT], server[TEXT], user[TEXT], password[TEXT];
} Settings;

static SQLRETURN connect_to(Connection *connection, Settings *with) {
    char url[2 * TEXT];
    if (with->dsn[0] && !with->url[0] && !with->server[0]) {
        SQLGetPrivateProfileString(with->dsn, "URL", "", with->url, TEXT, "Odbc.ini");
        SQLGetPrivateProfileString(with->dsn, "SERVER", "", with->server, TEXT, "Odbc.ini");
    }
    snprintf(connection->user, TEXT, "%s", with->user);
    snprintf(connection->password, TEXT, "%s", with->password);
    char text[4 * TEXT];
    if (!with->url[0]) {
        char *colon = strchr(with->server, ':');
        connection->port = colon ? atoi(colon + 1) : 6030;
        snprintf(connection->host, TEXT, "%.*s", (int)strcspn(with->server, ":"), with->server);
        if (!load_taos()) return fail(connection, "HY000", 0, "libtaos.so cannot be loaded");
        connection->native = taos.connect(connection->host, connection->user, connection->password, NULL, connection->port);
        if (connection->native) return SQL_SUCCESS;
        snprintf(text, sizeof text, "Client unable to establish connection:[taos_odbc://%s:*@%s:%d][%s]", connection->user,
                 connection->host, connection->port, taos.error_text(NULL));
        return fail(connection, "08001", taos.error(NULL), text);
    }
    const char *at = strstr(with->url, "://");
    if (!at || strncmp(with->url, "http://", 7)) return fail(connection, "08001", 0, "the stand-in driver speaks http:// only");
    at += 3;
    const char *end = strrchr(at, '@');
    if (end) {
        size_t user = strcspn(at, ":");
        percent_decoded(connection->user, at, user);
        percent_decoded(connection->password, at + user + 1, end - at - user - 1);
        at = end + 1;
    }
    if (with->user[0] && with->password[0]) strcpy(connection->user, with->user), strcpy(connection->password, with->password);
    bool is_ipv6 = *at == '[';
    size_t host = is_ipv6 ? strcspn(at, "]") + 1 : strcspn(at, ":/?");
    snprintf(connection->host, TEXT, "%.*s", (int)host - 2 * is_ipv6, at + is_ipv6);
    connection->port = at[host] == ':' ? atoi(at + host + 1) : 6041;
    const char *query = strchr(at, '?');
    snprintf(connection->path, TEXT, "%s", query ? query : "");
    /* The vendor's driver logs in at once, and repeats the login in its errors. */
    static Statement login;
    login.connection = connection;
    strcpy(login.sql, "select server_version()");
    if (run(&login) == SQL_SUCCESS) return SQL_SUCCESS;
    snprintf(url, sizeof url, "http://%s:%s@%s:%d", connection->user, connection->password, connection->host, connection->port);
    snprintf(text, sizeof text, "Client unable to establish connection:[%s][%s]", url, login.said.message + strlen("[TDengine]"));
    return fail(connection, "08001", login.said.code, text);
}

SQLRETURN SQL_API SQLConnect(SQLHDBC handle, SQLCHAR *dsn, SQLSMALLINT dsn_length, SQLCHAR *user, SQLSMALLINT user_length,
                             SQLCHAR *password, SQLSMALLINT password_length) {
    Settings with = {0};
    snprintf(with.dsn, TEXT, "%.*s", dsn_length == SQL_NTS ? TEXT : dsn_length, dsn ? (char *)dsn : "");
    snprintf(with.user, TEXT, "%.*s", user_length == SQL_NTS ? TEXT : user_length, user ? (char *)user : "");
    snprintf(with.password, TEXT, "%.*s", password_length == SQL_NTS ? TEXT : password_length, password ? (char *)password : "");
    return connect_to(handle, &with);
}

SQLRETURN SQL_API SQLDriverConnect(SQLHDBC handle, SQLHWND window, SQLCHAR *text, SQLSMALLINT length, SQLCHAR *out, SQLSMALLINT most,
                                   SQLSMALLINT *out_length, SQLUSMALLINT completion) {
    (void)window, (void)completion;
    char copy[4 * TEXT];
    snprintf(copy, sizeof copy, "%.*s", length == SQL_NTS ? (int)sizeof copy : length, (char *)text);
    Settings with = {0};
    for (char *at = copy; *at;) {
        char *value = strchr(at, '=');
        if (!value) return fail(handle, "HY000", 0, "bad syntax for connection string: syntax error");
        *value++ = '\0';
        bool is_braced = *value == '{';
        /* The vendor's driver accepts none of these without braces, and braces only where they are needed. */
        size_t size = strcspn(value, is_braced ? "}" : ";");
        struct { const char *name; char *to; bool takes_braces; } known[] = {
            {"DSN", with.dsn, false},       {"DRIVER", copy, true},   {"URL", with.url, true}, {"SERVER", with.server, false},
            {"UID", with.user, false}, {"PWD", with.password, false},
        };
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
            if (strcasecmp(at, known[i].name)) continue;
            bool is_plain = strcspn(value, "[]{}(),?*=!@ ") >= size;
            bool needs_braces = known[i].to == with.url;
            if (is_braced ? !known[i].takes_braces : needs_braces || !is_plain) {
                return fail(handle, "HY000", 0, "bad syntax for connection string: syntax error, unexpected invalid token");
            }
            if (known[i].to != copy) snprintf(known[i].to, TEXT, "%.*s", (int)size - is_braced, value + is_braced);
        }
        at = value + size + is_braced;
        if (*at == ';') at++;
    }
    if (out && most > 0) *out = '\0';
    if (out_length) *out_length = 0;
    return connect_to(handle, &with);
}

SQLRETURN SQL_API SQLDisconnect(SQLHDBC handle) {
    Connection *connection = handle;
    if (connection->native) taos.close(connection->native);
    connection->native = NULL;
    return SQL_SUCCESS;
}

/* ---- Handles and their attributes */

SQLRETURN SQL_API SQLAllocHandle(SQLSMALLINT type, SQLHANDLE input, SQLHANDLE *output) {
    *output = calloc(1, type == SQL_HANDLE_STMT ? sizeof(Statement) : sizeof(Connection));
    if (type == SQL_HANDLE_STMT && *output) ((Statement *)*output)->connection = input;
    return *output ? SQL_SUCCESS : SQL_ERROR;
}

SQLRETURN SQL_API SQLFreeHandle(SQLSMALLINT type, SQLHANDLE handle) {
    if (type == SQL_HANDLE_STMT) forget_rows(handle);
    free(handle);
    return SQL_SUCCESS;
}

#define IGNORES(function, ...) \
    SQLRETURN SQL_API function(__VA_ARGS__) { return SQL_SUCCESS; }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
IGNORES(SQLSetEnvAttr, SQLHENV handle, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER length)
IGNORES(SQLSetConnectAttr, SQLHDBC handle, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER length)
IGNORES(SQLSetStmtAttr, SQLHSTMT handle, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER length)
IGNORES(SQLEndTran, SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT completion)
IGNORES(SQLCancel, SQLHSTMT handle)
#pragma GCC diagnostic pop

SQLRETURN SQL_API SQLGetConnectAttr(SQLHDBC handle, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER most, SQLINTEGER *length) {
    (void)handle, (void)most, (void)length;
    *(SQLUINTEGER *)value = attribute == SQL_ATTR_AUTOCOMMIT ? SQL_AUTOCOMMIT_ON : 0;
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLGetStmtAttr(SQLHSTMT handle, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER most, SQLINTEGER *length) {
    (void)handle, (void)attribute, (void)most, (void)length;
    *(SQLULEN *)value = 0;
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLGetInfo(SQLHDBC handle, SQLUSMALLINT type, SQLPOINTER value, SQLSMALLINT most, SQLSMALLINT *length) {
    (void)handle;
    const char *text = type == SQL_DRIVER_ODBC_VER ? "03.51" : type == SQL_DBMS_NAME ? "stand-in" : NULL;
    if (text) {
        snprintf(value, most, "%s", text);
        if (length) *length = strlen(text);
    } else if (value && most >= (int)sizeof(SQLUINTEGER)) {
        *(SQLUINTEGER *)value = 0;
        if (length) *length = 0;
    } else if (value) {
        *(SQLUSMALLINT *)value = 0;
    }
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLGetDiagRec(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT number, SQLCHAR *state, SQLINTEGER *code, SQLCHAR *text,
                                SQLSMALLINT most, SQLSMALLINT *length) {
    (void)type;
    Diagnostics *said = handle;
    if (number > 1 || !said->state[0]) return SQL_NO_DATA;
    memcpy(state, said->state, 6);
    if (code) *code = said->code;
    if (text) snprintf((char *)text, most, "%s", said->message);
    if (length) *length = strlen(said->message);
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLGetDiagField(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT number, SQLSMALLINT field, SQLPOINTER value,
                                  SQLSMALLINT most, SQLSMALLINT *length) {
    (void)type, (void)handle, (void)number, (void)field, (void)value, (void)most, (void)length;
    return SQL_NO_DATA;
}

/* ---- Statements and rows */

/* The driver's own functions do not call each other: in a program that is linked with the driver manager, that would be called instead. */
static void keep_sql(Statement *statement, SQLCHAR *sql, SQLINTEGER length) {
    snprintf(statement->sql, ANSWER, "%.*s", length == SQL_NTS ? ANSWER : length, (char *)sql);
}

SQLRETURN SQL_API SQLPrepare(SQLHSTMT handle, SQLCHAR *sql, SQLINTEGER length) {
    keep_sql(handle, sql, length);
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLExecute(SQLHSTMT handle) { return run(handle); }

SQLRETURN SQL_API SQLExecDirect(SQLHSTMT handle, SQLCHAR *sql, SQLINTEGER length) {
    keep_sql(handle, sql, length);
    return run(handle);
}

SQLRETURN SQL_API SQLNumResultCols(SQLHSTMT handle, SQLSMALLINT *columns) {
    *columns = ((Statement *)handle)->columns;
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLNumParams(SQLHSTMT handle, SQLSMALLINT *count) {
    (void)handle;
    *count = 0;
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLRowCount(SQLHSTMT handle, SQLLEN *count) {
    *count = ((Statement *)handle)->changed;
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLDescribeCol(SQLHSTMT handle, SQLUSMALLINT column, SQLCHAR *name, SQLSMALLINT most, SQLSMALLINT *length,
                                 SQLSMALLINT *type, SQLULEN *size, SQLSMALLINT *digits, SQLSMALLINT *nullable) {
    Statement *statement = handle;
    const char *text = statement->names[column - 1];
    if (name) snprintf((char *)name, most, "%s", text);
    if (length) *length = strlen(text);
    if (type) *type = statement->is_number[column - 1] ? SQL_DOUBLE : SQL_VARCHAR;
    if (size) *size = TEXT;
    if (digits) *digits = 0;
    if (nullable) *nullable = SQL_NULLABLE;
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLColAttribute(SQLHSTMT handle, SQLUSMALLINT column, SQLUSMALLINT field, SQLPOINTER text, SQLSMALLINT most,
                                  SQLSMALLINT *length, SQLLEN *number) {
    Statement *statement = handle;
    bool is_name = field == SQL_DESC_NAME || field == SQL_DESC_LABEL || field == SQL_COLUMN_NAME;
    if (text && most > 0) snprintf(text, most, "%s", is_name ? statement->names[column - 1] : "");
    if (length) *length = is_name ? strlen(statement->names[column - 1]) : 0;
    bool is_type = field == SQL_DESC_TYPE || field == SQL_DESC_CONCISE_TYPE;
    bool is_length = field == SQL_DESC_LENGTH || field == SQL_DESC_DISPLAY_SIZE || field == SQL_DESC_OCTET_LENGTH || field == SQL_COLUMN_LENGTH;
    SQLLEN type = statement->is_number[column - 1] ? SQL_DOUBLE : SQL_VARCHAR;
    if (number) *number = is_type ? type : is_length ? TEXT : 0;
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLFetch(SQLHSTMT handle) {
    Statement *statement = handle;
    statement->row++;
    return statement->columns && (statement->row + 1) * statement->columns <= statement->count ? SQL_SUCCESS : SQL_NO_DATA;
}

/* The text in UTF-16; gives its length in bytes. */
static size_t widened(const char *text, SQLWCHAR *out, size_t most) {
    size_t length = 0;
    while (*text && length + 1 < most) {
        uint8_t first = *text++;
        uint32_t code = first < 0x80 ? first : first < 0xe0 ? first & 31 : first & 15;
        for (int more = first < 0x80 ? 0 : first < 0xe0 ? 1 : 2; more; more--) code = code << 6 | (*text++ & 63);
        out[length++] = code;
    }
    out[length] = 0;
    return length * sizeof *out;
}

SQLRETURN SQL_API SQLGetData(SQLHSTMT handle, SQLUSMALLINT column, SQLSMALLINT type, SQLPOINTER value, SQLLEN most, SQLLEN *length) {
    Statement *statement = handle;
    const char *text = statement->cells[statement->row * statement->columns + column - 1];
    SQLLEN ignored;
    if (!length) length = &ignored;
    if (!text) {
        *length = SQL_NULL_DATA;
    } else if (type == SQL_C_DOUBLE) {
        *(double *)value = strtod(text, NULL);
        *length = sizeof(double);
    } else if (type == SQL_C_WCHAR) {
        SQLWCHAR wide[TEXT];
        *length = widened(text, wide, TEXT);
        if (most < *length + (SQLLEN)sizeof *wide) return fail(statement, "HY090", 0, "Invalid string or buffer length");
        memcpy(value, wide, *length + sizeof *wide);
    } else {
        *length = strlen(text);
        if (most <= *length) return fail(statement, "HY090", 0, "Invalid string or buffer length");
        strcpy(value, text);
    }
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLMoreResults(SQLHSTMT handle) {
    (void)handle;
    return SQL_NO_DATA;
}

SQLRETURN SQL_API SQLFreeStmt(SQLHSTMT handle, SQLUSMALLINT option) {
    if (option == SQL_CLOSE) forget_rows(handle);
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLCloseCursor(SQLHSTMT handle) {
    forget_rows(handle);
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLGetTypeInfo(SQLHSTMT handle, SQLSMALLINT type) {
    (void)type;
    return fail(handle, "HYC00", 0, "Optional feature not implemented");
}
