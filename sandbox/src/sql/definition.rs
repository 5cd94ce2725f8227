//! `create` and `drop`.

use std::collections::BTreeMap;

use super::ast::{Change, Child, Statement, TableName, Using};
use super::catalog::{Database, Stable, Table};
use super::engine::{Caller, Engine};
use super::error::SqlError;
use super::instant;
use super::literal::{self, Setting};
use super::topic;
use super::value::{Precision, Type, Value};
use crate::server::User;

pub(crate) fn run(
    engine: &mut Engine,
    caller: Caller<'_>,
    statement: Statement,
) -> Result<(), SqlError> {
    match statement {
        Statement::CreateDatabase {
            name,
            if_not_exists,
            options,
        } => create_database(engine, caller, name, if_not_exists, options),
        Statement::DropDatabase { name, if_exists } => match engine.catalog.database(&name) {
            Ok(_) => {
                topic::refuse_drop(engine, &name)?;
                engine.catalog.remove(&name);
                Ok(())
            }
            Err(_) if if_exists => Ok(()),
            Err(missing) => Err(missing),
        },
        Statement::CreateTable {
            name,
            if_not_exists,
            columns,
            tags,
        } => {
            let database = engine
                .catalog
                .database_mut(name.database(caller.database)?)?;
            if exists(database, &name.table) {
                return already(if_not_exists, tags.is_empty());
            }
            if columns
                .first()
                .is_none_or(|column| column.kind != Type::Timestamp)
            {
                return Err(SqlError::new(0x2641, "First column must be timestamp"));
            }
            let name = name.table;
            if tags.is_empty() {
                database.create_table(Table {
                    name,
                    stable: None,
                    columns,
                    tags: Vec::new(),
                    rows: BTreeMap::new(),
                });
            } else {
                database.create_stable(Stable {
                    name,
                    columns,
                    tags,
                });
            }
            Ok(())
        }
        Statement::CreateChildren(children) => children
            .into_iter()
            .try_for_each(|child| create_child(engine, caller, child)),
        Statement::DropTables { tables } => tables
            .iter()
            .try_for_each(|(name, if_exists)| drop_table(engine, caller, name, *if_exists)),
        Statement::CreateTopic {
            name,
            if_not_exists,
            source,
        } => topic::create(engine, caller, name, if_not_exists, source),
        Statement::DropTopic { name, if_exists } => topic::drop(engine, &name, if_exists),
        Statement::AlterTable { name, change } => alter(engine, caller, &name, change),
        Statement::CreateUser {
            name,
            password,
            sysinfo,
            createdb,
        } => {
            if engine.user(&name).is_some() {
                return Err(SqlError::new(0x350, "User already exists"));
            }
            engine.users.push(User {
                name,
                password,
                sysinfo,
                createdb,
            });
            Ok(())
        }
        Statement::DropUser { name } => {
            engine.user(&name).ok_or_else(SqlError::invalid_user)?;
            engine.users.retain(|user| user.name != name);
            Ok(())
        }
        _ => Ok(()),
    }
}

fn create_database(
    engine: &mut Engine,
    caller: Caller<'_>,
    name: String,
    if_not_exists: bool,
    options: Vec<(String, String)>,
) -> Result<(), SqlError> {
    if engine.catalog.database(&name).is_ok() {
        return if if_not_exists {
            Ok(())
        } else {
            Err(SqlError::new(0x381, "Database already exists"))
        };
    }
    // The recorded community server lets everyone create databases; users of the sandbox may lack the right.
    if engine.user(caller.user).is_none_or(|user| !user.createdb) {
        return Err(SqlError::new(0x303, "Insufficient privilege for operation"));
    }
    let options: BTreeMap<_, _> = options.into_iter().collect();
    let precision = match options.get("precision").map(String::as_str) {
        Some("us") => Precision::Micro,
        Some("ns") => Precision::Nano,
        _ => Precision::Milli,
    };
    let created = instant::now(Precision::Milli);
    engine.catalog.add(Database {
        name,
        precision,
        created,
        options,
        stables: Vec::new(),
        tables: Vec::new(),
        logs: Vec::new(),
    });
    Ok(())
}

