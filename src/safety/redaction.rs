//! Removes passwords and tokens from texts before they are printed or stored.
//!
//! [`redact`] is for any text: a pasted log, a server's message, a command line. [`redact_argument`] is for one argument or
//! one variable's value, where a connection string may be expected, and hides more. Both hide too much rather than too
//! little: a password can hold any character, so that its end is often unknown, and then the rest of the line is hidden.
//! A text without secrets stays the same, and a redacted text is never changed again.

mod at_signs;
mod calls;
mod commands;
mod headers;
mod logins;
mod settings;
mod values;
mod words;

use std::ops::Range;

use url::Url;

pub use words::is_secret_option;

/// The text that is printed instead of a secret.
const MASK: &str = "***";

/// The number of passes after which a text that still changes is hidden as a whole.
const PASSES: usize = 16;

/// Returns `text` with `***` for the secrets in it: user information of URLs and connection strings, values of names such as
/// `password` and `token`, passwords in the arguments of commands and functions, and headers that authorize.
pub fn redact(text: &str) -> String {
    settle(text, |text| mask(text, &secrets(text)))
}

/// Returns `text`, one argument or the value of a variable, with `***` for what may be a secret. Hides, in addition to
/// [`redact`], everything before an `@`, everything after `HOST:` that is not a port, and the arguments of a call.
pub fn redact_argument(text: &str) -> String {
    settle(text, |text| {
        let text = mask(text, &secrets(text));
        mask(&text, &logins::find_in_argument(&text))
    })
}

/// Returns `***` if `value` follows the option `name` on a command line and `name` says that it is a secret.
pub fn redact_option_value(name: &str, value: &str) -> Option<String> {
    let secret = name.starts_with('-') && (name == "-p" || words::is_secret_name(name));
    // A shorter value would garble the text.
    (secret && value.len() >= 4 && !value.starts_with('-')).then(|| MASK.to_owned())
}

/// Returns `url` as it can be shown: `***` for the password, or for the user of a URL without password, because tokens are
/// written there; `…` for the query, which may hold a signature or a token. The fragment is removed.
pub fn redact_url(url: &Url) -> String {
    let mut url = url.clone();
    if url.password().is_some() {
        let _ = url.set_password(Some(MASK));
    } else if !url.username().is_empty() {
        let _ = url.set_username(MASK);
    }
    let query = url.query().is_some();
    url.set_query(None);
    url.set_fragment(None);
    let mut text = url.to_string();
    if query {
        text.push_str("?…");
    }
    text
}

/// Applies `pass` until the text stays the same, so that a redacted text is never changed again.
fn settle(text: &str, pass: impl Fn(&str) -> String) -> String {
    let mut text = text.to_owned();
    for _ in 0..PASSES {
        let next = pass(&text);
        if next == text {
            return text;
        }
        text = next;
    }
    MASK.to_owned()
}

/// The places of all secrets in `text`.
fn secrets(text: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut start = 0;
    for line in text.split(['\n', '\r']) {
        let mut found = Vec::new();
        settings::find(line, &mut found);
        headers::find(line, &mut found);
        logins::find(line, &mut found);
        commands::find(line, &mut found);
        spans.extend(
            found
                .into_iter()
                .map(|span| span.start + start..span.end + start),
        );
        start += line.len() + 1;
    }
    calls::find(text, &mut spans);
    spans
}

/// `text` with [`MASK`] for each of `spans`; spans that touch are one.
fn mask(text: &str, spans: &[Range<usize>]) -> String {
    let mut spans: Vec<_> = spans.iter().filter(|span| !span.is_empty()).collect();
    spans.sort_by_key(|span| span.start);
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    let mut masked = false;
    for span in spans {
        if span.start > end || !masked {
            out.push_str(&text[end.min(span.start)..span.start]);
            out.push_str(MASK);
            masked = true;
        }
        end = end.max(span.end);
    }
    out.push_str(&text[end..]);
    out
}

#[cfg(test)]
pub(crate) mod tests;
