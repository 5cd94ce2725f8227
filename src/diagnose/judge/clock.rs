//! Clocks and zones: two different troubles that look alike.

use jiff::SignedDuration;

use crate::diagnose::{CauseKind, Id, Judgement};
use crate::message::message;

/// A difference that a machine without time synchronization gets in weeks; smaller ones give no warning.
const TOLERATED: SignedDuration = SignedDuration::from_secs(10);
/// Zones differ by multiples of a quarter of an hour, by 26 hours at most.
const STEP: i64 = 15 * 60;
const MOST: i64 = 26 * 3600;
/// How far a clock that was set to local time by hand may be from it.
const HANDS: i64 = 60;

/// The server's clock, `ahead` of this machine's by so much more than the round trip explains. A warning: WebSocket and REST
/// work all the same, and a native login that fails by it says so itself.
pub fn skew(ahead: SignedDuration) -> Judgement {
    let expected = message!("verify-clock-expected");
    if ahead.abs() <= TOLERATED {
        return Judgement::ok(message!("verify-clock-ok")).expecting(expected);
    }
    let shown = words(ahead);
    let seconds = ahead.abs().as_secs();
    let off = (seconds + STEP / 2) / STEP * STEP;
    let zone = (3600 - HANDS..=MOST).contains(&seconds) && (seconds - off).abs() <= HANDS;
    Judgement::failed(
        Id::ClockSkew,
        message!(
            "verify-clock-skew",
            shown = shown,
            ahead = ahead.is_positive()
        ),
    )
    .into_warning()
    .expecting(expected)
    .with("shift", shown)
    .of_kind(zone.then_some(CauseKind::Zone))
}

/// Whether an instant that comes back `later` was shifted by a zone's offset, and by nothing else.
pub fn is_zone_shift(later: SignedDuration) -> bool {
    let whole = later.subsec_nanos() == 0 && later.as_secs() % STEP == 0;
    !later.is_zero() && whole && later.as_secs().abs() <= MOST
}

/// Describes a duration without its sign: `8 h`, `5 h 30 min`, `42.5 s`.
pub fn words(duration: SignedDuration) -> String {
    let duration = duration.abs();
    let seconds = duration.as_secs();
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let parts: Vec<String> = [(hours, "h"), (minutes, "min"), (rest, "s")]
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| format!("{count} {unit}"))
        .collect();
    if parts.is_empty() {
        format!("{} ms", duration.as_millis())
    } else {
        parts.join(" ")
    }
}

#[cfg(test)]
mod tests;
