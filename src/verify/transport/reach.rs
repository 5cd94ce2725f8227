//! The checks that need no login: whether an endpoint can be reached, and whether TDengine answers there.

use super::{approach, ground};
use crate::diagnose::judge;
use crate::dsn::Transport;
use crate::probe::Check;
use crate::verify::site::Site;
use crate::verify::transport_checks::TransportChecks;

/// dns, tcp, tls, and who answers.
pub(super) async fn run(site: &Site, checks: &mut TransportChecks) -> Option<()> {
    match checks.transport {
        Transport::Ws | Transport::Rest => {
            approach(site, checks).await?;
            let shown = site.adapter.address();
            let fingerprint = site.adapter.fingerprint().await?;
            let judgement = judge::adapter::rest(&shown, &fingerprint.seen, false)
                .with("port", site.adapter.number);
            checks.add(Check::Protocol, fingerprint.ms, judgement)
        }
        Transport::Native => {
            ground(&site.native, checks).await?;
            let shown = site.native.address();
            let fingerprint = site.native.fingerprint().await?;
            let judgement = judge::native::fingerprint(&shown, &fingerprint.seen, false)
                .with("port", site.native.number);
            checks.add(Check::Fingerprint, fingerprint.ms, judgement)
        }
    }
}
