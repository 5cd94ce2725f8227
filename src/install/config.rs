//! `taos.cfg`: the package's own, with a log folder of the user's.

use std::io;
use std::path::Path;

pub(super) use crate::driver::taos_cfg::edit::{
    splice_first_ep, with_first_ep, with_log_dir, without_log_dir,
};
use crate::error::{Error, ErrorId, describe_io_error};
use crate::message::message;
use crate::safety::printable::printable_path;

/// The endpoint for `firstEp`, `host:port`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstEp {
    /// The endpoint; holds no blank, `#` or `@`.
    pub endpoint: String,
    /// `--first-ep` gave it: then it holds for a client that is there already, too.
    pub asked: bool,
}

/// The error of a `taos.cfg` that is there and cannot be read.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> Error {
    Error::new(
        ErrorId::FileUnreadable,
        message!("store-read", path = printable_path(path)),
        describe_io_error(error),
        message!("install-file-mode-next"),
    )
}
