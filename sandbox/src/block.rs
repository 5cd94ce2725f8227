//! The binary block in which rows travel (reference: wire-and-abi, "Block").

use crate::sql::{Column, Type, Value};

const VERSION: i32 = 1;
const TOPIC_VERSION: i32 = 2;
const FLAGS: u32 = 0x8000_0000;
/// What the server says of a blob column, whatever its size (transcripts/ws.jsonl, `ws.blob.fetch_block`).
const BLOB_BYTES: i32 = 5;

/// A decoded block.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Types as sent, with decimals' precision and scale, and the bytes field of each column.
    pub columns: Vec<(Type, i32)>,
    /// One value a column.
    pub rows: Vec<Vec<Value>>,
}

/// Encodes rows. `after` are the rows that follow in the full result: like the server, the bits of a null bitmap's last byte
/// that have no row here show them.
#[must_use]
pub fn encode(columns: &[Column], rows: &[Vec<Value>], after: &[Vec<Value>]) -> Vec<u8> {
    let mut sizes = Vec::new();
    let mut data = Vec::new();
    for (index, column) in columns.iter().enumerate() {
        let cells = rows
            .iter()
            .map(|row| row.get(index).unwrap_or(&Value::Null));
        let start = data.len();
        let head = match column.kind.width() {
            Some(width) => {
                let following = after
                    .iter()
                    .map(|row| row.get(index).unwrap_or(&Value::Null));
                let head = null_bitmap(&mut data, cells.clone().chain(following), rows.len());
                cells.for_each(|cell| fixed(&mut data, cell, width));
                head
            }
            None => variable(&mut data, cells, column.kind),
        };
        sizes.push(length(data.len() - start - head));
    }
    let mut block = Vec::with_capacity(data.len() + 64);
    block.extend(VERSION.to_le_bytes());
    block.extend([0; 4]);
    block.extend(length(rows.len()).to_le_bytes());
    block.extend(length(columns.len()).to_le_bytes());
    block.extend(FLAGS.to_le_bytes());
    block.extend(0_u64.to_le_bytes());
    for column in columns {
        block.push(column.kind.code());
        block.extend(bytes_field(column));
    }
    for size in sizes {
        block.extend(size.to_le_bytes());
    }
    block.append(&mut data);
    block.push(0);
    let total = length(block.len()).to_le_bytes();
    block[4..8].copy_from_slice(&total);
    block
}

/// Encodes the rows of a topic's message, which has the next version of the same block.
#[must_use]
pub fn encode_of_topic(columns: &[Column], rows: &[Vec<Value>]) -> Vec<u8> {
    let mut block = encode(columns, rows, &[]);
    block[..4].copy_from_slice(&TOPIC_VERSION.to_le_bytes());
    block
}

/// The block as 3.2 sends it: without the byte that 3.3 puts at its end.
pub(crate) fn without_last_byte(block: &mut Vec<u8>) {
    block.pop();
    let total = length(block.len()).to_le_bytes();
    if let Some(field) = block.get_mut(4..8) {
        field.copy_from_slice(&total);
    }
}

pub(crate) fn length(len: usize) -> i32 {
    i32::try_from(len).unwrap_or(i32::MAX)
}

fn bytes_field(column: &Column) -> [u8; 4] {
    match column.kind {
        Type::Decimal64 { precision, scale } => [scale, precision, 0, 8],
        Type::Decimal128 { precision, scale } => [scale, precision, 0, 16],
        Type::Blob => BLOB_BYTES.to_le_bytes(),
        Type::Json => column.fetch_length().saturating_add(2).to_le_bytes(),
        _ => column.fetch_length().to_le_bytes(),
    }
}

fn null_bitmap<'a>(
    data: &mut Vec<u8>,
    cells: impl Iterator<Item = &'a Value>,
    rows: usize,
) -> usize {
    let size = rows.div_ceil(8);
    let start = data.len();
    data.resize(start + size, 0);
    for (row, cell) in cells.take(size * 8).enumerate() {
        if cell.is_null() {
            data[start + row / 8] |= 0x80 >> (row % 8);
        }
    }
    size
}

