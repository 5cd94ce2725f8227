//! Rows as connectors take them: all at once, a column after the other. Layouts: reference wire-and-abi, "Block".

use std::ffi::{c_int, c_void};

use crate::outcome::Field;

/// A row's cell: null, or its bytes as they lie where `taos_fetch_row` points.
pub(crate) type Cell = Option<Vec<u8>>;

const VERSION: i32 = 1;
const FLAGS: u32 = 0x8000_0000;

/// Where a column's values lie.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Each has so many bytes.
    Fixed(usize),
    /// Each begins with its length, a u16.
    Text,
    /// Each begins with its length, a u32.
    Blob,
}

/// The values of one column.
struct Column {
    /// True where the row has none.
    nulls: Vec<bool>,
    /// Where each row's value begins in `data`, -1 for null. Empty for a fixed size.
    offsets: Vec<c_int>,
    data: Vec<u8>,
}

/// Columns that stay where they are, and pointers to their values: what `taos_fetch_block` gives.
pub(crate) struct Columns {
    columns: Vec<Column>,
    pointers: Vec<*mut c_void>,
}

impl Columns {
    /// The columns of `rows`; `None` if one has a type that is not sent like this.
    pub(crate) fn of(fields: &[Field], rows: &[Vec<Cell>]) -> Option<Self> {
        let mut columns = columns(fields, rows, |_, cell| cell.to_vec())?;
        let pointers = columns
            .iter_mut()
            .map(|column| column.data.as_mut_ptr().cast())
            .collect();
        Some(Self { columns, pointers })
    }

    /// One pointer a column.
    pub(crate) fn pointers(&mut self) -> *mut *mut c_void {
        self.pointers.as_mut_ptr()
    }

    /// `taos_get_column_data_offset`; `None` for a column that there is not, or of a fixed size.
    pub(crate) fn offsets(&mut self, column: usize) -> Option<*mut c_int> {
        let offsets = &mut self.columns.get_mut(column)?.offsets;
        (!offsets.is_empty()).then_some(offsets.as_mut_ptr())
    }

    /// One truth a row of `column`: whether it is null.
    pub(crate) fn nulls(&self, column: usize) -> Option<&[bool]> {
        Some(&self.columns.get(column)?.nulls)
    }
}

/// The binary block of `rows`, as the server sends it over WebSocket, in words so that it is aligned; `None` if a column has a
/// type that is not sent like this.
pub(crate) fn raw(fields: &[Field], rows: &[Vec<Cell>]) -> Option<Vec<u64>> {
    let columns = columns(fields, rows, |kind, cell| match kind {
        NCHAR => utf_32(cell),
        _ => cell.to_vec(),
    })?;
    let mut block = Vec::new();
    block.extend(VERSION.to_le_bytes());
    block.extend([0; 4]);
    block.extend(length(rows.len()).to_le_bytes());
    block.extend(length(fields.len()).to_le_bytes());
    block.extend(FLAGS.to_le_bytes());
    block.extend(0_u64.to_le_bytes());
    for field in fields {
        block.extend(field.kind.to_le_bytes());
        block.extend(declared(field).to_le_bytes());
    }
    for column in &columns {
        block.extend(length(column.data.len()).to_le_bytes());
    }
    for column in &columns {
        if column.offsets.is_empty() {
            block.extend(bitmap(&column.nulls));
        }
        for offset in &column.offsets {
            block.extend(offset.to_le_bytes());
        }
        block.extend(&column.data);
    }
    block.push(0);
    let total = length(block.len()).to_le_bytes();
    if let Some(field) = block.get_mut(4..8) {
        field.copy_from_slice(&total);
    }
    let words = block.chunks(8).map(|bytes| {
        let mut word = [0; 8];
        word.iter_mut()
            .zip(bytes)
            .for_each(|(slot, byte)| *slot = *byte);
        u64::from_ne_bytes(word)
    });
    Some(words.collect())
}

const NCHAR: i8 = 10;

/// How a type's values lie; `None` for those that rows hold otherwise, as decimals.
fn shape(kind: i8) -> Option<Shape> {
    Some(match kind {
        1 | 2 | 11 => Shape::Fixed(1),
        3 | 12 => Shape::Fixed(2),
        4 | 6 | 13 => Shape::Fixed(4),
        5 | 7 | 9 | 14 => Shape::Fixed(8),
        8 | NCHAR | 15 | 16 | 20 => Shape::Text,
        18 => Shape::Blob,
        _ => return None,
    })
}

