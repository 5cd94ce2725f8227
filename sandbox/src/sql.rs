//! A small part of TDengine's SQL: what the recorded sessions and the project templates send. Everything else is answered with
//! the server's own syntax error.
//!
//! Understood: `create`/`drop` of databases, tables, supertables, child tables, topics and users; `alter table` (columns,
//! tags); `insert` of rows into many tables, with column lists, `using` and `tbname`; `select` of columns, tags, constants, a
//! few functions and aggregates, with `where`, `partition by`, `interval`, `group by`, `order by`, `limit`; `describe`, `use`,
//! and `show` of databases, tables, stables, views, topics, consumers, subscriptions, dnodes, mnodes, users, cluster, grants,
//! `create table`, `cluster alive`.

mod ast;
mod catalog;
mod definition;
mod describe;
mod engine;
mod error;
mod expr;
mod geometry;
mod information_schema;
mod insert;
pub(crate) mod instant;
mod lexer;
pub(crate) mod literal;
mod log;
mod named;
mod order;
mod parse;
mod prepared;
mod select;
pub(crate) mod topic;
mod value;

pub(crate) use ast::{ColumnDefinition, Statement};
pub(crate) use catalog::{Catalog, Database, Stable, Table, TableWrite};
pub(crate) use engine::{About, Caller, Engine};
pub use error::SqlError;
pub(crate) use parse::parse;
pub(crate) use prepared::{Batch, Field, Prepared, Role};
pub(crate) use topic::{Member, TopicBlock, Topics};
pub use value::{Answer, Column, Precision, ResultSet, Type, Value};