fn fixed(data: &mut Vec<u8>, cell: &Value, width: usize) {
    let wide: [u8; 16] = match cell {
        Value::Bool(value) => i128::from(*value).to_le_bytes(),
        Value::Int(value) | Value::Timestamp(value) => i128::from(*value).to_le_bytes(),
        Value::UInt(value) => i128::from(*value).to_le_bytes(),
        Value::Float(value) => u128::from(value.to_bits()).to_le_bytes(),
        Value::Double(value) => u128::from(value.to_bits()).to_le_bytes(),
        Value::Decimal(value) => value.to_le_bytes(),
        Value::Null | Value::Text(_) | Value::Json(_) | Value::Bytes(_) => [0; 16],
    };
    data.extend_from_slice(&wide[..width]);
}

fn variable<'a>(
    data: &mut Vec<u8>,
    cells: impl Iterator<Item = &'a Value> + Clone,
    kind: Type,
) -> usize {
    let start = data.len();
    let head = cells.clone().count() * 4;
    data.resize(start + head, 0xff);
    for (row, cell) in cells.enumerate() {
        let content = match cell {
            Value::Text(text) if kind == Type::Nchar => text
                .chars()
                .flat_map(|character| u32::from(character).to_le_bytes())
                .collect(),
            Value::Text(text) | Value::Json(text) => text.clone().into_bytes(),
            Value::Bytes(bytes) => bytes.clone(),
            _ => continue,
        };
        let offset = length(data.len() - start - head).to_le_bytes();
        data[start + row * 4..start + row * 4 + 4].copy_from_slice(&offset);
        if kind == Type::Blob {
            data.extend(length(content.len()).to_le_bytes());
        } else {
            data.extend(
                u16::try_from(content.len())
                    .unwrap_or(u16::MAX)
                    .to_le_bytes(),
            );
        }
        data.extend(content);
    }
    head
}

/// Decodes a block, or `None` if it is not one: for tests, and for what is bound to prepared statements.
#[must_use]
pub fn decode(block: &[u8]) -> Option<Block> {
    let mut input = Input(block);
    if input.i32()? != VERSION || usize::try_from(input.i32()?).ok()? != block.len() {
        return None;
    }
    let rows = usize::try_from(input.i32()?).ok()?;
    let count = usize::try_from(input.i32()?).ok()?;
    if rows > block.len() * 8 || count > block.len() {
        return None;
    }
    input.take(12)?;
    let mut columns = Vec::new();
    for _ in 0..count {
        let code = input.take(1)?[0];
        let bytes: [u8; 4] = input.take(4)?.try_into().ok()?;
        columns.push((kind(code, bytes)?, i32::from_le_bytes(bytes)));
    }
    let sizes = (0..count)
        .map(|_| usize::try_from(input.i32()?).ok())
        .collect::<Option<Vec<_>>>()?;
    let mut cells = Vec::new();
    for ((kind, _), size) in columns.iter().zip(sizes) {
        cells.push(match kind.width() {
            Some(width) => decode_fixed(
                input.take(rows.div_ceil(8))?,
                input.take(size)?,
                *kind,
                width,
                rows,
            )?,
            None => decode_variable(input.take(rows * 4)?, input.take(size)?, *kind, rows)?,
        });
    }
    let rows = (0..rows)
        .map(|row| cells.iter().map(|column| column[row].clone()).collect())
        .collect();
    (input.0.len() <= 1).then_some(Block { columns, rows })
}

struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn i32(&mut self) -> Option<i32> {
        Some(i32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }
}

