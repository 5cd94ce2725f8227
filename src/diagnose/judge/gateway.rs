//! What a gateway in front of taosAdapter does to a request, by the status that it answers with.

use crate::diagnose::CauseKind;

/// The kind of refusal; `None` if the status says no more than that the request failed.
pub(super) const fn kind(status: u16) -> Option<CauseKind> {
    match status {
        401 | 407 => Some(CauseKind::Login),
        403 => Some(CauseKind::Forbidden),
        404 | 405 => Some(CauseKind::Path),
        413 => Some(CauseKind::Size),
        429 => Some(CauseKind::Busy),
        _ => None,
    }
}
