//! `select` and `show`.

use super::super::ast::{Expr, Grouping, Item, Select, Shown, Statement, TableName};
use super::super::lexer::{Kind, unescape};
use super::{DEEPEST, Parsed, Parser};

impl Parser<'_> {
    pub(super) fn select(&mut self) -> Parsed<Select> {
        let distinct = self.accept("distinct");
        let mut items = vec![self.item()?];
        while self.accept_symbol(",") {
            items.push(self.item()?);
        }
        let from = if self.accept("from") {
            Some(self.table_name()?)
        } else {
            None
        };
        let condition = if self.accept("where") {
            Some(self.condition()?)
        } else {
            None
        };
        let grouping = self.grouping()?;
        let mut order = Vec::new();
        if self.accept("order") {
            self.expect("by")?;
            loop {
                let key = self.expr()?;
                let descending = self.accept("desc");
                if !descending {
                    self.accept("asc");
                }
                order.push((key, descending));
                if !self.accept_symbol(",") {
                    break;
                }
            }
        }
        Ok(Select {
            distinct,
            items,
            from,
            condition,
            grouping,
            order,
            limit: self.limit()?,
        })
    }

    /// `partition by …`, `interval(…)`, `group by …`.
    fn grouping(&mut self) -> Parsed<Option<Grouping>> {
        let mut grouping = Grouping::default();
        if self.accept("partition") {
            grouping.partition = true;
            grouping.keys = self.keys()?;
        }
        if self.accept("interval") {
            self.expect_symbol("(")?;
            grouping.interval = Some(self.duration()?);
            self.expect_symbol(")")?;
        }
        if self.accept("group") {
            grouping.partition = false;
            grouping.keys.append(&mut self.keys()?);
        }
        let any = !grouping.keys.is_empty() || grouping.interval.is_some();
        Ok(any.then_some(grouping))
    }

    fn keys(&mut self) -> Parsed<Vec<Expr>> {
        self.expect("by")?;
        let mut keys = vec![self.expr()?];
        while self.accept_symbol(",") {
            keys.push(self.expr()?);
        }
        Ok(keys)
    }

    /// `limit count [offset skip]` or `limit skip, count`, as (skip, count).
    fn limit(&mut self) -> Parsed<Option<(usize, usize)>> {
        if !self.accept("limit") {
            return Ok(None);
        }
        let first = self.integer()?;
        if self.accept_symbol(",") {
            return Ok(Some((first, self.integer()?)));
        }
        let skip = if self.accept("offset") {
            self.integer()?
        } else {
            0
        };
        Ok(Some((skip, first)))
    }

    fn item(&mut self) -> Parsed<Item> {
        if self.accept_symbol("*") {
            return Ok(Item::Star);
        }
        let start = self.at;
        let expr = self.expr()?;
        let name = match &expr {
            Expr::Column(column) => column.clone(),
            _ => self.written(start, self.at).to_owned(),
        };
        if self.accept("as") {
            return Ok(Item::Expr {
                expr,
                name: self.alias()?,
            });
        }
        let named = self
            .peek()
            .is_some_and(|token| token.kind == Kind::Quoted || token.kind == Kind::Word);
        if named
            && ![
                "from",
                "where",
                "order",
                "limit",
                "partition",
                "interval",
                "group",
            ]
            .iter()
            .any(|word| self.is(word))
        {
            return Ok(Item::Expr {
                expr,
                name: self.alias()?,
            });
        }
        Ok(Item::Expr { expr, name })
    }

    fn alias(&mut self) -> Parsed<String> {
        if self.peek().is_some_and(|token| token.kind == Kind::Text) {
            self.text()
        } else {
            self.name()
        }
    }

    /// The text of the tokens from one index up to another.
    fn written(&self, from: usize, to: usize) -> &str {
        match (
            self.tokens.get(from),
            to.checked_sub(1).and_then(|last| self.tokens.get(last)),
        ) {
            (Some(first), Some(last)) => &self.sql[first.start..last.end],
            _ => "",
        }
    }

    pub(super) fn expr(&mut self) -> Parsed<Expr> {
        let Some(token) = self.peek() else {
            return self.stop();
        };
        let next = self
            .tokens
            .get(self.at + 1)
            .filter(|next| next.kind == Kind::Symbol)
            .map(|next| next.text);
        let word = token.text.to_ascii_lowercase();
        match token.kind {
            Kind::Word if matches!(word.as_str(), "now" | "today") => self.instant(),
            Kind::Word if next == Some("(") => {
                if self.depth == DEEPEST {
                    return self.stop();
                }
                self.depth += 1;
                self.at += 2;
                let mut arguments = Vec::new();
                while !self.accept_symbol(")") {
                    if !arguments.is_empty() {
                        self.expect_symbol(",")?;
                    }
                    arguments.push(if self.accept_symbol("*") {
                        Expr::Star
                    } else {
                        self.expr()?
                    });
                }
                self.depth -= 1;
                Ok(Expr::Call {
                    function: word,
                    arguments,
                })
            }
            Kind::Word | Kind::Quoted if !matches!(word.as_str(), "null" | "true" | "false") => {
                let column = self.table_name()?.table;
                if !self.accept_symbol("->") {
                    return Ok(Expr::Column(column));
                }
                Ok(Expr::Json {
                    column,
                    key: self.text()?,
                })
            }
            _ => self.literal(),
        }
    }

    pub(super) fn show(&mut self) -> Parsed<Statement> {
        let first = match self.peek() {
            Some(token) if token.kind == Kind::Quoted => {
                self.at += 1;
                Some(unescape(token.text))
            }
            _ => None,
        };
        if let Some(database) = first {
            self.expect_symbol(".")?;
            return self.show_tables(Some(database));
        }
        let start = self.at;
        match self.keyword()?.as_str() {
            "databases" => Ok(information("ins_databases", &["name"])),
            "dnodes" => Ok(information("ins_dnodes", &[])),
            "users" => Ok(information("ins_users", &[])),
            "mnodes" => Ok(information("ins_mnodes", &[])),
            "topics" => Ok(information("ins_topics", &["topic_name"])),
            "consumers" => Ok(performance("perf_consumers")),
            "subscriptions" => Ok(information("ins_subscriptions", &[])),
            "cluster" if self.accept("alive") => Ok(Statement::ShowClusterAlive),
            "cluster" => Ok(information("ins_cluster", &[])),
            "grants" => Ok(information("ins_grants", &[])),
            "tables" | "stables" | "views" => {
                self.at = start;
                self.show_tables(None)
            }
            "create" if self.accept("table") || self.accept("stable") => {
                Ok(Statement::ShowCreateTable(self.table_name()?))
            }
            database if self.accept_symbol(".") => self.show_tables(Some(database.to_owned())),
            _ => {
                self.at = start;
                self.stop()
            }
        }
    }

    fn show_tables(&mut self, database: Option<String>) -> Parsed<Statement> {
        let kind = match self.keyword()?.as_str() {
            "tables" => Shown::Tables,
            "stables" => Shown::Stables,
            "views" => Shown::Views,
            _ => {
                self.at -= 1;
                return self.stop();
            }
        };
        let like = if self.accept("like") {
            Some(self.text()?)
        } else {
            None
        };
        Ok(Statement::ShowTables {
            database,
            kind,
            like,
        })
    }
}

/// All of a table of the other database that every cluster has.
fn performance(table: &str) -> Statement {
    Statement::Select(Select {
        items: vec![Item::Star],
        from: Some(TableName {
            database: Some("performance_schema".to_owned()),
            table: table.to_owned(),
        }),
        ..Select::default()
    })
}

fn information(table: &str, columns: &[&str]) -> Statement {
    let column = |name: &&str| Item::Expr {
        expr: Expr::Column((*name).to_owned()),
        name: (*name).to_owned(),
    };
    let items = if columns.is_empty() {
        vec![Item::Star]
    } else {
        columns.iter().map(column).collect()
    };
    let from = TableName {
        database: Some("information_schema".to_owned()),
        table: table.to_owned(),
    };
    Statement::Select(Select {
        items,
        from: Some(from),
        ..Select::default()
    })
}
