//! Which parts of a client are installed: a program that runs needs a third of what one that is built needs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::tdengine::platform::{Os, Platform};

/// A set of a client's parts. Each holds what the one before it holds.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Parts {
    /// `runtime`: what a program needs to run: the driver's libraries with their links, `etc/`, the license.
    Runtime,
    /// `dev`: what building one needs besides: headers, import libraries, pkg-config and CMake files.
    Dev,
    /// `all`: the vendor's programs too.
    #[default]
    All,
}

impl Parts {
    /// Whether the file `path` of a client for `platform`, a path in its folder with `/`, belongs to these parts.
    pub fn hold(self, platform: Platform, path: &str) -> bool {
        match (self, path.split_once('/')) {
            (Self::All, _) | (_, Some(("etc" | "share", _))) => true,
            (Self::Dev, Some(("lib" | "include", _))) => true,
            (Self::Runtime, Some(("lib", name))) => is_library(platform, name),
            _ => false,
        }
    }
}

/// Whether the loader may ask for a file of this name in `lib/`. Connectors open the unversioned names, so they are here.
fn is_library(platform: Platform, name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let named_so = match platform.os {
        Os::Linux => name.ends_with(".so") || name.contains(".so."),
        Os::Macos => name.ends_with(".dylib"),
        Os::Windows => name.ends_with(".dll"),
    };
    // The driver may need anything that its package has in private/.
    name.starts_with("private/") || named_so && !name.contains('/')
}

impl fmt::Display for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Runtime => "runtime",
            Self::Dev => "dev",
            Self::All => "all",
        })
    }
}

impl FromStr for Parts {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Runtime, Self::Dev, Self::All]
            .into_iter()
            .find(|parts| parts.to_string() == text)
            .ok_or_else(|| "expected runtime, dev, or all".to_owned())
    }
}

#[cfg(test)]
mod tests;
