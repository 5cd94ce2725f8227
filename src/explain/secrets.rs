//! Passwords and tokens in pasted texts.

/// `text` with what may be a password or a token written `***`: the user information of addresses and connection strings,
/// the values of keys that name a secret, the word after `Basic`, `Bearer`, `Taosd`.
pub fn redacted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut after_scheme = false;
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end_matches(char::is_whitespace);
        let blank = &piece[word.len()..];
        let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        if after_scheme && !bare.is_empty() {
            out.push_str("***");
            after_scheme = false;
        } else {
            out.push_str(&values(&user_information(word)));
            after_scheme = !bare.is_empty()
                && (["basic", "bearer", "taosd"]
                    .iter()
                    .any(|scheme| bare.eq_ignore_ascii_case(scheme))
                    && out_mentions_authorization(&out)
                    || is_secret_key(word));
        }
        out.push_str(blank);
    }
    out
}

/// Whether the last 40 bytes before a scheme's word say that this is a header: `taosd` is also the server's name.
fn out_mentions_authorization(out: &str) -> bool {
    let mut from = out.len().saturating_sub(40);
    while !out.is_char_boundary(from) {
        from += 1;
    }
    out[from..].to_ascii_lowercase().contains("authorization")
}

/// `password:` and `password=` whose value is the next word.
fn is_secret_key(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    lower.ends_with([':', '='])
        && KEYS.iter().any(|key| {
            lower
                .trim_end_matches([':', '='])
                .trim_end_matches(['"', '\''])
                .ends_with(key)
        })
}

const KEYS: [&str; 8] = [
    "password",
    "passwd",
    "pwd",
    "pass",
    "token",
    "secret",
    "totpcode",
    "totp_code",
];

/// `user:password@` cut out, in `scheme://user:password@host` and Go's `user:password@ws(host:6041)/`.
fn user_information(word: &str) -> String {
    let Some(at) = word.rfind('@') else {
        return word.to_owned();
    };
    let (before, after) = word.split_at(at);
    let start = before.find("://").map_or_else(
        || {
            before
                .rfind(['"', '\'', '(', '=', '[', ','])
                .map_or(0, |at| at + 1)
        },
        |at| at + 3,
    );
    if before[start..].contains(':') {
        format!("{}***{after}", &before[..start])
    } else {
        word.to_owned()
    }
}

/// The values of `password=…`, `"token":"…"` inside one word.
fn values(word: &str) -> String {
    let lower = word.to_ascii_lowercase();
    let mut out = String::with_capacity(word.len());
    let mut from = 0;
    while from < word.len() {
        let next = lower[from..].find(['=', ':']).map(|at| from + at);
        let Some(sign) = next else { break };
        let key = lower[from..sign].trim_end_matches(['"', '\'', '\\']);
        let secret = KEYS.iter().any(|name| key.ends_with(name));
        let value = sign + 1;
        out.push_str(&word[from..value]);
        from = value;
        if secret {
            let lead =
                word[value..].len() - word[value..].trim_start_matches(['"', '\'', '\\']).len();
            let end = word[value + lead..]
                .find(['&', ';', ',', '"', '\'', '}', ')'])
                .map_or(word.len(), |at| value + lead + at);
            if end > value + lead {
                out.push_str(&word[value..value + lead]);
                out.push_str("***");
                from = end;
            }
        }
    }
    out.push_str(&word[from..]);
    out
}

#[cfg(test)]
mod tests;
