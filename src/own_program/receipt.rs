//! The receipt next to the program, as install.sh writes it: lines `KEY VALUE`.

use semver::Version;
use url::Url;

use crate::signature::TrustedKey;
use crate::tdengine::digest::Sha256;

/// The largest receipt, in bytes.
pub(super) const LARGEST_RECEIPT: u64 = 4 << 10;

/// What the receipt says. Lines that this version does not know are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OwnReceipt(Vec<(String, String)>);

/// The keys of what an update that was begun will have installed.
const NEXT: [&str; 2] = ["next-version", "next-sha256"];

impl OwnReceipt {
    /// Parses a receipt, which must have a version and a digest.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let receipt = Self(
            lines
                .map(|line| line.trim_end().split_once(' '))
                .map(|pair| pair.map(|(key, value)| (key.to_owned(), value.to_owned())))
                .collect::<Option<_>>()?,
        );
        receipt.version()?;
        receipt.digest("sha256")?;
        Some(receipt)
    }

    /// The version of the program.
    pub(super) fn version(&self) -> Option<Version> {
        self.get("version")?.parse().ok()
    }

    /// The address below which the project's releases are, `latest/download/FILE` and `download/vVERSION/FILE`.
    pub(super) fn releases(&self) -> Option<Url> {
        self.get("releases")?.parse().ok()
    }

    /// The address of the directory from which the program was installed, if it was not the project's.
    pub(super) fn mirror(&self) -> Option<Url> {
        self.get("mirror")?.parse().ok()
    }

    /// The public key that signs releases.
    pub(super) fn key(&self) -> Option<TrustedKey> {
        TrustedKey::parse(self.get("key")?)
    }

    /// The receipt of the program with this `digest`, whether an update that was begun has replaced it or not; `None` if it is
    /// another program.
    pub(super) fn settled(&self, digest: &Sha256) -> Option<Self> {
        if self.digest("next-sha256") == Some(*digest) {
            let version = self.get("next-version")?.to_owned();
            return Some(self.with(&version, digest));
        }
        let mut receipt = self.clone();
        receipt.0.retain(|(key, _)| !NEXT.contains(&key.as_str()));
        (self.digest("sha256") == Some(*digest)).then_some(receipt)
    }

    /// The receipt of another program in this one's place.
    pub(super) fn with(&self, version: &str, digest: &Sha256) -> Self {
        let mut receipt = self.clone();
        receipt.0.retain(|(key, _)| !NEXT.contains(&key.as_str()));
        for (key, value) in &mut receipt.0 {
            match key.as_str() {
                "version" => version.clone_into(value),
                "sha256" => *value = digest.to_string(),
                _ => {}
            }
        }
        receipt
    }

    /// This receipt while another program takes this one's place: it is true of both.
    pub(super) fn announcing(&self, version: &str, digest: &Sha256) -> Self {
        let mut receipt = self.clone();
        let values = [version.to_owned(), digest.to_string()];
        let next = NEXT.into_iter().map(str::to_owned).zip(values);
        receipt.0.extend(next);
        receipt
    }

    /// Its text.
    pub(super) fn render(&self) -> String {
        let lines = self.0.iter().map(|(key, value)| format!("{key} {value}\n"));
        lines.collect()
    }

    fn digest(&self, key: &str) -> Option<Sha256> {
        self.get(key)?.parse().ok()
    }

    fn get(&self, key: &str) -> Option<&str> {
        let mut lines = self.0.iter().filter(|(name, _)| name == key);
        lines.next().map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests;
