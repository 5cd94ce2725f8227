//! The whole tree that `init --lang c` makes, and what it says.

use crate::init::new::made;
use crate::support::program::TestContext;
use insta::assert_snapshot;

#[test]
fn c_over_websocket() {
    assert_snapshot!(made(&["--lang", "c"]), @r#"
    exit 0
    --- stdout
    created   CMakeLists.txt
    created   main.c
    created   README.md
    created   .gitignore

    Build it and run it:
      cd hello
      taos-setup run -- cmake -S . -B build -DCMAKE_BUILD_TYPE=Release
      taos-setup run -- cmake --build build
      taos-setup run -- build/taos_example
    --- stderr
    note: libtaos supports WebSocket since client 3.3.6
    === .gitignore
    /build/
    === CMakeLists.txt
    cmake_minimum_required(VERSION 3.10)
    project(hello C)

    set(CMAKE_C_STANDARD 11)
    set(CMAKE_C_STANDARD_REQUIRED ON)

    # The client library; taos-setup run sets the variables by which CMake finds it.
    find_package(taos CONFIG REQUIRED)

    add_executable(taos_example main.c)
    target_link_libraries(taos_example PRIVATE taos::taos)
    set_target_properties(taos_example PROPERTIES RUNTIME_OUTPUT_DIRECTORY "$<1:${CMAKE_CURRENT_BINARY_DIR}>")
    if(NOT MSVC)
      target_compile_options(taos_example PRIVATE -Wall -Wextra)
    endif()
    === README.md
    # hello

    Writes rows to a supertable of TDengine over WebSocket, reads them back, and removes what it made.

        taos-setup run -- cmake -S . -B build -DCMAKE_BUILD_TYPE=Release
        taos-setup run -- cmake --build build
        taos-setup run -- build/taos_example

    It needs the client library (`taos-setup install`), 3.3.6 or later. It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD`
    (taosdata). It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1;
    `taos-setup verify` then says what is wrong.
    === main.c
    /* Writes rows to a supertable of TDengine over WebSocket and reads them back. */

    #include <ctype.h>
    #include <stdbool.h>
    #include <stdint.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <time.h>

    #include <taos.h>

    enum { SQL_SIZE = 512, NAME_SIZE = 64, INSTANT_SIZE = 64, SENSORS = 2 };

    /* A supertable has one table for each sensor; what never changes of a sensor, such as its place, is a tag. */
    struct sensor {
        char *table, *place;
        double celsius;
    };

    static const struct sensor sensors[SENSORS] = {
        {"example_zurich", "Zürich", 21.5},
        {"example_beijing", "北京", -3.25},
    };

    /* Reports a failure in one line. */
    static bool fail(int code, const char *text) {
        fprintf(stderr, "error: [0x%x] %s\n", (unsigned)code & 0xffffU, text);
        return false;
    }

    /* Runs a statement; gives its result, which the caller frees, or NULL after a line about the failure. */
    static TAOS_RES *query(TAOS *taos, const char *sql) {
        TAOS_RES *result = taos_query(taos, sql);
        if (taos_errno(result) != 0) {
            fail(taos_errno(result), taos_errstr(result));
            taos_free_result(result);
            return NULL;
        }
        return result;
    }

    /* Runs a statement that gives no rows. */
    static bool execute(TAOS *taos, const char *sql) {
        TAOS_RES *result = query(taos, sql);
        if (result == NULL) {
            return false;
        }
        taos_free_result(result);
        return true;
    }

    /* Milliseconds since 1970, the precision of a new database. */
    static int64_t milliseconds(void) {
        struct timespec now;
        timespec_get(&now, TIME_UTC);
        return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    }

    /* Writes the instant, milliseconds since 1970, to text as RFC 3339 in UTC, whatever the zone of this machine is. */
    static void format_instant(int64_t instant, char text[INSTANT_SIZE]) {
        time_t seconds = (time_t)(instant / 1000);
        struct tm *utc = gmtime(&seconds);
        char date[32] = "";
        if (utc != NULL) {
            strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", utc);
        }
        snprintf(text, INSTANT_SIZE, "%s.%03dZ", date, (int)(instant % 1000));
    }

    /* Prints an instant, a number and a text. A precision is 0 for milliseconds, 1 for microseconds, 2 for nanoseconds. */
    static void print_row(TAOS_ROW row, const int *lengths, int precision) {
        int64_t instant;
        double celsius;
        memcpy(&instant, row[0], sizeof instant);
        memcpy(&celsius, row[1], sizeof celsius);
        for (; precision > 0; precision--) {
            instant /= 1000;
        }
        char text[INSTANT_SIZE];
        format_instant(instant, text);
        printf("%s  %g  %.*s\n", text, celsius, lengths[2], (const char *)row[2]);
    }

    /* Prints all rows of a result; gives their number, or -1 after a line about the failure. */
    static int print_rows(TAOS_RES *result) {
        int count = 0;
        int precision = taos_result_precision(result);
        TAOS_ROW row;
        while ((row = taos_fetch_row(result)) != NULL) {
            if (row[0] == NULL || row[1] == NULL || row[2] == NULL) {
                fprintf(stderr, "error: a value is NULL\n");
                return -1;
            }
            print_row(row, taos_fetch_lengths(result), precision);
            count++;
        }
        if (taos_errno(result) != 0) {
            fail(taos_errno(result), taos_errstr(result));
            return -1;
        }
        return count;
    }

    static bool show_version(TAOS *taos) {
        TAOS_RES *result = query(taos, "select server_version()");
        if (result == NULL) {
            return false;
        }
        TAOS_ROW row = taos_fetch_row(result);
        bool ok = row != NULL && row[0] != NULL;
        if (ok) {
            printf("server version: %.*s\n", taos_fetch_lengths(result)[0], (const char *)row[0]);
        } else {
            fprintf(stderr, "error: the server gives no version\n");
        }
        taos_free_result(result);
        return ok;
    }

    /*
     * How many units of the database's precision a millisecond has: a bound instant is a number of such units. 0 after a
     * line about the failure.
     */
    static int64_t units_of_millisecond(TAOS *taos) {
        TAOS_RES *result = query(taos, "select ts from example_readings limit 1");
        if (result == NULL) {
            return 0;
        }
        /* 0 is milliseconds, 1 microseconds, 2 nanoseconds. */
        int precision = taos_result_precision(result);
        taos_free_result(result);
        return precision == 0 ? 1 : precision == 1 ? 1000 : 1000000;
    }

    /* Adds a row for the table of a sensor, which is made with its tag if it is not there yet. */
    static int bind_row(TAOS_STMT *stmt, const struct sensor *sensor, int64_t instant) {
        double celsius = sensor->celsius;
        int32_t width = sizeof celsius, length = (int32_t)strlen(sensor->place);
        TAOS_MULTI_BIND tag = {TSDB_DATA_TYPE_VARCHAR, sensor->place, (uintptr_t)length, &length, NULL, 1};
        TAOS_MULTI_BIND columns[] = {
            {TSDB_DATA_TYPE_TIMESTAMP, &instant, sizeof instant, &width, NULL, 1},
            {TSDB_DATA_TYPE_DOUBLE, &celsius, sizeof celsius, &width, NULL, 1},
        };
        int code = taos_stmt_set_tbname_tags(stmt, sensor->table, &tag);
        if (code == 0) {
            code = taos_stmt_bind_param(stmt, columns);
        }
        return code == 0 ? taos_stmt_add_batch(stmt) : code;
    }

    /* Writes the readings, a second apart. The values travel beside the statement, so nothing in them is taken for SQL. */
    static bool write_rows(TAOS *taos, int64_t start, int64_t units) {
        TAOS_STMT *stmt = taos_stmt_init(taos);
        if (stmt == NULL) {
            return fail(taos_errno(NULL), taos_errstr(NULL));
        }
        int code = taos_stmt_prepare(stmt, "insert into ? using example_readings tags (?) values (?, ?)", 0);
        for (int i = 0; code == 0 && i < SENSORS; i++) {
            code = bind_row(stmt, &sensors[i], (start + 1000 * (int64_t)i) * units);
        }
        if (code == 0) {
            code = taos_stmt_execute(stmt);
        }
        if (code == 0) {
            printf("rows written: %d\n", taos_stmt_affected_rows(stmt));
        } else {
            fail(code, taos_stmt_errstr(stmt));
        }
        taos_stmt_close(stmt);
        return code == 0;
    }

    /* Prints the rows from start on, milliseconds since 1970, of all tables, and expects so many. */
    static bool read_rows(TAOS *taos, int64_t start, int expected) {
        char since[INSTANT_SIZE], sql[SQL_SIZE];
        format_instant(start, since);
        snprintf(sql, sizeof sql, "select ts, celsius, place from example_readings where ts >= '%s' order by ts", since);
        TAOS_RES *result = query(taos, sql);
        if (result == NULL) {
            return false;
        }
        int count = print_rows(result);
        taos_free_result(result);
        if (count < 0) {
            return false;
        }
        printf("rows read: %d\n", count);
        if (count != expected) {
            fprintf(stderr, "error: wrote %d rows and read %d\n", expected, count);
        }
        return count == expected;
    }

    static bool create_supertable(TAOS *taos) {
        return execute(
            taos, "create stable if not exists example_readings (ts timestamp, celsius double) tags (place varchar(64))");
    }

    static bool work(TAOS *taos) {
        int64_t units = create_supertable(taos) ? units_of_millisecond(taos) : 0;
        int64_t start = milliseconds();
        return units != 0 && write_rows(taos, start, units) && read_rows(taos, start, SENSORS);
    }

    /* The environment variable's value, or fallback where it is unset or empty. */
    static const char *env(const char *name, const char *fallback) {
        const char *value = getenv(name);
        return value != NULL && value[0] != '\0' ? value : fallback;
    }

    /* Works in the database. */
    static bool work_in(TAOS *taos, const char *database) {
        int code = taos_select_db(taos, database);
        if (code != 0) {
            return fail(code, taos_errstr(NULL));
        }
        return work(taos);
    }

    /* Works in the database that TAOS_DB names, or in a new one of the smallest size, which it drops. */
    static bool work_in_database(TAOS *taos) {
        const char *given = env("TAOS_DB", "");
        if (given[0] != '\0') {
            static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
            size_t length = strlen(given);
            if (length >= NAME_SIZE || strspn(given, letters) != length || (given[0] >= '0' && given[0] <= '9')) {
                fprintf(stderr, "error: TAOS_DB is not the name of a database\n");
                return false;
            }
            return work_in(taos, given);
        }
        struct timespec now;
        timespec_get(&now, TIME_UTC);
        char database[NAME_SIZE], sql[SQL_SIZE];
        snprintf(database, sizeof database, "taos_example_%08lx%08lx", (unsigned long)now.tv_sec & 0xffffffffUL,
                 (unsigned long)now.tv_nsec);
        /* Without "if not exists": what is there already is somebody else's. */
        snprintf(sql, sizeof sql, "create database %s vgroups 1 buffer 3 pages 64", database);
        if (!execute(taos, sql)) {
            return false;
        }
        bool ok = work_in(taos, database);
        snprintf(sql, sizeof sql, "drop database if exists %s", database);
        if (!ok) {
            /* The first failure is the one to report. */
            taos_free_result(taos_query(taos, sql));
            return false;
        }
        return execute(taos, sql);
    }

    /* Writes value to buffer, percent-encoded; NULL if it does not fit. */
    static const char *encode(const char *value, char buffer[SQL_SIZE]) {
        static const char digits[] = "0123456789ABCDEF";
        size_t used = 0;
        for (; *value != '\0' && used + 4 <= SQL_SIZE; value++) {
            unsigned char byte = (unsigned char)*value;
            if (byte < 128 && (isalnum(byte) || strchr("-._~", byte) != NULL)) {
                buffer[used++] = (char)byte;
            } else {
                buffer[used++] = '%';
                buffer[used++] = digits[byte >> 4];
                buffer[used++] = digits[byte & 15];
            }
        }
        buffer[used] = '\0';
        return *value == '\0' ? buffer : NULL;
    }

    /* Where the server is, and how to log in there. */
    struct server {
        const char *host, *user, *password;
        uint16_t port;
        char encoded_user[SQL_SIZE], encoded_password[SQL_SIZE];
    };

    /* Reads the server from the environment; false after a line about what is wrong there. */
    static bool read_server(struct server *server) {
        const char *problem = NULL;
        char *end = NULL;
        unsigned long port = strtoul(env("TAOS_PORT", "6041"), &end, 10);
        if (env("TDENGINE_CLOUD_URL", "")[0] != '\0') {
            problem = "this example does not connect to TDengine Cloud: unset TDENGINE_CLOUD_URL";
        } else if (env("TAOS_TOKEN", "")[0] != '\0') {
            problem = "this program is for clients before 3.4, which take no token: unset TAOS_TOKEN";
        } else if (strcmp(env("TAOS_TLS", "0"), "0") != 0) {
            problem = "the client library reads wsTlsMode from taos.cfg: unset TAOS_TLS";
        } else if (*end != '\0' || port == 0 || port > UINT16_MAX) {
            problem = "TAOS_PORT is not a port";
        }
        if (problem != NULL) {
            fprintf(stderr, "error: %s\n", problem);
            return false;
        }
        server->host = env("TAOS_HOST", "localhost");
        server->port = (uint16_t)port;
        /* The WebSocket mode decodes them. */
        server->user = encode(env("TAOS_USER", "root"), server->encoded_user);
        server->password = encode(env("TAOS_PASSWORD", "taosdata"), server->encoded_password);
        if (server->user == NULL || server->password == NULL) {
            fprintf(stderr, "error: TAOS_USER or TAOS_PASSWORD is too long\n");
            return false;
        }
        return true;
    }

    /* Connects to the server that the environment names; NULL after a line about the failure. */
    static TAOS *connect_to_server(void) {
        struct server server;
        if (!read_server(&server)) {
            return NULL;
        }
        /* Clients from 3.3.6 on choose how they talk to the server. */
        if (taos_options(TSDB_OPTION_DRIVER, "websocket") != 0) {
            fprintf(stderr, "error: the client library has no WebSocket mode: %s\n", taos_errstr(NULL));
            return NULL;
        }
        TAOS *taos = taos_connect(server.host, server.user, server.password, NULL, server.port);
        if (taos == NULL) {
            fail(taos_errno(NULL), taos_errstr(NULL));
        }
        return taos;
    }

    int main(void) {
        TAOS *taos = connect_to_server();
        bool ok = taos != NULL && show_version(taos) && work_in_database(taos);
        if (taos != NULL) {
            taos_close(taos);
        }
        taos_cleanup();
        return ok ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    "#);
}

/// Beside the port and the driver that is asked for, it is the same program.
#[test]
fn c_native() {
    let ws = made(&["--lang", "c"]);
    let native = made(&["--lang", "c", "--transport", "native"]);
    let ws: Vec<_> = ws.lines().collect();
    let other: Vec<_> = native.lines().filter(|line| !ws.contains(line)).collect();
    assert_snapshot!(other.join("\n"), @r#"
    note: the first three version parts of the client and the server must match: taos-setup install --match HOST installs the right client
    Writes rows to a supertable of TDengine over the native connection, reads them back, and removes what it made.
    It needs the client library (`taos-setup install`) of the server's version. It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6030) as `TAOS_USER` (root) with `TAOS_PASSWORD`
    /* Writes rows to a supertable of TDengine over the native connection and reads them back. */
        unsigned long port = strtoul(env("TAOS_PORT", "6030"), &end, 10);
            problem = "the client library reads enableTLS from taos.cfg: unset TAOS_TLS";
        server->user = env("TAOS_USER", "root");
        server->password = env("TAOS_PASSWORD", "taosdata");
    "#);
}

#[test]
fn c_over_rest() {
    let context = TestContext::new();
    let run = context
        .program(["init", "--lang", "c", "--transport", "rest"])
        .run();
    assert_snapshot!(run, @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not set up C over REST
      libtaos has no REST mode; its WebSocket mode uses the same port and does everything that REST does
      next: taos-setup init --lang c --transport ws
      next: taos-setup init --lang c --transport native
    ");
}
