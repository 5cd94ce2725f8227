//! Proves one connector against one target: builds its program if the cache does not have it, runs it, and judges what it printed.

mod build;
mod result;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::ApplicationRequest;
use super::command::pasted;
use super::failure::{ProbeStage, classify, first_error};
use super::subject::{ProbeRelease, ProbeSubject};
use super::usage;
use crate::catalog::connectors::Transport;
use crate::diagnose::judge::own_connector::{ConnectorFault, ConnectorTrouble, expected, judged};
use crate::diagnose::judgement::safe;
use crate::diagnose::{Judgement, Status};
use crate::error::Result;
use crate::explain::{self, ExplainRequest};
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::probe::Check;
use crate::project::files::ProjectRoot;
use crate::safety::redaction::redact;
use crate::safety::shell::quoted;
use crate::store::Store;
use crate::system::child_group::{self, ChildEnd, EndedChild};
use crate::system::events::{Event, EventSink};
use crate::tdengine::platform::{Os, Platform};
use crate::tdengine::version::Version;
use crate::verify::{CheckResult, ConnectorChecks, TargetOutcome};
use build::Program;

/// The most bytes of an output that `explain` is asked about.
const EXPLAINED: usize = 32 << 10;

/// What the proofs of a run have in common.
pub struct ConnectorProof<'a> {
    request: &'a ApplicationRequest,
    store: &'a Store,
    root: Option<ProjectRoot>,
    /// The version of the store's client for this machine, if there is one.
    client: Option<Version>,
    /// That client's name.
    client_name: String,
    events: &'a EventSink,
    locale: Locale,
}

/// A failure on the way to the row.
#[derive(Clone, Debug)]
struct ProbeFailure {
    fault: ConnectorFault,
    program: String,
    command: String,
    /// One line about it.
    words: String,
    /// What was printed, for `explain`.
    output: String,
}

impl ProbeFailure {
    fn of(fault: ConnectorFault, words: impl Into<String>) -> Self {
        Self {
            fault,
            program: String::new(),
            command: String::new(),
            words: words.into(),
            output: String::new(),
        }
    }

    fn missing(program: String) -> Self {
        Self {
            program,
            ..Self::of(ConnectorFault::Toolchain, "")
        }
    }

    /// That of the command of `words`, which ended as `ended`.
    fn of_command(
        stage: ProbeStage,
        directory: &std::path::Path,
        words: &[String],
        ended: &EndedChild,
        limit: Duration,
    ) -> Self {
        let output = format!("{}\n{}", ended.stderr, ended.stdout);
        let fault = match (ended.end, stage) {
            (ChildEnd::TimedOut, ProbeStage::Build) => ConnectorFault::BuildTimeout(limit),
            (ChildEnd::TimedOut, ProbeStage::Run) => ConnectorFault::Timeout(limit),
            (ChildEnd::Killed, ProbeStage::Run) => ConnectorFault::Crash,
            (ChildEnd::Exited(_) | ChildEnd::Killed, _) => classify(stage, &output),
        };
        let program = words.first().cloned().unwrap_or_default();
        Self {
            fault,
            program: match fault {
                ConnectorFault::Toolchain => program,
                _ => String::new(),
            },
            command: pasted(directory, words),
            words: first_error(&output),
            // A library that a build does not find has one cause, and texts about builds of TDengine itself fit better.
            output: match (fault, stage) {
                (ConnectorFault::Load, ProbeStage::Build) => String::new(),
                _ => output,
            },
        }
    }
}

/// A program that got its row.
struct ProbeSuccess {
    server_version: String,
    ms: u64,
}

impl<'a> ConnectorProof<'a> {
    /// Returns the proofs that `request` asks for.
    ///
    /// # Errors
    /// `file-unreadable`.
    pub fn new(
        request: &'a ApplicationRequest,
        store: &'a Store,
        events: &'a EventSink,
        locale: Locale,
    ) -> Result<Self> {
        let root = request.project.as_deref().map(ProjectRoot::open);
        let client = store.current()?;
        let client = client.filter(|it| Some(it.platform) == Platform::host());
        Ok(Self {
            request,
            store,
            root: root.transpose()?,
            client: client.as_ref().map(|it| it.version),
            client_name: client.map(|it| it.folder_name()).unwrap_or_default(),
            events,
            locale,
        })
    }

    fn note(&self, note: Message) {
        self.events.emit(Event::note(note));
    }

