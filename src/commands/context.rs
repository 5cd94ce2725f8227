//! What every command is given: how to show things, where progress goes, in which language.

use std::io::IsTerminal;
use std::sync::Arc;

use clap::ValueEnum;

use crate::message::locale::Locale;
use crate::output::Output;
use crate::output::progress::{DrawForm, Progress};
use crate::output::style::Style;
use crate::system::env_vars;
use crate::system::events::{EventSink, Silent};

/// Options that every command takes.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputArgs {
    /// Print one JSON document on stdout instead of text
    #[arg(long, global = true)]
    json: bool,
    /// Print results and errors only
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Print what is tried along the way
    #[arg(long, short, global = true)]
    verbose: bool,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: When,
    /// Draw no progress
    #[arg(long, global = true)]
    no_progress: bool,
    /// How to show progress on stderr: a bar on a terminal and plain lines elsewhere, or one JSON object a line
    #[arg(
        long,
        global = true,
        value_name = "FORM",
        default_value = "auto",
        conflicts_with = "no_progress"
    )]
    progress: ProgressForm,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ProgressForm {
    Auto,
    Json,
}

/// What every command is given besides its own arguments.
pub struct Context {
    /// How to show things.
    pub output: Output,
    /// Where progress goes.
    pub events: EventSink,
    /// The language of findings.
    pub locale: Locale,
    /// Whether details are shown.
    pub verbose: bool,
}

impl Context {
    /// The context that the options, the environment and the terminal ask for.
    pub(super) fn new(args: &OutputArgs) -> Self {
        let output = Output {
            json: args.json,
            quiet: args.quiet,
            stdout_style: style(args.color, &std::io::stdout()),
            stderr_style: style(args.color, &std::io::stderr()),
            locale: Locale::from_environment(),
        };
        let form = if args.progress == ProgressForm::Json {
            DrawForm::Json
        } else if args.no_progress || env_vars::NO_PROGRESS.get().is_some() {
            DrawForm::Notes
        } else if std::io::stderr().is_terminal() && !is_dumb() {
            DrawForm::Bar
        } else {
            DrawForm::Lines
        };
        let events: EventSink = if args.quiet {
            Arc::new(Silent)
        } else {
            Arc::new(Progress::new(form, args.verbose, output.locale))
        };
        Self {
            output,
            events,
            locale: output.locale,
            verbose: args.verbose,
        }
    }
}

fn style(when: When, stream: &impl IsTerminal) -> Style {
    let color = match when {
        When::Always => true,
        When::Never => false,
        When::Auto => stream.is_terminal() && env_vars::NO_COLOR.get().is_none() && !is_dumb(),
    };
    Style { color }
}

/// Whether the terminal says that it knows no control sequences, as Emacs's shell and some CI runners do.
fn is_dumb() -> bool {
    env_vars::TERM.text().as_deref() == Some("dumb")
}
