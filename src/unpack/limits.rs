//! How much an archive may hold. The vendor's largest known client package has 340 entries, files of 26 MB and 43 MB in all
//! from 11 MB compressed (`transcripts/README.md`); the limits leave an order of magnitude and stop a bomb early.

/// Entries in the archive and the nested one together.
pub(super) const ENTRIES: u64 = 20_000;
/// Bytes of one file.
pub(super) const FILE_SIZE: u64 = 1 << 30;
/// Inflated bytes of the archive and the nested one together.
pub(super) const TOTAL_SIZE: u64 = 4 << 30;
/// Inflated bytes for each compressed one. Libraries reach 4; deflate's own limit, which a bomb comes near, is 1032.
pub(super) const RATIO: u64 = 100;
/// Below so many inflated bytes the ratio is not looked at: a small file may well be all zeros.
pub(super) const RATIO_FROM: u64 = 16 << 20;
/// Bytes of an entry's name: what Linux allows for a path.
pub(super) const NAME: usize = 4096;
/// Bytes of one component of a name: what file systems allow.
pub(super) const COMPONENT: usize = 255;
/// Components of a name.
pub(super) const DEPTH: usize = 32;
/// Bytes of headers in front of an entry: a header, its long names and extensions, and the padding before it. They are held
/// in memory.
pub(super) const HEADERS: u64 = 64 << 10;
/// Zero bytes after an archive's end; tar fills up to its record size, which is 10 KiB unless changed.
pub(super) const PADDING: u64 = 1 << 20;
