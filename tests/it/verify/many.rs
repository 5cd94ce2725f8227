//! Many targets in one run.

#[cfg(target_os = "linux")]
use std::time::{Duration, Instant};

use crate::support::fake_server::Fake;
use crate::support::program::{Run, TestContext};
use crate::support::served::{Served, findings};
use taos_sandbox::faults::{Faults, Listener};
use taos_sandbox::sql::SqlError;

fn verify(context: &TestContext, targets: &[String], args: &[&str]) -> Run {
    let words = ["verify", "--transport", "ws,rest", "--json"];
    let targets = targets.iter().map(String::as_str);
    context
        .program(words.into_iter().chain(args.iter().copied()).chain(targets))
        .env("TAOS_PASSWORD", "taosdata")
        .run()
}

fn targets(run: &Run) -> Vec<String> {
    let json = run.json();
    let targets = json["data"]["targets"].as_array().unwrap();
    let name = |target: &serde_json::Value| target["target"].as_str().unwrap().to_owned();
    targets.iter().map(name).collect()
}

#[test]
fn they_come_in_the_order_in_which_they_were_named_and_the_first_that_fails_gives_the_code() {
    let healthy = Served::healthy();
    let hangs = Served::with_faults(Faults {
        adapter: Listener::Hangs,
        ..Faults::default()
    });
    let stranger = Fake::http("404 Not Found\r\nServer: nginx", "");
    let named = vec![
        hangs.sandbox.adapter().to_string(),
        format!("http://{}", stranger.address),
        healthy.sandbox.adapter().to_string(),
        format!("ws://{}", healthy.sandbox.adapter()),
    ];
    let run = verify(&healthy.context, &named, &["--timeout", "1s"]);
    assert_eq!(targets(&run), named);
    assert_eq!(findings(&run), ["no-answer", "not-tdengine"], "{run}");
    assert_eq!(run.exit, Some(10));
}

#[test]
fn one_server_under_many_names_refuses_one_login() {
    let served = Served::with_faults(Faults {
        reject_logins: Some(SqlError::new(0x0357, "Authentication failure")),
        ..Faults::default()
    });
    let port = served.sandbox.adapter().port();
    let named: Vec<String> = (0..50)
        .flat_map(|_| {
            [
                format!("127.0.0.1:{port}"),
                format!("http://127.0.0.1:{port}"),
                format!("ws://127.0.0.1:{port}"),
            ]
        })
        .collect();
    let run = verify(&served.context, &named, &[]);
    assert_eq!(findings(&run), vec!["auth-failed"; 150], "{}", run.stderr);
    assert_eq!(served.sandbox.logins().refused, 1);
}

#[test]
fn servers_that_may_be_one_cluster_refuse_two_logins_and_one_that_accepts_is_still_asked() {
    let refusing: Vec<Served> = (0..5)
        .map(|_| {
            Served::with_faults(Faults {
                reject_logins: Some(SqlError::new(0x0357, "Authentication failure")),
                ..Faults::default()
            })
        })
        .collect();
    let named: Vec<String> = refusing
        .iter()
        .map(|served| served.sandbox.adapter().to_string())
        .collect();
    let run = verify(&refusing[0].context, &named, &[]);
    let mut ids = findings(&run);
    ids.sort();
    assert_eq!(
        ids,
        [
            "auth-failed",
            "auth-failed",
            "login-withheld",
            "login-withheld",
            "login-withheld"
        ],
        "{run}"
    );
    assert_eq!(run.exit, Some(11));
    let refused: u64 = refusing
        .iter()
        .map(|served| served.sandbox.logins().refused)
        .sum();
    assert_eq!(refused, 2);

    let healthy = Served::healthy();
    let named = [named[0].clone(), healthy.sandbox.adapter().to_string()];
    let run = verify(&healthy.context, &named, &[]);
    assert_eq!(findings(&run), ["auth-failed"], "{run}");
    assert_eq!(healthy.sandbox.logins().refused, 0);
    assert!(healthy.sandbox.logins().accepted > 0);
}

/// The most memory that `command` and its children held, in KiB, and how long it took.
#[cfg(target_os = "linux")]
fn measured(mut command: std::process::Command) -> (u64, Duration, Option<i32>) {
    let begun = Instant::now();
    let mut child = command
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    loop {
        if let Ok(text) = std::fs::read_to_string(&status)
            && let Some(line) = text.lines().find(|line| line.starts_with("VmHWM"))
        {
            let digits: String = line.chars().filter(char::is_ascii_digit).collect();
            most = most.max(digits.parse().unwrap_or(0));
        }
        if let Some(ended) = child.try_wait().unwrap() {
            return (most, begun.elapsed(), ended.code());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn thousand_targets_fit_into_100_mib_and_wait_together() {
    let healthy = Served::healthy();
    let silent = Served::with_faults(Faults {
        adapter: Listener::Hangs,
        ..Faults::default()
    });
    let one = |served: &Served| format!("http://{}", served.sandbox.adapter());
    // A healthy server has time enough on a machine that is busy with other tests; a silent one ends every check at its limit.
    for (served, exit, limit) in [(&healthy, 0, "60s"), (&silent, 10, "3s")] {
        let target = one(served);
        let inventory = served.context.root().join("inventory");
        std::fs::write(&inventory, format!("{target} rack=a1\n").repeat(1000)).unwrap();
        let named = format!("@{}", inventory.display());
        let words = ["verify", "--transport", "ws,rest", "--timeout", limit];
        let command = served
            .context
            .program(words.into_iter().chain([named.as_str()]))
            .env("TAOS_PASSWORD", "taosdata")
            .into_command();
        let (kib, took, code) = measured(command);
        println!("1,000 targets, exit {exit}: {kib} KiB, {took:?}");
        assert_eq!(code, Some(exit));
        assert!(kib < 100 * 1024, "{kib} KiB");
        // One after the other they would take 3000 s and more.
        assert!(took < Duration::from_secs(300), "{took:?}");
    }
}

#[test]
fn hosts_of_connection_string_are_one_cluster() {
    let [one, two] = [(); 2].map(|()| {
        Served::with_faults(Faults {
            reject_logins: Some(SqlError::new(0x0357, "Authentication failure")),
            ..Faults::default()
        })
    });
    let hosts = format!("{},{}", one.sandbox.adapter(), two.sandbox.adapter());
    let run = verify(&one.context, &[format!("ws://{hosts}")], &[]);
    let named = [&one, &two].map(|served| format!("ws://{}", served.sandbox.adapter()));
    assert_eq!(targets(&run), named, "{run}");
    assert_eq!(findings(&run), ["auth-failed", "auth-failed"], "{run}");
    assert_eq!(
        one.sandbox.logins().refused + two.sandbox.logins().refused,
        1
    );
}
