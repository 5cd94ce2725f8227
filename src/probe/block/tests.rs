use super::*;
use proptest::prelude::*;

fn unhex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// `select server_version(), 1, null` (`transcripts/ws.jsonl`, restws.fetch_block; ws_3.2.jsonl, the same), after
/// timing and result id.
const RECORDED: [(&str, &str); 2] = [
    (
        "01000000520000000100000003000000000000800000000000000000080900000005080000000802000000090000000800000000000000000000000700332e332e372e35000100000000000000ffffffff00",
        "3.3.7.5",
    ),
    (
        "01000000510000000100000003000000000000800000000000000000080900000005080000000802000000090000000800000000000000000000000700332e322e322e32000100000000000000ffffffff",
        "3.2.2.2",
    ),
];

#[test]
fn recorded_blocks() {
    for (hex, version) in RECORDED {
        let expected = vec![vec![Some(version.to_owned()), Some("1".to_owned()), None]];
        assert_eq!(rows(&unhex(hex)), Ok(expected));
    }
}

proptest! {
    #[test]
    fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = rows(&bytes);
    }

    #[test]
    fn a_damaged_block_never_panics(at in 0usize..80, value in any::<u8>(), cut in 0usize..90) {
        let mut bytes = unhex(RECORDED[0].0);
        if let Some(byte) = bytes.get_mut(at) {
            *byte = value;
        }
        bytes.truncate(cut.max(1));
        let _ = rows(&bytes);
    }
}
