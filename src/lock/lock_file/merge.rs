//! Locks that a merge left undecided: with git's conflict markers, or with entries of both sides.

use super::LockFile;

/// The markers of git's conflicts, each at the start of a line (git-merge(1), "How conflicts are presented").
const MARKERS: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// Whether `line` is one of git's markers: seven characters, then a blank or the end.
fn marker(line: &str) -> Option<&'static str> {
    let found = MARKERS
        .into_iter()
        .find(|marker| line.starts_with(marker))?;
    let rest = &line[found.len()..];
    (rest.is_empty() || rest.starts_with(' ')).then_some(found)
}

/// Returns the number of the first line that is a conflict marker.
pub(super) fn conflict_line(text: &str) -> Option<usize> {
    let at = text.lines().position(|line| marker(line).is_some())?;
    Some(at + 1)
}

impl LockFile {
    /// Reads what both sides of a merge agree on from `text`, which has conflict markers or entries that contradict each other: entries
    /// that only one side has stay, those that contradict are left out, to be resolved again. `None` if it cannot be read that far.
    pub fn parse_merged(text: &str) -> Option<Self> {
        let mut sides: Vec<String> = vec![String::new(), String::new()];
        let mut current: Option<usize> = None;
        let mut in_base = false;
        for line in text.lines() {
            match marker(line) {
                Some("<<<<<<<") => current = Some(0),
                Some("|||||||") => in_base = true,
                Some("=======") => (current, in_base) = (Some(1), false),
                Some(_) => (current, in_base) = (None, false),
                None if in_base => {}
                None => {
                    for (index, side) in sides.iter_mut().enumerate() {
                        if current.is_none_or(|current| current == index) {
                            side.push_str(line);
                            side.push('\n');
                        }
                    }
                }
            }
        }
        let sides: Vec<Self> = sides
            .iter()
            .map(|side| Self::parsed(side).ok().or_else(|| Self::undisputed(side)))
            .collect::<Option<_>>()?;
        Some(Self::union(&sides))
    }

    /// The entries of `text` without those that contradict an earlier one.
    fn undisputed(text: &str) -> Option<Self> {
        /// The most entries that are left out, each after the text was parsed.
        const MOST: usize = 64;
        let mut kept: Vec<&str> = text.lines().collect();
        for _ in 0..MOST {
            let joined = kept.join("\n");
            match Self::parsed(&joined) {
                Ok(lock) => return Some(lock),
                Err(fault) if kept.get(fault.line - 1)?.trim_start().starts_with('{') => {
                    kept.remove(fault.line - 1);
                }
                Err(_) => return None,
            }
        }
        None
    }

    /// The entries of all `sides`, without those that contradict each other.
    pub(super) fn union(sides: &[Self]) -> Self {
        let mut union = Self::default();
        let servers: Vec<_> = sides.iter().filter_map(|it| it.server.clone()).collect();
        if servers.windows(2).all(|pair| pair[0] == pair[1]) {
            union.server = servers.into_iter().next();
        }
        let packages = || sides.iter().flat_map(|it| &it.packages);
        let agrees = |package: &&super::LockedPackage| {
            packages().all(|other| {
                other.platform != package.platform
                    || (other.version, other.edition) == (package.version, package.edition)
            })
        };
        union.packages = packages().filter(agrees).cloned().collect();
        let connectors = || sides.iter().flat_map(|it| &it.connectors);
        let agrees = |connector: &&super::LockedConnector| {
            connectors().all(|other| {
                !other.is_of(&connector.dir, &connector.lang, connector.transport)
                    || other == *connector
            })
        };
        union.connectors = connectors().filter(agrees).cloned().collect();
        union.sort();
        union
    }
}
