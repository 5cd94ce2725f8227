//! The piece of a pipeline, for programs.

use serde_json::{Value, json};

use crate::message::Message;
use crate::message::locale::Locale;
use crate::pipeline::PipelinePiece;

/// `data` of the document.
pub(super) fn data(piece: &PipelinePiece, locale: Locale) -> Value {
    json!({
        "system": piece.system,
        "path": piece.path,
        "action": piece.action.as_str(),
        "refused": piece.refusal.as_ref().map(|refusal| refusal.id.as_str()),
        "text": piece.text,
        "more": piece.more.iter().map(|file| json!({
            "path": file.path,
            "action": file.action.as_str(),
            "text": file.text,
        })).collect::<Vec<_>>(),
        "unused": piece.unused.iter().map(|it| it.as_str()).collect::<Vec<_>>(),
        "next": piece.next.map(|next| Message::from(next.clone()).text(locale)),
    })
}