/// The type of a code, and of a decimal's digits in the bytes field.
pub(crate) fn kind(code: u8, bytes: [u8; 4]) -> Option<Type> {
    let [scale, precision, ..] = bytes;
    Some(match code {
        1 => Type::Bool,
        2 => Type::TinyInt,
        3 => Type::SmallInt,
        4 => Type::Int,
        5 => Type::BigInt,
        6 => Type::Float,
        7 => Type::Double,
        8 => Type::Varchar,
        9 => Type::Timestamp,
        10 => Type::Nchar,
        11 => Type::UTinyInt,
        12 => Type::USmallInt,
        13 => Type::UInt,
        14 => Type::UBigInt,
        15 => Type::Json,
        16 => Type::Varbinary,
        17 => Type::Decimal128 { precision, scale },
        18 => Type::Blob,
        20 => Type::Geometry,
        21 => Type::Decimal64 { precision, scale },
        _ => return None,
    })
}

fn decode_fixed(
    bitmap: &[u8],
    data: &[u8],
    kind: Type,
    width: usize,
    rows: usize,
) -> Option<Vec<Value>> {
    if data.len() != rows * width {
        return None;
    }
    let cells = data.chunks_exact(width).enumerate().map(|(row, bytes)| {
        if bitmap[row / 8] & (0x80 >> (row % 8)) != 0 {
            return Value::Null;
        }
        fixed_value(kind, bytes)
    });
    Some(cells.collect())
}

/// Reads a value of a fixed-size type from exactly as many bytes as its width; anything else is null.
pub(crate) fn fixed_value(kind: Type, bytes: &[u8]) -> Value {
    if kind.width() != Some(bytes.len()) {
        return Value::Null;
    }
    let negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
    let extend = |fill: u8| {
        let mut wide = [fill; 16];
        wide[..bytes.len()].copy_from_slice(bytes);
        wide
    };
    let signed = i128::from_le_bytes(extend(if negative { 0xff } else { 0 }));
    let unsigned = u128::from_le_bytes(extend(0));
    #[allow(
        clippy::cast_possible_truncation,
        reason = "the widths are those of the types"
    )]
    match kind {
        Type::Bool => Value::Bool(unsigned != 0),
        Type::TinyInt | Type::SmallInt | Type::Int | Type::BigInt => Value::Int(signed as i64),
        Type::Timestamp => Value::Timestamp(signed as i64),
        Type::Float => Value::Float(f32::from_bits(unsigned as u32)),
        Type::Double => Value::Double(f64::from_bits(unsigned as u64)),
        Type::Decimal64 { .. } | Type::Decimal128 { .. } => Value::Decimal(signed),
        _ => Value::UInt(unsigned as u64),
    }
}

fn decode_variable(offsets: &[u8], data: &[u8], kind: Type, rows: usize) -> Option<Vec<Value>> {
    let mut cells = Vec::with_capacity(rows);
    for offset in offsets.chunks_exact(4) {
        let Ok(offset) = usize::try_from(i32::from_le_bytes(offset.try_into().ok()?)) else {
            cells.push(Value::Null);
            continue;
        };
        let mut input = Input(data.get(offset..)?);
        let size = if kind == Type::Blob {
            usize::try_from(input.i32()?).ok()?
        } else {
            usize::from(u16::from_le_bytes(input.take(2)?.try_into().ok()?))
        };
        cells.push(variable_value(kind, input.take(size)?)?);
    }
    Some(cells)
}

