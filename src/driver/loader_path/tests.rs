use object::Endianness;
use object::macho;
use object::read::macho::{LoadCommandVariant, MachHeader};
use proptest::prelude::*;

use super::*;

/// A small library: what is random in its commands and its signature.
#[derive(Clone, Debug)]
struct Sample {
    run_paths: Vec<String>,
    /// Free bytes behind the commands.
    space: usize,
    content: usize,
    signature: Option<SampleSignature>,
}

#[derive(Clone, Debug)]
struct SampleSignature {
    kinds: Vec<u8>,
    /// The power of two of its pages.
    page: u8,
    flags: u32,
    has_certificate: bool,
}

impl Sample {
    fn plain() -> Self {
        Self {
            run_paths: Vec::new(),
            space: 64,
            content: 9000,
            signature: None,
        }
    }

    fn signed(kinds: &[u8], page: u8) -> Self {
        let signature = SampleSignature {
            kinds: kinds.to_vec(),
            page,
            flags: 0x2_0002,
            has_certificate: false,
        };
        Self {
            signature: Some(signature),
            ..Self::plain()
        }
    }

    fn library(&self) -> Vec<u8> {
        let mut commands: Vec<Vec<u8>> = self.run_paths.iter().map(|it| run_path(it)).collect();
        let size = commands.iter().map(Vec::len).sum::<usize>() + SEGMENT + SECTION + SEGMENT;
        let size = size + if self.signature.is_some() { 16 } else { 0 };
        let content = HEADER + size + self.space;
        let end = content + self.content;
        commands.insert(0, segment(0, end, Some(content)));
        commands.push(segment(end, 0, None));
        let signature = self.signature.as_ref().map(|it| it.blob(end, None));
        let length = signature.as_ref().map_or(0, Vec::len);
        if self.signature.is_some() {
            commands.push(words(&[LC_CODE_SIGNATURE, 16, end as u32, length as u32]));
        }
        let count = commands.len() as u32;
        let mut bytes = words(&[MAGIC, 0x0100_000c, 0, 6, count, size as u32, 0, 0]);
        bytes.extend(commands.concat());
        bytes.resize(content, 0);
        bytes.extend((0..self.content).map(|it| (it % 251) as u8 + 1));
        assert_eq!(bytes.len(), end);
        if let Some(signature) = &self.signature {
            let blob = signature.blob(end, Some(&bytes));
            bytes.extend(blob);
        }
        bytes
    }
}

impl SampleSignature {
    /// The signature of `bytes`, which end at `limit`; without them, with empty hashes.
    fn blob(&self, limit: usize, bytes: Option<&[u8]>) -> Vec<u8> {
        let mut blobs: Vec<(u32, Vec<u8>)> = Vec::new();
        for (index, number) in self.kinds.iter().enumerate() {
            let kind = HashKind::of(*number).unwrap();
            let page = 1 << self.page;
            let slots = limit.div_ceil(page);
            let mut hashes = Vec::new();
            for slot in 0..slots {
                let content = bytes.map(|it| &it[slot * page..((slot + 1) * page).min(limit)]);
                hashes.extend(content.map_or(vec![0; kind.size()], |it| kind.hash(it)));
            }
            let length = 44 + 2 + hashes.len();
            let head = [
                CODE_DIRECTORY,
                length as u32,
                0x2_0400,
                self.flags,
                46,
                44,
                0,
                slots as u32,
                limit as u32,
            ];
            let mut blob: Vec<u8> = head.iter().flat_map(|it| it.to_be_bytes()).collect();
            blob.extend([kind.size() as u8, *number, 0, self.page, 0, 0, 0, 0]);
            blob.extend(b"a\0");
            blob.extend(hashes);
            let slot = if index == 0 {
                0
            } else {
                0x1000 + index as u32 - 1
            };
            blobs.push((slot, blob));
        }
        let certificate = if self.has_certificate { 4 } else { 0 };
        let mut last = 0xfade_0b01_u32.to_be_bytes().to_vec();
        last.extend((EMPTY_BLOB + certificate).to_be_bytes());
        last.extend(vec![1; certificate as usize]);
        blobs.push((CERTIFICATE_SLOT, last));
        let mut at = 12 + blobs.len() * 8;
        let length = at + blobs.iter().map(|it| it.1.len()).sum::<usize>();
        let mut all: Vec<u8> = [SIGNATURE, length as u32, blobs.len() as u32]
            .iter()
            .flat_map(|it| it.to_be_bytes())
            .collect();
        for (slot, blob) in &blobs {
            all.extend(slot.to_be_bytes());
            all.extend((at as u32).to_be_bytes());
            at += blob.len();
        }
        all.extend(blobs.into_iter().flat_map(|it| it.1));
        all
    }
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|it| it.to_le_bytes()).collect()
}

