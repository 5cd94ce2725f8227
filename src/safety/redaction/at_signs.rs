//! The signs `@` that end no login: versions of packages, digests of images, extensions of coordinates, revisions of repositories.
//!
//! A password can hold such a text, but then the `@` before its host follows, which is never one of these.

/// Extensions after the `@` of a Gradle coordinate, `GROUP:NAME:VERSION@EXTENSION`.
const EXTENSIONS: [&str; 10] = [
    "jar", "aar", "zip", "pom", "war", "ear", "klib", "module", "tar", "tgz",
];

/// Algorithms of the digest after the name of an image.
const ALGORITHMS: [&str; 2] = ["sha256:", "sha512:"];

/// Labels before the colon of an e-mail address.
const MAIL_LABELS: [&str; 12] = [
    "mailto",
    "mail",
    "email",
    "e-mail",
    "contact",
    "cc",
    "bcc",
    "author",
    "maintainer",
    "from",
    "to",
    "by",
];

/// Returns the place of the last `@` in `text` that may end a login.
pub(super) fn last(text: &str) -> Option<usize> {
    let mut signs = text.rmatch_indices('@').map(|(at, _)| at);
    signs.find(|at| may_end_login(text, *at))
}

/// Whether the `@` at `at` of `line` may end a login.
pub(super) fn may_end_login(line: &str, at: usize) -> bool {
    let after = &line[at + 1..];
    let end = after.find(|c: char| c.is_whitespace() || "\"'`<>()[]{},;|\\".contains(c));
    let word = after[..end.unwrap_or(after.len())].trim_end_matches(['.', ':', '!']);
    let mut words = line[..at].rsplit(|c: char| c.is_whitespace() || "\"'`(".contains(c));
    let before = words.next().unwrap_or_default();
    let is_innocent = is_digest(word)
        || is_version(word)
        || is_mail(before, after)
        || (EXTENSIONS.contains(&word) && is_coordinate(before))
        || (before.starts_with("git+") && is_revision(before));
    !is_innocent
}

/// Whether the `@` at `at` of `line` begins the scope of an npm package, `@SCOPE/NAME`.
pub(super) fn begins_scope(line: &str, at: usize) -> bool {
    let begins = line[..at]
        .chars()
        .next_back()
        .is_none_or(|c| c.is_whitespace() || "\"'`(=".contains(c));
    let name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._~".contains(c);
    let rest = line[at + 1..].trim_start_matches(name);
    let package = rest.strip_prefix('/').unwrap_or_default();
    begins
        && rest.len() + 1 < line.len() - at
        && package.starts_with(name)
        && !package
            .trim_start_matches(name)
            .starts_with([':', '(', '?'])
}

/// Whether `login` is the label of an e-mail address and its local part, and `host` begins with a domain.
fn is_mail(login: &str, host: &str) -> bool {
    let Some((label, local)) = login.split_once(':') else {
        return false;
    };
    let domain = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
    let rest = host.trim_start_matches(domain);
    let name = &host[..host.len() - rest.len()];
    MAIL_LABELS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(label))
        && local
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-._+".contains(c))
        && name.trim_end_matches('.').contains('.')
        && !rest.starts_with(['/', '(', ':', '@'])
}

fn is_digest(word: &str) -> bool {
    ALGORITHMS.iter().any(|algorithm| {
        word.strip_prefix(algorithm)
            .is_some_and(|hex| hex.len() >= 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
    })
}

/// Whether `word` is a version: `v3`, `v3.8.2`, `3.2.0`, `3.2.0-beta.1`; an address has four numbers.
fn is_version(word: &str) -> bool {
    let (plain, least) = match word.strip_prefix('v') {
        Some(plain) => (plain, 1),
        None => (word, 3),
    };
    let (numbers, suffix) = match plain.find(['-', '+']) {
        Some(at) => plain.split_at(at),
        None => (plain, ""),
    };
    let parts: Vec<&str> = numbers.split('.').collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    (least..=3).contains(&parts.len())
        && parts.iter().all(is_number)
        && suffix
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-+.".contains(c))
}

/// Whether `text` is a coordinate: `GROUP:NAME:VERSION` or `GROUP:NAME:VERSION:CLASSIFIER`.
fn is_coordinate(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let named = |part: &&str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-._+${}".contains(c))
    };
    (3..=4).contains(&parts.len()) && parts.iter().all(named)
}

/// Whether `text` is the address of a repository without a login, so that a revision follows.
fn is_revision(text: &str) -> bool {
    let Some((_, address)) = text.split_once("://") else {
        return false;
    };
    let (authority, path) = address.split_once('/').unwrap_or((address, ""));
    let login = authority.rsplit_once('@').map_or("", |(login, _)| login);
    !path.is_empty() && (login.is_empty() || login == "git")
}
