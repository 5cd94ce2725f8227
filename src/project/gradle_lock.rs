//! Gradle's `gradle.lockfile` and `gradle/verification-metadata.xml` (docs.gradle.org, "Locking Versions", "Verifying dependencies").

use super::lock_file::{LockReader, LockState, LockedProject};

/// The reader of `gradle.lockfile`.
pub struct GradleLock;

/// The reader of `gradle/verification-metadata.xml`.
pub struct GradleVerification;

impl LockReader for GradleLock {
    fn state(&self, text: &str, _: LockedProject, package: &str, asked: &str) -> LockState {
        let mut lines = text.lines().filter_map(|line| line.split('=').next());
        lines
            .any(|line| line == format!("{package}:{asked}"))
            .into()
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
