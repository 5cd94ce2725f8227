//! Options that do not change the piece of a system: the user learns that they have no effect.

use super::{PipelineClient, PipelineRequest, render};
use crate::error::Result;
use crate::project::files::ProjectRoot;
use crate::tdengine::transport::Transport;
use crate::tdengine::version::Version;

/// An option that the user gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PipelineOption {
    /// `--lang`
    Lang,
    /// `--transport`
    Transport,
    /// `--version`
    Version,
    /// `--match`
    Match,
    /// `--host`
    Host,
    /// `--mirror`
    Mirror,
}

impl PipelineOption {
    /// The option on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lang => "--lang",
            Self::Transport => "--transport",
            Self::Version => "--version",
            Self::Match => "--match",
            Self::Host => "--host",
            Self::Mirror => "--mirror",
        }
    }
}

/// Those of `request.given` with which `texts`, the piece of `request`, are the same as with another value.
///
/// # Errors
/// Those of rendering.
pub(super) fn unused_options(
    request: &PipelineRequest,
    root: &ProjectRoot,
    texts: &[String],
) -> Result<Vec<PipelineOption>> {
    let mut unused = Vec::new();
    for &option in &request.given {
        if render(&with_another(request, option), root)? == texts {
            unused.push(option);
        }
    }
    Ok(unused)
}

/// `request` with another value of `option`.
fn with_another(request: &PipelineRequest, option: PipelineOption) -> PipelineRequest {
    let mut other = request.clone();
    match option {
        PipelineOption::Lang => {
            for project in &mut other.projects {
                let language = if project.language == "go" {
                    "java"
                } else {
                    "go"
                };
                project.language = language.to_owned();
            }
        }
        PipelineOption::Transport => {
            other.native = !request.native;
            let transport = match other.native {
                true => Transport::Native,
                false => Transport::Ws,
            };
            for project in &mut other.projects {
                project.transport = transport;
            }
        }
        PipelineOption::Version => use_another_client(&mut other),
        PipelineOption::Match => {
            use_another_client(&mut other);
            use_another_host(&mut other);
        }
        PipelineOption::Host => use_another_host(&mut other),
        PipelineOption::Mirror => other.mirror = None,
    }
    other
}

fn use_another_client(request: &mut PipelineRequest) {
    let another = Version([1, 0, 0, 0]);
    request.client = Some(PipelineClient::Version(another));
    request.server = Some(another);
}

fn use_another_host(request: &mut PipelineRequest) {
    request.host = Some("another.invalid".to_owned());
    request.target = None;
}
