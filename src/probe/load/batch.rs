//! The table and the statements of a batch insert: the columns that taosBenchmark uses, so that figures can be compared.

use std::fmt::Write;

/// Rows in one statement. A statement stays below the 256 KiB that wait to be sent over WebSocket at most.
pub const ROWS: u64 = 2000;
/// The columns of every table.
pub const COLUMNS: &str = "ts timestamp, current float, voltage int, phase float";

/// Returns the statement that inserts `rows` rows into `table`, a millisecond apart, the first at `first` (in milliseconds). The
/// values differ from row to row, as measured ones do.
pub fn insert(table: &str, first: i64, rows: u64) -> String {
    let mut sql = format!("insert into {table} values");
    for row in 0..rows {
        let instant = first.saturating_add_unsigned(row);
        // The digits of a product with a large odd number look random, and are the same in every run.
        let random = instant.cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        let (current, voltage, phase) = (random % 1000, 200 + random / 7 % 40, random / 300 % 360);
        // Writing to a string cannot fail.
        let _ = write!(
            sql,
            "({instant},{}.{:02},{voltage},0.{phase:03})",
            current / 100,
            current % 100
        );
    }
    sql
}

#[cfg(test)]
mod tests;
