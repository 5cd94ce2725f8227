//! Go: the download directory of a module cache is a proxy (`go help goproxy`).

use std::path::Path;

use super::{ClosureContext, files_below};
use crate::error::Result;
use crate::mirror::check::{NeededFiles, NeededPackage, NeededPackages, existing};
use crate::mirror::fault::{unreadable, unwritable};
use crate::mirror::index::IndexUpdate;
use crate::mirror::manifest::GapReason;
use crate::mirror::part::PartContent;
use crate::mirror::tool::Tool;
use crate::system::files;

/// The largest go.sum, in bytes.
const LARGEST_SUM: u64 = 16 << 20;

pub(super) async fn collect(context: &mut ClosureContext<'_>) -> Result<PartContent> {
    let cache = context.scratch.join("modcache");
    std::fs::create_dir_all(&cache).map_err(|error| unwritable(&cache, &error))?;
    let mut commands: Vec<&[&str]> = vec![&["mod", "download"]];
    if !context.project.join("go.sum").exists() {
        commands.insert(0, &["mod", "tidy"]);
    }
    for words in commands {
        Tool::new("go", &context.project, words)
            .env("GOMODCACHE", &cache)
            .env("GOFLAGS", "-modcacherw")
            .run(context.stop, context.events)
            .await?;
    }
    let mut content = PartContent::default();
    for (path, file) in files_below(&cache.join("cache/download"))? {
        let Some((module, name)) = path.rsplit_once("/@v/") else {
            // The checksum database, which has go.sum's place only while a project is made.
            continue;
        };
        let Some((version, ending)) = name.rsplit_once('.') else {
            // A list of versions, which is made from what is there.
            continue;
        };
        if !matches!(ending, "info" | "mod" | "zip") {
            continue;
        }
        let entry = format!("goproxy/{path}");
        content.add(&entry, file, None);
        if ending == "zip" {
            let list = format!("goproxy/{module}/@v/list");
            content.add_index(&list, IndexUpdate::Line(version.to_owned()));
        }
    }
    Ok(content)
}

/// What go.sum names. Without it the requirements of go.mod are only the beginning.
///
/// # Errors
/// `file-unreadable`.
pub(super) fn needed(project: &Path) -> Result<NeededPackages> {
    let mut needed = NeededPackages::default();
    let Some(path) = existing(project, "go.sum") else {
        needed
            .gaps
            .push((GapReason::Unresolved, "go.sum".to_owned()));
        return Ok(needed);
    };
    let text =
        files::read_named_text(&path, LARGEST_SUM).map_err(|error| unreadable(&path, &error))?;
    needed.packages = text.lines().filter_map(needed_file).collect();
    Ok(needed)
}

/// The file of a line of go.sum: a module, or only its go.mod.
fn needed_file(line: &str) -> Option<NeededPackage> {
    let mut words = line.split_whitespace();
    let (module, version) = (words.next()?, words.next()?);
    words.next()?;
    let (version, ending) = match version.strip_suffix("/go.mod") {
        Some(version) => (version, "mod"),
        None => (version, "zip"),
    };
    let file = format!(
        "goproxy/{}/@v/{}.{ending}",
        escaped(module),
        escaped(version)
    );
    Some(NeededPackage {
        name: format!("{module}@{version} ({ending})"),
        files: NeededFiles::Exactly(file),
    })
}

/// A path or version in a proxy: capital letters become small ones after an exclamation mark.
fn escaped(text: &str) -> String {
    text.chars()
        .flat_map(|c| match c.is_ascii_uppercase() {
            true => vec!['!', c.to_ascii_lowercase()],
            false => vec![c],
        })
        .collect()
}

#[cfg(test)]
mod tests;
