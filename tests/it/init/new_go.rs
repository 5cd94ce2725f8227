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
      go build -o bin/hello .
      ./bin/hello
    --- stderr
    note: no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    === .gitignore
    /bin/
    === README.md
    # hello

    Writes rows to a supertable of TDengine over WebSocket, reads them back, and removes what it made.

        go mod tidy
        go build -o bin/hello .
        ./bin/hello

    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata), or with the token
    `TAOS_TOKEN` (TDengine 3.4); with
    `TAOS_TLS=1` over TLS, trusting `TAOS_CA_FILE`; or to TDengine Cloud where `TDENGINE_CLOUD_URL` and
    `TDENGINE_CLOUD_TOKEN` are set.
    It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1; `taos-setup verify` then says
    what is wrong.
    === go.mod
    module hello

    go 1.20

    require github.com/taosdata/driver-go/v3 v3.8.2
    === main.go
    // This program writes rows to a supertable of TDengine over WebSocket and reads them back.
    package main

    import (
    →"context"
    →"crypto/rand"
    →"crypto/tls"
    →"crypto/x509"
    →"database/sql"
    →"database/sql/driver"
    →"errors"
    →"fmt"
    →"net/url"
    →"os"
    →"regexp"
    →"strconv"
    →"strings"
    →"time"

    →"github.com/taosdata/driver-go/v3/common"
    →"github.com/taosdata/driver-go/v3/taosWS"
    )

    // rfc3339 is RFC 3339 with milliseconds, the precision of a new database.
    const rfc3339 = "2006-01-02T15:04:05.000Z07:00"

    // reading is a temperature that the sensor of a table measured. A supertable has one table for each sensor; what never changes
    // of a sensor, such as its place, is a tag.
    type reading struct {
    →table   string
    →place   string
    →ts      time.Time
    →celsius float64
    }

    func main() {
    →if err := run(); err != nil {
    →→fmt.Fprintln(os.Stderr, "error:", oneLine(err))
    →→os.Exit(1)
    →}
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

    →database, release, err := useDatabase(ctx, db)
    →if err != nil {
    →→return err
    →}
    →defer func() {
    →→if e := release(); err == nil {
    →→→err = e
    →→}
    →}()

    →now := time.Now().UTC().Truncate(time.Millisecond)
    →readings := []reading{
    →→{"example_zurich", "Zürich", now, 21.5},
    →→{"example_beijing", "北京", now.Add(time.Second), -3.25},
    →}
    →if err := write(ctx, db, database, readings); err != nil {
    →→return err
    →}
    →return read(ctx, db, database, now, len(readings))
    }

    // write makes the supertable and the tables of the sensors, and writes their readings.
    func write(ctx context.Context, db *sql.DB, database string, readings []reading) error {
    →stable := database + ".example_readings"
    →create := "create stable if not exists " + stable + " (ts timestamp, celsius double) tags (place varchar(64))"
    →if _, err := db.ExecContext(ctx, create); err != nil {
    →→return fmt.Errorf("create the supertable: %w", err)
    →}
    →var written int64
    →for _, r := range readings {
    →→table := database + "." + r.table
    →→create := fmt.Sprintf("create table if not exists %s using %s tags ('%s')", table, stable, r.place)
    →→if _, err := db.ExecContext(ctx, create); err != nil {
    →→→return fmt.Errorf("create table %s: %w", table, err)
    →→}
    →→count, err := insert(ctx, db, table, r)
    →→if err != nil {
    →→→return fmt.Errorf("write to %s: %w", table, err)
    →→}
    →→written += count
    →}
    →fmt.Println("rows written:", written)
    →return nil
    }

    // insert writes one reading. The statement is prepared, so the values travel beside it: parameters of ExecContext would become
    // a part of its text, where a string is not quoted and a float loses digits.
    func insert(ctx context.Context, db *sql.DB, table string, r reading) (int64, error) {
    →statement, err := db.PrepareContext(ctx, "insert into "+table+" values (?, ?)")
    →if err != nil {
    →→return 0, err
    →}
    →defer statement.Close()
    →result, err := statement.ExecContext(ctx, r.ts, r.celsius)
    →if err != nil {
    →→return 0, err
    →}
    →return result.RowsAffected()
    }

    // read prints the readings from since on, of all sensors, and expects count of them.
    func read(ctx context.Context, db *sql.DB, database string, since time.Time, count int) error {
    →query := fmt.Sprintf("select ts, celsius, place from %s.example_readings where ts >= '%s' order by ts",
    →→database, since.Format(rfc3339))
    →rows, err := db.QueryContext(ctx, query)
    →if err != nil {
    →→return fmt.Errorf("read rows: %w", err)
    →}
    →defer rows.Close()
    →found := 0
    →for rows.Next() {
    →→var r reading
    →→if err := rows.Scan(&r.ts, &r.celsius, &r.place); err != nil {
    →→→return fmt.Errorf("read a row: %w", err)
    →→}
    →→fmt.Printf("%s  %g  %s\n", r.ts.UTC().Format(rfc3339), r.celsius, r.place)
    →→found++
    →}
    →if err := rows.Err(); err != nil {
    →→return fmt.Errorf("read rows: %w", err)
    →}
    →fmt.Println("rows read:", found)
    →if found != count {
    →→return fmt.Errorf("wrote %d rows and read %d", count, found)
    →}
    →return nil
    }

    // useDatabase gives the database that TAOS_DB names, or a new one of the smallest size, which release drops.
    func useDatabase(ctx context.Context, db *sql.DB) (name string, release func() error, err error) {
    →if name = os.Getenv("TAOS_DB"); name != "" {
    →→if !regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`).MatchString(name) {
    →→→return "", nil, errors.New("TAOS_DB is not the name of a database")
    →→}
    →→return name, func() error { return nil }, nil
    →}
    →suffix := make([]byte, 8)
    →if _, err := rand.Read(suffix); err != nil {
    →→return "", nil, err
    →}
    →// Without "if not exists": what is there already is somebody else's.
    →name = fmt.Sprintf("taos_example_%x", suffix)
    →if _, err := db.ExecContext(ctx, "create database "+name+" vgroups 1 buffer 3 pages 64"); err != nil {
    →→return "", nil, fmt.Errorf("create database %s: %w", name, err)
    →}
    →return name, func() error {
    →→// The other deadline may be over.
    →→ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
    →→defer cancel()
    →→if _, err := db.ExecContext(ctx, "drop database if exists "+name); err != nil {
    →→→return fmt.Errorf("drop database %s: %w", name, err)
    →→}
    →→return nil
    →}, nil
    }

    // oneLine gives the error's text in one line, without the Cloud token that an address in it may hold.
    func oneLine(err error) string {
    →text := strings.Join(strings.Fields(err.Error()), " ")
    →if token := os.Getenv("TDENGINE_CLOUD_TOKEN"); token != "" {
    →→text = strings.ReplaceAll(text, url.QueryEscape(token), "***")
    →}
    →return text
    }

    // open prepares a connection pool from the environment. Nothing is dialled yet.
    func open() (*sql.DB, error) {
    →config, err := readConfig()
    →if err != nil {
    →→return nil, err
    →}
    →connector, err := taosWS.NewConnector(config)
    →if err != nil {
    →→return nil, err
    →}
    →return sql.OpenDB(onceConnector{connector}), nil
    }

    // readConfig reads from the environment where the server is and how to log in there.
    func readConfig() (*taosWS.Config, error) {
    →config := taosWS.NewConfig()
    →config.ReadTimeout = 30 * time.Second
    →if os.Getenv("TDENGINE_CLOUD_URL") != "" {
    →→host, port, token, err := cloudGateway()
    →→if err != nil {
    →→→return nil, err
    →→}
    →→config.Net, config.Addr, config.Port, config.Token = "wss", host, port, token
    →→return config, nil
    →}
    →port, err := strconv.Atoi(env("TAOS_PORT", "6041"))
    →if err != nil {
    →→return nil, errors.New("TAOS_PORT is not a number")
    →}
    →config.Net, config.Addr, config.Port = "ws", strings.Trim(env("TAOS_HOST", "localhost"), "[]"), port
    →if isOn("TAOS_TLS") {
    →→config.Net = "wss"
    →→if err := trustFile(os.Getenv("TAOS_CA_FILE")); err != nil {
    →→→return nil, err
    →→}
    →}
    →if token := os.Getenv("TAOS_TOKEN"); token != "" {
    →→config.BearerToken = token
    →} else {
    →→config.User, config.Passwd = env("TAOS_USER", "root"), env("TAOS_PASSWORD", "taosdata")
    →}
    →return config, nil
    }

    // onceConnector opens connections for database/sql, which would repeat a rejected login twice if it received "bad
    // connection": TDengine locks accounts after three failures.
    type onceConnector struct{ driver.Connector }

    func (c onceConnector) Connect(ctx context.Context) (driver.Conn, error) {
    →conn, err := c.Connector.Connect(ctx)
    →if err != nil {
    →→return nil, fmt.Errorf("connect: %s", err)
    →}
    →return conn, nil
    }

    // trustFile makes the driver trust the authorities in the PEM file path, beside those of the system; "" names none.
    func trustFile(path string) error {
    →if path == "" {
    →→return nil
    →}
    →pem, err := os.ReadFile(path)
    →if err != nil {
    →→return fmt.Errorf("read TAOS_CA_FILE: %w", err)
    →}
    →roots, err := x509.SystemCertPool()
    →if err != nil {
    →→roots = x509.NewCertPool()
    →}
    →if !roots.AppendCertsFromPEM(pem) {
    →→return errors.New("TAOS_CA_FILE holds no certificate in PEM form")
    →}
    →common.DefaultDialer.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
    →return nil
    }

    // cloudGateway gives where TDengine Cloud is, and the token for it.
    func cloudGateway() (host string, port int, token string, err error) {
    →gateway, err := url.Parse(os.Getenv("TDENGINE_CLOUD_URL"))
    →if err != nil || gateway.Hostname() == "" {
    →→return "", 0, "", errors.New("TDENGINE_CLOUD_URL is not a URL such as https://gw.cloud.tdengine.com")
    →}
    →port, err = strconv.Atoi(gateway.Port())
    →if err != nil {
    →→port = 443
    →}
    →token = os.Getenv("TDENGINE_CLOUD_TOKEN")
    →if token == "" {
    →→return "", 0, "", errors.New("TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not")
    →}
    →return gateway.Hostname(), port, token, nil
    }

    // env gives the environment variable's value, or fallback where it is unset or empty.
    func env(name, fallback string) string {
    →if value := os.Getenv(name); value != "" {
    →→return value
    →}
    →return fallback
    }

    // isOn reports whether the environment variable is set to anything but 0.
    func isOn(name string) bool {
    →return env(name, "0") != "0"
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
      go build -o bin/hello .
      ./bin/hello
    --- stderr
    note: REST is the slowest transport and has no subscriptions and no binary types; --transport ws has both
    note: the vendor ends REST connections of Go on 2027-01-01; taos-setup migrate changes programs to WebSocket
    note: no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.0.0.0 on
    === .gitignore
    /bin/
    === README.md
    # example.com/me/hello

    Writes rows to a supertable of TDengine over REST, reads them back, and removes what it made.

        go mod tidy
        go build -o bin/hello .
        ./bin/hello

    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata), or with the token
    `TAOS_TOKEN` (TDengine 3.4); with
    `TAOS_TLS=1` over TLS, trusting `TAOS_CA_FILE`; or to TDengine Cloud where `TDENGINE_CLOUD_URL` and
    `TDENGINE_CLOUD_TOKEN` are set.
    It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1; `taos-setup verify` then says
    what is wrong.
    === go.mod
    module example.com/me/hello

    go 1.20

    require github.com/taosdata/driver-go/v3 v3.8.2
    === main.go
    // This program writes rows to a supertable of TDengine over REST and reads them back.
    package main

    import (
    →"context"
    →"crypto/rand"
    →"database/sql"
    →"errors"
    →"fmt"
    →"net/url"
    →"os"
    →"regexp"
    →"strconv"
    →"strings"
    →"time"

    →"github.com/taosdata/driver-go/v3/taosRestful"
    )

    // rfc3339 is RFC 3339 with milliseconds, the precision of a new database.
    const rfc3339 = "2006-01-02T15:04:05.000Z07:00"

    // reading is a temperature that the sensor of a table measured. A supertable has one table for each sensor; what never changes
    // of a sensor, such as its place, is a tag.
    type reading struct {
    →table   string
    →place   string
    →ts      time.Time
    →celsius float64
    }

    func main() {
    →if err := run(); err != nil {
    →→fmt.Fprintln(os.Stderr, "error:", oneLine(err))
    →→os.Exit(1)
    →}
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

    →database, release, err := useDatabase(ctx, db)
    →if err != nil {
    →→return err
    →}
    →defer func() {
    →→if e := release(); err == nil {
    →→→err = e
    →→}
    →}()

    →now := time.Now().UTC().Truncate(time.Millisecond)
    →readings := []reading{
    →→{"example_zurich", "Zürich", now, 21.5},
    →→{"example_beijing", "北京", now.Add(time.Second), -3.25},
    →}
    →if err := write(ctx, db, database, readings); err != nil {
    →→return err
    →}
    →return read(ctx, db, database, now, len(readings))
    }

    // write makes the supertable and the tables of the sensors, and writes their readings.
    func write(ctx context.Context, db *sql.DB, database string, readings []reading) error {
    →stable := database + ".example_readings"
    →create := "create stable if not exists " + stable + " (ts timestamp, celsius double) tags (place varchar(64))"
    →if _, err := db.ExecContext(ctx, create); err != nil {
    →→return fmt.Errorf("create the supertable: %w", err)
    →}
    →var written int64
    →for _, r := range readings {
    →→table := database + "." + r.table
    →→create := fmt.Sprintf("create table if not exists %s using %s tags ('%s')", table, stable, r.place)
    →→if _, err := db.ExecContext(ctx, create); err != nil {
    →→→return fmt.Errorf("create table %s: %w", table, err)
    →→}
    →→count, err := insert(ctx, db, table, r)
    →→if err != nil {
    →→→return fmt.Errorf("write to %s: %w", table, err)
    →→}
    →→written += count
    →}
    →fmt.Println("rows written:", written)
    →return nil
    }

    // insert writes one reading. REST has no bound parameters, so the values are a part of the text. Parameters of
    // ExecContext would be one, too, but a string would not be quoted and a float would lose digits.
    func insert(ctx context.Context, db *sql.DB, table string, r reading) (int64, error) {
    →celsius := strconv.FormatFloat(r.celsius, 'g', -1, 64)
    →result, err := db.ExecContext(ctx, fmt.Sprintf("insert into %s values ('%s', %s)", table, r.ts.Format(rfc3339), celsius))
    →if err != nil {
    →→return 0, err
    →}
    →return result.RowsAffected()
    }

    // read prints the readings from since on, of all sensors, and expects count of them.
    func read(ctx context.Context, db *sql.DB, database string, since time.Time, count int) error {
    →query := fmt.Sprintf("select ts, celsius, place from %s.example_readings where ts >= '%s' order by ts",
    →→database, since.Format(rfc3339))
    →rows, err := db.QueryContext(ctx, query)
    →if err != nil {
    →→return fmt.Errorf("read rows: %w", err)
    →}
    →defer rows.Close()
    →found := 0
    →for rows.Next() {
    →→var r reading
    →→if err := rows.Scan(&r.ts, &r.celsius, &r.place); err != nil {
    →→→return fmt.Errorf("read a row: %w", err)
    →→}
    →→fmt.Printf("%s  %g  %s\n", r.ts.UTC().Format(rfc3339), r.celsius, r.place)
    →→found++
    →}
    →if err := rows.Err(); err != nil {
    →→return fmt.Errorf("read rows: %w", err)
    →}
    →fmt.Println("rows read:", found)
    →if found != count {
    →→return fmt.Errorf("wrote %d rows and read %d", count, found)
    →}
    →return nil
    }

    // useDatabase gives the database that TAOS_DB names, or a new one of the smallest size, which release drops.
    func useDatabase(ctx context.Context, db *sql.DB) (name string, release func() error, err error) {
    →if name = os.Getenv("TAOS_DB"); name != "" {
    →→if !regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`).MatchString(name) {
    →→→return "", nil, errors.New("TAOS_DB is not the name of a database")
    →→}
    →→return name, func() error { return nil }, nil
    →}
    →suffix := make([]byte, 8)
    →if _, err := rand.Read(suffix); err != nil {
    →→return "", nil, err
    →}
    →// Without "if not exists": what is there already is somebody else's.
    →name = fmt.Sprintf("taos_example_%x", suffix)
    →if _, err := db.ExecContext(ctx, "create database "+name+" vgroups 1 buffer 3 pages 64"); err != nil {
    →→return "", nil, fmt.Errorf("create database %s: %w", name, err)
    →}
    →return name, func() error {
    →→// The other deadline may be over.
    →→ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
    →→defer cancel()
    →→if _, err := db.ExecContext(ctx, "drop database if exists "+name); err != nil {
    →→→return fmt.Errorf("drop database %s: %w", name, err)
    →→}
    →→return nil
    →}, nil
    }

    // oneLine gives the error's text in one line, without the Cloud token that an address in it may hold.
    func oneLine(err error) string {
    →text := strings.Join(strings.Fields(err.Error()), " ")
    →if token := os.Getenv("TDENGINE_CLOUD_TOKEN"); token != "" {
    →→text = strings.ReplaceAll(text, url.QueryEscape(token), "***")
    →}
    →return text
    }

    // open prepares a connection pool from the environment. Nothing is dialled yet.
    func open() (*sql.DB, error) {
    →config := taosRestful.NewConfig()
    →if os.Getenv("TDENGINE_CLOUD_URL") != "" {
    →→host, port, token, err := cloudGateway()
    →→if err != nil {
    →→→return nil, err
    →→}
    →→// The driver puts the token into the address as it is.
    →→config.Net, config.Addr, config.Port, config.Token = "https", host, port, url.QueryEscape(token)
    →} else {
    →→port, err := strconv.Atoi(env("TAOS_PORT", "6041"))
    →→if err != nil {
    →→→return nil, errors.New("TAOS_PORT is not a number")
    →→}
    →→config.Net, config.Port = "http", port
    →→config.Addr = strings.Trim(env("TAOS_HOST", "localhost"), "[]")
    →→if isOn("TAOS_TLS") {
    →→→config.Net = "https"
    →→→// taosRestful has no setting for it; Go reads this one where it does not ask the system (Linux, BSD).
    →→→if ca := os.Getenv("TAOS_CA_FILE"); ca != "" {
    →→→→os.Setenv("SSL_CERT_FILE", ca)
    →→→}
    →→}
    →→if token := os.Getenv("TAOS_TOKEN"); token != "" {
    →→→config.BearerToken = token
    →→} else {
    →→→config.User, config.Passwd = env("TAOS_USER", "root"), env("TAOS_PASSWORD", "taosdata")
    →→}
    →}
    →connector, err := taosRestful.NewConnector(config)
    →if err != nil {
    →→return nil, err
    →}
    →return sql.OpenDB(connector), nil
    }

    // cloudGateway gives where TDengine Cloud is, and the token for it.
    func cloudGateway() (host string, port int, token string, err error) {
    →gateway, err := url.Parse(os.Getenv("TDENGINE_CLOUD_URL"))
    →if err != nil || gateway.Hostname() == "" {
    →→return "", 0, "", errors.New("TDENGINE_CLOUD_URL is not a URL such as https://gw.cloud.tdengine.com")
    →}
    →port, err = strconv.Atoi(gateway.Port())
    →if err != nil {
    →→port = 443
    →}
    →token = os.Getenv("TDENGINE_CLOUD_TOKEN")
    →if token == "" {
    →→return "", 0, "", errors.New("TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not")
    →}
    →return gateway.Hostname(), port, token, nil
    }

    // env gives the environment variable's value, or fallback where it is unset or empty.
    func env(name, fallback string) string {
    →if value := os.Getenv(name); value != "" {
    →→return value
    →}
    →return fallback
    }

    // isOn reports whether the environment variable is set to anything but 0.
    func isOn(name string) bool {
    →return env(name, "0") != "0"
    }
    "#);
}
