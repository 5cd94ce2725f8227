//! Words of the command line that are in the project's data. The data is read if such a word is given or help lists
//! them, not whenever the program starts.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, PossibleValuesParser, StringValueParser, TypedValueParser};
use clap::{Arg, Command};

/// A parser of the words that a function returns.
#[derive(Clone)]
pub(super) struct DataWords {
    words: fn() -> Vec<PossibleValue>,
    accepts_others: bool,
}

impl DataWords {
    /// Accepts the words of `words`, and no others.
    pub(super) const fn only(words: fn() -> Vec<PossibleValue>) -> Self {
        Self {
            words,
            accepts_others: false,
        }
    }

    /// Suggests the words of `words` in help, and accepts any: the command answers the others.
    pub(super) const fn suggested(words: fn() -> Vec<PossibleValue>) -> Self {
        Self {
            words,
            accepts_others: true,
        }
    }
}

impl TypedValueParser for DataWords {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        if self.accepts_others {
            return StringValueParser::new().parse_ref(command, arg, value);
        }
        PossibleValuesParser::new((self.words)()).parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.words)().into_iter()))
    }
}
