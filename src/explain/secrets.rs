//! Redacts passwords and tokens in pasted texts.

/// Returns `text` with `***` for what may be a password or a token: the user information of addresses and connection strings,
/// the values of keys that name a secret, the word after `Basic`, `Bearer`, `Taosd`, `-pPASSWORD` of a taos command and
/// `-u USER:PASSWORD` of curl, and the password of `alter user`.
pub fn redacted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut next = NextWord::Shown;
    let mut of_taos = false;
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end_matches(char::is_whitespace);
        let blank = &piece[word.len()..];
        let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        match next {
            NextWord::Secret if !bare.is_empty() => {
                out.push_str("***");
                next = NextWord::Shown;
            }
            NextWord::Login if word.contains(':') => {
                out.push_str(word.split(':').next().unwrap_or_default());
                out.push_str(":***");
                next = NextWord::Shown;
            }
            NextWord::Shown | NextWord::Login | NextWord::Secret => {
                match word.strip_prefix("-p") {
                    Some(secret) if of_taos && !secret.is_empty() => out.push_str("-p***"),
                    Some(_) | None => out.push_str(&user_information(&values(word))),
                }
                next = after(word, bare, &out);
            }
        }
        of_taos = !blank.contains('\n') && (of_taos || is_taos_command(bare));
        out.push_str(blank);
    }
    out
}

/// How the next word is treated.
#[derive(Clone, Copy)]
enum NextWord {
    Shown,
    Secret,
    Login,
}

/// Returns how the word after `word` is treated; `out` is the text before it.
fn after(word: &str, bare: &str, out: &str) -> NextWord {
    let lower = bare.to_ascii_lowercase();
    let is_scheme =
        ["basic", "bearer", "taosd"].contains(&lower.as_str()) && out_mentions_authorization(out);
    if !bare.is_empty() && (is_scheme || is_secret_key(word)) || is_sql_password(&lower, out) {
        NextWord::Secret
    } else if matches!(word, "-u" | "--user") {
        NextWord::Login
    } else {
        NextWord::Shown
    }
}

/// Returns whether `word` is `pass` of `create user NAME pass 'PASSWORD'`.
fn is_sql_password(word: &str, out: &str) -> bool {
    word == "pass" && tail(out).contains("user")
}

/// Returns whether `word` is a command that accepts `-pPASSWORD`.
fn is_taos_command(word: &str) -> bool {
    let name = word
        .rsplit(['/', '\\', '>'])
        .next()
        .unwrap_or(word)
        .to_ascii_lowercase();
    ["taos", "taos.exe", "taosdump", "taosbenchmark", "taosdemo"].contains(&name.as_str())
}

/// Returns the last 40 bytes of `out`, in lower case.
fn tail(out: &str) -> String {
    let mut from = out.len().saturating_sub(40);
    while !out.is_char_boundary(from) {
        from += 1;
    }
    out[from..].to_ascii_lowercase()
}

/// Returns whether the text before a scheme's word is that of a header: `taosd` is also the server's name.
fn out_mentions_authorization(out: &str) -> bool {
    tail(out).contains("authorization")
}

/// Returns whether `word` is `password:` or `password=`, whose value is the next word.
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

/// Removes `user:password@` from `scheme://user:password@host` and Go's `user:password@ws(host:6041)/`.
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

/// Removes the values of `password=…`, `"token":"…"` inside one word.
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
            // A quoted value ends at its quote; an unquoted one may hold `;` and `,`.
            let quote = word[value..value + lead].chars().next_back();
            let ends = |c: char| match quote {
                Some(quote) => c == quote,
                None => matches!(c, '&' | '"' | '\'' | '}' | ')'),
            };
            let end = word[value + lead..]
                .find(ends)
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
