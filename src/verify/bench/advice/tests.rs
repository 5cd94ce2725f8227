use super::super::figures::{LatencyFigures, RowFigures};
use super::*;

/// A transport that answered so many queries and read so many rows in a second, with 1 and with 8 connections.
fn measured(transport: Transport, loads: &[(u64, u64)]) -> TransportFigures {
    let load = |(at, (queries, rows)): (usize, &(u64, u64))| ConnectionFigures {
        connections: [1, 8][at],
        query: Some(LatencyFigures {
            count: *queries,
            p50_us: 1,
            p95_us: 1,
            p99_us: 1,
            max_us: 1,
            per_second: *queries,
        }),
        fetch: Some(RowFigures {
            rows: *rows,
            statements: 1,
            us: 1_000_000,
            rows_per_second: *rows,
        }),
        ..ConnectionFigures::default()
    };
    TransportFigures {
        transport,
        loads: loads.iter().enumerate().map(load).collect(),
    }
}

#[test]
fn share_of_native_decides() {
    let native = measured(Transport::Native, &[(1000, 1000)]);
    for (queries, rows, expected) in [
        (
            2000,
            950,
            BenchAdvice::WebSocketEqualsNative {
                measure: Measure::Fetch,
                share: 95,
            },
        ),
        (
            700,
            950,
            BenchAdvice::WebSocketEnough {
                measure: Measure::Query,
                share: 70,
            },
        ),
        (
            900,
            250,
            BenchAdvice::NativeFaster {
                measure: Measure::Fetch,
                share: 25,
            },
        ),
    ] {
        let ws = measured(Transport::Ws, &[(queries, rows)]);
        assert_eq!(advise(&[ws, native.clone()]), Some(expected));
    }
}

#[test]
fn most_connections_that_both_have_are_compared() {
    let ws = measured(Transport::Ws, &[(100, 100), (100, 100)]);
    let native = measured(Transport::Native, &[(100, 100), (400, 100)]);
    let share = advise(&[ws.clone(), native]).unwrap();
    assert!(
        matches!(share, BenchAdvice::NativeFaster { share: 25, .. }),
        "{share:?}"
    );
    // The second measurement of native failed.
    let native = measured(Transport::Native, &[(100, 100)]);
    let share = advise(&[ws, native]).unwrap();
    assert!(
        matches!(share, BenchAdvice::WebSocketEqualsNative { share: 100, .. }),
        "{share:?}"
    );
}

#[test]
fn one_transport_gives_no_advice() {
    assert_eq!(advise(&[measured(Transport::Ws, &[(1, 1)])]), None);
    let nothing = TransportFigures {
        transport: Transport::Rest,
        loads: Vec::new(),
    };
    assert_eq!(advise(&[measured(Transport::Ws, &[(1, 1)]), nothing]), None);
}

#[test]
fn rest_is_compared_with_what_there_is() {
    let rest = measured(Transport::Rest, &[(100, 20)]);
    let ws = measured(Transport::Ws, &[(100, 100)]);
    let native = measured(Transport::Native, &[(100, 100)]);
    let fetch = (Measure::Fetch, 20);
    let over = advise(&[ws, rest.clone()]);
    assert_eq!(
        over,
        Some(BenchAdvice::WebSocketOverRest {
            measure: fetch.0,
            share: fetch.1
        })
    );
    let over = advise(&[rest, native]);
    assert_eq!(
        over,
        Some(BenchAdvice::NativeOverRest {
            measure: fetch.0,
            share: fetch.1
        })
    );
}
