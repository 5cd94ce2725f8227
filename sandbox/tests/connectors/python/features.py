"""taos-ws-py against the sandbox: points in all three protocols, a subscription with a seek, batches of many tables."""

import sys

import taosws

address = sys.argv[1]
connection = taosws.connect(f"taosws://root:taosdata@{address}")
connection.execute("create database py_features")
connection.execute("use py_features")
connection.execute("create stable meters (ts timestamp, current float, voltage int) tags (location varchar(24))")
connection.execute("create topic py_topic as stable meters")

INFLUX, TELNET, JSON = (
    taosws.PySchemalessProtocol.Line, taosws.PySchemalessProtocol.Telnet, taosws.PySchemalessProtocol.Json,
)
MS, S = taosws.PySchemalessPrecision.Millisecond, taosws.PySchemalessPrecision.Second
connection.schemaless_insert(
    lines=["power,site=a value=1.5,n=3i 1700000000000", "power,site=b value=2.5 1700000000001"],
    protocol=INFLUX, precision=MS, ttl=1, req_id=1,
)
connection.schemaless_insert(lines=["heat 1700000000 42 site=a"], protocol=TELNET, precision=S, ttl=1, req_id=2)
connection.schemaless_insert(
    lines=['{"metric":"light","timestamp":1700000000,"value":7,"tags":{"site":"a"}}'],
    protocol=JSON, precision=S, ttl=1, req_id=3,
)
for table in ["power", "heat", "light"]:
    print(table, [row for row in connection.query(f"select count(*) from {table}")])

consumer = taosws.Consumer(conf={
    "td.connect.websocket.scheme": "ws",
    "td.connect.ip": address.split(":")[0], "td.connect.port": address.split(":")[1], "td.connect.user": "root",
    "td.connect.pass": "taosdata", "group.id": "g", "client.id": "c", "auto.offset.reset": "earliest",
    "enable.auto.commit": "false",
})
consumer.subscribe(["py_topic"])
statement = connection.stmt2_statement()
statement.prepare("insert into ? using meters tags (?) values (?, ?, ?)")
statement.bind([
    taosws.stmt2_bind_param_view(name, [taosws.varchar_to_tag(place)], [
        taosws.millis_timestamps_to_column([1700000000000 + at, 1700000060000 + at]),
        taosws.floats_to_column([1.5, None]), taosws.ints_to_column([220 + at, 221]),
    ])
    for at, (name, place) in enumerate([("d1", "north"), ("d2", "south")])
])
print(statement.execute())


def read():
    rows = []
    for _ in range(20):
        message = consumer.poll(timeout=0.5)
        if message is None:
            continue
        for block in message:
            rows += [row[1:] for row in block.fetchall()]
        consumer.commit(message)
        if len(rows) == 4:
            break
    return sorted(rows, key=str)


print(read())
assignments = consumer.assignment()
for topic in assignments:
    for part in topic.assignments():
        consumer.seek(topic.topic(), part.vg_id(), 0)
print(read())
consumer.unsubscribe()
query = "select _wstart, count(*), avg(voltage), last(location) from meters partition by tbname interval(1m) order by _wstart"
for row in connection.query(query):
    print(row[1:])
connection.execute("drop topic py_topic")
connection.execute("drop database py_features")
