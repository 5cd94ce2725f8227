//! A user at a terminal: types commands, reads what they print, and checks that it is what was promised.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A terminal with folders of its own; nothing of the real user's is touched.
pub(super) struct Session {
    program: PathBuf,
    folder: TempDir,
    variables: BTreeMap<String, String>,
}

impl Session {
    /// A session that runs `program` as `taos-setup`, in a new temporary folder.
    pub(super) fn new(program: PathBuf) -> Result<Self, Box<dyn Error>> {
        let folder = tempfile::Builder::new()
            .prefix("taos-setup-demo-")
            .tempdir()?;
        Ok(Self {
            program,
            folder,
            variables: BTreeMap::new(),
        })
    }

    /// Prints a heading.
    pub(super) fn chapter(&self, title: &str) {
        println!("\n# {title}");
    }

    /// Sets an environment variable for the commands to come, as `export` would.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        println!("\n$ export {name}={value}");
        self.variables.insert(name.into(), value.into());
    }

    /// Takes it back.
    pub(super) fn unset(&mut self, name: &str) {
        println!("\n$ unset {name}");
        self.variables.remove(name);
    }

    /// Types `taos-setup ARGS`, shows what it prints, and gives it to be checked.
    pub(super) fn run(&self, args: &[&str]) -> Result<Ran, Box<dyn Error>> {
        let line = format!("taos-setup {}", args.join(" "));
        println!("\n$ {line}");
        let mut command = Command::new(&self.program);
        command.args(args).current_dir(self.folder.path());
        for name in [
            "TAOS_HOST",
            "TAOS_USER",
            "TAOS_PASSWORD",
            "TAOS_CONFIG_DIR",
            "LD_LIBRARY_PATH",
        ] {
            command.env_remove(name);
        }
        // One pipe for both, so that lines appear in the order in which a terminal would show them.
        let (mut reader, writer) = std::io::pipe()?;
        let mut child = command
            .env("HOME", self.folder.path())
            .env("TAOS_SETUP_HOME", self.folder.path().join("taos-setup"))
            .env("TAOS_SETUP_LANG", "en")
            .envs(&self.variables)
            .stdin(Stdio::null())
            .stderr(writer.try_clone()?)
            .stdout(writer)
            .spawn()?;
        // The command still holds the pipe's writing ends.
        drop(command);
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        print!("{text}");
        Ok(Ran {
            line,
            exit: child.wait()?.code(),
            text,
        })
    }
}

/// What a command did.
pub(super) struct Ran {
    line: String,
    exit: Option<i32>,
    text: String,
}

impl Ran {
    /// Fails unless the command ended with this exit code.
    pub(super) fn exits(self, expected: i32) -> Result<Self, Box<dyn Error>> {
        match self.exit {
            Some(exit) if exit == expected => Ok(self),
            exit => Err(format!("`{}` ended with {exit:?} and not {expected}", self.line).into()),
        }
    }

    /// Fails unless the command printed `text`.
    pub(super) fn prints(self, text: &str) -> Result<Self, Box<dyn Error>> {
        if self.text.contains(text) {
            Ok(self)
        } else {
            Err(format!("`{}` did not print {text:?}", self.line).into())
        }
    }

    /// Fails unless the verdict is exactly these findings of severity error.
    pub(super) fn finds(self, ids: &[&str]) -> Result<Self, Box<dyn Error>> {
        let found: Vec<&str> = self
            .text
            .lines()
            .filter_map(|line| line.trim_start().strip_prefix("error[")?.split(']').next())
            .collect();
        if found == ids {
            Ok(self)
        } else {
            Err(format!("`{}` found {found:?} and not {ids:?}", self.line).into())
        }
    }
}
