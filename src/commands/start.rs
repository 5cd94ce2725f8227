//! `taos-setup start`

mod args;
mod steps;

use std::path::{Path, PathBuf};

use super::Context;
use crate::catalog::connectors::Connectors;
use crate::clients::run::RunOutcome;
use crate::dsn::Target;
use crate::error::{Error, ErrorId, Result};
use crate::init;
use crate::message::{Message, message};
use crate::output::questions::Questions;
use crate::output::{OutputForm, Report};
use crate::project::language::{self, ProjectLanguage};
use crate::system::env_vars;
use crate::system::search_path::has_program;
use crate::tdengine::transport::Transport;
pub(super) use args::Args;
use steps::FirstProject;

/// The directory that is suggested.
const DIRECTORY: &str = "hello-tdengine";

/// Runs the command: asks for what is missing, then takes the steps until one fails.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    if context.output.form == OutputForm::Json {
        return Err(usage(message!("start-no-json")));
    }
    let project = project(args, context.questions.as_ref())?;
    for step in project.steps() {
        step.announce(&context.events);
        let outcome = step.run()?;
        if outcome.exit != 0 {
            return Ok(Box::new(outcome));
        }
    }
    Ok(Box::new(RunOutcome { exit: 0 }))
}

/// The project that `args` and the answers describe.
fn project(args: Args, questions: Option<&Questions>) -> Result<FirstProject> {
    let asked = || questions.ok_or_else(|| usage(message!("start-missing")));
    let server = match args.target {
        Some(server) => server,
        None => {
            let questions = asked()?;
            let default = env_vars::TAOS_HOST.checked_text()?;
            let default = default.as_deref().unwrap_or("localhost");
            questions.text(&message!("start-ask-server"), default)?
        }
    };
    let target: Target = server.parse().map_err(usage)?;
    if target.scheme.is_some() || target.user.is_some() {
        return Err(usage(message!("start-host-only")));
    }
    let language = match args.lang {
        Some(word) => language::load(&word)?.id,
        None => asked_language(asked()?)?,
    };
    let transport = match args.transport {
        Some(transport) => transport,
        None => asked_transport(asked()?, language)?,
    };
    let directory = match args.dir {
        Some(directory) => directory,
        None => PathBuf::from(asked()?.text(&message!("start-ask-directory"), DIRECTORY)?),
    };
    Ok(FirstProject {
        target,
        language,
        transport,
        directory,
    })
}

/// Asks for a language of `init`. Enter alone takes that of the project in the current directory, else the first whose tool is on
/// this machine.
///
/// # Errors
/// `interrupted` if the person ends the program.
pub(super) fn asked_language(questions: &Questions) -> Result<&'static str> {
    let all: Vec<_> = language::ids().map(language::load).collect::<Result<_>>()?;
    let titles: Vec<Message> = all.iter().map(|it| Message::quoted(&it.title)).collect();
    let here = init::language_of(Path::new("."));
    let path = std::env::var_os("PATH");
    let has_tool = |language: &ProjectLanguage| {
        let tool = language.tool.as_deref();
        tool.is_some_and(|tool| has_program(path.as_deref(), tool))
    };
    let default = all
        .iter()
        .position(|language| here.as_deref() == Some(language.id))
        .or_else(|| all.iter().position(has_tool));
    let question = message!("start-ask-language");
    let chosen = questions.choice(&question, &titles, default.unwrap_or_default())?;
    Ok(all[chosen].id)
}

/// Asks for a transport of `language` if it has several. Enter alone takes the one that the language prefers.
///
/// # Errors
/// `interrupted` if the person ends the program.
pub(super) fn asked_transport(questions: &Questions, language: &str) -> Result<Transport> {
    let has = |transport: &Transport| {
        let connectors = Connectors::built_in();
        connectors.choose(language, *transport, None).is_some()
    };
    let transports: Vec<Transport> = Transport::ALL.into_iter().filter(has).collect();
    if let [transport] = *transports {
        return Ok(transport);
    }
    let advice: Vec<Message> = transports
        .iter()
        .map(|transport| match transport {
            Transport::Ws => message!("start-advice-ws"),
            Transport::Rest => message!("start-advice-rest"),
            Transport::Native => message!("start-advice-native"),
        })
        .collect();
    let preferred = language::load(language)?.preferred;
    let preferred = transports.iter().position(|it| Some(*it) == preferred);
    let question = message!("start-ask-transport");
    let chosen = questions.choice(&question, &advice, preferred.unwrap_or_default())?;
    Ok(transports[chosen])
}

fn usage(observed: Message) -> Error {
    Error::new(
        ErrorId::Usage,
        message!("start-tried"),
        observed,
        Message::quoted("taos-setup start HOST --lang python --transport ws --dir hello"),
    )
}
