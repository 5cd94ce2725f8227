//! Counts what goes into a decompressor and what comes out, and stops a bomb.

use std::cell::{Cell, RefCell};
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use super::limits::{self, ArchiveLimits};
use crate::message::{Message, message};

/// What the readers of one unpacking share.
#[derive(Debug)]
pub(super) struct Meter {
    limits: ArchiveLimits,
    inflated: Cell<u64>,
    violation: RefCell<Option<Message>>,
}

impl Meter {
    pub(super) fn new(limits: ArchiveLimits) -> Self {
        Self {
            limits,
            inflated: Cell::default(),
            violation: RefCell::default(),
        }
    }

    /// The limit that was broken, as a phrase that follows "it"; readers only give an `io::Error`, which tar wraps away.
    pub(super) fn violation(&self) -> Option<Message> {
        self.violation.borrow().clone()
    }

    fn break_off(&self, reason: Message) -> io::Error {
        self.violation.borrow_mut().get_or_insert(reason);
        io::Error::other("a limit was reached")
    }
}

/// The bytes that went into one decompressor and that came out of it.
#[derive(Debug, Default)]
pub(super) struct Flow {
    compressed: Cell<u64>,
    inflated: Cell<u64>,
}

impl Flow {
    /// The flow of a decompressor whose input, `compressed` bytes, is known from the start.
    pub(super) fn of(compressed: u64) -> Rc<Self> {
        Rc::new(Self {
            compressed: Cell::new(compressed),
            inflated: Cell::default(),
        })
    }
}

/// Counts compressed bytes on their way into a decompressor. No honest compressor makes its input much larger, so that endless
/// empty members, blocks and streams end here.
#[derive(Debug)]
pub(super) struct Compressed<R> {
    inner: R,
    flow: Rc<Flow>,
    meter: Rc<Meter>,
    /// Bytes that may go in before anything comes out.
    idle: u64,
}

impl<R> Compressed<R> {
    pub(super) fn new(inner: R, flow: Rc<Flow>, meter: Rc<Meter>, idle: u64) -> Self {
        Self {
            inner,
            flow,
            meter,
            idle,
        }
    }

    fn check(&self) -> io::Result<()> {
        let inflated = self.flow.inflated.get();
        match self.flow.compressed.get() > inflated + inflated / 8 + self.idle {
            false => Ok(()),
            true => Err(self.meter.break_off(message!("unpack-idle"))),
        }
    }
}

impl<R: Read> Read for Compressed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.check()?;
        let read = self.inner.read(buffer)?;
        self.flow
            .compressed
            .set(self.flow.compressed.get() + read as u64);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Compressed<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.check()?;
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.flow
            .compressed
            .set(self.flow.compressed.get() + amount as u64);
        self.inner.consume(amount);
    }
}

/// How many bytes of headers may still be read; `None` while an entry's content is read.
pub(super) type HeaderBudget = Rc<Cell<Option<u64>>>;

/// Counts inflated bytes on their way out of a decompressor.
pub(super) struct Inflated<R> {
    inner: R,
    meter: Rc<Meter>,
    flow: Rc<Flow>,
    headers: HeaderBudget,
}

impl<R> Inflated<R> {
    pub(super) fn new(inner: R, meter: Rc<Meter>, flow: Rc<Flow>, headers: HeaderBudget) -> Self {
        Self {
            inner,
            meter,
            flow,
            headers,
        }
    }
}

impl<R: Read> Read for Inflated<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = match self.headers.get() {
            Some(0) => {
                return Err(self.meter.break_off(message!(
                    "unpack-headers-large",
                    most = limits::bytes(self.meter.limits.headers)
                )));
            }
            Some(left) => usize::try_from(left)
                .unwrap_or(usize::MAX)
                .min(buffer.len()),
            None => buffer.len(),
        };
        let read = self.inner.read(&mut buffer[..most])?;
        let bytes = read as u64;
        self.headers
            .set(self.headers.get().map(|left| left - bytes));
        let count = self.flow.inflated.get() + bytes;
        self.flow.inflated.set(count);
        let total = self.meter.inflated.get() + bytes;
        self.meter.inflated.set(total);
        let limits = self.meter.limits;
        if total > limits.total_size {
            return Err(self.meter.break_off(message!(
                "unpack-package-large",
                most = limits::bytes(limits.total_size)
            )));
        }
        let honest = self
            .flow
            .compressed
            .get()
            .saturating_mul(limits.ratio)
            .max(limits.ratio_from);
        if count > honest {
            return Err(self
                .meter
                .break_off(message!("unpack-ratio", times = limits.ratio)));
        }
        Ok(read)
    }
}
