//! `create` and `drop`.

use super::super::ast::{Change, Child, ColumnDefinition, Statement, TopicSource, Using};
use super::super::lexer::{Kind, unescape};
use super::super::value::Type;
use super::{Parsed, Parser};

/// What the server says that a JSON tag and a blob may hold.
const JSON_BYTES: i32 = 4095;
const BLOB_BYTES: i32 = 4_194_304;
/// Digits that fit into the 8 bytes of a small decimal, and into the 16 of the other.
const DECIMAL64_DIGITS: u8 = 18;
const DECIMAL128_DIGITS: u8 = 38;

impl Parser<'_> {
    pub(super) fn create(&mut self) -> Parsed<Statement> {
        match self.keyword()?.as_str() {
            "database" => self.create_database(),
            "table" => self.create_table(),
            "stable" => self.create_table(),
            "user" => self.create_user(),
            "topic" => self.create_topic(),
            _ => {
                self.at -= 1;
                self.stop()
            }
        }
    }

    pub(super) fn drop(&mut self) -> Parsed<Statement> {
        match self.keyword()?.as_str() {
            "database" => {
                let if_exists = self.exists(false)?;
                Ok(Statement::DropDatabase {
                    if_exists,
                    name: self.name()?,
                })
            }
            "table" | "stable" => {
                let mut tables = Vec::new();
                loop {
                    let if_exists = self.exists(false)?;
                    tables.push((self.table_name()?, if_exists));
                    if !self.accept_symbol(",") {
                        return Ok(Statement::DropTables { tables });
                    }
                }
            }
            "user" => Ok(Statement::DropUser { name: self.name()? }),
            "topic" => {
                let if_exists = self.exists(false)?;
                Ok(Statement::DropTopic {
                    if_exists,
                    name: self.name()?,
                })
            }
            _ => {
                self.at -= 1;
                self.stop()
            }
        }
    }

    /// `create topic … [with meta] as …`; what `with meta` would add to the rows is not shown.
    fn create_topic(&mut self) -> Parsed<Statement> {
        let if_not_exists = self.exists(true)?;
        let name = self.name()?;
        if self.accept("with") {
            self.expect("meta")?;
        }
        self.expect("as")?;
        let source = if self.accept("database") {
            TopicSource::Database(self.name()?)
        } else if self.accept("stable") {
            TopicSource::Stable(self.table_name()?)
        } else {
            self.expect("select")?;
            TopicSource::Query(Box::new(self.select()?))
        };
        Ok(Statement::CreateTopic {
            name,
            if_not_exists,
            source,
        })
    }

    pub(super) fn alter(&mut self) -> Parsed<Statement> {
        if !self.accept("table") {
            self.expect("stable")?;
        }
        let name = self.table_name()?;
        let change = if self.accept("add") {
            if self.accept("tag") {
                Change::AddTag(self.column_definition()?)
            } else {
                self.expect("column")?;
                Change::AddColumn(self.column_definition()?)
            }
        } else {
            self.expect("set")?;
            self.expect("tag")?;
            let name = self.name()?;
            self.expect_symbol("=")?;
            let value = self.literal()?;
            Change::SetTag { name, value }
        };
        Ok(Statement::AlterTable { name, change })
    }

    fn create_database(&mut self) -> Parsed<Statement> {
        const OPTIONS: [&str; 24] = [
            "precision",
            "vgroups",
            "buffer",
            "pages",
            "pagesize",
            "keep",
            "duration",
            "replica",
            "strict",
            "comp",
            "cachemodel",
            "cachesize",
            "wal_level",
            "wal_fsync_period",
            "wal_retention_period",
            "wal_retention_size",
            "stt_trigger",
            "minrows",
            "maxrows",
            "single_stable",
            "table_prefix",
            "table_suffix",
            "tsdb_pagesize",
            "keep_time_offset",
        ];
        let if_not_exists = self.exists(true)?;
        let name = self.name()?;
        let mut options = Vec::new();
        while self.peek().is_some() {
            let option = self.keyword()?;
            if !OPTIONS.contains(&option.as_str()) {
                self.at -= 1;
                return self.stop();
            }
            let mut value = self.option_value()?;
            while self.accept_symbol(",") {
                value.push(',');
                value += &self.option_value()?;
            }
            options.push((option, value));
        }
        Ok(Statement::CreateDatabase {
            name,
            if_not_exists,
            options,
        })
    }

    fn option_value(&mut self) -> Parsed<String> {
        match self.peek() {
            Some(token) if token.kind == Kind::Text => self.text(),
            Some(token) if matches!(token.kind, Kind::Number | Kind::Duration | Kind::Word) => {
                self.at += 1;
                Ok(token.text.to_owned())
            }
            _ => self.stop(),
        }
    }

    fn create_table(&mut self) -> Parsed<Statement> {
        let if_not_exists = self.exists(true)?;
        let name = self.table_name()?;
        if self.is("using") {
            let mut children = vec![Child {
                name,
                if_not_exists,
                using: self.using()?,
            }];
            while self.peek().is_some() {
                self.accept_symbol(",");
                let if_not_exists = self.exists(true)?;
                children.push(Child {
                    name: self.table_name()?,
                    if_not_exists,
                    using: self.using()?,
                });
            }
            return Ok(Statement::CreateChildren(children));
        }
        let columns = self.list(Self::column_definition)?;
        let tags = if self.accept("tags") {
            self.list(Self::column_definition)?
        } else {
            Vec::new()
        };
        Ok(Statement::CreateTable {
            name,
            if_not_exists,
            columns,
            tags,
        })
    }

    pub(super) fn using(&mut self) -> Parsed<Using> {
        self.expect("using")?;
        let stable = self.table_name()?;
        let tag_names = if self.is_symbol("(") {
            Some(self.list(Self::name)?)
        } else {
            None
        };
        self.expect("tags")?;
        Ok(Using {
            stable,
            tag_names,
            tags: self.list(Self::literal)?,
        })
    }

    fn column_definition(&mut self) -> Parsed<ColumnDefinition> {
        let name = self.name()?;
        let (kind, bytes) = self.column_type()?;
        Ok(ColumnDefinition { name, kind, bytes })
    }

    fn column_type(&mut self) -> Parsed<(Type, i32)> {
        let start = self.at;
        let kind = match self.keyword()?.as_str() {
            "bool" => Type::Bool,
            "tinyint" => {
                if self.accept("unsigned") {
                    Type::UTinyInt
                } else {
                    Type::TinyInt
                }
            }
            "smallint" => {
                if self.accept("unsigned") {
                    Type::USmallInt
                } else {
                    Type::SmallInt
                }
            }
            "int" | "integer" => {
                if self.accept("unsigned") {
                    Type::UInt
                } else {
                    Type::Int
                }
            }
            "bigint" => {
                if self.accept("unsigned") {
                    Type::UBigInt
                } else {
                    Type::BigInt
                }
            }
            "float" => Type::Float,
            "double" => Type::Double,
            "timestamp" => Type::Timestamp,
            "varchar" | "binary" => return Ok((Type::Varchar, self.length()?)),
            "nchar" => return Ok((Type::Nchar, self.length()?)),
            "varbinary" => return Ok((Type::Varbinary, self.length()?)),
            "geometry" => return Ok((Type::Geometry, self.length()?)),
            "json" => return Ok((Type::Json, JSON_BYTES)),
            "blob" if !self.release.is_before_33() => return Ok((Type::Blob, BLOB_BYTES)),
            "decimal" if !self.release.is_before_33() => self.decimal()?,
            _ => {
                self.at = start;
                return self.stop();
            }
        };
        Ok((
            kind,
            kind.width()
                .and_then(|width| i32::try_from(width).ok())
                .unwrap_or(0),
        ))
    }

    fn length(&mut self) -> Parsed<i32> {
        self.expect_symbol("(")?;
        let length = self.integer::<u16>()?;
        self.expect_symbol(")")?;
        Ok(length.into())
    }

    fn decimal(&mut self) -> Parsed<Type> {
        self.expect_symbol("(")?;
        let precision = self.integer::<u8>()?;
        let scale = if self.accept_symbol(",") {
            self.integer::<u8>()?
        } else {
            0
        };
        if precision == 0 || precision > DECIMAL128_DIGITS || scale > precision {
            self.at -= 1;
            return self.stop();
        }
        self.expect_symbol(")")?;
        Ok(if precision <= DECIMAL64_DIGITS {
            Type::Decimal64 { precision, scale }
        } else {
            Type::Decimal128 { precision, scale }
        })
    }

    fn create_user(&mut self) -> Parsed<Statement> {
        let name = self.name()?;
        self.expect("pass")?;
        let password = match self.peek() {
            Some(token) if token.kind == Kind::Text => unescape(token.text),
            _ => return self.stop(),
        };
        self.at += 1;
        let (mut sysinfo, mut createdb) = (true, true);
        loop {
            if self.accept("sysinfo") {
                sysinfo = self.integer::<u8>()? != 0;
            } else if !self.release.is_before_33() && self.accept("createdb") {
                createdb = self.integer::<u8>()? != 0;
            } else {
                return Ok(Statement::CreateUser {
                    name,
                    password,
                    sysinfo,
                    createdb,
                });
            }
        }
    }
}
