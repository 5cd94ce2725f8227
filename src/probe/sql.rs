//! The statements that the query rung sends, and what it takes from their rows.

use serde::Serialize;

use super::Reply;

/// The real server's version; taosAdapter answers it from its pool.
pub const VERSION: &str = "select server_version()";
/// Only taosd knows the answer.
pub const DNODES: &str = "select * from information_schema.ins_dnodes";
/// What a user without `sysinfo` may ask instead; only taosd knows the answer.
pub const DATABASES: &str = "select name from information_schema.ins_databases";
/// `Permission denied or target object not exist`: what a user without `sysinfo` gets for [`DNODES`]
/// (`transcripts/rest_cluster.jsonl`).
pub const NO_SYSINFO: u16 = 9796;
/// `Insufficient privilege`: the same in other releases (`reference/facts.md`, F).
pub const NO_PRIVILEGE: u16 = 0x0303;

/// A table of text cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// The columns' names.
    pub columns: Vec<String>,
    /// The rows; `None` is null. Numbers and times are left as `None`: nobody asks for them.
    pub rows: Vec<Vec<Option<String>>>,
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

/// What taosd says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cluster {
    /// Every dnode's advertised endpoint, `host:port`; at least one.
    Dnodes(Vec<String>),
    /// How many databases there are; the user may not see the dnodes.
    Databases(usize),
}

/// The dnodes in the rows of [`DNODES`]; `None` where there is none: a healthy cluster has at least one.
pub fn dnodes(rows: &Rows) -> Option<Cluster> {
    let endpoints: Vec<String> = rows.column("endpoint")?.into_iter().flatten().collect();
    (!endpoints.is_empty()).then_some(Cluster::Dnodes(endpoints))
}

/// The databases in the rows of [`DATABASES`]; `information_schema` is always there.
pub fn databases(rows: &Rows) -> Option<Cluster> {
    let names = rows.column("name")?;
    (!names.is_empty()).then_some(Cluster::Databases(names.len()))
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
