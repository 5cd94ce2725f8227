//! The statements that the sandbox understands.

use super::value::{Column, Type, Value};

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Statement {
    Select(Select),
    /// `show …`, rewritten as a select from the table that it shows.
    ShowTables {
        database: Option<String>,
        kind: Shown,
        /// What the names are like.
        like: Option<String>,
    },
    ShowClusterAlive,
    ShowCreateTable(TableName),
    Describe(TableName),
    Use(String),
    CreateDatabase {
        name: String,
        if_not_exists: bool,
        options: Vec<(String, String)>,
    },
    DropDatabase {
        name: String,
        if_exists: bool,
    },
    CreateTable {
        name: TableName,
        if_not_exists: bool,
        columns: Vec<ColumnDefinition>,
        tags: Vec<ColumnDefinition>,
    },
    CreateChildren(Vec<Child>),
    DropTables {
        tables: Vec<(TableName, bool)>,
    },
    Insert(Vec<Insert>),
    CreateTopic {
        name: String,
        if_not_exists: bool,
        source: TopicSource,
    },
    DropTopic {
        name: String,
        if_exists: bool,
    },
    AlterTable {
        name: TableName,
        change: Change,
    },
    CreateUser {
        name: String,
        password: String,
        sysinfo: bool,
        createdb: bool,
    },
    DropUser {
        name: String,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TableName {
    pub(crate) database: Option<String>,
    pub(crate) table: String,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ColumnDefinition {
    pub(crate) name: String,
    pub(crate) kind: Type,
    pub(crate) bytes: i32,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Child {
    pub(crate) name: TableName,
    pub(crate) if_not_exists: bool,
    pub(crate) using: Using,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Using {
    pub(crate) stable: TableName,
    pub(crate) tag_names: Option<Vec<String>>,
    pub(crate) tags: Vec<Expr>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Insert {
    pub(crate) table: TableName,
    pub(crate) using: Option<Using>,
    pub(crate) columns: Option<Vec<String>>,
    pub(crate) rows: Vec<Vec<Expr>>,
}

/// What `show` lists of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    Tables,
    Stables,
    Views,
}

/// What a topic's rows are.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TopicSource {
    Query(Box<Select>),
    Stable(TableName),
    Database(String),
}

/// What an `alter table` changes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Change {
    AddColumn(ColumnDefinition),
    AddTag(ColumnDefinition),
    SetTag { name: String, value: Expr },
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Select {
    pub(crate) distinct: bool,
    pub(crate) items: Vec<Item>,
    pub(crate) from: Option<TableName>,
    pub(crate) condition: Option<Condition>,
    pub(crate) grouping: Option<Grouping>,
    /// What to sort by, and whether downwards.
    pub(crate) order: Vec<(Expr, bool)>,
    pub(crate) limit: Option<(usize, usize)>,
}

/// `partition by`, `interval`, `group by`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Grouping {
    pub(crate) keys: Vec<Expr>,
    /// The length of a window in nanoseconds.
    pub(crate) interval: Option<i64>,
    /// Whether rows are kept apart only, as `partition by` does without an aggregate or a window.
    pub(crate) partition: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Item {
    Star,
    Expr { expr: Expr, name: String },
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Compare {
        left: Expr,
        operator: &'static str,
        right: Expr,
    },
    IsNull(Expr),
    In(Expr, Vec<Expr>),
    Like(Expr, String),
}

impl Condition {
    /// Its expressions.
    pub(crate) fn expressions(&mut self) -> Vec<&mut Expr> {
        match self {
            Self::All(conditions) | Self::Any(conditions) => {
                conditions.iter_mut().flat_map(Self::expressions).collect()
            }
            Self::Not(condition) => condition.expressions(),
            Self::Compare { left, right, .. } => vec![left, right],
            Self::IsNull(expr) | Self::Like(expr, _) => vec![expr],
            Self::In(expr, list) => std::iter::once(expr).chain(list).collect(),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    Null,
    Bool(bool),
    /// As written, with its sign.
    Number(String),
    /// As written, escapes and all, for types that resolve them themselves.
    Text(String),
    /// `now`, `now()`, `today()` with a duration added, in nanoseconds.
    Instant {
        today: bool,
        shift: i64,
    },
    Column(String),
    Json {
        column: String,
        key: String,
    },
    Call {
        function: String,
        arguments: Vec<Expr>,
    },
    /// The `*` of `count(*)`.
    Star,
    /// The `?` of a prepared statement.
    Placeholder,
    /// What was bound to a `?`.
    Bound(Value),
}

impl ColumnDefinition {
    /// The length that the server stores and tells for prepared statements: with the length prefix, an nchar as UTF-32.
    pub(crate) fn stored_bytes(&self) -> i32 {
        Column {
            name: String::new(),
            kind: self.kind,
            bytes: self.bytes,
        }
        .fetch_length()
    }
}
