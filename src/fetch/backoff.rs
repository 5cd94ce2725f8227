//! When a failed address is tried again, and what is said about it when it never worked.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use jiff::Timestamp;

use crate::error::{Error, ErrorId};
use crate::message::{Message, message};

/// No wait between two tries is longer, but where a server asks for more.
const LONGEST: Duration = Duration::from_secs(30);

/// The wait before retry number `retry` (from 0): `first`, doubled each time, at most [`LONGEST`], of which `jitter` (0 to 1)
/// takes away up to a half, so that many clients do not come back together. A server's `Retry-After` is kept.
pub(super) fn wait(
    retry: u32,
    first: Duration,
    jitter: f64,
    asked_for: Option<Duration>,
) -> Duration {
    let doubled = first.saturating_mul(2_u32.saturating_pow(retry.min(20)));
    let own = doubled.min(LONGEST.max(first)).mul_f64(1.0 - jitter / 2.0);
    asked_for.map_or(own, |asked_for| asked_for.max(own))
}

/// A number from 0 to 1 that differs from one call and process to the next.
pub(super) fn jitter() -> f64 {
    // The standard library seeds each state; no more randomness is needed.
    let random = RandomState::new().hash_one(0_u8) >> 40;
    f64::from(u32::try_from(random).unwrap_or_default()) / f64::from(1_u32 << 24)
}

/// Reads `Retry-After` (RFC 9110, 10.2.3): seconds, or a date, which counts from `now`.
pub(super) fn retry_after(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
}

/// How often each address was tried, and what was seen last.
#[derive(Debug, Default)]
pub(super) struct Tally(Vec<FailedAddress>);

#[derive(Debug)]
struct FailedAddress {
    place: String,
    tries: u32,
    last: Error,
}

impl Tally {
    /// Notes a try of `place` that failed with `error`; gives how often it was tried by now.
    pub(super) fn failed(&mut self, place: &str, error: Error) -> u32 {
        match self.0.iter_mut().find(|entry| entry.place == place) {
            Some(entry) => {
                entry.tries += 1;
                entry.last = error;
                entry.tries
            }
            None => {
                self.0.push(FailedAddress {
                    place: place.to_owned(),
                    tries: 1,
                    last: error,
                });
                1
            }
        }
    }

    /// Everything as one error; `None` where nothing failed.
    pub(super) fn into_error(self) -> Option<Error> {
        let several = self.0.len() > 1;
        let lines: Vec<Message> = self.0.iter().map(|entry| entry.describe(several)).collect();
        let first = self.0.into_iter().next()?.last;
        Some(Error {
            tried: if several {
                message!("fetch-download-package")
            } else {
                first.tried
            },
            observed: Message::joined(lines, "; "),
            ..first
        })
    }
}

impl FailedAddress {
    fn describe(&self, with_place: bool) -> Message {
        let seen = self.last.observed.clone();
        let observed = match self.tries {
            1 => seen,
            tries => message!("fetch-tries", tries = tries, observed = seen),
        };
        match with_place {
            true => message!(
                "fetch-place-observed",
                place = self.place,
                observed = observed
            ),
            false => observed,
        }
    }
}

/// The error for a download whose time is over.
pub(super) fn time_is_over(place: &str, limit: Duration, tally: Tally) -> Error {
    let before = tally
        .into_error()
        .map(|error| message!("fetch-status-before", observed = error.observed))
        .unwrap_or_default();
    Error::new(
        ErrorId::DownloadFailed,
        message!("fetch-download", place = place),
        message!(
            "fetch-status-late",
            seconds = limit.as_secs_f64().to_string()
        )
        .then(before),
        message!("fetch-run-again"),
    )
}

#[cfg(test)]
mod tests;
