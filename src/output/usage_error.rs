//! Usage errors of clap, without the secrets that arguments hold: clap repeats arguments and values as they were given.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::localized_usage::describe_usage_error;
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::safety::redaction::{redact_argument, redact_option_value};

/// The text of `error` in `locale`, with control sequences if `color`; secrets in the arguments of this process are `***`.
pub fn usage_text(error: &clap::Error, locale: Locale, color: bool) -> String {
    let text = match (locale, describe_usage_error(error)) {
        (Locale::Zh, Some(fault)) => localized(error, fault, locale),
        (Locale::En | Locale::Zh, _) if color => error.render().ansi().to_string(),
        (Locale::En | Locale::Zh, _) => error.render().to_string(),
    };
    hide_secrets(error, text)
}

/// What is wrong, in one line.
pub fn usage_fault(error: &clap::Error, locale: Locale) -> String {
    let fault = match (locale, describe_usage_error(error)) {
        (Locale::Zh, Some(fault)) => fault.text(locale),
        (Locale::En | Locale::Zh, _) => {
            let text = error.render().to_string();
            let first = text.lines().next().unwrap_or_default();
            first.trim_start_matches("error: ").to_owned()
        }
    };
    hide_secrets(error, fault)
}

fn localized(error: &clap::Error, fault: Message, locale: Locale) -> String {
    let mut lines = vec![message!("usage-error", fault = fault)];
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        let usage = usage.split_once(':').map_or(&*usage, |(_, usage)| usage);
        lines.push(message!("usage-line", usage = usage.trim()));
    }
    lines.push(message!("usage-more"));
    let lines: Vec<String> = lines.iter().map(|line| line.text(locale)).collect();
    lines.join("\n\n") + "\n"
}

/// Returns `text` without the secrets in the arguments of this process.
fn hide_secrets(error: &clap::Error, mut text: String) -> String {
    let arguments: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let mut values = arguments.clone();
    // Then this is the option as its command declares it, placeholder included: nothing that was given.
    let is_declared = matches!(
        error.kind(),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation
    );
    for (kind, value) in error.context() {
        if is_declared && kind == ContextKind::InvalidArg {
            continue;
        }
        match value {
            ContextValue::String(value) => values.push(value.clone()),
            ContextValue::Strings(more) => values.extend(more.iter().cloned()),
            _ => {}
        }
    }
    values.extend(
        arguments
            .iter()
            .filter_map(|argument| Some(argument.split_once('=')?.1.to_owned())),
    );
    let mut secrets: Vec<(String, String)> = values
        .into_iter()
        .map(|value| (redact_argument(&value), value))
        .map(|(shown, value)| (value, shown))
        .filter(|(value, shown)| value != shown)
        .collect();
    secrets.extend(arguments.windows(2).filter_map(|pair| match pair {
        [name, value] => {
            let shown = redact_option_value(name, value)?;
            Some((value.clone(), shown))
        }
        _ => None,
    }));
    secrets.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
    for (value, shown) in secrets {
        text = text.replace(&value, &shown);
        // Parsers of values may quote them.
        let quoted = value.escape_debug().to_string();
        text = text.replace(&quoted, &shown);
    }
    text
}
