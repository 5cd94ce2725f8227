//! How long a download may take and how often it is tried again.

use std::time::Duration;

use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::safety::printable::printable;
use crate::system::env_vars::{self, EnvVar};

/// The limits of a download, from documented environment variables.
#[derive(Clone, Debug, PartialEq)]
pub struct DownloadLimits {
    /// How long a server may take to accept a connection.
    pub connect: Duration,
    /// How long a server may stay silent once it is connected.
    pub read: Duration,
    /// How long everything may take, waiting between tries included. Another run resumes where this one stopped.
    pub total: Duration,
    /// How often an address that failed is tried again.
    pub retries: u32,
    /// The wait before the first retry; it doubles from one to the next.
    pub delay: Duration,
}

impl Default for DownloadLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            read: Duration::from_secs(60),
            total: Duration::from_secs(3600),
            retries: 4,
            delay: Duration::from_secs(1),
        }
    }
}

impl DownloadLimits {
    /// The limits that the environment sets. Error `usage` for an invalid value.
    pub fn from_environment() -> Result<Self> {
        let usual = Self::default();
        Ok(Self {
            connect: seconds(env_vars::CONNECT_TIMEOUT, usual.connect)?,
            read: seconds(env_vars::READ_TIMEOUT, usual.read)?,
            total: seconds(env_vars::DOWNLOAD_TIMEOUT, usual.total)?,
            retries: match env_vars::RETRIES.get() {
                None => usual.retries,
                Some(value) => value
                    .to_str()
                    .and_then(|text| text.parse().ok())
                    .filter(|retries| *retries <= MOST_RETRIES)
                    .ok_or_else(|| {
                        usage(
                            env_vars::RETRIES,
                            message!("fetch-limit-retries"),
                            &value.to_string_lossy(),
                        )
                    })?,
            },
            delay: seconds(env_vars::RETRY_DELAY, usual.delay)?,
        })
    }
}

/// More retries than this are a slip of the finger.
const MOST_RETRIES: u32 = 100;
/// A limit longer than a day is none.
const LONGEST: f64 = 86_400.0;

fn seconds(variable: EnvVar, usual: Duration) -> Result<Duration> {
    let Some(value) = variable.get() else {
        return Ok(usual);
    };
    value.to_str().and_then(parse_seconds).ok_or_else(|| {
        usage(
            variable,
            message!("fetch-limit-seconds"),
            &value.to_string_lossy(),
        )
    })
}

/// Reads a positive number of seconds, with or without a fraction.
fn parse_seconds(text: &str) -> Option<Duration> {
    let seconds: f64 = text.parse().ok()?;
    let allowed = seconds > 0.0 && seconds <= LONGEST;
    allowed
        .then(|| Duration::try_from_secs_f64(seconds).ok())
        .flatten()
}

fn usage(variable: EnvVar, wanted: Message, value: &str) -> Error {
    Error::new(
        ErrorId::Usage,
        message!("fetch-read", place = variable.name),
        message!(
            "fetch-limit-invalid",
            value = printable(value),
            wanted = wanted
        ),
        message!("fetch-limit-next", name = variable.name, wanted = wanted),
    )
}

#[cfg(test)]
mod tests;
