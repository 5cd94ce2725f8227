//! Usage errors of clap, without the secrets that arguments hold: clap repeats arguments and values as they were given.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::safety::redaction::{redact_argument, redact_option_value};

/// The text of `error`, with control sequences if `color`; secrets in the arguments of this process are `***`.
pub fn usage_text(error: &clap::Error, color: bool) -> String {
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
    let mut text = if color {
        error.render().ansi().to_string()
    } else {
        error.render().to_string()
    };
    for (value, shown) in secrets {
        text = text.replace(&value, &shown);
        // Parsers of values may quote them.
        let quoted = value.escape_debug().to_string();
        text = text.replace(&quoted, &shown);
    }
    text
}
