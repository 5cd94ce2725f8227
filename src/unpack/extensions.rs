//! The headers in front of a tar entry that say more about it: GNU's long names, and the records of POSIX's pax (IEEE 1003.1,
//! "pax Extended Header"). Whatever two readers could read in two ways is an error.

use crate::message::{Message, message};
use tar::EntryType;

/// What the extended headers of one entry say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Extensions {
    pub(super) path: Option<Vec<u8>>,
    pub(super) link: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    /// GNU tar's newer sparse files look regular; only pax records show that they are sparse.
    pub(super) sparse: bool,
    pax: bool,
}

/// Records that change nothing here: times, owners, remarks, who may do what.
const IGNORED: &[&str] = &[
    "mtime",
    "atime",
    "ctime",
    "uid",
    "gid",
    "uname",
    "gname",
    "comment",
    "SCHILY.dev",
    "SCHILY.ino",
    "SCHILY.nlink",
    "SCHILY.fflags",
    "SCHILY.acl.access",
    "SCHILY.acl.default",
    "SCHILY.acl.ace",
    "RHT.security.selinux",
];

impl Extensions {
    /// Whether entries of this type are such headers.
    pub(super) fn is_one(kind: EntryType) -> bool {
        kind.is_gnu_longname() || kind.is_gnu_longlink() || kind.is_pax_local_extensions()
    }

    /// Adds the header of type `kind` that holds `content`. An error is a phrase that follows "it".
    pub(super) fn add(&mut self, kind: EntryType, content: &[u8]) -> Result<(), Message> {
        if kind.is_gnu_longname() {
            once(&mut self.path, long_name(content)?, "name")
        } else if kind.is_gnu_longlink() {
            once(&mut self.link, long_name(content)?, "link target")
        } else if std::mem::replace(&mut self.pax, true) {
            Err(message!("unpack-headers-two"))
        } else {
            self.records(content)
        }
    }

    /// Reads records of the form `LENGTH KEY=VALUE\n`, where the length is the whole record's in bytes.
    fn records(&mut self, mut content: &[u8]) -> Result<(), Message> {
        let mut seen: Vec<&[u8]> = Vec::new();
        while !content.is_empty() {
            let (key, value, rest) =
                record(content).ok_or_else(|| message!("unpack-header-malformed"))?;
            content = rest;
            if seen.contains(&key) {
                return Err(message!("unpack-header-repeats"));
            }
            seen.push(key);
            match std::str::from_utf8(key) {
                Ok(key) if is_ignored(key) => {}
                // An empty value takes an earlier header's word back, which readers handle in different ways.
                _ if value.is_empty() => return Err(message!("unpack-header-malformed")),
                Ok("path") => once(&mut self.path, value.to_vec(), "name")?,
                Ok("linkpath") => once(&mut self.link, value.to_vec(), "link target")?,
                Ok("size") => {
                    self.size =
                        Some(decimal(value).ok_or_else(|| message!("unpack-size-invalid"))?);
                }
                Ok(key) if key.starts_with("GNU.sparse.") || key == "SCHILY.realsize" => {
                    self.sparse = true;
                }
                _ => {
                    let key = String::from_utf8_lossy(key);
                    return Err(message!("unpack-header-key", key = key));
                }
            }
        }
        Ok(())
    }
}

fn is_ignored(key: &str) -> bool {
    IGNORED.contains(&key) || key.starts_with("SCHILY.xattr.") || key.starts_with("LIBARCHIVE.")
}

/// Sets what may be said once.
fn once(known: &mut Option<Vec<u8>>, value: Vec<u8>, what: &str) -> Result<(), Message> {
    match known.replace(value) {
        None => Ok(()),
        Some(_) => Err(message!("unpack-headers-give-twice", what = what)),
    }
}

/// The first record: key, value, and what follows it.
fn record(content: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let space = content.iter().take(8).position(|byte| *byte == b' ')?;
    let length = usize::try_from(decimal(&content[..space])?).ok()?;
    let record = content.get(space + 1..length)?.strip_suffix(b"\n")?;
    let equals = record.iter().position(|byte| *byte == b'=')?;
    let (key, value) = (&record[..equals], &record[equals + 1..]);
    (!key.is_empty()).then_some((key, value, &content[length..]))
}

fn decimal(digits: &[u8]) -> Option<u64> {
    let digits = std::str::from_utf8(digits).ok()?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

/// A long name ends with a NUL, which tar's own limit of 100 bytes has not.
fn long_name(content: &[u8]) -> Result<Vec<u8>, Message> {
    let name = content.strip_suffix(b"\0").unwrap_or(content);
    match name.is_empty() {
        true => Err(message!("unpack-long-name-empty")),
        false => Ok(name.to_vec()),
    }
}
