//! `taos-setup explain`

mod args;
mod human;
mod json;

use std::io::{IsTerminal, Read};

use serde_json::Value;

use super::Context;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::explain::{ExplainRequest, Explanation, LIMIT, Match, all, explain};
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
use crate::tdengine::platform::Os;
pub(super) use args::Args;

/// The bytes of a longer text that are kept from its end.
const TAIL: usize = LIMIT / 4;
/// The bytes that are read at once.
const CHUNK: usize = 1 << 16;

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let query = if args.list {
        String::new()
    } else if args.query.is_empty() && !std::io::stdin().is_terminal() || args.query == ["-"] {
        pasted()?
    } else {
        args.query.join(" ")
    };
    let request = ExplainRequest {
        query,
        host: args.host,
        os: args.platform.unwrap_or(Os::host()),
        locale: context.output.human.locale,
    };
    let outcome = if args.list {
        ExplainOutcome::List(all(&request)?)
    } else if request.query.trim().is_empty() {
        ExplainOutcome::Usage
    } else {
        ExplainOutcome::Matches(Box::new(explain(&request)?))
    };
    Ok(Box::new(outcome))
}

/// The result of `explain`.
enum ExplainOutcome {
    /// The entries that match a query.
    Matches(Box<Explanation>),
    /// Every entry.
    List(Vec<Match>),
    /// No query was given.
    Usage,
}

impl CommandResult for ExplainOutcome {
    fn human(&self, options: &HumanOptions) -> HumanText {
        let (stdout, stderr) = match self {
            Self::Matches(explanation) => (
                human::matches(explanation, options.locale, options.stdout),
                human::notes(explanation, options),
            ),
            Self::List(entries) => (human::list(entries), String::new()),
            Self::Usage => (human::usage(options.locale), String::new()),
        };
        HumanText { stdout, stderr }
    }

    fn json(&self, locale: Locale) -> Value {
        match self {
            Self::Matches(explanation) => json::matches(explanation, locale),
            Self::List(entries) => json::list(entries),
            Self::Usage => json::list(&[]),
        }
    }
}

/// Reads stdin to its end. Of a text that is longer than the limit, the first three quarters of the limit and the last quarter
/// are kept: logs name their cause at the start or at the end. Bytes that are not UTF-8 are replaced.
fn pasted() -> Result<String> {
    let mut stdin = std::io::stdin().lock();
    let mut head = Vec::with_capacity(LIMIT);
    let mut tail = Vec::with_capacity(2 * TAIL + CHUNK);
    let mut chunk = vec![0; CHUNK];
    loop {
        let count = match stdin.read(&mut chunk) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => {
                return Err(Error::new(
                    ErrorId::FileUnreadable,
                    message!("explain-stdin"),
                    describe_io_error(&error),
                    Message::quoted("taos-setup explain TEXT"),
                ));
            }
        };
        let bytes = &chunk[..count];
        let of_head = (LIMIT - TAIL - head.len()).min(count);
        head.extend_from_slice(&bytes[..of_head]);
        tail.extend_from_slice(&bytes[of_head..]);
        if tail.len() > 2 * TAIL {
            tail.drain(..tail.len() - TAIL);
        }
    }
    head.extend_from_slice(&tail[tail.len().saturating_sub(TAIL)..]);
    Ok(String::from_utf8(head)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}