    /// Proves the connector of `subject` against `target`.
    ///
    /// # Errors
    /// `file-unwritable`, if the cache cannot be used.
    pub async fn check(
        &self,
        subject: &ProbeSubject,
        target: &TargetOutcome,
    ) -> Result<ConnectorChecks> {
        let tool = self.tool(subject);
        let mut checks = ConnectorChecks {
            language: subject.language.id,
            title: subject.language.title.clone(),
            tool: tool.name.clone(),
            package: subject.package().to_owned(),
            version: safe(subject.version(), &[]),
            file: subject.file(),
            transport: None,
            build_ms: None,
            server_version: None,
            result: CheckResult {
                check: Check::Connector,
                ms: None,
                judgement: Judgement::skipped(Message::default()),
            },
        };
        let transport = match self.transport(subject, target) {
            Ok(transport) => transport,
            Err((why, None)) => {
                checks.result.judgement = Judgement::skipped(why);
                return Ok(checks);
            }
            // No check failed, and nothing is proven: that must not look like success.
            Err((why, Some(transport))) => {
                let failure = ProbeFailure {
                    command: format!(
                        "taos-setup verify {} --transport {transport}",
                        quoted(&target.target)
                    ),
                    ..ProbeFailure::of(ConnectorFault::Load, why.text(self.locale))
                };
                checks.transport = Some(transport);
                checks.result.judgement = self.judge(failure, &checks, transport, target);
                return Ok(checks);
            }
        };
        checks.transport = Some(transport);
        let server = target
            .transports
            .iter()
            .find(|it| it.transport == transport)
            .and_then(|it| Version::find(it.server_version.as_ref()?));
        let release = match subject.release(transport, server, self.client) {
            Ok(release) => release,
            Err(why) => {
                checks.result.judgement = Judgement::skipped(why);
                return Ok(checks);
            }
        };
        if let Some(note) = release.note.clone() {
            self.note(note);
        }
        if subject.pin.is_none() {
            checks.package = release.choice.package.to_owned();
            checks.version.clone_from(&release.version);
        } else if checks.version.is_empty() {
            checks.version.clone_from(&release.version);
        }
        let begun = Instant::now();
        let proven = self
            .prove(subject, &release, transport, target, &mut checks)
            .await?;
        let named = format!("{} {}", checks.package, checks.version);
        let named = named.trim_end();
        checks.result.judgement = match proven {
            Ok(success) => {
                checks.result.ms = Some(success.ms);
                let version = safe(&success.server_version, &target.access.secrets);
                checks.server_version = Some(version.clone());
                let observed = message!(
                    "application-works",
                    named = named,
                    transport = transport,
                    writes = self.request.writes,
                    version = version
                );
                let expected = expected(&checks.package, &checks.version, transport);
                Judgement::ok(observed).expecting(expected)
            }
            Err(failure) => {
                checks.result.ms = u64::try_from(begun.elapsed().as_millis()).ok();
                self.judge(failure, &checks, transport, target)
            }
        };
        Ok(checks)
    }

    /// The transport to use: of those that the connector has and that work, the one that the project's code uses, or the first.
    ///
    /// # Errors
    /// Why none can be used, and the one that was not verified, if no check of any failed.
    fn transport(
        &self,
        subject: &ProbeSubject,
        target: &TargetOutcome,
    ) -> std::result::Result<Transport, (Message, Option<Transport>)> {
        let has = subject.transports();
        let works = |transport: &Transport| {
            let mut checks = target.transports.iter();
            checks.any(|it| it.transport == *transport && it.status() == Status::Ok)
        };
        let mut usable = has.clone();
        usable.retain(works);
        if usable.is_empty() {
            let transports: Vec<&str> = has.iter().map(|it| it.as_str()).collect();
            let failed = target
                .transports
                .iter()
                .any(|it| has.contains(&it.transport) && it.status() == Status::Failed);
            let why = message!(
                "application-no-transport",
                named = subject.named(),
                transports = transports.join(", ")
            );
            return Err((why, has.first().copied().filter(|_| !failed)));
        }
        let used = match &self.request.project {
            Some(project) if usable.len() > 1 => {
                usage::transports(project, &subject.language, &subject.recipe.uses)
            }
            Some(_) | None => Vec::new(),
        };
        let chosen = usable.iter().find(|it| used.contains(it));
        let chosen = *chosen.unwrap_or(&usable[0]);
        if chosen != Transport::Native && !target.access.prefix.is_empty() {
            let why = message!("application-prefix", prefix = target.access.prefix);
            return Err((why, None));
        }
        Ok(chosen)
    }

