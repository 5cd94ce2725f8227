//! Notes about connections that the vendor ends (docs/facts.md, "Dates").

use crate::catalog::connectors::Transport;
use crate::catalog::endings::Endings;
use crate::message::{Message, message};
use crate::project::language::ProjectLanguage;

/// Returns a note if the vendor ends the connection that is set up.
pub(super) fn note(language: &ProjectLanguage, transport: Transport) -> Option<Message> {
    let endings = Endings::built_in();
    let ending = endings.of(language.id, transport)?;
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
