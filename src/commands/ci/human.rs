//! The piece of a pipeline, for people.

use crate::message::{Message, message};
use crate::output::{HumanOptions, HumanText, layout};
use crate::pipeline::{PipelineMode, PipelinePiece};
use crate::project::plan::Action;

/// The text itself, its change, or what was written; what is left to do on stderr.
pub(super) fn text(piece: &PipelinePiece, options: &HumanOptions) -> HumanText {
    let locale = options.locale;
    if piece.refusal.is_some() {
        return HumanText {
            stdout: piece.text.clone(),
            stderr: String::new(),
        };
    }
    let stdout = match (&piece.diff, piece.mode) {
        (Some(diff), _) => diff.clone(),
        (None, PipelineMode::Print) if piece.more.is_empty() => piece.text.clone(),
        (None, PipelineMode::Print) => {
            let more = piece.more.iter().map(|file| (&file.path, &file.text));
            let texts = std::iter::once((&piece.path, &piece.text)).chain(more);
            let texts: Vec<_> = texts
                .map(|(path, text)| format!("# {path}\n{text}"))
                .collect();
            texts.join("\n")
        }
        (None, PipelineMode::Write | PipelineMode::DryRun | PipelineMode::Check) => piece
            .files()
            .map(|(action, path)| {
                let word = match action {
                    Action::Create => message!("init-created"),
                    Action::Edit => message!("init-edited"),
                    Action::None => message!("init-unchanged"),
                };
                format!("{} {path}\n", word.text(locale))
            })
            .collect(),
    };
    let mut stderr = String::new();
    if !piece.unused.is_empty() {
        let options_of_piece: Vec<_> = piece.unused.iter().map(|it| it.as_str()).collect();
        stderr += &layout::note(
            &message!(
                "pipeline-unused",
                system = piece.system,
                options = options_of_piece.join(", ")
            ),
            options,
        );
    }
    let changed = piece.files().find(|(action, _)| *action != Action::None);
    match (piece.mode, changed) {
        (PipelineMode::Check, Some((_, path))) => {
            stderr += &layout::note(&message!("pipeline-check-differs", path = path), options);
        }
        (PipelineMode::DryRun | PipelineMode::Check, None) => {
            stderr += &layout::note(&message!("init-nothing"), options);
        }
        (PipelineMode::Print, _) => {
            stderr += &layout::note(&message!("pipeline-place", path = piece.path), options);
        }
        (PipelineMode::Write, _) | (PipelineMode::DryRun, Some(_)) => {}
    }
    if piece.mode != PipelineMode::Check
        && let Some(next) = piece.next
    {
        let next = Message::from(next.clone()).text(locale);
        stderr += &layout::next(&[next], options);
    }
    HumanText { stdout, stderr }
}
