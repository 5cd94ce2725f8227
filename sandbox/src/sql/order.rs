//! The server's hash: the order in which it lists databases and supertables, and the vgroup that keeps a table. Inferred; it
//! gives every order and every place that was recorded.

/// Slots of the table that taosd keeps its databases in.
const SLOTS: u32 = 64;
const SEED: u32 = 0x1234_5678;

/// The slot of a database: `MurmurHash3` of account id and name with the closing zero.
pub(crate) fn slot(database: &str) -> u32 {
    murmur3(format!("1.{database}\0").as_bytes()) % SLOTS
}

/// Which of a database's vgroups keeps a table, counted from 0: each has an equal share of the hashes.
pub(crate) fn vgroup(database: &str, table: &str, vgroups: u32) -> u32 {
    let hash = murmur3(format!("1.{database}.{table}").as_bytes());
    let place = (u64::from(hash) * u64::from(vgroups)) >> 32;
    u32::try_from(place).unwrap_or(0)
}

fn murmur3(key: &[u8]) -> u32 {
    let scramble = |block: u32| {
        block
            .wrapping_mul(0xcc9e_2d51)
            .rotate_left(15)
            .wrapping_mul(0x1b87_3593)
    };
    let mut hash = SEED;
    for chunk in key.chunks(4) {
        let mut block = [0; 4];
        block[..chunk.len()].copy_from_slice(chunk);
        hash ^= scramble(u32::from_le_bytes(block));
        if chunk.len() == 4 {
            hash = hash
                .rotate_left(13)
                .wrapping_mul(5)
                .wrapping_add(0xe654_6b64);
        }
    }
    hash ^= u32::try_from(key.len()).unwrap_or(u32::MAX);
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_vgroups_are_computed() {
        let places = ["d1001", "d1002", "d1003"].map(|table| vgroup("cs4_ado", table, 2));
        assert_eq!(places, [0, 1, 0]);
        assert_eq!(vgroup("cs4_ado", "d1002", 1), 0);
    }

    #[test]
    fn recorded_order_is_kept() {
        let mut names = ["t_low_db", "tr_ms", "tr_us", "tr_ns", "tr_x"];
        names.sort_by_key(|name| slot(name));
        assert_eq!(names, ["tr_ns", "tr_us", "tr_x", "tr_ms", "t_low_db"]);
    }
}
