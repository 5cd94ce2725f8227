//! Node.js: the files of every package in package-lock.json, for all platforms, and the documents that name them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use serde_json::Value;
use sha1::{Digest, Sha1};
use sha2::Sha512;

use super::{ClosureContext, unexpected_answer};
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::mirror::check::{NeededFiles, NeededPackage, NeededPackages, existing};
use crate::mirror::fault::{unparsable, unreadable, unwritable};
use crate::mirror::index::IndexUpdate;
use crate::mirror::manifest::GapReason;
use crate::mirror::npm_document;
use crate::mirror::part::PartContent;
use crate::mirror::tool::Tool;
use crate::system::files;

/// The largest lock file, in bytes.
const LARGEST_LOCK: u64 = 64 << 20;
/// The largest package.json, in bytes.
const LARGEST_MANIFEST: u64 = 1 << 20;
/// The largest file of a package, in bytes.
const LARGEST_FILE: u64 = 1 << 30;
/// The most packages in one call of npm.
const BATCH: usize = 40;

/// A package of the lock file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct NpmPackage {
    name: String,
    version: String,
    integrity: Option<String>,
}

/// What a lock file has.
#[derive(Debug, Default, PartialEq, Eq)]
struct NpmLock {
    packages: BTreeMap<String, NpmPackage>,
    gaps: Vec<(GapReason, String)>,
}

pub(super) async fn collect(context: &mut ClosureContext<'_>) -> Result<PartContent> {
    let cache = context.scratch.join("npm-cache");
    let words = [
        "install",
        "--package-lock-only",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ];
    let tool = Tool::new("npm", &context.project, &words).env("npm_config_cache", &cache);
    tool.run(context.stop, context.events).await?;
    let lock = context.project.join("package-lock.json");
    let text = files::read_named(&lock, LARGEST_LOCK).map_err(|error| unreadable(&lock, &error))?;
    let value: Value = serde_json::from_slice(&text).map_err(|_| unexpected_answer("npm"))?;
    let locked = NpmLock::of_lock(&value);
    let mut content = PartContent {
        gaps: locked.gaps,
        ..PartContent::default()
    };
    for lock in ["yarn.lock", "pnpm-lock.yaml", "bun.lock"] {
        if context.project.join(lock).exists() {
            content.gaps.push((GapReason::Unresolved, lock.to_owned()));
        }
    }
    let packages: Vec<&NpmPackage> = locked.packages.values().collect();
    for batch in packages.chunks(BATCH) {
        for (package, file) in pack(context, &cache, batch).await? {
            add(&mut content, package, file)?;
        }
    }
    Ok(content)
}

/// Downloads the files of packages.
async fn pack<'p>(
    context: &mut ClosureContext<'_>,
    cache: &Path,
    packages: &[&'p NpmPackage],
) -> Result<Vec<(&'p NpmPackage, PathBuf)>> {
    let directory = context.scratch.join("tarballs");
    std::fs::create_dir_all(&directory).map_err(|error| unwritable(&directory, &error))?;
    let words = ["pack", "--json", "--ignore-scripts", "--loglevel=error"];
    let mut tool = Tool::new("npm", &directory, &words).env("npm_config_cache", cache);
    for package in packages {
        tool = tool.arg(format!("{}@{}", package.name, package.version));
    }
    let output = tool.run(context.stop, context.events).await?;
    let answer: Value = serde_json::from_slice(&output).map_err(|_| unexpected_answer("npm"))?;
    // Older versions print a list, newer ones an object by name.
    let entries: Vec<&Value> = match &answer {
        Value::Array(entries) => entries.iter().collect(),
        Value::Object(entries) => entries.values().collect(),
        _ => return Err(unexpected_answer("npm")),
    };
    let text = |entry: &Value, field: &str| entry.get(field)?.as_str().map(str::to_owned);
    packages
        .iter()
        .map(|package| {
            let entry = entries.iter().find(|entry| {
                text(entry, "name").as_ref() == Some(&package.name)
                    && text(entry, "version").as_ref() == Some(&package.version)
            });
            let file = entry.and_then(|entry| text(entry, "filename"));
            let file = file.ok_or_else(|| unexpected_answer("npm"))?;
            // Old versions keep the scope in the name.
            let file = file.trim_start_matches('@').replace('/', "-");
            Ok((*package, directory.join(file)))
        })
        .collect()
}

