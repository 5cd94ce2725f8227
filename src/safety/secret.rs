//! A string that must not be seen: passwords and tokens.

use std::fmt;

/// A password or token. `Debug` and `Display` never show it; [`Secret::reveal`] does, at the one place that sends it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps `value`.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself, for the code that hands it to the server.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// `text` with every occurrence of the value written `***`: for the texts of a server that knows it. Values shorter
    /// than three bytes, and the public default `taosdata`, are left: they would only garble the text.
    pub fn cut_from(&self, text: &str) -> String {
        if self.0.len() < 3 || self.0 == "taosdata" {
            text.to_owned()
        } else {
            text.replace(&self.0, "***")
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
