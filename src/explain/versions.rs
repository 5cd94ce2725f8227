//! Compares the versions of client and server that a text names: a native connection requires that the first three parts agree.

/// How the versions of client and server compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionAgreement {
    /// The first three parts are the same.
    Same,
    /// They differ.
    Different,
}

/// Words that precede the client's version.
const CLIENT: [&str; 6] = [
    "client version",
    "client info",
    "客户端版本",
    "tdengine-client-",
    "客户端",
    "client",
];
/// Words that precede the server's version.
const SERVER: [&str; 8] = [
    "server version",
    "server info",
    "服务端版本",
    "服务器版本",
    "tdengine-server-",
    "服务端",
    "服务器",
    "server",
];
/// Words between them that the version belongs to instead: a connector counts its own versions.
const OTHERS: [&str; 8] = [
    "server",
    "client",
    "jdbc",
    "driver",
    "connector",
    "taospy",
    "驱动",
    "连接器",
];
/// The most bytes between the words and the version.
const GAP: usize = 24;
/// The parts that have to agree.
const PARTS: usize = 3;

/// Compares the versions of client and server that `text`, in normal form, names; `None` unless it names both.
pub fn compare(text: &str) -> Option<VersionAgreement> {
    let client = version_after(text, &CLIENT)?;
    let server = version_after(text, &SERVER)?;
    Some(if client == server {
        VersionAgreement::Same
    } else {
        VersionAgreement::Different
    })
}

/// Returns the first parts of the version that follows one of `leads`.
fn version_after(text: &str, leads: &[&str]) -> Option<[u16; PARTS]> {
    leads.iter().find_map(|lead| {
        text.match_indices(lead)
            .find_map(|(at, _)| version_in(&text[at + lead.len()..]))
    })
}

/// Returns the first parts of the version near the start of `rest`.
fn version_in(rest: &str) -> Option<[u16; PARTS]> {
    let start = rest.find(|c: char| c.is_ascii_digit())?;
    let gap = &rest[..start];
    if start > GAP || OTHERS.iter().any(|other| gap.contains(other)) {
        return None;
    }
    let end = rest[start..]
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .map_or(rest.len(), |end| start + end);
    let mut parts = rest[start..end].trim_end_matches('.').split('.');
    let mut version = [0; PARTS];
    for part in &mut version {
        *part = parts.next()?.parse().ok().filter(|part| *part < 1000)?;
    }
    // The first part of a version has one digit; that of an address such as `127.0.0.1` may have more.
    (version[0] < 10).then_some(version)
}

#[cfg(test)]
mod tests;
