//! Builds the stand-in driver (`sandbox/libtaos`) with the cargo at hand and finds the file that it left.

use std::env;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The program `cargo` in an environment without what an outer cargo describes its package with: build scripts, such as ring's, watch these
/// variables, and everything above them would be compiled again.
pub fn cargo_command(cargo: &OsStr) -> Command {
    let mut command = Command::new(cargo);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text == "OUT_DIR"
            || text.starts_with("CARGO_PKG_")
            || text.starts_with("CARGO_MANIFEST_")
        {
            command.env_remove(&name);
        }
    }
    command
}

/// Builds the stand-in driver and gives the path of the library, as cargo's own messages name it.
///
/// `cargo` is the program to run (`$CARGO`, or `cargo`); `release` picks the profile. The target folder is cargo's usual
/// one: `CARGO_TARGET_DIR` is inherited. Fails with what cargo wrote to standard error.
pub fn build(cargo: &OsStr, release: bool) -> io::Result<PathBuf> {
    let mut command = cargo_command(cargo);
    command
        .args([
            "build",
            "--package",
            "taos-sandbox-libtaos",
            "--message-format=json",
            "--offline",
        ])
        .current_dir(workspace())
        .stdin(Stdio::null())
        .stderr(Stdio::piped());
    if release {
        command.arg("--release");
    }
    let output = command.output().map_err(|error| {
        io::Error::new(
            error.kind(),
            format!("cannot run {}: {error}", Path::new(cargo).display()),
        )
    })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(io::Error::other(format!(
            "cargo could not build the stand-in driver: {}",
            said.trim()
        )));
    }
    library_in(&String::from_utf8_lossy(&output.stdout))
        .ok_or_else(|| io::Error::other("cargo built the stand-in driver but named no library"))
}

/// The stand-in driver of this test run, built once in a process (unoptimised, by `$CARGO`).
///
/// A failure is kept: every later call gives the same text.
pub fn built() -> io::Result<&'static Path> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let result = BUILT.get_or_init(|| {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        build(&cargo, false).map_err(|error| error.to_string())
    });
    result
        .as_deref()
        .map_err(|text| io::Error::other(text.clone()))
}

/// The folder of the workspace's Cargo.toml.
fn workspace() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// The library of the last artifact message about the stand-in driver in cargo's JSON lines.
fn library_in(messages: &str) -> Option<PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| {
            message
                .get("reason")
                .is_some_and(|reason| reason == "compiler-artifact")
                && message
                    .pointer("/target/name")
                    .is_some_and(|name| name == "taos_sandbox_driver")
        })
        .filter_map(|message| {
            let files = message.get("filenames")?.as_array()?;
            files
                .iter()
                .filter_map(|file| file.as_str())
                .map(PathBuf::from)
                .find(|file| is_library(file))
        })
        .next_back()
}

/// Whether the file is the library itself, not the import library or debugging file that some platforms put beside it.
fn is_library(file: &Path) -> bool {
    file.extension()
        .is_some_and(|extension| extension == env::consts::DLL_EXTENSION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn library_is_found_among_cargo_messages() {
        let name = format!(
            "/t/debug/{}taos_sandbox_driver{}",
            env::consts::DLL_PREFIX,
            env::consts::DLL_SUFFIX
        );
        let messages = format!(
            "{}\nnot json\n{}\n{}\n",
            r#"{"reason":"compiler-artifact","target":{"name":"serde"},"filenames":["/t/libserde.rlib"]}"#,
            serde_json::json!({"reason": "compiler-artifact", "target": {"name": "taos_sandbox_driver"},
                "filenames": ["/t/debug/taos_sandbox_driver.dll.a", name]}),
            r#"{"reason":"build-finished","success":true}"#,
        );
        assert_eq!(library_in(&messages), Some(PathBuf::from(name)));
        assert_eq!(library_in("{}\n"), None);
    }
}
