use super::*;
use crate::safety::secret::Secret;

fn pin(package: &str, version: &str) -> Pin {
    Pin::exact(package, version, "go.mod")
}

/// What the pins amount to with `server` over `transports`.
fn seen(pins: &[Pin], server: &str, transports: &[Transport]) -> Vec<(String, Status)> {
    let mut transports: Vec<TransportChecks> = transports
        .iter()
        .map(|transport| {
            let mut checks = TransportChecks::new(*transport, Vec::<Secret>::new());
            checks.server_version = Some(server.into());
            let _ = checks.add_untimed(Check::Query, Judgement::ok("well"));
            checks
        })
        .collect();
    check(pins, &mut transports);
    let results = transports.into_iter().flat_map(|checks| checks.results);
    results
        .filter_map(|result| {
            let id = result.judgement.cause?.id;
            Some((id.as_str().to_owned(), result.judgement.status))
        })
        .collect()
}

fn is(id: &str, status: Status) -> (String, Status) {
    (id.to_owned(), status)
}

const GO: &str = "github.com/taosdata/driver-go/v3";
const JDBC: &str = "com.taosdata.jdbc:taos-jdbcdriver";

#[test]
fn error_only_where_nothing_works() {
    let pins = [pin(GO, "v3.7.8")];
    let both = [Transport::Ws, Transport::Rest];
    assert_eq!(seen(&pins, "3.3.7.5", &both), []);
    assert_eq!(
        seen(&pins, "3.2.2.2", &both),
        [is("connector-too-new", Status::Warning)]
    );
    assert_eq!(
        seen(&pins, "3.2.2.2", &[Transport::Ws]),
        [is("connector-too-new", Status::Failed)]
    );
    assert_eq!(seen(&pins, "3.2.2.2", &[Transport::Rest]), []);
    let old = [pin(JDBC, "3.2.8")];
    assert_eq!(seen(&old, "3.2.2.2", &both), []);
    assert_eq!(seen(&old, "3.3.7.5", &both), []);
    let node = [pin("@tdengine/websocket", "3.2.1")];
    assert_eq!(
        seen(&node, "3.2.2.2", &both),
        [is("connector-too-new", Status::Failed)]
    );
}

#[test]
fn connectors_for_tdengine_2() {
    let both = [Transport::Ws, Transport::Rest];
    let failed = is("connector-too-old", Status::Failed);
    assert_eq!(
        seen(&[pin(JDBC, "2.0.38")], "3.3.7.5", &both),
        [failed.clone(), failed.clone()]
    );
    let old = pin("github.com/taosdata/driver-go/v2", "v2.0.0");
    assert_eq!(seen(&[old], "3.3.7.5", &[Transport::Rest]), [failed]);
}

#[test]
fn known_to_be_broken() {
    let ws = [Transport::Ws];
    let taos = pin("taos", "0.12.3");
    assert_eq!(
        seen(&[taos.clone(), pin("tokio", "1.54.0")], "3.3.7.5", &ws),
        [is("connector-broken", Status::Failed)]
    );
    assert_eq!(
        seen(&[taos.clone(), pin("tokio", "1.53.3")], "3.3.7.5", &ws),
        []
    );
    assert_eq!(seen(&[taos], "3.3.7.5", &ws), []);
}

#[test]
fn packages_that_are_not_kept_up_are_said_once() {
    let all = Transport::ALL;
    let pins = [pin("@tdengine/client", "3.0.0")];
    assert_eq!(
        seen(&pins, "3.3.7.5", &all),
        [is("connector-deprecated", Status::Warning)]
    );
}
