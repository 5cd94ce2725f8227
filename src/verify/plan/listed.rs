//! Plans for the endpoints of a list: no login, and no port that is not listed.

use super::{TargetPlan, VerifyRequest, WantedTransport, tls};
use crate::dsn::target::bracketed;
use crate::error::Result;
use crate::safety::secret::Secret;
use crate::tdengine::ports::{ADAPTER_PORT, NATIVE_PORT};
use crate::verify::endpoint_list::{EndpointList, EndpointRole};

/// A plan for each endpoint of `list`.
pub(super) fn plans(list: &EndpointList, request: &VerifyRequest) -> Result<Vec<TargetPlan>> {
    let secure = list.endpoints.iter().any(|endpoint| endpoint.tls);
    let tls = if secure { Some(tls(request)?) } else { None };
    let plans = list
        .endpoints
        .iter()
        .enumerate()
        .map(|(cluster, endpoint)| {
            let (adapter_port, native_port) = match endpoint.role {
                EndpointRole::Adapter => (endpoint.port, NATIVE_PORT),
                EndpointRole::Native | EndpointRole::Dnode => (ADAPTER_PORT, endpoint.port),
            };
            let wanted = endpoint.transports.iter().map(|transport| WantedTransport {
                transport: *transport,
                named: true,
            });
            TargetPlan {
                target: format!("{}:{}", bracketed(&endpoint.host), endpoint.port),
                host: endpoint.host.clone(),
                adapter_port,
                native_port,
                ambiguous: false,
                named_native_port: None,
                prefix: String::new(),
                database: None,
                user: String::new(),
                password: Secret::new(String::new()),
                assumed: true,
                cluster,
                token: None,
                bearer: None,
                tls: tls.clone().filter(|_| endpoint.tls),
                transports: wanted.collect(),
                limit: request.limit,
                writing: None,
                reach_only: true,
                labels: None,
            }
        });
    Ok(plans.collect())
}
