//! The whole tree that `init --lang rust` makes, and what it says.

use crate::init::new::made;
use crate::support::program::TestContext;
use insta::assert_snapshot;

#[test]
fn rust_over_websocket() {
    assert_snapshot!(made(&["--lang", "rust"]), @r#"
    exit 0
    --- stdout
    created   Cargo.toml
    created   src/main.rs
    created   README.md
    created   .gitignore

    Build it and run it:
      cd hello
      cargo build
      cargo run -q
    --- stderr
    note: no server given; taos 0.12.3 works with servers from 3.2.2.2 on
    note: taos 0.12.3 does not accept IPv6 addresses over WebSocket, but accepts host names that resolve to one
    === .gitignore
    /target
    === Cargo.toml
    [package]
    name = "hello"
    version = "0.1.0"
    edition = "2021"
    publish = false

    [dependencies]
    taos = { version = "0.12.3", default-features = false, features = ["ws-rustls"] }
    # taos 0.12.3 panics over WebSocket with tokio 1.54 and later (capacity must be greater than zero).
    tokio = { version = ">=1.40, <1.54", features = ["macros", "rt-multi-thread", "time"] }
    === README.md
    # hello

    Writes rows to a supertable of TDengine over WebSocket, reads them back, and removes what it made.

        cargo build
        cargo run -q

    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata); with
    `TAOS_TLS=1` over TLS; or to TDengine Cloud where `TDENGINE_CLOUD_URL` and
    `TDENGINE_CLOUD_TOKEN` are set.
    It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1; `taos-setup verify` then says
    what is wrong.
    === src/main.rs
    //! Writes rows to a supertable of TDengine over WebSocket and reads them back.

    use std::env;
    use std::error::Error;
    use std::hash::{BuildHasher, RandomState};
    use std::process::ExitCode;
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use taos::taos_query::common::Timestamp;
    use taos::taos_query::{Address, Dsn};
    use taos::{AsyncBindable, ColumnView, Stmt, Value};
    use taos::{AsyncFetchable, AsyncQueryable, AsyncTBuilder, Taos, TaosBuilder, TryStreamExt};

    type Result<T> = std::result::Result<T, Box<dyn Error>>;

    /// A temperature that the sensor of a table measured. A supertable has one table for each sensor; what never changes of a sensor,
    /// such as its place, is a tag.
    struct Reading {
        table: &'static str,
        place: &'static str,
        celsius: f64,
    }

    const READINGS: [Reading; 2] = [
        Reading {
            table: "example_zurich",
            place: "Zürich",
            celsius: 21.5,
        },
        Reading {
            table: "example_beijing",
            place: "北京",
            celsius: -3.25,
        },
    ];

    /// How long the whole program may take: the connector waits for an answer without an end.
    const PATIENCE: Duration = Duration::from_secs(60);

    #[tokio::main]
    async fn main() -> ExitCode {
        let outcome = match tokio::time::timeout(PATIENCE, run()).await {
            Ok(outcome) => outcome,
            Err(_) => Err("the server did not answer in time".into()),
        };
        match outcome {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {}", one_line(&*error));
                ExitCode::FAILURE
            }
        }
    }

    /// The error in one line, without the Cloud token that an address in it may hold.
    fn one_line(error: &dyn Error) -> String {
        let text = error.to_string();
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match variable("TDENGINE_CLOUD_TOKEN") {
            Some(token) => line.replace(&percent_encoded(&token), "***"),
            None => line,
        }
    }

    async fn run() -> Result<()> {
        let taos = TaosBuilder::from_dsn(dsn()?)?.build().await?;
        let version: Option<String> = taos.query_one("select server_version()").await?;
        println!("server version: {}", version.unwrap_or_default());

        let (database, is_new) = use_database(&taos).await?;
        let outcome = write_and_read(&taos, &database).await;
        if is_new {
            let dropped = taos.exec(format!("drop database if exists {database}"));
            // The first failure is the one to tell.
            outcome.and(dropped.await.map(|_| ()).map_err(Into::into))
        } else {
            outcome
        }
    }

    async fn write_and_read(taos: &Taos, database: &str) -> Result<()> {
        taos.exec(format!(
            "create stable if not exists {database}.example_readings \
             (ts timestamp, celsius double) tags (place varchar(64))"
        ))
        .await?;
        let start = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
        let start = i64::try_from(start)?;
        let written = write(taos, database, start).await?;
        println!("rows written: {written}");
        let found = read(taos, database, start).await?;
        if found != READINGS.len() {
            return Err(format!("wrote {} rows and read {found}", READINGS.len()).into());
        }
        Ok(())
    }

    /// Writes the readings, a second apart, and makes the tables of the sensors. The values travel beside the statement.
    async fn write(taos: &Taos, database: &str, start: i64) -> Result<usize> {
        let mut statement = Stmt::init(taos).await?;
        statement
            .prepare(&format!(
                "insert into ? using {database}.example_readings tags (?) values (?, ?)"
            ))
            .await?;
        for (seconds, reading) in (0..).zip(&READINGS) {
            let instant = start + 1000 * seconds;
            statement
                .set_tbname(&format!("{database}.{}", reading.table))
                .await?
                .set_tags(&[Value::VarChar(reading.place.into())])
                .await?
                .bind(&[
                    ColumnView::from_millis_timestamp(vec![instant]),
                    ColumnView::from_doubles(vec![reading.celsius]),
                ])
                .await?
                .add_batch()
                .await?;
        }
        Ok(statement.execute().await?)
    }

    /// Prints the readings from start on, of all tables, and gives their number.
    async fn read(taos: &Taos, database: &str, start: i64) -> Result<usize> {
        let rows: Vec<(Timestamp, f64, String)> = taos
            .query(format!(
                "select ts, celsius, place from {database}.example_readings where ts >= '{}' order by ts",
                rfc3339(Timestamp::Milliseconds(start))
            ))
            .await?
            .deserialize()
            .try_collect()
            .await?;
        for (ts, celsius, place) in &rows {
            println!("{}  {celsius}  {place}", rfc3339(*ts));
        }
        println!("rows read: {}", rows.len());
        Ok(rows.len())
    }

    /// The instant in UTC with milliseconds, the precision of a new database.
    fn rfc3339(ts: Timestamp) -> String {
        ts.to_naive_datetime()
            .format("%Y-%m-%dT%H:%M:%S%.3fZ")
            .to_string()
    }

    /// The database that TAOS_DB names, or a new one of the smallest size, and whether it is new.
    async fn use_database(taos: &Taos) -> Result<(String, bool)> {
        if let Some(given) = variable("TAOS_DB") {
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            if !given.chars().all(is_name) || given.starts_with(|c: char| c.is_ascii_digit()) {
                return Err("TAOS_DB is not the name of a database".into());
            }
            // Bound instants are numbers, which count what the database's precision says.
            let query = "select `precision` from information_schema.ins_databases where name = ";
            let name = given.to_ascii_lowercase();
            let precision: Option<String> = taos.query_one(format!("{query}'{name}'")).await?;
            if precision.as_deref() != Some("ms") {
                return Err("TAOS_DB does not name a database with precision 'ms'".into());
            }
            return Ok((given, false));
        }
        let name = format!("taos_example_{:016x}", RandomState::new().hash_one(0));
        taos.exec(format!(
            "create database {name} vgroups 1 buffer 3 pages 64"
        ))
        .await?;
        Ok((name, true))
    }

    /// The server that the environment names. Nothing in it is escaped, as it is never written out.
    fn dsn() -> Result<Dsn> {
        if let Some(cloud) = variable("TDENGINE_CLOUD_URL") {
            let token = variable("TDENGINE_CLOUD_TOKEN")
                .ok_or("TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not")?;
            let gateway = cloud
                .strip_prefix("https://")
                .ok_or("TDENGINE_CLOUD_URL is not a URL such as https://gw.cloud.tdengine.com")?;
            return Ok(Dsn {
                driver: "wss".into(),
                addresses: vec![Address::from_host(gateway.trim_end_matches('/'))],
                // This release puts it into the address as it is.
                params: [("token".into(), percent_encoded(&token))].into(),
                ..Dsn::default()
            });
        }
        if variable("TAOS_TOKEN").is_some() {
            return Err("this release of taos takes no token: unset TAOS_TOKEN".into());
        }
        let is_tls = variable("TAOS_TLS").is_some_and(|value| value != "0");
        if is_tls && variable("TAOS_CA_FILE").is_some() {
            return Err(
                "this release of taos trusts public authorities only: unset TAOS_CA_FILE".into(),
            );
        }
        let host = variable("TAOS_HOST").unwrap_or_else(|| "localhost".into());
        if host.contains(':') {
            return Err("this release of taos takes no IPv6 address: give TAOS_HOST a name".into());
        }
        let port = match variable("TAOS_PORT") {
            Some(port) => port.parse().map_err(|_| "TAOS_PORT is not a port")?,
            None => 6041,
        };
        Ok(Dsn {
            driver: if is_tls { "wss" } else { "ws" }.into(),
            username: Some(variable("TAOS_USER").unwrap_or_else(|| "root".into())),
            password: Some(variable("TAOS_PASSWORD").unwrap_or_else(|| "taosdata".into())),
            addresses: vec![Address::new(host, port)],
            ..Dsn::default()
        })
    }

    /// The environment variable's value; an empty one counts as unset.
    fn variable(name: &str) -> Option<String> {
        env::var(name).ok().filter(|value| !value.is_empty())
    }

    fn percent_encoded(text: &str) -> String {
        let mut encoded = String::new();
        for byte in text.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                    encoded.push(byte.into());
                }
                _ => encoded += &format!("%{byte:02X}"),
            }
        }
        encoded
    }
    "#);
}

