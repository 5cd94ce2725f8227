//! The figures of `verify --bench` as JSON.

use serde_json::{Value, json};

use super::bench_text::advice_text;
use super::route_json::with_reason;
use crate::message::locale::Locale;
use crate::verify::bench::BenchFigures;
use crate::verify::bench::advice::advise;
use crate::verify::bench::figures::{ConnectionFigures, TransportFigures};
use crate::verify::bench::request::{BATCH_ROWS, ROWS};

/// Renders the figures; the advice is in `locale`.
pub(super) fn data(figures: &BenchFigures, locale: Locale) -> Value {
    let transports = figures.transports.iter().map(transport);
    let advice = advise(&figures.transports);
    let mut value = json!({
        "duration_ms": millis(figures.duration),
        "ms": millis(figures.lasted),
        "interrupted": figures.is_interrupted,
        "connections": figures.connections,
        "fetch_rows": ROWS,
        "batch_rows": BATCH_ROWS,
        "writes": figures.writes,
        "transports": transports.collect::<Vec<_>>(),
        "advice": advice,
    });
    match advice {
        Some(advice) => value["advice"]["text"] = advice_text(advice).text(locale).into(),
        None => with_reason(&mut value, None, "fewer than two transports were measured"),
    }
    value
}

fn transport(figures: &TransportFigures) -> Value {
    json!({
        "transport": figures.transport,
        "loads": figures.loads.iter().map(load).collect::<Vec<_>>(),
    })
}

fn load(figures: &ConnectionFigures) -> Value {
    let mut value = json!({
        "connections": figures.connections,
        "connect": figures.connect,
        "query": figures.query,
        "fetch": figures.fetch,
        "insert": figures.insert,
    });
    if figures.query.is_some() {
        value["query"]["sql"] = figures.query_sql.into();
    }
    if figures.fetch.is_some() {
        value["fetch"]["source"] = json!(figures.source);
    }
    let is_whole = figures.connect.is_some()
        && figures.query.is_some()
        && figures.fetch.is_some()
        && figures.insert.is_some();
    let whole = is_whole.then_some(0);
    with_reason(&mut value, whole, "null was not measured");
    value
}

fn millis(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
