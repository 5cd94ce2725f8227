use super::*;

/// Reads `answer` in pieces of `piece` bytes.
fn scanned(answer: &str, piece: usize) -> Result<(u64, String), ScanFault> {
    let mut scanner = RowScanner::default();
    for piece in answer.as_bytes().chunks(piece) {
        scanner.read(piece)?;
    }
    let rest = String::from_utf8_lossy(scanner.rest()).into_owned();
    Ok((scanner.rows(), rest))
}

#[test]
fn rows_are_counted_and_rest_is_kept() {
    let answer = r#"{"code":0,"column_meta":[["a","INT",4],["b","VARCHAR",9]],"data":[[1,"x]\""],[2,null],[3,[4,{"k":"]"}]]],"rows":3}"#;
    let rest = r#"{"code":0,"column_meta":[["a","INT",4],["b","VARCHAR",9]],"data":[],"rows":3}"#;
    for piece in [1, 7, 1000] {
        assert_eq!(scanned(answer, piece), Ok((3, rest.to_owned())));
    }
}

#[test]
fn other_lists_and_texts_named_data_are_no_rows() {
    for answer in [
        r#"{"code":534,"desc":"data: [[1]]"}"#,
        r#"{"column_meta":[["data","INT",4]],"x":[[1],[2]]}"#,
        r#"{"data":{"data":[[1]]}}"#,
    ] {
        assert_eq!(scanned(answer, 3), Ok((0, answer.to_owned())));
    }
}

#[test]
fn rows_that_cannot_be_read_are_faults() {
    assert_eq!(scanned(r#"{"data":[[1,]]}"#, 9), Err(ScanFault::NotJson));
    assert_eq!(scanned(r#"{"data":[{"a":1}]}"#, 9), Err(ScanFault::NotJson));
    let endless = format!(r#"{{"data":[["{}"#, "x".repeat(MOST_OF_ROW));
    assert_eq!(scanned(&endless, 4096), Err(ScanFault::TooLarge));
    let page = "x".repeat(MOST_OF_REST + 1);
    assert_eq!(scanned(&page, 4096), Err(ScanFault::TooLarge));
}
