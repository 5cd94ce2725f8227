//! The list of digests of client packages, as `sha256sum` writes it.

use std::collections::BTreeMap;

use super::entry_path::EntryPath;
use super::manifest::MirrorFile;

/// The path of the list in the mirror.
pub(super) const CLIENT_LIST: &str = "client/SHA256SUMS";

/// The list for `install --mirror BASE/client`; `None` if there are no packages.
pub(super) fn client_list(files: &BTreeMap<EntryPath, MirrorFile>) -> Option<String> {
    let lines: Vec<String> = files
        .iter()
        .filter_map(|(path, file)| {
            let below = path.as_str().strip_prefix("client/")?;
            (path.as_str() != CLIENT_LIST).then(|| format!("{}  {below}\n", file.sha256))
        })
        .collect();
    (!lines.is_empty()).then(|| lines.concat())
}
