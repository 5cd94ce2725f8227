//! Reading a project's files, which are other people's: links, devices and oversized files are refused.

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::Path;

use crate::error::{Error, ErrorId, Result, describe_io_error};

/// The largest file that is read: no manifest that people write comes near it.
pub const LARGEST: u64 = 4 * 1024 * 1024;
/// The largest lock file that is read; those of large projects have some ten MiB.
const LARGEST_LOCK: u64 = 64 * 1024 * 1024;

/// The bytes of the file at `relative` (with `/`) inside `root`; `None` where nothing is there. No component of `relative`
/// may be a symbolic link: what `init` writes stays inside the project.
pub fn read(root: &Path, relative: &str) -> Result<Option<Vec<u8>>> {
    let path = root.join(relative);
    let mut folder = root.to_path_buf();
    let mut parts = relative.split('/').peekable();
    while let Some(part) = parts.next() {
        folder.push(part);
        let Some(kind) = look(&folder)? else {
            return Ok(None);
        };
        if kind.is_symlink() {
            return Err(refused(
                &folder,
                "it is a symbolic link, which init does not follow",
                "replace the link by the file itself, or name the folder it points to with --dir",
            ));
        }
        if parts.peek().is_some() && !kind.is_dir() {
            return Err(refused(
                &folder,
                "it is not a folder",
                "move it away, or choose another folder with --dir",
            ));
        }
        if parts.peek().is_none() && !kind.is_file() {
            return Err(refused(
                &folder,
                "it is not a regular file",
                "move it away, or choose another folder with --dir",
            ));
        }
    }
    read_capped(&path, LARGEST).map(Some)
}

/// The names of what stands in `folder`, as they are written there; none where it cannot be read, which reading a file tells.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}

/// The bytes of the lock file at `path`, which is only read, and larger than what people write; `None` where no regular file is.
pub fn read_lock(path: &Path) -> Result<Option<Vec<u8>>> {
    match look(path)? {
        Some(kind) if kind.is_file() => read_capped(path, LARGEST_LOCK).map(Some),
        _ => Ok(None),
    }
}

/// The bytes of the file at `path`, which is only read, so it may stand outside of the project; `None` where nothing is there.
pub fn read_outside(path: &Path) -> Result<Option<Vec<u8>>> {
    match look(path)? {
        Some(kind) if kind.is_file() => read_capped(path, LARGEST).map(Some),
        _ => Ok(None),
    }
}

/// `path` as people write it: without the `./` that a project in the current folder has.
pub fn shown(path: &Path) -> String {
    match path.strip_prefix(".") {
        Ok(rest) if !rest.as_os_str().is_empty() => rest.display().to_string(),
        _ => path.display().to_string(),
    }
}

fn look(path: &Path) -> Result<Option<fs::FileType>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(Some(metadata.file_type())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(path, &error)),
    }
}

fn read_capped(path: &Path, largest: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(largest + 1).read_to_end(&mut bytes))
        .map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > largest {
        return Err(refused(
            path,
            &format!("it is larger than {} MiB", largest / (1024 * 1024)),
            "no manifest is that large: look what it holds",
        ));
    }
    Ok(bytes)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(
        ErrorId::FileUnreadable,
        format!("read {}", shown(path)),
        describe_io_error(error),
        "make it readable for you, or choose another folder with --dir",
    )
}

fn refused(path: &Path, observed: &str, next: &str) -> Error {
    Error::new(
        ErrorId::FileUnreadable,
        format!("read {}", shown(path)),
        observed,
        next,
    )
}
