//! Reads large results block by block, and closes connections.

use std::ffi::c_void;
use std::time::Instant;

use super::{LibraryConnection, LibraryError, LibraryHandle};
use crate::probe::block::scan;

/// `Invalid data format`: a block that cannot be decoded.
const INVALID_BLOCK: u32 = 0x8000_0105;
/// The length of a block is in its bytes 4 to 7.
const LENGTH_END: usize = 8;
/// The largest block that is read, in bytes.
const MOST_OF_BLOCK: usize = 256 * 1024 * 1024;

// SAFETY: the interface lets any thread use a connection, one thread at a time: connectors' pools hand connections from thread to
// thread. `&mut` is not needed, as the library locks the connection itself.
unsafe impl Send for LibraryConnection<'_> {}

impl LibraryConnection<'_> {
    /// Closes the connection.
    pub fn close(self) {
        // SAFETY: the handle is an open connection and is not used again.
        unsafe { (self.driver.close)(self.handle) }
    }

    /// Runs `statement` and decodes its rows without keeping them, until all were read or `stop`; their number.
    pub fn read_rows(&self, statement: &str, stop: Instant) -> Result<u64, LibraryError> {
        let result = self.start(statement)?;
        let read = self.scan(result, stop);
        // SAFETY: the result is this library's and is not used again.
        unsafe { (self.driver.free_result)(result) };
        read
    }

    fn scan(&self, result: LibraryHandle, stop: Instant) -> Result<u64, LibraryError> {
        let Some(fetch) = self.driver.fetch_raw_block else {
            return Ok(self.table(result).1.len() as u64);
        };
        // SAFETY: `result` is a successful result.
        if unsafe { (self.driver.num_fields)(result) } == 0 {
            return Ok(0);
        }
        let mut rows: u64 = 0;
        loop {
            let (mut count, mut block) = (0, std::ptr::null::<c_void>());
            // SAFETY: `result` is a successful result, and both pointers lead to variables of their type.
            let failed = unsafe { fetch(result, &raw mut count, &raw mut block) } != 0;
            if failed {
                return Err(self.driver.refusal(result));
            }
            if count <= 0 || block.is_null() {
                return Ok(rows);
            }
            let invalid = || (INVALID_BLOCK, String::new());
            // SAFETY: a block begins with its version and its length, and is valid until the next one is fetched.
            let head = unsafe { std::slice::from_raw_parts(block.cast::<u8>(), LENGTH_END) };
            let length = head
                .last_chunk()
                .map_or(0, |four| i32::from_le_bytes(*four));
            let length = usize::try_from(length)
                .ok()
                .filter(|length| (LENGTH_END..=MOST_OF_BLOCK).contains(length))
                .ok_or_else(invalid)?;
            // SAFETY: as above; the block has as many bytes as it says.
            let block = unsafe { std::slice::from_raw_parts(block.cast::<u8>(), length) };
            rows = rows.saturating_add(scan::rows(block).map_err(|_| invalid())?);
            if Instant::now() >= stop {
                return Ok(rows);
            }
        }
    }
}
