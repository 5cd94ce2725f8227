//! The time zone of taos.cfg against this machine's, by their offsets now.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use super::check_report::CheckReport;
use super::machine_facts::MachineFacts;
use crate::diagnose::{Id, Judgement};
use crate::message::message;
use crate::safety::printable::printable;
use crate::system::clock;

/// Runs the check.
pub fn check(facts: &MachineFacts) -> CheckReport {
    let now = clock::now();
    let here = TimeZone::system();
    let named = here.iana_name().unwrap_or_default().to_owned();
    let offset = here.to_offset(now);
    let shown = match named.is_empty() {
        true => format!("UTC{offset}"),
        false => format!("{named} (UTC{offset})"),
    };
    let mut report = CheckReport::ok([message!("doctor-zone", zone = shown)]);
    let Some(configured) = facts.config.value("timezone") else {
        return report;
    };
    report.details.push(message!(
        "doctor-zone-configured",
        zone = printable(configured)
    ));
    let config = facts.config.file.display();
    match offset_of(configured, now) {
        None => {
            let wanted = message!("doctor-wanted-zone");
            report.with(
                Judgement::failed(
                    Id::ConfigValueInvalid,
                    message!("doctor-zone-configured", zone = configured),
                )
                .into_warning()
                .expecting(wanted.clone())
                .with("config", config)
                .with("name", "timezone")
                .with_message("wanted", wanted),
            )
        }
        Some(found) if found != offset => report.with(
            Judgement::failed(
                Id::TimezoneMismatch,
                message!(
                    "doctor-zones",
                    configured = format!("UTC{found}"),
                    here = format!("UTC{offset}")
                ),
            )
            .into_warning()
            .expecting(message!("doctor-zones-expected"))
            .with("config", config)
            .with("found", configured)
            .with("wanted", shown),
        ),
        Some(_) => report,
    }
}

/// The offset from Greenwich of a zone as taos.cfg names it: a name of the time zone database, with what stands behind it, or POSIX's
/// `UTC-8`, which is eight hours east.
fn offset_of(zone: &str, now: Timestamp) -> Option<Offset> {
    let zone = zone.split_whitespace().next()?;
    let sign = zone
        .strip_prefix("UTC")
        .or_else(|| zone.strip_prefix("GMT"));
    if let Some(rest) = sign {
        let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
        if hours.is_empty() {
            return Some(Offset::UTC);
        }
        let hours: i32 = hours.parse().ok()?;
        let minutes: i32 = minutes.parse().ok().filter(|it| (0..60).contains(it))?;
        let seconds = hours.checked_mul(3600)?;
        let seconds = seconds.abs() + minutes * 60;
        let east = if hours > 0 || rest.starts_with('+') {
            -seconds
        } else {
            seconds
        };
        return Offset::from_seconds(east).ok();
    }
    let zone = TimeZone::get(zone).ok()?;
    Some(zone.to_offset(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_have_offsets() {
        let now = Timestamp::UNIX_EPOCH;
        let hours = |zone: &str| offset_of(zone, now).map(|it| it.seconds());
        assert_eq!(hours("UTC-8"), Some(8 * 3600));
        assert_eq!(hours("UTC+5:30"), Some(-(5 * 3600 + 1800)));
        assert_eq!(hours("GMT"), Some(0));
        for wrong in [
            "",
            "UTC-x",
            "UTC-99999999999",
            "UTC-2147483647",
            "UTC-8:99",
            "Moon/Sea",
        ] {
            assert_eq!(hours(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn names_of_the_database_are_known() {
        if TimeZone::get("Asia/Shanghai").is_ok() {
            let zone = offset_of("Asia/Shanghai (CST, +0800)", clock::now());
            assert_eq!(zone.map(|it| it.seconds()), Some(8 * 3600));
        }
    }
}
