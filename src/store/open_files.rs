//! Files of a client that another program has open. Windows does not delete them, so a change is refused before its first step.

use std::path::Path;

use super::Result;

/// Fails if a file in the directory `client` is open in another program, or is a library that one has loaded. Systems other than
/// Windows remove and replace such files.
///
/// # Errors
///
/// `file-unwritable`, with the first such file.
#[cfg(windows)]
pub(super) fn refuse(client: &Path) -> Result<()> {
    use crate::error::{Error, ErrorId};
    use crate::message::message;
    use crate::safety::printable::{printable, printable_path};

    let mut found = windows::FirstOpen::new(client);
    // What cannot be walked is reported by the change itself.
    let _ = crate::system::directory::Directory::open(client)
        .and_then(|folder| crate::system::directory::walk(&folder, &mut found));
    let Some(file) = found.file() else {
        return Ok(());
    };
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    Err(Error::new(
        ErrorId::FileUnwritable,
        message!("store-write", path = printable_path(client)),
        message!("store-file-open", file = printable_path(file)),
        message!("store-file-open-next", name = printable(&name)),
    ))
}

/// Does nothing.
#[cfg(not(windows))]
pub(super) fn refuse(_client: &Path) -> Result<()> {
    Ok(())
}

#[cfg(windows)]
mod windows {
    use std::ffi::OsStr;
    use std::fs::File;
    use std::io;
    use std::os::windows::fs::OpenOptionsExt;
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    use crate::error::SHARING_VIOLATION;
    use crate::system::directory::{Directory, EntryType, Visitor};

    /// Pauses before a file is looked at again: virus scanners hold one for moments.
    const AGAIN: [Duration; 3] = [
        Duration::from_millis(20),
        Duration::from_millis(60),
        Duration::from_millis(180),
    ];

    /// The first file of a tree that another program has open.
    pub(super) struct FirstOpen<'a> {
        root: &'a Path,
        file: Option<PathBuf>,
    }

    impl<'a> FirstOpen<'a> {
        pub(super) fn new(root: &'a Path) -> Self {
            Self { root, file: None }
        }

        pub(super) fn file(&self) -> Option<&Path> {
            self.file.as_deref()
        }
    }

    impl Visitor for FirstOpen<'_> {
        fn entry(
            &mut self,
            _parent: &Directory,
            _name: &OsStr,
            found: EntryType,
            path: &Path,
        ) -> io::Result<bool> {
            let file = self.root.join(path);
            match found {
                _ if self.file.is_some() => return Ok(false),
                EntryType::Directory => return Ok(true),
                EntryType::File(_) if is_open(&file) => self.file = Some(file),
                EntryType::File(_) | EntryType::Link(_) | EntryType::Special => {}
            }
            Ok(false)
        }
    }

    /// Whether another program has `file` open: it cannot be opened for writing without sharing it. A loaded library has no open
    /// handle, and cannot be written all the same.
    fn is_open(file: &Path) -> bool {
        let is_shared = || {
            let opened = File::options().write(true).share_mode(0).open(file);
            opened.is_err_and(|error| error.raw_os_error() == Some(SHARING_VIOLATION))
        };
        is_shared()
            && AGAIN.iter().all(|pause| {
                std::thread::sleep(*pause);
                is_shared()
            })
    }
}
