//! The part of a file that a request asks for (RFC 9110, 14).

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ByteRange {
    /// The whole file: no range, or one that a server may pass over.
    Whole,
    /// The bytes from the first to the last.
    Part {
        /// The position of the first byte.
        first: u64,
        /// The position of the last byte.
        last: u64,
    },
    /// A part that the file does not have.
    Unsatisfiable,
}

impl ByteRange {
    /// Parses the value of a `Range` header for a file of `size` bytes. Several ranges, and what is malformed, give the whole file.
    pub(super) fn parse(value: &str, size: u64) -> Self {
        let Some(range) = value.trim().strip_prefix("bytes=") else {
            return Self::Whole;
        };
        let Some((first, last)) = range.trim().split_once('-') else {
            return Self::Whole;
        };
        let (first, last) = (first.trim(), last.trim());
        if first.is_empty() {
            return Self::suffix(last, size);
        }
        let Some(first) = number(first) else {
            return Self::Whole;
        };
        let last = match last {
            "" => u64::MAX,
            last => match number(last) {
                Some(last) if last >= first => last,
                Some(_) | None => return Self::Whole,
            },
        };
        match first < size {
            true => Self::Part {
                first,
                last: last.min(size - 1),
            },
            false => Self::Unsatisfiable,
        }
    }

    /// The last `count` bytes.
    fn suffix(count: &str, size: u64) -> Self {
        match number(count) {
            None => Self::Whole,
            Some(0) => Self::Unsatisfiable,
            Some(_) if size == 0 => Self::Unsatisfiable,
            Some(count) => Self::Part {
                first: size.saturating_sub(count),
                last: size - 1,
            },
        }
    }
}

/// Digits only; the largest number for more of them.
fn number(text: &str) -> Option<u64> {
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests;
