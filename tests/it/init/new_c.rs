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

    Writes two rows to TDengine over WebSocket, reads them back, and removes what it made.

        taos-setup run -- cmake -S . -B build -DCMAKE_BUILD_TYPE=Release
        taos-setup run -- cmake --build build
        taos-setup run -- build/taos_example

    It needs the client library (`taos-setup install`), 3.3.6 or later. It connects to `TAOS_HOST` (localhost),
    `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata). On a failure it prints one line and
    exits with 1; `taos-setup verify` then says what is wrong.
    === main.c
    /* Writes two rows to TDengine over WebSocket and reads them back. */

    #include <ctype.h>
    #include <stdarg.h>
    #include <stdbool.h>
    #include <stdint.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <time.h>

    #include <taos.h>

    enum { COLUMNS = 3, SQL_SIZE = 512, NAME_SIZE = 64 };

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

    static void print_row(TAOS_ROW row, const int *lengths) {
        int64_t instant;
        double celsius;
        memcpy(&instant, row[0], sizeof instant);
        memcpy(&celsius, row[1], sizeof celsius);
        time_t seconds = (time_t)(instant / 1000);
        char date[32] = "";
        struct tm *utc = gmtime(&seconds);
        if (utc != NULL) {
            strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", utc);
        }
        printf("%s.%03dZ  %g  %.*s\n", date, (int)(instant % 1000), celsius, lengths[2], (const char *)row[2]);
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

    static bool write_and_read(TAOS *taos, const char *database) {
        TAOS_RES *result =
            run(taos, "create table %s.readings (ts timestamp, celsius double, place varchar(64))", database);
        if (result == NULL) {
            return false;
        }
        taos_free_result(result);

        long long now = (long long)milliseconds();
        result = run(taos, "insert into %s.readings values (%lld, 21.5, 'Zürich') (%lld, -3.25, '北京')", database, now,
                     now + 1000);
        if (result == NULL) {
            return false;
        }
        printf("rows written: %d\n", taos_affected_rows(result));
        taos_free_result(result);

        result = run(taos, "select ts, celsius, place from %s.readings order by ts", database);
        if (result == NULL) {
            return false;
        }
        int read = 0;
        bool ok = taos_num_fields(result) == COLUMNS;
        TAOS_ROW row;
        while (ok && (row = taos_fetch_row(result)) != NULL) {
            ok = row[0] != NULL && row[1] != NULL && row[2] != NULL;
            if (ok) {
                print_row(row, taos_fetch_lengths(result));
                read++;
            }
        }
        if (taos_errno(result) != 0) {
            fprintf(stderr, "error: [0x%x] %s\n", (unsigned)taos_errno(result) & 0xffffU, taos_errstr(result));
            ok = false;
        } else {
            printf("rows read: %d\n", read);
            if (!ok || read != 2) {
                fprintf(stderr, "error: wrote 2 rows and read %d\n", read);
                ok = false;
            }
        }
        taos_free_result(result);
        return ok;
    }

    /* Works in a database of its own, of the smallest size, and drops it. */
    static bool show_rows(TAOS *taos) {
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
        result = ok ? run(taos, "drop database if exists %s", database) : NULL;
        if (!ok) {
            /* The first failure is the one to tell. */
            char sql[SQL_SIZE];
            snprintf(sql, sizeof sql, "drop database if exists %s", database);
            taos_free_result(taos_query(taos, sql));
            return false;
        }
        ok = result != NULL;
        taos_free_result(result);
        return ok;
    }

    /* The environment variable's value, or fallback where it is unset or empty. */
    static const char *env(const char *name, const char *fallback) {
        const char *value = getenv(name);
        return value != NULL && value[0] != '\0' ? value : fallback;
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
    Writes two rows to TDengine over the native connection, reads them back, and removes what it made.
    It needs the client library (`taos-setup install`) of the server's version. It connects to `TAOS_HOST` (localhost),
    `TAOS_PORT` (6030) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata). On a failure it prints one line and
    /* Writes two rows to TDengine over the native connection and reads them back. */
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
