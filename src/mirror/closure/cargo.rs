//! Rust: the crates of Cargo.lock for all platforms, and the sparse index that lists them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{ClosureContext, files_below, unexpected_answer};
use crate::error::Result;
use crate::message::Message;
use crate::mirror::cargo_index;
use crate::mirror::check::{NeededFiles, NeededPackage, NeededPackages, existing};
use crate::mirror::fault::{unparsable, unreadable, unwritable};
use crate::mirror::index::IndexUpdate;
use crate::mirror::manifest::GapReason;
use crate::mirror::part::PartContent;
use crate::mirror::tool::Tool;
use crate::system::files;
use crate::tdengine::digest::Sha256;

/// The largest Cargo.lock, in bytes.
const LARGEST_LOCK: u64 = 16 << 20;

/// The user's settings, which name registries and their credentials.
const SETTINGS: [&str; 4] = ["config.toml", "config", "credentials.toml", "credentials"];

pub(super) async fn collect(context: &mut ClosureContext<'_>) -> Result<PartContent> {
    let home = context.scratch.join("cargo");
    fs::create_dir_all(&home).map_err(|error| unwritable(&home, &error))?;
    link_settings(&home);
    let fetch = Tool::new("cargo", &context.project, &["fetch", "--quiet"]);
    fetch
        .env("CARGO_HOME", &home)
        .run(context.stop, context.events)
        .await?;
    let words = [
        "metadata",
        "--format-version=1",
        "--all-features",
        "--offline",
    ];
    let metadata = Tool::new("cargo", &context.project, &words);
    let output = metadata
        .env("CARGO_HOME", &home)
        .run(context.stop, context.events)
        .await?;
    let metadata: Value =
        serde_json::from_slice(&output).map_err(|_| unexpected_answer("cargo"))?;
    let crates = files_below(&home.join("registry/cache"))?;
    let crates: BTreeMap<&str, &PathBuf> = crates
        .iter()
        .filter_map(|(path, file)| Some((path.rsplit('/').next()?, file)))
        .collect();
    let packages = metadata.get("packages").and_then(Value::as_array);
    let mut content = PartContent::default();
    for package in packages.ok_or_else(|| unexpected_answer("cargo"))? {
        let text = |field: &str| package.get(field).and_then(Value::as_str);
        let (Some(name), Some(version)) = (text("name"), text("version")) else {
            return Err(unexpected_answer("cargo"));
        };
        match text("source") {
            // A member of the workspace, or a directory.
            None => continue,
            Some(source) if source.starts_with("git+") => {
                let subject = format!("{name} {version}");
                content.gaps.push((GapReason::GitSource, subject));
                continue;
            }
            Some(_) => {}
        }
        let file_name = format!("{name}-{version}.crate");
        let Some(file) = crates.get(file_name.as_str()) else {
            content.gaps.push((GapReason::NoPackage, file_name));
            continue;
        };
        let opened = fs::File::open(file).and_then(Sha256::of);
        let digest = opened.map_err(|error| unreadable(file, &error))?;
        let release = cargo_index::release(package, &digest.to_string());
        let release = release.ok_or_else(|| unexpected_answer("cargo"))?;
        let license = text("license").map(str::to_owned);
        content.add(&format!("crates/{file_name}"), (*file).clone(), license);
        content.add_index(&cargo_index::path(name), IndexUpdate::Release(release));
    }
    Ok(content)
}

/// What Cargo.lock names.
///
/// # Errors
/// `file-unreadable`, `file-unparsable`.
pub(super) fn needed(project: &Path) -> Result<NeededPackages> {
    let mut needed = NeededPackages::default();
    let Some(lock) = existing(project, "Cargo.lock") else {
        needed
            .gaps
            .push((GapReason::Unresolved, "Cargo.lock".to_owned()));
        return Ok(needed);
    };
    let read = files::read_named_text(&lock, LARGEST_LOCK);
    let text = read.map_err(|error| unreadable(&lock, &error))?;
    let table: toml::Table = text
        .parse()
        .map_err(|error: toml::de::Error| unparsable(&lock, Message::quoted(error.message())))?;
    let packages = table.get("package").and_then(toml::Value::as_array);
    for package in packages.into_iter().flatten() {
        let text = |field: &str| package.get(field).and_then(toml::Value::as_str);
        let (Some(name), Some(version), Some(source)) =
            (text("name"), text("version"), text("source"))
        else {
            continue;
        };
        let subject = format!("{name} {version}");
        match source.starts_with("git+") {
            true => needed.gaps.push((GapReason::GitSource, subject)),
            false => needed.packages.push(NeededPackage {
                name: subject,
                files: NeededFiles::Exactly(format!("crates/{name}-{version}.crate")),
            }),
        }
    }
    Ok(needed)
}

/// Gives a scratch directory the settings of the user's. Without links, which Windows may refuse, registries are cargo's own.
fn link_settings(home: &Path) {
    let own = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let Some(own) = own else { return };
    for name in SETTINGS {
        let (from, to) = (own.join(name), home.join(name));
        if from.is_file() && !to.exists() {
            #[cfg(unix)]
            let _ = std::os::unix::fs::symlink(&from, &to);
            #[cfg(windows)]
            let _ = std::os::windows::fs::symlink_file(&from, &to);
        }
    }
}
