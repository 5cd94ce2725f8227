//! Notes about connections that the vendor ends (docs/facts.md, "Dates").

use crate::catalog::connectors::Transport;
use crate::catalog::endings::Endings;
use crate::message::{Message, message};
use crate::project::language::ProjectLanguage;

/// Returns a note if the vendor ends the connection that is set up.
pub(super) fn note(language: &ProjectLanguage, transport: Transport) -> Option<Message> {
    let deadline = Endings::built_in().of(language.id, transport)?;
    Some(message!(
        "init-ending",
        language = language.title,
        native = transport == Transport::Native,
        deadline = deadline
    ))
}

/// Returns a note if the vendor ends the connection that the file and line `place` names.
pub(super) fn note_about_settings(
    language: &ProjectLanguage,
    transport: Transport,
    place: &str,
) -> Option<Message> {
    let deadline = Endings::built_in().of(language.id, transport)?;
    Some(message!(
        "init-ending-found",
        place = place,
        language = language.title,
        native = transport == Transport::Native,
        deadline = deadline
    ))
}
