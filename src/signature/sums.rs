//! The list itself: lines of `sha256sum`, a digest and a file name.

use super::SignatureFault;
use crate::tdengine::digest::Sha256;

/// The digests of a list, by file name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checksums(Vec<(String, Sha256)>);

impl Checksums {
    /// Parses `HEX  NAME` and `HEX *NAME` lines; empty lines are ignored. Of a path only the last part counts, because a mirror may
    /// arrange its files in directories.
    pub fn parse(list: &[u8]) -> Result<Self, SignatureFault> {
        let mut sums = Vec::new();
        for (number, line) in list.split(|byte| *byte == b'\n').enumerate() {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() {
                continue;
            }
            let sum = std::str::from_utf8(line)
                .ok()
                .and_then(parse_line)
                .ok_or(SignatureFault::Line(number + 1))?;
            sums.push(sum);
        }
        Ok(Self(sums))
    }

    /// The digests that `file` may have.
    pub fn of<'s>(&'s self, file: &str) -> impl Iterator<Item = Sha256> + use<'s> {
        let file = file.to_owned();
        self.0
            .iter()
            .filter(move |(name, _)| *name == file)
            .map(|(_, digest)| *digest)
    }
}

fn parse_line(line: &str) -> Option<(String, Sha256)> {
    let (digest, name) = line.split_once(' ')?;
    let name = name.strip_prefix([' ', '*'])?;
    let name = name.rsplit('/').next().unwrap_or(name);
    let is_plain = !name.is_empty() && !name.contains(['\\', ' ']);
    is_plain
        .then(|| digest.parse().ok())
        .flatten()
        .map(|digest| (name.to_owned(), digest))
}