/// A field's size as a block tells it.
fn declared(field: &Field) -> i32 {
    match (shape(field.kind), field.kind) {
        (Some(Shape::Text), NCHAR) => field.bytes.saturating_mul(4).saturating_add(2),
        (Some(Shape::Text), _) => field.bytes.saturating_add(2),
        _ => field.bytes,
    }
}

fn columns(
    fields: &[Field],
    rows: &[Vec<Cell>],
    spell: impl Fn(i8, &[u8]) -> Vec<u8>,
) -> Option<Vec<Column>> {
    let columns = fields.iter().enumerate().map(|(index, field)| {
        let cells = rows
            .iter()
            .map(|row| row.get(index).and_then(Option::as_deref));
        Some(column(shape(field.kind)?, cells, |cell| {
            spell(field.kind, cell)
        }))
    });
    columns.collect()
}

fn column<'a>(
    shape: Shape,
    cells: impl Iterator<Item = Option<&'a [u8]>>,
    spell: impl Fn(&[u8]) -> Vec<u8>,
) -> Column {
    let mut column = Column {
        nulls: Vec::new(),
        offsets: Vec::new(),
        data: Vec::new(),
    };
    for cell in cells {
        column.nulls.push(cell.is_none());
        if let Shape::Fixed(width) = shape {
            let end = column.data.len() + width;
            column
                .data
                .extend(cell.unwrap_or_default().iter().take(width));
            column.data.resize(end, 0);
            continue;
        }
        let Some(cell) = cell.map(&spell) else {
            column.offsets.push(-1);
            continue;
        };
        column.offsets.push(length(column.data.len()));
        if shape == Shape::Blob {
            column.data.extend(length(cell.len()).to_le_bytes());
        } else {
            let size = u16::try_from(cell.len()).unwrap_or(u16::MAX);
            column.data.extend(size.to_le_bytes());
        }
        column.data.extend(cell);
    }
    column
}

/// One bit a row, the first the most significant.
fn bitmap(nulls: &[bool]) -> Vec<u8> {
    let byte = |rows: &[bool]| {
        let bits = rows.iter().enumerate();
        bits.fold(0, |byte, (bit, null)| byte | (u8::from(*null) << (7 - bit)))
    };
    nulls.chunks(8).map(byte).collect()
}

fn utf_32(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    text.chars()
        .flat_map(|character| u32::from(character).to_le_bytes())
        .collect()
}

fn length(len: usize) -> i32 {
    i32::try_from(len).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: i8, bytes: i32) -> Field {
        Field {
            name: [0; 65],
            kind,
            bytes,
        }
    }

    #[test]
    fn block_lies_as_the_server_sends_it() {
        let fields = [field(4, 4), field(8, 16), field(NCHAR, 4)];
        let rows = vec![
            vec![
                Some(7_i32.to_le_bytes().to_vec()),
                Some(b"ab".to_vec()),
                Some("é".as_bytes().to_vec()),
            ],
            vec![None, None, None],
        ];
        let mut bytes: Vec<u8> = raw(&fields, &rows)
            .unwrap()
            .iter()
            .flat_map(|word| word.to_ne_bytes())
            .collect();
        let head = 28 + 3 * 5 + 3 * 4;
        let int = [&[0b0100_0000][..], &[7, 0, 0, 0, 0, 0, 0, 0]].concat();
        let text = [&[0, 0, 0, 0, 255, 255, 255, 255][..], &[2, 0, 97, 98]].concat();
        let wide = [
            &[0, 0, 0, 0, 255, 255, 255, 255][..],
            &[4, 0, 0xe9, 0, 0, 0],
        ]
        .concat();
        let data = [int, text, wide].concat();
        assert_eq!(bytes[4..8], length(head + data.len() + 1).to_le_bytes());
        assert_eq!(bytes[8..16], [2, 0, 0, 0, 3, 0, 0, 0]);
        assert_eq!(
            bytes[28..43],
            [4, 4, 0, 0, 0, 8, 18, 0, 0, 0, 10, 18, 0, 0, 0]
        );
        assert_eq!(bytes[43..55], [8, 0, 0, 0, 4, 0, 0, 0, 6, 0, 0, 0]);
        assert_eq!(bytes.split_off(head)[..data.len()], data);
    }

    #[test]
    fn decimal_is_in_no_block() {
        assert!(raw(&[field(17, 16)], &[]).is_none());
        assert!(Columns::of(&[field(21, 8)], &[]).is_none());
    }
}
