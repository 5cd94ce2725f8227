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

    Writes rows to a supertable of TDengine over WebSocket, reads them back, and removes what it made.

        python3 -m venv .venv
        .venv/bin/python -m pip install -r requirements.txt
        .venv/bin/python main.py

    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata), or with the token
    `TAOS_TOKEN` (TDengine 3.4); with
    `TAOS_TLS=1` over TLS, trusting `TAOS_CA_FILE`; or to TDengine Cloud where `TDENGINE_CLOUD_URL` and
    `TDENGINE_CLOUD_TOKEN` are set.
    It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1; `taos-setup verify` then says
    what is wrong.
    === main.py
    """Writes rows to a supertable of TDengine over WebSocket and reads them back."""

    from __future__ import annotations

    import os
    import re
    import secrets
    import ssl
    import sys
    from collections.abc import Iterator
    from contextlib import closing, contextmanager, suppress
    from datetime import datetime, timedelta, timezone
    from urllib.parse import quote, urlsplit

    import taosws

    UTC = timezone(timedelta(0))  # datetime.UTC needs Python 3.11

    # A supertable has one table for each sensor; what never changes of a sensor, such as its
    # place, is a tag.
    READINGS = (
        ("example_zurich", "Zürich", 21.5),
        ("example_beijing", "北京", -3.25),
    )


    def main() -> None:
        """Connects, and disconnects whatever happens."""
        with closing(connect()) as connection:
            cursor = connection.cursor()
            cursor.execute("select server_version()")
            print("server version:", cursor.fetchall()[0][0])
            with use_database(cursor) as database:
                now = datetime.now(UTC)
                start = now.replace(microsecond=now.microsecond // 1000 * 1000)
                cursor.execute(
                    f"create stable if not exists {database}.example_readings "
                    "(ts timestamp, celsius double) tags (place varchar(64))"
                )
                print("rows written:", write(connection, database, start))
                found = read(cursor, database, start)
                if found != len(READINGS):
                    raise RuntimeError(f"wrote {len(READINGS)} rows and read {found}")


    def write(connection: taosws.Connection, database: str, start: datetime) -> int:
        """Writes the readings, a second apart, and makes the tables of the sensors.

        The values travel beside the statement, so nothing in them is taken for SQL.
        """
        statement = connection.statement()
        statement.prepare(
            f"insert into ? using {database}.example_readings tags (?) values (?, ?)"
        )
        milliseconds = round(start.timestamp() * 1000)
        for seconds, (table, place, celsius) in enumerate(READINGS):
            statement.set_tbname(f"{database}.{table}")
            statement.set_tags([taosws.varchar_to_tag(place)])
            statement.bind_param(
                [
                    taosws.millis_timestamps_to_column([milliseconds + 1000 * seconds]),
                    taosws.doubles_to_column([celsius]),
                ]
            )
            statement.add_batch()
        written = statement.execute()
        statement.close()
        return written


    def read(cursor, database: str, start: datetime) -> int:
        """Prints the readings from start on, of all sensors, and gives their number."""
        cursor.execute(
            f"select ts, celsius, place from {database}.example_readings "
            f"where ts >= '{rfc3339(start)}' order by ts"
        )
        rows = cursor.fetchall()
        for instant, celsius, place in rows:
            print(rfc3339(instant), celsius, place, sep="  ")
        print("rows read:", len(rows))
        return len(rows)


    @contextmanager
    def use_database(cursor) -> Iterator[str]:
        """The database that TAOS_DB names, or a new one of the smallest size, dropped at the end."""
        given = os.environ.get("TAOS_DB")
        if given:
            if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", given):
                raise RuntimeError("TAOS_DB is not the name of a database")
            # Bound instants are numbers, which count what the database's precision says.
            cursor.execute(
                "select `precision` from information_schema.ins_databases "
                f"where name = '{given.lower()}'"
            )
            if cursor.fetchall() != [("ms",)]:
                raise RuntimeError("TAOS_DB does not name a database with precision 'ms'")
            yield given
            return
        name = f"taos_example_{secrets.token_hex(8)}"
        cursor.execute(f"create database {name} vgroups 1 buffer 3 pages 64")
        try:
            yield name
        except BaseException:
            with suppress(Exception):  # the first failure is the one to tell
                cursor.execute(f"drop database if exists {name}")
            raise
        cursor.execute(f"drop database if exists {name}")


    def server() -> dict[str, str]:
        """Where the environment says that TDengine is, and how to log in there."""
        if os.environ.get("TDENGINE_CLOUD_URL"):
            host, port, token = cloud_gateway()
            return {
                "scheme": "wss",
                "host": host,
                "port": port,
                "token": token,
                **verified(),
            }
        host = os.environ.get("TAOS_HOST") or "localhost"
        settings = {
            "scheme": "ws",
            "host": f"[{host.strip('[]')}]" if ":" in host else host,
            "port": os.environ.get("TAOS_PORT") or "6041",
        }
        if is_on("TAOS_TLS"):
            settings.update(scheme="wss", **verified(os.environ.get("TAOS_CA_FILE")))
        if os.environ.get("TAOS_TOKEN"):
            settings["bearer_token"] = os.environ["TAOS_TOKEN"]
        else:
            settings["user"] = os.environ.get("TAOS_USER") or "root"
            settings["password"] = os.environ.get("TAOS_PASSWORD") or "taosdata"
        return settings


    def verified(ca_file: str | None = None) -> dict[str, str]:
        """Settings without which the connector accepts any certificate.

        The authorities are those of the file, or of the system where none is named.
        """
        context = ssl.create_default_context(cafile=ca_file or None)
        certificates = context.get_ca_certs(binary_form=True)
        return {
            "tls_mode": "verify_identity",
            "tls_ca": "".join(map(ssl.DER_cert_to_PEM_cert, certificates)),
        }


    def connect() -> taosws.Connection:
        """Connects to the server that the environment names."""
        settings = server()
        settings["websocket"] = settings.pop("scheme")
        settings["port"] = int(settings["port"])
        return taosws.connect(**settings)


    def cloud_gateway() -> tuple[str, str, str]:
        """The host and port of TDengine Cloud's gateway, and the token as an address has it."""
        url = urlsplit(os.environ.get("TDENGINE_CLOUD_URL", ""))
        if url.scheme != "https" or not url.hostname:
            raise RuntimeError(
                "TDENGINE_CLOUD_URL is not a URL such as https://gw.cloud.tdengine.com"
            )
        token = os.environ.get("TDENGINE_CLOUD_TOKEN")
        if not token:
            raise RuntimeError("TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not")
        return url.hostname, str(url.port or 443), quote(token, safe="")


    def is_on(name: str) -> bool:
        """Tells whether the environment variable is set to anything but 0."""
        return (os.environ.get(name) or "0") != "0"


    def rfc3339(instant: datetime) -> str:
        """The instant in UTC with milliseconds, the precision of a new database."""
        text = instant.astimezone(UTC).isoformat(timespec="milliseconds")
        return text.replace("+00:00", "Z")


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

    Writes rows to a supertable of TDengine over REST, reads them back, and removes what it made.

        python3 -m venv .venv
        .venv/bin/python -m pip install -r requirements.txt
        .venv/bin/python main.py

    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata); with
    `TAOS_TLS=1` over TLS, trusting `TAOS_CA_FILE`; or to TDengine Cloud where `TDENGINE_CLOUD_URL` and
    `TDENGINE_CLOUD_TOKEN` are set.
    It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1; `taos-setup verify` then says
    what is wrong.
    === main.py
    """Writes rows to a supertable of TDengine over REST and reads them back."""

    from __future__ import annotations

    import os
    import re
    import secrets
    import sys
    from collections.abc import Iterator
    from contextlib import closing, contextmanager, suppress
    from datetime import datetime, timedelta, timezone
    from urllib.parse import quote, urlsplit

    import taosrest

    UTC = timezone(timedelta(0))  # datetime.UTC needs Python 3.11

    # A supertable has one table for each sensor; what never changes of a sensor, such as its
    # place, is a tag.
    READINGS = (
        ("example_zurich", "Zürich", 21.5),
        ("example_beijing", "北京", -3.25),
    )


    def main() -> None:
        """Connects, and disconnects whatever happens."""
        with closing(connect()) as connection:
            cursor = connection.cursor()
            cursor.execute("select server_version()")
            print("server version:", cursor.fetchall()[0][0])
            with use_database(cursor) as database:
                now = datetime.now(UTC)
                start = now.replace(microsecond=now.microsecond // 1000 * 1000)
                cursor.execute(
                    f"create stable if not exists {database}.example_readings "
                    "(ts timestamp, celsius double) tags (place varchar(64))"
                )
                print("rows written:", write(cursor, database, start))
                found = read(cursor, database, start)
                if found != len(READINGS):
                    raise RuntimeError(f"wrote {len(READINGS)} rows and read {found}")


    def write(cursor, database: str, start: datetime) -> int:
        """Writes the readings, a second apart, and makes the tables of the sensors.

        REST has no bound parameters, so the values are a part of the text: quote what comes
        from outside with literal().
        """
        rows = []
        for seconds, (table, place, celsius) in enumerate(READINGS):
            instant = rfc3339(start + timedelta(seconds=seconds))
            rows.append(
                f"{database}.{table} using {database}.example_readings "
                f"tags ({literal(place)}) values ({literal(instant)}, {celsius!r})"
            )
        return cursor.execute("insert into " + " ".join(rows))


    def literal(text: str) -> str:
        """The text as a literal of SQL."""
        escaped = text.replace("\\", "\\\\").replace("'", "\\'")
        return f"'{escaped}'"


    def read(cursor, database: str, start: datetime) -> int:
        """Prints the readings from start on, of all sensors, and gives their number."""
        cursor.execute(
            f"select ts, celsius, place from {database}.example_readings "
            f"where ts >= '{rfc3339(start)}' order by ts"
        )
        rows = cursor.fetchall()
        for instant, celsius, place in rows:
            print(rfc3339(instant), celsius, place, sep="  ")
        print("rows read:", len(rows))
        return len(rows)


    @contextmanager
    def use_database(cursor) -> Iterator[str]:
        """The database that TAOS_DB names, or a new one of the smallest size, dropped at the end."""
        given = os.environ.get("TAOS_DB")
        if given:
            if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", given):
                raise RuntimeError("TAOS_DB is not the name of a database")
            yield given
            return
        name = f"taos_example_{secrets.token_hex(8)}"
        cursor.execute(f"create database {name} vgroups 1 buffer 3 pages 64")
        try:
            yield name
        except BaseException:
            with suppress(Exception):  # the first failure is the one to tell
                cursor.execute(f"drop database if exists {name}")
            raise
        cursor.execute(f"drop database if exists {name}")


    def connect() -> taosrest.TaosRestConnection:
        """Prepares requests to the server that the environment names; nothing is sent yet."""
        if os.environ.get("TDENGINE_CLOUD_URL"):
            host, port, token = cloud_gateway()
            return taosrest.connect(
                url=f"https://{host}:{port}", token=token, timeout=30, timezone=UTC
            )
        if os.environ.get("TAOS_TOKEN"):
            raise RuntimeError("taosrest takes no token: unset TAOS_TOKEN")
        if os.environ.get("TAOS_CA_FILE"):
            # The connector has no setting for it; its HTTP libraries read these two.
            os.environ["REQUESTS_CA_BUNDLE"] = os.environ["TAOS_CA_FILE"]
            os.environ["SSL_CERT_FILE"] = os.environ["TAOS_CA_FILE"]
        scheme = "https" if is_on("TAOS_TLS") else "http"
        host = os.environ.get("TAOS_HOST") or "localhost"
        if ":" in host:
            host = f"[{host.strip('[]')}]"
        port = int(os.environ.get("TAOS_PORT") or 6041)
        return taosrest.connect(
            url=f"{scheme}://{host}:{port}",
            user=os.environ.get("TAOS_USER") or "root",
            password=os.environ.get("TAOS_PASSWORD") or "taosdata",
            timeout=30,
            timezone=UTC,
        )


    def cloud_gateway() -> tuple[str, str, str]:
        """The host and port of TDengine Cloud's gateway, and the token as an address has it."""
        url = urlsplit(os.environ.get("TDENGINE_CLOUD_URL", ""))
        if url.scheme != "https" or not url.hostname:
            raise RuntimeError(
                "TDENGINE_CLOUD_URL is not a URL such as https://gw.cloud.tdengine.com"
            )
        token = os.environ.get("TDENGINE_CLOUD_TOKEN")
        if not token:
            raise RuntimeError("TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not")
        return url.hostname, str(url.port or 443), quote(token, safe="")


    def is_on(name: str) -> bool:
        """Tells whether the environment variable is set to anything but 0."""
        return (os.environ.get(name) or "0") != "0"


    def rfc3339(instant: datetime) -> str:
        """The instant in UTC with milliseconds, the precision of a new database."""
        text = instant.astimezone(UTC).isoformat(timespec="milliseconds")
        return text.replace("+00:00", "Z")


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
    Writes rows to a supertable of TDengine over the native connection, reads them back, and removes what it made.
        taos-setup run -- .venv/bin/python main.py
    It needs the client library (`taos-setup install`) of the server's version.
    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6030) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata), or with the token
    `TAOS_TOKEN` (TDengine 3.4).
    """Writes rows to a supertable of TDengine over the native connection and reads them back."""
                print("rows written:", write(connection, database, start))
    def write(connection, database: str, start: datetime) -> int:
        The values travel beside the statement, so nothing in them is taken for SQL.
        from taos import new_bind_params
        milliseconds = round(start.timestamp() * 1000)
        statement = connection.statement(
            f"insert into ? using {database}.example_readings tags (?) values (?, ?)"
            for seconds, (table, place, celsius) in enumerate(READINGS):
                tags = new_bind_params(1)
                tags[0].varchar(place)
                statement.set_tbname_tags(f"{database}.{table}", tags)
                row = new_bind_params(2)
                row[0].timestamp(milliseconds + 1000 * seconds)
                row[1].double(celsius)
                statement.bind_param(row)
            statement.execute()
            return statement.affected_rows
        finally:
            statement.close()
            # Bound instants are numbers, which count what the database's precision says.
            cursor.execute(
                "select `precision` from information_schema.ins_databases "
                f"where name = '{given.lower()}'"
            if cursor.fetchall() != [("ms",)]:
                raise RuntimeError("TAOS_DB does not name a database with precision 'ms'")
    def connect():
        """Connects to the server that the environment names."""
        import taos  # here, because it fails without a client library
        settings = server()
        settings["port"] = int(settings["port"])
        return taos.connect(**settings, timezone="UTC")
    def server() -> dict[str, str]:
        """Where the environment says that TDengine is, and how to log in there."""
                "TDengine Cloud has no native connection: unset TDENGINE_CLOUD_URL"
        if is_on("TAOS_TLS"):
            raise RuntimeError("the client reads enableTLS from taos.cfg: unset TAOS_TLS")
        settings = {
            "host": os.environ.get("TAOS_HOST") or "localhost",
            "port": os.environ.get("TAOS_PORT") or "6030",
        }
            settings["bearer_token"] = os.environ["TAOS_TOKEN"]
            return settings
        settings["user"] = os.environ.get("TAOS_USER") or "root"
        settings["password"] = os.environ.get("TAOS_PASSWORD") or "taosdata"
        return settings
        """Reports a failure in one line; Python then exits with 1."""
    "#);
}
