//! Decides whether a release replaces the running program.

use semver::Version;

/// What a release means for the running program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UpdateDecision {
    /// It is the same version.
    Current,
    /// It replaces the program.
    Replace,
}

/// The reason why a release is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UpdateRefusal {
    /// It is older, and was not asked for.
    Older,
    /// Another version was asked for.
    OtherVersion,
}

/// Compares the version of the program with that of the release that was `found`; `wanted` is the one that was asked for.
pub(super) fn decide(
    current: &Version,
    found: &Version,
    wanted: Option<&Version>,
) -> Result<UpdateDecision, UpdateRefusal> {
    if wanted.is_some_and(|wanted| wanted != found) {
        return Err(UpdateRefusal::OtherVersion);
    }
    match found.cmp_precedence(current) {
        std::cmp::Ordering::Equal => Ok(UpdateDecision::Current),
        std::cmp::Ordering::Less if wanted.is_none() => Err(UpdateRefusal::Older),
        std::cmp::Ordering::Less | std::cmp::Ordering::Greater => Ok(UpdateDecision::Replace),
    }
}

#[cfg(test)]
mod tests;
