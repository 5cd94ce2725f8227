//! A file that is written next to the place that it will take.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};

#[cfg(unix)]
use crate::error::UnfitFile;
use crate::system::directory::{Directory, EntryType, remove_tree};
use crate::system::processes;
use crate::system::test_fault::step;

/// A written file that has no name, or a temporary one, until it is published; it is removed otherwise.
pub(super) struct StagedFile {
    directory: Rc<Directory>,
    /// The temporary name, if the file system has no files without one.
    name: Option<OsString>,
    file: File,
}

impl StagedFile {
    /// Writes `content` into a new file in `directory`, with the permissions that the umask leaves.
    pub(super) fn write(directory: &Rc<Directory>, content: &[u8]) -> io::Result<Self> {
        let mut staged = Self::create(directory)?;
        staged.file.write_all(content)?;
        Ok(staged)
    }

    fn create(directory: &Rc<Directory>) -> io::Result<Self> {
        remove_stale(directory);
        step()?;
        let (name, file) = match directory.create_unnamed() {
            Ok(file) => (None, file),
            Err(_) => {
                let (name, file) = with_new_name(|name| directory.create_shared(name))?;
                (Some(name), file)
            }
        };
        Ok(Self {
            directory: Rc::clone(directory),
            name,
            file,
        })
    }

    /// Creates an empty file in `directory` that only this user can read and write.
    pub(super) fn create_private(directory: &Rc<Directory>) -> io::Result<Self> {
        let staged = Self::create(directory)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            staged
                .file
                .set_permissions(PermissionsExt::from_mode(0o600))?;
        }
        Ok(staged)
    }

    /// The open file.
    pub(super) const fn handle(&self) -> &File {
        &self.file
    }

    /// Writes `content`, flushes it to disk, and returns another handle of the file.
    pub(super) fn fill(&self, content: &[u8]) -> io::Result<File> {
        (&self.file).write_all(content)?;
        self.file.sync_all()?;
        self.file.try_clone()
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
            fchown(&self.file, uid, gid).map_err(|_| UnfitFile::OwnerWouldChange)?;
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

    /// Gives it the name `name` in the directory `to`, which nothing may have.
    pub(super) fn publish_new(mut self, to: &Directory, name: &OsStr) -> io::Result<()> {
        step()?;
        match self.name.take() {
            None => to.link_unnamed(&self.file, name),
            Some(temporary) => {
                let renamed = self.directory.rename_to_new(&temporary, to, name);
                renamed.inspect_err(|_| self.name = Some(temporary))
            }
        }
    }

    /// Gives it the name `name` in the directory `to`, instead of the file that has it.
    pub(super) fn publish_over(mut self, to: &Rc<Directory>, name: &OsStr) -> io::Result<()> {
        step()?;
        let temporary = match self.name.take() {
            Some(temporary) => temporary,
            None => {
                let linked = with_new_name(|name| to.link_unnamed(&self.file, name))?;
                self.directory = Rc::clone(to);
                linked.0
            }
        };
        let renamed = step().and_then(|()| self.directory.rename(&temporary, to, name));
        renamed.inspect_err(|_| self.name = Some(temporary))
    }
}

impl Drop for StagedFile {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            let _ = self.directory.remove(name);
        }
    }
}

const PREFIX: &str = ".taos-setup-";

/// Calls `create` with a name that nothing has.
pub(super) fn with_new_name<T>(
    create: impl Fn(&OsStr) -> io::Result<T>,
) -> io::Result<(OsString, T)> {
    const TRIES: u32 = 100;
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let mut result = Err(io::ErrorKind::AlreadyExists.into());
    for _ in 0..TRIES {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = OsString::from(format!("{PREFIX}{}-{number}", std::process::id()));
        result = create(&name).map(|created| (name, created));
        match &result {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Ok(_) | Err(_) => break,
        }
    }
    result
}

/// Removes what a process of this machine that was killed has left in `directory`: files, and directories of this user.
pub(super) fn remove_stale(directory: &Directory) {
    for name in directory.names().unwrap_or_default() {
        let text = name.to_string_lossy();
        let numbers = text.strip_prefix(PREFIX).and_then(|it| it.split_once('-'));
        let process = numbers.and_then(|(process, _)| process.parse().ok());
        if process.is_none_or(processes::is_running) {
            continue;
        }
        let is_own = || directory.open_directory(&name)?.check_own();
        match directory.entry_type(&name) {
            Ok(EntryType::File(_)) => drop(directory.remove(&name)),
            Ok(EntryType::Directory) if is_own().is_ok() => drop(remove_tree(directory, &name)),
            Ok(EntryType::Directory | EntryType::Link(_) | EntryType::Special) | Err(_) => {}
        }
    }
}
