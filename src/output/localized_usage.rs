//! Usage errors in the languages that clap does not speak.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::message::{Message, message};

/// Returns what is wrong on the command line and, if clap knows it, the word that was probably meant. `None` for kinds of errors
/// that this program's arguments cannot cause.
pub fn describe_usage_error(error: &clap::Error) -> Option<Message> {
    let words = |kind| words(error, kind);
    let argument = words(ContextKind::InvalidArg);
    let value = words(ContextKind::InvalidValue);
    let message = match error.kind() {
        ErrorKind::UnknownArgument => message!("usage-unknown-argument", argument = argument),
        ErrorKind::InvalidSubcommand => message!(
            "usage-unknown-command",
            command = words(ContextKind::InvalidSubcommand)
        ),
        ErrorKind::InvalidValue if value.is_empty() => {
            message!("usage-value-missing", argument = argument)
        }
        ErrorKind::InvalidValue => message!(
            "usage-value-not-listed",
            argument = argument,
            value = value,
            values = words(ContextKind::ValidValue)
        ),
        ErrorKind::ValueValidation => message!(
            "usage-value-invalid",
            argument = argument,
            value = value,
            expected = expected_value(&argument)
        ),
        ErrorKind::MissingRequiredArgument => {
            message!("usage-argument-missing", arguments = argument)
        }
        ErrorKind::ArgumentConflict if words(ContextKind::PriorArg) == argument => {
            message!("usage-twice", argument = argument)
        }
        ErrorKind::ArgumentConflict => message!(
            "usage-conflict",
            argument = argument,
            others = words(ContextKind::PriorArg)
        ),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            message!("usage-command-missing")
        }
        ErrorKind::TooManyValues => {
            message!("usage-value-too-many", argument = argument, value = value)
        }
        ErrorKind::InvalidUtf8 => message!("usage-not-utf8"),
        _ => return None,
    };
    let meant = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ]
    .map(words)
    .concat();
    Some(match meant.is_empty() {
        true => message,
        false => message.then(message!("usage-meant", word = meant)),
    })
}

/// The words of the context `kind`, separated by commas.
fn words(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(word)) => word.clone(),
        Some(ContextValue::Strings(words)) => words.join(", "),
        _ => String::new(),
    }
}

/// What the option `argument`, written as `--timeout <DURATION>`, takes. Empty for one whose placeholder says it.
fn expected_value(argument: &str) -> Message {
    let start = argument.find(['<', '[']).map_or(0, |at| at + 1);
    match argument[start..].trim_end_matches(['>', ']']) {
        "DURATION" => message!("usage-expects-duration"),
        "VERSION" | "VERSION|system" => message!("usage-expects-version"),
        "HOST|VERSION" => message!("usage-expects-host-or-version"),
        "EP" => message!("usage-expects-endpoint"),
        "HEX" => message!("usage-expects-digest"),
        "KEY|FILE" => message!("usage-expects-key"),
        "TRANSPORT" | "LIST" => message!("usage-expects-transport"),
        "PLATFORM" => message!("usage-expects-platform"),
        "OS" => message!("usage-expects-os"),
        "PARTS" => message!("usage-expects-parts"),
        "EDITION" => message!("usage-expects-edition"),
        "PORT" => message!("usage-expects-port"),
        "git[@REV" => message!("usage-expects-source"),
        "NAME" => message!("usage-expects-name"),
        _ => Message::default(),
    }
}
