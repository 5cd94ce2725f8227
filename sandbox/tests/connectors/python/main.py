"""taos-ws-py and taospy (REST) against the sandbox: types in every precision, and prepared statements of both protocols."""

import sys

import taosrest
import taosws

address = sys.argv[1]
connection = taosws.connect(f"taosws://root:taosdata@{address}")
cursor = connection.cursor()
cursor.execute("select server_version()")
print(cursor.fetchall()[0][0])
UNITS = {
    "ms": (1, taosws.millis_timestamps_to_column),
    "us": (1000, taosws.micros_timestamps_to_column),
    "ns": (1000000, taosws.nanos_timestamps_to_column),
}
for precision, (unit, timestamps) in UNITS.items():
    db = f"py_{precision}"
    cursor.execute(f"create database {db} precision '{precision}'")
    cursor.execute(f"create table {db}.st (ts timestamp, b bool, i int, d double, v varchar(20), n nchar(20)) tags (t json)")
    tags = """'{{"k":"v"}}'"""  # The cursor formats its text.
    values = "('2024-01-02T03:04:05Z', true, 3, 2.5, 'a''b', '北京') ('2024-01-02T03:04:06Z', null, null, null, null, null)"
    cursor.execute(f"insert into {db}.c1 using {db}.st tags ({tags}) values {values}")

    older = connection.statement()
    older.prepare(f"insert into ? using {db}.st tags (?) values (?,?,?,?,?,?)")
    older.set_tbname(f"{db}.c2")
    older.set_tags([taosws.json_to_tag('{"a":1}')])
    older.bind_param([
        timestamps([1704164647000 * unit]), taosws.bools_to_column([True]), taosws.ints_to_column([7]),
        taosws.doubles_to_column([None]), taosws.varchar_to_column(["x"]), taosws.nchar_to_column(["ü"]),
    ])
    older.add_batch()
    assert older.execute() == 1
    older.close()

    newer = connection.stmt2_statement()
    newer.prepare(f"insert into {db}.c1 (ts, i) values (?, ?)")
    columns = [timestamps([1704164648000 * unit, 1704164649000 * unit]), taosws.ints_to_column([8, None])]
    newer.bind([taosws.stmt2_bind_param_view(None, None, columns)])
    assert newer.execute() == 2
    newer.prepare(f"select n from {db}.st where i = ?")
    newer.bind([taosws.stmt2_bind_param_view(None, None, [taosws.ints_to_column([7])])])
    newer.execute()
    print([row[0] for row in newer.result_set()])

    cursor.execute(f"select b, i, d, v, n, t from {db}.st order by ts")
    for row in cursor.fetchall():
        print(row)
    cursor.execute(f"select count(*) from {db}.st where ts >= '2024-01-02T03:04:05Z' and ts < '2024-01-02T03:04:10Z'")
    print(cursor.fetchall())
    rest = taosrest.connect(url=f"http://{address}", user="root", password="taosdata")
    print(rest.query(f"select count(*) from {db}.st").data)
    cursor.execute(f"drop database {db}")
