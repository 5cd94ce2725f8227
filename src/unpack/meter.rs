//! Counts what goes into a decompressor and what comes out, and stops a bomb.

use std::cell::{Cell, RefCell};
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use super::limits::{self, Limits};

/// What the readers of one unpacking share.
#[derive(Debug)]
pub(super) struct Meter {
    limits: Limits,
    inflated: Cell<u64>,
    violation: RefCell<Option<String>>,
}

impl Meter {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            inflated: Cell::default(),
            violation: RefCell::default(),
        }
    }

    /// The limit that was broken, as a phrase that follows "it"; readers only give an `io::Error`, which tar wraps away.
    pub(super) fn violation(&self) -> Option<String> {
        self.violation.borrow().clone()
    }

    fn break_off(&self, reason: String) -> io::Error {
        self.violation.borrow_mut().get_or_insert(reason);
        io::Error::other("a limit was reached")
    }
}

/// Counts compressed bytes on their way into a decompressor.
#[derive(Debug)]
pub(super) struct Compressed<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R> Compressed<R> {
    pub(super) fn new(inner: R, count: Rc<Cell<u64>>) -> Self {
        Self { inner, count }
    }
}

impl<R: Read> Read for Compressed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.set(self.count.get() + read as u64);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Compressed<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.count.set(self.count.get() + amount as u64);
        self.inner.consume(amount);
    }
}

/// How many bytes of headers may still be read; `None` while an entry's content is read.
pub(super) type HeaderBudget = Rc<Cell<Option<u64>>>;

/// Counts inflated bytes on their way out of a decompressor.
pub(super) struct Inflated<R> {
    inner: R,
    meter: Rc<Meter>,
    compressed: Rc<Cell<u64>>,
    count: u64,
    headers: HeaderBudget,
}

impl<R> Inflated<R> {
    pub(super) fn new(
        inner: R,
        meter: Rc<Meter>,
        compressed: Rc<Cell<u64>>,
        headers: HeaderBudget,
    ) -> Self {
        Self {
            inner,
            meter,
            compressed,
            count: 0,
            headers,
        }
    }
}

impl<R: Read> Read for Inflated<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = match self.headers.get() {
            Some(0) => {
                return Err(self.meter.break_off(format!(
                    "has more than {} of headers",
                    limits::bytes(self.meter.limits.headers)
                )));
            }
            Some(left) => usize::try_from(left)
                .unwrap_or(usize::MAX)
                .min(buffer.len()),
            None => buffer.len(),
        };
        let read = self.inner.read(&mut buffer[..room])?;
        let bytes = read as u64;
        self.headers
            .set(self.headers.get().map(|left| left - bytes));
        self.count += bytes;
        let total = self.meter.inflated.get() + bytes;
        self.meter.inflated.set(total);
        let limits = self.meter.limits;
        if total > limits.total_size {
            return Err(self.meter.break_off(format!(
                "makes the package larger than {}",
                limits::bytes(limits.total_size)
            )));
        }
        let honest = self
            .compressed
            .get()
            .saturating_mul(limits.ratio)
            .max(limits.ratio_from);
        if self.count > honest {
            return Err(self.meter.break_off(format!(
                "inflates to more than {} times its compressed size",
                limits.ratio
            )));
        }
        Ok(read)
    }
}
