//! The system clock, whatever it is set to: a clock outside the years that are supported gives the nearest supported time.

use std::time::SystemTime;

use jiff::Timestamp;

/// Returns the time now.
pub fn now() -> Timestamp {
    of(SystemTime::now())
}

/// Returns the time now for records, RFC 3339 in UTC, in seconds.
pub fn now_text() -> String {
    now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn of(time: SystemTime) -> Timestamp {
    Timestamp::try_from(time).unwrap_or(match time < SystemTime::UNIX_EPOCH {
        true => Timestamp::MIN,
        false => Timestamp::MAX,
    })
}

#[cfg(test)]
mod tests;
