//! Color, or none.

use std::fmt::Display;

/// Whether text has ANSI colors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Use colors.
    pub color: bool,
}

impl Style {
    fn dress(self, code: &str, text: impl Display) -> String {
        if self.color {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_string()
        }
    }

    /// What went well.
    pub fn good(self, text: impl Display) -> String {
        self.dress("32", text)
    }

    /// What went wrong.
    pub fn bad(self, text: impl Display) -> String {
        self.dress("1;31", text)
    }

    /// What deserves a look.
    pub fn warning(self, text: impl Display) -> String {
        self.dress("33", text)
    }

    /// What matters most in a line.
    pub fn strong(self, text: impl Display) -> String {
        self.dress("1", text)
    }

    /// What may be passed over.
    pub fn faint(self, text: impl Display) -> String {
        self.dress("2", text)
    }

    /// What can be pasted.
    pub fn code(self, text: impl Display) -> String {
        self.dress("36", text)
    }
}
