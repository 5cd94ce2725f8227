//! `firstEp` of a taos.cfg: the server that the native driver asks first.

/// The endpoint that the text of a taos.cfg names as `firstEp`: host and port, 6030 where it gives none. Lines are `key
/// value`, `#` begins a comment, the last line with the key holds (the driver reads top to bottom). `None` where there is
/// none or it makes no sense.
pub fn first_ep(text: &str) -> Option<(String, u16)> {
    text.lines()
        .filter_map(|line| {
            let mut words = line.split('#').next()?.split_whitespace();
            let key = words.next()?;
            if key.eq_ignore_ascii_case("firstEp") {
                endpoint(words.next()?)
            } else {
                None
            }
        })
        .next_back()
}

/// Host and port of `host:port`, `[v6]:port` or `host`.
fn endpoint(text: &str) -> Option<(String, u16)> {
    let target: crate::dsn::Target = text.parse().ok()?;
    match target.scheme {
        None => Some((target.host, target.port.unwrap_or(6030))),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests;
