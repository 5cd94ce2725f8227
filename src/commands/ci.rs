//! `taos-setup ci`

mod args;
mod defaults;
mod human;
mod json;

use serde_json::Value;

use super::Context;
use crate::error::{Error, ErrorId, Result};
use crate::init;
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
use crate::pipeline::{
    self, PipelineClient, PipelineMode, PipelineOption, PipelinePiece, PipelineProject,
    PipelineRequest,
};
use crate::project::plan::Action;
use crate::tdengine::transport::Transport;
use crate::verify;
pub(super) use args::Args;
use defaults::PipelineDefaults;

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let mode = match (args.write, args.dry_run, args.check) {
        (true, ..) => PipelineMode::Write,
        (_, true, _) => PipelineMode::DryRun,
        (.., true) => PipelineMode::Check,
        (false, false, false) => PipelineMode::Print,
    };
    let defaults = PipelineDefaults::read(&args.dir)?;
    let given = given(&args);
    let projects = match args.lang.is_empty() {
        true if !defaults.projects.is_empty() => defaults.projects,
        true => init::languages_of(&args.dir)
            .into_iter()
            .map(here)
            .collect(),
        false => {
            let mut languages = args.lang;
            let mut known = std::collections::HashSet::new();
            languages.retain(|language| known.insert(language.clone()));
            languages.into_iter().map(here).collect()
        }
    };
    let mut request = PipelineRequest {
        system: args.system,
        projects,
        native: false,
        client: defaults.client,
        server: defaults.server,
        host: defaults.host,
        target: defaults.target,
        mirror: args.mirror,
        given,
        dir: args.dir,
        into: args.into,
        separate: args.separate,
        mode,
    };
    if let Some(transport) = args.transport {
        for project in &mut request.projects {
            project.transport = transport;
        }
    }
    if let Some(version) = args.version {
        request.client = Some(PipelineClient::Version(version));
        request.server = Some(version);
    }
    if let Some(asked) = &args.r#match {
        let found = verify::ask_and_wait(asked, &context.events)?;
        request.client = Some(PipelineClient::Version(found.version));
        request.server = Some(found.version);
        (request.host, request.target) = defaults::server(asked)?;
    }
    if args.host.is_some() {
        request.host = args.host;
        request.target = None;
    }
    let is_native = |project: &PipelineProject| project.transport == Transport::Native;
    let has_client = match request.client {
        None | Some(PipelineClient::Lock(None)) => false,
        Some(
            PipelineClient::Version(_) | PipelineClient::Setup | PipelineClient::Lock(Some(_)),
        ) => true,
    };
    request.native = request.projects.iter().any(is_native)
        || (request.projects.is_empty() && args.transport == Some(Transport::Native));
    if request.native && !has_client && pipeline::installs_client(&request.system)? {
        return Err(Error::new(
            ErrorId::Usage,
            message!("pipeline-render", system = request.system),
            message!("pipeline-native-version"),
            Message::quoted(format!(
                "taos-setup ci {} --transport native --version 3.3.7.5",
                request.system
            )),
        ));
    }
    Ok(Box::new(pipeline::run(&request)?))
}

impl PipelinePiece {
    /// The paths of its files, and what happened to each, or would happen.
    fn files(&self) -> impl Iterator<Item = (Action, &str)> {
        let more = self.more.iter();
        std::iter::once((self.action, self.path.as_str()))
            .chain(more.map(|file| (file.action, file.path.as_str())))
    }
}

/// The options of the piece that the user gave.
fn given(args: &Args) -> Vec<PipelineOption> {
    [
        (!args.lang.is_empty(), PipelineOption::Lang),
        (args.transport.is_some(), PipelineOption::Transport),
        (args.version.is_some(), PipelineOption::Version),
        (args.r#match.is_some(), PipelineOption::Match),
        (args.host.is_some(), PipelineOption::Host),
        (args.mirror.is_some(), PipelineOption::Mirror),
    ]
    .into_iter()
    .filter_map(|(is_given, option)| is_given.then_some(option))
    .collect()
}

/// A project in the pipeline's directory.
fn here(language: String) -> PipelineProject {
    PipelineProject {
        language,
        dir: ".".to_owned(),
        transport: Transport::Ws,
    }
}

impl CommandResult for PipelinePiece {
    fn exit(&self) -> u8 {
        if let Some(refusal) = &self.refusal {
            return refusal.exit();
        }
        let differs = self.files().any(|(action, _)| action != Action::None);
        if self.mode == PipelineMode::Check && differs {
            ErrorId::WouldOverwrite.exit()
        } else {
            0
        }
    }

    fn errors(&self) -> &[Error] {
        self.refusal.as_slice()
    }

    fn human(&self, options: &HumanOptions) -> HumanText {
        human::text(self, options)
    }

    fn json(&self, locale: Locale) -> Value {
        json::data(self, locale)
    }
}
