//! Decodes the block in which taosAdapter sends rows over WebSocket. Every number is checked against the bytes that are
//! there, and every cell is paid for before it is decoded: many cells may name the same text.

pub mod scan;

use super::answer_budget::{AnswerBudget, OverBudget};
use crate::message::{Message, message};

/// The most rows and columns that are read, and cells in all: a small block can announce many.
const MOST_ROWS: usize = 4096;
const MOST_COLUMNS: usize = 4096;
const MOST_CELLS: usize = 65_536;
/// The header: version, length, rows, columns (i32 each), flags (u32), group (u64).
const HEADER: usize = 28;
/// The memory of a row and of a cell, without its text.
const ROW: usize = size_of::<Row>();
const CELL: usize = size_of::<Option<String>>();

/// The cells of one row; `None` is null or a type that no check reads.
pub type Row = Vec<Option<String>>;

/// The reason for which a block is not decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlockFault {
    /// It does not have a block's form; the first place that does not fit.
    Malformed(Message),
    /// It would take more memory or time than is left.
    Over(OverBudget),
}

impl From<OverBudget> for BlockFault {
    fn from(over: OverBudget) -> Self {
        Self::Over(over)
    }
}

impl From<Message> for BlockFault {
    fn from(fault: Message) -> Self {
        Self::Malformed(fault)
    }
}

/// Decodes the rows of a block. Text columns (varchar, nchar) become text, whole numbers and instants (in the result's own
/// precision) their digits; cells of other types, and null, are `None`.
///
/// # Errors
/// [`BlockFault`] if the block is malformed or larger than what is left of `budget`.
pub fn rows(block: &[u8], budget: &mut AnswerBudget) -> Result<Vec<Row>, BlockFault> {
    let mut bytes = Bytes { rest: block };
    let version = bytes.i32()?;
    if version != 1 {
        return Err(message!("probe-block-version", version = version).into());
    }
    let _length = bytes.i32()?;
    let rows = count(bytes.i32()?, MOST_ROWS)?;
    let columns = count(bytes.i32()?, MOST_COLUMNS)?;
    if rows * columns > MOST_CELLS {
        let fault = message!("probe-block-size", rows = rows, columns = columns);
        return Err(fault.into());
    }
    bytes.take(HEADER - 16)?;
    let mut kinds = Vec::with_capacity(columns);
    for _ in 0..columns {
        kinds.push(bytes.take(1)?[0]);
        bytes.take(4)?;
    }
    let mut lengths = Vec::with_capacity(columns);
    for _ in 0..columns {
        lengths.push(usize::try_from(bytes.i32()?).map_err(|_| message!("probe-block-negative"))?);
    }
    budget.take(rows * (ROW + columns * CELL))?;
    let mut table: Vec<Row> = (0..rows).map(|_| Vec::with_capacity(columns)).collect();
    for (kind, length) in kinds.into_iter().zip(lengths) {
        match kind {
            8 | 10 | 15 | 16 | 20 => {
                let offsets = bytes.take(rows * 4)?;
                let data = bytes.take(length)?;
                for (row, offset) in table.iter_mut().zip(offsets.chunks_exact(4)) {
                    row.push(text(kind, data, i32_at(offset), budget)?);
                }
            }
            _ => {
                let nulls = bytes.take(rows.div_ceil(8))?;
                let data = bytes.take(length)?;
                for (at, row) in table.iter_mut().enumerate() {
                    let null = nulls
                        .get(at / 8)
                        .is_some_and(|byte| byte & (0x80 >> (at % 8)) != 0);
                    let cell = if null { None } else { whole(kind, data, at) };
                    budget.take(cell.as_ref().map_or(0, String::len))?;
                    row.push(cell);
                }
            }
        }
    }
    Ok(table)
}

/// The text of a variable-length cell at `offset` of its column's data.
fn text(
    kind: u8,
    data: &[u8],
    offset: i32,
    budget: &mut AnswerBudget,
) -> Result<Option<String>, BlockFault> {
    if offset == -1 {
        return Ok(None);
    }
    let start = usize::try_from(offset).map_err(|_| message!("probe-block-negative"))?;
    let mut cell = Bytes {
        rest: data
            .get(start..)
            .ok_or_else(|| message!("probe-block-offset"))?,
    };
    let length = cell.take(2)?;
    let value = cell.take(usize::from(u16::from_le_bytes([length[0], length[1]])))?;
    // A byte that is not UTF-8 becomes a character of three.
    budget.take(3 * value.len())?;
    Ok(match kind {
        8 => Some(String::from_utf8_lossy(value).into_owned()),
        10 => Some(
            value
                .chunks_exact(4)
                .map(|unit| {
                    u32::try_from(i32_at(unit))
                        .ok()
                        .and_then(char::from_u32)
                        .unwrap_or(char::REPLACEMENT_CHARACTER)
                })
                .collect(),
        ),
        _ => None,
    })
}

/// The digits of the whole number or instant in row `at` in a fixed-size column; `None` for other types.
fn whole(kind: u8, data: &[u8], at: usize) -> Option<String> {
    fn at_row<const N: usize>(data: &[u8], at: usize) -> Option<[u8; N]> {
        data.get(at * N..)?.first_chunk().copied()
    }
    Some(match kind {
        2 => i8::from_le_bytes(at_row(data, at)?).to_string(),
        3 => i16::from_le_bytes(at_row(data, at)?).to_string(),
        4 => i32::from_le_bytes(at_row(data, at)?).to_string(),
        5 | 9 => i64::from_le_bytes(at_row(data, at)?).to_string(),
        _ => return None,
    })
}

fn count(value: i32, most: usize) -> Result<usize, BlockFault> {
    usize::try_from(value)
        .ok()
        .filter(|value| *value <= most)
        .ok_or_else(|| message!("probe-block-count", value = value, most = most).into())
}

/// The number in the first four bytes of `bytes`, of which the caller knows that there are four.
fn i32_at(bytes: &[u8]) -> i32 {
    bytes
        .first_chunk()
        .map_or(0, |four| i32::from_le_bytes(*four))
}

/// The unread rest of a block.
struct Bytes<'a> {
    rest: &'a [u8],
}

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], BlockFault> {
        let (taken, rest) = self
            .rest
            .split_at_checked(count)
            .ok_or_else(|| message!("probe-block-short"))?;
        self.rest = rest;
        Ok(taken)
    }

    fn i32(&mut self) -> Result<i32, BlockFault> {
        self.take(4).map(i32_at)
    }
}

#[cfg(test)]
mod tests;
