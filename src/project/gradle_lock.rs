//! Gradle's `gradle.lockfile` and `gradle/verification-metadata.xml` (docs.gradle.org, "Locking Versions", "Verifying dependencies").

use super::edit::EditRefusal;
use super::gradle;
use super::lock_file::{LockReader, LockState, LockedProject};
use super::pins::Pin;

/// The reader of `gradle.lockfile`.
pub struct GradleLock;

/// The reader of `gradle/verification-metadata.xml`.
pub struct GradleVerification;

impl LockReader for GradleLock {
    fn state(&self, text: &str, _: LockedProject, package: &str, asked: &str) -> LockState {
        let names = text.lines().filter_map(|line| line.split('=').next());
        let mut locked = names.filter_map(|name| name.strip_prefix(package)?.strip_prefix(':'));
        locked
            .any(|version| version == asked || gradle::admits(asked, version))
            .into()
    }

    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        let names = text.lines().filter_map(|line| line.split_once('='));
        let pin = |(name, _): (&str, &str)| {
            let (package, version) = name.rsplit_once(':')?;
            Some(Pin::exact(package, version, file))
        };
        Ok(names.filter_map(pin).collect())
    }
}

impl LockReader for GradleVerification {
    fn state(&self, text: &str, _: LockedProject, package: &str, asked: &str) -> LockState {
        let (group, name) = package.split_once(':').unwrap_or_default();
        let wanted = [
            format!("group=\"{group}\""),
            format!("name=\"{name}\""),
            format!("version=\"{asked}\""),
        ];
        let mut elements = text.split("<component ").skip(1);
        elements
            .any(|it| {
                let tag = it.split('>').next().unwrap_or_default();
                wanted.iter().all(|word| tag.contains(word))
            })
            .into()
    }
}
