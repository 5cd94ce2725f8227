//! Makes macOS packages: cpio in gzip in xar. For the unit tests of this module and for `tests/it`, which includes this file.

use std::fmt::Write as _;
use std::io::Write;

use sha1::{Digest, Sha1};

pub(super) const FILE: u32 = 0o100_644;
pub(super) const PROGRAM: u32 = 0o100_755;
pub(super) const LINK: u32 = 0o120_777;

pub(super) type PayloadSpec<'a> = (u32, &'a str, &'a [u8]);

pub(super) fn odc_entry(mode: u32, links: u32, name: &[u8], content: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "070707{:06o}{:06o}{mode:06o}{:06o}{:06o}{links:06o}{:06o}{:011o}{:06o}{:011o}",
        0,
        1,
        0,
        0,
        0,
        0,
        name.len() + 1,
        content.len()
    )
    .into_bytes();
    bytes.extend([name, b"\0", content].concat());
    bytes
}

pub(super) fn odc(specs: &[PayloadSpec<'_>]) -> Vec<u8> {
    let entries = specs
        .iter()
        .map(|(mode, name, content)| odc_entry(*mode, 1, name.as_bytes(), content));
    entries
        .chain([odc_entry(0, 1, b"TRAILER!!!", b"")])
        .collect::<Vec<_>>()
        .concat()
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

pub(super) fn sha1(bytes: &[u8]) -> Vec<u8> {
    Sha1::digest(bytes).to_vec()
}

/// A file's element in the table of contents.
pub(super) fn file(name: &str, offset: usize, content: &[u8]) -> String {
    let (length, sum) = (content.len(), hex(&sha1(content)));
    format!(
        "<file id=\"1\"><data><length>{length}</length><offset>{offset}</offset><size>{length}</size>\
         <encoding style=\"application/octet-stream\"/><extracted-checksum style=\"sha1\">{sum}</extracted-checksum>\
         <archived-checksum style=\"sha1\">{sum}</archived-checksum></data><type>file</type><name>{name}</name></file>"
    )
}

pub(super) fn header(packed: usize, size: usize) -> Vec<u8> {
    let mut header = b"xar!\0\x1c\0\x01".to_vec();
    header.extend((packed as u64).to_be_bytes());
    header.extend((size as u64).to_be_bytes());
    header.extend(1u32.to_be_bytes());
    header
}

pub(super) const SUM: &str =
    "<checksum style=\"sha1\"><offset>0</offset><size>20</size></checksum>";

/// A xar of this table and what follows the table's own sum in its heap.
pub(super) fn xar(files: &str, heap: &[u8]) -> Vec<u8> {
    xar_of(
        &format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><xar><toc>{SUM}{files}</toc></xar>"),
        heap,
    )
}

pub(super) fn xar_of(toc: &str, heap: &[u8]) -> Vec<u8> {
    let packed = zlib(toc.as_bytes());
    [
        header(packed.len(), toc.len()),
        packed.clone(),
        sha1(&packed),
        heap.to_vec(),
    ]
    .concat()
}

/// A package as productbuild makes it, around a payload.
pub(super) fn package(payload: &[u8]) -> Vec<u8> {
    let scripts = b"scripts";
    let inner = [
        file("Payload", 20, payload),
        file("Scripts", 20 + payload.len(), scripts),
    ]
    .concat();
    let files =
        format!("<file id=\"9\"><name>tdengine.pkg</name><type>directory</type>{inner}</file>");
    xar(&files, &[payload, scripts].concat())
}
