//! The `Content-Range` header of a partial answer (RFC 9110, 14.4).

/// `bytes FIRST-LAST/TOTAL`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ContentRange {
    /// The first byte that the answer holds, counted from 0.
    pub(super) first: u64,
    /// The last byte that it holds.
    pub(super) last: u64,
    /// The size of the whole file; `None` where the server says `*`.
    pub(super) total: Option<u64>,
}

impl ContentRange {
    /// Reads the header's value. `None` for everything that does not name a part of a file.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (unit, rest) = text.trim().split_once(' ')?;
        if !unit.eq_ignore_ascii_case("bytes") {
            return None;
        }
        let (range, total) = rest.trim().split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let parsed = Self {
            first: digits(first)?,
            last: digits(last)?,
            total: match total {
                "*" => None,
                total => Some(digits(total)?),
            },
        };
        let inside = parsed.total.is_none_or(|total| parsed.last < total);
        (parsed.first <= parsed.last && parsed.last < u64::MAX && inside).then_some(parsed)
    }

    /// How many bytes the answer holds.
    pub(super) fn length(self) -> u64 {
        self.last - self.first + 1
    }
}

/// Decimal digits alone: no sign, no space.
fn digits(text: &str) -> Option<u64> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests;
