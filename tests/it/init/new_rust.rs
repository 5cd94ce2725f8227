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

    Writes two rows to TDengine over WebSocket, reads them back, and removes what it made.

        cargo build
        cargo run -q

    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata),
    or to TDengine Cloud where `TDENGINE_CLOUD_URL` and `TDENGINE_CLOUD_TOKEN` are set. On a failure it prints one line and
    exits with 1; `taos-setup verify` then says what is wrong.
    === src/main.rs
    //! Writes two rows to TDengine over WebSocket and reads them back.

    use std::env;
    use std::error::Error;
    use std::hash::{BuildHasher, RandomState};
    use std::process::ExitCode;
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use taos::taos_query::common::Timestamp;
    use taos::taos_query::{Address, Dsn};
    use taos::{AsyncFetchable, AsyncQueryable, AsyncTBuilder, Taos, TaosBuilder, TryStreamExt};

    type Result<T> = std::result::Result<T, Box<dyn Error>>;

    /// How long the whole program may take: the connector waits for an answer without an end.
    const PATIENCE: Duration = Duration::from_secs(60);

    #[tokio::main]
    async fn main() -> ExitCode {
        let outcome = match tokio::time::timeout(PATIENCE, run()).await {
            Ok(outcome) => outcome,
            Err(_) => Err("the server did not answer within a minute".into()),
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

        // A database of its own, of the smallest size, under a unique name.
        let database = format!("taos_example_{:016x}", RandomState::new().hash_one(0));
        taos.exec(format!(
            "create database {database} vgroups 1 buffer 3 pages 64"
        ))
        .await?;
        let outcome = write_and_read(&taos, &database).await;
        let dropped = taos.exec(format!("drop database if exists {database}"));
        let dropped = dropped.await;
        outcome?;
        dropped?;
        Ok(())
    }

    async fn write_and_read(taos: &Taos, database: &str) -> Result<()> {
        taos.exec(format!(
            "create table {database}.readings (ts timestamp, celsius double, place varchar(64))"
        ))
        .await?;
        // Milliseconds are the precision of a new database.
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
        let later = now + 1000;
        let written = taos
            .exec(format!(
                "insert into {database}.readings values ({now}, 21.5, 'Zürich') ({later}, -3.25, '北京')"
            ))
            .await?;
        println!("rows written: {written}");

        let rows: Vec<(Timestamp, f64, String)> = taos
            .query(format!(
                "select ts, celsius, place from {database}.readings order by ts"
            ))
            .await?
            .deserialize()
            .try_collect()
            .await?;
        for (ts, celsius, place) in &rows {
            let instant = ts.to_naive_datetime().format("%Y-%m-%dT%H:%M:%S%.3fZ");
            println!("{instant}  {celsius}  {place}");
        }
        println!("rows read: {}", rows.len());
        if rows.len() != 2 {
            return Err(format!("wrote 2 rows and read {}", rows.len()).into());
        }
        Ok(())
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
        let host = variable("TAOS_HOST").unwrap_or_else(|| "localhost".into());
        if host.contains(':') {
            return Err("this release of taos takes no IPv6 address: give TAOS_HOST a name".into());
        }
        let port = match variable("TAOS_PORT") {
            Some(port) => port.parse().map_err(|_| "TAOS_PORT is not a port")?,
            None => 6041,
        };
        Ok(Dsn {
            driver: "ws".into(),
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

    Writes two rows to TDengine over the native connection, reads them back, and removes what it made.

        cargo build
        taos-setup run -- cargo run -q

    It needs the client library (`taos-setup install`) of the server's version. It connects to `TAOS_HOST` (localhost),
    `TAOS_PORT` (6030) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata). On a failure it prints one line and
    exits with 1; `taos-setup verify` then says what is wrong.
    === src/main.rs
    //! Writes two rows to TDengine over the native connection and reads them back.

    use std::env;
    use std::error::Error;
    use std::hash::{BuildHasher, RandomState};
    use std::process::ExitCode;
    use std::time::{SystemTime, UNIX_EPOCH};

    use taos::taos_query::common::Timestamp;
    use taos::taos_query::{Address, Dsn};
    use taos::{AsyncFetchable, AsyncQueryable, AsyncTBuilder, Taos, TaosBuilder, TryStreamExt};

    type Result<T> = std::result::Result<T, Box<dyn Error>>;

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

        // A database of its own, of the smallest size, under a unique name.
        let database = format!("taos_example_{:016x}", RandomState::new().hash_one(0));
        taos.exec(format!(
            "create database {database} vgroups 1 buffer 3 pages 64"
        ))
        .await?;
        let outcome = write_and_read(&taos, &database).await;
        let dropped = taos.exec(format!("drop database if exists {database}"));
        let dropped = dropped.await;
        outcome?;
        dropped?;
        Ok(())
    }

    async fn write_and_read(taos: &Taos, database: &str) -> Result<()> {
        taos.exec(format!(
            "create table {database}.readings (ts timestamp, celsius double, place varchar(64))"
        ))
        .await?;
        // Milliseconds are the precision of a new database.
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
        let later = now + 1000;
        let written = taos
            .exec(format!(
                "insert into {database}.readings values ({now}, 21.5, 'Zürich') ({later}, -3.25, '北京')"
            ))
            .await?;
        println!("rows written: {written}");

        let rows: Vec<(Timestamp, f64, String)> = taos
            .query(format!(
                "select ts, celsius, place from {database}.readings order by ts"
            ))
            .await?
            .deserialize()
            .try_collect()
            .await?;
        for (ts, celsius, place) in &rows {
            let instant = ts.to_naive_datetime().format("%Y-%m-%dT%H:%M:%S%.3fZ");
            println!("{instant}  {celsius}  {place}");
        }
        println!("rows read: {}", rows.len());
        if rows.len() != 2 {
            return Err(format!("wrote 2 rows and read {}", rows.len()).into());
        }
        Ok(())
    }

    /// The server that the environment names. Nothing in it is escaped, as it is never written out.
    fn dsn() -> Result<Dsn> {
        if variable("TDENGINE_CLOUD_URL").is_some() {
            return Err("TDengine Cloud has no native connection: unset TDENGINE_CLOUD_URL".into());
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
