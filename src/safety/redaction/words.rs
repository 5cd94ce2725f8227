//! The names of secrets: the one list of key words.

/// Ends of names whose values are secret, in lower case and without `_`, `-` and `.`.
const WORDS: [&str; 20] = [
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "passcode",
    "token",
    "secret",
    "totp",
    "totpcode",
    "apikey",
    "accesskey",
    "secretkey",
    "privatekey",
    "credential",
    "credentials",
    "authorization",
    "cookie",
    "密码",
    "口令",
    "令牌",
];

/// Parts of the names of a connection string's options that make the value secret, besides [`WORDS`].
const OPTION_PARTS: [&str; 2] = ["auth", "key"];

/// Returns whether an option of a connection string holds a secret, by any part of its name.
pub fn is_secret_option(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let parts = WORDS.iter().chain(&OPTION_PARTS);
    parts.into_iter().any(|part| name.contains(part)) || name == "pass"
}

/// Returns whether `name` names a secret in any text: by its end, so that `TAOS_PASSWORD` and `user.accessToken` do, and
/// `passwordPolicy` and `compass` do not.
pub(super) fn is_secret_name(name: &str) -> bool {
    WORDS.iter().any(|word| ends_with(name, word)) || ends_with_pass(name)
}

fn ends_with(name: &str, word: &str) -> bool {
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let mut letters = name
        .bytes()
        .rev()
        .filter(|byte| !b"_-.".contains(byte))
        .map(|byte| byte.to_ascii_lowercase());
    word.bytes()
        .rev()
        .all(|expected| letters.next() == Some(expected))
}

/// Returns whether the last word of `name` is `pass`.
fn ends_with_pass(name: &str) -> bool {
    let Some(at) = name.len().checked_sub(4) else {
        return false;
    };
    let Some(word) = name.get(at..) else {
        return false;
    };
    let before = name[..at].chars().next_back();
    word.eq_ignore_ascii_case("pass")
        && before.is_none_or(|before| {
            !before.is_alphanumeric() || before.is_lowercase() && word.starts_with('P')
        })
}

/// Returns whether `c` can be part of a name.
pub(super) fn in_name(c: char) -> bool {
    c.is_alphanumeric() || "_-.".contains(c)
}
