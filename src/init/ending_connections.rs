//! Notes about connections that the vendor ends (docs/facts.md, "Dates").

use crate::catalog::connectors::{Connectors, Transport};
use crate::catalog::endings::Endings;
use crate::message::{Message, message};
use crate::project::language::ProjectLanguage;

/// Returns a note if the vendor ends the connection that is set up.
pub(super) fn note(language: &ProjectLanguage, transport: Transport) -> Option<Message> {
    let endings = Endings::built_in();
    // A language that keeps the jar has Java's driver.
    let has_jar = Connectors::built_in().has_jar(language.id);
    let driver = if has_jar { "java" } else { language.id };
    let ending = endings.of(driver, transport)?;
    Some(endings.describe(ending))
}

/// Returns a note if the vendor ends the connection that the file and line `place` names.
pub(super) fn note_about_settings(
    language: &ProjectLanguage,
    transport: Transport,
    place: &str,
) -> Option<Message> {
    let note = note(language, transport)?;
    Some(message!("init-ending-found", place = place, note = note))
}
