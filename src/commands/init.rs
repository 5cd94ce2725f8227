//! `taos-setup init`

mod args;
mod human;
mod json;

use std::path::Path;

use serde_json::Value;

use super::Context;
use super::start::{asked_language, asked_transport};
use crate::error::{Error, ErrorId, Result};
use crate::explain::{self, ExplainRequest};
use crate::init::{
    self, FailedCommand, InitDefaults, InitOutcome, InitRequest, JarRequest, PhpKind,
};
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::output::questions::Questions;
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
use crate::system::env_vars;
use crate::tdengine::platform::Os;
pub(super) use args::Args;

/// Runs the command.
pub(super) fn run(mut args: Args, context: &Context) -> Result<Report> {
    context.note_old_catalog()?;
    if let Some(questions) = &context.questions
        && args.lang.is_none()
        && is_empty(&args.dir)
    {
        ask_for_new_project(&mut args, questions)?;
    }
    let defaults = InitDefaults {
        lang: &mut args.lang,
        transport: &mut args.transport,
        manifest: &mut args.manifest,
        server: &mut args.server,
        cloud: args.cloud,
    };
    let listing = defaults.fill_in(&args.dir, &context.events)?;
    // Only one of the two is fetched or read.
    let (archive_digests, jar_digests) = match args.build {
        Some(_) => (args.sha256, Vec::new()),
        None => (Vec::new(), args.sha256),
    };
    let mut outcome = init::run(
        &InitRequest {
            language: args.lang,
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
            php_ini: args.php_ini.as_deref().map(php_kinds),
            upgrade: args.upgrade,
            dry_run: args.dry_run,
            check: args.check,
            lock: args.lock,
            quiet: context.output.quiet,
        },
        &context.events,
    )?;
    if let Some(listing) = listing.filter(|_| !args.dry_run && !args.check) {
        outcome.notes.extend(listing.add(&outcome)?);
    }
    if args.run {
        outcome
            .run_programs(context.output.quiet, &context.events)
            .map_err(|failed| program_failed(&failed, context.output.human.locale))?;
        outcome.ran = true;
    }
    Ok(Box::new(outcome))
}

/// The kinds of PHP that `words` name; none stands for all.
fn php_kinds(words: &[String]) -> Vec<PhpKind> {
    if words.iter().any(|it| it == args::ALL_PHP) {
        return Vec::new();
    }
    let is_named = |kind: &PhpKind| words.iter().any(|it| it == kind.as_str());
    PhpKind::ALL.into_iter().filter(is_named).collect()
}

/// Asks for what a new project needs and `args` does not say. The Cloud and TAOS_HOST are servers, too.
fn ask_for_new_project(args: &mut Args, questions: &Questions) -> Result<()> {
    let language = asked_language(questions)?;
    args.lang = Some(language.to_owned());
    if args.cloud {
        return Ok(());
    }
    if args.transport.is_none() {
        args.transport = Some(asked_transport(questions, language)?);
    }
    if args.server.is_none() && env_vars::TAOS_HOST.get().is_none() {
        args.server = questions.optional_text(&message!("init-ask-server"))?;
    }
    Ok(())
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
