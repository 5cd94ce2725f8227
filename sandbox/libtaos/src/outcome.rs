//! What stands behind a `TAOS_RES *`: an error, a number of rows, or rows that are handed out one by one.

use std::collections::VecDeque;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;

use serde_json::Value;

use crate::block::{self, Cell, Columns};
use crate::error::{Error, keep};

/// `TAOS_FIELD`.
#[repr(C)]
#[derive(Clone)]
pub(crate) struct Field {
    pub(crate) name: [c_char; 65],
    pub(crate) kind: i8,
    pub(crate) bytes: i32,
}

/// `TAOS_FIELD_E`; only decimals have digits, and their fields do not tell them here.
#[repr(C)]
pub(crate) struct FieldE {
    pub(crate) name: [c_char; 65],
    pub(crate) kind: i8,
    pub(crate) precision: u8,
    pub(crate) scale: u8,
    pub(crate) bytes: i32,
}

/// The answer to a statement that did not fail.
#[derive(Default)]
pub(crate) struct Rows {
    fields: Vec<Field>,
    precision: c_int,
    affected: c_int,
    rows: Vec<Vec<Cell>>,
}

/// The result of a statement.
pub(crate) struct Outcome {
    error: Option<Error>,
    text: CString,
    answer: Rows,
    next: usize,
    /// The current row's values. Each begins at a multiple of eight bytes, with space before it for its length.
    values: Vec<u64>,
    /// One pointer into `values` a column, NULL for null.
    pointers: Vec<*mut c_void>,
    lengths: Vec<c_int>,
    /// The fields as `taos_fetch_fields_e` gives them, once asked for.
    fields_e: Vec<FieldE>,
    /// What was fetched by the block last.
    columns: Option<Columns>,
    raw: Vec<u64>,
    polled: Option<Polled>,
}

/// What a message of a subscription tells besides its rows, and the blocks that follow the current one.
pub(crate) struct Polled {
    pub(crate) topic: CString,
    pub(crate) database: CString,
    pub(crate) vgroup: i32,
    pub(crate) offset: i64,
    /// The table of the current rows.
    pub(crate) table: Option<CString>,
    /// The whole message, as the server's own clients carry it.
    pub(crate) raw: Vec<u8>,
    blocks: VecDeque<(Option<CString>, Rows)>,
}

impl From<Result<Rows, Error>> for Outcome {
    fn from(answer: Result<Rows, Error>) -> Self {
        let (error, text, answer) = match answer {
            Ok(rows) => (None, c"success".to_owned(), rows),
            Err(error) => (Some(error.clone()), error.c_text(), Rows::default()),
        };
        Self {
            error,
            text,
            answer,
            next: 0,
            values: Vec::new(),
            pointers: Vec::new(),
            lengths: Vec::new(),
            fields_e: Vec::new(),
            columns: None,
            raw: Vec::new(),
            polled: None,
        }
    }
}

impl Outcome {
    /// A message of a subscription.
    pub(crate) fn message(
        topic: CString,
        database: CString,
        vgroup: i32,
        offset: i64,
        raw: Vec<u8>,
        blocks: Vec<(Option<CString>, Rows)>,
    ) -> Self {
        let mut outcome = Self::from(Ok(Rows::default()));
        outcome.polled = Some(Polled {
            topic,
            database,
            vgroup,
            offset,
            table: None,
            raw,
            blocks: blocks.into(),
        });
        outcome.next_block();
        outcome
    }

    /// What a message tells; nothing of another result.
    pub(crate) fn polled(&mut self) -> Option<&Polled> {
        self.polled.as_ref()
    }

    /// Goes on to a message's next block once the rows of this one are taken.
    fn next_block(&mut self) {
        if self.next == self.answer.rows.len()
            && let Some(polled) = &mut self.polled
            && let Some((table, rows)) = polled.blocks.pop_front()
        {
            polled.table = table;
            self.answer = rows;
            self.next = 0;
        }
    }

    /// `taos_errno`.
    pub(crate) fn code(&self) -> c_int {
        self.error.as_ref().map_or(0, Error::number)
    }

    /// What went wrong.
    pub(crate) fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    /// `taos_errstr`.
    pub(crate) fn text(&self) -> &CStr {
        &self.text
    }

    /// `taos_affected_rows`.
    pub(crate) fn affected(&self) -> c_int {
        self.answer.affected
    }

    /// `taos_result_precision`.
    pub(crate) fn precision(&self) -> c_int {
        self.answer.precision
    }

