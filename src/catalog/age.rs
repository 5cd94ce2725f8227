//! The age of the built-in catalog: what was published after its last review is not in it.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit};

use super::Clients;
use crate::error::Result;
use crate::message::{Message, message};

/// The age in months from which a catalog is old. The vendor publishes a client about once a month.
const OLD: i32 = 6;

/// Returns a note that the built-in catalog is old at `now`, or nothing if it is not. The machine's clock is believed: a wrong one
/// costs a note.
///
/// # Errors
/// `unexpected` if the built-in catalog is damaged.
pub fn note(now: Timestamp) -> Result<Option<Message>> {
    let reviewed = Clients::builtin()?.reviewed();
    Ok(old_for(reviewed, now)
        .map(|months| message!("catalog-old", reviewed = reviewed, months = months)))
}

/// The whole months since `reviewed`, if they make a catalog old.
fn old_for(reviewed: Date, now: Timestamp) -> Option<i32> {
    let today = now.to_zoned(TimeZone::UTC).date();
    let months = reviewed.until((Unit::Month, today)).ok()?.get_months();
    (months >= OLD).then_some(months)
}

#[cfg(test)]
mod tests;
