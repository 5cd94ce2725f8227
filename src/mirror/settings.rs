//! The settings with which clients of registries use the mirror.

use minijinja::{Environment, context};
use url::Url;

use crate::error::Result;
use crate::message::message;

use super::fault::usage;

/// The base if none was asked for: where `mirror serve` listens.
pub const DEFAULT_BASE: &str = "http://127.0.0.1:8465/";

/// A file of settings: its name in `settings/`, its template, and the directory of the mirror without which it is not written.
const FILES: &[(&str, &str, &str)] = &[
    ("pip.conf", include_str!("settings/pip.conf"), "pypi/"),
    ("npmrc", include_str!("settings/npmrc"), "npm/"),
    (
        "cargo-config.toml",
        include_str!("settings/cargo-config.toml"),
        "crates/",
    ),
    ("go.env", include_str!("settings/go.env"), "goproxy/"),
    (
        "settings.xml",
        include_str!("settings/settings.xml"),
        "maven/",
    ),
    (
        "init.gradle",
        include_str!("settings/init.gradle"),
        "maven/",
    ),
    (
        "taos-setup.env",
        include_str!("settings/taos-setup.env"),
        "client/",
    ),
];

/// The address of the mirror for its users: of a web server, or of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MirrorBase(Url);

impl MirrorBase {
    /// Parses an address; one without a slash at its end gets one.
    ///
    /// # Errors
    /// `usage` if it is not `http://`, `https://`, or `file://`, or has a login, a query, or a fragment.
    pub fn parse(text: &str) -> Result<Self> {
        let invalid = || {
            usage(
                message!("mirror-base-invalid"),
                message!("mirror-base-next"),
            )
        };
        let mut url = Url::parse(text).map_err(|_| invalid())?;
        let is_plain = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !is_plain || !matches!(url.scheme(), "http" | "https" | "file") {
            return Err(invalid());
        }
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        Ok(Self(url))
    }

    /// The base with a slash at its end.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The base for clients that need a web server.
    pub fn web(&self) -> &str {
        match self.directory() {
            Some(_) => DEFAULT_BASE,
            None => self.as_str(),
        }
    }

    /// The directory that it names, with a slash at its end.
    fn directory(&self) -> Option<String> {
        let path = (self.0.scheme() == "file").then(|| self.0.to_file_path().ok())??;
        let text = path.to_str()?.replace('\\', "/");
        Some(format!("{}/", text.trim_end_matches('/')))
    }
}

/// Renders the settings for a mirror that has files below the directories for which `has` is true: name in `settings/` and content.
pub(super) fn render(base: &MirrorBase, has: impl Fn(&str) -> bool) -> Vec<(&'static str, String)> {
    let directory = base.directory();
    let values = context! {
        base => base.as_str(),
        web_base => base.web(),
        directory => directory.as_deref(),
        mirror => directory.as_deref().unwrap_or(base.as_str()),
    };
    let environment = Environment::new();
    FILES
        .iter()
        .filter(|(_, _, needs)| has(needs))
        .map(|(name, template, _)| {
            // A test renders each of them.
            let text = environment.render_str(template, &values);
            (*name, text.unwrap_or_default() + "\n")
        })
        .collect()
}

#[cfg(test)]
mod tests;
