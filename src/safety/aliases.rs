//! Aliases for hosts, addresses, and users in texts that leave this machine. An alias says what kind of name it replaces, so that a
//! path stays readable; the same name has the same alias in everything that one run writes.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

/// The most names that get an alias of their own: servers choose how many names their texts hold.
const MOST: usize = 4096;
/// The alias of every further name.
const FURTHER: &str = "name-x";

/// Endings of file names, which are written like host names.
const FILE_ENDINGS: &[&str] = &[
    "bat", "cfg", "cnf", "conf", "cpp", "crt", "cs", "csproj", "dll", "dylib", "env", "exe",
    "fish", "go", "gz", "h", "ini", "jar", "java", "js", "json", "key", "lock", "log", "lua", "md",
    "mod", "pc", "pem", "php", "props", "ps", "py", "rs", "service", "sh", "so", "sum", "target",
    "toml", "ts", "txt", "work", "xml", "yaml", "yml", "zip",
];

/// The aliases of one run.
#[derive(Debug, Default)]
pub struct Aliases(Mutex<AliasTable>);

#[derive(Debug, Default)]
struct AliasTable {
    /// Name in lower case to alias.
    known: BTreeMap<String, String>,
    /// Names that hold characters which end a word, the longest first.
    compound: Vec<String>,
    counts: BTreeMap<&'static str, usize>,
    /// The aliases of the values of each label.
    labels: BTreeMap<String, BTreeMap<String, String>>,
}

impl Aliases {
    /// Gives `host`, a name or an address, an alias. A wildcard gives its domain one.
    pub fn add_host(&self, host: &str) {
        let host = host.trim_matches(['[', ']', '.']);
        let host = host.strip_prefix("*.").unwrap_or(host);
        if !host.is_empty() {
            let _ = self.table().alias(host, host_kind(host));
        }
    }

    /// Gives `user` an alias.
    pub fn add_user(&self, user: &str) {
        if !user.is_empty() {
            let _ = self.table().alias(user, "user");
        }
    }

    /// Gives the issuer of a certificate an alias.
    pub fn add_issuer(&self, issuer: &str) {
        if !issuer.is_empty() {
            let _ = self.table().alias(issuer, "issuer");
        }
    }

    /// Gives the home directory of a user an alias: it often holds a name.
    pub fn add_home(&self, home: &str) {
        let home = home.trim_end_matches(['/', '\\']);
        if home.len() > 1 {
            let _ = self.table().alias(home, "home");
        }
    }

    /// The alias of a value of the label `name`, such as `rack-1`. It stands for the whole value; other texts may have the same words.
    pub fn label(&self, name: &str, value: &str) -> String {
        let mut table = self.table();
        let known = table.labels.entry(name.to_owned()).or_default();
        if let Some(alias) = known.get(value) {
            return alias.clone();
        }
        if known.len() >= MOST {
            return FURTHER.to_owned();
        }
        let alias = format!("{name}-{}", known.len() + 1);
        known.insert(value.to_owned(), alias.clone());
        alias
    }

    /// Leaves every word of `text` as it is: the name of a published package may be written like a host's.
    pub fn add_public(&self, text: &str) {
        let mut table = self.table();
        for word in text.split(|c| !is_of_word(c)).filter(|it| !it.is_empty()) {
            let name = word.to_ascii_lowercase();
            table.known.entry(name).or_insert_with(|| word.to_owned());
        }
    }

    /// `text` with aliases for every name that was added, and for everything else that is written like an address or a host name.
    pub fn hide(&self, text: &str) -> String {
        let mut table = self.table();
        // Each pass leaves what an earlier one replaced alone: a replaced part is kept apart from what is left of the text.
        let mut parts = vec![TextPart::Open(text.to_owned())];
        for name in table.compound.clone() {
            let Some(alias) = table.known.get(&name).cloned() else {
                continue;
            };
            parts = replaced(
                parts,
                |text| find_ignoring_case(text, &name),
                |_| alias.clone(),
            );
        }
        parts = replaced(parts, find_ipv6, |address| {
            table.alias(address, host_kind(address))
        });
        parts
            .into_iter()
            .map(|part| match part {
                TextPart::Done(text) => text,
                TextPart::Open(text) => table.words(&text),
            })
            .collect()
    }

