//! One point: a supertable's name, tags, fields, an instant.

use crate::sql::{Type, Value, instant};

/// A tag or a field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cell {
    pub(crate) name: String,
    pub(crate) kind: Type,
    pub(crate) value: Value,
    /// As it stood in the text, for errors.
    pub(crate) written: String,
}

/// A point.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) stable: String,
    pub(crate) tags: Vec<Cell>,
    pub(crate) fields: Vec<Cell>,
    /// In nanoseconds.
    pub(crate) at: i64,
}

/// The unit of a point's instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unit(i64);

impl Unit {
    /// The unit of this name; nanoseconds if there is none such.
    pub(crate) fn named(name: &str) -> Self {
        Self(match name {
            "h" => 3_600_000_000_000,
            "m" => 60_000_000_000,
            "s" => 1_000_000_000,
            "ms" => 1_000_000,
            "us" | "u" | "µ" => 1_000,
            _ => 1,
        })
    }

    /// The unit that a number of seconds or milliseconds has by its digits.
    pub(super) fn by_digits(number: i64) -> Option<Self> {
        match number.checked_ilog10() {
            Some(9) => Some(Self(1_000_000_000)),
            Some(12) => Some(Self(1_000_000)),
            _ => None,
        }
    }

    /// So many of it in nanoseconds; as the server does, more than fit become the most that fit. 0 is now.
    pub(super) fn nanoseconds(self, count: i64) -> i64 {
        if count == 0 {
            return instant::now(crate::sql::Precision::Nano);
        }
        count.saturating_mul(self.0)
    }
}

impl Cell {
    /// A tag of text, which is an nchar.
    pub(super) fn tag(name: &str, text: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind: Type::Nchar,
            value: Value::Text(text.to_owned()),
            written: format!("{name}={text}"),
        }
    }

    /// The length that a column needs for it.
    pub(super) fn length(&self) -> i32 {
        let length = match (&self.value, self.kind) {
            (Value::Text(text), Type::Nchar) => text.chars().count(),
            (Value::Text(text), _) => text.len(),
            (Value::Bytes(bytes), _) => bytes.len(),
            _ => {
                return self
                    .kind
                    .width()
                    .and_then(|width| i32::try_from(width).ok())
                    .unwrap_or(0);
            }
        };
        // The next power of two above it, so that a column need not be widened for every text.
        i32::try_from((length + 1).next_power_of_two()).unwrap_or(i32::MAX)
    }
}

/// The type and value of a field as line protocol and telnet write it.
pub(super) fn field(text: &str) -> Option<(Type, Value)> {
    let quoted = |text: &str| {
        let inner = text.strip_prefix('"')?.strip_suffix('"')?;
        Some(inner.replace("\\\"", "\"").replace("\\\\", "\\"))
    };
    match text {
        "t" | "T" | "true" | "True" | "TRUE" => return Some((Type::Bool, Value::Bool(true))),
        "f" | "F" | "false" | "False" | "FALSE" => return Some((Type::Bool, Value::Bool(false))),
        _ => {}
    }
    if let Some(inner) = quoted(text) {
        return Some((Type::Varchar, Value::Text(inner)));
    }
    if let Some(inner) = text.strip_prefix(['L', 'l']).and_then(quoted) {
        return Some((Type::Nchar, Value::Text(inner)));
    }
    number(text)
}

/// A number with its type behind it: `1i8`, `2u`, `1.5f32`; without one it is a double.
fn number(text: &str) -> Option<(Type, Value)> {
    const SUFFIXES: [(&str, Type); 12] = [
        ("i8", Type::TinyInt),
        ("i16", Type::SmallInt),
        ("i32", Type::Int),
        ("i64", Type::BigInt),
        ("i", Type::BigInt),
        ("u8", Type::UTinyInt),
        ("u16", Type::USmallInt),
        ("u32", Type::UInt),
        ("u64", Type::UBigInt),
        ("u", Type::UBigInt),
        ("f32", Type::Float),
        ("f64", Type::Double),
    ];
    let known = SUFFIXES.iter().find_map(|(suffix, kind)| {
        let digits = text.strip_suffix(suffix)?;
        Some((digits, *kind))
    });
    let (digits, kind) = known.unwrap_or((text, Type::Double));
    if !digits.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first)) {
        return None;
    }
    if let Some((least, most)) = kind.integer_range() {
        let value: i128 = digits.parse().ok()?;
        if !(least..=most).contains(&value) {
            return None;
        }
        return Some((
            kind,
            if kind.is_unsigned() {
                Value::UInt(u64::try_from(value).ok()?)
            } else {
                Value::Int(i64::try_from(value).ok()?)
            },
        ));
    }
    Some(match kind {
        Type::Float => (kind, Value::Float(digits.parse().ok()?)),
        _ => (kind, Value::Double(digits.parse().ok()?)),
    })
}
