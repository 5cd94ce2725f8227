//! What `taos-setup.toml` and `taos-setup.lock` say about a pipeline.

use std::path::Path;

use super::args;
use crate::dsn::Target;
use crate::error::{Error, ErrorId, Result};
use crate::lock::{self, LockFile, SetupFile};
use crate::message::{Message, message};
use crate::pipeline::{PipelineClient, PipelineProject};
use crate::safety::printable::printable;
use crate::tdengine::platform::{Arch, Os, Platform};
use crate::tdengine::transport::Transport;
use crate::tdengine::version::{Request, Version};

/// Defaults of a pipeline; none if no file is in effect.
#[derive(Debug, Default)]
pub(super) struct PipelineDefaults {
    pub(super) projects: Vec<PipelineProject>,
    pub(super) client: Option<PipelineClient>,
    pub(super) server: Option<Version>,
    pub(super) host: Option<String>,
    pub(super) target: Option<String>,
}

impl PipelineDefaults {
    /// Reads the files in effect, if the project in `dir` is below them.
    ///
    /// # Errors
    /// Those of reading the files; `usage` if a directory or a server in them cannot be written into a pipeline.
    pub(super) fn read(dir: &Path) -> Result<Self> {
        let effective = lock::in_effect()?;
        let Some(setup) = &effective.file else {
            return Ok(Self::default());
        };
        let Some(place) = setup.relative(dir) else {
            return Ok(Self::default());
        };
        let lock = effective.lock()?;
        let (host, target) = match setup.server_target() {
            Some(text) => server(text)?,
            None => (None, None),
        };
        let client = client(setup, lock.as_ref(), place == ".");
        let asked = lock.as_ref().and_then(|lock| lock.server.as_ref());
        let exact = match setup.server.version {
            Some(Request::Exact(version)) => Some(version),
            Some(Request::Prefix(_) | Request::Latest) | None => None,
        };
        let locked = lock.as_ref().and_then(locked_client);
        let server = exact.or(asked.map(|server| server.version)).or(locked);
        Ok(Self {
            projects: projects(setup, &place)?,
            client,
            server: server.or(match client {
                Some(PipelineClient::Version(version)) => Some(version),
                Some(PipelineClient::Setup | PipelineClient::Lock(_)) | None => None,
            }),
            host,
            target,
        })
    }
}

/// The version of the locked client for the platform on which pipelines run.
fn locked_client(lock: &LockFile) -> Option<Version> {
    let platform = Platform {
        os: Os::Linux,
        arch: Arch::X64,
    };
    let package = lock.packages_for(platform).next();
    package.or(lock.packages.first()).map(|it| it.version)
}

/// The client: what the lock holds, if commands find it; `is_here` is whether the files are in the project's own directory.
fn client(setup: &SetupFile, lock: Option<&LockFile>, is_here: bool) -> Option<PipelineClient> {
    if let Some(lock) = lock {
        let version = locked_client(lock);
        return match (is_here, version) {
            (true, version) => Some(PipelineClient::Lock(version)),
            (false, Some(version)) => Some(PipelineClient::Version(version)),
            (false, None) => None,
        };
    }
    let wanted = setup.client.as_ref()?;
    match wanted.version {
        Some(Request::Exact(version)) => Some(PipelineClient::Version(version)),
        Some(Request::Prefix(_) | Request::Latest) | None if is_here => Some(PipelineClient::Setup),
        Some(Request::Prefix(_) | Request::Latest) | None => None,
    }
}

/// The projects in the directory `place` of the file and below it, relative to that.
fn projects(setup: &SetupFile, place: &str) -> Result<Vec<PipelineProject>> {
    let inside = setup.projects.iter().filter_map(|project| {
        let dir = match (place, project.dir.strip_prefix(place)) {
            (".", _) => project.dir.as_str(),
            (_, Some("")) => ".",
            (_, Some(rest)) => rest.strip_prefix('/')?,
            (_, None) => return None,
        };
        Some((dir, project))
    });
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    inside
        .map(|(dir, project)| match dir.chars().all(plain) {
            true => Ok(PipelineProject {
                language: project.lang.clone(),
                dir: dir.to_owned(),
                transport: project.transport.unwrap_or(Transport::Ws),
            }),
            false => Err(Error::new(
                ErrorId::Usage,
                message!("pipeline-render", system = printable(dir)),
                message!("pipeline-directory"),
                Message::quoted("taos-setup ci github --lang LANGUAGE --dir DIRECTORY"),
            )),
        })
        .collect()
}

/// The server that `text` names: its host, and its address if that says more.
///
/// # Errors
/// `usage` for what cannot be written into a pipeline, such as a login.
pub(super) fn server(text: &str) -> Result<(Option<String>, Option<String>)> {
    if args::host(text).is_ok() {
        return Ok((Some(text.to_owned()), None));
    }
    let target: std::result::Result<Target, Message> = text.parse();
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_:/[]".contains(c);
    match target {
        Ok(target) if text.chars().all(plain) && args::host(&target.host).is_ok() => {
            Ok((Some(target.host), Some(text.to_owned())))
        }
        Ok(_) | Err(_) => Err(Error::new(
            ErrorId::Usage,
            message!("pipeline-render", system = printable(text)),
            message!("pipeline-server"),
            Message::quoted("taos-setup ci github --host HOST"),
        )),
    }
}
