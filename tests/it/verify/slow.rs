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
fn a_long_way_is_healthy() {
    let served = with_latency(150);
    let run = served
        .verify_adapter(&["--transport", "ws,rest", "--timeout", "10s", "--json"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_eq!((findings(&run), run.exit), (vec![], Some(0)), "{run}");
}
