//! The whole tree that `init --lang go` makes, and what it says.

use crate::init::new::made;
use insta::assert_snapshot;

#[test]
fn go_over_websocket() {
    assert_snapshot!(made(&["--lang", "go"]), @r#"
    exit 0
    --- stdout
    created   go.mod
    created   main.go
    created   README.md
    created   .gitignore

    Build it and run it:
      cd hello
      go mod tidy
      go build -o bin/taos-example .
      ./bin/taos-example
    --- stderr
    note: no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    === .gitignore
    /bin/
    === README.md
    # hello

    Writes two rows to TDengine over WebSocket, reads them back, and removes what it made.

        go mod tidy
        go build -o bin/taos-example .
        ./bin/taos-example

    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata),
    or to TDengine Cloud where `TDENGINE_CLOUD_URL` and `TDENGINE_CLOUD_TOKEN` are set. On a failure it prints one line and
    exits with 1; `taos-setup verify` then says what is wrong.
    === go.mod
    module hello

    go 1.20

    require github.com/taosdata/driver-go/v3 v3.8.2
    === main.go
    // This program writes two rows to TDengine over WebSocket and reads them back.
    package main

    import (
    →"context"
    →"crypto/rand"
    →"database/sql"
    →"database/sql/driver"
    →"errors"
    →"fmt"
    →"net"
    →"net/url"
    →"os"
    →"strings"
    →"time"

    →"github.com/taosdata/driver-go/v3/taosWS"
    )

    // rfc3339 is RFC 3339 with milliseconds, the precision of a new database.
    const rfc3339 = "2006-01-02T15:04:05.000Z07:00"

    func main() {
    →if err := run(); err != nil {
    →→fmt.Fprintln(os.Stderr, "error:", oneLine(err))
    →→os.Exit(1)
    →}
    }

    // oneLine gives the error's text in one line, without the Cloud token that an address in it may hold.
    func oneLine(err error) string {
    →text := strings.Join(strings.Fields(err.Error()), " ")
    →if token := os.Getenv("TDENGINE_CLOUD_TOKEN"); token != "" {
    →→text = strings.ReplaceAll(text, url.QueryEscape(token), "***")
    →}
    →return text
    }

    func run() (err error) {
    →db, err := open()
    →if err != nil {
    →→return err
    →}
    →defer db.Close()

    →// A server that does not answer is not waited for.
    →ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
    →defer cancel()

    →var version string
    →if err := db.QueryRowContext(ctx, "select server_version()").Scan(&version); err != nil {
    →→return fmt.Errorf("ask for the server's version: %w", err)
    →}
    →fmt.Println("server version:", version)

    →// A database of its own, of the smallest size, under a unique name.
    →suffix := make([]byte, 8)
    →if _, err := rand.Read(suffix); err != nil {
    →→return err
    →}
    →name := fmt.Sprintf("taos_example_%x", suffix)
    →if _, err := db.ExecContext(ctx, "create database "+name+" vgroups 1 buffer 3 pages 64"); err != nil {
    →→return fmt.Errorf("create database %s: %w", name, err)
    →}
    →defer func() {
    →→ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
    →→defer cancel()
    →→if _, e := db.ExecContext(ctx, "drop database if exists "+name); e != nil && err == nil {
    →→→err = fmt.Errorf("drop database %s: %w", name, e)
    →→}
    →}()

    →if _, err := db.ExecContext(ctx, "create table "+name+".readings (ts timestamp, celsius double, place varchar(64))"); err != nil {
    →→return fmt.Errorf("create table: %w", err)
    →}
    →now := time.Now().UTC().Truncate(time.Millisecond)
    →insert := fmt.Sprintf("insert into %s.readings values ('%s', 21.5, 'Zürich') ('%s', -3.25, '北京')",
    →→name, now.Format(rfc3339), now.Add(time.Second).Format(rfc3339))
    →written, err := db.ExecContext(ctx, insert)
    →if err != nil {
    →→return fmt.Errorf("write rows: %w", err)
    →}
    →count, err := written.RowsAffected()
    →if err != nil {
    →→return err
    →}
    →fmt.Println("rows written:", count)

    →rows, err := db.QueryContext(ctx, "select ts, celsius, place from "+name+".readings order by ts")
    →if err != nil {
    →→return fmt.Errorf("read rows: %w", err)
    →}
    →defer rows.Close()
    →read := 0
    →for rows.Next() {
    →→var ts time.Time
    →→var celsius float64
    →→var place string
    →→if err := rows.Scan(&ts, &celsius, &place); err != nil {
    →→→return fmt.Errorf("read a row: %w", err)
    →→}
    →→fmt.Printf("%s  %g  %s\n", ts.UTC().Format(rfc3339), celsius, place)
    →→read++
    →}
    →if err := rows.Err(); err != nil {
    →→return fmt.Errorf("read rows: %w", err)
    →}
    →fmt.Println("rows read:", read)
    →if read != 2 {
    →→return fmt.Errorf("wrote 2 rows and read %d", read)
    →}
    →return nil
    }

    // open prepares a connection pool from the environment. Nothing is dialled yet.
    func open() (*sql.DB, error) {
    →if cloud := os.Getenv("TDENGINE_CLOUD_URL"); cloud != "" {
    →→gateway, err := url.Parse(cloud)
    →→if err != nil || gateway.Hostname() == "" {
    →→→return nil, errors.New("TDENGINE_CLOUD_URL is not a URL such as https://gw.cloud.tdengine.com")
    →→}
    →→port := gateway.Port()
    →→if port == "" {
    →→→port = "443"
    →→}
    →→token := url.QueryEscape(os.Getenv("TDENGINE_CLOUD_TOKEN"))
    →→if token == "" {
    →→→return nil, errors.New("TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not")
    →→}
    →→address := net.JoinHostPort(gateway.Hostname(), port)
    →→return sql.OpenDB(connector{dsn: fmt.Sprintf("wss(%s)/?token=%s", address, token)}), nil
    →}
    →address := net.JoinHostPort(strings.Trim(env("TAOS_HOST", "localhost"), "[]"), env("TAOS_PORT", "6041"))
    →user, password := url.QueryEscape(env("TAOS_USER", "root")), url.QueryEscape(env("TAOS_PASSWORD", "taosdata"))
    →dsn := fmt.Sprintf("%s:%s@ws(%s)/?readTimeout=30s", user, password, address)
    →return sql.OpenDB(connector{dsn: dsn}), nil
    }

    // connector opens connections for database/sql, which would repeat a rejected login twice if it received "bad
    // connection": TDengine locks accounts after three failures.
    type connector struct{ dsn string }

    func (c connector) Connect(context.Context) (driver.Conn, error) {
    →conn, err := c.Driver().Open(c.dsn)
    →if err != nil {
    →→return nil, fmt.Errorf("connect: %s", err)
    →}
    →return conn, nil
    }

    func (connector) Driver() driver.Driver { return taosWS.TDengineDriver{} }

    // env gives the environment variable's value, or fallback where it is unset or empty.
    func env(name, fallback string) string {
    →if value := os.Getenv(name); value != "" {
    →→return value
    →}
    →return fallback
    }
    "#);
}

