//! The whole tree that `init --lang csharp` makes, and what it says.

use crate::init::new::made;
use insta::assert_snapshot;

#[test]
fn csharp_over_websocket() {
    assert_snapshot!(made(&["--lang", "csharp"]), @r##"
    exit 0
    --- stdout
    created   hello.csproj
    created   Program.cs
    created   README.md
    created   .gitignore

    Build it and run it:
      cd hello
      dotnet build
      dotnet run
    --- stderr
    note: no server given; TDengine.Connector 3.2.1 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    === .gitignore
    bin/
    obj/
    === Program.cs
    using System;
    using System.Globalization;
    using System.Text.RegularExpressions;
    using TDengine.Data.Client;
    using TDengine.Driver;

    namespace TaosExample
    {
        /// <summary>Writes rows to a supertable of TDengine over WebSocket and reads them back.</summary>
        internal static class Program
        {
            private const string Protocol = "protocol=WebSocket";

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
                using (var connection = Connect())
                {
                    Console.WriteLine("server version: " + ServerVersion(connection));
                    using (var database = new Database(connection))
                    {
                        WriteAndRead(connection, database.Name);
                    }
                }
            }

            private static void WriteAndRead(TDengineConnection connection, string database)
            {
                var start = Now();
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
            /// Writes the readings, a second apart, and makes the tables of the sensors. The values travel beside the statement; the first
            /// character of a parameter's name says what it is: # the table, $ a tag, @ a column. The type of a value must be that of its
            /// column: double for DOUBLE, float for FLOAT, int for INT.
            /// </summary>
            private static int Write(TDengineConnection connection, string database, DateTime start)
            {
                var written = 0;
                for (var i = 0; i < Readings.Length; i++)
                {
                    using (var command = new TDengineCommand(connection))
                    {
                        command.CommandText = $"insert into ? using {database}.example_readings tags (?) values (?, ?)";
                        command.Parameters.Add(new TDengineParameter("#0", $"{database}.{Readings[i].Table}"));
                        command.Parameters.Add(new TDengineParameter("$0", Readings[i].Place));
                        command.Parameters.Add(new TDengineParameter("@0", start.AddSeconds(i)));
                        command.Parameters.Add(new TDengineParameter("@1", Readings[i].Celsius));
                        written += command.ExecuteNonQuery();
                    }
                }
                return written;
            }

            private static string ServerVersion(TDengineConnection connection)
            {
                using (var command = new TDengineCommand(connection))
                {
                    command.CommandText = "select server_version()";
                    using (var reader = command.ExecuteReader())
                    {
                        return reader.Read() ? reader.GetString(0) : "";
                    }
                }
            }

            /// <summary>Prints the rows from <paramref name="start"/> on, of all tables, and gives their number.</summary>
            private static int Read(TDengineConnection connection, string stable, DateTime start)
            {
                var found = 0;
                using (var command = new TDengineCommand(connection))
                {
                    command.CommandText = $"select ts, celsius, place from {stable} where ts >= '{Rfc3339(start)}' order by ts";
                    using (var reader = command.ExecuteReader())
                    {
                        while (reader.Read())
                        {
                            Console.WriteLine(
                                $"{Rfc3339(reader.GetDateTime(0))}  {reader.GetDouble(1).ToString(CultureInfo.InvariantCulture)}  {reader.GetString(2)}");
                            found++;
                        }
                    }
                }
                Console.WriteLine($"rows read: {found}");
                return found;
            }

            /// <summary>Connects to the server that the environment names.</summary>
            private static TDengineConnection Connect()
            {
                var connection = new TDengineConnection(Protocol);
                SetServer(connection.ConnectionStringBuilder);
                connection.Open();
                return connection;
            }

            private static void Execute(TDengineConnection connection, string sql)
            {
                using (var command = new TDengineCommand(connection))
                {
                    command.CommandText = sql;
                    command.ExecuteNonQuery();
                }
            }

            /// <summary>Sets the server, user and password: a connection string cannot hold every password.</summary>
            private static void SetServer(ConnectionStringBuilder settings)
            {
                if (Env("TDENGINE_CLOUD_URL", "").Length > 0)
                {
                    var gateway = CloudGateway();
                    settings.Host = gateway.Host;
                    settings.Port = gateway.Port;
                    settings.UseSSL = true;
                    settings.Token = Env("TDENGINE_CLOUD_TOKEN", "");
                    return;
                }
                if (Env("TAOS_CA_FILE", "").Length > 0)
                {
                    throw new InvalidOperationException(
                        ".NET trusts the certificates of the system: set SSL_CERT_FILE instead of TAOS_CA_FILE");
                }
                var host = Env("TAOS_HOST", "localhost");
                settings.Host = host.Contains(":") && !host.StartsWith("[", StringComparison.Ordinal) ? $"[{host}]" : host;
                settings.Port = int.Parse(Env("TAOS_PORT", "6041"), CultureInfo.InvariantCulture);
                settings.UseSSL = Env("TAOS_TLS", "0") != "0";
                var token = Env("TAOS_TOKEN", "");
                if (token.Length > 0)
                {
                    settings["bearerToken"] = token;
                    return;
                }
                settings.Username = Env("TAOS_USER", "root");
                settings.Password = Env("TAOS_PASSWORD", "taosdata");
            }

            private static Uri CloudGateway()
            {
                if (!Uri.TryCreate(Env("TDENGINE_CLOUD_URL", ""), UriKind.Absolute, out var gateway))
                {
                    throw new InvalidOperationException(
                        "TDENGINE_CLOUD_URL is not a URL such as https://gw.cloud.tdengine.com");
                }
                if (Env("TDENGINE_CLOUD_TOKEN", "").Length == 0)
                {
                    throw new InvalidOperationException("TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not");
                }
                return gateway;
            }

            /// <summary>The environment variable's value, or <paramref name="fallback"/> if it is unset or empty.</summary>
            private static string Env(string name, string fallback)
            {
                var value = Environment.GetEnvironmentVariable(name);
                return string.IsNullOrEmpty(value) ? fallback : value;
            }

            /// <summary>RFC 3339 in UTC with milliseconds, the precision of a new database.</summary>
            private static string Rfc3339(DateTime instant) =>
                instant.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

            /// <summary>The current time in whole milliseconds.</summary>
            private static DateTime Now()
            {
                var now = DateTime.UtcNow;
                return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
            }

            /// <summary>The innermost cause of the failure in one line, without the Cloud token.</summary>
            private static string OneLine(Exception failure)
            {
                var text = failure.GetBaseException().Message;
                var token = Env("TDENGINE_CLOUD_TOKEN", "");
                if (token.Length > 0)
                {
                    text = text.Replace(token, "***");
                }
                return Regex.Replace(text, "\\s+", " ").Trim();
            }

            /// <summary>The database that TAOS_DB names, or a new one of the smallest size, dropped at the end.</summary>
            private sealed class Database : IDisposable
            {
                private readonly TDengineConnection connection;
                private readonly bool isOwn;

                public Database(TDengineConnection connection)
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
    === README.md
    # hello

    Writes rows to a supertable of TDengine over WebSocket, reads them back, and removes what it made.

        dotnet build
        dotnet run

    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata), or with the token
    `TAOS_TOKEN` (TDengine 3.4); with
    `TAOS_TLS=1` over TLS; or to TDengine Cloud where `TDENGINE_CLOUD_URL` and
    `TDENGINE_CLOUD_TOKEN` are set.
    It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1; `taos-setup verify` then says
    what is wrong.

    .NET trusts the certificates of the system; on Linux, `SSL_CERT_FILE` names a file with others. Each connection is for one thread.
    The type of a bound value must be that of its column: `float` for FLOAT, `double` for DOUBLE, `int` for INT.
    === hello.csproj
    <Project Sdk="Microsoft.NET.Sdk">

      <PropertyGroup>
        <OutputType>Exe</OutputType>
        <!-- .NET 8 or later builds and runs it. -->
        <TargetFramework>net8.0</TargetFramework>
        <CheckEolTargetFramework>false</CheckEolTargetFramework>
        <RollForward>Major</RollForward>
        <RootNamespace>TaosExample</RootNamespace>
        <Nullable>enable</Nullable>
      </PropertyGroup>

      <ItemGroup>
        <PackageReference Include="TDengine.Connector" Version="3.2.1" />
      </ItemGroup>

    </Project>
    "##);
}

#[test]
fn csharp_native() {
    assert_snapshot!(made(&["--lang", "csharp", "--transport", "native", "--server", "3.3.7.5"]), @r##"
    exit 0
    --- stdout
    created   hello.csproj
    created   Program.cs
    created   README.md
    created   .gitignore

    Build it and run it:
      cd hello
      dotnet build
      taos-setup run -- dotnet run
    --- stderr
    note: the vendor ends native connections of C# on 2027-01-01; taos-setup migrate changes programs to WebSocket
    === .gitignore
    bin/
    obj/
    === Program.cs
    using System;
    using System.Globalization;
    using System.Text.RegularExpressions;
    using TDengine.Data.Client;
    using TDengine.Driver;

    namespace TaosExample
    {
        /// <summary>Writes rows to a supertable of TDengine over the native connection and reads them back.</summary>
        internal static class Program
        {
            private const string Protocol = "protocol=Native";

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
                using (var connection = Connect())
                {
                    Console.WriteLine("server version: " + ServerVersion(connection));
                    using (var database = new Database(connection))
                    {
                        WriteAndRead(connection, database.Name);
                    }
                }
            }

            private static void WriteAndRead(TDengineConnection connection, string database)
            {
                var start = Now();
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
            /// Writes the readings, a second apart, and makes the tables of the sensors. The values travel beside the statement; the first
            /// character of a parameter's name says what it is: # the table, $ a tag, @ a column. The type of a value must be that of its
            /// column: double for DOUBLE, float for FLOAT, int for INT.
            /// </summary>
            private static int Write(TDengineConnection connection, string database, DateTime start)
            {
                var written = 0;
                for (var i = 0; i < Readings.Length; i++)
                {
                    using (var command = new TDengineCommand(connection))
                    {
                        command.CommandText = $"insert into ? using {database}.example_readings tags (?) values (?, ?)";
                        command.Parameters.Add(new TDengineParameter("#0", $"{database}.{Readings[i].Table}"));
                        command.Parameters.Add(new TDengineParameter("$0", Readings[i].Place));
                        command.Parameters.Add(new TDengineParameter("@0", start.AddSeconds(i)));
                        command.Parameters.Add(new TDengineParameter("@1", Readings[i].Celsius));
                        written += command.ExecuteNonQuery();
                    }
                }
                return written;
            }

            private static string ServerVersion(TDengineConnection connection)
            {
                using (var command = new TDengineCommand(connection))
                {
                    command.CommandText = "select server_version()";
                    using (var reader = command.ExecuteReader())
                    {
                        return reader.Read() ? reader.GetString(0) : "";
                    }
                }
            }

            /// <summary>Prints the rows from <paramref name="start"/> on, of all tables, and gives their number.</summary>
            private static int Read(TDengineConnection connection, string stable, DateTime start)
            {
                var found = 0;
                using (var command = new TDengineCommand(connection))
                {
                    command.CommandText = $"select ts, celsius, place from {stable} where ts >= '{Rfc3339(start)}' order by ts";
                    using (var reader = command.ExecuteReader())
                    {
                        while (reader.Read())
                        {
                            Console.WriteLine(
                                $"{Rfc3339(reader.GetDateTime(0))}  {reader.GetDouble(1).ToString(CultureInfo.InvariantCulture)}  {reader.GetString(2)}");
                            found++;
                        }
                    }
                }
                Console.WriteLine($"rows read: {found}");
                return found;
            }

            /// <summary>Connects to the server that the environment names.</summary>
            private static TDengineConnection Connect()
            {
                var connection = new TDengineConnection(Protocol);
                SetServer(connection.ConnectionStringBuilder);
                connection.Open();
                return connection;
            }

            private static void Execute(TDengineConnection connection, string sql)
            {
                using (var command = new TDengineCommand(connection))
                {
                    command.CommandText = sql;
                    command.ExecuteNonQuery();
                }
            }

            /// <summary>Sets the server, user and password: a connection string cannot hold every password.</summary>
            private static void SetServer(ConnectionStringBuilder settings)
            {
                if (Env("TDENGINE_CLOUD_URL", "").Length > 0)
                {
                    throw new InvalidOperationException("TDengine Cloud has no native connection: unset TDENGINE_CLOUD_URL");
                }
                if (Env("TAOS_TOKEN", "").Length > 0)
                {
                    throw new InvalidOperationException("native connections take no token: unset TAOS_TOKEN");
                }
                if (Env("TAOS_TLS", "0") != "0")
                {
                    throw new InvalidOperationException("the client library reads enableTLS from taos.cfg: unset TAOS_TLS");
                }
                settings.Host = Env("TAOS_HOST", "localhost");
                settings.Port = int.Parse(Env("TAOS_PORT", "6030"), CultureInfo.InvariantCulture);
                settings.Username = Env("TAOS_USER", "root");
                settings.Password = Env("TAOS_PASSWORD", "taosdata");
            }

            /// <summary>The environment variable's value, or <paramref name="fallback"/> if it is unset or empty.</summary>
            private static string Env(string name, string fallback)
            {
                var value = Environment.GetEnvironmentVariable(name);
                return string.IsNullOrEmpty(value) ? fallback : value;
            }

            /// <summary>RFC 3339 in UTC with milliseconds, the precision of a new database.</summary>
            private static string Rfc3339(DateTime instant) =>
                instant.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

            /// <summary>The current time in whole milliseconds.</summary>
            private static DateTime Now()
            {
                var now = DateTime.UtcNow;
                return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
            }

            /// <summary>The innermost cause of the failure in one line.</summary>
            private static string OneLine(Exception failure)
            {
                var text = failure.GetBaseException().Message;
                return Regex.Replace(text, "\\s+", " ").Trim();
            }

            /// <summary>The database that TAOS_DB names, or a new one of the smallest size, dropped at the end.</summary>
            private sealed class Database : IDisposable
            {
                private readonly TDengineConnection connection;
                private readonly bool isOwn;

                public Database(TDengineConnection connection)
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
    === README.md
    # hello

    Writes rows to a supertable of TDengine over the native connection, reads them back, and removes what it made.

        dotnet build
        taos-setup run -- dotnet run

    It needs the client library (`taos-setup install`) of the server's version.
    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6030) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata).
    It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1; `taos-setup verify` then says
    what is wrong.
    The type of a bound value must be that of its column: `float` for FLOAT, `double` for DOUBLE, `int` for INT.
    === hello.csproj
    <Project Sdk="Microsoft.NET.Sdk">

      <PropertyGroup>
        <OutputType>Exe</OutputType>
        <!-- .NET 8 or later builds and runs it. -->
        <TargetFramework>net8.0</TargetFramework>
        <CheckEolTargetFramework>false</CheckEolTargetFramework>
        <RollForward>Major</RollForward>
        <RootNamespace>TaosExample</RootNamespace>
        <Nullable>enable</Nullable>
      </PropertyGroup>

      <ItemGroup>
        <PackageReference Include="TDengine.Connector" Version="3.2.1" />
      </ItemGroup>

    </Project>
    "##);
}

#[test]
fn csharp_with_examples() {
    let examples = "stmt,tmq,schemaless,pool";
    let made = made(&[
        "--lang",
        "csharp",
        "--server",
        "3.2.2.2",
        "--example",
        examples,
    ]);
    let (run, tree) = made.split_once("===").unwrap();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    created   hello.csproj
    created   Program.cs
    created   README.md
    created   .gitignore
    created   Stmt.cs
    created   Tmq.cs
    created   Schemaless.cs
    created   Pool.cs

    Build it and run it:
      cd hello
      dotnet build
      dotnet run
      dotnet run --property:Example=Stmt
      dotnet run --property:Example=Tmq
      dotnet run --property:Example=Schemaless
      dotnet run --property:Example=Pool
    --- stderr
    note: TDengine.Connector 3.1.1 fails if a timeout or a time zone is set (Cannot convert object of type 'System.TimeSpan')
    ");
    let project = tree.split("=== ").find(|it| it.starts_with("hello.csproj"));
    assert_snapshot!(project.unwrap(), @r#"
    hello.csproj
    <Project Sdk="Microsoft.NET.Sdk">

      <PropertyGroup>
        <OutputType>Exe</OutputType>
        <!-- .NET 8 or later builds and runs it. -->
        <TargetFramework>net8.0</TargetFramework>
        <CheckEolTargetFramework>false</CheckEolTargetFramework>
        <RollForward>Major</RollForward>
        <RootNamespace>TaosExample</RootNamespace>
        <Nullable>enable</Nullable>
      </PropertyGroup>

      <!-- Each of these files is a program. The property chooses one: dotnet build -p:Example=Stmt -->
      <PropertyGroup>
        <Example Condition="'$(Example)' == ''">Program</Example>
        <AssemblyName>$(Example)</AssemblyName>
      </PropertyGroup>

      <ItemGroup>
        <Compile Remove="Program.cs;Stmt.cs;Tmq.cs;Schemaless.cs;Pool.cs" />
        <Compile Include="$(Example).cs" />
      </ItemGroup>

      <ItemGroup>
        <PackageReference Include="TDengine.Connector" Version="3.1.1" />
      </ItemGroup>

    </Project>
    "#);
}
