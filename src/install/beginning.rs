//! What a file is by its first bytes, for telling what came in place of a package.

/// How the vendor's packages begin: gzip for Linux, xar for macOS, an executable for Windows; zip for what is packed again.
const PACKAGES: [&[u8]; 4] = [b"\x1f\x8b", b"xar!", b"MZ", b"PK\x03\x04"];

/// What else comes under a package's name.
const OTHERS: [(&[u8], &str); 9] = [
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"!<arch>\n", "a Debian package"),
    (b"\xed\xab\xee\xdb", "an RPM package"),
    (b"\x7fELF", "a program or library"),
    (
        b"version https://git-lfs",
        "a pointer of Git LFS, not the file itself",
    ),
    (b"{", "JSON, maybe a server's answer"),
];

/// Where tar writes its name into the first header (POSIX.1-1988).
const TAR: (usize, &[u8]) = (257, b"ustar");

/// Whether `head`, a file's first bytes, begins as some kind of package does.
pub(super) fn is_package(head: &[u8]) -> bool {
    PACKAGES.iter().any(|bytes| head.starts_with(bytes))
}

/// What begins with `head`, as a phrase; `None` where that is not known.
pub(super) fn what(head: &[u8]) -> Option<&'static str> {
    if head
        .get(TAR.0..)
        .is_some_and(|rest| rest.starts_with(TAR.1))
    {
        return Some("a tar archive that is not compressed");
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if text.trim_ascii_start().first() == Some(&b'<') {
        return Some("a web page, maybe a server's answer");
    }
    OTHERS
        .iter()
        .find(|(bytes, _)| head.starts_with(bytes))
        .map(|(_, what)| *what)
}

#[cfg(test)]
mod tests;
