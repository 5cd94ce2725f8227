//! How much an archive may hold. The vendor's largest known client package has 340 entries, files of 26 MB and 43 MB in all
//! from 11 MB compressed (`transcripts/README.md`); the limits leave an order of magnitude and stop a bomb early.

/// The limits that count bytes and entries. Tests make them small, to stand exactly at one.
#[derive(Clone, Copy, Debug)]
pub(super) struct ArchiveLimits {
    /// Entries in the archive and the nested one together.
    pub(super) entries: u64,
    /// Bytes of one file.
    pub(super) file_size: u64,
    /// Inflated bytes of the archive and the nested one together.
    pub(super) total_size: u64,
    /// Inflated bytes for each compressed one. Libraries reach 4; deflate's own limit, which a bomb comes near, is 1032.
    pub(super) ratio: u64,
    /// Below so many inflated bytes the ratio is not looked at: a small file may well be all zeros.
    pub(super) ratio_from: u64,
    /// Files, directories and links that are installed.
    pub(super) installed: usize,
    /// Compressed bytes that may go into a decompressor before anything comes out.
    pub(super) idle: u64,
    /// Bytes of headers in front of an entry: a header, its long names and extensions, and the padding before it. They are
    /// held in memory.
    pub(super) headers: u64,
    /// Zero bytes after an archive's end; tar fills up to its record size, which is 10 KiB unless changed.
    pub(super) padding: u64,
}

/// The limits that hold for packages.
pub(super) const LIMITS: ArchiveLimits = ArchiveLimits {
    entries: 20_000,
    file_size: 1 << 30,
    total_size: 2 << 30,
    ratio: 100,
    ratio_from: 16 << 20,
    installed: 1000,
    idle: 1 << 20,
    headers: 64 << 10,
    padding: 1 << 20,
};

/// Bytes of an entry's name: what Linux allows for a path.
pub(super) const NAME: usize = 4096;
/// Bytes of one component of a name: what file systems allow.
pub(super) const COMPONENT: usize = 255;
/// Components of a name.
pub(super) const DEPTH: usize = 32;

/// A number of bytes in the largest unit that keeps it whole: `64 KiB`.
pub(super) fn bytes(count: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let whole = units
        .iter()
        .find(|(shift, _)| count >= 1 << shift && count.is_multiple_of(1 << shift));
    match whole {
        Some((shift, unit)) => format!("{} {unit}", count >> shift),
        None => format!("{count} bytes"),
    }
}
