//! What the templates of pipelines may name.

use std::collections::HashSet;

use serde::Serialize;

use super::toolchains::Toolchain;
use super::{PipelineClient, PipelineProject, PipelineRequest};
use crate::tdengine::transport::Transport;

/// The values of a pipeline.
#[derive(Debug, Serialize)]
pub(super) struct PipelineValues {
    /// The version of taos-setup that the pipeline gets: this one.
    version: &'static str,
    /// The command that installs the client, or nothing.
    install: String,
    /// Whether that installs a client, and not only connectors.
    has_client: bool,
    /// The version of the client, if it is one that the pipeline names.
    client: String,
    /// Whether `taos-setup.lock` decides.
    locked: bool,
    /// The tag of the server's image.
    server_tag: String,
    /// Whether the pipeline uses a server that it does not start.
    external: bool,
    /// That server, or the name of the one that it starts.
    host: String,
    /// Its address as an argument with a space in front, if its name alone does not say how it is reached.
    target: String,
    /// Where packages come from, or nothing.
    mirror: String,
    /// Whether programs connect natively.
    native: bool,
    /// The transports to verify, as `--transport` takes them.
    verified: String,
    /// The tools of each project.
    toolchains: Vec<Toolchain>,
    /// The commands that prepare a machine for the first language, and verify.
    commands: Vec<String>,
}

impl PipelineValues {
    /// The values for `request`, whose projects have `tools`.
    pub(super) fn new(request: &PipelineRequest, tools: &[Toolchain]) -> Self {
        let version = env!("CARGO_PKG_VERSION");
        let (install, client, locked) = match request.client {
            None => (String::new(), None, false),
            Some(PipelineClient::Version(version)) => {
                let install = format!("taos-setup install {version}");
                (install, Some(version), false)
            }
            Some(PipelineClient::Setup) => ("taos-setup install".to_owned(), None, false),
            Some(PipelineClient::Lock(_)) => ("taos-setup sync --locked".to_owned(), None, true),
        };
        let has_client = match request.client {
            None | Some(PipelineClient::Lock(None)) => false,
            Some(
                PipelineClient::Version(_) | PipelineClient::Setup | PipelineClient::Lock(Some(_)),
            ) => true,
        };
        let toolchains: Vec<_> = request
            .projects
            .iter()
            .zip(tools)
            .map(|(project, tool)| of_project(request, project, tool, has_client))
            .collect();
        let toolchains = with_own_jobs(toolchains);
        let native = request.native;
        let mut transports = vec![Transport::Ws.as_str(), Transport::Rest.as_str()];
        if native {
            transports.push(Transport::Native.as_str());
        }
        let verified = transports.join(",");
        let target = request.target.as_ref().map(|target| format!(" {target}"));
        let target = target.unwrap_or_default();
        let mut commands = toolchains
            .first()
            .map(|tool| tool.prepare.clone())
            .unwrap_or_else(|| debian_commands(&[], version));
        if !install.is_empty() {
            commands.push(install.clone());
        }
        commands.push(format!(
            "taos-setup verify{target} --transport {verified} --wait 60s"
        ));
        let server = request.server.map(|version| version.to_string());
        Self {
            version,
            install,
            has_client,
            client: client.map(|it| it.to_string()).unwrap_or_default(),
            locked,
            server_tag: server.unwrap_or_else(|| "latest".to_owned()),
            external: request.host.is_some(),
            host: request
                .host
                .clone()
                .unwrap_or_else(|| "tdengine".to_owned()),
            target,
            mirror: request.mirror.clone().unwrap_or_default(),
            native,
            verified,
            toolchains,
            commands,
        }
    }
}

/// `toolchains` with a job name for each: the directories `svc/a` and `svc-a` have the same.
fn with_own_jobs(mut toolchains: Vec<Toolchain>) -> Vec<Toolchain> {
    let mut known = HashSet::new();
    for toolchain in &mut toolchains {
        let name = toolchain.job.clone();
        let mut number = 2;
        while !known.insert(toolchain.job.clone()) {
            toolchain.job = format!("{name}-{number}");
            number += 1;
        }
    }
    toolchains
}

/// The tools of `project`, with the commands for its directory.
fn of_project(
    request: &PipelineRequest,
    project: &PipelineProject,
    tool: &Toolchain,
    has_client: bool,
) -> Toolchain {
    let is_here = project.dir == ".";
    let inside = |command: &str| match is_here {
        true => command.to_owned(),
        false => format!("(cd {} && {command})", project.dir),
    };
    let prefix = if has_client { "taos-setup run -- " } else { "" };
    let is_only = |it: &&PipelineProject| it.language == project.language;
    let has_namesakes = request.projects.iter().filter(is_only).count() > 1;
    let place = match is_here {
        true => String::new(),
        false => format!(" --dir {}", project.dir),
    };
    Toolchain {
        job: match has_namesakes && !is_here {
            true => format!(
                "test-{}-{}",
                project.language,
                project.dir.replace('/', "-")
            ),
            false => format!("test-{}", project.language),
        },
        check: format!(
            "taos-setup init --lang {} --transport {}{place} --check",
            project.language,
            project.transport.as_str()
        ),
        run: tool
            .test
            .iter()
            .map(|command| inside(&format!("{prefix}{command}")))
            .collect(),
        test: tool.test.iter().map(|command| inside(command)).collect(),
        prepare: prepare(tool, env!("CARGO_PKG_VERSION")),
        ..tool.clone()
    }
}

/// The commands that put taos-setup, and what the image lacks, into an image of `tool`.
fn prepare(tool: &Toolchain, version: &str) -> Vec<String> {
    if tool.language == "python" && tool.packages.is_empty() {
        return vec![format!("python -m pip install taos-setup=={version}")];
    }
    debian_commands(&tool.packages, version)
}

/// The same with the packages of Debian and Ubuntu, of which all of these images are made.
fn debian_commands(packages: &[String], version: &str) -> Vec<String> {
    let mut wanted = vec!["pipx", "ca-certificates"];
    wanted.extend(packages.iter().map(String::as_str));
    vec![
        "apt-get update -q".to_owned(),
        format!(
            "apt-get install -y -q --no-install-recommends {}",
            wanted.join(" ")
        ),
        format!("pipx install taos-setup=={version}"),
        "export PATH=$HOME/.local/bin:$PATH".to_owned(),
    ]
}
