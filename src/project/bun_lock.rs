//! `bun.lock`.

use super::edit::EditRefusal;
use super::lock_file::{LockReader, LockState, LockedProject};
use super::pins::Pin;
use super::text::indent_width;

/// The reader of the format.
pub struct BunLock;

impl LockReader for BunLock {
    fn state(&self, text: &str, project: LockedProject, package: &str, asked: &str) -> LockState {
        bun_lock(text, project.member, package, asked).into()
    }

    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        // "NAME": ["NAME@VERSION", …]
        let locked = text.lines().filter_map(|line| {
            let (_, list) = line.split_once(": [\"")?;
            let (name, version) = list.split('"').next()?.rsplit_once('@')?;
            (!name.is_empty()).then(|| Pin::exact(name, version, file))
        });
        Ok(locked.collect())
    }

    fn digest(&self, text: &str, package: &str, version: &str) -> Option<String> {
        // The digest is the last value of the list.
        let head = format!("[\"{package}@{version}\"");
        let line = text.lines().find(|line| line.contains(&head))?;
        let mut words = line.split('"').filter(|word| word.starts_with("sha512-"));
        Some(words.next_back()?.to_owned())
    }
}

/// `"NAME": "ASKED"` in the workspace `member`.
fn bun_lock(text: &str, member: &str, package: &str, asked: &str) -> bool {
    let head = format!("\"{member}\": {{");
    let mut lines = text.lines().skip_while(|line| !line.contains(&head));
    let first = lines.next().unwrap_or_default();
    let of_project =
        lines.take_while(|line| line.trim().is_empty() || indent_width(line) > indent_width(first));
    std::iter::once(first).chain(of_project).any(|line| {
        let mut words = line.split(['{', '}', ',']).map(str::trim);
        words.any(|it| {
            it.split_once("\":").is_some_and(|(name, value)| {
                name.trim_start_matches('"') == package && value.trim().trim_matches('"') == asked
            })
        })
    })
}
