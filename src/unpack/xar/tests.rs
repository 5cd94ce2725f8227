//! macOS packages made here: cpio in xar, compressed in each of the known ways.

use std::io::Write;

use proptest::prelude::*;

use super::super::limits::{ArchiveLimits, LIMITS};
use super::super::{ArchiveRefusal, PackageLayout, Unpacked, unpack_within};
use crate::safety::printable::printable;

fn vendor() -> Vec<String> {
    ["libtaos", "libtaosnative", "libtaosws"]
        .map(str::to_owned)
        .to_vec()
}

#[path = "../xar_writer.rs"]
mod xar_writer;
use xar_writer::*;

const FOLDER: u32 = 0o040_755;

fn newc_entry(mode: u32, links: u32, name: &[u8], content: &[u8]) -> Vec<u8> {
    let mut bytes = b"070701".to_vec();
    let (size, name_size) = (content.len() as u32, name.len() as u32 + 1);
    for field in [1, mode, 0, 0, links, 0, size, 0, 0, 0, 0, name_size, 0] {
        bytes.extend(format!("{field:08x}").into_bytes());
    }
    bytes.extend([name, b"\0"].concat());
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes.extend(content);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

fn newc(specs: &[PayloadSpec<'_>]) -> Vec<u8> {
    let entries = specs
        .iter()
        .map(|(mode, name, content)| newc_entry(*mode, 1, name.as_bytes(), content));
    entries
        .chain([newc_entry(0, 1, b"TRAILER!!!", b"")])
        .collect::<Vec<_>>()
        .concat()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::XzOptions::with_preset(1);
    let mut encoder = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn pbzx(bytes: &[u8], chunk: usize) -> Vec<u8> {
    let mut stream = [b"pbzx".to_vec(), (chunk as u64).to_be_bytes().to_vec()].concat();
    for chunk in bytes.chunks(chunk) {
        let packed = xz(chunk);
        let packed = if packed.len() < chunk.len() {
            &packed
        } else {
            chunk
        };
        stream.extend((chunk.len() as u64).to_be_bytes());
        stream.extend((packed.len() as u64).to_be_bytes());
        stream.extend(packed);
    }
    stream
}

/// Unpacks into a folder inside an otherwise empty one, and proves that nothing was written beside it.
fn unpack_safely(
    package: &[u8],
    limits: ArchiveLimits,
) -> (Result<Unpacked, ArchiveRefusal>, tempfile::TempDir) {
    let around = tempfile::tempdir().unwrap();
    let into = around.path().join("into");
    std::fs::create_dir(&into).unwrap();
    let unpacked = unpack_within(package, &into, &vendor(), limits);
    let names: Vec<_> = std::fs::read_dir(around.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["into"]);
    (unpacked, around)
}

fn refused_within(package: &[u8], limits: ArchiveLimits) -> String {
    printable(&match unpack_safely(package, limits).0 {
        Err(ArchiveRefusal::Unsafe { entry, reason }) => format!("{entry} {reason}"),
        Err(ArchiveRefusal::Corrupt(reason)) => format!("corrupt: {reason}"),
        other => panic!("{other:?}"),
    })
}

fn refused(package: &[u8]) -> String {
    refused_within(package, LIMITS)
}

const CLIENT: &[PayloadSpec<'_>] = &[
    (FOLDER, ".", b""),
    (FOLDER, "./opt", b""),
    (FOLDER, "./opt/tdengine", b""),
    (FOLDER, "./opt/tdengine/bin", b""),
    (PROGRAM, "./opt/tdengine/bin/taos", b"program"),
    (PROGRAM, "./opt/tdengine/bin/remove_client.sh", b"script"),
    (FILE, "./opt/tdengine/cfg/taos.cfg", b"config"),
    (
        FILE,
        "./opt/tdengine/driver/libtaos.3.3.7.5.dylib",
        &[7; 5000],
    ),
    (
        LINK,
        "./opt/tdengine/driver/libtaos.dylib",
        b"libtaos.3.3.7.5.dylib",
    ),
    (FILE, "./opt/tdengine/include/taos.h", b"header"),
    (FILE, "./opt/tdengine/post.sh", b"script"),
];

#[test]
fn macos_client_in_every_compression() {
    let gzipped: fn(&[u8]) -> Vec<u8> = gzip;
    let ways = [
        gzipped,
        bzip2,
        xz,
        |bytes| pbzx(bytes, 1024),
        |bytes| pbzx(bytes, 16),
        <[u8]>::to_vec,
    ];
    for (way, pack) in ways.iter().enumerate() {
        for archive in [odc(CLIENT), newc(CLIENT)] {
            let (unpacked, around) = unpack_safely(&package(&pack(&archive)), LIMITS);
            let unpacked = unpacked.unwrap_or_else(|error| panic!("way {way}: {error:?}"));
            let paths: Vec<&str> = unpacked
                .files
                .iter()
                .map(|file| file.path.as_str())
                .collect();
            assert_eq!(
                paths,
                [
                    "bin/taos",
                    "etc/taos.cfg",
                    "lib/libtaos.3.3.7.5.dylib",
                    "include/taos.h"
                ]
            );
            assert_eq!(unpacked.links[0].target, "libtaos.3.3.7.5.dylib");
            assert_eq!(
                unpacked.left_out,
                ["Scripts", "bin/remove_client.sh", "post.sh"]
            );
            assert_eq!(unpacked.layout, PackageLayout::Macos);
            let library = around.path().join("into/lib/libtaos.dylib");
            assert_eq!(std::fs::read(library).unwrap(), [7; 5000]);
        }
    }
    // The other place that the vendor's script knows, and a payload whose place is given elsewhere.
    for prefix in ["./usr/local/taos/", "./"] {
        let name = format!("{prefix}driver/libtaos.dylib");
        let (unpacked, _around) =
            unpack_safely(&package(&gzip(&odc(&[(FILE, &name, b"1")]))), LIMITS);
        assert_eq!(unpacked.unwrap().files[0].path, "lib/libtaos.dylib");
    }
}

#[test]
fn same_file_in_two_places() {
    let unpack = |specs: &[PayloadSpec<'_>]| unpack_safely(&package(&gzip(&odc(specs))), LIMITS);
    let (first, second) = (
        "opt/tdengine/driver/libtaos.dylib",
        "usr/local/lib/libtaos.dylib",
    );
    let (unpacked, _around) = unpack(&[(FILE, first, b"1"), (FILE, second, b"1")]);
    assert_eq!(unpacked.unwrap().files.len(), 1);
    let link: &[u8] = b"../../../opt/tdengine/driver/libtaos.dylib";
    for specs in [
        [(FILE, first, b"1".as_slice()), (LINK, second, link)],
        [(LINK, second, link), (FILE, first, b"1")],
    ] {
        let (unpacked, _around) = unpack(&specs);
        let unpacked = unpacked.unwrap();
        assert_eq!((unpacked.files.len(), unpacked.links.len()), (1, 0));
    }
    for other in [b"2".as_slice(), b"11", b""] {
        let (unpacked, _around) = unpack(&[(FILE, first, b"1"), (FILE, second, other)]);
        assert!(unpacked.is_err(), "{other:?}");
    }
    // One name twice is not a second place.
    let (unpacked, _around) = unpack(&[(FILE, first, b"1"), (FILE, first, b"1")]);
    assert!(unpacked.is_err());
}

#[test]
fn ticket_of_notary_is_accepted() {
    let mut stapled = package(&gzip(&odc(CLIENT)));
    stapled.extend([b"ticket".as_slice(), b"t8lr\x01\0\x01\0", &[0; 8]].concat());
    assert!(unpack_safely(&stapled, LIMITS).0.is_ok());
}

#[test]
fn hostile_entries_are_refused() {
    let of = |entries: &[Vec<u8>]| {
        let trailer = odc_entry(0, 1, b"TRAILER!!!", b"");
        refused(&package(&gzip(&[entries.concat(), trailer].concat())))
    };
    let lone =
        |mode, name: &str, content: &[u8]| of(&[odc_entry(mode, 1, name.as_bytes(), content)]);
    insta::assert_snapshot!(
        [
            lone(FILE, "../escaped", b"1"),
            lone(FILE, "/etc/passwd", b"1"),
            lone(FILE, "driver/nul.dylib", b"1"),
            lone(FILE, "driver/\x1b[2J", b"1"),
            lone(FILE, "driver/a\0b", b"1"),
            lone(FILE, "", b"1"),
            lone(LINK, "driver/out", b"/etc"),
            lone(LINK, "opt/tdengine/driver/out", b"../../../../x"),
            lone(LINK, "opt/tdengine/driver/out", b"../../../x"),
            lone(LINK, "driver/self", b"self"),
            lone(LINK, "driver/dangling", b"nothing"),
            lone(0o020_644, "driver/device", b""),
            lone(0o010_644, "driver/pipe", b""),
            lone(0o140_644, "driver/socket", b""),
            lone(FOLDER, "driver", b"content"),
            lone(FILE, "driver/", b""),
            of(&[odc_entry(FILE, 2, b"driver/hard", b"1")]),
            of(&[newc_entry(FILE, 2, b"driver/hard", b"1")]),
            of(&[odc_entry(FILE, 1, b"driver/a", b"1"), odc_entry(FILE, 1, b"driver/A", b"2")]),
            of(&[odc_entry(FILE, 1, b"driver/a", b"1"), odc_entry(FILE, 1, b"opt/tdengine/driver/a", b"2")]),
            of(&[odc_entry(LINK, 1, b"driver/d", b"."), odc_entry(FILE, 1, b"driver/d/x", b"2")]),
        ]
        .join("\n"), @r"
    ../escaped leads out of its directory (..)
    /etc/passwd has an absolute name
    driver/nul.dylib has the name of a Windows device
    driver/\u{1b}[2J has a control character in its name
    driver/a\u{0}b has a control character in its name
     has an absolute name
    driver/out is a link to an absolute path
    opt/tdengine/driver/out is a link that leads out of the archive
    opt/tdengine/driver/out is a link to something that is not installed
    driver/self is a link that leads to itself
    driver/dangling is a link to nothing in the package
    driver/device is a device
    driver/pipe is a pipe
    driver/socket is of the unknown type 140000
    driver is not a file, but has contents
    driver/ is a file with the name of a directory
    driver/hard is a hard link
    driver/hard is a hard link
    driver/A has a name that another entry has already taken, or goes through one
    opt/tdengine/driver/a has a name that another entry has already taken, or goes through one
    driver/d/x has a name that another entry has already taken, or goes through one
    ");
}

#[test]
fn damage_to_the_payload() {
    let entry = odc_entry(FILE, 1, b"driver/a", b"12345");
    let trailer = odc_entry(0, 1, b"TRAILER!!!", b"");
    let of = |bytes: &[u8]| refused(&package(&gzip(bytes)));
    let with = |at: usize, byte: u8| {
        let mut entry = entry.clone();
        entry[at] = byte;
        of(&[entry, trailer.clone()].concat())
    };
    let mut dirty = newc_entry(FILE, 1, b"driver/a", b"12345");
    let last = dirty.len() - 1;
    dirty[last] = 1;
    let honest = odc(CLIENT);
    let cut = |packed: Vec<u8>| refused(&package(&packed[..packed.len() - 5]));
    let mut flipped = xz(&honest);
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x55;
    let chunk = |size: u64, packed: &[u8]| {
        [
            b"pbzx\0\0\0\0\x01\0\0\0",
            &size.to_be_bytes()[..],
            &(packed.len() as u64).to_be_bytes(),
            packed,
        ]
        .concat()
    };
    insta::assert_snapshot!(
        [
            of(&entry),
            of(&entry[..entry.len() - 2]),
            of(&[entry.clone(), trailer.clone(), b"data".to_vec()].concat()),
            of(&[dirty, trailer.clone()].concat()),
            with(18, b'9'),
            with(18, b'-'),
            with(0, b'1'),
            with(64, b'0'),
            with(64, b'7'),
            of(&odc_entry(0, 1, b"TRAILER!!!", b"1")),
            cut(gzip(&honest)),
            cut(bzip2(&honest)),
            cut(xz(&honest)),
            cut(pbzx(&honest, 1024)),
            refused(&package(&flipped)),
            refused(&package(&chunk(17 << 20, b"x"))),
            refused(&package(&chunk(3, b"12345"))),
            refused(&package(&chunk(500, &xz(&honest)[..100]))),
            refused(&package(&chunk(honest.len() as u64 + 1, &xz(&honest)))),
            refused(&package(b"unknown")),
            refused(&package(b"")),
        ]
        .join("\n"), @"
    corrupt: the archive ends too early
    corrupt: driver/a is cut short
    corrupt: there is data after the end of the archive
    corrupt: there is data between two entries
    corrupt: the archive is damaged: a header is invalid
    corrupt: the archive is damaged: a header is invalid
    corrupt: the archive is damaged: a header is invalid
    corrupt: the name of an entry does not end where its header says
    corrupt: the name of an entry does not end where its header says
    corrupt: the last entry of the archive has contents
    corrupt: the archive ends too early
    corrupt: the archive ends too early
    corrupt: the archive ends too early
    corrupt: the archive ends too early
    corrupt: the archive is damaged: a header is invalid
    corrupt: a chunk of the archive has a wrong length
    corrupt: a chunk of the archive has a wrong length
    corrupt: the archive ends too early
    corrupt: a chunk of the archive has a wrong length
    corrupt: the Payload of the package is compressed in an unknown way; gzip, bzip2, xz, and pbzx are known
    corrupt: the Payload of the package is compressed in an unknown way; gzip, bzip2, xz, and pbzx are known
    ");
}

#[test]
fn hostile_tables_of_contents() {
    let payload = gzip(&odc(CLIENT));
    let good = file("Payload", 20, &payload);
    let with = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        refused(&xar(&good.replacen(from, to, 1), &payload))
    };
    let other = |toc: &str| refused(&xar_of(toc, &payload));
    let honest = xar(&good, &payload);
    assert!(unpack_safely(&honest, LIMITS).0.is_ok());
    let changed = |at: usize, to: u8| {
        let mut package = honest.clone();
        package[at] = to;
        refused(&package)
    };
    let deep = [vec!["<a>"; 100].concat(), vec!["</a>"; 100].concat()].concat();
    let many: String = (0..=1000)
        .map(|at| format!("<file><name>f{at}</name><type>file</type></file>"))
        .collect();
    let length = format!("<length>{}</length>", payload.len());
    insta::assert_snapshot!(
        [
            with("Payload", "../Payload"),
            with("Payload", "a\x1b[2J"),
            with("Payload", "&#80;ayload"),
            with("Payload", "&x;"),
            with("<offset>20</offset>", "<offset>19</offset>"),
            with("<offset>20</offset>", "<offset>21</offset>"),
            with("<offset>20</offset>", "<offset>-1</offset>"),
            with("<offset>20</offset>", "<offset>18446744073709551615</offset>"),
            with("<offset>20</offset>", "<offset>20</offset><offset>20</offset>"),
            with(&length, "<length>9</length>"),
            with("<type>file</type>", "<type>hardlink</type>"),
            with("<type>file</type>", ""),
            with("application/octet-stream", "application/x-gzip"),
            with("<archived-checksum style=\"sha1\">", "<archived-checksum style=\"sha1\">00"),
            with("<archived-checksum style=\"sha1\">", "<archived-checksum style=\"sha1\">x"),
            with("<archived-checksum style=\"sha1\">", "<archived-checksum style=\"md5\">"),
            with("<archived-checksum style=\"sha1\">", "<archived-checksum>"),
            refused(&xar(&[good.clone(), good.clone()].concat(), &payload)),
            refused(&xar(&[good.clone(), good.replace("Payload", "other")].concat(), &payload)),
            refused(&xar(&good.replace("Payload", "other"), &payload)),
            refused(&xar(&deep, b"")),
            refused(&xar(&many, b"")),
            refused(&xar("<file>", b"")),
            other("<!DOCTYPE xar [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><xar><toc/></xar>"),
            other("<xar><toc></toc></xar>"),
            other(&format!("<xar><toc>{SUM}{SUM}</toc></xar>")),
            other("<zip/>"),
            other("not XML"),
            other("<xar a='1' a='2'/>"),
            changed(0, b'y'),
            changed(5, 5),
            changed(7, 2),
            changed(8, 1),
            changed(23, 1),
            changed(40, 0xff),
            changed(honest.len() - payload.len() - 1, b'x'),
            changed(honest.len() - 1, b'x'),
            refused(&honest[..20]),
            refused(&honest[..honest.len() - 1]),
            refused(&[honest.clone(), b"data".to_vec()].concat()),
        ]
        .join("\n"), @r"
    ../Payload leads out of its directory (..)
    a\u{1b}[2J has a control character in its name
    corrupt: the table of contents has an entity or a document type, which it does not need
    corrupt: the table of contents has an entity or a document type, which it does not need
    corrupt: the table of contents gives the same bytes to two files
    corrupt: the Payload of the package is compressed in an unknown way; gzip, bzip2, xz, and pbzx are known
    corrupt: the table of contents has an invalid number
    corrupt: the table of contents gives a place that does not exist
    corrupt: the table of contents does not have exactly one offset where one must be
    corrupt: the table of contents gives a file two sizes
    Payload is neither a file nor a directory
    corrupt: the table of contents does not have exactly one type where one must be
    Payload is compressed twice
    corrupt: Payload does not match its checksum
    corrupt: the table of contents has an invalid checksum of a file
    corrupt: the package has a checksum of an unknown kind; SHA-1, SHA-256, and SHA-512 are known
    corrupt: the package has a checksum of an unknown kind; SHA-1, SHA-256, and SHA-512 are known
    Payload has a name that another entry has already taken, or goes through one
    corrupt: the table of contents gives the same bytes to two files
    corrupt: the package has no Payload, which contains its files
    corrupt: the table of contents is too deep
    corrupt: the table of contents has more than 1000 files
    corrupt: the table of contents is not well-formed
    corrupt: the table of contents has an entity or a document type, which it does not need
    corrupt: the table of contents does not have exactly one checksum of its own
    corrupt: the table of contents gives the same bytes to two files
    corrupt: the table of contents is not a xar table
    corrupt: the table of contents does not have exactly one checksum of its own
    corrupt: the table of contents is not well-formed
    corrupt: it is not a gzip archive
    corrupt: the package does not have a xar header
    corrupt: the package does not have a xar header
    corrupt: the table of contents is too large
    corrupt: the table of contents does not have the length that the header gives
    corrupt: the archive is damaged: corrupt deflate stream
    corrupt: the table of contents does not match its checksum
    corrupt: the archive is damaged: corrupt gzip stream does not have a matching checksum
    corrupt: the archive ends too early
    corrupt: the archive ends too early
    corrupt: there is data after the end of the archive
    ");
}

#[test]
fn each_limit_at_its_edge() {
    let archive = odc(&[(FILE, "driver/a", &[0; 4000]), (FILE, "x", b"")]);
    let package = package(&gzip(&archive));
    let whole = archive.len() as u64;
    let edge = |at: u64, limits: fn(u64) -> ArchiveLimits| {
        let (unpacked, _around) = unpack_safely(&package, limits(at));
        assert!(unpacked.is_ok(), "{unpacked:?}");
        refused_within(&package, limits(at - 1))
    };
    insta::assert_snapshot!(
        [
            edge(2, |entries| ArchiveLimits { entries, ..LIMITS }),
            edge(4000, |file_size| ArchiveLimits { file_size, ..LIMITS }),
            edge(whole, |total_size| ArchiveLimits { total_size, ..LIMITS }),
            edge(whole, |ratio_from| ArchiveLimits { ratio: 1, ratio_from, ..LIMITS }),
        ]
        .join("\n"), @"
    x is one of more than 1 entries
    driver/a is larger than 3999 bytes
    x makes the package larger than 4249 bytes
    x inflates to more than 1 times its compressed size
    ");
}

#[test]
fn longest_name_is_accepted() {
    let part = "x".repeat(255);
    let name = vec![part.as_str(); 16].join("/");
    let at_limit = format!("{name}/");
    assert!(
        unpack_safely(&package(&gzip(&odc(&[(FOLDER, &at_limit, b"")]))), LIMITS)
            .0
            .is_ok()
    );
    let above = format!("{name}/xx");
    assert_eq!(
        refused(&package(&gzip(&odc(&[(FILE, &above, b"")])))),
        "corrupt: the name of an entry has an impossible length"
    );
}

proptest! {
    #[test]
    fn changed_byte_never_changes_written_files(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let mut package = package(&gzip(&odc(CLIENT)));
        let honest = unpack_safely(&package, LIMITS).0.unwrap();
        let at = at.index(package.len());
        package[at] = to;
        if let Ok(unpacked) = unpack_safely(&package, LIMITS).0 {
            prop_assert_eq!(unpacked.files, honest.files);
        }
    }

    #[test]
    fn any_payload_is_read(
        magic in prop::sample::select(vec!["", "070707", "070701", "pbzx", "BZh9", "\u{1f}"]),
        bytes in prop::collection::vec(any::<u8>(), 0..500),
    ) {
        let _ = unpack_safely(&package(&[magic.as_bytes(), &bytes].concat()), LIMITS);
    }

    #[test]
    fn any_table_is_read(xml in "(<|>|/|a|file|name|\"|&|;|!|\\[| |toc|xar|checksum){0,40}") {
        let _ = unpack_safely(&xar(&xml, b""), LIMITS);
        let _ = unpack_safely(&xar_of(&xml, b""), LIMITS);
    }
}

#[test]
fn endless_payload_without_contents_is_refused() {
    insta::assert_snapshot!(
        [
            refused(&package(&gzip(b"").repeat(19_000).repeat(4))),
            refused(&package(&bzip2(b"").repeat(100_000))),
            refused(&package(&xz(b"").repeat(50_000))),
        ]
        .join("\n"),
        @"
    corrupt: the archive has more than 20000 gzip members
    tdengine.pkg/Payload holds more compressed bytes than contents
    tdengine.pkg/Payload holds more compressed bytes than contents
    "
    );
}
