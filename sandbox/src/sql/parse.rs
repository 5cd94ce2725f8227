//! Tokens to statements. What is not understood is the server's syntax error, with the text from the token that it stops at.

mod condition;
mod definition;
mod insert;
mod query;

use super::ast::{Statement, TableName};
use super::error::SqlError;
use super::lexer::{Kind, Token, tokens, unescape};
use crate::release::Release;

/// Longest piece of SQL that an error repeats.
const NEAR: usize = 200;
/// Calls within calls; more are a syntax error.
const DEEPEST: usize = 32;

/// Where parsing stopped: the index of the token that does not fit, the number of tokens if the text ends too early.
pub(crate) struct Stop(usize);

pub(crate) type Parsed<T> = Result<T, Stop>;

/// Parses the first statement of a text.
pub(crate) fn parse(sql: &str, release: Release) -> Result<Statement, SqlError> {
    let tokens = tokens(sql);
    let mut parser = Parser {
        sql,
        release,
        tokens: &tokens,
        at: 0,
        depth: 0,
    };
    let end = |parser: &Parser<'_>| {
        if parser.peek().is_none() {
            Ok(())
        } else {
            Err(Stop(parser.at))
        }
    };
    match parser
        .statement()
        .and_then(|statement| end(&parser).map(|()| statement))
    {
        Ok(statement) => Ok(statement),
        Err(Stop(at)) => Err(tokens.get(at).map_or_else(SqlError::incomplete, |token| {
            SqlError::syntax(
                sql[token.start..]
                    .chars()
                    .take(NEAR)
                    .collect::<String>()
                    .as_str(),
            )
        })),
    }
}

pub(crate) struct Parser<'a> {
    sql: &'a str,
    release: Release,
    tokens: &'a [Token<'a>],
    at: usize,
    /// Calls that are open.
    depth: usize,
}

impl<'a> Parser<'a> {
    fn statement(&mut self) -> Parsed<Statement> {
        match self.keyword()?.as_str() {
            "select" => self.select().map(Statement::Select),
            "show" => self.show(),
            "describe" | "desc" => Ok(Statement::Describe(self.table_name()?)),
            "use" => Ok(Statement::Use(self.name()?)),
            "create" => self.create(),
            "drop" => self.drop(),
            "alter" => self.alter(),
            "insert" => self.insert(),
            _ => Err(Stop(self.at - 1)),
        }
    }

    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).copied()
    }

    fn stop<T>(&self) -> Parsed<T> {
        Err(Stop(self.at))
    }

    /// The next word in lower case.
    fn keyword(&mut self) -> Parsed<String> {
        match self.peek() {
            Some(token) if token.kind == Kind::Word => {
                self.at += 1;
                Ok(token.text.to_ascii_lowercase())
            }
            _ => self.stop(),
        }
    }

    fn is(&self, word: &str) -> bool {
        self.peek()
            .is_some_and(|token| token.kind == Kind::Word && token.text.eq_ignore_ascii_case(word))
    }

    /// Takes the next token if it is this keyword.
    fn accept(&mut self, word: &str) -> bool {
        let found = self.is(word);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, word: &str) -> Parsed<()> {
        if self.accept(word) {
            Ok(())
        } else {
            self.stop()
        }
    }

    fn is_symbol(&self, symbol: &str) -> bool {
        self.peek()
            .is_some_and(|token| token.kind == Kind::Symbol && token.text == symbol)
    }

    fn accept_symbol(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(symbol);
        self.at += usize::from(found);
        found
    }

    fn expect_symbol(&mut self, symbol: &str) -> Parsed<()> {
        if self.accept_symbol(symbol) {
            Ok(())
        } else {
            self.stop()
        }
    }

    /// A name: lower case unless in backquotes.
    fn name(&mut self) -> Parsed<String> {
        match self.peek() {
            Some(token) if token.kind == Kind::Quoted => {
                self.at += 1;
                Ok(token.text.replace("``", "`"))
            }
            Some(token) if token.kind == Kind::Word && !is_reserved(token.text) => {
                self.at += 1;
                Ok(token.text.to_lowercase())
            }
            _ => self.stop(),
        }
    }

    fn table_name(&mut self) -> Parsed<TableName> {
        let first = self.name()?;
        if self.accept_symbol(".") {
            return Ok(TableName {
                database: Some(first),
                table: self.name()?,
            });
        }
        Ok(TableName {
            database: None,
            table: first,
        })
    }

    /// `(` one or more, separated by commas `)`.
    fn list<T>(&mut self, mut element: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        self.expect_symbol("(")?;
        let mut elements = vec![element(self)?];
        while self.accept_symbol(",") {
            elements.push(element(self)?);
        }
        self.expect_symbol(")")?;
        Ok(elements)
    }

    /// A string's value.
    fn text(&mut self) -> Parsed<String> {
        match self.peek() {
            Some(token) if token.kind == Kind::Text => {
                self.at += 1;
                Ok(unescape(token.text))
            }
            _ => self.stop(),
        }
    }

    fn integer<T: std::str::FromStr>(&mut self) -> Parsed<T> {
        match self
            .peek()
            .filter(|token| token.kind == Kind::Number)
            .and_then(|token| token.text.parse().ok())
        {
            Some(value) => {
                self.at += 1;
                Ok(value)
            }
            None => self.stop(),
        }
    }

    /// `[if [not] exists]`.
    fn exists(&mut self, not: bool) -> Parsed<bool> {
        if !self.accept("if") {
            return Ok(false);
        }
        if not {
            self.expect("not")?;
        }
        self.expect("exists")?;
        Ok(true)
    }
}

