use proptest::prelude::*;

use super::*;

#[cfg(target_os = "linux")]
fn driver() -> &'static [u8] {
    static BYTES: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    BYTES.get_or_init(|| std::fs::read(taos_sandbox::driver::built().unwrap()).unwrap())
}

fn added(library: &[u8]) -> Vec<u8> {
    match add_origin(library).unwrap() {
        RunPathEdit::Added(new) => new,
        RunPathEdit::Present => panic!("it has the run path"),
    }
}

/// A small library: what is random in its headers and tables.
#[derive(Clone, Debug)]
struct Sample {
    is_big: bool,
    alignment: u64,
    /// Segments that are not loaded, before and behind those that are.
    others: (usize, usize),
    spare: usize,
    run_path: Option<(bool, String)>,
    has_sections: bool,
    has_program_headers: bool,
    memory_only: u64,
    tail: usize,
}

const NAMES: &[u8] = b"\0libc.so.6\0taos_init\0";

impl Sample {
    fn u32(&self, value: u32) -> [u8; 4] {
        match self.is_big {
            true => value.to_be_bytes(),
            false => value.to_le_bytes(),
        }
    }

    fn u64(&self, value: u64) -> [u8; 8] {
        match self.is_big {
            true => value.to_be_bytes(),
            false => value.to_le_bytes(),
        }
    }

    fn u16(&self, value: u16) -> [u8; 2] {
        match self.is_big {
            true => value.to_be_bytes(),
            false => value.to_le_bytes(),
        }
    }

    fn segment(&self, kind: u32, (offset, address, size, memory): (u64, u64, u64, u64)) -> Vec<u8> {
        let alignment = if kind == elf::PT_LOAD.0 {
            self.alignment
        } else {
            8
        };
        let mut bytes = Vec::new();
        bytes.extend(self.u32(kind));
        bytes.extend(self.u32(6));
        for value in [offset, address, address, size, memory, alignment] {
            bytes.extend(self.u64(value));
        }
        bytes
    }

    fn section(&self, kind: u32, address: u64, offset: u64, size: u64, link: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend(self.u32(0));
        bytes.extend(self.u32(kind));
        bytes.extend(self.u64(2));
        for value in [address, offset, size] {
            bytes.extend(self.u64(value));
        }
        bytes.extend(self.u32(link));
        bytes.extend(self.u32(0));
        bytes.extend(self.u64(8));
        bytes.extend(self.u64(16));
        bytes
    }

