//! Reads the registry of Windows. Other systems have none, so nothing is found there. Values are what programs wrote into it: callers
//! check them.

/// The most characters of a text that are taken.
const MOST_CHARACTERS: usize = 4096;
/// The most keys of one key that are looked at.
const MOST_KEYS: usize = 4096;

/// A root of the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hive {
    /// `HKEY_LOCAL_MACHINE`.
    LocalMachine,
    /// `HKEY_CURRENT_USER`.
    CurrentUser,
}

/// Returns the text `name` in `key`; `None` if it is missing, of another type, or longer than 4096 characters.
pub fn text(hive: Hive, key: &str, name: &str) -> Option<String> {
    access::text(hive, key, name).filter(|text| text.chars().count() <= MOST_CHARACTERS)
}

/// Returns the number `name` in `key`; `None` if it is missing or of another type.
pub fn number(hive: Hive, key: &str, name: &str) -> Option<u32> {
    access::number(hive, key, name)
}

/// Returns the names of the keys in `key`, at most 4096.
pub fn key_names(hive: Hive, key: &str) -> Vec<String> {
    access::key_names(hive, key, MOST_KEYS)
}

#[cfg(windows)]
mod access {
    use windows_registry::{CURRENT_USER, Key, LOCAL_MACHINE};

    use super::Hive;

    fn open(hive: Hive, key: &str) -> Option<Key> {
        let root = match hive {
            Hive::LocalMachine => LOCAL_MACHINE,
            Hive::CurrentUser => CURRENT_USER,
        };
        root.open(key).ok()
    }

    pub(super) fn text(hive: Hive, key: &str, name: &str) -> Option<String> {
        open(hive, key)?.get_string(name).ok()
    }

    pub(super) fn number(hive: Hive, key: &str, name: &str) -> Option<u32> {
        open(hive, key)?.get_u32(name).ok()
    }

    pub(super) fn key_names(hive: Hive, key: &str, most: usize) -> Vec<String> {
        let opened = open(hive, key);
        let names = opened.as_ref().and_then(|opened| opened.keys().ok());
        names.into_iter().flatten().take(most).collect()
    }
}

#[cfg(not(windows))]
mod access {
    use super::Hive;

    pub(super) fn text(_hive: Hive, _key: &str, _name: &str) -> Option<String> {
        None
    }

    pub(super) fn number(_hive: Hive, _key: &str, _name: &str) -> Option<u32> {
        None
    }

    pub(super) fn key_names(_hive: Hive, _key: &str, _most: usize) -> Vec<String> {
        Vec::new()
    }
}