    /// `taos_fetch_fields`.
    pub(crate) fn fields(&mut self) -> &mut [Field] {
        &mut self.answer.fields
    }

    /// `taos_fetch_row`: the next row, `None` at the end. The last row's pointers are good until the next call.
    pub(crate) fn fetch(&mut self) -> Option<&mut [*mut c_void]> {
        self.next_block();
        let row = self.answer.rows.get(self.next)?;
        self.next += 1;
        self.values.clear();
        self.lengths.clear();
        let mut starts = Vec::with_capacity(row.len());
        for value in row {
            let bytes = value.as_deref().unwrap_or_default();
            // As in the real library, the two bytes before a value of variable length hold that length.
            let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
            self.values.push(u64::from_ne_bytes(length_slot(length)));
            starts.push(value.is_some().then_some(self.values.len()));
            self.values.extend(bytes.chunks(8).map(word));
            if bytes.is_empty() {
                self.values.push(0);
            }
            self.lengths
                .push(c_int::try_from(bytes.len()).unwrap_or(c_int::MAX));
        }
        // Pointers are taken when nothing moves `values` any more.
        let values = &mut self.values;
        self.pointers = starts
            .into_iter()
            .map(|start| {
                start
                    .and_then(|start| values.get_mut(start..))
                    .map_or(ptr::null_mut(), |tail| tail.as_mut_ptr().cast())
            })
            .collect();
        Some(&mut self.pointers)
    }

    /// `taos_fetch_fields_e`.
    pub(crate) fn fields_e(&mut self) -> &mut [FieldE] {
        let fields = self.answer.fields.iter().map(|field| FieldE {
            name: field.name,
            kind: field.kind,
            precision: 0,
            scale: 0,
            bytes: field.bytes,
        });
        self.fields_e = fields.collect();
        &mut self.fields_e
    }

    /// Makes columns of the rows that are left; gives their number, or an error's.
    pub(crate) fn fetch_columns(&mut self) -> c_int {
        self.next_block();
        let rows = self.answer.rows.get(self.next..).unwrap_or_default();
        let count = c_int::try_from(rows.len()).unwrap_or(c_int::MAX);
        self.columns = Columns::of(&self.answer.fields, rows);
        self.taken(self.columns.is_some(), count)
    }

    /// What [`Self::fetch_columns`] made.
    pub(crate) fn columns(&mut self) -> Option<&mut Columns> {
        self.columns.as_mut()
    }

    /// Makes one binary block of the rows that are left; gives their number, or an error's.
    pub(crate) fn fetch_raw(&mut self) -> c_int {
        self.next_block();
        let rows = self.answer.rows.get(self.next..).unwrap_or_default();
        let count = c_int::try_from(rows.len()).unwrap_or(c_int::MAX);
        let raw = block::raw(&self.answer.fields, rows);
        let made = raw.is_some();
        self.raw = raw.unwrap_or_default();
        self.taken(made, count)
    }

    /// What [`Self::fetch_raw`] made; null if nothing.
    pub(crate) fn raw(&mut self) -> *mut c_void {
        if self.raw.is_empty() {
            ptr::null_mut()
        } else {
            self.raw.as_mut_ptr().cast()
        }
    }

    /// The rows that are left were taken: their number, or the error that a block could not be `made` of them.
    fn taken(&mut self, made: bool, count: c_int) -> c_int {
        self.next = self.answer.rows.len();
        let lengths = self.answer.fields.iter().map(|field| field.bytes);
        self.lengths = lengths.collect();
        if made {
            return count;
        }
        let text = "The stand-in driver sends decimals by the row alone";
        keep(self.error.insert(Error::new(0x0100, text)))
    }

    /// `taos_fetch_lengths`: the byte lengths of the current row's values; after a block, what the columns were declared with.
    pub(crate) fn lengths(&mut self) -> &mut [c_int] {
        &mut self.lengths
    }
}

impl Rows {
    /// Rows that were written.
    pub(crate) fn affected(&self) -> c_int {
        self.affected
    }

    /// Reads a server's answer to a query.
    pub(crate) fn read(answer: &Value) -> Result<Self, Error> {
        parse(answer).ok_or_else(|| {
            Error::new(
                0x0018,
                "The stand-in server sent an answer that cannot be read",
            )
        })
    }
}

