use proptest::prelude::*;

use super::*;

/// A block of these columns: type, offsets or null bitmap, data.
fn block(rows: i32, columns: &[(u8, Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let mut block = Vec::new();
    for number in [1, 0, rows, i32::try_from(columns.len()).unwrap()] {
        block.extend(i32::to_le_bytes(number));
    }
    block.extend([0; HEADER - 16]);
    for (kind, _, _) in columns {
        block.push(*kind);
        block.extend(i32::to_le_bytes(0));
    }
    for (_, _, data) in columns {
        block.extend(i32::try_from(data.len()).unwrap().to_le_bytes());
    }
    for (_, head, data) in columns {
        block.extend(head);
        block.extend(data);
    }
    block
}

/// Two rows of an instant, a float that is null in the second, and a text that both share.
fn mixed() -> Vec<u8> {
    let offsets: Vec<u8> = [0_i32, 0].iter().flat_map(|at| at.to_le_bytes()).collect();
    block(
        2,
        &[
            (9, vec![0], vec![7; 16]),
            (6, vec![0x40], vec![1; 8]),
            (8, offsets, vec![2, 0, b'o', b'k']),
        ],
    )
}

#[test]
fn rows_of_every_kind_are_counted() {
    assert_eq!(rows(&mixed()), Ok(2));
    assert_eq!(rows(&block(5, &[])), Ok(0));
}

#[test]
fn fewer_values_than_rows_are_malformed() {
    let short = block(3, &[(9, vec![0], vec![7; 16])]);
    assert!(matches!(rows(&short), Err(BlockFault::Malformed(_))));
}

#[test]
fn texts_named_by_many_cells_are_bounded() {
    let mut data = u16::MAX.to_le_bytes().to_vec();
    data.resize(2 + usize::from(u16::MAX), b'x');
    let count = 2 * MOST_TEXT / usize::from(u16::MAX);
    let shared = block(
        i32::try_from(count).unwrap(),
        &[(16, vec![0; count * 4], data)],
    );
    assert_eq!(rows(&shared), Err(BlockFault::Over(OverBudget::Memory)));
}

proptest! {
    #[test]
    fn damaged_block_never_panics(at in 0_usize..110, value in any::<u8>(), cut in 0_usize..110) {
        let mut damaged = mixed();
        if let Some(byte) = damaged.get_mut(at) {
            *byte = value;
        }
        damaged.truncate(damaged.len().saturating_sub(cut));
        let _ = rows(&damaged);
    }
}
