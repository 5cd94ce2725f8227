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
        (None, PipelineMode::Print) => piece.text.clone(),
        (None, PipelineMode::Write | PipelineMode::DryRun | PipelineMode::Check) => {
            let word = match piece.action {
                Action::Create => message!("init-created"),
                Action::Edit => message!("init-edited"),
                Action::None => message!("init-unchanged"),
            };
            format!("{} {}\n", word.text(locale), piece.path)
        }
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
    match (piece.mode, piece.action) {
        (PipelineMode::Check, Action::Create | Action::Edit) => {
            stderr += &layout::note(
                &message!("pipeline-check-differs", path = piece.path),
                options,
            );
        }
        (PipelineMode::DryRun | PipelineMode::Check, Action::None) => {
            stderr += &layout::note(&message!("init-nothing"), options);
        }
        (PipelineMode::Print, _) => {
            stderr += &layout::note(&message!("pipeline-place", path = piece.path), options);
        }
        (PipelineMode::Write, _) | (PipelineMode::DryRun, Action::Create | Action::Edit) => {}
    }
    if piece.mode != PipelineMode::Check
        && let Some(next) = piece.next
    {
        let next = Message::from(next.clone()).text(locale);
        stderr += &layout::next(&[next], options);
    }
    HumanText { stdout, stderr }
}