/// Adds a file and its entry in the document, if its bytes are those of the lock file.
fn add(content: &mut PartContent, package: &NpmPackage, file: PathBuf) -> Result<()> {
    let read = files::read_named(&file, LARGEST_FILE);
    let bytes = read.map_err(|error| unreadable(&file, &error))?;
    let integrity = format!("sha512-{}", STANDARD.encode(Sha512::digest(&bytes)));
    let sha1: String = Sha1::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let expected = package.integrity.as_deref();
    if expected.is_some_and(|it| it.starts_with("sha512-") && it != integrity) {
        return Err(Error::new(
            ErrorId::DigestMismatch,
            message!("mirror-create-tried"),
            message!(
                "mirror-lock-digest",
                package = format!("{}@{}", package.name, package.version),
                file = "package-lock.json"
            ),
            message!("mirror-lock-digest-next"),
        ));
    }
    let manifest = package_json(&file);
    let manifest = manifest.and_then(|value| {
        let license = value.get("license").and_then(Value::as_str);
        let license = license.map(str::to_owned);
        Some((
            npm_document::version_manifest(&value, &integrity, &sha1)?,
            license,
        ))
    });
    let Some((manifest, license)) = manifest else {
        let subject = format!("{}@{}", package.name, package.version);
        content.gaps.push((GapReason::Unresolved, subject));
        return Ok(());
    };
    let path = npm_document::tarball_path(&package.name, &package.version);
    content.add(&path, file, license);
    content.add_index(
        &npm_document::path(&package.name),
        IndexUpdate::NpmVersion {
            name: package.name.clone(),
            version: package.version.clone(),
            manifest,
        },
    );
    Ok(())
}

/// What package-lock.json names.
///
/// # Errors
/// `file-unreadable`, `file-unparsable`.
pub(super) fn needed(project: &Path) -> Result<NeededPackages> {
    let Some(lock) = existing(project, "package-lock.json") else {
        return Ok(NeededPackages {
            gaps: vec![(GapReason::Unresolved, "package-lock.json".to_owned())],
            ..NeededPackages::default()
        });
    };
    let text = files::read_named(&lock, LARGEST_LOCK).map_err(|error| unreadable(&lock, &error))?;
    let value: Value = serde_json::from_slice(&text)
        .map_err(|error| unparsable(&lock, Message::quoted(error.to_string())))?;
    let locked = NpmLock::of_lock(&value);
    let packages = locked.packages.into_iter();
    Ok(NeededPackages {
        packages: packages
            .map(|(name, package)| NeededPackage {
                name,
                files: NeededFiles::Exactly(npm_document::tarball_path(
                    &package.name,
                    &package.version,
                )),
            })
            .collect(),
        gaps: locked.gaps,
    })
}

/// The package.json of a package's file, which is in its only directory.
fn package_json(file: &Path) -> Option<Value> {
    let mut archive = tar::Archive::new(GzDecoder::new(File::open(file).ok()?).take(LARGEST_FILE));
    for entry in archive.entries().ok()? {
        let entry = entry.ok()?;
        let path = entry.path().ok()?;
        let mut names = path.iter();
        let is_manifest = names.next().is_some()
            && names.next().is_some_and(|name| name == "package.json")
            && names.next().is_none();
        if is_manifest {
            let mut text = String::new();
            entry
                .take(LARGEST_MANIFEST)
                .read_to_string(&mut text)
                .ok()?;
            return serde_json::from_str(&text).ok();
        }
    }
    None
}

impl NpmLock {
    /// Reads a lock file of version 2 or 3.
    fn of_lock(lock: &Value) -> Self {
        let mut found = Self::default();
        let packages = lock.get("packages").and_then(Value::as_object);
        for (place, entry) in packages.into_iter().flatten() {
            let text = |field: &str| entry.get(field).and_then(Value::as_str);
            let is_link = entry.get("link").and_then(Value::as_bool) == Some(true);
            let Some((_, name)) = place.rsplit_once("node_modules/").filter(|_| !is_link) else {
                continue;
            };
            let in_bundle = entry.get("inBundle").and_then(Value::as_bool) == Some(true);
            // An alias has the name of the package in the entry.
            let name = text("name").unwrap_or(name);
            let Some(version) = text("version").filter(|_| !in_bundle) else {
                continue;
            };
            let resolved = text("resolved").unwrap_or_default();
            if resolved.starts_with("git") {
                let subject = format!("{name} ({})", crate::safety::redaction::redact(resolved));
                found.gaps.push((GapReason::GitSource, subject));
                continue;
            }
            if resolved.starts_with("file:") {
                continue;
            }
            found.packages.insert(
                format!("{name}@{version}"),
                NpmPackage {
                    name: name.to_owned(),
                    version: version.to_owned(),
                    integrity: text("integrity").map(str::to_owned),
                },
            );
        }
        found
    }
}

#[cfg(test)]
mod tests;
