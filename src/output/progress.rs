//! Progress on stderr: bars on a terminal, plain lines elsewhere, JSON lines for programs, or nothing.

use std::io::Write;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use unicode_width::UnicodeWidthStr;

use super::progress_line::{ProgressLine, file_name};
use super::style::Style;
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::safety::printable::printable;
use crate::system::events::{Event, Events, ProgressStep};

/// How progress is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrawForm {
    /// A bar that moves.
    Bar,
    /// A line when a step begins and ends.
    Lines,
    /// One JSON object a line.
    Json,
    /// No steps, only notes.
    Notes,
}

/// Draws events on stderr.
#[derive(Debug)]
pub struct Progress {
    form: DrawForm,
    verbose: bool,
    locale: Locale,
    style: Style,
    bar: Mutex<Option<ProgressBar>>,
}

impl Progress {
    /// A drawer in `form`; `verbose` shows details too.
    pub fn new(form: DrawForm, verbose: bool, locale: Locale, style: Style) -> Self {
        Self {
            form,
            verbose,
            locale,
            style,
            bar: Mutex::new(None),
        }
    }

    fn line(&self, text: &str) {
        match self.bar.lock().ok().as_deref() {
            Some(Some(bar)) => bar.suspend(|| write_line(text)),
            _ => write_line(text),
        }
    }

    /// The words for a step.
    fn verb(&self, step: ProgressStep) -> String {
        match step {
            ProgressStep::Download => message!("output-downloading"),
        }
        .text(self.locale)
    }

    fn note(&self, text: &Message) {
        let label = message!("output-note").text(self.locale);
        let text = printable(&text.text(self.locale));
        let text = self.style.prose(label.width(), 2, text);
        self.line(&format!("{label}{text}"));
    }

    fn begin(&self, step: ProgressStep, subject: &str, total: Option<u64>) {
        match self.form {
            DrawForm::Bar => {
                let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
                let name = printable(file_name(subject));
                let verb = self.verb(step);
                let line = ProgressLine::fit(&verb, &name, total.is_some(), self.style.columns.unwrap_or(80));
                if let Ok(style) = ProgressStyle::with_template(&line.template(total.is_some())) {
                    bar.set_style(style.progress_chars("=> "));
                }
                bar.set_message(line.message);
                bar.enable_steady_tick(Duration::from_millis(120));
                if let Ok(mut slot) = self.bar.lock() {
                    *slot = Some(bar);
                }
            }
            DrawForm::Lines => {
                let size = total
                    .map(|total| format!(" ({})", HumanBytes(total)))
                    .unwrap_or_default();
                let name = printable(file_name(subject));
                write_line(&format!("{} {name}{size}", self.verb(step)));
            }
            DrawForm::Json => write_line(
                &json!({"event": "started", "step": step.as_str(), "subject": subject, "total": total})
                    .to_string(),
            ),
            DrawForm::Notes => {}
        }
    }
}

impl Events for Progress {
    fn emit(&self, event: Event) {
        match event {
            Event::Started {
                step,
                subject,
                total,
            } => self.begin(step, &subject, total),
            Event::Advanced { step, done } => match self.form {
                DrawForm::Bar => {
                    if let Ok(Some(bar)) = self.bar.lock().as_deref() {
                        bar.set_position(done);
                    }
                }
                DrawForm::Lines | DrawForm::Notes => {}
                DrawForm::Json => {
                    write_line(
                        &json!({"event": "advanced", "step": step.as_str(), "done": done})
                            .to_string(),
                    );
                }
            },
            Event::Finished { step } => match self.form {
                DrawForm::Bar => {
                    if let Some(bar) = self.bar.lock().ok().and_then(|mut slot| slot.take()) {
                        bar.finish_and_clear();
                    }
                }
                DrawForm::Lines | DrawForm::Notes => {}
                DrawForm::Json => {
                    write_line(&json!({"event": "finished", "step": step.as_str()}).to_string())
                }
            },
            Event::Note(text) => match self.form {
                DrawForm::Json => write_line(
                    &json!({"event": "note", "text": text.text(self.locale)}).to_string(),
                ),
                DrawForm::Bar | DrawForm::Lines | DrawForm::Notes => self.note(&text),
            },
            Event::Detail(text) if self.verbose => match self.form {
                DrawForm::Json => write_line(
                    &json!({"event": "detail", "text": text.text(self.locale)}).to_string(),
                ),
                DrawForm::Bar | DrawForm::Lines | DrawForm::Notes => {
                    self.line(&printable(&text.text(self.locale)));
                }
            },
            Event::Detail(_) => {}
        }
    }
}

fn write_line(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
