//! `insert into`, and the literals that it holds.

use super::super::ast::{Expr, Insert, Statement, TableName};
use super::super::lexer::Kind;
use super::super::prepared::BOUND_TABLE;
use super::{Parsed, Parser};

impl Parser<'_> {
    pub(super) fn insert(&mut self) -> Parsed<Statement> {
        self.expect("into")?;
        let mut inserts = vec![self.insert_into()?];
        while self.peek().is_some() {
            inserts.push(self.insert_into()?);
        }
        Ok(Statement::Insert(inserts))
    }

    fn insert_into(&mut self) -> Parsed<Insert> {
        let table = self.insert_target()?;
        let mut columns = None;
        if self.is_symbol("(") {
            columns = Some(self.list(Self::name)?);
        }
        let using = if self.is("using") {
            Some(self.using()?)
        } else {
            None
        };
        if columns.is_none() && self.is_symbol("(") {
            columns = Some(self.list(Self::name)?);
        }
        self.expect("values")?;
        let mut rows = vec![self.list(Self::literal)?];
        loop {
            let comma = self.accept_symbol(",");
            if !self.is_symbol("(") {
                if comma {
                    self.at -= 1;
                    return self.stop();
                }
                return Ok(Insert {
                    table,
                    using,
                    columns,
                    rows,
                });
            }
            rows.push(self.list(Self::literal)?);
        }
    }

    /// A table, or the `?` to which one is bound, with or without a database.
    fn insert_target(&mut self) -> Parsed<TableName> {
        let bound = |database| TableName {
            database,
            table: BOUND_TABLE.to_owned(),
        };
        if self.accept_symbol("?") {
            return Ok(bound(None));
        }
        let start = self.at;
        let database = self.name()?;
        if self.accept_symbol(".") && self.accept_symbol("?") {
            return Ok(bound(Some(database)));
        }
        self.at = start;
        self.table_name()
    }

    /// A constant, an instant relative to now, or a placeholder.
    pub(super) fn literal(&mut self) -> Parsed<Expr> {
        let negative = self.accept_symbol("-");
        let positive = !negative && self.accept_symbol("+");
        let Some(token) = self.peek() else {
            return self.stop();
        };
        let literal = match token.kind {
            Kind::Number => Expr::Number(if negative {
                format!("-{}", token.text)
            } else {
                token.text.to_owned()
            }),
            _ if negative || positive => return self.stop(),
            Kind::Text => Expr::Text(token.text.to_owned()),
            Kind::Symbol if token.text == "?" => Expr::Placeholder,
            Kind::Word => match token.text.to_ascii_lowercase().as_str() {
                "null" => Expr::Null,
                "true" => Expr::Bool(true),
                "false" => Expr::Bool(false),
                "now" | "today" => return self.instant(),
                _ => return self.stop(),
            },
            _ => return self.stop(),
        };
        self.at += 1;
        Ok(literal)
    }

    /// `now`, `now()`, `today()`, each with durations added or taken away.
    pub(super) fn instant(&mut self) -> Parsed<Expr> {
        let today = self.is("today");
        self.at += 1;
        if self.accept_symbol("(") {
            self.expect_symbol(")")?;
        }
        let mut shift = 0_i64;
        loop {
            let sign = match self.peek() {
                Some(token) if token.kind == Kind::Symbol && token.text == "+" => 1,
                Some(token) if token.kind == Kind::Symbol && token.text == "-" => -1,
                _ => return Ok(Expr::Instant { today, shift }),
            };
            self.at += 1;
            shift = shift.saturating_add(self.duration()?.saturating_mul(sign));
        }
    }

    /// A duration in nanoseconds.
    pub(super) fn duration(&mut self) -> Parsed<i64> {
        let token = self.peek().filter(|token| token.kind == Kind::Duration);
        let Some(nanoseconds) = token.and_then(|token| nanoseconds(token.text)) else {
            return self.stop();
        };
        self.at += 1;
        Ok(nanoseconds)
    }
}

/// `10s`, `5m`, `3a` (milliseconds), … in nanoseconds.
fn nanoseconds(duration: &str) -> Option<i64> {
    let (number, unit) = duration.split_at_checked(duration.len().checked_sub(1)?)?;
    let unit: i64 = match unit {
        "b" => 1,
        "u" => 1_000,
        "a" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        "d" => 86_400_000_000_000,
        "w" => 604_800_000_000_000,
        _ => return None,
    };
    number.parse::<i64>().ok()?.checked_mul(unit)
}
