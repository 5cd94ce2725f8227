use super::*;
use proptest::prelude::*;

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
fn elf_headers_are_read() {
    assert_eq!(read(&elf(62), 64).unwrap().to_string(), "linux-x64");
    assert_eq!(read(&elf(183), 64).unwrap().to_string(), "linux-arm64");
    assert_eq!(
        read(b"no library at all, but text", 27),
        Err(MachineFault::NotALibrary)
    );
    assert!(read(b"", 0).is_err());
}

/// A Mach-O header for `cpu`, 64 bits, with one segment of the file's bytes up to `end`.
fn macho(cpu: u32, end: u64) -> Vec<u8> {
    let words = [0xfeed_facf, cpu, 0, 6, 1, 72, 0, 0, 0x19, 72];
    let mut head: Vec<u8> = words
        .iter()
        .flat_map(|word: &u32| word.to_le_bytes())
        .collect();
    head.extend([0; 32]);
    head.extend(0u64.to_le_bytes());
    head.extend(end.to_le_bytes());
    head.extend([0; 16]);
    head
}

#[test]
fn mach_o_headers_are_read() {
    let (x64, arm64) = (macho(0x0100_0007, 104), macho(0x0100_000c, 104));
    assert_eq!(read(&x64, 104).unwrap().to_string(), "macos-x64");
    assert_eq!(read(&arm64, 104).unwrap().to_string(), "macos-arm64");
    assert_eq!(read(&arm64, 103), Err(MachineFault::Truncated));
    for wide in [false, true] {
        let number = |value: u64| match wide {
            true => value.to_be_bytes().to_vec(),
            false => (value as u32).to_be_bytes().to_vec(),
        };
        let magic: u32 = if wide { 0xcafe_babf } else { 0xcafe_babe };
        let mut fat = [magic.to_be_bytes(), 2u32.to_be_bytes()].concat();
        for cpu in [0x0100_0007_u32, 0x0100_000c] {
            fat.extend([cpu.to_be_bytes(), [0; 4]].concat());
            fat.extend([number(100), number(50), vec![0; 4]].concat());
            if wide {
                fat.extend([0; 4]);
            }
        }
        assert_eq!(read(&fat, 150).unwrap().to_string(), "macos-x64+arm64");
        assert_eq!(read(&fat, 149), Err(MachineFault::Truncated));
    }
}

/// A universal file of `slices`: the processor, the subtype that the table gives, and the slice.
fn universal(slices: &[(u32, u32, &[u8])]) -> Vec<u8> {
    let mut file = [0xcafe_babe_u32, slices.len() as u32]
        .map(u32::to_be_bytes)
        .concat();
    let mut at = 8 + 20 * slices.len();
    for (cpu, subtype, slice) in slices {
        let fields = [*cpu, *subtype, at as u32, slice.len() as u32, 0];
        file.extend(fields.map(u32::to_be_bytes).concat());
        at += slice.len();
    }
    slices.iter().for_each(|(.., slice)| file.extend(*slice));
    file
}

#[test]
fn slices_of_universal_libraries_are_read() {
    const X64: u32 = 0x0100_0007;
    const ARM64: u32 = 0x0100_000c;
    let platform = |text: &str| text.parse::<Platform>().unwrap();
    let (x64, arm64) = (macho(X64, 104), macho(ARM64, 104));
    let found = |file: &[u8]| read(file, file.len() as u64);
    let only_x64 = found(&universal(&[(X64, 3, &x64)])).unwrap();
    assert_eq!(only_x64.to_string(), "macos-x64");
    assert!(only_x64.serves(platform("macos-x64")));
    assert!(!only_x64.serves(platform("macos-arm64")));
    // What macOS itself is made for, which no program of others loads, in the table and in a lone library.
    let own = found(&universal(&[(X64, 3, &x64), (ARM64, 0x8000_0002, &arm64)])).unwrap();
    assert_eq!(own.to_string(), "macos-x64+arm64e");
    assert!(!own.serves(platform("macos-arm64")));
    let mut lone = arm64.clone();
    lone[8..12].copy_from_slice(&0x8000_0002_u32.to_le_bytes());
    assert_eq!(found(&lone).unwrap().to_string(), "macos-arm64e");
    // 32 bits, as libraries had before 2019.
    let x86 = [[0xce, 0xfa, 0xed, 0xfe], [7, 0, 0, 0]].concat();
    let old = found(&universal(&[(7, 3, &x86), (X64, 3, &x64)])).unwrap();
    assert_eq!(old.to_string(), "macos-x86+x64");
    // Each slice repeats its processor.
    for slice in [&x64[..], &[0; 104]] {
        let file = universal(&[(ARM64, 0, slice)]);
        assert_eq!(found(&file), Err(MachineFault::DamagedHeader));
    }
    // Slices of real libraries begin behind the bytes that are read.
    let file = universal(&[(X64, 3, &x64), (ARM64, 0, &arm64)]);
    let length = file.len() as u64;
    assert_eq!(
        read(&file[..80], length).unwrap().to_string(),
        "macos-x64+arm64"
    );
}

#[test]
fn pe_headers_are_read() {
    let pe = |machine: u16, raw: u32| {
        let mut head = vec![0; 64];
        head[..2].copy_from_slice(b"MZ");
        head[60] = 64;
        head.extend([b"PE\0\0".as_slice(), &machine.to_le_bytes(), &[1, 0]].concat());
        head.extend([[0; 12].as_slice(), &240u16.to_le_bytes(), &[0; 2]].concat());
        head.extend([[0x0b, 2].as_slice(), &[0; 238]].concat());
        let mut section = [0; 40];
        section[16..20].copy_from_slice(&16u32.to_le_bytes());
        section[20..24].copy_from_slice(&raw.to_le_bytes());
        head.extend(section);
        head
    };
    assert_eq!(
        read(&pe(0x8664, 400), 416).unwrap().to_string(),
        "windows-x64"
    );
    assert_eq!(
        read(&pe(0x14c, 400), 416).unwrap().to_string(),
        "windows-x86"
    );
    assert_eq!(read(&pe(0x8664, 400), 415), Err(MachineFault::Truncated));
    assert!(
        read(&pe(0x8664, 0), 368).is_ok(),
        "nothing of the section is in the file"
    );
}

#[test]
fn this_test_is_made_for_this_machine() {
    let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    if let Some(platform) = Platform::host() {
        let length = program.len() as u64;
        assert!(read(&program, length).unwrap().serves(platform));
        if cfg!(target_os = "linux") {
            assert_eq!(read(&program, 4096), Err(MachineFault::Truncated));
        }
    }
}

proptest! {
    #[test]
    fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300), magic in 0usize..7) {
        let magics: [&[u8]; 7] = [b"\xca\xfe\xba\xbf", b"", b"\x7fELF\x02\x01", b"\x7fELF\x01\x02", b"MZ", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe"];
        let _ = read(&[magics[magic], &bytes].concat(), 300);
    }
}
