//! `verify --every`: one line a change while it runs, and the figures at its end.

use std::ops::ControlFlow;
use std::time::Duration;

use serde_json::{Value, json};

use super::Context;
use super::report::{self, ReportArgs};
use crate::error::Result;
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::output::style::Style;
use crate::output::{CommandResult, HumanOptions, HumanText, OutputForm, Report, print_line};
use crate::safety::printable::escape_controls;
use crate::verify::VerifyRequest;
use crate::verify::watch::{WatchChange, WatchSchedule, WatchSummary, WatchedTransport, watch};

/// Runs the watch.
pub(super) fn run(
    request: &VerifyRequest,
    schedule: WatchSchedule,
    args: &ReportArgs,
    context: &Context,
) -> Result<Report> {
    let (form, human) = (context.output.form, context.output.human);
    let mut failed = Vec::new();
    let summary = watch(
        request,
        schedule,
        &context.events,
        human.locale,
        &mut |outcome, changes, now| {
            for change in changes {
                let line = match form {
                    OutputForm::Json => change_json(change, now).to_string(),
                    OutputForm::Human => change_text(change, now, human.locale, human.stdout),
                };
                // Whoever read the lines has gone.
                if !print_line(&line) {
                    return ControlFlow::Break(());
                }
            }
            failed = report::write_files(outcome, args, human.locale).failed;
            ControlFlow::Continue(())
        },
    );
    let summary = report::hidden(summary, request.aliases.as_deref())?;
    Ok(Box::new(WatchReport {
        summary,
        form,
        failed,
    }))
}

/// The end of a watch, after its last line.
struct WatchReport {
    summary: WatchSummary,
    form: OutputForm,
    /// Reports of the last round that could not be written.
    failed: Vec<crate::error::Error>,
}

impl CommandResult for WatchReport {
    fn exit(&self) -> u8 {
        match (self.summary.exit, self.failed.first()) {
            (0, Some(error)) => error.exit(),
            (exit, _) => exit,
        }
    }

    fn errors(&self) -> &[crate::error::Error] {
        &self.failed
    }

    fn human(&self, options: &HumanOptions) -> HumanText {
        let stdout = match self.form {
            OutputForm::Human => summary_text(&self.summary, options.locale, options.stdout),
            OutputForm::Json => String::new(),
        };
        HumanText {
            stdout,
            stderr: String::new(),
        }
    }

    fn json(&self, _locale: Locale) -> Value {
        summary_json(&self.summary)
    }

    fn json_line(&self) -> Option<String> {
        Some(summary_json(&self.summary).to_string())
    }
}

fn change_text(change: &WatchChange, now: &str, locale: Locale, style: Style) -> String {
    let (mark, target, text) = match change {
        WatchChange::Up {
            target,
            transport,
            ms,
            after,
        } => (
            style.good("✓"),
            target,
            message!(
                "watch-up",
                transport = transport.as_str(),
                ms = *ms,
                after = after.map(duration).unwrap_or_default()
            ),
        ),
        WatchChange::Down {
            target,
            transport,
            id,
            summary,
        } => (
            style.bad("✗"),
            target,
            message!(
                "watch-down",
                transport = transport.as_str(),
                id = id,
                summary = summary
            ),
        ),
        WatchChange::Name {
            target,
            before,
            now,
        } => (
            style.warning("!"),
            target,
            message!(
                "watch-name",
                before = before.join(", "),
                now = now.join(", ")
            ),
        ),
        WatchChange::Dnode {
            target,
            endpoint,
            open: true,
        } => (
            style.good("✓"),
            target,
            message!("watch-dnode-open", endpoint = endpoint),
        ),
        WatchChange::Dnode {
            target,
            endpoint,
            open: false,
        } => (
            style.warning("!"),
            target,
            message!("watch-dnode-closed", endpoint = endpoint),
        ),
    };
    let text = escape_controls(&text.text(locale));
    format!(
        "{} {mark} {}  {text}",
        style.faint(now),
        escape_controls(target)
    )
}

fn change_json(change: &WatchChange, now: &str) -> Value {
    match change {
        WatchChange::Up {
            target,
            transport,
            ms,
            after,
        } => {
            let mut value = json!({
                "event": "up", "time": now, "target": target, "transport": transport, "ms": ms,
                "outage_ms": after.map(millis),
            });
            super::route_json::with_reason(
                &mut value,
                after.map(millis),
                "it was not seen to fail",
            );
            value
        }
        WatchChange::Down {
            target,
            transport,
            id,
            summary,
        } => json!({
            "event": "down", "time": now, "target": target, "transport": transport,
            "finding": id, "summary": summary,
        }),
        WatchChange::Name {
            target,
            before,
            now: addresses,
        } => json!({
            "event": "name", "time": now, "target": target, "before": before, "now": addresses,
        }),
        WatchChange::Dnode {
            target,
            endpoint,
            open,
        } => json!({
            "event": "dnode", "time": now, "target": target, "endpoint": endpoint, "open": open,
        }),
    }
}

fn summary_text(summary: &WatchSummary, locale: Locale, style: Style) -> String {
    let say = |message: Message| escape_controls(&message.text(locale));
    let mut text = format!(
        "\n{}\n",
        style.strong(say(message!(
            "watch-summary",
            lasted = duration(summary.lasted),
            rounds = summary.rounds
        )))
    );
    for row in &summary.transports {
        let figure =
            |value: Option<u64>| value.map_or_else(|| "–".to_owned(), |ms| format!("{ms} ms"));
        let line = message!(
            "watch-row",
            target = row.target,
            transport = row.transport.as_str(),
            share = share(row),
            outages = row.outages.count,
            total = duration(row.outages.total),
            longest = duration(row.outages.longest),
            p50 = figure(row.latency.percentile(50)),
            p95 = figure(row.latency.percentile(95)),
            max = figure(row.latency.max())
        );
        text.push_str(&format!("  {}\n", say(line)));
    }
    text
}

fn summary_json(summary: &WatchSummary) -> Value {
    let row = |row: &WatchedTransport| {
        let mut value = json!({
            "target": row.target,
            "transport": row.transport,
            "rounds": row.rounds,
            "good_rounds": row.good_rounds,
            "outages": row.outages.count,
            "outage_ms": millis(row.outages.total),
            "longest_outage_ms": millis(row.outages.longest),
            "p50_ms": row.latency.percentile(50),
            "p95_ms": row.latency.percentile(95),
            "max_ms": row.latency.max(),
        });
        super::route_json::with_reason(&mut value, row.latency.max(), "it never worked");
        value
    };
    json!({
        "event": "summary",
        "exit": summary.exit,
        "interrupted": summary.is_interrupted,
        "ms": millis(summary.lasted),
        "rounds": summary.rounds,
        "transports": summary.transports.iter().map(row).collect::<Vec<_>>(),
    })
}

/// The share of good rounds in percent, cut to one digit, so that 100 means all.
fn share(row: &WatchedTransport) -> String {
    let tenths = (row.good_rounds * 1000)
        .checked_div(row.rounds)
        .unwrap_or_default();
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// A duration for people.
fn duration(duration: Duration) -> String {
    match duration.as_secs() {
        0 => format!("{} ms", duration.as_millis()),
        seconds @ 1..120 => format!("{seconds} s"),
        seconds @ 120..7200 => format!("{} min {} s", seconds / 60, seconds % 60),
        seconds => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