#[test]
fn rust_native() {
    assert_snapshot!(made(&["--lang", "rust", "--transport", "native"]), @r#"
    exit 0
    --- stdout
    created   Cargo.toml
    created   src/main.rs
    created   README.md
    created   .gitignore

    Build it and run it:
      cd hello
      cargo build
      taos-setup run -- cargo run -q
    --- stderr
    note: no server given; taos 0.12.3 works with servers from 3.2.2.2 on
    === .gitignore
    /target
    === Cargo.toml
    [package]
    name = "hello"
    version = "0.1.0"
    edition = "2021"
    publish = false

    [dependencies]
    taos = { version = "0.12.3", default-features = false, features = ["optin"] }
    tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
    === README.md
    # hello

    Writes rows to a supertable of TDengine over the native connection, reads them back, and removes what it made.

        cargo build
        taos-setup run -- cargo run -q

    It needs the client library (`taos-setup install`) of the server's version.
    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6030) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata).
    It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1; `taos-setup verify` then says
    what is wrong.
    === src/main.rs
    //! Writes rows to a supertable of TDengine over the native connection and reads them back.

    use std::env;
    use std::error::Error;
    use std::hash::{BuildHasher, RandomState};
    use std::process::ExitCode;
    use std::time::{SystemTime, UNIX_EPOCH};

    use taos::taos_query::common::Timestamp;
    use taos::taos_query::{Address, Dsn};
    use taos::{AsyncBindable, ColumnView, Stmt, Value};
    use taos::{AsyncFetchable, AsyncQueryable, AsyncTBuilder, Taos, TaosBuilder, TryStreamExt};

    type Result<T> = std::result::Result<T, Box<dyn Error>>;

    /// A temperature that the sensor of a table measured. A supertable has one table for each sensor; what never changes of a sensor,
    /// such as its place, is a tag.
    struct Reading {
        table: &'static str,
        place: &'static str,
        celsius: f64,
    }

    const READINGS: [Reading; 2] = [
        Reading {
            table: "example_zurich",
            place: "Zürich",
            celsius: 21.5,
        },
        Reading {
            table: "example_beijing",
            place: "北京",
            celsius: -3.25,
        },
    ];

    #[tokio::main]
    async fn main() -> ExitCode {
        match run().await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {}", one_line(&*error));
                ExitCode::FAILURE
            }
        }
    }

    /// The error in one line.
    fn one_line(error: &dyn Error) -> String {
        let text = error.to_string();
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        line
    }

    async fn run() -> Result<()> {
        let taos = TaosBuilder::from_dsn(dsn()?)?.build().await?;
        let version: Option<String> = taos.query_one("select server_version()").await?;
        println!("server version: {}", version.unwrap_or_default());

        let (database, is_new) = use_database(&taos).await?;
        let outcome = write_and_read(&taos, &database).await;
        if is_new {
            let dropped = taos.exec(format!("drop database if exists {database}"));
            // The first failure is the one to tell.
            outcome.and(dropped.await.map(|_| ()).map_err(Into::into))
        } else {
            outcome
        }
    }

    async fn write_and_read(taos: &Taos, database: &str) -> Result<()> {
        taos.exec(format!(
            "create stable if not exists {database}.example_readings \
             (ts timestamp, celsius double) tags (place varchar(64))"
        ))
        .await?;
        let start = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
        let start = i64::try_from(start)?;
        let written = write(taos, database, start).await?;
        println!("rows written: {written}");
        let found = read(taos, database, start).await?;
        if found != READINGS.len() {
            return Err(format!("wrote {} rows and read {found}", READINGS.len()).into());
        }
        Ok(())
    }

    /// Writes the readings, a second apart, and makes the tables of the sensors. The values travel beside the statement.
    async fn write(taos: &Taos, database: &str, start: i64) -> Result<usize> {
        let mut statement = Stmt::init(taos).await?;
        statement
            .prepare(&format!(
                "insert into ? using {database}.example_readings tags (?) values (?, ?)"
            ))
            .await?;
        for (seconds, reading) in (0..).zip(&READINGS) {
            let instant = start + 1000 * seconds;
            statement
                .set_tbname(&format!("{database}.{}", reading.table))
                .await?
                .set_tags(&[Value::VarChar(reading.place.into())])
                .await?
                .bind(&[
                    ColumnView::from_millis_timestamp(vec![instant]),
                    ColumnView::from_doubles(vec![reading.celsius]),
                ])
                .await?
                .add_batch()
                .await?;
        }
        Ok(statement.execute().await?)
    }

    /// Prints the readings from start on, of all tables, and gives their number.
    async fn read(taos: &Taos, database: &str, start: i64) -> Result<usize> {
        let rows: Vec<(Timestamp, f64, String)> = taos
            .query(format!(
                "select ts, celsius, place from {database}.example_readings where ts >= '{}' order by ts",
                rfc3339(Timestamp::Milliseconds(start))
            ))
            .await?
            .deserialize()
            .try_collect()
            .await?;
        for (ts, celsius, place) in &rows {
            println!("{}  {celsius}  {place}", rfc3339(*ts));
        }
        println!("rows read: {}", rows.len());
        Ok(rows.len())
    }

    /// The instant in UTC with milliseconds, the precision of a new database.
    fn rfc3339(ts: Timestamp) -> String {
        ts.to_naive_datetime()
            .format("%Y-%m-%dT%H:%M:%S%.3fZ")
            .to_string()
    }

    /// The database that TAOS_DB names, or a new one of the smallest size, and whether it is new.
    async fn use_database(taos: &Taos) -> Result<(String, bool)> {
        if let Some(given) = variable("TAOS_DB") {
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            if !given.chars().all(is_name) || given.starts_with(|c: char| c.is_ascii_digit()) {
                return Err("TAOS_DB is not the name of a database".into());
            }
            // Bound instants are numbers, which count what the database's precision says.
            let query = "select `precision` from information_schema.ins_databases where name = ";
            let name = given.to_ascii_lowercase();
            let precision: Option<String> = taos.query_one(format!("{query}'{name}'")).await?;
            if precision.as_deref() != Some("ms") {
                return Err("TAOS_DB does not name a database with precision 'ms'".into());
            }
            return Ok((given, false));
        }
        let name = format!("taos_example_{:016x}", RandomState::new().hash_one(0));
        taos.exec(format!(
            "create database {name} vgroups 1 buffer 3 pages 64"
        ))
        .await?;
        Ok((name, true))
    }

    /// The server that the environment names. Nothing in it is escaped, as it is never written out.
    fn dsn() -> Result<Dsn> {
        if variable("TDENGINE_CLOUD_URL").is_some() {
            return Err("TDengine Cloud has no native connection: unset TDENGINE_CLOUD_URL".into());
        }
        if variable("TAOS_TOKEN").is_some() {
            return Err("this release of taos takes no token: unset TAOS_TOKEN".into());
        }
        if variable("TAOS_TLS").is_some_and(|value| value != "0") {
            return Err("the client library reads enableTLS from taos.cfg: unset TAOS_TLS".into());
        }
        let host = variable("TAOS_HOST").unwrap_or_else(|| "localhost".into());
        let port = match variable("TAOS_PORT") {
            Some(port) => port.parse().map_err(|_| "TAOS_PORT is not a port")?,
            None => 6030,
        };
        Ok(Dsn {
            driver: "taos".into(),
            username: Some(variable("TAOS_USER").unwrap_or_else(|| "root".into())),
            password: Some(variable("TAOS_PASSWORD").unwrap_or_else(|| "taosdata".into())),
            addresses: vec![Address::new(host, port)],
            ..Dsn::default()
        })
    }

    /// The environment variable's value; an empty one counts as unset.
    fn variable(name: &str) -> Option<String> {
        env::var(name).ok().filter(|value| !value.is_empty())
    }
    "#);
}

#[test]
fn rust_over_rest() {
    let context = TestContext::new();
    let run = context
        .program(["init", "--lang", "rust", "--transport", "rest"])
        .run();
    assert_snapshot!(run, @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not set up Rust over REST
      the crate taos has no REST mode; WebSocket uses the same port and does everything that REST does
      next: taos-setup init --lang rust --transport ws
      next: taos-setup init --lang rust --transport native
    ");
}
