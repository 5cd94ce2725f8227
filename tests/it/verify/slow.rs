//! What works and takes long.

use std::time::Duration;

use crate::support::served::{Served, findings};
use taos_sandbox::faults::Faults;

fn with_latency(milliseconds: u64) -> Served {
    Served::with_faults(Faults {
        latency: Duration::from_millis(milliseconds),
        ..Faults::default()
    })
}

#[test]
fn most_of_the_limit_is_worth_a_note_and_no_failure() {
    let served = with_latency(2200);
    let run = served
        .verify_adapter(&["--transport", "rest", "--json"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_eq!(
        (findings(&run), run.exit),
        (vec!["slow".to_owned()], Some(0)),
        "{run}"
    );
    let finding = run.json()["findings"][0].clone();
    assert_eq!(finding["severity"], "note");
    assert_eq!(run.json()["ok"], true);
}

#[test]
fn long_way_is_healthy() {
    let served = with_latency(150);
    let run = served
        .verify_adapter(&["--transport", "ws,rest", "--timeout", "10s", "--json"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_eq!((findings(&run), run.exit), (vec![], Some(0)), "{run}");
}

/// A listener that passes bytes on to `target`, each `delay` later, in both directions.
#[cfg(target_os = "linux")]
pub fn delayed(target: std::net::SocketAddr, delay: Duration) -> std::net::SocketAddr {
    use std::io::{Read, Write};
    use std::net::{Shutdown, TcpListener, TcpStream};
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let pass = move |mut from: TcpStream, mut to: TcpStream| {
        let mut buffer = [0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            std::thread::sleep(delay);
            if to.write_all(&buffer[..count]).is_err() {
                break;
            }
        }
        std::thread::sleep(delay);
        let _ = to.shutdown(Shutdown::Both);
    };
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (near, far) = (stream.unwrap(), TcpStream::connect(target).unwrap());
            let (near_too, far_too) = (near.try_clone().unwrap(), far.try_clone().unwrap());
            std::thread::spawn(move || pass(near, far));
            std::thread::spawn(move || pass(far_too, near_too));
        }
    });
    address
}

#[cfg(target_os = "linux")]
#[test]
fn native_port_behind_long_path_is_recognized() {
    let served = Served::healthy();
    let native = delayed(served.sandbox.native(), Duration::from_millis(300));
    let folder = crate::support::served::install_driver(&served.context, "3.3.7.5");
    let port = native.port().to_string();
    let run = served
        .verify_adapter(&[
            "--transport",
            "native",
            "--native-port",
            &port,
            "--timeout",
            "10s",
            "--json",
        ])
        .env("TAOS_PASSWORD", "taosdata")
        .env("LD_LIBRARY_PATH", folder)
        .run();
    assert!(
        !findings(&run).contains(&"closed-early".to_owned()),
        "{run}"
    );
}
