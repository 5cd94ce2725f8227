//! The fields of a file in Debian control format, as R reads it: `Name: value`, and lines that begin with a blank continue the value. A
//! blank line ends the record; `read.dcf` takes the first one of a `DESCRIPTION`.

use std::ops::Range;

use crate::message::message;
use crate::project::edit::EditRefusal;
use crate::project::text::{TextLine, lines};

/// A field of the first record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DescriptionField<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// The bytes behind the colon, to the end of the last line, without its line ending.
    pub(super) value: Range<usize>,
    /// Where the next line begins.
    pub(super) end: usize,
}

/// Reads the fields of the first record of `text`.
///
/// # Errors
/// The line that R cannot read, or that names a field again.
pub(super) fn read_fields(text: &str) -> Result<Vec<DescriptionField<'_>>, EditRefusal> {
    let mut fields: Vec<DescriptionField> = Vec::new();
    for line in lines(text) {
        if line.body.trim().is_empty() {
            // Blank lines before the first field are passed over.
            if fields.is_empty() {
                continue;
            }
            break;
        }
        let end = line.start + line.body.len();
        if line.body.starts_with([' ', '\t']) {
            let Some(field) = fields.last_mut() else {
                return Err(malformed(&line));
            };
            field.value.end = end;
            field.end = line.end();
            continue;
        }
        let colon = line.body.find(':').filter(|at| *at > 0);
        let Some(colon) = colon.filter(|_| !line.body.starts_with(['<', '>', '='])) else {
            return Err(malformed(&line));
        };
        let name = line.body[..colon].trim_end();
        if fields.iter().any(|field| field.name == name) {
            return Err(EditRefusal::unparsable(
                line.number,
                message!("project-description-twice", field = name),
            ));
        }
        fields.push(DescriptionField {
            name,
            value: line.start + colon + 1..end,
            end: line.end(),
        });
    }
    Ok(fields)
}

fn malformed(line: &TextLine) -> EditRefusal {
    EditRefusal::unparsable(line.number, message!("project-description-line"))
}
