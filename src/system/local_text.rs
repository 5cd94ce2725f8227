//! Texts of this program's own and of the machine's configuration, read whole: never from a pipe, which may wait for ever, nor
//! from a device, which may never end.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// The most bytes of a text. The receipt of a client with all the files that a package may have is a tenth of it.
const MOST: u64 = 64 << 20;

/// The text at `path`, through links. An error of kind `InvalidData` says that what is there is no text.
pub fn read(path: &Path) -> io::Result<String> {
    String::from_utf8(bytes(path)?).map_err(|_| no_text("it is no text in UTF-8"))
}

/// The bytes at `path`, which may be a text in another encoding. Errors as for [`read`].
pub fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let found = fs::metadata(path)?;
    if found.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    if !found.is_file() {
        return Err(no_text("it is no file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST {
        return Err(no_text("it is larger than 64 MiB"));
    }
    Ok(bytes)
}

fn no_text(words: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, words)
}

#[cfg(test)]
mod tests;
