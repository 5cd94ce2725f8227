//! The context of every command: the form of output, the language, and the receiver of progress.

use std::io::IsTerminal;
use std::sync::Arc;

use clap::ValueEnum;
use terminal_size::{Height, Width, terminal_size_of};

use crate::catalog::age;
use crate::error::Result;
use crate::message::locale::Locale;
use crate::output::progress::{DrawForm, Progress};
use crate::output::questions::Questions;
use crate::output::style::Style;
use crate::output::{HumanOptions, Output, OutputForm};
use crate::system::clock;
use crate::system::env_vars;
use crate::system::events::{Event, EventSink, Silent};

/// Options that every command takes.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputArgs {
    /// Print one JSON document on stdout instead of text
    #[arg(long, global = true)]
    json: bool,
    /// Print results and errors only
    #[arg(
        long,
        short,
        global = true,
        conflicts_with = "verbose",
        hide_short_help = true
    )]
    quiet: bool,
    /// Print details
    #[arg(long, short, global = true)]
    verbose: bool,
    /// When to use color
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_short_help = true
    )]
    color: When,
    /// Do not show progress
    #[arg(long, global = true, hide_short_help = true)]
    no_progress: bool,
    /// Ask nothing, as without a terminal and in CI
    #[arg(long, global = true, hide_short_help = true)]
    no_input: bool,
    /// Form of progress on stderr
    ///
    /// auto shows a bar on a terminal and lines elsewhere, json one JSON object a line.
    #[arg(
        long,
        global = true,
        value_name = "FORM",
        default_value = "auto",
        conflicts_with = "no_progress",
        hide_short_help = true
    )]
    progress: ProgressForm,
}

impl OutputArgs {
    /// The options of a command line that was not parsed to its end.
    pub(super) const fn plain(json: bool) -> Self {
        Self {
            json,
            quiet: false,
            verbose: false,
            color: When::Auto,
            no_progress: true,
            no_input: true,
            progress: ProgressForm::Auto,
        }
    }
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

/// The context of a command.
pub struct Context {
    /// The form of results.
    pub output: Output,
    /// The receiver of progress.
    pub events: EventSink,
    /// The person at the terminal, if one may be asked.
    pub questions: Option<Questions>,
}

impl Context {
    /// The context according to the options, the environment, and the terminal.
    pub(super) fn new(args: &OutputArgs) -> Self {
        let (stdout, stderr) = (std::io::stdout(), std::io::stderr());
        let output = Output {
            form: match args.json {
                true => OutputForm::Json,
                false => OutputForm::Human,
            },
            quiet: args.quiet,
            human: HumanOptions {
                locale: Locale::from_environment(),
                stdout: style(
                    args.color,
                    columns(stdout.is_terminal(), terminal_size_of(&stdout)),
                ),
                stderr: style(
                    args.color,
                    columns(stderr.is_terminal(), terminal_size_of(&stderr)),
                ),
                verbose: args.verbose,
            },
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
            Arc::new(Progress::new(
                form,
                args.verbose,
                output.human.locale,
                output.human.stderr,
            ))
        };
        let may_ask = !args.no_input && env_vars::CI.get().is_none();
        let questions = Questions::at_terminal(output.human.locale, output.human.stderr.color);
        Self {
            output,
            events,
            questions: questions.filter(|_| may_ask),
        }
    }

    /// Notes that the built-in catalog is old, for a command that chooses from it.
    pub(super) fn note_old_catalog(&self) -> Result<()> {
        if let Some(note) = age::note(clock::now())? {
            self.events.emit(Event::note(note));
        }
        Ok(())
    }
}

/// The style of a stream that is a terminal of `columns`, or none.
fn style(when: When, columns: Option<usize>) -> Style {
    let color = match when {
        When::Always => true,
        When::Never => false,
        When::Auto => columns.is_some() && env_vars::NO_COLOR.get().is_none() && !is_dumb(),
    };
    Style { color, columns }
}

/// The columns of a terminal, 80 if it does not say; `None` for another stream.
fn columns(is_terminal: bool, size: Option<(Width, Height)>) -> Option<usize> {
    is_terminal.then(|| size.map_or(80, |(Width(columns), _)| columns.into()))
}

/// Whether the terminal has no control sequences, like Emacs's shell and some CI runners.
fn is_dumb() -> bool {
    env_vars::TERM.text().as_deref() == Some("dumb")
}
