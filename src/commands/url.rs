//! `taos-setup url`

mod args;
mod human;
mod json;

use serde_json::Value;

use super::Context;
use crate::catalog::endings::Endings;
use crate::dsn::format::ask::{Answer, Ask};
use crate::dsn::format::forms::{self, Language};
use crate::dsn::format::{Login, Refusal, Slot};
use crate::dsn::{Scheme, Target, Transport};
use crate::error::{Error, ErrorId, Result};
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
use crate::safety::redaction::redact_argument;
use crate::safety::secret::Secret;
use crate::system::env_vars::{self, EnvVar};
use crate::system::events::Event;
pub(super) use args::Args;

/// The command that names the gateway of TDengine Cloud.
const EXPORT_GATEWAY: &str = "export TDENGINE_CLOUD_URL=https://gw.cloud.taosdata.com";

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let target = target(&args)?;
    if args.target.is_some() && (target.password.is_some() || target.token.is_some()) {
        context
            .events
            .emit(Event::note(message!("url-password-argument")));
    }
    let language = args.lang.as_deref().and_then(forms::language);
    let scheme = target.scheme;
    let ask = ask(&args, target)?;
    let mut answers = Vec::new();
    if let Some(language) = language {
        let transport = args
            .transport
            .or(scheme.map(Scheme::transport).filter(|_| !args.cloud))
            .or_else(|| language.transports().next())
            .unwrap_or(Transport::Ws);
        answers.push(ask.answer(language, transport, args.transport.is_some()));
    } else {
        for language in forms::languages() {
            for transport in Transport::ALL {
                if args.transport.is_none_or(|wanted| wanted == transport) {
                    answers.push(ask.answer(language, transport, args.transport.is_some()));
                }
            }
        }
    }
    if let [
        Answer {
            language,
            transport,
            outcome: Err(refusal),
        },
    ] = answers.as_slice()
    {
        return Err(refused(language, *transport, refusal.clone()));
    }
    let one = language.is_some();
    Ok(Box::new(UrlOutcome {
        one,
        notes: ask
            .left_out(&answers)
            .into_iter()
            .chain(ending_notes(&answers))
            .collect(),
        answers,
    }))
}

/// The result of `url`.
struct UrlOutcome {
    answers: Vec<Answer>,
    /// Whether one language was requested.
    one: bool,
    /// Notes about the parts of the target that are not in the strings, and about connections that end.
    notes: Vec<Message>,
}

impl CommandResult for UrlOutcome {
    fn human(&self, options: &HumanOptions) -> HumanText {
        HumanText {
            stdout: human::url(&self.answers, self.one),
            stderr: human::url_notes(&self.answers, self.one, &self.notes, options),
        }
    }

    fn json(&self, locale: Locale) -> Value {
        json::url(&self.answers, locale)
    }
}

/// Notes about the strings whose connections the vendor ends.
fn ending_notes(answers: &[Answer]) -> impl Iterator<Item = Message> {
    let endings = Endings::built_in();
    let strings = answers.iter().filter(|answer| answer.outcome.is_ok());
    strings
        .filter_map(|answer| endings.of(&answer.language.id, answer.transport))
        .map(|ending| endings.describe(ending))
}

fn refused(language: &Language, transport: Transport, refusal: Refusal) -> Error {
    Error::new(
        ErrorId::TransportUnsupported,
        message!(
            "url-print",
            language = language.title,
            transport = transport.localized_title()
        ),
        refusal.why,
        refusal.instead,
    )
}

/// The server that the arguments or the environment name.
fn target(args: &Args) -> Result<Target> {
    let (text, next) = match (&args.target, args.cloud) {
        (Some(text), _) => (text.clone(), message!("url-target-next")),
        (None, true) => (
            env_vars::CLOUD_URL.checked_text()?.ok_or_else(|| {
                Error::new(
                    ErrorId::Usage,
                    message!("url-gateway"),
                    message!("url-gateway-unset"),
                    Message::quoted(EXPORT_GATEWAY),
                )
            })?,
            Message::quoted(EXPORT_GATEWAY),
        ),
        (None, false) => (
            env_vars::TAOS_HOST
                .checked_text()?
                .unwrap_or_else(|| "localhost".into()),
            message!("url-host-next"),
        ),
    };
    text.parse().map_err(|complaint: Message| {
        Error::new(
            ErrorId::Usage,
            message!("url-target", target = redact_argument(&text)),
            complaint,
            next,
        )
    })
}

fn ask(args: &Args, target: Target) -> Result<Ask> {
    let by_token = args.cloud
        || target.token.is_some()
        || target
            .options
            .iter()
            .any(|option| option.name.eq_ignore_ascii_case("token"));
    let login = if by_token {
        let given = target.token.clone();
        Login::Token(slot(args, env_vars::CLOUD_TOKEN, given)?)
    } else {
        let given = target.password.clone();
        Login::Password(
            user(args, &target)?,
            slot(args, env_vars::TAOS_PASSWORD, given)?,
        )
    };
    if let Some(name) = &args.db
        && !(1..=64).contains(&name.len())
            | name.contains(|c: char| !c.is_ascii_alphanumeric() && c != '_')
    {
        return Err(Error::new(
            ErrorId::Usage,
            message!("url-db"),
            message!("dsn-database"),
            Message::quoted("taos-setup url --db NAME"),
        ));
    }
    Ok(Ask {
        tls: args.tls || args.cloud,
        database: args.db.clone(),
        login,
        target,
    })
}

/// The secret to print, or what stands for it.
fn slot(args: &Args, variable: EnvVar, given: Option<Secret>) -> Result<Slot> {
    if !args.show_secrets {
        return Ok(Slot::Variable(variable.name));
    }
    let secret = match given {
        Some(secret) => secret,
        None => Secret::new(variable.checked_text()?.ok_or_else(|| {
            Error::new(
                ErrorId::Usage,
                message!("url-with-secret"),
                message!("url-secret-unset", variable = variable.name),
                message!("url-secret-unset-next", variable = variable.name),
            )
        })?),
    };
    if secret.reveal().chars().any(char::is_control) {
        return Err(Error::new(
            ErrorId::Usage,
            message!("url-with-secret"),
            message!("url-secret-control"),
            message!("url-secret-control-next", variable = variable.name),
        ));
    }
    Ok(Slot::Value(secret))
}

fn user(args: &Args, target: &Target) -> Result<String> {
    let user = match args.user.clone().or_else(|| target.user.clone()) {
        Some(user) => user,
        None => env_vars::TAOS_USER
            .checked_text()?
            .unwrap_or_else(|| "root".into()),
    };
    if user.is_empty() || user.contains(|c: char| c.is_control() || c == ':') {
        return Err(Error::new(
            ErrorId::Usage,
            message!("url-user"),
            message!("url-user-invalid"),
            Message::quoted("taos-setup url --user root"),
        ));
    }
    Ok(user)
}
