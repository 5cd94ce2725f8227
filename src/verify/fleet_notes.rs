//! Notes about many targets: the first few of each kind, then a count.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::message::message;
use crate::system::events::{Event, EventSink, Events};

/// The notes of a kind that are passed on.
const MOST: usize = 3;

/// Passes on [`MOST`] notes of each kind, and the number of others when it is dropped.
pub(super) struct LimitedNotes {
    events: EventSink,
    seen: Mutex<BTreeMap<&'static str, usize>>,
}

impl LimitedNotes {
    /// `events`, limited if there are `many` targets.
    pub(super) fn around(events: &EventSink, many: bool) -> EventSink {
        match many {
            false => Arc::clone(events),
            true => Arc::new(Self {
                events: Arc::clone(events),
                seen: Mutex::default(),
            }),
        }
    }
}

impl Events for LimitedNotes {
    fn emit(&self, event: Event) {
        if let Event::Note(note) = &event
            && let Some(id) = note.id()
        {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            let count = seen.entry(id).or_default();
            *count += 1;
            if *count > MOST {
                return;
            }
        }
        self.events.emit(event);
    }
}

impl Drop for LimitedNotes {
    fn drop(&mut self) {
        let seen = self.seen.get_mut().unwrap_or_else(PoisonError::into_inner);
        let left_out: usize = seen.values().map(|count| count.saturating_sub(MOST)).sum();
        if left_out > 0 {
            let note = message!("fleet-notes", count = left_out);
            self.events.emit(Event::note(note));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Message;

    #[derive(Default)]
    struct Collected(Mutex<Vec<String>>);

    impl Events for Collected {
        fn emit(&self, event: Event) {
            if let Event::Note(note) = event {
                self.0.lock().unwrap().push(note.to_string());
            }
        }
    }

    #[test]
    fn repeated_notes_are_counted() {
        let collected = Arc::new(Collected::default());
        let sink: EventSink = Arc::clone(&collected) as EventSink;
        let limited = LimitedNotes::around(&sink, true);
        for _ in 0..10 {
            limited.emit(Event::note(message!("verify-no-other-server")));
        }
        limited.emit(Event::note(Message::quoted("other")));
        drop(limited);
        let notes = collected.0.lock().unwrap();
        assert_eq!(notes.len(), MOST + 2, "{notes:?}");
        assert_eq!(
            notes.last().unwrap(),
            "7 more notes of the same kinds are not shown"
        );
    }
}
