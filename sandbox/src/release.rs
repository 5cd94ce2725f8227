//! What differs between the two releases that were recorded: 3.3.7.5, and 3.2.2.2 (`transcripts/*_3.2.jsonl`).

/// Which recording a version is played after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Release {
    /// 3.2.2.2, for everything before 3.3: no binary actions, no `version` in `conn`, no decimals, no blobs, other error texts.
    Before33,
    /// 3.3.7.5, for 3.3 and later.
    Current,
}

impl Release {
    /// The release of a four-part version; what does not parse is current.
    pub(crate) fn of(version: &str) -> Self {
        let mut parts = version
            .split('.')
            .map_while(|part| part.parse::<u32>().ok());
        match (parts.next(), parts.next()) {
            (Some(major), Some(minor)) if (major, minor) < (3, 3) => Self::Before33,
            _ => Self::Current,
        }
    }

    /// Whether this is the older of the two.
    pub(crate) fn is_before_33(self) -> bool {
        self == Self::Before33
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_is_played_after_the_nearer_recording() {
        assert_eq!(Release::of("3.2.2.2"), Release::Before33);
        assert_eq!(Release::of("2.6.0.34"), Release::Before33);
        assert_eq!(Release::of("3.3.0.0"), Release::Current);
        assert_eq!(Release::of("3.10.1.0"), Release::Current);
        assert_eq!(Release::of("nonsense"), Release::Current);
    }
}
