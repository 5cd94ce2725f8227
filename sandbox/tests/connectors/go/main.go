// driver-go against the sandbox: taosWS and taosRestful through database/sql, and a prepared statement of its own.
package main

import (
	"database/sql"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/taosdata/driver-go/v3/common"
	"github.com/taosdata/driver-go/v3/common/param"
	_ "github.com/taosdata/driver-go/v3/taosRestful"
	_ "github.com/taosdata/driver-go/v3/taosWS"
	"github.com/taosdata/driver-go/v3/ws/stmt"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	address := os.Args[1]
	if len(os.Args) > 2 {
		features(address)
		return
	}
	socket, err := sql.Open("taosWS", "root:taosdata@ws("+address+")/")
	check(err)
	rest, err := sql.Open("taosRestful", "root:taosdata@http("+address+")/")
	check(err)
	for _, db := range []*sql.DB{socket, rest} {
		var version string
		check(db.QueryRow("select server_version()").Scan(&version))
		fmt.Println(version)
	}
	precisions := []int{common.PrecisionMilliSecond, common.PrecisionMicroSecond, common.PrecisionNanoSecond}
	for at, name := range []string{"ms", "us", "ns"} {
		db := "go_" + name
		for _, statement := range []string{
			"create database " + db + " precision '" + name + "'",
			"create table " + db + ".st (ts timestamp, b bool, i int, d double, v varchar(20), n nchar(20)) tags (t json)",
			"insert into " + db + ".c1 using " + db + `.st tags ('{"k":"v"}') values ('2024-01-02T03:04:05Z', true, 3, 2.5, 'a', '北京')`,
		} {
			_, err := socket.Exec(statement)
			check(err)
		}
		prepared, err := socket.Prepare("insert into " + db + ".c1 values (?,?,?,?,?,?)")
		check(err)
		_, err = prepared.Exec(time.UnixMilli(1704164646000), nil, 7, 1.5, "x", "y")
		check(err)
		check(prepared.Close())
		bind(address, db, precisions[at])
		var n string
		check(socket.QueryRow("select n from "+db+".st where i = ?", 3).Scan(&n))
		fmt.Println(n)
		for _, from := range []*sql.DB{socket, rest} {
			rows, err := from.Query("select ts, b, i, d, v, n from " + db + ".st order by ts")
			check(err)
			for rows.Next() {
				cells := make([]any, 6)
				places := make([]any, 6)
				for at := range cells {
					places[at] = &cells[at]
				}
				check(rows.Scan(places...))
				cells[0] = cells[0].(time.Time).UnixMilli()
				fmt.Println(cells...)
			}
			check(rows.Close())
			_, err = from.Query("select * from " + db + ".nosuch")
			fmt.Println(err)
		}
		_, err = socket.Exec("drop database " + db)
		check(err)
	}
}

func bind(address, db string, precision int) {
	config := stmt.NewConfig("ws://"+address+"/ws", 0)
	check(config.SetConnectUser("root"))
	check(config.SetConnectPass("taosdata"))
	connector, err := stmt.NewConnector(config)
	check(err)
	s, err := connector.Init()
	check(err)
	check(s.Prepare("insert into ? using " + db + ".st tags(?) values (?,?,?,?,?,?)"))
	check(s.SetTableName(db + ".c2"))
	check(s.SetTags(param.NewParam(1).AddJson([]byte(`{"a":1}`)), param.NewColumnType(1).AddJson(40)))
	check(s.BindParam([]*param.Param{
		param.NewParam(1).AddTimestamp(time.UnixMilli(1704164647000), precision),
		param.NewParam(1).AddBool(true), param.NewParam(1).AddInt(1), param.NewParam(1).AddDouble(1.5),
		param.NewParam(1).AddBinary([]byte("bb")), param.NewParam(1).AddNchar("nn"),
	}, param.NewColumnType(6).AddTimestamp().AddBool().AddInt().AddDouble().AddBinary(20).AddNchar(20)))
	check(s.AddBatch())
	check(s.Exec())
	fmt.Println(s.GetAffectedRows())
	check(s.Close())
	check(connector.Close())
}
