//! The names in an archive, checked before anything is done with them.

use super::limits;
use crate::message::{Message, message};
use crate::safety::printable::is_deceptive;

/// Device names that Windows takes for devices in every folder and with every extension
/// (Microsoft, "Naming Files, Paths, and Namespaces").
const RESERVED: &[&str] = &[
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "com0", "com¹", "com²", "com³", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7",
    "lpt8", "lpt9", "lpt0", "lpt¹", "lpt²", "lpt³", "conin$", "conout$",
];

/// The components of an entry's name, without `.` in front; empty for the archive's root. An error says what is wrong, as a
/// phrase that follows "it".
pub(super) fn components(raw: &[u8]) -> Result<Vec<&str>, Message> {
    if raw.len() > limits::NAME {
        return Err(message!("unpack-name-long", most = limits::NAME));
    }
    let Ok(name) = std::str::from_utf8(raw) else {
        return Err(message!("unpack-name-not-utf8"));
    };
    let name = name.strip_suffix('/').unwrap_or(name);
    let mut components = Vec::new();
    for (at, component) in name.split('/').enumerate() {
        if component == "." && at == 0 {
            continue;
        }
        check(component, at)?;
        components.push(component);
    }
    if components.len() > limits::DEPTH {
        return Err(message!("unpack-deep", most = limits::DEPTH));
    }
    Ok(components)
}

/// Checks the component at place `at` of a name.
fn check(component: &str, at: usize) -> Result<(), Message> {
    let complaint = match component {
        "" if at == 0 => message!("unpack-name-absolute"),
        "" => message!("unpack-name-empty-directory"),
        ".." => message!("unpack-name-outside"),
        "." => message!("unpack-name-dot"),
        _ if component.len() > limits::COMPONENT => message!("unpack-name-part-long"),
        _ if component.chars().any(char::is_control) => message!("unpack-name-control"),
        _ if component.chars().any(is_deceptive) => message!("unpack-name-invisible"),
        _ if component.contains('\\') => message!("unpack-name-backslash"),
        _ if component.contains(':') => message!("unpack-name-colon"),
        _ if component.ends_with(['.', ' ']) => message!("unpack-name-end-dot"),
        _ if cfg!(windows) && is_forbidden(component) => message!("unpack-name-forbidden"),
        _ if is_reserved(component) => message!("unpack-name-windows-device"),
        _ => return Ok(()),
    };
    Err(complaint)
}

/// A name as the most forgiving file system compares it: neither case nor the way of composing characters counts (NTFS,
/// APFS, HFS+). Upper case first, so that `ſ` is `s` and the Kelvin sign is `k`.
pub(super) fn folded(path: &str) -> String {
    let nfc = icu_normalizer::ComposingNormalizerBorrowed::new_nfc();
    let cased = nfc.normalize(path).to_uppercase().to_lowercase();
    nfc.normalize(&cased).into_owned()
}

/// Whether Windows makes no file of this name, because of a character in it.
fn is_forbidden(component: &str) -> bool {
    component.contains(['<', '>', '"', '|', '?', '*'])
}

fn is_reserved(component: &str) -> bool {
    let stem = component.split('.').next().unwrap_or(component).trim_end();
    RESERVED.iter().any(|name| stem.eq_ignore_ascii_case(name))
}

/// Where a link in the folder `folder` (components of the whole name) leads, as components from the archive's root. An
/// error where it is absolute, leads outside, or holds a bad name.
pub(super) fn link_target<'a>(folder: &[&'a str], raw: &'a [u8]) -> Result<Vec<&'a str>, Message> {
    if raw.is_empty() || raw.len() > limits::NAME {
        return Err(message!("unpack-link-nowhere"));
    }
    let Ok(target) = std::str::from_utf8(raw) else {
        return Err(message!("unpack-link-not-utf8"));
    };
    if target.starts_with('/') {
        return Err(message!("unpack-link-absolute"));
    }
    let mut components = folder.to_vec();
    for component in target.split('/') {
        match component {
            ".." => {
                components
                    .pop()
                    .ok_or_else(|| message!("unpack-link-outside"))?;
            }
            "." | "" => {}
            _ => {
                check(component, 1)?;
                components.push(component);
            }
        }
    }
    Ok(components)
}

#[cfg(test)]
mod tests;
