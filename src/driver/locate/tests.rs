use super::*;

/// An ELF header for `machine`, 64 bits, little-endian.
fn elf(machine: u8) -> Vec<u8> {
    let mut head = vec![0; 64];
    head[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
    head[16] = 3;
    head[18] = machine;
    head[20] = 1;
    head
}

#[test]
fn loader_passes_over_what_is_for_another_processor() {
    let root = tempfile::tempdir().unwrap();
    let add = |folder: &str, bytes: &[u8]| {
        let folder = root.path().join(folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("libtaos-test.so"), bytes).unwrap();
        folder
    };
    let (other, mine) = (183, 62);
    let folders = [
        add("a", &elf(other)),
        add("b", &elf(mine)),
        add("c", &elf(mine)),
        add("d", b"text"),
    ];
    let seen = |order: &[usize]| {
        let path = std::env::join_paths(order.iter().map(|at| &folders[*at])).unwrap();
        let names = ["libtaos-test.so".to_owned()];
        let located = locate("linux-x64".parse().unwrap(), Some(&path), &names);
        let index = |candidate: &Candidate| {
            folders
                .iter()
                .position(|folder| *folder == candidate.folder)
        };
        (
            located.chosen.as_ref().and_then(index),
            located.passed.len(),
            located.behind.iter().filter_map(index).collect::<Vec<_>>(),
        )
    };
    assert_eq!(
        seen(&[0, 1, 2]),
        (Some(1), 1, vec![]),
        "the same bytes hide nothing"
    );
    assert_eq!(seen(&[0]), (None, 1, vec![]));
    assert_eq!(seen(&[3, 1]), (Some(3), 0, vec![1]), "text ends the search");
    assert_eq!(seen(&[1, 3]), (Some(1), 0, vec![3]));
}
