//! The whole tree that `init --lang go --transport native` makes, and what it says.

use crate::init::new::made;
use insta::assert_snapshot;

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
      taos-setup run -- go build -o bin/hello .
      taos-setup run -- ./bin/hello
    --- stderr
    note: the vendor ends native connections of Go on 2027-01-01; taos-setup migrate changes programs to WebSocket
    note: no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    === .gitignore
    /bin/
    === README.md
    # hello

    Writes rows to a supertable of TDengine over the native connection, reads them back, and removes what it made.

        go mod tidy
        taos-setup run -- go build -o bin/hello .
        taos-setup run -- ./bin/hello

    It needs a C compiler for cgo, and the client library (`taos-setup install`) of the server's version.
    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6030) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata).
    It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1; `taos-setup verify` then says
    what is wrong.
    === go.mod
    module hello

    go 1.20

    require github.com/taosdata/driver-go/v3 v3.8.2
    === main.go
    // This program writes rows to a supertable of TDengine over the native connection and reads them back.
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
    →"regexp"
    →"runtime"
    →"strconv"
    →"strings"
    →"time"

    →_ "github.com/taosdata/driver-go/v3/taosSql"
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
    →// The client library keeps the reason of a failed login for the thread that asked.
    →runtime.LockOSThread()
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

    // oneLine gives the error's text in one line.
    func oneLine(err error) string {
    →return strings.Join(strings.Fields(err.Error()), " ")
    }

    // open prepares a connection pool from the environment. Nothing is dialled yet.
    func open() (*sql.DB, error) {
    →s, err := readSettings()
    →if err != nil {
    →→return nil, err
    →}
    →port := strconv.Itoa(s.port)
    →user, password := url.QueryEscape(s.user), url.QueryEscape(s.password)
    →return sql.Open("taosSql", fmt.Sprintf("%s:%s@tcp(%s)/", user, password, net.JoinHostPort(s.host, port)))
    }

    // settings say where the server is and how to log in there.
    type settings struct {
    →host           string
    →port           int
    →user, password string
    }

    // readSettings reads them from the environment.
    func readSettings() (settings, error) {
    →if os.Getenv("TDENGINE_CLOUD_URL") != "" {
    →→return settings{}, errors.New("TDengine Cloud has no native connection: unset TDENGINE_CLOUD_URL")
    →}
    →if os.Getenv("TAOS_TOKEN") != "" {
    →→return settings{}, errors.New("taosSql takes no token: unset TAOS_TOKEN, or connect over WebSocket")
    →}
    →if isOn("TAOS_TLS") {
    →→return settings{}, errors.New("the client library reads enableTLS from taos.cfg: unset TAOS_TLS")
    →}
    →port, err := strconv.Atoi(env("TAOS_PORT", "6030"))
    →if err != nil {
    →→return settings{}, errors.New("TAOS_PORT is not a number")
    →}
    →return settings{
    →→host:     strings.Trim(env("TAOS_HOST", "localhost"), "[]"),
    →→port:     port,
    →→user:     env("TAOS_USER", "root"),
    →→password: env("TAOS_PASSWORD", "taosdata"),
    →}, nil
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
    →s, err := readSettings()
    →if err != nil {
    →→return nil, err
    →}
    →port := strconv.Itoa(s.port)
    →user, password := url.QueryEscape(s.user), url.QueryEscape(s.password)
    →return sql.Open("taosSql", fmt.Sprintf("%s:%s@tcp(%s)/", user, password, net.JoinHostPort(s.host, port)))
    }

    // settings say where the server is and how to log in there.
    type settings struct {
    →host           string
    →port           int
    →user, password string
    }

    // readSettings reads them from the environment.
    func readSettings() (settings, error) {
    →if os.Getenv("TDENGINE_CLOUD_URL") != "" {
    →→return settings{}, errors.New("TDengine Cloud has no native connection: unset TDENGINE_CLOUD_URL")
    →}
    →if os.Getenv("TAOS_TOKEN") != "" {
    →→return settings{}, errors.New("taosSql takes no token: unset TAOS_TOKEN, or connect over WebSocket")
    →}
    →if isOn("TAOS_TLS") {
    →→return settings{}, errors.New("the client library reads enableTLS from taos.cfg: unset TAOS_TLS")
    →}
    →port, err := strconv.Atoi(env("TAOS_PORT", "6030"))
    →if err != nil {
    →→return settings{}, errors.New("TAOS_PORT is not a number")
    →}
    →return settings{
    →→host:     strings.Trim(env("TAOS_HOST", "localhost"), "[]"),
    →→port:     port,
    →→user:     env("TAOS_USER", "root"),
    →→password: env("TAOS_PASSWORD", "taosdata"),
    →}, nil
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
