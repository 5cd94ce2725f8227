//! Questions to the person at the terminal. They go to stderr: stdout carries results only.

use std::io::{ErrorKind, IsTerminal};

use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, Input, Select};

use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::locale::Locale;
use crate::message::{Message, message};

/// A person who can be asked.
#[derive(Clone, Copy, Debug)]
pub struct Questions {
    locale: Locale,
    color: bool,
}

impl Questions {
    /// Returns questions in `locale` if stdin and stderr are terminals.
    pub fn at_terminal(locale: Locale, color: bool) -> Option<Self> {
        let is_terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        is_terminal.then_some(Self { locale, color })
    }

    /// Asks for a text; Enter alone takes `default`.
    ///
    /// # Errors
    /// `interrupted` if the person ends the program.
    pub fn text(&self, question: &Message, default: &str) -> Result<String> {
        let theme = self.theme();
        Input::with_theme(theme.as_ref())
            .with_prompt(question.text(self.locale))
            .default(default.to_owned())
            .interact_text()
            .map_err(unanswered)
    }

    /// Asks for a text that may be left out: Enter alone gives `None`.
    ///
    /// # Errors
    /// `interrupted` if the person ends the program.
    pub fn optional_text(&self, question: &Message) -> Result<Option<String>> {
        let theme = self.theme();
        let text: String = Input::with_theme(theme.as_ref())
            .with_prompt(question.text(self.locale))
            .allow_empty(true)
            .interact_text()
            .map_err(unanswered)?;
        let text = text.trim();
        Ok((!text.is_empty()).then(|| text.to_owned()))
    }

    /// Asks for one of `choices` and returns its index; Enter alone takes that at `default`.
    ///
    /// # Errors
    /// `interrupted` if the person ends the program.
    pub fn choice(&self, question: &Message, choices: &[Message], default: usize) -> Result<usize> {
        let theme = self.theme();
        let choices: Vec<String> = choices.iter().map(|it| it.text(self.locale)).collect();
        Select::with_theme(theme.as_ref())
            .with_prompt(question.text(self.locale))
            .items(&choices)
            .default(default)
            .interact()
            .map_err(unanswered)
    }

    /// Shows `text` before a question about it.
    pub fn show(&self, text: &str) {
        super::print_err(text);
    }

    /// Asks a question that is answered by yes or no; Enter alone means no.
    ///
    /// # Errors
    /// `interrupted` if the person ends the program.
    pub fn confirm(&self, question: &Message) -> Result<bool> {
        let theme = self.theme();
        Confirm::with_theme(theme.as_ref())
            .with_prompt(question.text(self.locale))
            .default(false)
            .interact()
            .map_err(unanswered)
    }

    fn theme(&self) -> Box<dyn Theme> {
        match self.color {
            true => Box::new(ColorfulTheme::default()),
            false => Box::new(SimpleTheme),
        }
    }
}

fn unanswered(error: dialoguer::Error) -> Error {
    let dialoguer::Error::IO(error) = error;
    let id = match error.kind() {
        ErrorKind::Interrupted => ErrorId::Interrupted,
        _ => ErrorId::FileUnreadable,
    };
    Error::new(
        id,
        message!("questions-ask"),
        describe_io_error(&error),
        message!("questions-next"),
    )
}