    /// The library: header, program headers, names, dynamic section, a tail, section headers.
    fn library(&self) -> Vec<u8> {
        let mut names = NAMES.to_vec();
        let mut entries = vec![(1_u64, 1_u64)];
        if let Some((is_newer, path)) = &self.run_path {
            entries.push((if *is_newer { 29 } else { 15 }, names.len() as u64));
            names.extend(path.as_bytes());
            names.push(0);
        }
        let count = 3 + usize::from(self.has_program_headers) + self.others.0 + self.others.1;
        let names_at = 64 + 56 * count as u64;
        let dynamic_at = (names_at + names.len() as u64).next_multiple_of(16);
        let base = 0x10_0000_u64;
        let base = base.next_multiple_of(self.alignment);
        entries.push((5, base + names_at));
        entries.push((10, names.len() as u64));
        let dynamic_size = 16 * (entries.len() + 1 + self.spare) as u64;
        let tail_at = dynamic_at + dynamic_size;
        let end = tail_at + self.tail as u64;
        let sections_at = end.next_multiple_of(8);

        let mut file = vec![
            0x7f,
            b'E',
            b'L',
            b'F',
            2,
            if self.is_big { 2 } else { 1 },
            1,
        ];
        file.resize(16, 0);
        file.extend(self.u16(3));
        file.extend(self.u16(62));
        file.extend(self.u32(1));
        file.extend(self.u64(0));
        file.extend(self.u64(64));
        file.extend(self.u64(if self.has_sections { sections_at } else { 0 }));
        file.extend(self.u32(0));
        file.extend(self.u16(64));
        file.extend(self.u16(56));
        file.extend(self.u16(u16::try_from(count).unwrap()));
        file.extend(self.u16(64));
        file.extend(self.u16(if self.has_sections { 3 } else { 0 }));
        file.extend(self.u16(0));

        if self.has_program_headers {
            file.extend(self.segment(6, (64, base + 64, 56 * count as u64, 56 * count as u64)));
        }
        for _ in 0..self.others.0 {
            file.extend(self.segment(4, (0, base, 16, 16)));
        }
        file.extend(self.segment(1, (0, base, end, end + self.memory_only)));
        let above = base + (end + self.memory_only).next_multiple_of(self.alignment);
        file.extend(self.segment(1, (0, above, 0, 64)));
        file.extend(self.segment(
            2,
            (dynamic_at, base + dynamic_at, dynamic_size, dynamic_size),
        ));
        for _ in 0..self.others.1 {
            file.extend(self.segment(0x6474_e551, (0, 0, 0, 0)));
        }
        assert_eq!(file.len() as u64, names_at);
        file.extend(&names);
        file.resize(dynamic_at as usize, 0);
        for (tag, value) in &entries {
            file.extend(self.u64(*tag));
            file.extend(self.u64(*value));
        }
        file.resize(tail_at as usize, 0);
        file.resize(end as usize, 0xab);
        if self.has_sections {
            file.resize(sections_at as usize, 0);
            file.resize(sections_at as usize + 64, 0);
            file.extend(self.section(3, base + names_at, names_at, names.len() as u64, 0));
            file.extend(self.section(6, base + dynamic_at, dynamic_at, dynamic_size, 1));
        }
        file
    }
}

prop_compose! {
    fn any_sample()(
        is_big in any::<bool>(),
        alignment in prop_oneof![Just(0x1000_u64), Just(0x10000), Just(0x20_0000), Just(8)],
        others in (0_usize..3, 0_usize..3),
        spare in 0_usize..3,
        run_path in prop::option::of((any::<bool>(), "(/[a-z]{1,6}){0,2}")),
        has_sections in any::<bool>(),
        has_program_headers in any::<bool>(),
        memory_only in 0_u64..10_000,
        tail in 0_usize..100,
    ) -> Sample {
        Sample { is_big, alignment, others, spare, run_path, has_sections, has_program_headers, memory_only, tail }
    }
}

/// The bytes at `address`, as a loader maps them.
fn mapped(library: &[u8], address: u64, size: u64) -> &[u8] {
    let header = Header::parse(library).unwrap();
    let endian = header.endian().unwrap();
    let segments = header.program_headers(endian, library).unwrap();
    let offset = file_offset(segments, endian, address, size).unwrap();
    &library[offset as usize..(offset + size) as usize]
}

