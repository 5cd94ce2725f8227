use super::*;
use proptest::prelude::*;

/// A library of Windows: made by the linker `linker`, loads `imports`, and has the file version `version`.
fn library(linker: (u8, u8), imports: &[&str], version: Option<(u32, u32)>) -> Vec<u8> {
    const ADDRESS: u32 = 0x1000;
    let mut section: Vec<u8> = Vec::new();
    let names_at = 20 * (imports.len() as u32 + 1);
    let mut names: Vec<u8> = Vec::new();
    for import in imports {
        let name = ADDRESS + names_at + names.len() as u32;
        for word in [ADDRESS, 0, 0, name, ADDRESS] {
            section.extend(word.to_le_bytes());
        }
        names.extend(import.as_bytes());
        names.push(0);
    }
    section.extend([0; 20]);
    section.extend(names);
    section.resize(section.len().next_multiple_of(8), 0);
    let resources = ADDRESS + section.len() as u32;
    if let Some((major, minor)) = version {
        let table = |id: u32, offset: u32| {
            let mut bytes = [0; 24];
            bytes[14] = 1;
            bytes[16..20].copy_from_slice(&id.to_le_bytes());
            bytes[20..].copy_from_slice(&offset.to_le_bytes());
            bytes
        };
        section.extend(table(VERSION_RESOURCE.into(), 24 | 1 << 31));
        section.extend(table(1, 48 | 1 << 31));
        section.extend(table(1033, 72));
        for word in [resources + 88, 24, 0, 0] {
            section.extend(word.to_le_bytes());
        }
        for word in [7, 0, SIGNATURE, 0x10000, major << 16 | minor, 0] {
            section.extend(word.to_le_bytes());
        }
    }
    let mut bytes = vec![0; 64];
    bytes[..2].copy_from_slice(b"MZ");
    bytes[60] = 64;
    bytes.extend(b"PE\0\0");
    bytes.extend([0x64, 0x86, 1, 0]);
    bytes.extend(
        [
            [0; 12].as_slice(),
            &240u16.to_le_bytes(),
            &0x2022u16.to_le_bytes(),
        ]
        .concat(),
    );
    let mut optional = [0; 240];
    optional[..2].copy_from_slice(&0x20Bu16.to_le_bytes());
    (optional[2], optional[3]) = linker;
    optional[108] = 16;
    let mut directory = |number: usize, address: u32| {
        let at = 112 + 8 * number;
        optional[at..at + 4].copy_from_slice(&address.to_le_bytes());
        optional[at + 4..at + 8].copy_from_slice(&112u32.to_le_bytes());
    };
    directory(1, ADDRESS);
    if version.is_some() {
        directory(2, resources);
    }
    bytes.extend(optional);
    let mut header = [0; 40];
    header[..6].copy_from_slice(b".rdata");
    let size = section.len() as u32;
    for (at, word) in [(8, size), (12, ADDRESS), (16, size), (20, 368)] {
        header[at..at + 4].copy_from_slice(&word.to_le_bytes());
    }
    bytes.extend(header);
    assert_eq!(bytes.len(), 368);
    bytes.extend(section);
    bytes
}

#[test]
fn library_of_visual_c_needs_runtime_of_its_compiler() {
    for (imports, linker, expected) in [
        (
            &["KERNEL32.dll", "VCRUNTIME140.dll"][..],
            (14, 44),
            Some(VcRuntime(14, 44)),
        ),
        (&["msvcp140.dll"], (14, 29), Some(VcRuntime(14, 29))),
        (&["VCRUNTIME140_1.dll"], (14, 0), Some(VcRuntime(14, 0))),
        (
            &["MSVCP140_ATOMIC_WAIT.dll"],
            (14, 51),
            Some(VcRuntime(14, 51)),
        ),
        (&["KERNEL32.dll", "msvcrt.dll"], (2, 40), None),
        (&["VCRUNTIME140D.dll"], (14, 44), None),
        (&[], (14, 44), None),
    ] {
        let library = library(linker, imports, None);
        assert_eq!(needed(library.as_slice()), expected, "{imports:?}");
    }
}

#[test]
fn newest_of_several_libraries_counts() {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<PathBuf> = [("taos.dll", 38), ("taosnative.dll", 44), ("taosws.dll", 29)]
        .map(|(name, minor)| {
            let file = folder.path().join(name);
            let library = library((14, minor), &["vcruntime140.dll"], None);
            std::fs::write(&file, library).unwrap();
            file
        })
        .to_vec();
    let missing = folder.path().join("missing.dll");
    let all = [files.clone(), vec![missing]].concat();
    let newest = (files[1].clone(), VcRuntime(14, 44));
    assert_eq!(newest_needed(&all), Some(newest));
    assert_eq!(newest_needed(&[]), None);
}

#[test]
fn version_of_file_is_read() {
    let with = library((14, 44), &["KERNEL32.dll"], Some((14, 38)));
    assert_eq!(version_resource(with.as_slice()), Some(VcRuntime(14, 38)));
    let without = library((14, 44), &["KERNEL32.dll"], None);
    assert_eq!(version_resource(without.as_slice()), None);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vcruntime140.dll");
    std::fs::write(&file, with).unwrap();
    assert_eq!(file_version(&file), Some(VcRuntime(14, 38)));
}

#[test]
fn record_of_installer_counts_if_installed() {
    let record = |installed: Option<u32>| {
        recorded(|name| match name {
            "Major" => Some(14),
            "Minor" => Some(44),
            _ => installed,
        })
    };
    assert_eq!(record(Some(1)), Some(VcRuntime(14, 44)));
    assert_eq!(record(Some(0)), None);
    assert_eq!(record(None), None);
    assert_eq!(recorded(|_| None), None);
}

#[test]
fn versions_are_compared_as_numbers() {
    assert!(VcRuntime(14, 9) < VcRuntime(14, 44));
    assert_eq!(VcRuntime(14, 0).to_string(), "14.00");
}

proptest! {
    #[test]
    fn damaged_library_never_panics(at in 0usize..600, value in any::<u8>(), cut in 0usize..600) {
        let mut bytes = library((14, 44), &["VCRUNTIME140.dll"], Some((14, 38)));
        let at = at % bytes.len();
        bytes[at] = value;
        let _ = (needed(bytes.as_slice()), version_resource(bytes.as_slice()));
        bytes.truncate(cut);
        let _ = (needed(bytes.as_slice()), version_resource(bytes.as_slice()));
    }
}
