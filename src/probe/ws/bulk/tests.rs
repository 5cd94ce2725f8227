use super::*;

/// The answer to a raw block with this code, message, and end.
fn answer(code: u32, message: &str, end: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0xff; 8];
    bytes.extend(RAW_BLOCK.to_le_bytes());
    bytes.extend(RAW_BLOCK_VERSION.to_le_bytes());
    // Timing and the question's number.
    bytes.extend([0; 16]);
    bytes.extend(code.to_le_bytes());
    bytes.extend(u32::try_from(message.len()).unwrap().to_le_bytes());
    bytes.extend(message.as_bytes());
    bytes.extend(9_u64.to_le_bytes());
    bytes.extend(end);
    bytes
}

#[test]
fn end_and_refusal_are_read() {
    assert_eq!(raw_answer(&answer(0, "", &[1])), Reply::Data(None));
    let refused = Reply::Refused {
        code: 0x2603,
        message: "Table does not exist".into(),
    };
    assert_eq!(
        raw_answer(&answer(0x8000_2603, "Table does not exist", &[])),
        refused
    );
}

#[test]
fn every_cut_answer_is_malformed() {
    let whole = answer(0, "", &[0, 0, 0, 0, 0]);
    for length in 0..whole.len() {
        assert!(
            matches!(raw_answer(&whole[..length]), Reply::Malformed(_)),
            "{length}"
        );
    }
}