/// Checks everything that a loader relies on.
fn check(old: &[u8], new: &[u8], expected: &str) {
    assert_eq!(add_origin(new), Ok(RunPathEdit::Present));
    let (before, after) = (Layout::read(old).unwrap(), Layout::read(new).unwrap());
    assert_eq!(after.run_path().unwrap().as_deref(), Some(expected));
    let endian = after.endian;
    // Old names are where they were, and only the entries of names and run path differ.
    assert!(new[after.names.1.clone()].starts_with(&old[before.names.1.clone()]));
    assert_eq!(
        mapped(new, after.names.0, after.names.1.len() as u64),
        &new[after.names.1.clone()]
    );
    let own = [
        elf::DT_STRTAB,
        elf::DT_STRSZ,
        elf::DT_RUNPATH,
        elf::DT_RPATH,
    ];
    let others = |layout: &Layout| {
        let all = layout.entries.clone();
        all.into_iter()
            .filter(|it| !own.contains(&it.0))
            .collect::<Vec<_>>()
    };
    assert_eq!(others(&before), others(&after));
    // Segments: the old ones in order, and one more, which overlaps none.
    assert_eq!(after.segments.len(), before.segments.len() + 1);
    let loaded: Vec<_> = after
        .segments
        .iter()
        .filter(|it| it.p_type(endian) == elf::PT_LOAD)
        .collect();
    let added = *loaded.last().unwrap();
    for pair in loaded.windows(2) {
        assert!(pair[0].p_vaddr(endian) + pair[0].p_memsz(endian) <= pair[1].p_vaddr(endian));
    }
    let alignment = added.p_align(endian);
    assert_eq!(
        added.p_vaddr(endian) % alignment,
        added.p_offset(endian) % alignment
    );
    assert!(added.p_offset(endian) >= old.len() as u64);
    assert_eq!(
        added.p_offset(endian) + added.p_filesz(endian),
        new.len() as u64
    );
    let dynamic = &after.segments[after.dynamic.0];
    let size = dynamic.p_filesz(endian);
    assert_eq!(
        mapped(new, dynamic.p_vaddr(endian), size),
        &new[after.dynamic.1.clone()]
    );
    let is_moved = after.dynamic.1.start >= old.len();
    let is_written = added.p_flags(endian).0 & elf::PF_W.0 != 0;
    assert_eq!(is_moved, is_written);
    for segment in after.segments {
        if segment.p_type(endian) == elf::PT_PHDR {
            let size = 56 * after.segments.len() as u64;
            assert_eq!(segment.p_filesz(endian), size);
            assert_eq!(
                mapped(new, segment.p_vaddr(endian), size).len() as u64,
                size
            );
        }
    }
    // All other bytes are as they were.
    let changed = old.iter().zip(new).enumerate().filter(|(_, (a, b))| a != b);
    for (at, _) in changed {
        let is_header = (32..40).contains(&at) || (56..58).contains(&at);
        let is_dynamic = before.dynamic.1.contains(&at);
        let sections = before
            .name_section
            .into_iter()
            .chain(before.dynamic_section);
        let is_section = sections
            .into_iter()
            .any(|it| (it + 16..it + 40).contains(&at));
        assert!(is_header || is_dynamic || is_section, "byte {at}");
    }
}

proptest! {
    #[test]
    fn samples_get_run_path(sample in any_sample()) {
        let old = sample.library();
        let expected = match &sample.run_path {
            Some((_, path)) if !path.is_empty() => format!("$ORIGIN:{path}"),
            _ => "$ORIGIN".to_owned(),
        };
        check(&old, &added(&old), &expected);
    }

    #[test]
    fn damaged_samples_are_read(sample in any_sample(), at in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), cut in any::<prop::sample::Index>()) {
        let mut bytes = sample.library();
        for (place, value) in &at {
            let place = place.index(bytes.len());
            bytes[place] = *value;
        }
        if at.len() > 8 {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(RunPathEdit::Added(new)) = add_origin(&bytes) {
            prop_assert!(new.len() <= bytes.len() * 2 + 65_536);
            prop_assert!(Layout::read(&new).is_ok());
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn built_library_gets_run_path() {
    let new = added(driver());
    check(driver(), &new, ORIGIN);
    // Its program headers are behind the bytes that are read of every library.
    let machine = crate::driver::machine::read(&new[..65_536], new.len() as u64);
    assert_eq!(machine.unwrap().os, "linux");
    let cut = crate::driver::machine::read(&new[..65_536], new.len() as u64 - 1);
    assert_eq!(cut, Err(crate::driver::MachineFault::Truncated));
}

#[test]
fn other_files_are_refused() {
    assert_eq!(add_origin(b""), Err(RunPathFault::OtherForm));
    assert_eq!(
        add_origin(b"\x7fELF\x01\x01\x01"),
        Err(RunPathFault::OtherForm)
    );
    assert_eq!(add_origin(&[0; 4096]), Err(RunPathFault::OtherForm));
}

#[test]
fn origin_is_found_in_both_spellings() {
    for path in ["$ORIGIN", "/a:${ORIGIN}", "$ORIGIN/:/b"] {
        assert!(has_origin(path), "{path}");
    }
    for path in ["", "/a", "$ORIGIN/../lib", "ORIGIN"] {
        assert!(!has_origin(path), "{path}");
    }
}
