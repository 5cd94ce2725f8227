//! The vendor's own list of packages, product-data.json (docs/facts.md). Its form is known from other programs'
//! code alone, so it is read tolerantly: every object anywhere in it that has an address and an MD5 is an entry.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::message::{Message, message};
use crate::safety::value_count::{MOST_GENERATED, count_json};

/// The most bytes of a list that are read; the real one was never seen, a thousand times a package's entry is plenty.
pub const LARGEST_VENDOR_LIST: usize = 8 << 20;
/// The most entries that are taken.
const ENTRIES: usize = 100_000;
/// Sizes below this are megabytes, or rounded: no package is so small.
const SMALLEST_SIZE: u64 = 10_000;
/// The longest file name that is taken.
const NAME: usize = 255;

/// What the vendor publishes of one file: no more than this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its MD5.
    pub md5: Md5,
    /// Its size in bytes, where the list gives one.
    pub size: Option<u64>,
}

impl Listed {
    /// Whether a file of `size` bytes with this MD5 is the listed one.
    pub fn admits(&self, md5: Md5, size: u64) -> bool {
        self.md5 == md5 && self.size.is_none_or(|listed| listed == size)
    }
}

/// An MD5. Printed in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Md5(pub [u8; 16]);

impl fmt::Display for Md5 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The list, by file name. A file may stand in it several times: packages have been re-uploaded under one name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VendorList(BTreeMap<String, Vec<Listed>>);

impl VendorList {
    /// Reads the list. An error says what it is instead, as a sentence about "it".
    pub fn parse(bytes: &[u8]) -> Result<Self, Message> {
        if bytes.len() > LARGEST_VENDOR_LIST {
            return Err(message!(
                "io-too-large-mib",
                most = LARGEST_VENDOR_LIST >> 20
            ));
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if count_json(bytes) > MOST_GENERATED {
            return Err(message!("catalog-list-values", most = MOST_GENERATED));
        }
        // serde_json itself limits the depth.
        let value: Value =
            serde_json::from_slice(bytes).map_err(|_| message!("catalog-list-not-json"))?;
        let mut list = Self::default();
        let mut left = ENTRIES;
        list.take(&value, &mut left);
        if list.0.is_empty() {
            return Err(message!("catalog-list-empty"));
        }
        Ok(list)
    }

    /// The names of the listed files.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// What is listed for the file called `file`.
    pub fn of(&self, file: &str) -> &[Listed] {
        self.0.get(file).map(Vec::as_slice).unwrap_or_default()
    }

    fn take(&mut self, value: &Value, left: &mut usize) {
        match value {
            Value::Array(values) => values.iter().for_each(|value| self.take(value, left)),
            Value::Object(object) => {
                let text =
                    |names: &[&str]| names.iter().find_map(|name| object.get(*name)?.as_str());
                let address = text(&["download-url", "download_url", "downloadUrl", "url"]);
                if let (Some(address), Some(md5)) = (address, text(&["md5", "MD5"]))
                    && let (Some(file), Some(md5)) = (file_name(address), md5_from(md5))
                    && *left > 0
                {
                    *left -= 1;
                    let size = object.get("size").and_then(size_from);
                    self.0.entry(file).or_default().push(Listed { md5, size });
                }
                object.values().for_each(|value| self.take(value, left));
            }
            _ => {}
        }
    }
}

/// The file name that an address ends in.
fn file_name(address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next()?;
    let name = path.rsplit('/').next()?;
    (!name.is_empty() && name.len() <= NAME && !name.chars().any(char::is_control))
        .then(|| name.to_owned())
}

fn md5_from(text: &str) -> Option<Md5> {
    let digits = text.trim();
    if digits.len() != 32 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 16];
    for (byte, at) in bytes.iter_mut().zip((0..32).step_by(2)) {
        *byte = u8::from_str_radix(&digits[at..at + 2], 16).ok()?;
    }
    Some(Md5(bytes))
}

/// A size in bytes; one in other units ("64 MB") is not used.
fn size_from(value: &Value) -> Option<u64> {
    let size = match value {
        Value::String(text) => text.trim().parse().ok(),
        value => value.as_u64(),
    };
    size.filter(|size| *size >= SMALLEST_SIZE)
}

#[cfg(test)]
mod tests;
