package main

import (
	"database/sql"
	"fmt"
	"time"

	tmqcommon "github.com/taosdata/driver-go/v3/common/tmq"
	"github.com/taosdata/driver-go/v3/ws/schemaless"
	"github.com/taosdata/driver-go/v3/ws/tmq"
)

// Points in all three protocols, a subscription from the first row to a seek, and aggregates over windows.
func features(address string) {
	connection, err := sql.Open("taosWS", "root:taosdata@ws("+address+")/")
	check(err)
	defer connection.Close()
	for _, statement := range []string{
		"create database go_features",
		"create table go_features.meters (ts timestamp, current float, voltage int) tags (location varchar(24))",
		"create topic go_topic as select tbname, * from go_features.meters",
	} {
		_, err := connection.Exec(statement)
		check(err)
	}
	points(address, connection)
	subscription(address, connection)
	windows(connection)
	_, err = connection.Exec("drop topic go_topic")
	check(err)
	_, err = connection.Exec("drop database go_features")
	check(err)
}

func points(address string, connection *sql.DB) {
	writer, err := schemaless.NewSchemaless(schemaless.NewConfig("ws://"+address, 1,
		schemaless.SetUser("root"), schemaless.SetPassword("taosdata"), schemaless.SetDb("go_features")))
	check(err)
	check(writer.Insert("power,site=a value=1.5,n=3i 1700000000000\npower,site=b value=2.5 1700000000001",
		schemaless.InfluxDBLineProtocol, "ms", 0, 1))
	check(writer.Insert("heat 1700000000 42 site=a", schemaless.OpenTSDBTelnetLineProtocol, "s", 0, 2))
	check(writer.Insert(`{"metric":"light","timestamp":1700000000,"value":7,"tags":{"site":"a"}}`,
		schemaless.OpenTSDBJsonFormatProtocol, "s", 0, 3))
	fmt.Println(writer.Insert("power,site value", schemaless.InfluxDBLineProtocol, "ms", 0, 4) != nil)
	writer.Close()
	for _, table := range []string{"power", "heat", "light"} {
		var count int
		check(connection.QueryRow("select count(*) from go_features." + table).Scan(&count))
		fmt.Println(table, count)
	}
}

func subscription(address string, connection *sql.DB) {
	consumer, err := tmq.NewConsumer(&tmqcommon.ConfigMap{
		"ws.url": "ws://" + address, "td.connect.user": "root", "td.connect.pass": "taosdata",
		"group.id": "g", "client.id": "c", "auto.offset.reset": "earliest", "enable.auto.commit": "false",
		"msg.with.table.name": "true",
	})
	check(err)
	check(consumer.Subscribe("go_topic", nil))
	_, err = connection.Exec("insert into go_features.d1 using go_features.meters tags ('north') values (1700000000000, 1.5, 220) " +
		"go_features.d2 using go_features.meters tags ('south') values (1700000060000, 2.5, 221)")
	check(err)
	read := func() int {
		rows := 0
		for deadline := time.Now().Add(10 * time.Second); rows < 2 && time.Now().Before(deadline); {
			message, ok := consumer.Poll(200).(*tmqcommon.DataMessage)
			if !ok {
				continue
			}
			for _, block := range message.Value().([]*tmqcommon.Data) {
				for _, row := range block.Data {
					fmt.Println(message.Topic(), row[0], row[2], row[4])
					rows++
				}
			}
		}
		return rows
	}
	fmt.Println(read())
	_, err = consumer.Commit()
	check(err)
	assignment, err := consumer.Assignment()
	check(err)
	for at := range assignment {
		assignment[at].Offset = 0
		check(consumer.Seek(assignment[at], 0))
	}
	fmt.Println(len(assignment), read())
	check(consumer.Unsubscribe())
	check(consumer.Close())
}

func windows(connection *sql.DB) {
	rows, err := connection.Query("select _wstart, count(*), avg(current), last(voltage) from go_features.meters " +
		"partition by tbname interval(1m) order by _wstart")
	check(err)
	for rows.Next() {
		var start time.Time
		var count, voltage int
		var current float64
		check(rows.Scan(&start, &count, &current, &voltage))
		fmt.Println(start.UTC().Format(time.RFC3339), count, current, voltage)
	}
	check(rows.Close())
}
