//! Layout of texts for people, in columns of a terminal: a Chinese character takes two.

use unicode_width::UnicodeWidthStr;

use super::HumanOptions;
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::safety::printable::escape_controls;

/// The least width of the labels of [`fields`].
const LABEL_COLUMNS: usize = 8;

/// Pads `text` with spaces to `columns` of a terminal.
pub fn pad(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(missing))
}

/// Renders `  label     value` lines. Values are printable already.
pub fn fields(fields: &[(Message, String)], locale: Locale) -> String {
    let labels: Vec<String> = fields.iter().map(|(label, _)| label.text(locale)).collect();
    let columns = labels
        .iter()
        .map(|label| label.width())
        .fold(LABEL_COLUMNS, usize::max);
    let lines = labels.iter().zip(fields);
    lines
        .map(|(label, (_, value))| format!("  {}  {value}\n", pad(label, columns)))
        .collect()
}

/// Renders rows of cells in columns; the last cell of a row is not padded.
pub fn columns(rows: &[Vec<String>]) -> Vec<String> {
    let count = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<usize> = (0..count)
        .map(|at| {
            let cells = rows.iter().filter_map(|row| row.get(at));
            cells.map(|cell| cell.width()).max().unwrap_or_default()
        })
        .collect();
    rows.iter()
        .map(|row| {
            let last = row.len().saturating_sub(1);
            let cells = row.iter().zip(&widths).enumerate();
            let cells: Vec<String> = cells
                .map(|(at, (cell, width))| match at == last {
                    true => cell.clone(),
                    false => pad(cell, *width),
                })
                .collect();
            cells.join("  ")
        })
        .collect()
}

/// Renders a line `note: …`.
pub fn note(text: &Message, options: &HumanOptions) -> String {
    let label = message!("output-note").text(options.locale);
    let text = escape_controls(&text.text(options.locale));
    let text = options.stderr.prose(label.width(), 2, text);
    format!("{}{text}\n", options.stderr.warning(label))
}

/// Renders the lines `next: …`, one a command; further ones are aligned with the first.
pub fn next(commands: &[String], options: &HumanOptions) -> String {
    let label = message!("output-next").text(options.locale);
    let indent = " ".repeat(label.width());
    let lines = commands.iter().enumerate();
    lines
        .map(|(at, command)| match at {
            0 => format!("{}{command}\n", options.stderr.strong(&label)),
            _ => format!("{indent}{command}\n"),
        })
        .collect()
}

#[cfg(test)]
mod tests;
