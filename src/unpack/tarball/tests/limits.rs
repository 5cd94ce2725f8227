//! Streams, misplaced entries, and input that never ends.

use super::*;

#[test]
fn gzip_streams_one_after_another() {
    let plain = tar(&[(FILE, b"T/driver/a", b"", &[7; 4000])]);
    // One archive in two members is one archive (RFC 1952, 2.2), wherever it is cut.
    let members = |bytes: &[u8], at: usize| [gzip(&bytes[..at]), gzip(&bytes[at..])].concat();
    for at in [0, 1, 512, 700, plain.len()] {
        let (unpacked, _around) = unpack_safely(&members(&plain, at));
        assert_eq!(unpacked.unwrap().files[0].size, 4000, "cut at {at}");
    }
    let mut second_damaged = members(&plain, 700);
    let crc = second_damaged.len() - 8;
    second_damaged[crc] ^= 1;
    let nested = package(&[(FILE, b"bin/a", b"", b"1")]);
    let mut nested_damaged = nested.clone();
    let crc = nested_damaged.len() - 8;
    nested_damaged[crc] ^= 1;
    let inside = |nested: &[u8]| refused(&package(&[(FILE, b"T/package.tar.gz", b"", nested)]));
    insta::assert_snapshot!(
        [
            refused(&[gzip(&plain), gzip(&plain)].concat()),
            refused(&[gzip(&plain), b"trailing".to_vec()].concat()),
            refused(&[gzip(&plain), b"\x1f\x8btrailing".to_vec()].concat()),
            refused(&second_damaged),
            inside(&[nested.clone(), nested.clone()].concat()),
            inside(&[nested.clone(), b"trailing".to_vec()].concat()),
            inside(&nested_damaged),
        ]
        .join("\n"), @"
    corrupt: there is data after the end of the archive
    corrupt: there is data after the end of the archive
    corrupt: there is data after the end of the archive
    corrupt: the archive is damaged: corrupt gzip stream does not have a matching checksum
    corrupt: there is data after the end of the archive
    corrupt: there is data after the end of the archive
    corrupt: the archive is damaged: corrupt gzip stream does not have a matching checksum
    ");
}

/// The libraries and files that a client needs are what they are called, and links lead to files next to them.
#[test]
fn directory_or_link_for_a_file_is_refused() {
    const FOLDER: EntryType = EntryType::Directory;
    let inner = |specs: &[Spec<'_>]| {
        let packed = package(specs);
        refused(&package(&[(FILE, b"T/package.tar.gz", b"", &packed)]))
    };
    let library: Spec<'_> = (FILE, b"T/driver/libtaos.so.3.3.7.5", b"", b"1");
    insta::assert_snapshot!(
        [
            refused(&package(&[(FOLDER, b"T/driver/libtaos.so/", b"", b"")])),
            refused(&package(&[(FILE, b"T/driver/libtaosws.so/x", b"", b"1")])),
            refused(&package(&[library, (LINK, b"T/driver/pkgconfig", b"../driver", b"")])),
            refused(&package(&[library, (LINK, b"T/driver/cmake", b".", b"")])),
            refused(&package(&[library, (FILE, b"T/driver/d/x", b"", b"1"), (LINK, b"T/driver/libtaos.so", b"d", b"")])),
            refused(&package(&[library, (FILE, b"T/driver/libssl.so.3", b"", b"1"), (LINK, b"T/driver/libtaosws.so", b"libssl.so.3", b"")])),
            refused(&package(&[(FILE, b"T/LICENSE", b"", b"1"), (LINK, b"T/driver/libtaosws.so", b"../LICENSE", b"")])),
            refused(&package(&[(FILE, b"T/driver", b"", b"1")])),
            refused(&package(&[library, (LINK, b"T/driver", b"x", b"")])),
            inner(&[(FOLDER, b"cfg/taos.cfg/", b"", b"")]),
            inner(&[(FILE, b"cfg/taos.cfg/x", b"", b"1")]),
            inner(&[(FILE, b"inc/taos.h", b"", b"1"), (LINK, b"cfg/taos.cfg", b"../inc/taos.h", b"")]),
            inner(&[(FOLDER, b"bin/taos/", b"", b"")]),
            inner(&[(FOLDER, b"inc/taos.h/", b"", b"")]),
            inner(&[(FILE, b"cfg", b"", b"1")]),
        ]
        .join("\n"),
        @"
    T/driver/libtaos.so/ is a directory, but a file of the client belongs there
    T/driver/libtaosws.so/x is a directory, but a file of the client belongs there
    T/driver/pkgconfig is a link to a directory
    T/driver/cmake is a link to a directory
    T/driver/libtaos.so is a link to a directory
    T/driver/libtaosws.so is a link to a file of another directory
    T/driver/libtaosws.so is a link to a file of another directory
    T/driver is not a directory, but a directory of the client belongs there
    T/driver is a link to something that is not installed
    cfg/taos.cfg/ is a directory, but a file of the client belongs there
    cfg/taos.cfg/x is a directory, but a file of the client belongs there
    cfg/taos.cfg is a link, but a file of the client belongs there
    bin/taos/ is a directory, but a file of the client belongs there
    inc/taos.h/ is a directory, but a file of the client belongs there
    cfg is not a directory, but a directory of the client belongs there
    "
    );
}

#[test]
fn endless_input_without_contents_is_refused() {
    let empty = gzip(b"");
    let start = gzip(&tar(&[(FILE, b"T/driver/libtaos.so.3.3.7.5", b"", b"1")])[..1024]);
    // One member of empty stored blocks.
    let mut stored = b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec();
    stored.extend(b"\0\0\0\xff\xff".repeat(400_000));
    let members = empty.repeat(60_000);
    insta::assert_snapshot!(
        [
            refused(&members),
            refused(&[start.clone(), members.clone()].concat()),
            refused(&stored),
            refused(&package(&[(FILE, b"T/package.tar.gz", b"", &members)])),
            refused(&package(&[(FILE, b"T/package.tar.gz", b"", &stored)])),
        ]
        .join("\n"),
        @"
    corrupt: the archive has more than 20000 gzip members
    corrupt: the archive has more than 20000 gzip members
    the first entry holds more compressed bytes than contents
    corrupt: the archive has more than 20000 gzip members
    T/package.tar.gz holds more compressed bytes than contents
    "
    );
}

#[test]
fn number_of_installed_files_is_limited() {
    let names: Vec<String> = (0..=LIMITS.installed)
        .map(|n| format!("T/driver/{n}"))
        .collect();
    let specs = |count: usize| -> Vec<Spec<'_>> {
        names[..count]
            .iter()
            .map(|name| (FILE, name.as_bytes(), b"".as_slice(), b"".as_slice()))
            .collect()
    };
    // lib and lib/private count too.
    assert!(
        unpack_safely(&package(&specs(LIMITS.installed - 2)))
            .0
            .is_ok()
    );
    assert_eq!(
        refused(&package(&specs(LIMITS.installed - 1))),
        format!(
            "T/driver/{} is one of more than 1000 files to install",
            LIMITS.installed - 2
        )
    );
}