    /// Builds and runs the program.
    async fn prove(
        &self,
        subject: &ProbeSubject,
        release: &ProbeRelease,
        transport: Transport,
        target: &TargetOutcome,
        checks: &mut ConnectorChecks,
    ) -> Result<std::result::Result<ProbeSuccess, ProbeFailure>> {
        let program = match self
            .program(subject, release, transport, target, checks)
            .await?
        {
            Ok(program) => program,
            Err(failure) => return Ok(Err(failure)),
        };
        let start = Duration::from_secs(subject.recipe.start_seconds);
        let limit = self.request.limit + start;
        let mut variables = target.access.variables(transport);
        if let Some(file) = &self.request.ca_cert {
            let file = std::path::absolute(file).unwrap_or_else(|_| file.clone());
            variables.push(("TAOS_CA_FILE", file.into()));
        }
        if let Some(database) = &self.request.database {
            variables.push(("TAOS_DB", database.into()));
        }
        let proven = self.run(&program, &variables, limit).await;
        if let Err(failure) = &proven
            && matches!(
                failure.fault,
                ConnectorFault::Load | ConnectorFault::Toolchain
            )
        {
            // What the program was built with may be gone: an interpreter, a package.
            program.forget()?;
        }
        Ok(proven)
    }

    /// Runs the program, and reads its result.
    async fn run(
        &self,
        program: &Program,
        variables: &[(&'static str, OsString)],
        limit: Duration,
    ) -> std::result::Result<ProbeSuccess, ProbeFailure> {
        let command = program.setting.command(&program.run, variables);
        let command = command.map_err(ProbeFailure::missing)?;
        let still = |elapsed: Duration, _: &str| {
            self.note(message!(
                "application-still-running",
                seconds = elapsed.as_secs()
            ));
        };
        let ended = child_group::run(command, limit, still).await;
        let ended = ended.map_err(|error| {
            let words = crate::error::describe_io_error(&error).text(self.locale);
            ProbeFailure::of(ConnectorFault::Load, words)
        })?;
        let directory = &program.setting.directory;
        if !ended.succeeded() {
            return Err(ProbeFailure::of_command(
                ProbeStage::Run,
                directory,
                &program.run,
                &ended,
                limit,
            ));
        }
        match result::read(&ended.stdout, self.request.writes) {
            Ok(server_version) => Ok(ProbeSuccess {
                server_version,
                ms: ended.ms,
            }),
            Err(why) => Err(ProbeFailure {
                command: pasted(directory, &program.run),
                ..ProbeFailure::of(ConnectorFault::Rows, why.text(self.locale))
            }),
        }
    }

    /// The verdict on `failure`, free of secrets.
    fn judge(
        &self,
        failure: ProbeFailure,
        checks: &ConnectorChecks,
        transport: Transport,
        target: &TargetOutcome,
    ) -> Judgement {
        let secrets = &target.access.secrets;
        let cut = |text: &str| {
            let text = secrets
                .iter()
                .fold(text.to_owned(), |text, it| it.cut_from(&text));
            redact(&text)
        };
        let known = matches!(
            failure.fault,
            ConnectorFault::Build
                | ConnectorFault::Load
                | ConnectorFault::Crash
                | ConnectorFault::Refusal
                | ConnectorFault::Toolchain
        );
        let output = cut(&failure.output);
        let host = crate::dsn::target::bracketed(&target.access.host);
        let host = format!("{host}:{}", target.access.adapter_port);
        let explained = known.then(|| self.explain(&output, host));
        let trouble = ConnectorTrouble {
            fault: failure.fault,
            language: checks.title.clone(),
            package: checks.package.clone(),
            version: checks.version.clone(),
            file: checks.file.clone(),
            transport,
            program: failure.program,
            command: cut(&failure.command),
            words: match failure.words.is_empty() {
                true if failure.fault == ConnectorFault::Toolchain => String::new(),
                true => message!("application-ended").text(self.locale),
                false => cut(&failure.words),
            },
            explained: explained.flatten(),
        };
        judged(&trouble).made_safe(secrets)
    }

    /// What `explain` knows about `output`: the cause and the fix.
    fn explain(&self, output: &str, host: String) -> Option<(String, String)> {
        let end = (0..=EXPLAINED.min(output.len())).rev();
        let mut end = end.filter(|at| output.is_char_boundary(*at));
        let request = ExplainRequest {
            query: output.get(..end.next()?)?.to_owned(),
            host: Some(host),
            os: Os::host(),
            locale: self.locale,
        };
        let explanation = explain::explain(&request).ok()?;
        // A report that is only similar is not an answer.
        if !explanation.notes.is_empty() || explanation.answers == 0 {
            return None;
        }
        let entry = explanation.matches.into_iter().next()?;
        Some((entry.cause, entry.fix))
    }

    /// The tool that builds the programs of `subject`.
    fn tool<'s>(&self, subject: &'s ProbeSubject) -> &'s super::recipe::ProbeTool {
        let there = self.root.as_ref().map(ProjectRoot::names);
        subject.recipe.tool_for(there.as_deref())
    }

    fn project(&self) -> Option<&PathBuf> {
        self.request.project.as_ref()
    }
}
