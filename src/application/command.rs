//! Commands that build and run a program: looked up, with their environment, and with the client library if they need it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use tokio::process::Command;

use super::recipe::ProbeTool;
use super::values::ProbeValues;
use crate::error::Result;
use crate::safety::shell::quoted;
use crate::system::search_path::find_executable;
use crate::verify::ACCESS_VARIABLES;

/// The name of this program, which need not be in PATH.
const OWN: &str = "taos-setup";

/// What the commands of one program have in common.
#[derive(Debug)]
pub struct CommandSetting {
    /// The folder that they run in.
    pub directory: PathBuf,
    /// Variables that are set.
    set: BTreeMap<String, String>,
    /// Variables that are not passed on.
    unset: Vec<String>,
    /// Whether they run with the store's client.
    with_client: bool,
    /// A directory whose programs come before those of PATH.
    first: Option<PathBuf>,
}

impl CommandSetting {
    /// Returns that of `tool`, for a program in `directory`.
    ///
    /// # Errors
    /// `unexpected` if a template is damaged.
    pub fn of(
        tool: &ProbeTool,
        values: &ProbeValues,
        directory: &Path,
        with_client: bool,
    ) -> Result<Self> {
        let mut set = BTreeMap::new();
        for (name, value) in &tool.set {
            let value = values.word(value)?;
            if !value.is_empty() {
                set.insert(name.clone(), value);
            }
        }
        Ok(Self {
            directory: directory.to_owned(),
            set,
            unset: tool.unset.clone(),
            with_client,
            first: None,
        })
    }

    /// The same, with the programs of `directory` before those of PATH.
    #[must_use]
    pub fn with_first(mut self, directory: Option<PathBuf>) -> Self {
        self.first = directory;
        self
    }

    /// Returns the command of `words` with `variables`; the name of a program that is not there otherwise.
    ///
    /// # Errors
    /// The name of the program.
    pub fn command(
        &self,
        words: &[String],
        variables: &[(&'static str, OsString)],
    ) -> std::result::Result<Command, String> {
        let program = words.first().cloned().unwrap_or_default();
        let found = self.find(&program).ok_or_else(|| program.clone())?;
        let mut command = match (self.with_client, std::env::current_exe()) {
            (true, Ok(own)) => {
                let mut command = Command::new(own);
                command.args(["run", "--"]).arg(found);
                command
            }
            (true | false, _) => Command::new(found),
        };
        command.args(&words[1..]).current_dir(&self.directory);
        for name in ACCESS_VARIABLES {
            command.env_remove(name);
        }
        for name in &self.unset {
            command.env_remove(name);
        }
        // What tools print is compared with known words.
        if let Some(locale) = std::env::var_os("LC_ALL").filter(|it| !it.is_empty()) {
            command.env_remove("LC_ALL").env("LC_CTYPE", locale);
        }
        command.env("LC_MESSAGES", "C").env_remove("LANGUAGE");
        if let Some(first) = &self.first {
            let path = std::env::var_os("PATH").unwrap_or_default();
            let directories = std::iter::once(first.clone()).chain(std::env::split_paths(&path));
            if let Ok(path) = std::env::join_paths(directories) {
                command.env("PATH", path);
            }
        }
        command.envs(&self.set);
        command.envs(variables.iter().map(|(name, value)| (name, value)));
        Ok(command)
    }

    /// The program `name`: of PATH, or in the folder.
    fn find(&self, name: &str) -> Option<PathBuf> {
        if name == OWN {
            return std::env::current_exe().ok();
        }
        if name.contains(['/', '\\']) {
            let path = self.directory.join(name);
            return path.is_file().then_some(path);
        }
        let first = self.first.as_ref().map(|directory| directory.join(name));
        first
            .filter(|it| it.is_file())
            .or_else(|| find_executable(name))
    }
}

/// Returns `words` as a command that people can paste, which runs in `directory`.
pub fn pasted(directory: &Path, words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    let directory = quoted(&directory.to_string_lossy());
    format!("(cd {directory} && {})", words.join(" "))
}
