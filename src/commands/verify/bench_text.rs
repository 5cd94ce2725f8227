//! The figures of `verify --bench` for people: a table, how they came about, and one sentence of advice.

use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::output::layout::columns;
use crate::output::style::Style;
use crate::safety::printable::escape_controls;
use crate::verify::bench::BenchFigures;
use crate::verify::bench::advice::{BenchAdvice, Measure, advise};
use crate::verify::bench::figures::{
    ConnectionFigures, FetchSource, LatencyFigures, RowFigures, TransportFigures,
};

/// Stands for a figure that was not measured.
const NO_FIGURE: &str = "–";

/// Renders the figures.
pub(super) fn describe(figures: &BenchFigures, locale: Locale, style: Style) -> String {
    let say = |message: Message| escape_controls(&message.text(locale));
    let mut text = String::new();
    if !figures.transports.is_empty() {
        text.push('\n');
        let rows = rows(figures, locale);
        for (at, line) in columns(&rows).into_iter().enumerate() {
            let line = line.trim_end();
            match at {
                0 => text.push_str(&format!("  {}\n", style.strong(line))),
                _ => text.push_str(&format!("  {line}\n")),
            }
        }
    }
    for remark in remarks(figures) {
        let remark = style.prose(2, 2, say(remark));
        text.push_str(&format!("  {remark}\n"));
    }
    if let Some(advice) = advise(&figures.transports) {
        let advice = style.prose(2, 2, say(advice_text(advice)));
        text.push_str(&format!("  {}\n", style.strong(advice)));
    }
    text
}

/// The table: a heading, and a line for each transport and number of connections.
fn rows(figures: &BenchFigures, locale: Locale) -> Vec<Vec<String>> {
    let mut heading = vec![
        message!("bench-column-transport"),
        message!("bench-column-connections"),
        message!("bench-column-connect"),
        message!("bench-column-p50"),
        message!("bench-column-p95"),
        message!("bench-column-p99"),
        message!("bench-column-fetch"),
    ];
    if figures.writes {
        heading.push(message!("bench-column-insert"));
    }
    let heading = heading.iter().map(|it| escape_controls(&it.text(locale)));
    let mut rows = vec![heading.collect()];
    for transport in &figures.transports {
        for load in &transport.loads {
            rows.push(row(transport, load, figures.writes));
        }
    }
    rows
}

fn row(transport: &TransportFigures, load: &ConnectionFigures, writes: bool) -> Vec<String> {
    let latency = |figures: Option<LatencyFigures>, of: fn(&LatencyFigures) -> u64| {
        figures.map_or_else(|| NO_FIGURE.to_owned(), |it| milliseconds(of(&it)))
    };
    let rate = |figures: Option<RowFigures>| {
        figures.map_or_else(
            || NO_FIGURE.to_owned(),
            |figures| grouped(figures.rows_per_second),
        )
    };
    let mut row = vec![
        transport.transport.as_str().to_owned(),
        load.connections.to_string(),
        latency(load.connect, |it| it.p50_us),
        latency(load.query, |it| it.p50_us),
        latency(load.query, |it| it.p95_us),
        latency(load.query, |it| it.p99_us),
        rate(load.fetch),
    ];
    if writes {
        row.push(rate(load.insert));
    }
    row
}

/// Remarks below the table.
fn remarks(figures: &BenchFigures) -> Vec<Message> {
    let mut remarks = Vec::new();
    let loads = || figures.transports.iter().flat_map(|it| &it.loads);
    for source in [FetchSource::TemporaryTable, FetchSource::SystemTables] {
        let mut of_source = loads()
            .filter(|load| load.source == source)
            .filter_map(|load| load.fetch);
        let Some(fetch) = of_source.next() else {
            continue;
        };
        let each = fetch.rows.checked_div(fetch.statements).unwrap_or_default();
        remarks.push(match source {
            FetchSource::TemporaryTable => message!("bench-from-temporary-table", each = each),
            FetchSource::SystemTables => message!("bench-from-system-tables", each = each),
        });
    }
    let is_missing = |load: &ConnectionFigures| {
        load.connect.is_none()
            || load.query.is_none()
            || load.fetch.is_none()
            || figures.writes && load.insert.is_none()
    };
    let seconds = format!("{:.1}", figures.lasted.as_secs_f64());
    if figures.is_interrupted {
        remarks.push(message!("bench-interrupted", seconds = seconds));
    } else if figures.transports.is_empty() {
        remarks.push(message!("bench-nothing-measured"));
    } else if loads().any(is_missing) {
        remarks.push(message!("bench-missing"));
    }
    remarks
}

/// The advice as one sentence.
pub(super) fn advice_text(advice: BenchAdvice) -> Message {
    let of = |measure: Measure| match measure {
        Measure::Fetch => message!("bench-measure-fetch"),
        Measure::Insert => message!("bench-measure-insert"),
        Measure::Query => message!("bench-measure-query"),
    };
    match advice {
        BenchAdvice::WebSocketEqualsNative { measure, share } => {
            message!(
                "bench-ws-equals-native",
                share = share,
                measure = of(measure)
            )
        }
        BenchAdvice::WebSocketEnough { measure, share } => {
            message!("bench-ws-enough", share = share, measure = of(measure))
        }
        BenchAdvice::NativeFaster { measure, share } => {
            message!("bench-native-faster", share = share, measure = of(measure))
        }
        BenchAdvice::WebSocketOverRest { measure, share } => {
            message!("bench-ws-over-rest", share = share, measure = of(measure))
        }
        BenchAdvice::RestEqualsWebSocket { measure, share } => {
            message!("bench-rest-equals-ws", share = share, measure = of(measure))
        }
        BenchAdvice::NativeOverRest { measure, share } => {
            message!(
                "bench-native-over-rest",
                share = share,
                measure = of(measure)
            )
        }
    }
}

/// Microseconds as milliseconds with three digits that matter.
fn milliseconds(us: u64) -> String {
    let ms = us as f64 / 1000.0;
    match us {
        0..10_000 => format!("{ms:.2} ms"),
        10_000..100_000 => format!("{ms:.1} ms"),
        _ => format!("{ms:.0} ms"),
    }
}

/// A number with commas between groups of three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_three_digits() {
        let all = [417, 9_999, 10_400, 123_456].map(milliseconds);
        assert_eq!(all, ["0.42 ms", "10.00 ms", "10.4 ms", "123 ms"]);
        assert_eq!(
            [7, 999, 1000, 1_204_567].map(grouped),
            ["7", "999", "1,000", "1,204,567"]
        );
    }
}
