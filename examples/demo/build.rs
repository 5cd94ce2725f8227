//! Builds what the demo runs, and learns from cargo where it is.

use std::error::Error;
use std::path::PathBuf;
use std::process::Stdio;

use taos_sandbox::driver::cargo_command;

/// Where the demo's two pieces are.
pub(super) struct Built {
    /// The `taos-setup` binary.
    pub(super) program: PathBuf,
    /// The stand-in driver.
    pub(super) driver: PathBuf,
}

/// Builds both as `cargo test` does, so that a newcomer compiles the crates once: an example among what is built gives them the
/// same features. Cargo's own progress shows on stderr.
pub(super) fn build() -> Result<Built, Box<dyn Error>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = cargo_command(&cargo)
        .args(["build", "--message-format=json-render-diagnostics"])
        .args(["--bins", "--lib", "--examples"])
        .args([
            "--package",
            "taos-setup",
            "--package",
            "taos-sandbox-libtaos",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err("the build failed".into());
    }
    let messages = String::from_utf8(output.stdout)?;
    let artifact = |target: &str, pick: fn(&serde_json::Value) -> Option<PathBuf>| {
        messages
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .filter(|message| {
                message["reason"] == "compiler-artifact" && message["target"]["name"] == target
            })
            .find_map(|message| pick(&message))
            .ok_or_else(|| format!("cargo did not say where it put {target}"))
    };
    Ok(Built {
        program: artifact("taos-setup", |message| {
            Some(message["executable"].as_str()?.into())
        })?,
        driver: artifact("taos_sandbox_driver", |message| {
            message["filenames"]
                .as_array()?
                .iter()
                .filter_map(|name| name.as_str())
                .map(PathBuf::from)
                .find(|path| {
                    path.extension()
                        .is_some_and(|end| end == std::env::consts::DLL_EXTENSION)
                })
        })?,
    })
}
