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
    #include <stdarg.h>
    #include <stdbool.h>
    #include <stdint.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <time.h>

    #include <taos.h>

    enum { COLUMNS = 3, SQL_SIZE = 512, NAME_SIZE = 64, INSTANT_SIZE = 64, SENSORS = 2 };

    /* A supertable has one table for each sensor; what never changes of a sensor, such as its place, is a tag. */
    static const struct {
        const char *table, *place;
        double celsius;
    } sensors[SENSORS] = {
        {"example_zurich", "Zürich", 21.5},
        {"example_beijing", "北京", -3.25},
    };

    /* Runs a statement; gives its result, which the caller frees, or NULL after a line about the failure. */
    static TAOS_RES *run(TAOS *taos, const char *format, ...) {
        char sql[SQL_SIZE];
        va_list arguments;
        va_start(arguments, format);
        int length = vsnprintf(sql, sizeof sql, format, arguments);
        va_end(arguments);
        if (length < 0 || (size_t)length >= sizeof sql) {
            fprintf(stderr, "error: a statement is too long\n");
            return NULL;
        }
        TAOS_RES *result = taos_query(taos, sql);
        if (taos_errno(result) != 0) {
            fprintf(stderr, "error: [0x%x] %s\n", (unsigned)taos_errno(result) & 0xffffU, taos_errstr(result));
            taos_free_result(result);
            return NULL;
        }
        return result;
    }

    /* Milliseconds since 1970, the precision of a new database. */
    static int64_t milliseconds(void) {
        struct timespec now;
        timespec_get(&now, TIME_UTC);
        return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    }

    /* Writes the instant, milliseconds since 1970, to text as RFC 3339 in UTC: nothing depends on the zone of this machine. */
    static void format_instant(int64_t instant, char text[INSTANT_SIZE]) {
        time_t seconds = (time_t)(instant / 1000);
        struct tm *utc = gmtime(&seconds);
        char date[32] = "";
        if (utc != NULL) {
            strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", utc);
        }
        snprintf(text, INSTANT_SIZE, "%s.%03dZ", date, (int)(instant % 1000));
    }

    /* A precision is 0 for milliseconds, 1 for microseconds, 2 for nanoseconds. */
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

    static bool show_version(TAOS *taos) {
        TAOS_RES *result = run(taos, "select server_version()");
        if (result == NULL) {
            return false;
        }
        TAOS_ROW row = taos_fetch_row(result);
        bool ok = row != NULL && row[0] != NULL;
        if (ok) {
            printf("server version: %.*s\n", taos_fetch_lengths(result)[0], (const char *)row[0]);
        } else {
            fprintf(stderr, "error: the server tells no version\n");
        }
        taos_free_result(result);
        return ok;
    }

    /* Prints the rows from since on, a text, of all tables; reports whether there are as many as expected. */
    static bool read_rows(TAOS *taos, const char *database, const char *since, int expected) {
        TAOS_RES *result = run(
            taos, "select ts, celsius, place from %s.example_readings where ts >= '%s' order by ts", database, since);
        if (result == NULL) {
            return false;
        }
        int read = 0;
        bool ok = taos_num_fields(result) == COLUMNS;
        int precision = taos_result_precision(result);
        TAOS_ROW row;
        while (ok && (row = taos_fetch_row(result)) != NULL) {
            ok = row[0] != NULL && row[1] != NULL && row[2] != NULL;
            if (ok) {
                print_row(row, taos_fetch_lengths(result), precision);
                read++;
            }
        }
        if (taos_errno(result) != 0) {
            fprintf(stderr, "error: [0x%x] %s\n", (unsigned)taos_errno(result) & 0xffffU, taos_errstr(result));
            ok = false;
        } else {
            printf("rows read: %d\n", read);
            if (!ok || read != expected) {
                fprintf(stderr, "error: wrote %d rows and read %d\n", expected, read);
                ok = false;
            }
        }
        taos_free_result(result);
        return ok;
    }

    /* Writes the readings, a second apart, and makes the tables of the sensors. */
    static bool write_rows(TAOS *taos, const char *database, int64_t start) {
        int written = 0;
        for (int i = 0; i < SENSORS; i++) {
            char instant[INSTANT_SIZE];
            format_instant(start + 1000 * (int64_t)i, instant);
            TAOS_RES *result =
                run(taos, "insert into %s.%s using %s.example_readings tags ('%s') values ('%s', %.17g)", database,
                    sensors[i].table, database, sensors[i].place, instant, sensors[i].celsius);
            if (result == NULL) {
                return false;
            }
            written += taos_affected_rows(result);
            taos_free_result(result);
        }
        printf("rows written: %d\n", written);
        return true;
    }

    static bool write_and_read(TAOS *taos, const char *database) {
        TAOS_RES *result = run(
            taos,
            "create stable if not exists %s.example_readings (ts timestamp, celsius double) tags (place varchar(64))",
            database);
        if (result == NULL) {
            return false;
        }
        taos_free_result(result);
        int64_t start = milliseconds();
        char since[INSTANT_SIZE];
        format_instant(start, since);
        return write_rows(taos, database, start) && read_rows(taos, database, since, SENSORS);
    }

    /* The environment variable's value, or fallback where it is unset or empty. */
    static const char *env(const char *name, const char *fallback) {
        const char *value = getenv(name);
        return value != NULL && value[0] != '\0' ? value : fallback;
    }

    /* Works in the database that TAOS_DB names, or in a new one of the smallest size, which it drops. */
    static bool show_rows(TAOS *taos) {
        const char *given = env("TAOS_DB", "");
        if (given[0] != '\0') {
            static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
            size_t length = strlen(given);
            if (length >= NAME_SIZE || strspn(given, letters) != length || (given[0] >= '0' && given[0] <= '9')) {
                fprintf(stderr, "error: TAOS_DB is not the name of a database\n");
                return false;
            }
            return write_and_read(taos, given);
        }
        struct timespec now;
        timespec_get(&now, TIME_UTC);
        char database[NAME_SIZE];
        snprintf(database, sizeof database, "taos_example_%08lx%08lx", (unsigned long)now.tv_sec & 0xffffffffUL,
                 (unsigned long)now.tv_nsec);
        /* Without "if not exists": what is there already is somebody else's. */
        TAOS_RES *result = run(taos, "create database %s vgroups 1 buffer 3 pages 64", database);
        if (result == NULL) {
            return false;
        }
        taos_free_result(result);
        bool ok = write_and_read(taos, database);
        if (!ok) {
            /* The first failure is the one to tell. */
            char sql[SQL_SIZE];
            snprintf(sql, sizeof sql, "drop database if exists %s", database);
            taos_free_result(taos_query(taos, sql));
            return false;
        }
        result = run(taos, "drop database if exists %s", database);
        ok = result != NULL;
        taos_free_result(result);
        return ok;
    }

    /* Writes value to buffer, percent-encoded; NULL if it does not fit. */
    static const char *encode(const char *value, char *buffer, size_t size) {
        static const char digits[] = "0123456789ABCDEF";
        size_t used = 0;
        for (; *value != '\0' && used + 4 <= size; value++) {
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

    /* Connects to the server that the environment names; NULL after a line about the failure. */
    static TAOS *connect_to_server(void) {
        if (env("TDENGINE_CLOUD_URL", "")[0] != '\0') {
            fprintf(stderr, "error: this example does not connect to TDengine Cloud: unset TDENGINE_CLOUD_URL\n");
            return NULL;
        }
        if (env("TAOS_TOKEN", "")[0] != '\0') {
            fprintf(stderr, "error: this example does not log in with a token: unset TAOS_TOKEN\n");
            return NULL;
        }
        if (strcmp(env("TAOS_TLS", "0"), "0") != 0) {
            fprintf(stderr, "error: this example does not use TLS: unset TAOS_TLS\n");
            return NULL;
        }
        char *end = NULL;
        unsigned long port = strtoul(env("TAOS_PORT", "6041"), &end, 10);
        if (*end != '\0' || port == 0 || port > UINT16_MAX) {
            fprintf(stderr, "error: TAOS_PORT is not a port\n");
            return NULL;
        }
        /* Clients from 3.3.6 on choose how they talk to the server. */
        if (taos_options(TSDB_OPTION_DRIVER, "websocket") != 0) {
            fprintf(stderr, "error: the client library has no WebSocket mode: %s\n", taos_errstr(NULL));
            return NULL;
        }
        /* The WebSocket mode decodes both. */
        char user_buffer[SQL_SIZE], password_buffer[SQL_SIZE];
        const char *user = encode(env("TAOS_USER", "root"), user_buffer, sizeof user_buffer);
        const char *password = encode(env("TAOS_PASSWORD", "taosdata"), password_buffer, sizeof password_buffer);
        if (user == NULL || password == NULL) {
            fprintf(stderr, "error: TAOS_USER or TAOS_PASSWORD is too long\n");
            return NULL;
        }
        TAOS *taos = taos_connect(env("TAOS_HOST", "localhost"), user, password, NULL, (uint16_t)port);
        if (taos == NULL) {
            fprintf(stderr, "error: [0x%x] %s\n", (unsigned)taos_errno(NULL) & 0xffffU, taos_errstr(NULL));
        }
        return taos;
    }

    int main(void) {
        TAOS *taos = connect_to_server();
        bool ok = taos != NULL && show_version(taos) && show_rows(taos);
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
            fprintf(stderr, "error: the client library reads enableTLS from taos.cfg: unset TAOS_TLS\n");
        unsigned long port = strtoul(env("TAOS_PORT", "6030"), &end, 10);
        TAOS *taos = taos_connect(env("TAOS_HOST", "localhost"), env("TAOS_USER", "root"),
                                  env("TAOS_PASSWORD", "taosdata"), NULL, (uint16_t)port);
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
