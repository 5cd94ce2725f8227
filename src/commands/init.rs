//! `taos-setup init`

mod args;
mod human;
mod json;

use std::path::Path;

use serde_json::Value;

use super::Context;
use super::start::asked_language;
use crate::error::{Error, ErrorId, Result};
use crate::explain::{self, ExplainRequest};
use crate::init::{self, FailedCommand, InitOutcome, InitRequest, JarRequest};
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
use crate::tdengine::platform::Os;
pub(super) use args::Args;

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let language = match (args.lang, &context.questions) {
        (None, Some(questions)) if is_empty(&args.dir) => Some(asked_language(questions)?.into()),
        (language, _) => language,
    };
    // Only one of the two is fetched or read.
    let (archive_digests, jar_digests) = match args.build {
        Some(_) => (args.sha256, Vec::new()),
        None => (Vec::new(), args.sha256),
    };
    let mut outcome = init::run(
        &InitRequest {
            language,
            transport: args.transport,
            dir: args.dir,
            manifest: args.manifest,
            examples: args.example,
            package: args.package,
            group_id: args.group_id,
            dev: args.dev,
            group: args.group,
            extra: args.extra,
            dist: args.dist,
            name: args.name,
            server: args.server,
            cloud: args.cloud,
            source: args.source,
            jar: JarRequest {
                place: args.jar,
                sha256: jar_digests,
                mirror: args.mirror,
                offline: args.offline,
            },
            needs: args.needs,
            build: args.build,
            sha256: archive_digests,
            upgrade: args.upgrade,
            dry_run: args.dry_run,
            check: args.check,
            lock: args.lock,
            quiet: context.output.quiet,
        },
        &context.events,
    )?;
    if args.run {
        outcome
            .run_programs(context.output.quiet, &context.events)
            .map_err(|failed| program_failed(&failed, context.output.human.locale))?;
        outcome.ran = true;
    }
    Ok(Box::new(outcome))
}

/// Whether `directory` has no file that shows the language of a project.
fn is_empty(directory: &Path) -> bool {
    std::fs::read_dir(directory).map_or(true, |mut entries| entries.next().is_none())
}

/// The error for a command that `--run` ran, with what `explain` says about its output.
fn program_failed(failed: &FailedCommand, locale: Locale) -> Error {
    let request = ExplainRequest {
        query: failed.output.clone(),
        host: None,
        os: Os::host(),
        locale,
    };
    let known = explain::explain(&request)
        .ok()
        .and_then(|explanation| explanation.matches.into_iter().next());
    let (observed, next) = match known {
        Some(entry) => (
            message!(
                "init-program-explained",
                observed = failed.observed,
                title = entry.title
            ),
            Message::quoted(format!("taos-setup explain {}", entry.id)),
        ),
        None => (
            failed.observed.clone(),
            message!("init-program-next", command = failed.command),
        ),
    };
    Error::new(
        ErrorId::ProgramFailed,
        message!("init-run-program", command = failed.command),
        observed,
        next,
    )
}

impl CommandResult for InitOutcome {
    fn exit(&self) -> u8 {
        if self.differs() {
            ErrorId::VersionConflict.exit()
        } else {
            0
        }
    }

    fn human(&self, options: &HumanOptions) -> HumanText {
        HumanText {
            stdout: human::text(self, options.stdout, options.locale),
            stderr: human::notes(self, options),
        }
    }

    fn json(&self, locale: Locale) -> Value {
        json::data(self, locale)
    }
}