fn variable_value(kind: Type, bytes: &[u8]) -> Option<Value> {
    Some(match kind {
        Type::Varchar => Value::Text(String::from_utf8(bytes.to_vec()).ok()?),
        Type::Json => Value::Json(String::from_utf8(bytes.to_vec()).ok()?),
        Type::Nchar => {
            let characters = bytes
                .chunks(4)
                .map(|unit| char::from_u32(u32::from_le_bytes(unit.try_into().ok()?)));
            Value::Text(characters.collect::<Option<String>>()?)
        }
        _ => Value::Bytes(bytes.to_vec()),
    })
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;

    use super::*;

    fn cell(kind: Type) -> BoxedStrategy<Value> {
        match kind {
            Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
            Type::TinyInt => any::<i8>()
                .prop_map(|value| Value::Int(value.into()))
                .boxed(),
            Type::SmallInt => any::<i16>()
                .prop_map(|value| Value::Int(value.into()))
                .boxed(),
            Type::Int => any::<i32>()
                .prop_map(|value| Value::Int(value.into()))
                .boxed(),
            Type::BigInt => any::<i64>().prop_map(Value::Int).boxed(),
            Type::UTinyInt => any::<u8>()
                .prop_map(|value| Value::UInt(value.into()))
                .boxed(),
            Type::USmallInt => any::<u16>()
                .prop_map(|value| Value::UInt(value.into()))
                .boxed(),
            Type::UInt => any::<u32>()
                .prop_map(|value| Value::UInt(value.into()))
                .boxed(),
            Type::UBigInt => any::<u64>().prop_map(Value::UInt).boxed(),
            Type::Float => (-1e30_f32..1e30).prop_map(Value::Float).boxed(),
            Type::Double => (-1e300_f64..1e300).prop_map(Value::Double).boxed(),
            Type::Timestamp => any::<i64>().prop_map(Value::Timestamp).boxed(),
            Type::Decimal64 { .. } => any::<i64>()
                .prop_map(|value| Value::Decimal(value.into()))
                .boxed(),
            Type::Decimal128 { .. } => any::<i128>().prop_map(Value::Decimal).boxed(),
            Type::Varchar | Type::Nchar => ".{0,20}".prop_map(Value::Text).boxed(),
            Type::Json => ".{0,20}".prop_map(Value::Json).boxed(),
            Type::Varbinary | Type::Blob | Type::Geometry => {
                vec(any::<u8>(), 0..40).prop_map(Value::Bytes).boxed()
            }
        }
    }

    fn kinds() -> impl Strategy<Value = Vec<Type>> {
        let kinds = [
            Type::Bool,
            Type::TinyInt,
            Type::SmallInt,
            Type::Int,
            Type::BigInt,
            Type::Float,
            Type::Double,
            Type::Varchar,
            Type::Timestamp,
            Type::Nchar,
            Type::UTinyInt,
            Type::USmallInt,
            Type::UInt,
            Type::UBigInt,
            Type::Json,
            Type::Varbinary,
            Type::Decimal128 {
                precision: 38,
                scale: 10,
            },
            Type::Blob,
            Type::Geometry,
            Type::Decimal64 {
                precision: 10,
                scale: 2,
            },
        ];
        vec(proptest::sample::select(kinds.to_vec()), 1..6)
    }

    fn table() -> impl Strategy<Value = (Vec<Type>, Vec<Vec<Value>>)> {
        kinds().prop_flat_map(|kinds| {
            let cells = kinds
                .iter()
                .map(|kind| option::of(cell(*kind)).prop_map(|cell| cell.unwrap_or(Value::Null)));
            let row = cells.collect::<Vec<_>>();
            (Just(kinds), vec(row, 0..20))
        })
    }

    proptest! {
        #[test]
        fn decoding_gives_back_what_was_encoded((kinds, rows) in table(), after in 0_usize..3) {
            let columns: Vec<Column> = kinds.iter().map(|kind| Column { bytes: 40, ..Column::fixed("c", *kind) }).collect();
            let (rows, after) = rows.split_at(rows.len().saturating_sub(after));
            let block = decode(&encode(&columns, rows, after)).unwrap();
            prop_assert_eq!(block.columns.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), kinds);
            prop_assert_eq!(block.rows, rows);
        }

        #[test]
        fn decoding_never_panics(mut bytes in vec(any::<u8>(), 0..200), honest in any::<bool>()) {
            if honest && bytes.len() >= 8 {
                let length = i32::try_from(bytes.len()).unwrap();
                bytes[..4].copy_from_slice(&VERSION.to_le_bytes());
                bytes[4..8].copy_from_slice(&length.to_le_bytes());
                for count in [8, 12] {
                    if let Some(high) = bytes.get_mut(count + 1..count + 4) {
                        high.fill(0);
                    }
                }
            }
            let _ = decode(&bytes);
        }
    }
}
