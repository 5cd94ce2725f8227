//! `yarn.lock`, of yarn 1 and later.

use super::edit::EditRefusal;
use super::lock_file::{LockReader, LockState, LockedProject};
use super::pins::Pin;

/// The reader of the format.
pub struct YarnLock;

impl LockReader for YarnLock {
    fn state(&self, text: &str, project: LockedProject, package: &str, asked: &str) -> LockState {
        yarn_lock(text, project.member, package, asked).into()
    }

    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        let mut pins = Vec::new();
        let mut name = None;
        for line in text.lines() {
            if !line.starts_with([' ', '#']) {
                let head = line.trim_start_matches('"');
                // The first sign may be that of a scope.
                let end = head.char_indices().skip(1).find(|(_, c)| *c == '@');
                name = end.and_then(|(end, _)| head.get(..end));
                continue;
            }
            // `version "1.0.0"` in yarn 1, `version: 1.0.0` later.
            let version = line.trim().strip_prefix("version");
            if let (Some(name), Some(version)) = (name, version) {
                let version = version.trim_start_matches(':').trim().trim_matches('"');
                pins.push(Pin::exact(name, version, file));
            }
        }
        Ok(pins)
    }

    fn digest(&self, text: &str, package: &str, version: &str) -> Option<String> {
        let (mut is_ours, mut is_version) = (false, false);
        for line in text.lines() {
            if !line.starts_with([' ', '#']) {
                let head = line.trim_start_matches('"');
                let rest = head.strip_prefix(package);
                is_ours = rest.is_some_and(|rest| rest.starts_with('@'));
                is_version = false;
                continue;
            }
            let value = |name| {
                let value = line.trim().strip_prefix(name)?.trim_start_matches(':');
                Some(value.trim().trim_matches('"'))
            };
            if let Some(found) = value("version").filter(|_| is_ours) {
                is_version = found == version;
            }
            if let Some(digest) = value("integrity").or_else(|| value("checksum"))
                && is_version
            {
                return Some(digest.to_owned());
            }
        }
        None
    }
}

/// An entry's head lists `NAME@ASKED`: `"a@1.0.0", a@^1:` in yarn 1, `"a@npm:1.0.0, a@npm:^1":` later, where the project in `member` has an
/// entry of its own, too, which repeats what its manifest asks.
fn yarn_lock(text: &str, member: &str, package: &str, asked: &str) -> bool {
    let bare = |word: &str| word.trim().trim_matches('"').to_owned();
    let heads = |line: &str| -> Vec<String> {
        match line.trim_end().strip_suffix(':') {
            Some(head) if !line.starts_with([' ', '#']) => {
                head.trim_matches('"').split(',').map(bare).collect()
            }
            _ => Vec::new(),
        }
    };
    let wanted = [
        format!("{package}@{asked}"),
        format!("{package}@npm:{asked}"),
    ];
    let is_locked = text.lines().flat_map(heads).any(|it| wanted.contains(&it));
    let folder = if member.is_empty() { "." } else { member };
    let project = format!("@workspace:{folder}");
    let mut own = text
        .lines()
        .skip_while(|line| !heads(line).iter().any(|it| it.ends_with(&project)));
    if own.next().is_none() {
        return is_locked;
    }
    let mut entry = own.take_while(|line| line.starts_with(' '));
    let asks = entry.any(|line| {
        line.trim().rsplit_once(": ").is_some_and(|(name, value)| {
            bare(name) == package && bare(value).trim_start_matches("npm:") == asked
        })
    });
    is_locked && asks
}