#[test]
fn go_over_rest() {
    assert_snapshot!(made(&["--lang", "go", "--transport", "rest", "--name", "example.com/me/hello"]), @r#"
    exit 0
    --- stdout
    created   go.mod
    created   main.go
    created   README.md
    created   .gitignore

    Build it and run it:
      cd hello
      go mod tidy
      go build -o bin/taos-example .
      ./bin/taos-example
    --- stderr
    note: REST is the slowest transport and has no subscriptions and no binary types; --transport ws has both
    note: the vendor ends REST connections of Go on 2027-01-01; taos-setup migrate changes programs to WebSocket
    note: no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.0.0.0 on
    === .gitignore
    /bin/
    === README.md
    # example.com/me/hello

    Writes two rows to TDengine over REST, reads them back, and removes what it made.

        go mod tidy
        go build -o bin/taos-example .
        ./bin/taos-example

    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata),
    or to TDengine Cloud where `TDENGINE_CLOUD_URL` and `TDENGINE_CLOUD_TOKEN` are set. On a failure it prints one line and
    exits with 1; `taos-setup verify` then says what is wrong.
    === go.mod
    module example.com/me/hello

    go 1.20

    require github.com/taosdata/driver-go/v3 v3.8.2
    === main.go
    // This program writes two rows to TDengine over REST and reads them back.
    package main

    import (
    →"context"
    →"crypto/rand"
    →"database/sql"
    →"errors"
    →"fmt"
    →"net/url"
    →"os"
    →"strconv"
    →"strings"
    →"time"

    →"github.com/taosdata/driver-go/v3/taosRestful"
    )

    // rfc3339 is RFC 3339 with milliseconds, the precision of a new database.
    const rfc3339 = "2006-01-02T15:04:05.000Z07:00"

    func main() {
    →if err := run(); err != nil {
    →→fmt.Fprintln(os.Stderr, "error:", oneLine(err))
    →→os.Exit(1)
    →}
    }

    // oneLine gives the error's text in one line, without the Cloud token that an address in it may hold.
    func oneLine(err error) string {
    →text := strings.Join(strings.Fields(err.Error()), " ")
    →if token := os.Getenv("TDENGINE_CLOUD_TOKEN"); token != "" {
    →→text = strings.ReplaceAll(text, url.QueryEscape(token), "***")
    →}
    →return text
    }

    func run() (err error) {
    →db, err := open()
    →if err != nil {
    →→return err
    →}
    →defer db.Close()

    →// A server that does not answer is not waited for.
    →ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
    →defer cancel()

    →var version string
    →if err := db.QueryRowContext(ctx, "select server_version()").Scan(&version); err != nil {
    →→return fmt.Errorf("ask for the server's version: %w", err)
    →}
    →fmt.Println("server version:", version)

    →// A database of its own, of the smallest size, under a unique name.
    →suffix := make([]byte, 8)
    →if _, err := rand.Read(suffix); err != nil {
    →→return err
    →}
    →name := fmt.Sprintf("taos_example_%x", suffix)
    →if _, err := db.ExecContext(ctx, "create database "+name+" vgroups 1 buffer 3 pages 64"); err != nil {
    →→return fmt.Errorf("create database %s: %w", name, err)
    →}
    →defer func() {
    →→ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
    →→defer cancel()
    →→if _, e := db.ExecContext(ctx, "drop database if exists "+name); e != nil && err == nil {
    →→→err = fmt.Errorf("drop database %s: %w", name, e)
    →→}
    →}()

    →if _, err := db.ExecContext(ctx, "create table "+name+".readings (ts timestamp, celsius double, place varchar(64))"); err != nil {
    →→return fmt.Errorf("create table: %w", err)
    →}
    →now := time.Now().UTC().Truncate(time.Millisecond)
    →insert := fmt.Sprintf("insert into %s.readings values ('%s', 21.5, 'Zürich') ('%s', -3.25, '北京')",
    →→name, now.Format(rfc3339), now.Add(time.Second).Format(rfc3339))
    →written, err := db.ExecContext(ctx, insert)
    →if err != nil {
    →→return fmt.Errorf("write rows: %w", err)
    →}
    →count, err := written.RowsAffected()
    →if err != nil {
    →→return err
    →}
    →fmt.Println("rows written:", count)

    →rows, err := db.QueryContext(ctx, "select ts, celsius, place from "+name+".readings order by ts")
    →if err != nil {
    →→return fmt.Errorf("read rows: %w", err)
    →}
    →defer rows.Close()
    →read := 0
    →for rows.Next() {
    →→var ts time.Time
    →→var celsius float64
    →→var place string
    →→if err := rows.Scan(&ts, &celsius, &place); err != nil {
    →→→return fmt.Errorf("read a row: %w", err)
    →→}
    →→fmt.Printf("%s  %g  %s\n", ts.UTC().Format(rfc3339), celsius, place)
    →→read++
    →}
    →if err := rows.Err(); err != nil {
    →→return fmt.Errorf("read rows: %w", err)
    →}
    →fmt.Println("rows read:", read)
    →if read != 2 {
    →→return fmt.Errorf("wrote 2 rows and read %d", read)
    →}
    →return nil
    }

    // open prepares a connection pool from the environment. Nothing is dialled yet.
    func open() (*sql.DB, error) {
    →config := taosRestful.NewConfig()
    →if cloud := os.Getenv("TDENGINE_CLOUD_URL"); cloud != "" {
    →→gateway, err := url.Parse(cloud)
    →→if err != nil || gateway.Hostname() == "" {
    →→→return nil, errors.New("TDENGINE_CLOUD_URL is not a URL such as https://gw.cloud.tdengine.com")
    →→}
    →→config.Net, config.Addr, config.Port = "https", gateway.Hostname(), 443
    →→if port, err := strconv.Atoi(gateway.Port()); err == nil {
    →→→config.Port = port
    →→}
    →→config.Token = url.QueryEscape(os.Getenv("TDENGINE_CLOUD_TOKEN"))
    →→if config.Token == "" {
    →→→return nil, errors.New("TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not")
    →→}
    →} else {
    →→port, err := strconv.Atoi(env("TAOS_PORT", "6041"))
    →→if err != nil {
    →→→return nil, errors.New("TAOS_PORT is not a number")
    →→}
    →→config.Net, config.Port = "http", port
    →→config.Addr = strings.Trim(env("TAOS_HOST", "localhost"), "[]")
    →→config.User, config.Passwd = env("TAOS_USER", "root"), env("TAOS_PASSWORD", "taosdata")
    →}
    →connector, err := taosRestful.NewConnector(config)
    →if err != nil {
    →→return nil, err
    →}
    →return sql.OpenDB(connector), nil
    }

    // env gives the environment variable's value, or fallback where it is unset or empty.
    func env(name, fallback string) string {
    →if value := os.Getenv(name); value != "" {
    →→return value
    →}
    →return fallback
    }
    "#);
}

