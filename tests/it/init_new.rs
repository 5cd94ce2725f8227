//! `init` in an empty folder: the whole tree, and what is said.

use crate::program::Bench;
use crate::tree::tree;
use insta::assert_snapshot;

/// Runs `init` for the folder `hello` and gives what it printed and made.
fn made(arguments: &[&str]) -> String {
    let bench = Bench::new();
    let mut all = vec!["init", "--dir", "hello"];
    all.extend(arguments);
    let run = bench.program(&all).run();
    let first = tree(&bench.work().join("hello"));
    let again = bench.program(&all).run();
    assert_eq!(again.exit, Some(0), "{again}");
    assert!(
        !again.stdout.contains("created") && !again.stdout.contains("edited"),
        "{again}"
    );
    assert_eq!(tree(&bench.work().join("hello")), first);
    format!("{run}{first}")
}

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
    note: no server is named, so any from 3.2.2.2 on is assumed: github.com/taosdata/driver-go/v3 v3.5.5 is the newest that works with all of them over ws (v3.7.8 needs 3.3.6.0 or later)
    note: driver-go v3.5.5 does not pass on why a login was refused; taos-setup verify tells
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

    require github.com/taosdata/driver-go/v3 v3.5.5
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

    →"github.com/taosdata/driver-go/v3/common"
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

    →var version string
    →if err := db.QueryRow("select server_version()").Scan(&version); err != nil {
    →→return fmt.Errorf("ask for the server's version: %w", err)
    →}
    →fmt.Println("server version:", version)

    →// A database of its own, of the smallest size, under a name that nobody else has.
    →suffix := make([]byte, 8)
    →if _, err := rand.Read(suffix); err != nil {
    →→return err
    →}
    →name := fmt.Sprintf("taos_example_%x", suffix)
    →if _, err := db.Exec("create database " + name + " vgroups 1 buffer 3 pages 64"); err != nil {
    →→return fmt.Errorf("create database %s: %w", name, err)
    →}
    →defer func() {
    →→if _, e := db.Exec("drop database if exists " + name); e != nil && err == nil {
    →→→err = fmt.Errorf("drop database %s: %w", name, e)
    →→}
    →}()

    →if _, err := db.Exec("create table " + name + ".readings (ts timestamp, celsius double, place varchar(64))"); err != nil {
    →→return fmt.Errorf("create table: %w", err)
    →}
    →now := time.Now().UTC().Truncate(time.Millisecond)
    →insert := fmt.Sprintf("insert into %s.readings values ('%s', 21.5, 'Zürich') ('%s', -3.25, '北京')",
    →→name, now.Format(rfc3339), now.Add(time.Second).Format(rfc3339))
    →written, err := db.Exec(insert)
    →if err != nil {
    →→return fmt.Errorf("write rows: %w", err)
    →}
    →count, err := written.RowsAffected()
    →if err != nil {
    →→return err
    →}
    →fmt.Println("rows written:", count)

    →rows, err := db.Query("select ts, celsius, place from " + name + ".readings order by ts")
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
    →host := strings.Trim(env("TAOS_HOST", "localhost"), "[]")
    →port := env("TAOS_PORT", "6041")
    →user, password := env("TAOS_USER", "root"), env("TAOS_PASSWORD", "taosdata")
    →if strings.Contains(user, ":") {
    →→return nil, errors.New("TAOS_USER holds a colon, which cannot stand in a connection string")
    →}
    →if strings.Contains(host, ":") {
    →→// This release cannot read an IPv6 address from a connection string, so the dialler gets it.
    →→address := net.JoinHostPort(host, port)
    →→common.DefaultDialer.NetDialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
    →→→return new(net.Dialer).DialContext(ctx, network, address)
    →→}
    →→host = "localhost"
    →}
    →// Nothing is escaped: this release takes the user and the password as they stand, up to the last "@".
    →dsn := fmt.Sprintf("%s:%s@ws(%s:%s)/?readTimeout=30s", user, password, host, port)
    →return sql.OpenDB(connector{dsn: dsn}), nil
    }

    // connector opens connections for database/sql, which would repeat a rejected login twice if it were told "bad
    // connection": TDengine locks accounts after three failures.
    type connector struct{ dsn string }

    func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
    →conn, err := c.Driver().Open(c.dsn)
    →if err != nil {
    →→return nil, fmt.Errorf("connect: %s", err)
    →}
    →// This release closes a connection whose login failed, and keeps the reason to itself.
    →if pinger, ok := conn.(driver.Pinger); ok && pinger.Ping(ctx) != nil {
    →→conn.Close()
    →→return nil, errors.New("connect: the login failed; check TAOS_USER and TAOS_PASSWORD (taos-setup verify tells more)")
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
    note: REST is the slowest transport, and has no subscriptions and no binary types; --transport ws has both
    note: no server is named, so any from 3.2.2.2 on is assumed: github.com/taosdata/driver-go/v3 v3.7.8 works with all of them
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

    require github.com/taosdata/driver-go/v3 v3.7.8
    === main.go
    // This program writes two rows to TDengine over REST and reads them back.
    package main

    import (
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

    →var version string
    →if err := db.QueryRow("select server_version()").Scan(&version); err != nil {
    →→return fmt.Errorf("ask for the server's version: %w", err)
    →}
    →fmt.Println("server version:", version)

    →// A database of its own, of the smallest size, under a name that nobody else has.
    →suffix := make([]byte, 8)
    →if _, err := rand.Read(suffix); err != nil {
    →→return err
    →}
    →name := fmt.Sprintf("taos_example_%x", suffix)
    →if _, err := db.Exec("create database " + name + " vgroups 1 buffer 3 pages 64"); err != nil {
    →→return fmt.Errorf("create database %s: %w", name, err)
    →}
    →defer func() {
    →→if _, e := db.Exec("drop database if exists " + name); e != nil && err == nil {
    →→→err = fmt.Errorf("drop database %s: %w", name, e)
    →→}
    →}()

    →if _, err := db.Exec("create table " + name + ".readings (ts timestamp, celsius double, place varchar(64))"); err != nil {
    →→return fmt.Errorf("create table: %w", err)
    →}
    →now := time.Now().UTC().Truncate(time.Millisecond)
    →insert := fmt.Sprintf("insert into %s.readings values ('%s', 21.5, 'Zürich') ('%s', -3.25, '北京')",
    →→name, now.Format(rfc3339), now.Add(time.Second).Format(rfc3339))
    →written, err := db.Exec(insert)
    →if err != nil {
    →→return fmt.Errorf("write rows: %w", err)
    →}
    →count, err := written.RowsAffected()
    →if err != nil {
    →→return err
    →}
    →fmt.Println("rows written:", count)

    →rows, err := db.Query("select ts, celsius, place from " + name + ".readings order by ts")
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

#[test]
fn python_over_websocket() {
    assert_snapshot!(made(&["--lang", "python"]), @r#"
    exit 0
    --- stdout
    created   requirements.txt
    created   main.py
    created   README.md
    created   .gitignore

    Build it and run it:
      cd hello
      python3 -m venv .venv
      .venv/bin/python -m pip install -r requirements.txt
      .venv/bin/python main.py
    --- stderr
    note: no server is named, so any from 3.2.2.2 on is assumed: taos-ws-py 0.7.0 works with all of them
    note: taos-ws-py has no musl wheel and no source package: pip finds nothing on Alpine
    === .gitignore
    .venv/
    __pycache__/
    === README.md
    # hello

    Writes two rows to TDengine over WebSocket, reads them back, and removes what it made.

        python3 -m venv .venv
        .venv/bin/python -m pip install -r requirements.txt
        .venv/bin/python main.py

    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata),
    or to TDengine Cloud where `TDENGINE_CLOUD_URL` and `TDENGINE_CLOUD_TOKEN` are set. On a failure it prints one line and
    exits with 1; `taos-setup verify` then says what is wrong.
    === main.py
    """Writes two rows to TDengine over WebSocket and reads them back."""

    import os
    import secrets
    import sys
    from collections.abc import Iterator
    from contextlib import contextmanager, suppress
    from datetime import datetime, timedelta, timezone
    from urllib.parse import quote

    import taosws

    UTC = timezone(timedelta(0))  # datetime.UTC needs Python 3.11


    def connect() -> taosws.Connection:
        """Connects to the server that the environment names."""
        if cloud := os.environ.get("TDENGINE_CLOUD_URL"):
            gateway = cloud.rstrip("/").removeprefix("https://").removeprefix("wss://")
            # Escaped twice: this release decodes it once and puts it into the address as it is.
            token = quote(cloud_token(), safe="")
            return taosws.connect(f"wss://{gateway}?token={token}")
        host = os.environ.get("TAOS_HOST") or "localhost"
        return taosws.connect(
            host=f"[{host.strip('[]')}]" if ":" in host else host,
            port=int(os.environ.get("TAOS_PORT") or 6041),
            user=os.environ.get("TAOS_USER") or "root",
            password=os.environ.get("TAOS_PASSWORD") or "taosdata",
        )


    def cloud_token() -> str:
        """The Cloud token, as it stands in an address."""
        if token := os.environ.get("TDENGINE_CLOUD_TOKEN"):
            return quote(token, safe="")
        raise RuntimeError("TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not")


    def rfc3339(instant: datetime) -> str:
        """The instant in UTC with milliseconds, the precision of a new database."""
        text = instant.astimezone(UTC).isoformat(timespec="milliseconds")
        return text.replace("+00:00", "Z")


    @contextmanager
    def temporary_database(cursor) -> Iterator[str]:
        """A database of the smallest size, under a name that nobody else has, dropped at the end."""
        name = f"taos_example_{secrets.token_hex(8)}"
        cursor.execute(f"create database {name} vgroups 1 buffer 3 pages 64")
        try:
            yield name
        except BaseException:
            with suppress(Exception):  # the first failure is the one to tell
                cursor.execute(f"drop database if exists {name}")
            raise
        cursor.execute(f"drop database if exists {name}")


    def main() -> None:
        """Asks for the server's version, writes two rows and reads them back."""
        connection = connect()
        cursor = connection.cursor()
        cursor.execute("select server_version()")
        print("server version:", cursor.fetchall()[0][0])

        with temporary_database(cursor) as database:
            cursor.execute(
                f"create table {database}.readings "
                "(ts timestamp, celsius double, place varchar(64))"
            )
            now = datetime.now(UTC)
            later = now + timedelta(seconds=1)
            written = cursor.execute(
                f"insert into {database}.readings values "
                f"('{rfc3339(now)}', 21.5, 'Zürich') ('{rfc3339(later)}', -3.25, '北京')"
            )
            print("rows written:", written)

            cursor.execute(
                f"select ts, celsius, place from {database}.readings order by ts"
            )
            rows = cursor.fetchall()
            for instant, celsius, place in rows:
                print(rfc3339(instant), celsius, place, sep="  ")
            print("rows read:", len(rows))
            if len(rows) != 2:
                raise RuntimeError(f"wrote 2 rows and read {len(rows)}")
        connection.close()


    def one_line(kind: type[BaseException], error: BaseException, _trace: object) -> None:
        """Reports a failure in one line, without the Cloud token; Python then exits with 1."""
        text = " ".join(str(error).split()) or kind.__name__
        if token := os.environ.get("TDENGINE_CLOUD_TOKEN"):
            text = text.replace(quote(token, safe=""), "***")
        print("error:", text, file=sys.stderr)


    if __name__ == "__main__":
        sys.excepthook = one_line
        main()
    === requirements.txt
    taos-ws-py==0.7.0
    "#);
}

#[test]
fn python_over_rest() {
    assert_snapshot!(made(&["--lang", "python", "--transport", "rest"]), @r#"
    exit 0
    --- stdout
    created   requirements.txt
    created   main.py
    created   README.md
    created   .gitignore

    Build it and run it:
      cd hello
      python3 -m venv .venv
      .venv/bin/python -m pip install -r requirements.txt
      .venv/bin/python main.py
    --- stderr
    note: REST is the slowest transport, and has no subscriptions and no binary types; --transport ws has both
    note: no server is named, so any from 3.2.2.2 on is assumed: taospy 2.8.10 works with all of them
    === .gitignore
    .venv/
    __pycache__/
    === README.md
    # hello

    Writes two rows to TDengine over REST, reads them back, and removes what it made.

        python3 -m venv .venv
        .venv/bin/python -m pip install -r requirements.txt
        .venv/bin/python main.py

    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata),
    or to TDengine Cloud where `TDENGINE_CLOUD_URL` and `TDENGINE_CLOUD_TOKEN` are set. On a failure it prints one line and
    exits with 1; `taos-setup verify` then says what is wrong.
    === main.py
    """Writes two rows to TDengine over REST and reads them back."""

    import os
    import secrets
    import sys
    from collections.abc import Iterator
    from contextlib import contextmanager, suppress
    from datetime import datetime, timedelta, timezone
    from urllib.parse import quote

    import taosrest

    UTC = timezone(timedelta(0))  # datetime.UTC needs Python 3.11


    def connect() -> taosrest.TaosRestConnection:
        """Prepares requests to the server that the environment names; nothing is sent yet."""
        if cloud := os.environ.get("TDENGINE_CLOUD_URL"):
            return taosrest.connect(
                url=cloud.rstrip("/"), token=cloud_token(), timeout=30, timezone=UTC
            )
        host = os.environ.get("TAOS_HOST") or "localhost"
        if ":" in host:
            host = f"[{host.strip('[]')}]"
        port = int(os.environ.get("TAOS_PORT") or 6041)
        return taosrest.connect(
            url=f"http://{host}:{port}",
            user=os.environ.get("TAOS_USER") or "root",
            password=os.environ.get("TAOS_PASSWORD") or "taosdata",
            timeout=30,
            timezone=UTC,
        )


    def cloud_token() -> str:
        """The Cloud token, as it stands in an address."""
        if token := os.environ.get("TDENGINE_CLOUD_TOKEN"):
            return quote(token, safe="")
        raise RuntimeError("TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not")


    def rfc3339(instant: datetime) -> str:
        """The instant in UTC with milliseconds, the precision of a new database."""
        text = instant.astimezone(UTC).isoformat(timespec="milliseconds")
        return text.replace("+00:00", "Z")


    @contextmanager
    def temporary_database(cursor) -> Iterator[str]:
        """A database of the smallest size, under a name that nobody else has, dropped at the end."""
        name = f"taos_example_{secrets.token_hex(8)}"
        cursor.execute(f"create database {name} vgroups 1 buffer 3 pages 64")
        try:
            yield name
        except BaseException:
            with suppress(Exception):  # the first failure is the one to tell
                cursor.execute(f"drop database if exists {name}")
            raise
        cursor.execute(f"drop database if exists {name}")


    def main() -> None:
        """Asks for the server's version, writes two rows and reads them back."""
        connection = connect()
        cursor = connection.cursor()
        cursor.execute("select server_version()")
        print("server version:", cursor.fetchall()[0][0])

        with temporary_database(cursor) as database:
            cursor.execute(
                f"create table {database}.readings "
                "(ts timestamp, celsius double, place varchar(64))"
            )
            now = datetime.now(UTC)
            later = now + timedelta(seconds=1)
            written = cursor.execute(
                f"insert into {database}.readings values "
                f"('{rfc3339(now)}', 21.5, 'Zürich') ('{rfc3339(later)}', -3.25, '北京')"
            )
            print("rows written:", written)

            cursor.execute(
                f"select ts, celsius, place from {database}.readings order by ts"
            )
            rows = cursor.fetchall()
            for instant, celsius, place in rows:
                print(rfc3339(instant), celsius, place, sep="  ")
            print("rows read:", len(rows))
            if len(rows) != 2:
                raise RuntimeError(f"wrote 2 rows and read {len(rows)}")
        connection.close()


    def one_line(kind: type[BaseException], error: BaseException, _trace: object) -> None:
        """Reports a failure in one line, without the Cloud token; Python then exits with 1."""
        text = " ".join(str(error).split()) or kind.__name__
        if token := os.environ.get("TDENGINE_CLOUD_TOKEN"):
            text = text.replace(quote(token, safe=""), "***")
        print("error:", text, file=sys.stderr)


    if __name__ == "__main__":
        sys.excepthook = one_line
        main()
    === requirements.txt
    taospy==2.8.10
    "#);
}

#[test]
fn as_json() {
    let bench = Bench::new();
    assert_snapshot!(bench.program(["init", "--lang", "go", "--json"]).run(), @r#"
    exit 0
    --- stdout
    {
      "schema": 1,
      "command": "init",
      "ok": true,
      "data": {
        "dry_run": false,
        "projects": [
          {
            "language": "go",
            "transport": "ws",
            "dir": ".",
            "changes": [
              {
                "path": "go.mod",
                "action": "create"
              },
              {
                "path": "main.go",
                "action": "create"
              },
              {
                "path": "README.md",
                "action": "create"
              },
              {
                "path": ".gitignore",
                "action": "create"
              }
            ],
            "build": [
              "go mod tidy",
              "go build -o bin/taos-example ."
            ],
            "run": [
              "./bin/taos-example"
            ],
            "stale_locks": [],
            "notes": [
              "no server is named, so any from 3.2.2.2 on is assumed: github.com/taosdata/driver-go/v3 v3.5.5 is the newest that works with all of them over ws (v3.7.8 needs 3.3.6.0 or later)",
              "driver-go v3.5.5 does not pass on why a login was refused; taos-setup verify tells"
            ]
          }
        ]
      },
      "findings": [],
      "error": null
    }
    --- stderr
    note: no server is named, so any from 3.2.2.2 on is assumed: github.com/taosdata/driver-go/v3 v3.5.5 is the newest that works with all of them over ws (v3.7.8 needs 3.3.6.0 or later)
    note: driver-go v3.5.5 does not pass on why a login was refused; taos-setup verify tells
    "#);
}

#[test]
fn a_dry_run_of_a_new_project_writes_nothing() {
    let bench = Bench::new();
    let run = bench
        .program(["init", "--lang", "python", "--dir", "a/b", "--dry-run"])
        .run();
    assert!(!bench.work().join("a").exists());
    let head: Vec<_> = run.stdout.lines().take(4).collect();
    assert_eq!(
        head,
        [
            "--- /dev/null",
            "+++ b/requirements.txt",
            "@@ -0,0 +1 @@",
            "+taos-ws-py==0.7.0"
        ]
    );
    assert_eq!(run.stdout.matches("--- /dev/null").count(), 4);
}

#[test]
fn the_folder_names_the_project() {
    let bench = Bench::new();
    let folder = bench.work().join("My Project (1)");
    bench
        .program(
            ["init", "--lang", "go", "--dir"]
                .map(Into::into)
                .into_iter()
                .chain([folder.clone().into_os_string()]),
        )
        .run();
    let go_mod = std::fs::read_to_string(folder.join("go.mod")).unwrap();
    assert!(go_mod.starts_with("module my-project-1\n"), "{go_mod}");
}

#[test]
fn a_name_for_a_project_that_has_one() {
    let bench = Bench::new();
    bench.program(["init", "--lang", "go"]).run();
    let run = bench
        .program(["init", "--lang", "go", "--name", "other"])
        .run();
    assert!(
        run.stderr
            .ends_with("note: --name is for new projects; this one has a go.mod already\n"),
        "{run}"
    );
}

#[test]
fn an_edited_program_stays_as_its_owner_left_it() {
    let bench = Bench::new();
    bench.program(["init", "--lang", "go"]).run();
    let main = bench.work().join("main.go");
    let edited = std::fs::read_to_string(&main)
        .unwrap()
        .replace("readings", "values");
    std::fs::write(&main, &edited).unwrap();
    std::fs::remove_file(bench.work().join("README.md")).unwrap();
    let before = tree(&bench.work());
    assert_snapshot!(bench.program(["init", "--lang", "go"]).run(), @"
    exit 0
    --- stdout
    unchanged go.mod
    unchanged main.go
    unchanged .gitignore

    Build it and run it:
      go mod tidy
      go build -o bin/taos-example .
      ./bin/taos-example
    --- stderr
    note: no server is named, so any from 3.2.2.2 on is assumed: github.com/taosdata/driver-go/v3 v3.5.5 is the newest that works with all of them over ws (v3.7.8 needs 3.3.6.0 or later)
    note: driver-go v3.5.5 does not pass on why a login was refused; taos-setup verify tells
    ");
    assert_eq!(tree(&bench.work()), before);
}
