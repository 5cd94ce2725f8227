//! This machine's clock against the `Date` of an answer over HTTP, if a server was named for it.

use super::check_report::CheckReport;
use super::machine_facts::MachineFacts;
use crate::diagnose::{Id, Judgement, judge};
use crate::message::{Message, message};
use crate::probe::http_date;
use crate::safety::redaction::redact_url;
use crate::system::clock;
use crate::system::tls::{TlsTrust, without_trust};

/// Runs the check.
pub async fn check(facts: &MachineFacts) -> CheckReport {
    let Some(url) = &facts.request.time_from else {
        return CheckReport::ok([message!("doctor-clock-alone", time = clock::now_text())]);
    };
    let shown = redact_url(url);
    let tls = match url.scheme() {
        "https" => TlsTrust::of_this_machine()
            .map_err(|error| error.observed)
            .and_then(|trust| trust.strict().map_err(Message::quoted)),
        _ => without_trust().map_err(Message::quoted),
    };
    let asked = match tls {
        Ok(tls) => http_date::ask(url, tls, facts.request.limit).await,
        Err(why) => Err(why),
    };
    match asked {
        Ok(found) => {
            let judgement =
                judge::clock::skew(found.ahead).with("host", url.host_str().unwrap_or_default());
            let time = found.date.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
            CheckReport::ok([message!("doctor-clock-of", address = shown, time = time)])
                .with(judgement)
        }
        Err(why) => CheckReport::default().with(
            Judgement::failed(Id::TimeSourceUnreachable, why)
                .expecting(message!("doctor-clock-expected"))
                .with("address", shown),
        ),
    }
}
