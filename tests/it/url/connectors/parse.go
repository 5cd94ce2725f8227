// Reads strings of driver-go with its own parsers and prints what it found, a line each.
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"strings"

	"github.com/taosdata/driver-go/v3/taosRestful"
	"github.com/taosdata/driver-go/v3/taosWS"
)

func show(addr string, port int, user, password, db, token string) {
	if strings.Contains(addr, ":") {
		addr = "[" + addr + "]"
	}
	h := func(text string) string { return hex.EncodeToString([]byte(text)) }
	fmt.Printf("%s:%d\t%s\t%s\t%s\t%s\n", addr, port, h(user), h(password), db, h(token))
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		url := lines.Text()
		if strings.Contains(url, "http") {
			c, err := taosRestful.ParseDSN(url)
			if err != nil {
				fmt.Println(err)
				continue
			}
			show(c.Addr, c.Port, c.User, c.Passwd, c.DbName, c.Token)
			continue
		}
		c, err := taosWS.ParseDSN(url)
		if err != nil {
			fmt.Println(err)
			continue
		}
		show(c.Addr, c.Port, c.User, c.Passwd, c.DbName, c.Token)
	}
}
