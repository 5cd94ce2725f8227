//! Influx's line protocol: `measurement,tag=value field=value,field=value instant`.

use super::invalid;
use super::point::{Cell, Point, Unit, field};
use crate::sql::SqlError;

/// The point of a line.
pub(super) fn point(line: &str, unit: Unit) -> Result<Point, SqlError> {
    let (head, rest) = split(line.trim(), ' ');
    let (stable, mut tags_text) = split(head, ',');
    if stable.is_empty() {
        return Err(invalid("SML line measurement is empty"));
    }
    let mut tags = Vec::new();
    while !tags_text.is_empty() {
        let (pair, others) = split(tags_text, ',');
        let Some((name, value)) = assigned(pair) else {
            return Err(invalid(format!("invalid data: {rest}")));
        };
        tags.push(Cell::tag(&plain(name), &plain(value)));
        tags_text = others;
    }
    let (mut fields_text, instant) = split(rest.trim_start(), ' ');
    if fields_text.is_empty() {
        return Err(invalid("SML line cols is empty"));
    }
    let mut fields = Vec::new();
    while !fields_text.is_empty() {
        let (pair, others) = split(fields_text, ',');
        let Some((name, value)) = assigned(pair) else {
            return Err(invalid(format!("SML line invalid data: {instant}")));
        };
        let Some((kind, value)) = field(value) else {
            return Err(invalid(format!("SML line invalid data: {pair}")));
        };
        fields.push(Cell {
            name: plain(name),
            kind,
            value,
            written: format!("{pair} {instant}").trim_end().to_owned(),
        });
        fields_text = others;
    }
    let count = match instant.trim() {
        "" => 0,
        digits => digits
            .parse()
            .map_err(|_| invalid(format!("SML line invalid timestamp: {digits}")))?,
    };
    Ok(Point {
        stable: plain(stable),
        tags,
        fields,
        at: unit.nanoseconds(count),
    })
}

/// What stands before and behind the first separator that is neither escaped nor within quotes.
fn split(text: &str, separator: char) -> (&str, &str) {
    let mut quoted = false;
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            '"' => quoted = !quoted,
            _ if character == separator && !quoted => {
                return (&text[..at], &text[at + character.len_utf8()..]);
            }
            _ => {}
        }
    }
    (text, "")
}

/// A name and its value.
fn assigned(pair: &str) -> Option<(&str, &str)> {
    let (name, value) = split(pair, '=');
    (name.len() < pair.len() && !name.is_empty() && !value.is_empty()).then_some((name, value))
}

/// A name without its escapes.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut characters = name.chars().peekable();
    while let Some(character) = characters.next() {
        match characters.peek() {
            Some(next) if character == '\\' && " ,=\\\"".contains(*next) => {}
            _ => plain.push(character),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{Type, Value};

    #[test]
    fn escapes_and_quotes_are_read() {
        let point = point(
            r#"a\ b,t\,1=x\=y f="c, d e",n=L"ü",i=3i32,b=t 7"#,
            Unit::named("s"),
        )
        .unwrap();
        assert_eq!(point.stable, "a b");
        assert_eq!(point.tags[0], Cell::tag("t,1", "x=y"));
        let fields: Vec<_> = point
            .fields
            .iter()
            .map(|field| (field.kind, field.value.clone()))
            .collect();
        assert_eq!(
            fields,
            [
                (Type::Varchar, Value::text("c, d e")),
                (Type::Nchar, Value::text("ü")),
                (Type::Int, Value::Int(3)),
                (Type::Bool, Value::Bool(true)),
            ]
        );
        assert_eq!(point.at, 7_000_000_000);
    }

    proptest::proptest! {
        #[test]
        fn lines_of_any_text_do_not_panic(text in "[a-z0-9,= \"\\\\Lti.]{0,40}") {
            let _ = point(&text, Unit::named("ms"));
        }
    }
}
