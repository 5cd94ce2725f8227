//! What stands behind `where`.

use super::super::ast::{Condition, Expr};
use super::super::lexer::{Kind, unescape};
use super::{DEEPEST, Parsed, Parser};

const OPERATORS: [&str; 7] = ["=", "<>", "!=", "<=", ">=", "<", ">"];

impl Parser<'_> {
    /// Conditions joined by `or`, each of conditions joined by `and`.
    pub(super) fn condition(&mut self) -> Parsed<Condition> {
        let mut any = vec![self.conjunction()?];
        while self.accept("or") {
            any.push(self.conjunction()?);
        }
        Ok(joined(any, Condition::Any))
    }

    fn conjunction(&mut self) -> Parsed<Condition> {
        let mut all = vec![self.single()?];
        while self.accept("and") {
            all.push(self.single()?);
        }
        Ok(joined(all, Condition::All))
    }

    fn single(&mut self) -> Parsed<Condition> {
        if self.depth == DEEPEST {
            return self.stop();
        }
        self.depth += 1;
        let condition = if self.accept("not") {
            Condition::Not(Box::new(self.single()?))
        } else if self.accept_symbol("(") {
            let condition = self.condition()?;
            self.expect_symbol(")")?;
            condition
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(condition)
    }

    fn comparison(&mut self) -> Parsed<Condition> {
        let left = self.expr()?;
        if self.accept("is") {
            let not = self.accept("not");
            self.expect("null")?;
            return Ok(unless(not, Condition::IsNull(left)));
        }
        let not = self.accept("not");
        if self.accept("in") {
            return Ok(unless(not, Condition::In(left, self.list(Self::expr)?)));
        }
        if self.accept("like") {
            let Some(token) = self.peek().filter(|token| token.kind == Kind::Text) else {
                return self.stop();
            };
            self.at += 1;
            return Ok(unless(not, Condition::Like(left, unescape(token.text))));
        }
        if self.accept("between") {
            let least = self.expr()?;
            self.expect("and")?;
            let most = self.expr()?;
            let both = [(">=", least), ("<=", most)].map(|(operator, right)| Condition::Compare {
                left: left.clone(),
                operator,
                right,
            });
            return Ok(unless(not, Condition::All(both.into())));
        }
        match OPERATORS
            .into_iter()
            .find(|operator| self.is_symbol(operator))
        {
            Some(operator) if !not => {
                self.at += 1;
                let right: Expr = self.expr()?;
                Ok(Condition::Compare {
                    left,
                    operator,
                    right,
                })
            }
            _ => self.stop(),
        }
    }
}

fn joined(mut conditions: Vec<Condition>, join: fn(Vec<Condition>) -> Condition) -> Condition {
    match (conditions.len(), conditions.pop()) {
        (1, Some(single)) => single,
        (_, last) => {
            conditions.extend(last);
            join(conditions)
        }
    }
}

fn unless(not: bool, condition: Condition) -> Condition {
    if not {
        Condition::Not(Box::new(condition))
    } else {
        condition
    }
}
