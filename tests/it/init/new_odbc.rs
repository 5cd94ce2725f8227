//! The whole tree that `init --lang odbc` makes.

use insta::assert_snapshot;

use crate::init::new::made;

#[test]
fn odbc_over_websocket() {
    assert_snapshot!(made(&["--lang", "odbc", "--example", "csharp"]), @r#"
    exit 0
    --- stdout
    created   odbc.ini
    created   odbcinst.ini
    created   tdengine.reg
    created   main.py
    created   README.md
    created   .gitignore
    created   csharp/Example.csproj
    created   csharp/Program.cs

    Build it and run it:
      cd hello
      python3 -m venv .venv
      .venv/bin/python -m pip install pyodbc~=5.2
      env ODBCSYSINI=. ODBCINI=odbc.ini .venv/bin/python main.py
      env ODBCSYSINI=. ODBCINI=odbc.ini dotnet run --project csharp
    --- stderr
    note: no server given; taos-connector-odbc 1.1.0 works with servers from 3.2.2.2 on
    note: the driver comes with the TDengine client for Windows; elsewhere it is built from source: README.md and docs/odbc.md
    note: the driver gives TIMESTAMP as text, binds no times, and does not read DECIMAL and BLOB
    === .gitignore
    .venv/
    __pycache__/
    bin/
    obj/
    === README.md
    # hello

    Writes rows to a supertable of TDengine over WebSocket, reads them back, and removes what it made.

    - csharp: does the same in C#, with System.Data.Odbc

        python3 -m venv .venv
        .venv/bin/python -m pip install pyodbc~=5.2
        env ODBCSYSINI=. ODBCINI=odbc.ini .venv/bin/python main.py
        env ODBCSYSINI=. ODBCINI=odbc.ini dotnet run --project csharp

    It needs Python 3.8 or later, unixODBC (on Windows nothing: ODBC is a part of it), and the ODBC driver of TDengine.
    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata); with
    `TAOS_TLS=1` over TLS; or to TDengine Cloud where `TDENGINE_CLOUD_URL` and
    `TDENGINE_CLOUD_TOKEN` are set.
    It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1; `taos-setup verify` then says
    what is wrong.

    If none of `TAOS_HOST`, `TAOS_PORT`, and `TAOS_TLS` is set, the data source `tdengine_ws` of `odbc.ini` says where the server is. The
    user and the password are in no file: the driver would not read them there.

    With `TAOS_HOST`, a user and a password may have any character. Without it, the driver accepts no white space and none of
    `[ ] { } ( ) , ; ? * = ! @` in them.

    ## Linux and macOS

    The driver is built from source, once (Debian and Ubuntu: `apt install cmake gcc flex bison git unixodbc-dev odbcinst`):

        taos-setup install --match HOST
        git clone https://github.com/taosdata/taos-connector-odbc.git
        cd taos-connector-odbc
        prefix="$(taos-setup run -- pkg-config --variable=prefix taos)"
        cmake -B build -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_FLAGS="-I$prefix/include -L$prefix/lib" -DCMAKE_SHARED_LINKER_FLAGS="-Wl,-rpath,$prefix/lib"
        cmake --build build --target taos_odbc
        sudo install build/src/libtaos_odbc.so /usr/local/lib/

    Elsewhere than in `/usr/local/lib`, change `Driver` in `odbcinst.ini`. `ODBCSYSINI` and `ODBCINI` let unixODBC read the files of this
    directory; isql shows whether they are right (its arguments are visible to other users of the machine):

        ODBCSYSINI="$PWD" ODBCINI="$PWD/odbc.ini" isql -v tdengine_ws USER PASSWORD

    For all programs of this machine, register the files once:

        sudo odbcinst -i -d -f odbcinst.ini
        sudo odbcinst -i -s -l -f odbc.ini

    ## Windows

    The installer of the TDengine client registers the driver `TAOS_ODBC_DRIVER`. `reg import tdengine.reg` adds the data source for this
    user. So does one of these lines, in PowerShell:

        Add-OdbcDsn -Name tdengine_ws -DriverName TAOS_ODBC_DRIVER -DsnType User -Platform 64-bit -SetPropertyValue 'URL=http://localhost:6041'
        & "$env:SystemRoot\System32\odbcconf.exe" /A '{CONFIGDSN "TAOS_ODBC_DRIVER" "DSN=tdengine_ws|URL=http://localhost:6041"}'

    A 32-bit program needs the 32-bit driver (TDengine Enterprise) and a data source of it: `tdengine_ws_x86` of `tdengine.reg`, or

        & "$env:SystemRoot\SysWOW64\odbcconf.exe" /A '{CONFIGDSN "TAOS_ODBC_DRIVER" "DSN=tdengine_ws_x86|URL=http://localhost:6041"}'

    This shows whether it connects:

        $connection = New-Object System.Data.Odbc.OdbcConnection "DSN=tdengine_ws;UID=root;PWD=$env:TAOS_PASSWORD"
        $connection.Open()
        (New-Object System.Data.Odbc.OdbcCommand 'select server_version()', $connection).ExecuteScalar()
    === csharp/Example.csproj
    <Project Sdk="Microsoft.NET.Sdk">

      <PropertyGroup>
        <OutputType>Exe</OutputType>
        <!-- .NET 8 or later builds and runs it. -->
        <TargetFramework>net8.0</TargetFramework>
        <CheckEolTargetFramework>false</CheckEolTargetFramework>
        <RollForward>Major</RollForward>
        <RootNamespace>TaosExample</RootNamespace>
        <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
      </PropertyGroup>

      <ItemGroup>
        <PackageReference Include="System.Data.Odbc" Version="8.0.0" />
      </ItemGroup>

    </Project>
    === csharp/Program.cs
    using System;
    using System.Data.Odbc;
    using System.Globalization;
    using System.Linq;
    using System.Text.RegularExpressions;

    namespace TaosExample
    {
        /// <summary>Writes rows to a supertable of TDengine over WebSocket (ODBC) and reads them back.</summary>
        internal static class Program
        {
            private const string Driver = "TAOS_ODBC_DRIVER";

            private const string Source = "tdengine_ws";

            /// <summary>The sensors. A supertable has one table for each; what never changes of a sensor, such as its place, is a tag.</summary>
            private static readonly (string Table, string Place, double Celsius)[] Readings =
            {
                ("example_zurich", "Zürich", 21.5),
                ("example_beijing", "北京", -3.25),
            };

            private static int Main()
            {
                try
                {
                    Run();
                    return 0;
                }
                catch (Exception failure)
                {
                    Console.Error.WriteLine("error: " + OneLine(failure));
                    return 1;
                }
            }

            private static void Run()
            {
                // The driver prints two lines at its start unless these are set.
                SetDefault("TAOS_ODBC_LOGGER", "stderr");
                SetDefault("TAOS_ODBC_LOG_LEVEL", "FATAL");
                using (var connection = new OdbcConnection(ConnectionString()))
                {
                    connection.Open();
                    Console.WriteLine("server version: " + Scalar(connection, "select server_version()"));
                    using (var database = new Database(connection))
                    {
                        WriteAndRead(connection, database.Name);
                    }
                }
            }

            private static void WriteAndRead(OdbcConnection connection, string database)
            {
                var now = DateTime.UtcNow;
                var start = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
                var stable = database + ".example_readings";
                Execute(connection, $"create stable if not exists {stable} (ts timestamp, celsius double) tags (place varchar(64))");
                Console.WriteLine($"rows written: {Write(connection, database, start)}");
                var found = Read(connection, stable, start);
                if (found != Readings.Length)
                {
                    throw new InvalidOperationException($"wrote {Readings.Length} rows and read {found}");
                }
            }

            /// <summary>
            /// Writes the readings, a second apart, and makes the tables of the sensors. The driver does not bind times, so the values are a
            /// part of the text: quote what comes from outside with <see cref="Literal"/>.
            /// </summary>
            private static int Write(OdbcConnection connection, string database, DateTime start)
            {
                var rows = Readings.Select((it, seconds) =>
                    $"{database}.{it.Table} using {database}.example_readings tags ({Literal(it.Place)}) "
                    + $"values ({Literal(Rfc3339(start.AddSeconds(seconds)))}, {it.Celsius.ToString("R", CultureInfo.InvariantCulture)})");
                return Execute(connection, "insert into " + string.Join(" ", rows));
            }

            /// <summary>
            /// Prints the rows from <paramref name="start"/> on, of all tables, and gives their number. The driver gives a TIMESTAMP as text
            /// without a time zone; to_iso8601() adds it.
            /// </summary>
            private static int Read(OdbcConnection connection, string stable, DateTime start)
            {
                var found = 0;
                var sql = $"select to_iso8601(ts), celsius, place from {stable} where ts >= {Literal(Rfc3339(start))} order by ts";
                using (var command = new OdbcCommand(sql, connection))
                using (var reader = command.ExecuteReader())
                {
                    while (reader.Read())
                    {
                        var instant = DateTimeOffset.Parse(reader.GetString(0), CultureInfo.InvariantCulture);
                        var celsius = reader.GetDouble(1).ToString(CultureInfo.InvariantCulture);
                        Console.WriteLine($"{Rfc3339(instant.UtcDateTime)}  {celsius}  {reader.GetString(2)}");
                        found++;
                    }
                }
                Console.WriteLine($"rows read: {found}");
                return found;
            }

            private static int Execute(OdbcConnection connection, string sql)
            {
                using (var command = new OdbcCommand(sql, connection))
                {
                    return command.ExecuteNonQuery();
                }
            }

            private static object Scalar(OdbcConnection connection, string sql)
            {
                using (var command = new OdbcCommand(sql, connection))
                {
                    return command.ExecuteScalar();
                }
            }

            /// <summary>The text as a literal of SQL.</summary>
            private static string Literal(string text)
            {
                return "'" + text.Replace("\\", "\\\\").Replace("'", "\\'") + "'";
            }

            /// <summary>The instant in UTC with milliseconds, the precision of a new database.</summary>
            private static string Rfc3339(DateTime instant)
            {
                return instant.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
            }

            /// <summary>The driver or the data source, the server, and the login.</summary>
            private static string ConnectionString()
            {
                if (Env("TDENGINE_CLOUD_URL", "").Length > 0)
                {
                    return $"DRIVER={{{Driver}}};URL={{{CloudGateway()}}}";
                }
                if (Env("TAOS_TOKEN", "").Length > 0)
                {
                    throw new InvalidOperationException("the ODBC driver takes no token: unset TAOS_TOKEN");
                }
                if (Env("TAOS_CA_FILE", "").Length > 0)
                {
                    throw new InvalidOperationException("the ODBC driver trusts the authorities of the system: unset TAOS_CA_FILE");
                }
                var user = Env("TAOS_USER", "root");
                var password = Env("TAOS_PASSWORD", "taosdata");
                if (Env("TAOS_HOST", "") + Env("TAOS_PORT", "") + Env("TAOS_TLS", "") == "")
                {
                    return $"DSN={Source};UID={Plain("TAOS_USER", user)};PWD={Plain("TAOS_PASSWORD", password)}";
                }
                var scheme = Env("TAOS_TLS", "0") == "0" ? "http" : "https";
                var host = Env("TAOS_HOST", "localhost");
                host = host.Contains(":") && !host.StartsWith("[", StringComparison.Ordinal) ? $"[{host}]" : host;
                var login = Uri.EscapeDataString(user) + ":" + Uri.EscapeDataString(password);
                var url = $"{scheme}://{login}@{host}:{Port()}";
                return $"DRIVER={{{Driver}}};URL={{{url}}}";
            }

            private static int Port()
            {
                return int.Parse(Env("TAOS_PORT", "6041"), CultureInfo.InvariantCulture);
            }

            /// <summary>The value, if the driver's connection string can hold it.</summary>
            private static string Plain(string name, string value)
            {
                if (value.All(char.IsDigit) || Regex.IsMatch(value, @"[\s\[\]{}(),;?*=!@]"))
                {
                    throw new InvalidOperationException(
                        $"the ODBC driver's connection string cannot hold the value of {name}: set TAOS_HOST, too");
                }
                return value;
            }

            /// <summary>The address of TDengine Cloud's gateway with the token.</summary>
            private static string CloudGateway()
            {
                if (!Uri.TryCreate(Env("TDENGINE_CLOUD_URL", ""), UriKind.Absolute, out var gateway) || gateway.Scheme != "https")
                {
                    throw new InvalidOperationException("TDENGINE_CLOUD_URL is not a URL such as https://gw.cloud.tdengine.com");
                }
                var token = Env("TDENGINE_CLOUD_TOKEN", "");
                if (token.Length == 0)
                {
                    throw new InvalidOperationException("TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not");
                }
                return $"https://{gateway.Host}:{gateway.Port}?token={Uri.EscapeDataString(token)}";
            }

            /// <summary>The failure's text in one line, without the login, which the driver repeats in its errors.</summary>
            private static string OneLine(Exception failure)
            {
                var text = Regex.Replace(failure.Message, @"\s+", " ").Trim();
                text = Regex.Replace(text, @"//[^@/\s]*@", "//");
                text = Regex.Replace(text, @"token=[^&\s\]]+", "token=***");
                var password = Env("TAOS_PASSWORD", "");
                return password.Length == 0 ? text : text.Replace(password, "***");
            }

            /// <summary>The environment variable's value, or the fallback where it is unset or empty.</summary>
            private static string Env(string name, string fallback)
            {
                var value = Environment.GetEnvironmentVariable(name);
                return string.IsNullOrEmpty(value) ? fallback : value;
            }

            private static void SetDefault(string name, string value)
            {
                Environment.SetEnvironmentVariable(name, Env(name, value));
            }

            /// <summary>The database that TAOS_DB names, or a new one of the smallest size, dropped at the end.</summary>
            private sealed class Database : IDisposable
            {
                private readonly OdbcConnection connection;
                private readonly bool isOwn;

                public Database(OdbcConnection connection)
                {
                    this.connection = connection;
                    var given = Env("TAOS_DB", "");
                    isOwn = given.Length == 0;
                    if (!isOwn && !Regex.IsMatch(given, "^[A-Za-z_][A-Za-z0-9_]*$"))
                    {
                        throw new InvalidOperationException("TAOS_DB is not the name of a database");
                    }
                    Name = isOwn ? "taos_example_" + Guid.NewGuid().ToString("N") : given;
                    if (isOwn)
                    {
                        Execute(connection, $"create database {Name} vgroups 1 buffer 3 pages 64");
                    }
                }

                public string Name { get; }

                public void Dispose()
                {
                    if (isOwn)
                    {
                        Execute(connection, $"drop database if exists {Name}");
                    }
                }
            }
        }
    }
    === main.py
    """Writes rows to a supertable of TDengine over WebSocket (ODBC) and reads them back."""

    from __future__ import annotations

    import os
    import re
    import secrets
    import sys
    from collections.abc import Iterator
    from contextlib import closing, contextmanager, suppress
    from datetime import datetime, timedelta, timezone
    from urllib.parse import quote, urlsplit

    import pyodbc

    UTC = timezone(timedelta(0))  # datetime.UTC needs Python 3.11

    DRIVER = "TAOS_ODBC_DRIVER"
    SOURCE = "tdengine_ws"

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
            version = cursor.execute("select server_version()").fetchval()
            print("server version:", version)
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


    def write(cursor: pyodbc.Cursor, database: str, start: datetime) -> int:
        """Writes the readings, a second apart, and makes the tables of the sensors.

        The driver does not bind times, so the values are a part of the text: quote what comes
        from outside with literal().
        """
        rows = []
        for seconds, (table, place, celsius) in enumerate(READINGS):
            instant = rfc3339(start + timedelta(seconds=seconds))
            rows.append(
                f"{database}.{table} using {database}.example_readings "
                f"tags ({literal(place)}) values ({literal(instant)}, {celsius!r})"
            )
        return cursor.execute("insert into " + " ".join(rows)).rowcount


    def read(cursor: pyodbc.Cursor, database: str, start: datetime) -> int:
        """Prints the readings from start on, of all sensors, and gives their number.

        The driver gives a TIMESTAMP as text without a time zone; to_iso8601() adds it.
        """
        rows = cursor.execute(
            f"select to_iso8601(ts), celsius, place from {database}.example_readings "
            f"where ts >= {literal(rfc3339(start))} order by ts"
        ).fetchall()
        for instant, celsius, place in rows:
            print(rfc3339(parse(instant)), celsius, place, sep="  ")
        print("rows read:", len(rows))
        return len(rows)


    def literal(text: str) -> str:
        """The text as a literal of SQL."""
        escaped = text.replace("\\", "\\\\").replace("'", "\\'")
        return f"'{escaped}'"


    def parse(text: str) -> datetime:
        """The instant that to_iso8601() gives; Python has no nanoseconds."""
        return datetime.strptime(
            re.sub(r"(\.\d{6})\d+", r"\1", text), "%Y-%m-%dT%H:%M:%S.%f%z"
        )


    def rfc3339(instant: datetime) -> str:
        """The instant in UTC with milliseconds, the precision of a new database."""
        text = instant.astimezone(UTC).isoformat(timespec="milliseconds")
        return text.replace("+00:00", "Z")


    @contextmanager
    def use_database(cursor: pyodbc.Cursor) -> Iterator[str]:
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


    def connect() -> pyodbc.Connection:
        """Connects to the server that the environment names, else to that of the data source."""
        # The driver prints two lines at its start unless these are set.
        os.environ.setdefault("TAOS_ODBC_LOGGER", "stderr")
        os.environ.setdefault("TAOS_ODBC_LOG_LEVEL", "FATAL")
        # TDengine has no transactions.
        return pyodbc.connect(connection_string(), autocommit=True)


    def connection_string() -> str:
        """The driver or the data source, the server, and the login."""
        if os.environ.get("TDENGINE_CLOUD_URL"):
            return f"DRIVER={{{DRIVER}}};URL={{{cloud_gateway()}}}"
        if os.environ.get("TAOS_TOKEN"):
            raise RuntimeError("the ODBC driver takes no token: unset TAOS_TOKEN")
        if os.environ.get("TAOS_CA_FILE"):
            raise RuntimeError(
                "the ODBC driver trusts the authorities of the system: unset TAOS_CA_FILE"
            )
        user = os.environ.get("TAOS_USER") or "root"
        password = os.environ.get("TAOS_PASSWORD") or "taosdata"
        if not any(map(os.environ.get, ("TAOS_HOST", "TAOS_PORT", "TAOS_TLS"))):
            plain("TAOS_USER", user)
            plain("TAOS_PASSWORD", password)
            return f"DSN={SOURCE};UID={user};PWD={password}"
        scheme = "https" if (os.environ.get("TAOS_TLS") or "0") != "0" else "http"
        host = os.environ.get("TAOS_HOST") or "localhost"
        if ":" in host:
            host = f"[{host.strip('[]')}]"
        port = int(os.environ.get("TAOS_PORT") or 6041)
        login = f"{quote(user, safe='')}:{quote(password, safe='')}"
        return f"DRIVER={{{DRIVER}}};URL={{{scheme}://{login}@{host}:{port}}}"


    def plain(name: str, value: str) -> None:
        """Refuses a value that the driver's connection string cannot hold."""
        if value.isdecimal() or re.search(r"[\s\[\]{}(),;?*=!@]", value):
            raise RuntimeError(
                f"the ODBC driver's connection string cannot hold the value of {name}"
                ": set TAOS_HOST, too"
            )


    def cloud_gateway() -> str:
        """The address of TDengine Cloud's gateway with the token."""
        url = urlsplit(os.environ.get("TDENGINE_CLOUD_URL", ""))
        if url.scheme != "https" or not url.hostname:
            raise RuntimeError(
                "TDENGINE_CLOUD_URL is not a URL such as https://gw.cloud.tdengine.com"
            )
        token = os.environ.get("TDENGINE_CLOUD_TOKEN")
        if not token:
            raise RuntimeError("TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not")
        return f"https://{url.hostname}:{url.port or 443}?token={quote(token, safe='')}"


    def one_line(kind: type[BaseException], error: BaseException, _trace: object) -> None:
        """Reports a failure in one line; Python then exits with 1.

        The driver repeats the login in its errors.
        """
        text = error.args[-1] if isinstance(error, pyodbc.Error) else str(error)
        text = " ".join(str(text).split()) or kind.__name__
        text = re.sub(r"//[^@/\s]*@", "//", text)
        text = re.sub(r"token=[^&\s\]]+", "token=***", text)
        password = os.environ.get("TAOS_PASSWORD")
        if password:
            text = text.replace(password, "***")
        print("error:", text, file=sys.stderr)


    if __name__ == "__main__":
        sys.excepthook = one_line
        main()
    === odbc.ini
    ; Data sources of TDengine. The user and the password come with each connection: the driver reads none here.
    [ODBC Data Sources]
    tdengine_ws = TAOS_ODBC_DRIVER

    [tdengine_ws]
    Description = TDengine over WebSocket
    Driver = TAOS_ODBC_DRIVER
    URL = http://localhost:6041
    === odbcinst.ini
    ; The driver: README.md says how to build it.
    [ODBC Drivers]
    TAOS_ODBC_DRIVER = Installed

    [TAOS_ODBC_DRIVER]
    Description = TDengine
    Driver = /usr/local/lib/libtaos_odbc.so
    === tdengine.reg
    Windows Registry Editor Version 5.00␍
    ␍
    ; User data sources for reg import. The file is ASCII, which regedit reads on every Windows.␍
    [HKEY_CURRENT_USER\Software\ODBC\ODBC.INI\ODBC Data Sources]␍
    "tdengine_ws"="TAOS_ODBC_DRIVER"␍
    "tdengine_ws_x86"="TAOS_ODBC_DRIVER"␍
    ␍
    ; For 64-bit programs.␍
    [HKEY_CURRENT_USER\Software\ODBC\ODBC.INI\tdengine_ws]␍
    "Driver"="C:\\TDengine\\taos_odbc\\x64\\bin\\taos_odbc.dll"␍
    "URL"="http://localhost:6041"␍
    ␍
    ; For 32-bit programs. The 32-bit driver is a part of TDengine Enterprise and connects over WebSocket only.␍
    [HKEY_CURRENT_USER\Software\ODBC\ODBC.INI\tdengine_ws_x86]␍
    "Driver"="C:\\TDengine\\taos_odbc\\x86\\bin\\taos_odbc.dll"␍
    "URL"="http://localhost:6041"␍
    "#);
}
