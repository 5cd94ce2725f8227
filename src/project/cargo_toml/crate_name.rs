//! Names of packages.

use crate::message::{Message, message};

/// Why `name` cannot be a package's name (doc.rust-lang.org/cargo, "The name field"); `None` where it can.
pub fn complaint_about_crate_name(name: &str) -> Option<Message> {
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
        return Some(message!("project-name-length", most = 64));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if let Some(c) = name.chars().find(|c| !allowed(*c)) {
        return Some(message!(
            "project-name-characters",
            signs = "- _",
            found = c
        ));
    }
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Some(message!("project-name-letter"));
    }
    TAKEN
        .contains(&name)
        .then(|| message!("project-name-rust", name = name))
}
