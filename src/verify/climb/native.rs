//! Native.

use crate::verify::ladder::Ladder;
use crate::verify::site::Site;

/// library, load, client version, fingerprint, connect, query, endpoints.
pub(super) async fn climb(_site: &Site, _named: bool, ladder: &mut Ladder) -> Option<()> {
    ladder.skipped = Some("no client library was found".into());
    None
}
