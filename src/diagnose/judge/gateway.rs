//! What a gateway in front of taosAdapter does to a request, by the status that it answers with.

use crate::diagnose::CauseKind;
use crate::diagnose::service::GatewayFamily;

/// The kind of refusal; `None` if the status says no more than that the request failed.
pub(super) const fn kind(status: u16, family: Option<GatewayFamily>) -> Option<CauseKind> {
    match (status, family) {
        (401 | 407, _) => Some(CauseKind::Login),
        (403, _) => Some(CauseKind::Forbidden),
        (404 | 405, _) => Some(CauseKind::Path),
        (413, _) => Some(CauseKind::Size),
        // nginx answers its own limits (limit_req, limit_conn) with 503, and a backend that is away with 502.
        (429, _) | (503, Some(GatewayFamily::Nginx)) => Some(CauseKind::Busy),
        _ => None,
    }
}

/// The word by which `manifests/findings.toml` asks for the program.
pub(super) fn word(family: Option<GatewayFamily>) -> &'static str {
    family.map_or("", GatewayFamily::as_str)
}