/// The program needs cgo and the vendor's header to build, so it is only shown here.
#[test]
fn go_native() {
    assert_snapshot!(made(&["--lang", "go", "--transport", "native"]), @r#"
    exit 0
    --- stdout
    created   go.mod
    created   main.go
    created   README.md
    created   .gitignore

    Build it and run it:
      cd hello
      go mod tidy
      taos-setup run -- go build -o bin/taos-example .
      taos-setup run -- ./bin/taos-example
    --- stderr
    note: the vendor ends native connections of Go on 2027-01-01; taos-setup migrate changes programs to WebSocket
    note: no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    === .gitignore
    /bin/
    === README.md
    # hello

    Writes two rows to TDengine over the native connection, reads them back, and removes what it made.

        go mod tidy
        taos-setup run -- go build -o bin/taos-example .
        taos-setup run -- ./bin/taos-example

    It needs a C compiler for cgo, and the client library (`taos-setup install`) of the server's version. It connects to
    `TAOS_HOST` (localhost), `TAOS_PORT` (6030) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata). On a failure it
    prints one line and exits with 1; `taos-setup verify` then says what is wrong.
    === go.mod
    module hello

    go 1.20

    require github.com/taosdata/driver-go/v3 v3.8.2
    === main.go
    // This program writes two rows to TDengine over the native connection and reads them back.
    package main

    import (
    →"context"
    →"crypto/rand"
    →"database/sql"
    →"errors"
    →"fmt"
    →"net"
    →"net/url"
    →"os"
    →"runtime"
    →"strings"
    →"time"

    →_ "github.com/taosdata/driver-go/v3/taosSql"
    )

    // rfc3339 is RFC 3339 with milliseconds, the precision of a new database.
    const rfc3339 = "2006-01-02T15:04:05.000Z07:00"

    func main() {
    →// The client library keeps the reason of a failed login for the thread that asked.
    →runtime.LockOSThread()
    →if err := run(); err != nil {
    →→fmt.Fprintln(os.Stderr, "error:", oneLine(err))
    →→os.Exit(1)
    →}
    }

    // oneLine gives the error's text in one line.
    func oneLine(err error) string {
    →return strings.Join(strings.Fields(err.Error()), " ")
    }

    func run() (err error) {
    →db, err := open()
    →if err != nil {
    →→return err
    →}
    →defer db.Close()

    →// A server that does not answer is not waited for.
    →ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
    →defer cancel()

    →var version string
    →if err := db.QueryRowContext(ctx, "select server_version()").Scan(&version); err != nil {
    →→return fmt.Errorf("ask for the server's version: %w", err)
    →}
    →fmt.Println("server version:", version)

    →// A database of its own, of the smallest size, under a unique name.
    →suffix := make([]byte, 8)
    →if _, err := rand.Read(suffix); err != nil {
    →→return err
    →}
    →name := fmt.Sprintf("taos_example_%x", suffix)
    →if _, err := db.ExecContext(ctx, "create database "+name+" vgroups 1 buffer 3 pages 64"); err != nil {
    →→return fmt.Errorf("create database %s: %w", name, err)
    →}
    →defer func() {
    →→ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
    →→defer cancel()
    →→if _, e := db.ExecContext(ctx, "drop database if exists "+name); e != nil && err == nil {
    →→→err = fmt.Errorf("drop database %s: %w", name, e)
    →→}
    →}()

    →if _, err := db.ExecContext(ctx, "create table "+name+".readings (ts timestamp, celsius double, place varchar(64))"); err != nil {
    →→return fmt.Errorf("create table: %w", err)
    →}
    →now := time.Now().UTC().Truncate(time.Millisecond)
    →insert := fmt.Sprintf("insert into %s.readings values ('%s', 21.5, 'Zürich') ('%s', -3.25, '北京')",
    →→name, now.Format(rfc3339), now.Add(time.Second).Format(rfc3339))
    →written, err := db.ExecContext(ctx, insert)
    →if err != nil {
    →→return fmt.Errorf("write rows: %w", err)
    →}
    →count, err := written.RowsAffected()
    →if err != nil {
    →→return err
    →}
    →fmt.Println("rows written:", count)

    →rows, err := db.QueryContext(ctx, "select ts, celsius, place from "+name+".readings order by ts")
    →if err != nil {
    →→return fmt.Errorf("read rows: %w", err)
    →}
    →defer rows.Close()
    →read := 0
    →for rows.Next() {
    →→var ts time.Time
    →→var celsius float64
    →→var place string
    →→if err := rows.Scan(&ts, &celsius, &place); err != nil {
    →→→return fmt.Errorf("read a row: %w", err)
    →→}
    →→fmt.Printf("%s  %g  %s\n", ts.UTC().Format(rfc3339), celsius, place)
    →→read++
    →}
    →if err := rows.Err(); err != nil {
    →→return fmt.Errorf("read rows: %w", err)
    →}
    →fmt.Println("rows read:", read)
    →if read != 2 {
    →→return fmt.Errorf("wrote 2 rows and read %d", read)
    →}
    →return nil
    }

    // open prepares a connection pool from the environment. Nothing is dialled yet.
    func open() (*sql.DB, error) {
    →if os.Getenv("TDENGINE_CLOUD_URL") != "" {
    →→return nil, errors.New("TDengine Cloud has no native connection: unset TDENGINE_CLOUD_URL")
    →}
    →address := net.JoinHostPort(strings.Trim(env("TAOS_HOST", "localhost"), "[]"), env("TAOS_PORT", "6030"))
    →user, password := url.QueryEscape(env("TAOS_USER", "root")), url.QueryEscape(env("TAOS_PASSWORD", "taosdata"))
    →return sql.Open("taosSql", fmt.Sprintf("%s:%s@tcp(%s)/", user, password, address))
    }

    // env gives the environment variable's value, or fallback where it is unset or empty.
    func env(name, fallback string) string {
    →if value := os.Getenv(name); value != "" {
    →→return value
    →}
    →return fallback
    }
    "#);
}

#[test]
fn go_native_for_a_server() {
    let words = [
        "--lang",
        "go",
        "--transport",
        "native",
        "--server",
        "3.3.7.5",
    ];
    let made = made(&words);
    let (_, open) = made.split_once("// open prepares").unwrap();
    assert_snapshot!(open, @r#"
     a connection pool from the environment. Nothing is dialled yet.
    func open() (*sql.DB, error) {
    →if os.Getenv("TDENGINE_CLOUD_URL") != "" {
    →→return nil, errors.New("TDengine Cloud has no native connection: unset TDENGINE_CLOUD_URL")
    →}
    →address := net.JoinHostPort(strings.Trim(env("TAOS_HOST", "localhost"), "[]"), env("TAOS_PORT", "6030"))
    →user, password := url.QueryEscape(env("TAOS_USER", "root")), url.QueryEscape(env("TAOS_PASSWORD", "taosdata"))
    →return sql.Open("taosSql", fmt.Sprintf("%s:%s@tcp(%s)/", user, password, address))
    }

    // env gives the environment variable's value, or fallback where it is unset or empty.
    func env(name, fallback string) string {
    →if value := os.Getenv(name); value != "" {
    →→return value
    →}
    →return fallback
    }
    "#);
}