fn run_path(path: &str) -> Vec<u8> {
    let size = (12 + path.len() + 1).next_multiple_of(8);
    let mut command = words(&[LC_RPATH, size as u32, 12]);
    command.extend(path.as_bytes());
    command.resize(size, 0);
    command
}

/// A segment of `size` bytes at `start`, with a section at `section`.
fn segment(start: usize, size: usize, section: Option<usize>) -> Vec<u8> {
    let sections = usize::from(section.is_some());
    let mut command = words(&[LC_SEGMENT_64, (SEGMENT + sections * SECTION) as u32]);
    command.extend([b'_'; 16]);
    for value in [start, size, start, size] {
        command.extend((value as u64).to_le_bytes());
    }
    command.extend(words(&[7, 5, sections as u32, 0]));
    if let Some(at) = section {
        let mut section = vec![b'_'; 32];
        section.extend([0; 16]);
        section.extend(words(&[at as u32, 0, 0, 0, 0, 0, 0, 0]));
        command.extend(section);
    }
    command
}

fn added(library: &[u8]) -> Vec<u8> {
    match add_loader_path(library).unwrap() {
        RunPathEdit::Added(new) => new,
        RunPathEdit::Present => panic!("it has the run path"),
    }
}

/// Checks that `new` is `old` with one more run path, as another reader sees it, and a valid signature.
fn check(old: &[u8], new: &[u8]) {
    assert_eq!(old.len(), new.len());
    let header = macho::MachHeader64::<Endianness>::parse(new, 0).unwrap();
    let mut commands = header.load_commands(Endianness::Little, new, 0).unwrap();
    let mut paths = Vec::new();
    while let Some(command) = commands.next().unwrap() {
        if let LoadCommandVariant::Rpath(path) = command.variant().unwrap() {
            let path = command.string(Endianness::Little, path.path).unwrap();
            paths.push(String::from_utf8_lossy(path).into_owned());
        }
    }
    assert_eq!(paths.last().map(String::as_bytes), Some(PATH));
    assert_eq!(add_loader_path(new), Ok(RunPathEdit::Present));
    let layout = MachoLayout::read(old).unwrap();
    let (start, end) = (layout.end, layout.end + ADDED);
    let until = layout.signature.as_ref().map_or(old.len(), |it| it.start);
    assert_eq!(old[end..until], new[end..until]);
    assert_eq!(old[24..start], new[24..start]);
    if let Some(place) = &layout.signature {
        // All pages, not only those that changed.
        let pages = signed_pages(new, place, place.start).unwrap();
        assert!(pages.last().unwrap().content.end == place.start);
    }
}

prop_compose! {
    fn any_sample()(
        run_paths in prop::collection::vec("[a-z/@]{1,20}", 0..3),
        space in 32_usize..200,
        content in 1_usize..20_000,
        signature in prop::option::of((prop::collection::vec(1_u8..4, 1..3), prop::sample::select(vec![12_u8, 14]))),
    ) -> Sample {
        let signature = signature.and_then(|(kinds, page)| Sample::signed(&kinds, page).signature);
        Sample { run_paths, space, content, signature }
    }
}

