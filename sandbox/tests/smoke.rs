//! The sandbox starts, answers, and stops; several at once do not meet.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Barrier;
use std::thread;

use taos_sandbox::server::{Listen, Options, Sandbox};
use taos_sandbox::sql::{Answer, Value};

fn post(adapter: SocketAddr, sql: &str) -> String {
    let mut stream = TcpStream::connect(adapter).unwrap();
    let length = sql.len();
    write!(
        stream,
        "POST /rest/sql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Basic cm9vdDp0YW9zZGF0YQ==\r\n\
         Content-Length: {length}\r\n\r\n{sql}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn several_started_at_once_have_their_own_data() {
    let together = Barrier::new(4);
    thread::scope(|scope| {
        for number in 0..4 {
            let together = &together;
            scope.spawn(move || {
                together.wait();
                let sandbox = Sandbox::start(Options::default()).unwrap();
                let version = post(sandbox.adapter(), "select server_version()");
                assert!(version.contains("[[\"3.3.7.5\"]]"), "{version}");
                post(sandbox.adapter(), &format!("create database only_{number}"));
                together.wait();
                let databases = post(sandbox.adapter(), "show databases");
                assert!(
                    databases.contains(&format!("[\"only_{number}\"]]")),
                    "{databases}"
                );
                assert_eq!(databases.matches("only_").count(), 1, "{databases}");
                assert_eq!(sandbox.logins().accepted, 3);
            });
        }
    });
}

#[test]
fn stopped_sandbox_closes_its_connections() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let mut idle = TcpStream::connect(sandbox.adapter()).unwrap();
    let mut native = TcpStream::connect(sandbox.native()).unwrap();
    drop(sandbox);
    for stream in [&mut idle, &mut native] {
        assert!(matches!(stream.read(&mut [0; 8]), Ok(0) | Err(_)));
    }
}

#[test]
fn refused_port_refuses() {
    let options = Options {
        native: Listen::Refused,
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).unwrap();
    assert_eq!(
        TcpStream::connect(sandbox.native()).unwrap_err().kind(),
        std::io::ErrorKind::ConnectionRefused
    );
}

#[test]
fn statements_without_a_network() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let state = sandbox.state();
    let mut session = state.login("root", "taosdata", "").unwrap();
    for sql in [
        "create database if not exists demo",
        "use demo",
        "create table if not exists t (ts timestamp, v double, s varchar(64))",
        "insert into t values (now, 1.5, 'x') (now + 1s, -2, '日本')",
    ] {
        state.execute(&mut session, sql).unwrap();
    }
    let Answer::Rows(result) = state
        .execute(&mut session, "select v, s from t order by ts desc")
        .unwrap()
    else {
        panic!("a select gives rows");
    };
    assert_eq!(
        result.rows[0],
        [Value::Double(-2.0), Value::Text("日本".into())]
    );
    assert_eq!(result.rows.len(), 2);
    assert_eq!(state.login("root", "wrong", "").unwrap_err().code, 0x357);
    assert_eq!(state.login("unknown", "x", "").unwrap_err().code, 0x351);
    assert_eq!(state.login("root", "", "").unwrap_err().code, 0x208);
    assert_eq!(
        state.login("root", "taosdata", "nosuch").unwrap_err().code,
        0x388
    );
    assert_eq!(
        (sandbox.logins().accepted, sandbox.logins().refused),
        (1, 4)
    );
}
