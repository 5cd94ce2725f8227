//! Conditions over a row.

use super::super::ast::{Condition, Expr};
use super::super::error::SqlError;
use super::super::expr::{self, Compiled, Scope};
use super::super::value::{Type, Value};

pub(super) type RowTest<'a> = Box<dyn Fn(&[Value]) -> bool + 'a>;

pub(super) fn test<'a>(condition: &Condition, scope: &Scope<'a>) -> Result<RowTest<'a>, SqlError> {
    let all = |conditions: &[Condition]| {
        conditions
            .iter()
            .map(|condition| test(condition, scope))
            .collect::<Result<Vec<_>, _>>()
    };
    Ok(match condition {
        Condition::All(conditions) => {
            let tests = all(conditions)?;
            Box::new(move |row| tests.iter().all(|test| test(row)))
        }
        Condition::Any(conditions) => {
            let tests = all(conditions)?;
            Box::new(move |row| tests.iter().any(|test| test(row)))
        }
        Condition::Not(condition) => {
            let test = test(condition, scope)?;
            Box::new(move |row| !test(row))
        }
        Condition::IsNull(expr) => {
            let compiled = expr::compile(expr, scope)?;
            Box::new(move |row| (compiled.eval)(row).is_null())
        }
        Condition::In(left, list) => {
            let tests = list
                .iter()
                .map(|right| comparison(left, "=", right, scope))
                .collect::<Result<Vec<_>, _>>()?;
            Box::new(move |row| tests.iter().any(|test| test(row)))
        }
        Condition::Like(expr, pattern) => {
            let compiled = expr::compile(expr, scope)?;
            let pattern: Vec<char> = pattern.chars().collect();
            Box::new(move |row| match (compiled.eval)(row) {
                Value::Text(text) => like(&text.chars().collect::<Vec<_>>(), &pattern),
                _ => false,
            })
        }
        Condition::Compare {
            left,
            operator,
            right,
        } => comparison(left, operator, right, scope)?,
    })
}

fn comparison<'a>(
    left: &Expr,
    operator: &'static str,
    right: &Expr,
    scope: &Scope<'a>,
) -> Result<RowTest<'a>, SqlError> {
    let Compiled { kind, .. } = expr::compile(right, scope)?;
    let mut compiled = expr::compile(left, scope)?;
    let mut other = expr::compile(right, scope)?;
    if compiled.kind == Type::Timestamp {
        other = expr::as_instant(right, other, scope)?;
    } else if kind == Type::Timestamp {
        compiled = expr::as_instant(left, compiled, scope)?;
    }
    Ok(Box::new(move |row| {
        let Some(order) = expr::compare_known(&(compiled.eval)(row), &(other.eval)(row)) else {
            return false;
        };
        match operator {
            "=" => order.is_eq(),
            "<" => order.is_lt(),
            "<=" => order.is_le(),
            ">" => order.is_gt(),
            ">=" => order.is_ge(),
            _ => order.is_ne(),
        }
    }))
}

/// `%` stands for any text, `_` for one character; without regard to case, as the server compares.
pub(super) fn like(text: &[char], pattern: &[char]) -> bool {
    let same = |left: char, right: char| left.to_lowercase().eq(right.to_lowercase());
    // The last `%`: its place in the pattern, and where the text continues behind what it matched.
    let (mut at, mut place, mut retry) = (0, 0, None);
    while at < text.len() {
        match pattern.get(place) {
            Some('%') => {
                retry = Some((place, at));
                place += 1;
            }
            Some(wanted) if *wanted == '_' || same(*wanted, text[at]) => {
                at += 1;
                place += 1;
            }
            _ => match retry {
                Some((percent, from)) => {
                    retry = Some((percent, from + 1));
                    (at, place) = (from + 1, percent + 1);
                }
                None => return false,
            },
        }
    }
    pattern[place..].iter().all(|rest| *rest == '%')
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn like_matches_any_text_and_single_characters() {
        let fits = |text: &str, pattern: &str| {
            like(
                &text.chars().collect::<Vec<_>>(),
                &pattern.chars().collect::<Vec<_>>(),
            )
        };
        assert!(fits("meters", "m%s"));
        assert!(fits("METERS", "m_ters"));
        assert!(fits("", "%"));
        assert!(fits("abcabd", "%abd"));
        assert!(!fits("meters", "m_s"));
        assert!(!fits("meters", "%x%"));
    }
}
