//! The whole tree that `init --lang python` makes, and what it says.

use crate::init::new::made;
use insta::assert_snapshot;

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
    note: no server given; taos-ws-py 0.7.0 works with servers from 3.2.2.2 on
    note: taos-ws-py has no musl wheel and no source package, so pip cannot install it on Alpine
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

    from __future__ import annotations

    import os
    import secrets
    import sys
    from collections.abc import Iterator
    from contextlib import closing, contextmanager, suppress
    from datetime import datetime, timedelta, timezone
    from urllib.parse import quote

    import taosws

    UTC = timezone(timedelta(0))  # datetime.UTC needs Python 3.11


    def connect() -> taosws.Connection:
        """Connects to the server that the environment names."""
        cloud = os.environ.get("TDENGINE_CLOUD_URL")
        if cloud:
            gateway = cloud.rstrip("/").split("://")[-1]
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
        token = os.environ.get("TDENGINE_CLOUD_TOKEN")
        if token:
            return quote(token, safe="")
        raise RuntimeError("TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not")


    def rfc3339(instant: datetime) -> str:
        """The instant in UTC with milliseconds, the precision of a new database."""
        text = instant.astimezone(UTC).isoformat(timespec="milliseconds")
        return text.replace("+00:00", "Z")


    @contextmanager
    def temporary_database(cursor) -> Iterator[str]:
        """A database of the smallest size, under a unique name, dropped at the end."""
        name = f"taos_example_{secrets.token_hex(8)}"
        cursor.execute(f"create database {name} vgroups 1 buffer 3 pages 64")
        try:
            yield name
        except BaseException:
            with suppress(Exception):  # the first failure is the one to tell
                cursor.execute(f"drop database if exists {name}")
            raise
        cursor.execute(f"drop database if exists {name}")


    def write_and_read(cursor) -> None:
        """Asks for the server's version, writes two rows and reads them back."""
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


    def main() -> None:
        """Connects, and disconnects whatever happens."""
        with closing(connect()) as connection:
            write_and_read(connection.cursor())


    def one_line(kind: type[BaseException], error: BaseException, _trace: object) -> None:
        """Reports a failure in one line, without the Cloud token; Python then exits with 1."""
        text = " ".join(str(error).split()) or kind.__name__
        token = os.environ.get("TDENGINE_CLOUD_TOKEN")
        if token:
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
    note: REST is the slowest transport and has no subscriptions and no binary types; --transport ws has both
    note: the vendor ends REST connections of Python on 2027-01-01; taos-setup migrate changes programs to WebSocket
    note: no server given; taospy 2.8.10 works with servers from 3.0.0.0 on
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

    from __future__ import annotations

    import os
    import secrets
    import sys
    from collections.abc import Iterator
    from contextlib import closing, contextmanager, suppress
    from datetime import datetime, timedelta, timezone
    from urllib.parse import quote

    import taosrest

    UTC = timezone(timedelta(0))  # datetime.UTC needs Python 3.11


    def connect() -> taosrest.TaosRestConnection:
        """Prepares requests to the server that the environment names; nothing is sent yet."""
        cloud = os.environ.get("TDENGINE_CLOUD_URL")
        if cloud:
            gateway = cloud.rstrip("/").split("://")[-1]
            return taosrest.connect(
                url=f"https://{gateway}", token=cloud_token(), timeout=30, timezone=UTC
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
        token = os.environ.get("TDENGINE_CLOUD_TOKEN")
        if token:
            return quote(token, safe="")
        raise RuntimeError("TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not")


    def rfc3339(instant: datetime) -> str:
        """The instant in UTC with milliseconds, the precision of a new database."""
        text = instant.astimezone(UTC).isoformat(timespec="milliseconds")
        return text.replace("+00:00", "Z")


    @contextmanager
    def temporary_database(cursor) -> Iterator[str]:
        """A database of the smallest size, under a unique name, dropped at the end."""
        name = f"taos_example_{secrets.token_hex(8)}"
        cursor.execute(f"create database {name} vgroups 1 buffer 3 pages 64")
        try:
            yield name
        except BaseException:
            with suppress(Exception):  # the first failure is the one to tell
                cursor.execute(f"drop database if exists {name}")
            raise
        cursor.execute(f"drop database if exists {name}")


    def write_and_read(cursor) -> None:
        """Asks for the server's version, writes two rows and reads them back."""
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


    def main() -> None:
        """Connects, and disconnects whatever happens."""
        with closing(connect()) as connection:
            write_and_read(connection.cursor())


    def one_line(kind: type[BaseException], error: BaseException, _trace: object) -> None:
        """Reports a failure in one line, without the Cloud token; Python then exits with 1."""
        text = " ".join(str(error).split()) or kind.__name__
        token = os.environ.get("TDENGINE_CLOUD_TOKEN")
        if token:
            text = text.replace(quote(token, safe=""), "***")
        print("error:", text, file=sys.stderr)


    if __name__ == "__main__":
        sys.excepthook = one_line
        main()
    === requirements.txt
    taospy==2.8.10
    "#);
}

/// Beside how it connects, it is the same program.
#[test]
fn python_native() {
    let rest = made(&["--lang", "python", "--transport", "rest"]);
    let native = made(&["--lang", "python", "--transport", "native"]);
    let rest: Vec<_> = rest.lines().collect();
    let other: Vec<_> = native.lines().filter(|line| !rest.contains(line)).collect();
    assert_snapshot!(other.join("\n"), @r#"
      taos-setup run -- .venv/bin/python main.py
    note: no server given; taospy 2.8.10 works with servers from 3.1.1.2 on
    Writes two rows to TDengine over the native connection, reads them back, and removes what it made.
        taos-setup run -- .venv/bin/python main.py
    It needs the client library (`taos-setup install`) of the server's version. It connects to `TAOS_HOST` (localhost),
    `TAOS_PORT` (6030) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata). On a failure it prints one line and
    """Writes two rows to TDengine over the native connection and reads them back."""
    def connect():
        """Connects to the server that the environment names."""
        import taos  # here, because it fails without a client library
        if os.environ.get("TDENGINE_CLOUD_URL"):
            raise RuntimeError(
                "TDengine Cloud has no native connection: unset TDENGINE_CLOUD_URL"
        return taos.connect(
            host=os.environ.get("TAOS_HOST") or "localhost",
            port=int(os.environ.get("TAOS_PORT") or 6030),
            timezone="UTC",
        """Reports a failure in one line; Python then exits with 1."""
    "#);
}
