//! A program in the cache, built if it is not there.

use std::path::Path;
use std::time::{Duration, Instant};

use super::super::command::CommandSetting;
use super::super::failure::ProbeStage;
use super::super::node_runtime::{WantedNode, nvm_directory};
use super::super::recipe::ProbeTool;
use super::super::settings::RegistrySettings;
use super::super::subject::{ProbeRelease, ProbeSubject, is_version};
use super::super::values::{JAR, ProbeValues};
use super::{ConnectorProof, ProbeFailure};
use crate::catalog::connectors::{Connectors, Transport};
use crate::diagnose::judge::own_connector::ConnectorFault;
use crate::diagnose::judgement::safe;
use crate::error::{Result, describe_io_error};
use crate::message::{Message, message};
use crate::project::template::render_file;
use crate::safety::printable::printable;
use crate::safety::redaction::redact;
use crate::store::ProgramPlace;
use crate::system::child_group;
use crate::system::events::Event;
use crate::tdengine::digest::Sha256;
use crate::verify::{ConnectorChecks, TargetOutcome};

/// How long a tool may take to print its version.
const VERSION_LIMIT: Duration = Duration::from_secs(30);
/// How often a place that another process has is tried.
const PAUSE: Duration = Duration::from_millis(200);
/// The largest jar that is copied, in bytes.
const LARGEST_JAR: u64 = 64 << 20;

/// A program that can run. Its place stays locked meanwhile.
pub(super) struct Program {
    pub(super) setting: CommandSetting,
    pub(super) run: Vec<String>,
    place: ProgramPlace,
}

impl Program {
    /// Has it built again next time.
    pub(super) fn forget(&self) -> Result<()> {
        self.place.forget()
    }
}

/// The files of a program, by their paths.
type ProgramFiles = Vec<(String, Vec<u8>)>;

