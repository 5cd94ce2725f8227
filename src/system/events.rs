//! Progress as events. Modules emit them and `output/` draws them; only `output/` prints.

use std::sync::Arc;

use crate::message::Message;

/// A step that takes long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgressStep {
    /// A package is read.
    Download,
}

impl ProgressStep {
    /// The stable word for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Download => "download",
        }
    }
}

/// One thing that happened on the way to a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A step begins. `total` is its size in bytes where it is known.
    Started {
        /// The step.
        step: ProgressStep,
        /// What the step works on, for a person.
        subject: String,
        /// Bytes to come, where known.
        total: Option<u64>,
    },
    /// The step has got this far, in bytes.
    Advanced {
        /// The step.
        step: ProgressStep,
        /// Bytes done so far.
        done: u64,
    },
    /// The step is over.
    Finished {
        /// The step.
        step: ProgressStep,
    },
    /// Something worth a line of prose: a choice that was made, an assumption.
    Note(Message),
    /// A line that only `--verbose` shows.
    Detail(Message),
}

impl Event {
    /// A [`Event::Note`].
    pub fn note(text: impl Into<Message>) -> Self {
        Self::Note(text.into())
    }

    /// A [`Event::Detail`].
    pub fn detail(text: impl Into<Message>) -> Self {
        Self::Detail(text.into())
    }
}

/// Where events go.
pub trait Events: Send + Sync {
    /// Takes one event. Must not block for long and must not fail.
    fn emit(&self, event: Event);
}

/// A shared place to send events to.
pub type EventSink = Arc<dyn Events>;

/// Swallows every event: `--quiet`, and tests.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Events for Silent {
    fn emit(&self, _event: Event) {}
}
