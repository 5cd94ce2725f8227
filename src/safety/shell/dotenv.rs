//! `.env` files. Their readers differ, so only those forms are used that all of them (python-dotenv, dotenv for Node.js and
//! Ruby, Docker Compose, godotenv) read alike.

/// `text` as a value; `None` where no form of it is read alike everywhere.
pub fn quoted(text: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@+,\\".contains(c);
    if text.contains(char::is_control) {
        None
    } else if !text.is_empty() && text.chars().all(plain) {
        Some(text.to_owned())
    } else if !text.contains('\'') && !text.contains(r"\\") && !text.ends_with('\\') {
        Some(format!("'{text}'"))
    } else if !text.contains(['"', '\\', '$', '`']) {
        Some(format!("\"{text}\""))
    } else {
        None
    }
}

/// Makes the variable `name` exactly `value`.
pub fn set(name: &str, value: &str) -> Option<String> {
    Some(format!("{name}={}\n", quoted(value)?))
}
