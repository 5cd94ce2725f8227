//! What a gateway in front of taosAdapter does to a request, by the status that it answers with.

/// The word by which `manifests/findings.toml` asks for it: `login` of the gateway's own, `forbidden`, too much for its
/// `size`, `busy`, or a `path` that it does not pass on; empty where the status says no more than that it failed.
pub(super) const fn kind(status: u16) -> &'static str {
    match status {
        401 | 407 => "login",
        403 => "forbidden",
        404 | 405 => "path",
        413 => "size",
        429 => "busy",
        _ => "",
    }
}
