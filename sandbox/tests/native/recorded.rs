//! What was recorded through the real drivers and on the real port, asked again of the stand-in (marks: transcripts.toml).

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use taos_sandbox::server::Sandbox;

use super::{Client, login, server, stranger, with};

fn lines(file: &str) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts");
    let text = fs::read_to_string(folder.join(file)).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// What a recorded line says of a connection, in the form of what a script sees.
fn reported(line: &Value, queries: &[&str]) -> Value {
    if line["ok"] == false {
        return json!({"error": [line["errno_hex"], line["errstr"]]});
    }
    let server_info = line["server_info"].as_str().unwrap().lines().next();
    let mut reported = json!({ "server_info": server_info });
    for query in queries {
        reported[*query] = line[*query].clone();
    }
    reported
}

fn script(case: &str, server: &Sandbox) -> Value {
    let login = login(server);
    match case {
        "pw" => with(login, "password", "wrong"),
        "user" => with(login, "user", "unknown"),
        "db" => with(login, "db", "nosuch"),
        "emptypw" => with(login, "password", ""),
        "longuser" => with(login, "user", &"u".repeat(24)),
        "fqdn" => with(login, "host", "no host name"),
        "port" => {
            let closed = TcpListener::bind(("127.0.0.1", 0)).unwrap();
            let mut login = login;
            login["port"] = closed.local_addr().unwrap().port().into();
            login
        }
        "cfg" => json!({}),
        _ => login,
    }
}

#[test]
fn connections_and_queries_of_both_drivers() {
    let queries = [
        "selec 1",
        "select * from nosuch.t",
        "select * from tr_ms.nosuch",
    ];
    for (file, version) in [("native.jsonl", "3.3.7.5"), ("native_3.2.jsonl", "3.2.2.2")] {
        let server = server(version);
        let mut root = server.state().login("root", "taosdata", "").unwrap();
        server
            .state()
            .execute(&mut root, "create database tr_ms")
            .unwrap();
        let client = Client::new(version);
        let config = format!("firstEp 127.0.0.1:{}\n", server.native().port());
        fs::write(client.path().join("taos.cfg"), config).unwrap();
        for line in lines(file) {
            let case = line["case"].as_str().unwrap();
            if case == "client_info" {
                assert_eq!(line["client_info"], version);
                continue;
            }
            let mut script = script(case, &server);
            script["queries"] = json!(queries);
            let mut seen = client.play(script);
            let info = seen.as_object_mut().unwrap().remove("client_info");
            assert_eq!(info, Some(version.into()), "{file} {case}");
            assert_eq!(seen, reported(&line, &queries), "{file} {case}");
        }
    }
}

#[test]
fn drivers_of_the_other_version() {
    let servers = [server("3.2.2.2"), server("3.3.7.5")];
    let clients = ["3.2.2.2", "3.3.7.5"].map(Client::new);
    for line in lines("native_mismatch.jsonl") {
        let case = line["case"].as_str().unwrap();
        if !case.starts_with("c: ") {
            continue;
        }
        let server = &servers[usize::from(case.contains("-> 3.3.7.5 server"))];
        let client = &clients[usize::from(line["client"] == "3.3.7.5")];
        let login = login(server);
        let login = match case.rsplit_once(", ") {
            Some((_, "wrong password")) => with(login, "password", "wrong"),
            Some((_, "unknown user")) => with(login, "user", "unknown"),
            _ => login,
        };
        let mut seen = client.play(login);
        seen.as_object_mut().unwrap().remove("client_info");
        assert_eq!(seen, reported(&line, &[]), "{case}");
    }
}

#[test]
fn strangers_at_the_native_port() {
    let servers = [server("3.2.2.2"), server("3.3.7.5")];
    for line in lines("port6030_raw.jsonl") {
        let sent = line["sent_hex"].as_str().unwrap();
        let sent: Vec<u8> = (0..sent.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&sent[at..at + 2], 16).unwrap())
            .collect();
        assert_eq!(line["recv_hex"], "");
        let closed = line["end"] == "closed";
        let patience = if closed {
            Duration::from_secs(60)
        } else {
            Duration::from_millis(200)
        };
        for server in &servers {
            let seen = stranger(server.native(), &sent, patience);
            assert_eq!(seen, (Vec::new(), closed), "{}", line["case"]);
        }
    }
}
