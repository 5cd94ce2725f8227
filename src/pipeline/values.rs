//! What the templates of pipelines may name.

use serde::Serialize;

use super::PipelineRequest;
use super::toolchains::Toolchain;
use crate::tdengine::transport::Transport;

/// The values of a pipeline.
#[derive(Debug, Serialize)]
pub(super) struct PipelineValues {
    /// The version of taos-setup that the pipeline gets: this one.
    version: &'static str,
    /// The version of the client to install, or nothing.
    client: String,
    /// The tag of the server's image.
    server_tag: String,
    /// Whether the pipeline uses a server that it does not start.
    external: bool,
    /// That server, or the name of the one that it starts.
    host: String,
    /// Whether programs connect natively.
    native: bool,
    /// The transport of programs, as `--transport` takes it.
    transport: &'static str,
    /// The transports to verify, as `--transport` takes them.
    verified: String,
    /// The tools of each language.
    toolchains: Vec<Toolchain>,
    /// The commands that prepare a machine for the first language, and verify.
    commands: Vec<String>,
}

impl PipelineValues {
    pub(super) fn new(request: &PipelineRequest, tools: &[Toolchain]) -> Self {
        let version = env!("CARGO_PKG_VERSION");
        let toolchains: Vec<_> = tools
            .iter()
            .map(|tool| Toolchain {
                prepare: prepare(tool, version),
                ..tool.clone()
            })
            .collect();
        let native = request.transport == Transport::Native;
        let client = request.client.map(|version| version.to_string());
        let client = client.unwrap_or_default();
        let mut transports = vec![Transport::Ws.as_str(), Transport::Rest.as_str()];
        if native {
            transports.push(Transport::Native.as_str());
        }
        let verified = transports.join(",");
        let mut commands = toolchains
            .first()
            .map(|tool| tool.prepare.clone())
            .unwrap_or_else(|| debian_commands(&[], version));
        if !client.is_empty() {
            commands.push(format!("taos-setup install {client}"));
        }
        commands.push(format!(
            "taos-setup verify --transport {verified} --wait 60s"
        ));
        Self {
            version,
            server_tag: if client.is_empty() {
                "latest".to_owned()
            } else {
                client.clone()
            },
            client,
            external: request.host.is_some(),
            host: request
                .host
                .clone()
                .unwrap_or_else(|| "tdengine".to_owned()),
            native,
            transport: request.transport.as_str(),
            verified,
            toolchains,
            commands,
        }
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