    fn table(&self) -> std::sync::MutexGuard<'_, AliasTable> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AliasTable {
    /// The alias of `name`, which is of this kind if it is new.
    fn alias(&mut self, name: &str, kind: &'static str) -> String {
        let name = canonical(name);
        if let Some(alias) = self.known.get(&name) {
            return alias.clone();
        }
        if self.known.len() >= MOST {
            return FURTHER.to_owned();
        }
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        let alias = format!("{kind}-{count}");
        if !name.chars().all(is_of_word) && name.parse::<IpAddr>().is_err() {
            let longer = |other: &String| other.len() >= name.len();
            let at = self.compound.partition_point(longer);
            self.compound.insert(at, name.clone());
        }
        self.known.insert(name, alias.clone());
        alias
    }

    /// `text` with each of its words replaced that is a name.
    fn words(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(is_of_word) {
            let (before, from) = rest.split_at(start);
            let end = from.find(|c| !is_of_word(c)).unwrap_or(from.len());
            let (word, after) = from.split_at(end);
            out.push_str(before);
            // Punctuation that ends a sentence belongs to no name; a wildcard of a certificate stays before the alias.
            let tail = word.trim_start_matches(['.', '-']);
            let bare = tail.trim_end_matches(['.', '-']);
            let of_url = out.ends_with("://");
            out.push_str(&word[..word.len() - tail.len()]);
            out.push_str(&self.word(bare, of_url));
            out.push_str(&tail[bare.len()..]);
            rest = after;
        }
        out.push_str(rest);
        out
    }

    fn word(&mut self, word: &str, of_url: bool) -> String {
        if let Some(alias) = self.known.get(&word.to_ascii_lowercase()) {
            return alias.clone();
        }
        if word.is_empty() || self.is_alias(word) {
            return word.to_owned();
        }
        if let Ok(address) = word.parse::<Ipv4Addr>() {
            return match address.is_unspecified() || is_version(&address) {
                true => word.to_owned(),
                false => self.alias(word, host_kind(word)),
            };
        }
        // `ADDRESS_OF_td1`, as fixes have it.
        let tails = word.match_indices('_').map(|(at, _)| at + 1);
        for at in tails.collect::<Vec<_>>() {
            if let Some(alias) = self.known.get(&word[at..].to_ascii_lowercase()) {
                return format!("{}{alias}", &word[..at]);
            }
        }
        if of_url || is_like_host_name(word) {
            return self.alias(word, host_kind(word));
        }
        // A range of addresses, or a name as a part: `10.0.0.1-10.0.0.9`, `alice.log`.
        let separator = match word.split('-').all(|part| part.parse::<Ipv4Addr>().is_ok()) {
            true => '-',
            false => '.',
        };
        if !word.contains(separator) {
            return word.to_owned();
        }
        let parts: Vec<String> = word
            .split(separator)
            .map(|part| match self.known.get(&part.to_ascii_lowercase()) {
                Some(alias) => alias.clone(),
                None if separator == '-' => self.alias(part, host_kind(part)),
                None => part.to_owned(),
            })
            .collect();
        parts.join(&separator.to_string())
    }

    /// Whether `word` is an alias that this table gave.
    fn is_alias(&self, word: &str) -> bool {
        let Some((kind, number)) = word.rsplit_once('-') else {
            return false;
        };
        let count = self.counts.get(kind).copied().unwrap_or_default();
        number
            .parse::<usize>()
            .is_ok_and(|number| (1..=count).contains(&number))
    }
}

/// A part of a text on its way to be hidden.
enum TextPart {
    /// Not looked at yet.
    Open(String),
    /// An alias.
    Done(String),
}