/// An answer as rows.
fn parse(answer: &Value) -> Option<Rows> {
    let number = |name: &str| {
        answer
            .get(name)
            .and_then(Value::as_i64)
            .and_then(|n| c_int::try_from(n).ok())
    };
    let list = |name: &str| answer.get(name).and_then(Value::as_array);
    let fields = list("fields").map_or(Some(Vec::new()), |fields| {
        fields.iter().map(field).collect()
    })?;
    let rows = list("rows").map_or(Some(Vec::new()), |rows| {
        rows.iter()
            .map(|row| {
                row.as_array()?
                    .iter()
                    .map(value)
                    .collect::<Option<Vec<_>>>()
            })
            .collect()
    })?;
    let right_width = |row: &Vec<_>| row.len() == fields.len();
    rows.iter().all(right_width).then(|| Rows {
        precision: number("precision").unwrap_or(0),
        affected: number("affected").unwrap_or(0),
        fields,
        rows,
    })
}

/// A name in the space that fields have for it.
pub(crate) fn name(text: &str) -> [c_char; 65] {
    let mut name = [0; 65];
    // The last byte stays NUL.
    for (slot, byte) in name.iter_mut().take(64).zip(text.bytes()) {
        *slot = c_char::from_ne_bytes([byte]);
    }
    name
}

/// A field's description.
fn field(field: &Value) -> Option<Field> {
    Some(Field {
        name: name(field.get("name")?.as_str()?),
        kind: i8::try_from(field.get("type")?.as_i64()?).ok()?,
        bytes: i32::try_from(field.get("bytes")?.as_i64()?).ok()?,
    })
}

/// A value: null, or the bytes of its hexadecimal form. The outer `None` is nonsense.
pub(crate) fn value(value: &Value) -> Option<Cell> {
    if value.is_null() {
        return Some(None);
    }
    let digits = value.as_str()?.as_bytes();
    let nibble = |digit: &u8| {
        char::from(*digit)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(nibble(high)? << 4 | nibble(low)?),
            _ => None,
        })
        .collect::<Option<Vec<u8>>>()
        .map(Some)
}

/// Up to eight bytes as they lie in memory.
fn word(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    for (slot, byte) in word.iter_mut().zip(bytes) {
        *slot = *byte;
    }
    u64::from_ne_bytes(word)
}

/// Eight bytes whose last two are a length.
fn length_slot(length: u16) -> [u8; 8] {
    let [low, high] = length.to_ne_bytes();
    [0, 0, 0, 0, 0, 0, low, high]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_lie_in_memory_as_a_c_program_expects() {
        let answer = json!({"precision": 1, "fields": [
            {"name": "ts", "type": 9, "bytes": 8}, {"name": "note", "type": 8, "bytes": 16}, {"name": "n", "type": 4, "bytes": 4},
        ], "rows": [["0100000000000000", "68656c6c6f20776f726c64", null], ["0200000000000000", "", "07000000"]]});
        let mut outcome = Outcome::from(Rows::read(&answer));
        assert_eq!(
            (outcome.code(), outcome.precision(), outcome.fields().len()),
            (0, 1, 3)
        );
        let row = outcome.fetch().unwrap();
        assert!(row.iter().all(|pointer| pointer.align_offset(8) == 0));
        let (instant, note) = (row[0].cast::<i64>(), row[1].cast::<u8>());
        assert!(row[2].is_null());
        // SAFETY: the first points to eight bytes, the second to eleven with two before them, all in `values`.
        let (instant, note, prefix) = unsafe {
            (
                *instant,
                std::slice::from_raw_parts(note, 11).to_vec(),
                note.cast::<u16>().sub(1).read(),
            )
        };
        assert_eq!(
            (instant.to_le(), note.as_slice(), prefix),
            (1, b"hello world".as_slice(), 11)
        );
        assert_eq!(outcome.lengths(), [8, 11, 0]);
        assert!(!outcome.fetch().unwrap()[1].is_null());
        assert_eq!(outcome.lengths(), [8, 0, 4]);
        assert!(outcome.fetch().is_none());
    }

    #[test]
    fn nonsense_from_the_server_is_an_error() {
        for answer in [
            json!({"fields": [], "rows": [["00"]]}),
            json!({"fields": [{"name": "a", "type": 4, "bytes": 4}], "rows": [["0"]]}),
            json!({"fields": [{"name": "a", "type": 400, "bytes": 4}], "rows": []}),
            json!({"fields": [{"name": "a", "type": 4, "bytes": 4}], "rows": [["zz"]]}),
        ] {
            assert!(Rows::read(&answer).is_err(), "{answer}");
        }
    }
}
