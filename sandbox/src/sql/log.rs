//! What a database's vgroups write down, in order, for subscriptions to read (a write-ahead log).

use std::collections::VecDeque;

use super::value::Value;

/// Most rows that the log of one vgroup keeps; older ones are forgotten.
const MOST_ROWS: usize = 200_000;

/// One entry.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Entry {
    /// Nothing that a subscription shows: a vgroup's start, a subscription, a commit.
    Control,
    /// A supertable or a table was created or changed.
    Definition,
    /// Rows were written.
    Rows(Vec<WrittenRows>),
}

/// The rows that one statement wrote into one table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WrittenRows {
    pub(crate) table: String,
    pub(crate) rows: Vec<Vec<Value>>,
}

/// The log of one vgroup.
#[derive(Debug)]
pub(crate) struct VgroupLog {
    /// The vgroup's number in the cluster.
    pub(crate) id: i32,
    /// The offset of the first entry that is kept.
    first: usize,
    entries: VecDeque<Entry>,
    rows: usize,
}

impl VgroupLog {
    /// An empty log: it starts with the entry of its own start.
    pub(crate) fn new(id: i32) -> Self {
        Self {
            id,
            first: 0,
            entries: VecDeque::from([Entry::Control]),
            rows: 0,
        }
    }

    pub(crate) fn push(&mut self, entry: Entry) {
        self.rows += entry.rows();
        self.entries.push_back(entry);
        while self.rows > MOST_ROWS
            && let Some(oldest) = self.entries.pop_front()
        {
            self.rows -= oldest.rows();
            self.first += 1;
        }
    }

    /// The offset of the first entry that is kept.
    pub(crate) fn begin(&self) -> i64 {
        offset(self.first)
    }

    /// The offset behind the last entry.
    pub(crate) fn end(&self) -> i64 {
        offset(self.first + self.entries.len())
    }

    /// The entries from an offset on, each with the offset behind it.
    pub(crate) fn from(&self, start: i64) -> impl Iterator<Item = (i64, &Entry)> {
        let skipped = usize::try_from(start.saturating_sub(self.begin())).unwrap_or(0);
        let behind = self.begin() + offset(skipped) + 1;
        (behind..).zip(self.entries.iter().skip(skipped))
    }
}

impl Entry {
    fn rows(&self) -> usize {
        match self {
            Self::Rows(tables) => tables.iter().map(|table| table.rows.len()).sum(),
            Self::Control | Self::Definition => 0,
        }
    }
}

fn offset(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(count: usize) -> Entry {
        Entry::Rows(vec![WrittenRows {
            table: "t".to_owned(),
            rows: vec![Vec::new(); count],
        }])
    }

    #[test]
    fn entries_are_read_from_an_offset() {
        let mut log = VgroupLog::new(2);
        log.push(rows(1));
        log.push(rows(2));
        assert_eq!((log.begin(), log.end()), (0, 3));
        let read: Vec<_> = log.from(1).collect();
        assert_eq!(read, [(2, &rows(1)), (3, &rows(2))]);
        assert_eq!(log.from(3).count(), 0);
    }

    #[test]
    fn oldest_entries_are_forgotten() {
        let mut log = VgroupLog::new(2);
        for _ in 0..3 {
            log.push(rows(MOST_ROWS / 2));
        }
        assert_eq!((log.begin(), log.end()), (2, 4));
        assert_eq!(log.from(0).next(), Some((3, &rows(MOST_ROWS / 2))));
    }
}
