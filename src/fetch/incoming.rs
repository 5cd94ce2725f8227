//! One address that answers: the bytes of one answer, judged as they come.

use std::io;

use reqwest::Response;
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::CHUNK;
use super::client::describe;
use super::limits::DownloadLimits;
use super::partial::Partial;
use super::request::{Missing, MissingPart, refused};
use super::sidecar::Validator;
use crate::error::{Error, ErrorId};
use crate::message::{Message, message};
use crate::system::http_runtime;

/// The largest download, far above the largest client package (about 150 MB for Windows).
pub const LARGEST: u64 = 1 << 30;

/// A file on its way from one address.
pub(super) struct Incoming {
    pub(super) url: Url,
    /// Where it comes from, safe to show.
    pub(super) place: String,
    pub(super) response: Response,
    /// Bytes that came while the answer was judged.
    pub(super) first: Option<Vec<u8>>,
    /// How many bytes were handed on.
    pub(super) position: u64,
    /// How many of them come from the partial file.
    pub(super) on_disk: u64,
    pub(super) total: Option<u64>,
    pub(super) validator: Option<Validator>,
    pub(super) partial: Option<Partial>,
}

impl Incoming {
    /// The part that is still missing, where it can be asked for.
    pub(super) fn missing_part(&self) -> Option<MissingPart> {
        let (validator, total) = (self.validator.clone()?, self.total?);
        (0 < self.position && self.position < total).then_some(MissingPart {
            start: self.position,
            total,
            validator,
        })
    }

    /// Takes the first bytes of a whole file, and sees whether they are a web page.
    pub(super) async fn begin(
        &mut self,
        html: bool,
        limits: &DownloadLimits,
        deadline: Instant,
    ) -> Result<(), Missing> {
        let mut first = Vec::new();
        while first.is_empty() && self.receive(limits, deadline, &mut first).await? {}
        if html || begins_like_a_page(&first) {
            let observed = message!("fetch-web-page");
            return Err(Missing::Fatal(refused(&self.place, observed)));
        }
        self.first = Some(first);
        Ok(())
    }

    /// Error where the file is larger than any package.
    pub(super) fn check_size(&self) -> Result<(), Missing> {
        if self.total.unwrap_or(self.position) > LARGEST {
            let observed = message!("fetch-too-large", gib = LARGEST >> 30);
            return Err(Missing::Fatal(refused(&self.place, observed)));
        }
        Ok(())
    }

    /// Appends about [`CHUNK`] bytes from the network to `buffer`; false at the end of the file.
    pub(super) async fn fill(
        &mut self,
        limits: &DownloadLimits,
        deadline: Instant,
        buffer: &mut Vec<u8>,
    ) -> Result<bool, Missing> {
        while buffer.len() < CHUNK {
            let before = buffer.len();
            let more = match self.first.take() {
                Some(first) => {
                    buffer.extend_from_slice(&first);
                    true
                }
                None if self.total == Some(self.position) => {
                    // A connection that is not closed well after the last byte does no harm.
                    let beyond = self.receive(limits, deadline, buffer).await;
                    beyond.unwrap_or(false)
                }
                None => self.receive(limits, deadline, buffer).await?,
            };
            self.position += (buffer.len() - before) as u64;
            if self.total.is_some_and(|total| self.position > total) {
                let observed = message!("fetch-more-than-announced");
                return Err(Missing::Fatal(refused(&self.place, observed)));
            }
            self.check_size()?;
            if !more {
                return match self.total.filter(|total| self.position < *total) {
                    Some(total) => {
                        Err(self.interrupted(message!("fetch-announced", total = total)))
                    }
                    None => Ok(false),
                };
            }
        }
        Ok(true)
    }

    /// Takes the next bytes from the network; false at the end.
    async fn receive(
        &mut self,
        limits: &DownloadLimits,
        deadline: Instant,
        buffer: &mut Vec<u8>,
    ) -> Result<bool, Missing> {
        let chunk = timeout_at(deadline, http_runtime::run(self.response.chunk())).await;
        match chunk.map_err(|_| Missing::Late)? {
            Ok(Some(bytes)) => {
                buffer.extend_from_slice(&bytes);
                Ok(true)
            }
            Ok(None) => Ok(false),
            Err(error) => Err(self.interrupted(describe(&error, limits))),
        }
    }

    /// The connection is gone; the rest may come over another.
    pub(super) fn interrupted(&self, why: Message) -> Missing {
        Missing::Passing {
            error: Error::new(
                ErrorId::DownloadFailed,
                message!("fetch-download", place = self.place),
                message!("fetch-interrupted", bytes = self.position, why = why),
                message!("fetch-interrupted-next"),
            ),
            wait: None,
        }
    }

    /// Keeps what came. Where that fails, on a disk that is full, what was kept goes, and the download continues.
    pub(super) fn keep(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(partial) = &mut self.partial else {
            return Ok(());
        };
        partial.append(bytes).inspect_err(|_| self.discard())
    }

    /// Removes what was kept of the file.
    pub(super) fn discard(&mut self) {
        if let Some(partial) = self.partial.take() {
            partial.discard();
        }
    }
}

fn begins_like_a_page(first: &[u8]) -> bool {
    let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
    text.trim_ascii_start().first() == Some(&b'<')
}

#[cfg(test)]
mod tests;
