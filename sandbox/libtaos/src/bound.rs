//! What a program binds, copied out of its memory and put into the form in which the server takes it: that of the WebSocket
//! protocol's `stmt2_bind`, one table a message.

use std::ffi::{c_char, c_int, c_void};
use std::fmt::Write;
use std::ptr;

/// Most rows that one bound column may have.
const MOST_ROWS: usize = 1_000_000;

/// `TAOS_MULTI_BIND`.
#[repr(C)]
pub(crate) struct MultiBind {
    pub(crate) kind: c_int,
    pub(crate) buffer: *mut c_void,
    /// How far values of variable length are apart.
    pub(crate) stride: usize,
    pub(crate) lengths: *mut i32,
    pub(crate) nulls: *mut c_char,
    pub(crate) rows: c_int,
}

/// `TAOS_STMT2_BIND`, whose values of variable length stand one behind the other.
#[repr(C)]
pub(crate) struct Bind {
    kind: c_int,
    buffer: *mut c_void,
    lengths: *mut i32,
    nulls: *mut c_char,
    rows: c_int,
}

/// The values of one `?`.
#[derive(Clone, Default)]
pub(crate) struct Column {
    kind: c_int,
    cells: Vec<Option<Vec<u8>>>,
}

/// What was bound to one table.
#[derive(Clone, Default)]
pub(crate) struct Table {
    pub(crate) name: Option<String>,
    pub(crate) tags: Vec<Column>,
    pub(crate) columns: Vec<Column>,
}

/// The size of a type's values; `None` for those that have their own.
fn width(kind: c_int) -> Option<usize> {
    match kind {
        1 | 2 | 11 => Some(1),
        3 | 12 => Some(2),
        4 | 6 | 13 => Some(4),
        5 | 7 | 9 | 14 => Some(8),
        _ => None,
    }
}

/// Whether a row is null, and its length where it has its own.
///
/// # Safety
/// `nulls` and `lengths` are null or have more than `row` elements.
unsafe fn cell(nulls: *const c_char, lengths: *const i32, row: usize) -> Option<usize> {
    // SAFETY: by the caller's word.
    unsafe {
        if !nulls.is_null() && nulls.add(row).read() != 0 {
            return None;
        }
        let length = if lengths.is_null() {
            0
        } else {
            lengths.add(row).read()
        };
        Some(usize::try_from(length).unwrap_or(0))
    }
}

impl Column {
    /// Copies a `TAOS_MULTI_BIND`.
    ///
    /// # Safety
    /// Its pointers are null or lead to as many elements as it has rows.
    pub(crate) unsafe fn of_multi(bind: &MultiBind) -> Self {
        let rows = usize::try_from(bind.rows).unwrap_or(0).min(MOST_ROWS);
        // Values of a fixed width have no lengths: connectors leave anything there.
        let lengths = match width(bind.kind) {
            Some(_) => ptr::null(),
            None => bind.lengths,
        };
        let value = |row: usize| {
            // SAFETY: by the caller's word.
            let length = unsafe { cell(bind.nulls, lengths, row) }?;
            if bind.buffer.is_null() {
                return None;
            }
            let (start, length) = match width(bind.kind) {
                Some(width) => (row * width, width),
                None => (row * bind.stride, length),
            };
            // SAFETY: by the caller's word.
            Some(unsafe { bytes(bind.buffer, start, length) })
        };
        Self {
            kind: bind.kind,
            cells: (0..rows).map(value).collect(),
        }
    }

    /// Copies a `TAOS_STMT2_BIND`.
    ///
    /// # Safety
    /// As for [`Self::of_multi`].
    pub(crate) unsafe fn of(bind: &Bind) -> Self {
        let rows = usize::try_from(bind.rows).unwrap_or(0).min(MOST_ROWS);
        let mut at = 0;
        let mut cells = Vec::new();
        for row in 0..rows {
            // SAFETY: by the caller's word.
            let length = unsafe { cell(bind.nulls, bind.lengths, row) };
            let (start, length) = match (width(bind.kind), length) {
                (Some(width), Some(_)) => (row * width, width),
                (None, Some(length)) => {
                    at += length;
                    (at - length, length)
                }
                (_, None) => {
                    cells.push(None);
                    continue;
                }
            };
            // SAFETY: by the caller's word.
            cells.push(
                (!bind.buffer.is_null()).then(|| unsafe { bytes(bind.buffer, start, length) }),
            );
        }
        Self {
            kind: bind.kind,
            cells,
        }
    }

