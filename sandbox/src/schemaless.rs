//! Schemaless writes: points in line protocol, OpenTSDB's telnet lines and its JSON, for which tables are made as needed.

mod json;
mod line;
mod point;
mod store;
mod telnet;

pub(crate) use point::{Point, Unit};
pub(crate) use store::write;

use crate::release::Release;
use crate::sql::SqlError;

/// What a schemaless write carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Line,
    Telnet,
    Json,
}

/// Longest text that is taken, in points: a limit on the memory that one request may need.
const MOST_POINTS: usize = 1_000_000;

/// What the server says of data that it cannot read.
fn invalid(text: impl Into<String>) -> SqlError {
    SqlError::new(0x3002, text)
}

impl Protocol {
    /// The protocol with this number, 1 to 3.
    pub(crate) fn numbered(number: u64) -> Result<Self, SqlError> {
        match number {
            0 => Err(SqlError::new(0xffff, "args error")),
            1 => Ok(Self::Line),
            2 => Ok(Self::Telnet),
            3 => Ok(Self::Json),
            _ => Err(SqlError::new(0x3000, "protocol invalidate")),
        }
    }

    /// The points of a text. `precision` counts for line protocol only; the others tell by the number of digits.
    pub(crate) fn points(
        self,
        text: &str,
        precision: &str,
        release: Release,
    ) -> Result<Vec<Point>, SqlError> {
        let points = self.read(text, precision);
        points.map_err(|error| match error.text.strip_prefix("SML line ") {
            Some(text) if release.is_before_33() => SqlError::new(error.code, text),
            _ => error,
        })
    }

    fn read(self, text: &str, precision: &str) -> Result<Vec<Point>, SqlError> {
        if self == Self::Json {
            return json::points(text);
        }
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let points = lines
            .take(MOST_POINTS)
            .map(|line| match self {
                Self::Line => line::point(line, Unit::named(precision)),
                _ => telnet::point(line),
            })
            .collect::<Result<Vec<_>, _>>()?;
        if points.is_empty() {
            return Err(invalid("line num is invalid"));
        }
        Ok(points)
    }

    /// How many rows a reply says that a text held: JSON counts as one.
    pub(crate) fn counted(self, points: &[Point]) -> usize {
        match self {
            Self::Json => 1,
            Self::Line | Self::Telnet => points.len(),
        }
    }
}
