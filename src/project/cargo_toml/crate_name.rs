//! Names of packages.

/// Why `name` cannot be a package's name (doc.rust-lang.org/cargo, "The name field"); `None` where it can.
pub fn complaint_about_crate_name(name: &str) -> Option<String> {
    /// Names that clash with Rust's own crates, its keywords and what the example uses.
    const TAKEN: [&str; 48] = [
        "abstract",
        "alloc",
        "as",
        "async",
        "await",
        "become",
        "box",
        "break",
        "const",
        "continue",
        "core",
        "crate",
        "do",
        "dyn",
        "else",
        "enum",
        "extern",
        "final",
        "fn",
        "for",
        "if",
        "impl",
        "in",
        "let",
        "loop",
        "macro",
        "match",
        "mod",
        "move",
        "mut",
        "priv",
        "proc_macro",
        "pub",
        "ref",
        "return",
        "std",
        "static",
        "struct",
        "super",
        "taos",
        "test",
        "tokio",
        "trait",
        "type",
        "unsafe",
        "use",
        "where",
        "while",
    ];
    if name.is_empty() || name.len() > 64 {
        return Some("a package's name has 1 to 64 characters".into());
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if let Some(c) = name.chars().find(|c| !allowed(*c)) {
        return Some(format!(
            "a package's name consists of ASCII letters, digits and - _, not {c:?}"
        ));
    }
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Some("a package's name starts with a letter".into());
    }
    TAKEN
        .contains(&name)
        .then(|| format!("the name {name} means something else in Rust"))
}