/// `parts` with what `find` finds in the open ones, bytes from and to, replaced.
fn replaced(
    parts: Vec<TextPart>,
    find: impl Fn(&str) -> Option<(usize, usize)>,
    mut alias: impl FnMut(&str) -> String,
) -> Vec<TextPart> {
    let mut out = Vec::with_capacity(parts.len());
    for part in parts {
        let mut rest = match part {
            TextPart::Done(_) => {
                out.push(part);
                continue;
            }
            TextPart::Open(text) => text,
        };
        while let Some((from, to)) = find(&rest) {
            let alias = alias(&rest[from..to]);
            let after = rest.split_off(to);
            rest.truncate(from);
            out.push(TextPart::Open(rest));
            out.push(TextPart::Done(alias));
            rest = after;
        }
        out.push(TextPart::Open(rest));
    }
    out
}

/// The key of a name: without regard to case, and an address in its shortest form.
fn canonical(name: &str) -> String {
    match name.parse::<IpAddr>() {
        Ok(address) => address.to_string(),
        Err(_) => name.to_ascii_lowercase(),
    }
}

/// Whether `c` is of a word: names of hosts, numbers, versions.
fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')
}

/// The first word of the alias of a host: what kind of address it is.
fn host_kind(host: &str) -> &'static str {
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => ipv4_kind(address),
        Ok(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
            Some(address) => ipv4_kind(address),
            None if address.is_loopback() => "loopback",
            None if address.is_unicast_link_local() => "link-local",
            None if address.is_unique_local() => "private",
            None => "public",
        },
        Err(_) if host.eq_ignore_ascii_case("localhost") => "loopback",
        Err(_) => "host",
    }
}

const fn ipv4_kind(address: Ipv4Addr) -> &'static str {
    if address.is_loopback() {
        "loopback"
    } else if address.is_link_local() {
        "link-local"
    } else if address.is_private() {
        "private"
    } else {
        "public"
    }
}

/// Whether an address is rather a version of TDengine: 2.x and 3.x have had numbers below 10 in second and third place.
const fn is_version(address: &Ipv4Addr) -> bool {
    let [major, minor, patch, _] = address.octets();
    matches!(major, 2 | 3) && minor < 10 && patch < 10
}

/// Whether `word` is written as host names are: labels with dots between them, the last of letters, and no file's ending.
fn is_like_host_name(word: &str) -> bool {
    let Some((first, last)) = word.rsplit_once('.') else {
        return false;
    };
    let label = |label: &str| {
        (1..=63).contains(&label.len()) && !label.starts_with(['-', '_']) && !label.ends_with('-')
    };
    let ending = last.to_ascii_lowercase();
    first.split('.').all(label)
        && last.len() >= 2
        && last.bytes().all(|byte| byte.is_ascii_alphabetic())
        && !FILE_ENDINGS.contains(&ending.as_str())
        // A placeholder, as fixes have them, is in capitals.
        && word.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// Where `name`, which is in lower case, is in `text`.
fn find_ignoring_case(text: &str, name: &str) -> Option<(usize, usize)> {
    let at = text.to_ascii_lowercase().find(name)?;
    Some((at, at + name.len()))
}

/// Where an IPv6 address is in `text`. The unspecified one names nothing.
fn find_ipv6(text: &str) -> Option<(usize, usize)> {
    let of_address = |c: char| c.is_ascii_hexdigit() || matches!(c, ':' | '.');
    let mut from = 0;
    while let Some(start) = text[from..].find(of_address).map(|at| at + from) {
        let end = text[start..]
            .find(|c| !of_address(c))
            .map_or(text.len(), |at| at + start);
        let run = text[start..end].trim_end_matches(['.', ':']);
        // `::` may end an address, one colon does not.
        let candidates = [&text[start..end], run, run.trim_start_matches(':')];
        let starts_word = !text[..start].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let ends_word = !text[end..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        for candidate in candidates {
            let Ok(address) = candidate.parse::<Ipv6Addr>() else {
                continue;
            };
            if starts_word && ends_word && !address.is_unspecified() {
                let at = start + text[start..end].find(candidate).unwrap_or_default();
                return Some((at, at + candidate.len()));
            }
        }
        from = end;
    }
    None
}

#[cfg(test)]
mod tests;