impl ConnectorProof<'_> {
    /// Returns the program of `subject`, built if the cache does not have it.
    pub(super) async fn program(
        &self,
        subject: &ProbeSubject,
        release: &ProbeRelease,
        transport: Transport,
        target: &TargetOutcome,
        checks: &mut ConnectorChecks,
    ) -> Result<std::result::Result<Program, ProbeFailure>> {
        let tool = self.tool(subject);
        if !release.version.is_empty() && !is_version(&release.version) {
            let words = message!(
                "application-version-invalid",
                file = checks.file,
                package = checks.package,
                version = printable(&release.version)
            );
            let words = words.text(self.locale);
            return Ok(Err(ProbeFailure::of(ConnectorFault::Version, words)));
        }
        let (settings, notes) = RegistrySettings::read(self.root.as_ref(), tool);
        for note in notes {
            self.note(note);
        }
        let writes = self.request.writes;
        let project = self.project().map(std::path::PathBuf::as_path);
        let values = ProbeValues::new(subject, release, transport, writes, &settings, project);
        let node = WantedNode::of(&settings);
        let mut files: ProgramFiles = settings.files.into_iter().collect();
        for file in &tool.files {
            let template = file.writing.as_ref().filter(|_| writes);
            let template = template.unwrap_or(&file.template);
            let text = render_file(subject.language.id, template, &values)?;
            files.retain(|(path, _)| *path != file.path);
            files.push((file.path.clone(), text.into_bytes()));
        }
        if Connectors::built_in().has_jar(subject.language.id) && project.is_some() {
            match self.jar(subject)? {
                Some(jar) => files.push((JAR.to_owned(), jar)),
                None => {
                    let words = message!("application-jar-missing", package = checks.package);
                    return Ok(Err(ProbeFailure {
                        command: "taos-setup init --lang r".into(),
                        ..ProbeFailure::of(ConnectorFault::Load, words.text(self.locale))
                    }));
                }
            }
        }
        let with_client =
            self.client.is_some() && (tool.with_client || transport == Transport::Native);
        let here = project.map_or_else(std::env::temp_dir, Path::to_path_buf);
        let first = node.as_ref().zip(nvm_directory());
        let first = first.and_then(|(node, nvm)| node.directory(&nvm));
        let looked_up = CommandSetting::of(tool, &values, &here, false)?.with_first(first.clone());
        if let Some(missing) = missing_program(tool, &values, &looked_up, &files)? {
            return Ok(Err(ProbeFailure::missing(missing)));
        }
        let versions = self.versions(tool, &values, &looked_up).await?;
        if let (Some(node), Some(found)) = (&node, versions.first())
            && !node.is_met_by(found)
        {
            self.note(message!(
                "application-other-runtime",
                file = node.file,
                wanted = node.version(),
                found = printable(found.trim())
            ));
        }
        let mut decisive = vec![
            subject.language.id.to_owned(),
            tool.name.clone(),
            transport.to_string(),
            env!("CARGO_PKG_VERSION").to_owned(),
            if with_client {
                self.client_name.clone()
            } else {
                String::new()
            },
            values.word("{{ interpreter }} {{ java }} {{ r_library }}")?,
        ];
        decisive.extend(versions);
        for name in &tool.variables {
            let value = std::env::var_os(name).unwrap_or_default();
            decisive.push(format!("{name}={}", value.to_string_lossy()));
        }
        let digest = digest(&decisive, tool, &files);
        let Some(place) = self.place(subject.language.id, &digest).await? else {
            let fault = ConnectorFault::BuildTimeout(self.request.build_limit);
            let words = message!("application-waiting").text(self.locale);
            return Ok(Err(ProbeFailure::of(fault, words)));
        };
        let directory = place.work();
        let values = values.in_directory(&directory);
        let setting = CommandSetting::of(tool, &values, &directory, with_client)?;
        let setting = setting.with_first(first);
        if !place.is_built() {
            let commands = tool.build.iter().map(|it| values.command(it));
            let commands: Vec<Vec<String>> = commands.collect::<Result<_>>()?;
            let commands: Vec<Vec<String>> = commands
                .into_iter()
                .filter(|it| !it.is_empty())
                .map(|it| wrapped(tool, it, &files))
                .collect();
            place.start_over(
                files
                    .iter()
                    .map(|(path, bytes)| (path.as_str(), bytes.as_slice())),
            )?;
            if !commands.is_empty() {
                let named = format!("{} {}", checks.package, checks.version);
                self.note(message!(
                    "application-building",
                    language = checks.title,
                    named = named.trim_end(),
                    tool = checks.tool
                ));
                let begun = Instant::now();
                if let Err(failure) = self.build(&setting, &commands, target).await {
                    return Ok(Err(failure));
                }
                let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
                checks.build_ms = Some(ms);
            }
            place.finish()?;
        }
        Ok(Ok(Program {
            run: values.command(&tool.run)?,
            setting,
            place,
        }))
    }

    /// Runs the commands that build the program.
    async fn build(
        &self,
        setting: &CommandSetting,
        commands: &[Vec<String>],
        target: &TargetOutcome,
    ) -> std::result::Result<(), ProbeFailure> {
        let secrets = &target.access.secrets;
        let deadline = Instant::now() + self.request.build_limit;
        let still = |elapsed: Duration, line: &str| {
            self.note(message!(
                "application-still-building",
                seconds = elapsed.as_secs(),
                line = safe(&redact(line), secrets)
            ));
        };
        for words in commands {
            let command = setting.command(words, &[]).map_err(ProbeFailure::missing)?;
            let left = deadline.saturating_duration_since(Instant::now());
            let ended = child_group::run(command, left, still).await;
            let ended = ended.map_err(|error| {
                let words = describe_io_error(&error).text(self.locale);
                ProbeFailure::of(ConnectorFault::Toolchain, words)
            })?;
            let lines = ended.stderr.lines().chain(ended.stdout.lines());
            for line in lines {
                let line = safe(&redact(line), secrets);
                self.events.emit(Event::detail(Message::quoted(line)));
            }
            if !ended.succeeded() {
                let limit = self.request.build_limit;
                let stage = ProbeStage::Build;
                let directory = &setting.directory;
                return Err(ProbeFailure::of_command(
                    stage, directory, words, &ended, limit,
                ));
            }
        }
        Ok(())
    }

    /// What the tools print about their versions.
    async fn versions(
        &self,
        tool: &ProbeTool,
        values: &ProbeValues,
        setting: &CommandSetting,
    ) -> Result<Vec<String>> {
        let mut versions = Vec::new();
        for words in &tool.versions {
            let words = values.command(words)?;
            let Ok(command) = setting.command(&words, &[]) else {
                continue;
            };
            // A tool that fails to print it fails to build, too, with words about it.
            let ended = child_group::run(command, VERSION_LIMIT, |_, _| {}).await;
            versions.extend(ended.map(|it| format!("{}{}", it.stdout, it.stderr)));
        }
        Ok(versions)
    }

    /// Takes the place in the cache; `None` if another process keeps it for longer than a build may take.
    async fn place(&self, language: &str, digest: &Sha256) -> Result<Option<ProgramPlace>> {
        let deadline = Instant::now() + self.request.build_limit;
        let mut is_noted = false;
        loop {
            if let Some(place) = self.store.try_program_place(language, digest)? {
                return Ok(Some(place));
            }
            if !std::mem::replace(&mut is_noted, true) {
                self.note(message!("application-waiting"));
            }
            if Instant::now() >= deadline {
                return Ok(None);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The jar that the project keeps, if it keeps one.
    fn jar(&self, subject: &ProbeSubject) -> Result<Option<Vec<u8>>> {
        match (&self.root, &subject.pin) {
            (Some(root), Some(pin)) => root.read_at_most(&pin.file, LARGEST_JAR),
            (None, _) | (_, None) => Ok(None),
        }
    }
}

/// The first program of `tool` that is missing; one for which the project brings a script along is not looked up.
fn missing_program(
    tool: &ProbeTool,
    values: &ProbeValues,
    setting: &CommandSetting,
    files: &ProgramFiles,
) -> Result<Option<String>> {
    for program in &tool.programs {
        let program = values.word(program)?;
        if program.is_empty() || script(tool, &program, files).is_some() {
            continue;
        }
        if setting
            .command(std::slice::from_ref(&program), &[])
            .is_err()
        {
            return Ok(Some(program));
        }
    }
    Ok(None)
}

/// The script among `files` that replaces `program`.
fn script<'t>(tool: &'t ProbeTool, program: &str, files: &ProgramFiles) -> Option<&'t str> {
    let wrapper = tool.wrapper.as_ref().filter(|it| it.replaces == program)?;
    let file = match cfg!(windows) {
        true => &wrapper.windows_file,
        false => &wrapper.file,
    };
    files.iter().any(|(path, _)| path == file).then_some(file)
}

/// `command` with the project's script in place of the tool.
fn wrapped(tool: &ProbeTool, mut command: Vec<String>, files: &ProgramFiles) -> Vec<String> {
    if let Some(file) = script(tool, &command[0], files) {
        command[0] = format!("./{file}");
    }
    command
}

/// What decides the program: words, the recipe, and the files, each with its length.
fn digest(decisive: &[String], tool: &ProbeTool, files: &ProgramFiles) -> Sha256 {
    let recipe = format!(
        "{:?} {:?} {:?} {:?}",
        tool.build, tool.run, tool.set, tool.unset
    );
    let words = decisive.iter().chain([&recipe]).map(String::as_bytes);
    let files = files
        .iter()
        .flat_map(|(path, bytes)| [path.as_bytes(), bytes.as_slice()]);
    let mut all = Vec::new();
    for part in words.chain(files) {
        all.extend_from_slice(&part.len().to_le_bytes());
        all.extend_from_slice(part);
    }
    Sha256::of(all.as_slice()).unwrap_or(Sha256([0; 32]))
}
