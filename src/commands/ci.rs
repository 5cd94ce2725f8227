//! `taos-setup ci`

mod args;
mod human;
mod json;

use serde_json::Value;

use super::Context;
use crate::error::{Error, ErrorId, Result};
use crate::init;
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
use crate::pipeline::{self, PipelineMode, PipelinePiece, PipelineRequest};
use crate::project::plan::Action;
use crate::system::events::EventSink;
use crate::tdengine::transport::Transport;
use crate::tdengine::version::Version;
use crate::verify;
pub(super) use args::Args;

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let mode = match (args.write, args.dry_run, args.check) {
        (true, ..) => PipelineMode::Write,
        (_, true, _) => PipelineMode::DryRun,
        (.., true) => PipelineMode::Check,
        (false, false, false) => PipelineMode::Print,
    };
    let languages = match args.lang.is_empty() {
        true => init::language_of(&args.dir).into_iter().collect(),
        false => args.lang,
    };
    let (client, host) = server(args.version, args.r#match, args.host, &context.events)?;
    if args.transport == Transport::Native && client.is_none() {
        return Err(Error::new(
            ErrorId::Usage,
            message!("pipeline-render", system = args.system),
            message!("pipeline-native-version"),
            Message::quoted(format!(
                "taos-setup ci {} --transport native --version 3.3.7.5",
                args.system
            )),
        ));
    }
    Ok(Box::new(pipeline::run(&PipelineRequest {
        system: args.system,
        languages,
        transport: args.transport,
        client,
        host,
        dir: args.dir,
        mode,
    })?))
}

/// The client's version and the server of the pipeline: a server that is asked now is the one that the pipeline uses.
fn server(
    version: Option<Version>,
    asked: Option<String>,
    host: Option<String>,
    events: &EventSink,
) -> Result<(Option<Version>, Option<String>)> {
    let Some(target) = asked else {
        return Ok((version, host));
    };
    let found = verify::ask_and_wait(&target, events)?;
    Ok((Some(found.version), Some(host.unwrap_or(found.host))))
}

impl CommandResult for PipelinePiece {
    fn exit(&self) -> u8 {
        let differs = self.action != Action::None;
        if self.mode == PipelineMode::Check && differs {
            ErrorId::WouldOverwrite.exit()
        } else {
            0
        }
    }

    fn human(&self, options: &HumanOptions) -> HumanText {
        human::text(self, options)
    }

    fn json(&self, locale: Locale) -> Value {
        json::data(self, locale)
    }
}
