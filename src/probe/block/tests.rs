use std::time::Duration;

use super::*;
use crate::probe::answer_budget::ANSWER_MEMORY;
use proptest::prelude::*;

/// Decodes `block` with a whole budget.
fn rows(block: &[u8]) -> Result<Vec<Row>, BlockFault> {
    super::rows(block, &mut AnswerBudget::new(Duration::from_secs(60)))
}

fn unhex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// The answer of 3.3.7.5 and of 3.2.2.2 to `select server_version(), 1, null`, after timing and result id.
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
fn recorded_blocks_are_decoded() {
    for (hex, version) in RECORDED {
        let expected = vec![vec![Some(version.to_owned()), Some("1".to_owned()), None]];
        assert_eq!(rows(&unhex(hex)), Ok(expected));
    }
}

/// A block of one varchar column, whose cells have these offsets into `data`.
fn varchar(offsets: &[i32], data: &[u8]) -> Vec<u8> {
    let mut block = Vec::new();
    let rows = i32::try_from(offsets.len()).unwrap();
    for number in [1, 0, rows, 1] {
        block.extend(i32::to_le_bytes(number));
    }
    block.extend([0; HEADER - 16]);
    block.push(8);
    block.extend(i32::to_le_bytes(0));
    block.extend(i32::try_from(data.len()).unwrap().to_le_bytes());
    block.extend(offsets.iter().flat_map(|offset| offset.to_le_bytes()));
    block.extend(data);
    block
}

#[test]
fn cells_sharing_one_text_exceed_memory() {
    let mut data = u16::MAX.to_le_bytes().to_vec();
    data.resize(2 + usize::from(u16::MAX), b'x');
    let shared = varchar(&[0; MOST_ROWS], &data);
    assert!(shared.len() < ANSWER_MEMORY / 50);
    assert_eq!(rows(&shared), Err(BlockFault::Over(OverBudget::Memory)));
    assert_eq!(rows(&varchar(&[0; 8], &data)).map(|rows| rows.len()), Ok(8));
}

#[test]
fn blocks_of_one_answer_share_memory() {
    let mut budget = AnswerBudget::new(Duration::from_secs(60));
    let mut data = 40_000_u16.to_le_bytes().to_vec();
    data.resize(2 + 40_000, b'x');
    let block = varchar(&[0; 16], &data);
    let decoded = (0..64).take_while(|_| super::rows(&block, &mut budget).is_ok());
    assert_eq!(decoded.count(), 4);
}

#[test]
fn decoding_ends_at_deadline() {
    let mut budget = AnswerBudget::new(Duration::ZERO);
    std::thread::sleep(Duration::from_millis(2));
    let decoded = super::rows(&unhex(RECORDED[0].0), &mut budget);
    assert_eq!(decoded, Err(BlockFault::Over(OverBudget::Time)));
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = rows(&bytes);
    }

    #[test]
    fn damaged_block_never_panics(at in 0usize..80, value in any::<u8>(), cut in 0usize..90) {
        let mut bytes = unhex(RECORDED[0].0);
        if let Some(byte) = bytes.get_mut(at) {
            *byte = value;
        }
        bytes.truncate(cut.max(1));
        let _ = rows(&bytes);
    }
}