    /// Puts further rows behind these.
    pub(crate) fn append(&mut self, more: Self) {
        self.kind = more.kind;
        self.cells.extend(more.cells);
    }

    /// Total length, type, rows, a flag a row for null, whether lengths follow, those, the length of the values, the values.
    fn wire(&self) -> Vec<u8> {
        let fixed = width(self.kind);
        let mut data = self.kind.to_le_bytes().to_vec();
        data.extend(length(self.cells.len()));
        data.extend(self.cells.iter().map(|cell| u8::from(cell.is_none())));
        data.push(u8::from(fixed.is_none()));
        let mut values = Vec::new();
        for cell in &self.cells {
            let bytes = cell.as_deref().unwrap_or_default();
            match fixed {
                // A null keeps its place.
                Some(width) => values.extend(
                    bytes
                        .iter()
                        .copied()
                        .chain(std::iter::repeat(0))
                        .take(width),
                ),
                None => {
                    data.extend(length(bytes.len()));
                    values.extend(bytes);
                }
            }
        }
        data.extend(length(values.len()));
        data.extend(values);
        let mut whole = length(data.len() + 4).to_vec();
        whole.extend(data);
        whole
    }
}

impl Table {
    /// The table's data in hexadecimal.
    pub(crate) fn wire(&self) -> String {
        const HEAD: usize = 28;
        let mut parts = Vec::new();
        let mut place = |part: Option<Vec<u8>>| {
            let at = part.as_ref().map_or(0, |_| HEAD + parts.len());
            parts.extend(part.unwrap_or_default());
            at
        };
        let name = self.name.as_ref().map(|name| {
            let length = u16::try_from(name.len() + 1).unwrap_or(u16::MAX);
            let mut part = length.to_le_bytes().to_vec();
            part.extend(name.bytes().chain([0]));
            part
        });
        let columns = |columns: &[Column]| {
            let data: Vec<u8> = columns.iter().flat_map(Column::wire).collect();
            let mut part = length(data.len()).to_vec();
            part.extend(data);
            (!columns.is_empty()).then_some(part)
        };
        let offsets = [
            place(name),
            place(columns(&self.tags)),
            place(columns(&self.columns)),
        ];
        let counts = [HEAD + parts.len(), 1, self.tags.len(), self.columns.len()];
        let head = counts.into_iter().chain(offsets).flat_map(length);
        head.chain(parts).fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes()
}

/// Bytes of a program's memory.
///
/// # Safety
/// `buffer` leads to that many.
unsafe fn bytes(buffer: *const c_void, start: usize, length: usize) -> Vec<u8> {
    // SAFETY: by the caller's word.
    unsafe { std::slice::from_raw_parts(buffer.cast::<u8>().add(start), length) }.to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_copied_in_both_forms() {
        let mut texts = *b"ab\0cde";
        let (mut lengths, mut nulls) = ([2, 3], [0, 0]);
        let multi = MultiBind {
            kind: 8,
            buffer: texts.as_mut_ptr().cast(),
            stride: 3,
            lengths: lengths.as_mut_ptr(),
            nulls: nulls.as_mut_ptr(),
            rows: 2,
        };
        // SAFETY: the pointers lead to two elements each.
        let column = unsafe { Column::of_multi(&multi) };
        assert_eq!(column.cells, [Some(b"ab".to_vec()), Some(b"cde".to_vec())]);
        let mut numbers = [7_i32, 8];
        let mut nulls = [1, 0];
        let bind = Bind {
            kind: 4,
            buffer: numbers.as_mut_ptr().cast(),
            lengths: ptr::null_mut(),
            nulls: nulls.as_mut_ptr(),
            rows: 2,
        };
        // SAFETY: as above.
        let column = unsafe { Column::of(&bind) };
        assert_eq!(column.cells, [None, Some(8_i32.to_ne_bytes().to_vec())]);
    }

    #[test]
    fn table_is_put_into_the_wire_form() {
        let ints = Column {
            kind: 4,
            cells: vec![Some(vec![1, 0, 0, 0])],
        };
        let table = Table {
            name: Some("t".to_owned()),
            tags: Vec::new(),
            columns: vec![ints],
        };
        assert_eq!(
            table.wire(),
            "3a0000000100000000000000010000001c00000000000000200000000200\
            7400160000001600000004000000010000000000040000000100 0000"
                .replace(' ', "")
        );
    }
}