fn exists(database: &Database, table: &str) -> bool {
    database.table(table).is_some() || database.stable(table).is_some()
}

fn already(tolerated: bool, plain: bool) -> Result<(), SqlError> {
    match (tolerated, plain) {
        (true, _) => Ok(()),
        (false, true) => Err(SqlError::new(0x603, "Table already exists")),
        (false, false) => Err(SqlError::new(0x360, "STable already exists")),
    }
}

fn drop_table(
    engine: &mut Engine,
    caller: Caller<'_>,
    name: &TableName,
    if_exists: bool,
) -> Result<(), SqlError> {
    let database = engine
        .catalog
        .database_mut(name.database(caller.database)?)?;
    if !exists(database, &name.table) {
        return if if_exists {
            Ok(())
        } else {
            Err(SqlError::missing_table())
        };
    }
    database.stables.retain(|stable| stable.name != name.table);
    database
        .tables
        .retain(|table| table.name != name.table && table.stable.as_deref() != Some(&name.table));
    Ok(())
}

fn alter(
    engine: &mut Engine,
    caller: Caller<'_>,
    name: &TableName,
    change: Change,
) -> Result<(), SqlError> {
    let database = engine
        .catalog
        .database_mut(name.database(caller.database)?)?;
    match change {
        Change::AddColumn(column) => database.add_column(&name.table, column),
        Change::AddTag(tag) => database.add_tag(&name.table, tag),
        Change::SetTag { name: tag, value } => {
            let setting = Setting {
                precision: database.precision,
                zone: caller.zone,
                release: caller.release,
            };
            let table = database.table_mut(&name.table)?;
            let kept = table.tags.iter_mut().find(|(kept, _)| kept.name == tag);
            let (column, kept) = kept.ok_or_else(|| SqlError::column(&tag))?;
            *kept = literal::value(column, &value, setting)?;
            Ok(())
        }
    }
}

fn create_child(engine: &mut Engine, caller: Caller<'_>, child: Child) -> Result<(), SqlError> {
    let database = engine
        .catalog
        .database_mut(child.name.database(caller.database)?)?;
    if exists(database, &child.name.table) {
        return already(child.if_not_exists, true);
    }
    let table = self::child(database, caller, child.name.table, &child.using)?;
    database.create_table(table);
    Ok(())
}

/// The child table that a `using … tags (…)` clause describes.
pub(crate) fn child(
    database: &Database,
    caller: Caller<'_>,
    name: String,
    using: &Using,
) -> Result<Table, SqlError> {
    let stable = database
        .stable(&using.stable.table)
        .ok_or_else(SqlError::missing_table)?;
    let names: Vec<&str> = match &using.tag_names {
        Some(names) => names.iter().map(String::as_str).collect(),
        None => stable.tags.iter().map(|tag| tag.name.as_str()).collect(),
    };
    if names.len() != using.tags.len() {
        return Err(SqlError::new(0x260d, "Tags number not matched"));
    }
    if let Some(unknown) = names
        .iter()
        .find(|name| stable.tags.iter().all(|tag| tag.name != **name))
    {
        return Err(SqlError::column(unknown));
    }
    let setting = Setting {
        precision: database.precision,
        zone: caller.zone,
        release: caller.release,
    };
    let tags = stable.tags.iter().map(|tag| {
        let given = names
            .iter()
            .position(|name| *name == tag.name)
            .and_then(|at| using.tags.get(at));
        let value = given.map_or(Ok(Value::Null), |literal| {
            literal::value(tag, literal, setting)
        })?;
        Ok((tag.clone(), value))
    });
    Ok(Table {
        name,
        stable: Some(stable.name.clone()),
        columns: stable.columns.clone(),
        tags: tags.collect::<Result<_, SqlError>>()?,
        rows: BTreeMap::new(),
    })
}
