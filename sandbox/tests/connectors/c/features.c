/* The C interface against the stand-in driver: both kinds of statements, points, a subscription. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <taos.h>

static void fail(const char *what, const char *why) {
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

static void run(TAOS *taos, const char *sql) {
    TAOS_RES *res = taos_query(taos, sql);
    if (taos_errno(res) != 0) fail(sql, taos_errstr(res));
    taos_free_result(res);
}

static void print(TAOS_RES *res) {
    TAOS_ROW row;
    while ((row = taos_fetch_row(res)) != NULL) {
        char        line[512];
        const char *table = tmq_get_table_name(res);
        taos_print_row(line, row, taos_fetch_fields(res), taos_num_fields(res));
        printf("%s%s%s\n", table ? table : "", table ? ": " : "", line);
    }
}

static void query(TAOS *taos, const char *sql) {
    TAOS_RES *res = taos_query(taos, sql);
    if (taos_errno(res) != 0) fail(sql, taos_errstr(res));
    print(res);
    taos_free_result(res);
}

static void statement2(TAOS *taos) {
    TAOS_STMT2_OPTION option = {0, true, true, NULL, NULL};
    TAOS_STMT2       *stmt = taos_stmt2_init(taos, &option);
    const char       *sql = "insert into ? using meters tags (?) values (?, ?, ?)";
    if (taos_stmt2_prepare(stmt, sql, 0) != 0) fail(sql, taos_stmt2_error(stmt));
    int             count = 0;
    TAOS_FIELD_ALL *fields = NULL;
    taos_stmt2_get_fields(stmt, &count, &fields);
    for (int i = 0; i < count; i++) printf("%s %d\n", fields[i].name, fields[i].field_type);
    taos_stmt2_free_fields(stmt, fields);

    char           *names[2] = {"d1", "d2"};
    char            places[2][6] = {"north", "south"};
    int32_t         lengths[2] = {5, 5};
    TAOS_STMT2_BIND tag[2], column[2][3], *tags[2], *columns[2];
    int64_t         at[2] = {1700000000000, 1700000060000};
    float           current[2] = {1.5f, 0};
    char            nulls[2] = {0, 1};
    int             voltage[2] = {220, 221};
    for (int i = 0; i < 2; i++) {
        tag[i] = (TAOS_STMT2_BIND){TSDB_DATA_TYPE_VARCHAR, places[i], &lengths[i], NULL, 1};
        column[i][0] = (TAOS_STMT2_BIND){TSDB_DATA_TYPE_TIMESTAMP, at, NULL, NULL, 2};
        column[i][1] = (TAOS_STMT2_BIND){TSDB_DATA_TYPE_FLOAT, current, NULL, nulls, 2};
        column[i][2] = (TAOS_STMT2_BIND){TSDB_DATA_TYPE_INT, voltage, NULL, NULL, 2};
        tags[i] = &tag[i];
        columns[i] = column[i];
    }
    TAOS_STMT2_BINDV bound = {2, names, tags, columns};
    int              affected = 0;
    if (taos_stmt2_bind_param(stmt, &bound, -1) != 0) fail("bind", taos_stmt2_error(stmt));
    if (taos_stmt2_exec(stmt, &affected) != 0) fail("exec", taos_stmt2_error(stmt));
    printf("%d\n", affected);

    sql = "select ts, voltage from meters where voltage > ? and location = ?";
    if (taos_stmt2_prepare(stmt, sql, 0) != 0) fail(sql, taos_stmt2_error(stmt));
    int              least = 220;
    TAOS_STMT2_BIND  wanted[2] = {{TSDB_DATA_TYPE_INT, &least, NULL, NULL, 1},
                                  {TSDB_DATA_TYPE_VARCHAR, places[1], &lengths[1], NULL, 1}};
    TAOS_STMT2_BIND *rows[1] = {wanted};
    TAOS_STMT2_BINDV one = {1, NULL, NULL, rows};
    if (taos_stmt2_bind_param(stmt, &one, -1) != 0) fail("bind", taos_stmt2_error(stmt));
    if (taos_stmt2_exec(stmt, NULL) != 0) fail("exec", taos_stmt2_error(stmt));
    TAOS_RES *res = taos_stmt2_result(stmt);
    print(res);
    taos_free_result(res);
    printf("%d\n", taos_stmt2_prepare(stmt, "insert into nosuch values (?, ?)", 0) != 0);
    taos_stmt2_close(stmt);
}

static void statement(TAOS *taos) {
    TAOS_STMT *stmt = taos_stmt_init(taos);
    if (taos_stmt_prepare(stmt, "insert into ? using meters tags (?) values (?, ?, ?)", 0) != 0)
        fail("prepare", taos_stmt_errstr(stmt));
    int32_t         length = 4, lengths[2] = {8, 8};
    TAOS_MULTI_BIND tag = {TSDB_DATA_TYPE_VARCHAR, "west", 4, &length, NULL, 1};
    if (taos_stmt_set_tbname_tags(stmt, "d3", &tag) != 0) fail("table", taos_stmt_errstr(stmt));
    int64_t         at[2] = {1700000000000, 1700000060000};
    float           current[2] = {2.5f, 3.5f};
    int             voltage[2] = {230, 231};
    TAOS_MULTI_BIND columns[3] = {
        {TSDB_DATA_TYPE_TIMESTAMP, at, 8, lengths, NULL, 2},
        {TSDB_DATA_TYPE_FLOAT, current, 4, NULL, NULL, 2},
        {TSDB_DATA_TYPE_INT, voltage, 4, NULL, NULL, 2},
    };
    if (taos_stmt_bind_param_batch(stmt, columns) != 0 || taos_stmt_add_batch(stmt) != 0 || taos_stmt_execute(stmt) != 0)
        fail("execute", taos_stmt_errstr(stmt));
    printf("%d\n", taos_stmt_affected_rows(stmt));
    taos_stmt_close(stmt);
}

static void points(TAOS *taos) {
    char     *lines[] = {"power,site=a value=1.5,n=3i 1700000000000", "power,site=b value=2.5 1700000000001"};
    TAOS_RES *res = taos_schemaless_insert(taos, lines, 2, TSDB_SML_LINE_PROTOCOL, TSDB_SML_TIMESTAMP_MILLI_SECONDS);
    if (taos_errno(res) != 0) fail("lines", taos_errstr(res));
    printf("%d\n", taos_affected_rows(res));
    taos_free_result(res);
    int32_t rows = 0;
    char    raw[] = "heat 1700000000 42 site=a";
    res = taos_schemaless_insert_raw(taos, raw, (int)strlen(raw), &rows, TSDB_SML_TELNET_PROTOCOL, TSDB_SML_TIMESTAMP_SECONDS);
    if (taos_errno(res) != 0) fail("telnet", taos_errstr(res));
    printf("%d\n", rows);
    taos_free_result(res);
    query(taos, "select count(*), sum(value) from power");
}

static tmq_t *consumer(const char *port) {
    tmq_conf_t *conf = tmq_conf_new();
    const char *settings[][2] = {{"td.connect.ip", "127.0.0.1"}, {"td.connect.port", port}, {"td.connect.user", "root"},
                                 {"td.connect.pass", "taosdata"}, {"group.id", "g"}, {"client.id", "c"},
                                 {"auto.offset.reset", "earliest"}, {"enable.auto.commit", "false"}};
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        if (tmq_conf_set(conf, settings[i][0], settings[i][1]) != TMQ_CONF_OK) fail("conf", settings[i][0]);
    printf("%d\n", tmq_conf_set(conf, "no.such", "1") == TMQ_CONF_UNKNOWN);
    char   reason[256];
    tmq_t *tmq = tmq_consumer_new(conf, reason, sizeof reason);
    if (tmq == NULL) fail("consumer", reason);
    tmq_conf_destroy(conf);
    return tmq;
}

static void poll(tmq_t *tmq) {
    TAOS_RES *message;
    while ((message = tmq_consumer_poll(tmq, 200)) != NULL) {
        printf("%s %s %d\n", tmq_get_topic_name(message), tmq_get_db_name(message),
               tmq_get_res_type(message) == TMQ_RES_DATA);
        print(message);
        if (tmq_commit_sync(tmq, message) != 0) fail("commit", tmq_err2str(-1));
        taos_free_result(message);
    }
}

int main(int argc, char **argv) {
    if (argc != 2) fail(argv[0], "PORT is missing");
    TAOS *taos = taos_connect("127.0.0.1", "root", "taosdata", NULL, (uint16_t)atoi(argv[1]));
    if (taos == NULL) fail("connect", taos_errstr(NULL));
    run(taos, "create database c_features vgroups 1");
    run(taos, "use c_features");
    run(taos, "create table meters (ts timestamp, current float, voltage int) tags (location varchar(24))");
    run(taos, "create topic c_topic as stable meters");
    tmq_t      *tmq = consumer(argv[1]);
    tmq_list_t *topics = tmq_list_new();
    tmq_list_append(topics, "c_topic");
    if (tmq_subscribe(tmq, topics) != 0) fail("subscribe", tmq_err2str(-1));
    tmq_list_destroy(topics);
    statement2(taos);
    poll(tmq);
    statement(taos);
    poll(tmq);
    tmq_topic_assignment *parts = NULL;
    int32_t               count = 0;
    if (tmq_get_topic_assignment(tmq, "c_topic", &parts, &count) != 0) fail("assignment", tmq_err2str(-1));
    for (int i = 0; i < count; i++) {
        printf("%d\n", tmq_position(tmq, "c_topic", parts[i].vgId) >= tmq_committed(tmq, "c_topic", parts[i].vgId));
        if (tmq_offset_seek(tmq, "c_topic", parts[i].vgId, parts[i].begin) != 0) fail("seek", tmq_err2str(-1));
    }
    tmq_free_assignment(parts);
    poll(tmq);
    if (tmq_unsubscribe(tmq) != 0 || tmq_consumer_close(tmq) != 0) fail("unsubscribe", tmq_err2str(-1));
    points(taos);
    query(taos, "select location, count(*), avg(current), last(voltage) from meters group by location order by location");
    run(taos, "drop topic c_topic");
    run(taos, "drop database c_features");
    taos_close(taos);
    taos_cleanup();
    return 0;
}
