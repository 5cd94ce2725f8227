//! The statements of the query check, and what it reads from their rows.

use serde::Serialize;

use super::Reply;
use crate::tdengine::version::Edition;

/// The real server's version; taosAdapter answers it from its pool.
pub const VERSION: &str = "select server_version()";
/// Only taosd knows the answer.
pub const DNODES: &str = "select * from information_schema.ins_dnodes";
/// Its answer takes several packets on every server: some 40 system tables, which taosd lists to every user.
pub const SYSTEM_TABLES: &str =
    "select * from information_schema.ins_tables where db_name = 'information_schema'";
/// A short answer that only taosd knows.
pub const DNODE_COUNT: &str = "select count(*) from information_schema.ins_dnodes";
/// What a user without `sysinfo` may ask instead; only taosd knows the answer.
pub const DATABASES: &str = "select name from information_schema.ins_databases";
/// Tells the edition.
pub const CLUSTER: &str = "select * from information_schema.ins_cluster";
/// Tells it too, in other words.
pub const GRANTS: &str = "select * from information_schema.ins_grants";
/// `Permission denied or target object not exist`: what a user without `sysinfo` gets for [`DNODES`].
pub const NO_SYSINFO: u16 = 9796;
/// `Insufficient privilege`: the same in other releases.
pub const NO_PRIVILEGE: u16 = 0x0303;

/// A table of text cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// The columns' names.
    pub columns: Vec<String>,
    /// The rows; `None` is null. Texts, whole numbers and instants are there (over REST an instant is RFC 3339, else the
    /// digits of the result's precision); other types are left as `None`: no check reads them.
    pub rows: Vec<Vec<Option<String>>>,
}

impl Cluster {
    /// Whether a dnode is offline: what is asked of its vnodes gets no answer.
    pub fn has_offline_dnode(&self) -> bool {
        match self {
            Self::Dnodes(dnodes) => dnodes.iter().any(|dnode| dnode.offline),
            Self::Databases(_) => false,
        }
    }
}

impl Rows {
    /// The text of the one cell.
    pub fn single(&self) -> Option<String> {
        match self.rows.as_slice() {
            [row] => row.first().cloned().flatten(),
            _ => None,
        }
    }

    /// The cells of the column called `name`.
    pub fn column(&self, name: &str) -> Option<Vec<Option<String>>> {
        let at = self.columns.iter().position(|column| column == name)?;
        Some(
            self.rows
                .iter()
                .map(|row| row.get(at).cloned().flatten())
                .collect(),
        )
    }
}

/// A dnode, as taosd sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dnode {
    /// What it advertises, `host:port`.
    pub endpoint: String,
    /// It does not report to its cluster: its status is `offline`.
    pub offline: bool,
}

/// What taosd says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cluster {
    /// Every dnode; at least one.
    Dnodes(Vec<Dnode>),
    /// How many databases there are; the user may not see the dnodes.
    Databases(usize),
}

/// The dnodes in the rows of [`DNODES`]; `None` where there is none: a healthy cluster has at least one.
pub fn dnodes(rows: &Rows) -> Option<Cluster> {
    let endpoints = rows.column("endpoint")?;
    let mut states = rows.column("status").unwrap_or_default().into_iter();
    let dnodes: Vec<Dnode> = endpoints
        .into_iter()
        .filter_map(|endpoint| {
            let state = states.next().flatten();
            Some(Dnode {
                endpoint: endpoint?,
                offline: state.is_some_and(|state| state.eq_ignore_ascii_case("offline")),
            })
        })
        .collect();
    (!dnodes.is_empty()).then_some(Cluster::Dnodes(dnodes))
}

/// The databases in the rows of [`DATABASES`]; `information_schema` is always there.
pub fn databases(rows: &Rows) -> Option<Cluster> {
    let names = rows.column("name")?;
    (!names.is_empty()).then_some(Cluster::Databases(names.len()))
}

/// The edition that a row of [`CLUSTER`] or [`GRANTS`] tells in its column `version`.
pub fn edition(rows: &Rows) -> Option<Edition> {
    let said = rows.column("version")?.into_iter().flatten().next()?;
    let said = said.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if has(&["community", "oss"]) {
        Some(Edition::Oss)
    } else if has(&["enterprise", "official", "trial", "cloud"]) {
        Some(Edition::Enterprise)
    } else {
        None
    }
}

/// Whether `reply` is the one that a user without `sysinfo` gets for [`DNODES`].
pub fn lacks_sysinfo<T>(reply: &Reply<T>) -> bool {
    matches!(
        reply,
        Reply::Refused {
            code: NO_SYSINFO | NO_PRIVILEGE,
            ..
        }
    )
}

#[cfg(test)]
mod tests;
