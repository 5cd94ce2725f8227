//! What a program printed.

use crate::message::{Message, message};
use crate::safety::printable::printable;

/// The line of the server's version.
const VERSION: &str = "server version: ";
/// The line of the row that only taosd has.
const ROW: &str = "row: information_schema";
/// The line of the rows that were written and read back.
const READ: &str = "rows read: 2";

/// Returns the server's version from `output`, if the row, or the rows that were written, are as they should be.
///
/// # Errors
/// The difference.
pub fn read(output: &str, writes: bool) -> Result<String, Message> {
    let lines = || output.lines().map(str::trim);
    let version = lines().find_map(|line| line.strip_prefix(VERSION));
    let version = version.map(str::trim).filter(|it| !it.is_empty());
    let different = |expected: &str| {
        let got: Vec<&str> = lines().filter(|line| !line.is_empty()).collect();
        message!(
            "application-rows",
            expected = expected,
            got = printable(&got.join("; "))
        )
    };
    let Some(version) = version else {
        return Err(different(&format!("{VERSION}…")));
    };
    let expected = if writes { READ } else { ROW };
    let mut rows = lines().filter(|line| line.starts_with("row"));
    let is_right = match writes {
        true => rows.next_back() == Some(expected),
        false => rows.eq([expected]),
    };
    match is_right {
        true => Ok(version.to_owned()),
        false => Err(different(expected)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_must_be_the_expected_one() {
        let good = "server version: 3.3.7.5\nrow: information_schema\n";
        assert_eq!(read(good, false).as_deref(), Ok("3.3.7.5"));
        for bad in [
            "",
            "server version: \nrow: information_schema",
            "server version: 3.3.7.5",
            "server version: 3.3.7.5\nrow: other",
            "server version: 3.3.7.5\nrow: information_schema\nrow: information_schema",
        ] {
            assert!(read(bad, false).is_err(), "{bad}");
        }
    }

    #[test]
    fn written_rows_must_be_read_back() {
        let good = "server version: 3.3.7.5\nrows written: 2\n2026  21.5  x\nrows read: 2\n";
        assert_eq!(read(good, true).as_deref(), Ok("3.3.7.5"));
        assert!(read("server version: 3.3.7.5\nrows read: 1\n", true).is_err());
        assert!(read("server version: 3.3.7.5\nrow: information_schema\n", true).is_err());
    }
}
