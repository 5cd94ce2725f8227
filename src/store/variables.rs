//! The environment variables that make an installed client work: for the loader, the vendor's programs, compilers and the
//! connectors of each language (docs/facts.md).

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::Client;
use crate::tdengine::platform::Os;

/// An environment variable that a client needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What becomes of it.
    pub value: Value,
    /// Who reads it and what for, one phrase.
    pub about: &'static str,
}

/// What becomes of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// It becomes exactly this.
    Set(OsString),
    /// A list of folders: this one goes first, the user's stay behind it.
    Prepend(PathBuf),
    /// A list of compiler flags: these go first, the user's stay behind them, or `default` where the user has none.
    Flags {
        /// The flags, ready to stand in the variable.
        flags: OsString,
        /// What the tool itself assumes where the variable is unset, and would lose.
        default: &'static str,
    },
}

impl Variable {
    /// The variable's new value, where it was `existing` before.
    pub fn applied(&self, existing: Option<OsString>) -> OsString {
        let existing = existing.filter(|value| !value.is_empty());
        match &self.value {
            Value::Set(value) => value.clone(),
            Value::Prepend(path) => {
                let mut value = path.clone().into_os_string();
                if let Some(rest) = existing {
                    value.push(if cfg!(windows) { ";" } else { ":" });
                    value.push(rest);
                }
                value
            }
            Value::Flags { flags, default } => {
                let mut value = flags.clone();
                value.push(" ");
                value.push(existing.unwrap_or_else(|| (*default).into()));
                value
            }
        }
    }
}

/// The values of `variables`, each name once, with their `existing` values.
pub fn resolved(
    variables: &[Variable],
    existing: impl Fn(&str) -> Option<OsString>,
) -> Vec<(&'static str, OsString)> {
    let mut values: Vec<(&'static str, OsString)> = Vec::new();
    for variable in variables {
        // On Windows one variable is extended twice.
        match values.iter_mut().find(|(name, _)| *name == variable.name) {
            Some((_, value)) => *value = variable.applied(Some(std::mem::take(value))),
            None => values.push((variable.name, variable.applied(existing(variable.name)))),
        }
    }
    values
}

/// What `go` assumes for CGO_CFLAGS and CGO_LDFLAGS where they are unset (`go help environment`).
const CGO_DEFAULT: &str = "-O2 -g";

impl Client {
    /// The variables that make this client work, in the order in which they matter.
    pub fn variables(&self) -> Vec<Variable> {
        let (lib, include) = (self.lib_dir(), self.include_dir());
        let library = lib.join(self.platform.library_file("taos"));
        let set = |path: PathBuf| Value::Set(path.into_os_string());
        let cgo = |flag: &str, path: &Path| Value::Flags {
            flags: quoted_flag(flag, path),
            default: CGO_DEFAULT,
        };
        let mut variables = vec![
            variable(
                "TAOS_CONFIG_DIR",
                set(self.config_dir()),
                "the client: where taos.cfg is",
            ),
            variable(
                "TAOS_LOG_DIR",
                set(self.log_dir()),
                "the client: a log directory that this user may write",
            ),
            variable(
                "PATH",
                Value::Prepend(self.bin_dir()),
                "the shell: taos, taosBenchmark, taosdump",
            ),
        ];
        let (loader, about) = match self.platform.os {
            Os::Linux => ("LD_LIBRARY_PATH", "the loader: the driver's libraries"),
            Os::Macos => (
                "DYLD_LIBRARY_PATH",
                "the loader: the driver's libraries; macOS removes it for programs in /bin and /usr/bin",
            ),
            Os::Windows => ("PATH", "the loader: the driver's libraries"),
        };
        variables.extend([
            variable(loader, Value::Prepend(lib.clone()), about),
            variable(
                "LIBRARY_PATH",
                Value::Prepend(lib.clone()),
                "gcc and clang: -ltaos",
            ),
            variable(
                "C_INCLUDE_PATH",
                Value::Prepend(include.clone()),
                "gcc and clang: #include <taos.h>",
            ),
            variable(
                "CPLUS_INCLUDE_PATH",
                Value::Prepend(include.clone()),
                "g++ and clang++: #include <taos.h>",
            ),
            variable(
                "PKG_CONFIG_PATH",
                Value::Prepend(lib.join("pkgconfig")),
                "pkg-config: taos.pc",
            ),
            variable(
                "CMAKE_PREFIX_PATH",
                Value::Prepend(self.prefix.clone()),
                "CMake: find_package(taos)",
            ),
            variable(
                "CGO_CFLAGS",
                cgo("-I", &include),
                "Go: building driver-go's native connector",
            ),
            variable(
                "CGO_LDFLAGS",
                cgo("-L", &lib),
                "Go: linking driver-go's native connector",
            ),
            variable(
                "TD_LIBRARY_PATH",
                Value::Prepend(lib),
                "Java: where JDBC's native connector looks",
            ),
            variable(
                "TAOS_LIBRARY_PATH",
                set(library),
                "Rust: the library that the taos crate opens",
            ),
        ]);
        variables
    }
}

const fn variable(name: &'static str, value: Value, about: &'static str) -> Variable {
    Variable { name, value, about }
}

/// `flag` and `path` as one word of a CGO_… variable: Go takes a word in single or double quotes as it stands and knows no
/// escapes (`cmd/internal/quoted`). A path that holds both kinds of quote and a space cannot be said.
fn quoted_flag(flag: &str, path: &Path) -> OsString {
    let mut word = OsString::from(flag);
    word.push(path);
    let text = word.to_string_lossy();
    if !text.contains([' ', '\t', '\n', '\r', '\'', '"']) {
        return word;
    }
    let quote = if text.contains('\'') { "\"" } else { "'" };
    let mut quoted = OsString::from(quote);
    quoted.push(&word);
    quoted.push(quote);
    quoted
}

#[cfg(test)]
mod tests;
