// Logs in with each string of driver-go and prints how that went, a line each.
package main

import (
	"bufio"
	"database/sql"
	"fmt"
	"os"

	_ "github.com/taosdata/driver-go/v3/taosWS"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		db, err := sql.Open("taosWS", lines.Text())
		if err == nil {
			var one int
			err = db.QueryRow("select 1").Scan(&one)
			db.Close()
		}
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println("ok")
	}
}
