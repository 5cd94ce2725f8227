//! `pnpm-lock.yaml`.

use super::edit::EditRefusal;
use super::lock_file::{LockReader, LockState, LockedProject};
use super::pins::Pin;
use super::text::indent_width;

/// The reader of the format.
pub struct PnpmLock;

impl LockReader for PnpmLock {
    fn state(&self, text: &str, project: LockedProject, package: &str, asked: &str) -> LockState {
        pnpm_lock(text, project.member, package, asked).into()
    }

    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        // The keys of `packages:`: `/NAME/VERSION`, `/NAME@VERSION`, `NAME@VERSION`, with the versions of peers in brackets or after `_`.
        let below = text
            .lines()
            .skip_while(|line| line.trim_end() != "packages:");
        let below = below.skip(1);
        let below = below.take_while(|line| line.starts_with(' ') || line.trim().is_empty());
        let keys = below.filter(|line| indent_width(line) == 2);
        let locked = keys.filter_map(|line| {
            let key = line.trim().strip_suffix(':')?;
            let key = key.trim_matches(['\'', '"']).trim_start_matches('/');
            let key = key.split(['(', '_']).next()?;
            let (name, version) = match key.get(1..)?.contains('@') {
                true => key.rsplit_once('@')?,
                false => key.rsplit_once('/')?,
            };
            Some(Pin::exact(name, version, file))
        });
        Ok(locked.collect())
    }

    fn digest(&self, text: &str, package: &str, version: &str) -> Option<String> {
        let heads = [
            format!("{package}@{version}"),
            format!("{package}/{version}"),
        ];
        let mut lines = text.lines().skip_while(|line| {
            let key = line.trim().trim_end_matches(':');
            let key = key.trim_matches(['\'', '"']).trim_start_matches('/');
            indent_width(line) != 2 || !heads.iter().any(|head| head == key)
        });
        lines.next()?;
        let mut below = lines.take_while(|line| indent_width(line) > 2);
        below.find_map(|line| {
            let (_, rest) = line.split_once("integrity:")?;
            let digest = rest.trim().split([',', '}']).next()?;
            Some(digest.trim().to_owned())
        })
    }
}

/// `specifier: ASKED` below the package's name; `NAME: ASKED` below `specifiers:` before version 6. Where the file has `importers:`,
/// those of the project in `member` count.
fn pnpm_lock(text: &str, member: &str, package: &str, asked: &str) -> bool {
    let bare = |word: &str| word.trim().trim_matches(['\'', '"']).to_owned();
    let importer = if member.is_empty() { "." } else { member };
    let all: Vec<_> = text.lines().collect();
    let of_project = match all.iter().position(|line| line.trim_end() == "importers:") {
        None => &all[..],
        Some(importers) => {
            let is_head = |line: &&str| indent_width(line) == 2 && line.trim_end().ends_with(':');
            let below = &all[importers + 1..];
            let is_ours = |line: &&str| {
                is_head(line) && bare(line.trim_end().trim_end_matches(':')) == importer
            };
            let Some(first) = below.iter().position(is_ours) else {
                return false;
            };
            let below = &below[first + 1..];
            let is_other = |line: &&str| !line.trim().is_empty() && indent_width(line) <= 2;
            &below[..below.iter().position(is_other).unwrap_or(below.len())]
        }
    };
    let mut lines = of_project.iter().peekable();
    while let Some(line) = lines.next() {
        let Some((name, value)) = line.trim().rsplit_once(':') else {
            continue;
        };
        if bare(name) != package {
            continue;
        }
        let below = lines
            .peek()
            .and_then(|next| next.trim().strip_prefix("specifier:"));
        if bare(value) == asked || below.is_some_and(|it| bare(it) == asked) {
            return true;
        }
    }
    false
}
