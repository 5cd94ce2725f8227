//! A hostile archive becomes a safe tree, whatever its format: the Linux tarball with its archive inside, zip, the macOS
//! package. One pass over the bytes (zip's table stands at its end, so a zip is kept in a nameless file first). Nothing is
//! written but regular files and folders through checked names, and links that were checked last.
//!
//! The attacks of `reference/anchors.md`, 7, here and in the other rooms, and the tests that show them refused. Those of
//! `tests/it/` run the program: exit 4, the entry named, nothing outside staging touched.
//!
//! | attack | tests |
//! | --- | --- |
//! | A1 names that lead outside | `entry_name::tests::hostile_names`, `what_passes_stays_below`; `hostile_entries` of tarball, zip and xar; `a_name_that_leads_outside`, `a_zip_with_a_name_that_leads_outside` |
//! | A2 writing through a link | `hostile_entries` of tarball, zip and xar, `any_entry_stays_inside`; `a_link_that_leads_outside` |
//! | A3 hard links | `hostile_entries` of tarball and xar; zip has none |
//! | A4 modes through links | `modes_and_folders_through_links`: no mode is taken over but one bit, and links are made last |
//! | A5 sizes told twice | `extended_headers_that_readers_could_read_in_two_ways`, `a_pax_header_cannot_pretend` |
//! | A6 zip's two tables | `hostile_entries`, `damage`, `a_changed_byte_never_changes_what_is_written` and `links_and_sizes_behind_the_content` of zip; `a_zip_with_data_behind_it` |
//! | A7 forged receipts | `a_forged_receipt_reaches_nothing_outside`, `a_record_that_names_paths_elsewhere_names_nothing`, `links_of_a_forged_record` |
//! | A8 names used as paths | `no_name_leads_elsewhere`; `a_forged_journal` |
//! | A9 names that are one elsewhere | `names_that_a_forgiving_file_system_takes_for_one`, `hostile_names` |
//! | A10 deleting through a link | `a_link_in_place_of_the_client`, `a_forged_receipt_reaches_nothing_outside` |
//! | A11 bombs | `bombs`; `each_limit_at_its_edge` of tarball, zip and xar; `hostile_tables_of_contents` |
//! | A12 downloads that lie | `what_breaks_off_is_gone_on_with`, `a_file_that_changed_starts_again`, `a_server_without_ranges_starts_again`, `a_part_that_is_not_the_one_asked_for_starts_again`, `more_than_the_end_is_an_error`, `an_end_beyond_the_file_starts_again_once` |
//! | A13 digests that are missing or wrong | `nothing_vouches_and_the_printed_command_works`, `a_wrong_digest`, `a_digest_is_required` |
//! | A14 other bytes than before | `first_use_is_remembered`, `a_trust_file_that_does_not_parse_is_not_passed_over`; the catalog is built in, and no index is fetched |
//! | A15 redirects and secrets | `no_redirect_leaves_https`, `a_password_stays_with_its_server`, `ten_redirects_and_no_more`, `secrets_are_not_printed_again` |
//! | A16 TLS | `an_authority_that_nobody_knows`, `a_certificate_for_another_host`; versions: the stage "dependencies" of the checks |
//! | A17 at once, interrupted, failing disks | `a_hundred_take_one_download_and_all_succeed`, `killed_while_installing`, `a_disk_that_fails_while_installing`, `at_every_step_killed_failing_or_in_another_file_system` |
//! | A18 hostile projects, entities in XML | `symbolic_links`, `a_manifest_that_is_too_large`, `hostile_tables_of_contents` |
//! | A19 another library is loaded | `another_library_on_the_search_path`, `whatever_the_umask_nobody_else_may_write`, `a_folder_that_others_may_write_is_not_used` |
//! | A20 control characters, shell words | `hostile_names`, `never_a_control_character`, `a_zip_with_a_name_that_leads_outside`; `what_a_form_cannot_say`, `a_real_shell_gets_the_values` |
//!
//! Damage and data behind the end: `damage` of tarball and zip, `gzip_streams_one_after_another`, `damage_to_the_payload`.
//! Memory: the fuzz targets of `fuzz/` run under a limit.

mod around;
mod cpio;
mod entry_name;
mod extensions;
mod format;
mod limits;
mod meter;
mod part;
mod payload;
mod pbzx;
mod place;
mod read_error;
mod tarball;
mod tree;
mod walk;
mod writer;
mod xar;
mod xar_toc;
mod zip_archive;
mod zip_directory;

use std::io::{self, BufRead};
use std::path::{Path, PathBuf};

use crate::tdengine::digest::Sha256;

pub use part::{Part, unpack_part};
pub use tree::make_link;

use limits::{LIMITS, Limits};
use walk::Walk;

/// Unpacks the client package that `package` holds into the empty folder `into`. Reads to the end of `package`, so that
/// its own check sums count. On a refusal `into` is left as it is, for the caller to remove.
pub fn unpack(package: impl BufRead, into: &Path) -> Result<Unpacked, Refusal> {
    unpack_within(package, into, LIMITS)
}

fn unpack_within(package: impl BufRead, into: &Path, limits: Limits) -> Result<Unpacked, Refusal> {
    let mut walk = Walk::new(into, limits);
    let walked = format::unpack(&mut walk, package, into);
    walk.finish(walked)
}

/// How a package arranges what it holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// One top folder with `driver/` and, in an archive inside, the rest.
    #[default]
    Linux,
    /// What the Windows installer writes.
    Windows,
    /// What the macOS installer writes.
    Macos,
}

/// What was unpacked.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Unpacked {
    /// Every file, in the archive's order.
    pub files: Vec<UnpackedFile>,
    /// Every symbolic link.
    pub links: Vec<UnpackedLink>,
    /// Names of the archive that are not installed, the first folder or file of each.
    pub left_out: Vec<String>,
    /// Whether the archive held the nested one.
    pub nested: bool,
    /// How the package was arranged.
    pub layout: Layout,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnpackedFile {
    /// Its path in the tree, with `/`.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256.
    pub sha256: Sha256,
}

/// A symbolic link that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnpackedLink {
    /// Its path in the tree, with `/`.
    pub path: String,
    /// What it points to, relative to its own folder.
    pub target: String,
}

/// Why an archive was not unpacked.
#[derive(Debug)]
pub enum Refusal {
    /// It is damaged or cut short; the text is a sentence without a full stop.
    Corrupt(String),
    /// An entry is one that no honest package holds.
    Unsafe {
        /// The entry's name as the archive gives it, not yet safe to print.
        entry: String,
        /// What is wrong with it, a phrase that follows "it".
        reason: String,
    },
    /// It is a program that installs, for Windows, and not opened here.
    WindowsInstaller,
    /// The tree could not be written.
    Unwritable {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

impl Refusal {
    fn unsafe_entry(entry: &str, reason: impl Into<String>) -> Self {
        Self::Unsafe {
            entry: entry.to_owned(),
            reason: reason.into(),
        }
    }
}
