//! The names in an archive, checked before anything is done with them.

use super::limits;
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
pub(super) fn components(raw: &[u8]) -> Result<Vec<&str>, String> {
    if raw.len() > limits::NAME {
        return Err(format!("has a name longer than {} bytes", limits::NAME));
    }
    let Ok(name) = std::str::from_utf8(raw) else {
        return Err("has a name that is not UTF-8".into());
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
        return Err(format!("is more than {} folders deep", limits::DEPTH));
    }
    Ok(components)
}

/// Checks the component at place `at` of a name.
fn check(component: &str, at: usize) -> Result<(), String> {
    let complaint = match component {
        "" if at == 0 => "has an absolute name",
        "" => "has an empty folder name",
        ".." => "leads out of its folder (..)",
        "." => "has a needless . in its name",
        _ if component.len() > limits::COMPONENT => "has a part of its name that is too long",
        _ if component.chars().any(char::is_control) => "has a control character in its name",
        _ if component.chars().any(is_deceptive) => "has an invisible character in its name",
        _ if component.contains('\\') => "has a backslash in its name",
        _ if component.contains(':') => "has a colon in its name, a drive or a stream on Windows",
        _ if component.ends_with(['.', ' ']) => "has a name that ends in a dot or a space",
        _ if is_reserved(component) => "has the name of a Windows device",
        _ => return Ok(()),
    };
    Err(complaint.into())
}

/// A name as the most forgiving file system compares it: neither case nor the way of composing characters counts (NTFS,
/// APFS, HFS+). Upper case first, so that `ſ` is `s` and the Kelvin sign is `k`.
pub(super) fn folded(path: &str) -> String {
    let nfc = icu_normalizer::ComposingNormalizerBorrowed::new_nfc();
    let cased = nfc.normalize(path).to_uppercase().to_lowercase();
    nfc.normalize(&cased).into_owned()
}

fn is_reserved(component: &str) -> bool {
    let stem = component.split('.').next().unwrap_or(component).trim_end();
    RESERVED.iter().any(|name| stem.eq_ignore_ascii_case(name))
}

/// Where a link in the folder `folder` (components of the whole name) leads, as components from the archive's root. An
/// error where it is absolute, leads outside, or holds a bad name.
pub(super) fn link_target<'a>(folder: &[&'a str], raw: &'a [u8]) -> Result<Vec<&'a str>, String> {
    if raw.is_empty() || raw.len() > limits::NAME {
        return Err("is a link to nowhere".into());
    }
    let Ok(target) = std::str::from_utf8(raw) else {
        return Err("is a link whose target is not UTF-8".into());
    };
    if target.starts_with('/') {
        return Err("is a link to an absolute path".into());
    }
    let mut components = folder.to_vec();
    for component in target.split('/') {
        match component {
            ".." => {
                components
                    .pop()
                    .ok_or("is a link that leads out of the archive")?;
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
