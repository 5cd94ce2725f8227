//! Words of the command line that are in the project's data. The data is read if such a word is given or help lists
//! them, not whenever the program starts.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, Command};

/// A parser of the words that the function returns.
#[derive(Clone)]
pub(super) struct DataWords(pub(super) fn() -> Vec<PossibleValue>);

impl TypedValueParser for DataWords {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        PossibleValuesParser::new((self.0)()).parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.0)().into_iter()))
    }
}
