//! What is created, how it is called, and how it is taken away.

use super::undo::PendingUndos;
use crate::dsn::Transport;

/// How every database and table that this program creates begins.
pub const PREFIX: &str = "taos_setup_verify_";

/// The names and statements of one transport's write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteNames {
    /// The database that was named; `None` where a temporary one is made.
    pub database: Option<String>,
    /// Makes the temporary database, of the smallest size there is (docs/decisions.md).
    pub create: Option<String>,
    /// The table, with its database, as statements name it.
    pub table: String,
    /// Takes everything away again.
    pub drop: String,
    /// Lists what is there, where leftovers would be.
    pub list: String,
    /// The column of that list that holds names.
    pub column: &'static str,
    /// How the names of this run begin.
    pub own: String,
}

impl WriteNames {
    /// WriteNames for `transport`, in `database` or in a temporary one.
    pub fn new(pending: &PendingUndos, transport: Transport, database: Option<&str>) -> Self {
        let own = own(pending);
        let name = Self::temporary(pending, transport);
        match database {
            None => Self {
                database: None,
                create: Some(format!(
                    "create database {name} vgroups 1 buffer 3 pages 64"
                )),
                table: format!("{name}.probe"),
                drop: format!("drop database if exists {name}"),
                list: "select name from information_schema.ins_databases".into(),
                column: "name",
                own,
            },
            Some(database) => {
                let quoted = identifier(database);
                Self {
                    database: Some(database.to_owned()),
                    create: None,
                    table: format!("{quoted}.{name}"),
                    drop: format!("drop table if exists {quoted}.{name}"),
                    list: format!("show {quoted}.tables like '{PREFIX}%'"),
                    column: "table_name",
                    own,
                }
            }
        }
    }

    /// A new name of a temporary database for `transport`: targets may be nodes of one cluster, which has one list of databases.
    pub fn temporary(pending: &PendingUndos, transport: Transport) -> String {
        format!("{}_{}_{transport}", own(pending), pending.next_write())
    }

    /// The statement that takes away `left`, which an earlier run left behind.
    pub fn drop_leftover(&self, left: &str) -> String {
        match &self.database {
            None => format!("drop database {left}"),
            Some(database) => format!("drop table {}.{left}", identifier(database)),
        }
    }
}

/// How the names of this run begin.
fn own(pending: &PendingUndos) -> String {
    format!("{PREFIX}{:016x}", pending.run())
}

/// Whether a name in [`WriteNames::list`] is one of an earlier run: ours, whole, and nothing that a shell could read otherwise.
pub fn is_leftover(name: &str, own: &str) -> bool {
    let rest = name.strip_prefix(PREFIX).unwrap_or_default();
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    !rest.is_empty() && rest.bytes().all(plain) && !name.starts_with(own)
}

/// A database's name in a statement: as it is where it is plain, as the user would write it; else in backquotes.
fn identifier(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let begins = |c: char| c.is_ascii_alphabetic() || c == '_';
    if name.chars().all(plain) && name.starts_with(begins) {
        name.to_owned()
    } else {
        format!("`{}`", name.replace('`', "``"))
    }
}

#[cfg(test)]
mod tests;
