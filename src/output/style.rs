//! Color, or none, and the width of a terminal.

use std::fmt::Display;

use super::wrapping::wrap;

/// How text for people is shown on a stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Use ANSI colors.
    pub color: bool,
    /// The columns of the terminal, to which prose is wrapped; `None` elsewhere, where texts are searched and compared.
    pub columns: Option<usize>,
}

impl Style {
    fn dress(self, code: &str, text: impl Display) -> String {
        if self.color {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_string()
        }
    }

    /// Wraps `text`, whose first line starts at column `first` and whose other lines are indented by `indent`.
    pub fn prose(self, first: usize, indent: usize, text: String) -> String {
        match self.columns {
            Some(columns) => wrap(&text, first, indent, columns),
            None => text,
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
