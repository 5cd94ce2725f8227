//! Escaping for workflow commands of GitHub Actions.
//!
//! Form: <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>

/// `text` as the message of a command.
pub fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// `text` as the value of a property.
pub fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