/// Words that cannot name anything without backquotes.
fn is_reserved(word: &str) -> bool {
    const RESERVED: [&str; 33] = [
        "select",
        "from",
        "where",
        "order",
        "by",
        "limit",
        "insert",
        "into",
        "values",
        "create",
        "drop",
        "table",
        "stable",
        "database",
        "use",
        "show",
        "using",
        "tags",
        "and",
        "or",
        "not",
        "null",
        "if",
        "exists",
        "true",
        "false",
        "group",
        "having",
        "union",
        "offset",
        "partition",
        "interval",
        "distinct",
    ];
    RESERVED.contains(&word.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(sql: &str) -> (i32, String) {
        let error = parse(sql, Release::Current).unwrap_err();
        (error.code, error.text)
    }

    #[test]
    fn syntax_errors_repeat_the_rest() {
        assert_eq!(
            refusal("selec 1"),
            (9728, "syntax error near \"selec 1\"".into())
        );
        assert_eq!(
            refusal("select * from t where ; x"),
            (9729, "Incomplete SQL statement".into())
        );
        assert_eq!(
            refusal("select 1 + from t"),
            (9728, "syntax error near \"+ from t\"".into())
        );
        assert_eq!(refusal(""), (9729, "Incomplete SQL statement".into()));
    }

    #[test]
    fn calls_are_not_nested_without_end() {
        assert_eq!(
            refusal(&format!("select {}", "f(".repeat(100_000))).0,
            0x2600
        );
        assert!(
            parse(
                "select to_unixtimestamp(to_iso8601(now()))",
                Release::Current
            )
            .is_ok()
        );
    }

    #[test]
    fn statements_of_the_templates() {
        for sql in [
            "create database if not exists taos_setup_demo",
            "create table if not exists d.readings (ts timestamp, v double, s varchar(64))",
            "insert into d.readings values (now, 1.5, 'x') (now + 1s, -2, '日本')",
            "insert into d.readings (ts, v) values ('2024-02-29T12:00:00.000Z', 1)",
            "select ts, v, s from d.readings where v >= 1 and s <> 'x' order by ts desc limit 10",
            "drop table if exists d.readings",
            "drop database if exists taos_setup_demo",
        ] {
            let parsed = parse(sql, Release::Current);
            assert!(parsed.is_ok(), "{sql}: {parsed:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(sql: String) {
            let _ = parse(&sql, Release::Current);
        }

        #[test]
        fn never_panics_on_words(words in proptest::collection::vec(proptest::sample::select(vec![
            "select", "from", "insert", "into", "values", "(", ")", ",", "t", "now", "+", "-", "1s", "1", "'x'", "create", "table",
            "database", "if", "not", "exists", "timestamp", "varchar", "tags", "using", "order", "by", "limit", "where", "=", "show",
            "*", "count", "->", "?", "drop", "user", "pass", "decimal", ".", "`q`",
        ]), 0..14)) {
            let _ = parse(&words.join(" "), Release::Before33);
        }
    }
}