proptest! {
    #[test]
    fn samples_get_loader_path(sample in any_sample()) {
        let old = sample.library();
        check(&old, &added(&old));
    }

    #[test]
    fn damaged_samples_are_read(sample in any_sample(), at in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), cut in any::<prop::sample::Index>()) {
        let mut bytes = sample.library();
        for (index, byte) in at {
            let index = index.index(bytes.len());
            bytes[index] = byte;
        }
        let _ = add_loader_path(&bytes);
        bytes.truncate(cut.index(bytes.len() + 1));
        let _ = add_loader_path(&bytes);
    }
}

#[test]
fn library_that_cannot_be_changed_is_refused() {
    let fault = |sample: &Sample| add_loader_path(&sample.library()).unwrap_err();
    let narrow = Sample {
        space: ADDED - 1,
        ..Sample::plain()
    };
    assert_eq!(fault(&narrow), RunPathFault::NoSpace);
    let mut by_certificate = Sample::signed(&[2], 12);
    by_certificate.signature.as_mut().unwrap().has_certificate = true;
    assert_eq!(fault(&by_certificate), RunPathFault::Signed);
    let mut not_ad_hoc = Sample::signed(&[2], 12);
    not_ad_hoc.signature.as_mut().unwrap().flags = 0;
    assert_eq!(fault(&not_ad_hoc), RunPathFault::Signed);
    // Its first page is not the one that was signed.
    let mut changed = Sample::signed(&[2], 12).library();
    changed[28] ^= 1;
    assert_eq!(add_loader_path(&changed), Err(RunPathFault::Damaged));
    for bytes in [
        &b""[..],
        b"\xcf\xfa\xed\xfe",
        // A class of Java.
        b"\xca\xfe\xba\xbe\0\0\0\x34",
        b"\x7fELF",
    ] {
        assert_eq!(add_loader_path(bytes), Err(RunPathFault::OtherForm));
    }
}

#[test]
fn loader_path_is_found() {
    for path in ["@loader_path", "@loader_path/"] {
        let sample = Sample {
            run_paths: vec!["/a".into(), path.into()],
            ..Sample::plain()
        };
        assert_eq!(add_loader_path(&sample.library()), Ok(RunPathEdit::Present));
    }
    let other = Sample {
        run_paths: vec!["@loader_path/../lib".into()],
        ..Sample::plain()
    };
    check(&other.library(), &added(&other.library()));
}

#[test]
fn each_processor_gets_loader_path() {
    let parts = [Sample::signed(&[1, 2], 12), Sample::plain()].map(|it| it.library());
    let universal = |parts: &[Vec<u8>]| {
        let mut bytes: Vec<u8> = [UNIVERSAL, parts.len() as u32]
            .iter()
            .flat_map(|it| it.to_be_bytes())
            .collect();
        let mut at = 8 + 20 * parts.len();
        for part in parts {
            let fields = [0, 0, at as u32, part.len() as u32, 0];
            bytes.extend(fields.iter().flat_map(|it| it.to_be_bytes()));
            at += part.len();
        }
        bytes.extend(parts.concat());
        bytes
    };
    let old = universal(&parts);
    let new = added(&old);
    assert_eq!(new, universal(&parts.each_ref().map(|it| added(it))));
    assert_eq!(add_loader_path(&new), Ok(RunPathEdit::Present));
    // Parts that overlap, and one that is not in the file.
    let mut overlapping = old.clone();
    overlapping.copy_within(16..20, 36);
    assert_eq!(add_loader_path(&overlapping), Err(RunPathFault::Damaged));
    assert_eq!(
        add_loader_path(&old[..old.len() - 1]),
        Err(RunPathFault::Damaged)
    );
}

#[test]
fn signature_of_a_linker_stays_valid() {
    let package = include_bytes!("../../../tests/it/install/macos_installer/component.pkg");
    let folder = tempfile::tempdir().unwrap();
    let vendor = ["libtaos", "libtaosnative", "libtaosws"].map(str::to_owned);
    crate::unpack::unpack(&package[..], folder.path(), &vendor).unwrap();
    let old = std::fs::read(folder.path().join("lib/libtaosws.3.3.7.5.dylib")).unwrap();
    assert!(MachoLayout::read(&old).unwrap().signature.is_some());
    check(&old, &added(&old));
}
