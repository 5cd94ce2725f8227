//! A file that is written next to the place that it will take.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::system::directory::Directory;

/// A written file that has a temporary name until it is published; it is removed otherwise.
pub(super) struct StagedFile {
    directory: Rc<Directory>,
    name: OsString,
    file: File,
    is_published: bool,
}

impl StagedFile {
    /// Writes `content` into a new file in `directory`, with the permissions that the umask leaves.
    pub(super) fn write(directory: &Rc<Directory>, content: &[u8]) -> io::Result<Self> {
        let (name, file) = create(directory)?;
        let mut staged = Self {
            directory: Rc::clone(directory),
            name,
            file,
            is_published: false,
        };
        staged.file.write_all(content)?;
        Ok(staged)
    }

    /// Gives it the owner, the group, and the permissions of `replaced`, but not its setuid, setgid, and sticky bits, and flushes it to
    /// disk. Fails if it cannot have them: a file that root edits must not become root's.
    #[cfg(unix)]
    pub(super) fn take_over_owner_and_mode(&self, replaced: &File) -> io::Result<()> {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
        let (old, new) = (replaced.metadata()?, self.file.metadata()?);
        if old.permissions().readonly() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let uid = (old.uid() != new.uid()).then(|| old.uid());
        let gid = (old.gid() != new.gid()).then(|| old.gid());
        if uid.is_some() || gid.is_some() {
            fchown(&self.file, uid, gid).map_err(|error| {
                io::Error::other(format!(
                    "it belongs to another user or group, which it would lose ({error})"
                ))
            })?;
        }
        let mode = PermissionsExt::from_mode(old.mode() & 0o777);
        self.file.set_permissions(mode)?;
        self.file.sync_all()
    }

    /// Flushes it to disk; Windows keeps owners by directory.
    #[cfg(not(unix))]
    pub(super) fn take_over_owner_and_mode(&self, replaced: &File) -> io::Result<()> {
        if replaced.metadata()?.permissions().readonly() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        self.file.sync_all()
    }

    /// Gives it the name `name`, which nothing may have.
    pub(super) fn publish_new(mut self, name: &OsStr) -> io::Result<()> {
        self.directory.rename_to_new(&self.name, name)?;
        self.is_published = true;
        Ok(())
    }

    /// Gives it the name `name` in place of the file that has it.
    pub(super) fn publish_over(mut self, name: &OsStr) -> io::Result<()> {
        let directory = &self.directory;
        directory.rename(&self.name, directory, name)?;
        self.is_published = true;
        Ok(())
    }
}

impl Drop for StagedFile {
    fn drop(&mut self) {
        if !self.is_published {
            let _ = self.directory.remove(&self.name);
        }
    }
}

/// Creates a file of a name that nothing has.
fn create(directory: &Directory) -> io::Result<(OsString, File)> {
    const TRIES: u32 = 100;
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let mut result = Err(io::ErrorKind::AlreadyExists.into());
    for _ in 0..TRIES {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = OsString::from(format!(".taos-setup-{}-{number}", std::process::id()));
        result = directory.create_shared(&name).map(|file| (name, file));
        match &result {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Ok(_) | Err(_) => break,
        }
    }
    result
}
