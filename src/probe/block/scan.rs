//! Decodes a block without keeping its cells: every value is read in its own type, as a program would, and counted.

use std::hint::black_box;

use super::{BlockFault, Bytes, HEADER, MOST_COLUMNS, count, i32_at};
use crate::message::message;
use crate::probe::answer_budget::OverBudget;

/// The most rows of a block. Their null bitmaps and offsets are in the bytes, so the bytes bound the time.
const MOST_ROWS: usize = 16 * 1024 * 1024;
/// The most bytes of texts that are decoded: many cells may name the same text.
const MOST_TEXT: usize = 64 * 1024 * 1024;
/// The types with a value for each row, and the bytes of a value.
const FIXED: [(u8, usize); 14] = [
    (1, 1),
    (2, 1),
    (3, 2),
    (4, 4),
    (5, 8),
    (6, 4),
    (7, 8),
    (9, 8),
    (11, 1),
    (12, 2),
    (13, 4),
    (14, 8),
    (17, 16),
    (21, 8),
];

/// Returns the number of rows of `block`, each value of which was decoded.
///
/// # Errors
/// [`BlockFault`] if it does not have a block's form, or decodes to more than 64 MiB of texts.
pub fn rows(block: &[u8]) -> Result<u64, BlockFault> {
    let mut bytes = Bytes { rest: block };
    let version = bytes.i32()?;
    if version != 1 {
        return Err(message!("probe-block-version", version = version).into());
    }
    let _length = bytes.i32()?;
    let rows = count(bytes.i32()?, MOST_ROWS)?;
    let columns = count(bytes.i32()?, MOST_COLUMNS)?;
    bytes.take(HEADER - 16)?;
    let mut text_left = MOST_TEXT;
    let kinds = bytes.take(columns * 5)?;
    let lengths = bytes.take(columns * 4)?;
    for (kind, length) in kinds.chunks_exact(5).zip(lengths.chunks_exact(4)) {
        let length =
            usize::try_from(i32_at(length)).map_err(|_| message!("probe-block-negative"))?;
        match FIXED.iter().find(|(known, _)| *known == kind[0]) {
            Some((_, size)) => {
                let nulls = bytes.take(rows.div_ceil(8))?;
                let data = bytes.take(length)?;
                fixed(nulls, data, rows, *size)?;
            }
            None => {
                let offsets = bytes.take(rows * 4)?;
                let data = bytes.take(length)?;
                texts(kind[0], offsets, data, &mut text_left)?;
            }
        }
    }
    Ok(if columns == 0 { 0 } else { rows as u64 })
}

/// Reads the values of a column whose values have `size` bytes.
fn fixed(nulls: &[u8], data: &[u8], rows: usize, size: usize) -> Result<(), BlockFault> {
    let values = data
        .get(..rows * size)
        .ok_or_else(|| message!("probe-block-short"))?;
    for (at, value) in values.chunks_exact(size).enumerate() {
        let null = nulls
            .get(at / 8)
            .is_some_and(|byte| byte & (0x80 >> (at % 8)) != 0);
        let mut number = [0; 16];
        number[..size].copy_from_slice(value);
        let value = (!null).then(|| u128::from_le_bytes(number));
        black_box(value);
    }
    Ok(())
}

/// Reads the texts and bytes of a column.
fn texts(kind: u8, offsets: &[u8], data: &[u8], left: &mut usize) -> Result<(), BlockFault> {
    for offset in offsets.chunks_exact(4).map(i32_at) {
        if offset == -1 {
            continue;
        }
        let start = usize::try_from(offset).map_err(|_| message!("probe-block-negative"))?;
        let cell = data
            .get(start..)
            .ok_or_else(|| message!("probe-block-offset"))?;
        let mut cell = Bytes { rest: cell };
        let length = cell.take(2)?;
        let value = cell.take(usize::from(u16::from_le_bytes([length[0], length[1]])))?;
        *left = left.checked_sub(value.len()).ok_or(OverBudget::Memory)?;
        match kind {
            8 => {
                black_box(std::str::from_utf8(value).ok());
            }
            10 => {
                let units = value.chunks_exact(4).map(i32_at);
                let characters = units.filter_map(|unit| char::from_u32(unit.cast_unsigned()));
                black_box(characters.map(char::len_utf8).sum::<usize>());
            }
            _ => {
                black_box(value);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
