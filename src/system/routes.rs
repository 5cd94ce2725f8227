//! The routes of this machine, as Linux lists them, and the source address that the system would use. Nothing is sent.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};
use std::path::Path;

use super::files;
use super::test_machine::host_path;

/// The limit in bytes of a list of routes: a router with a full table has more, and is not asked.
const LIMIT: u64 = 1 << 20;
/// Flags of both lists (Linux, `route.h`): the route is usable; it goes through a gateway; it rejects packets.
const UP: u32 = 0x1;
const GATEWAY: u32 = 0x2;
const REJECT: u32 = 0x200;

/// One route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkRoute {
    /// The network.
    pub network: IpAddr,
    /// The number of bits of `network` that count; 0 for the default route.
    pub prefix: u32,
    /// The next machine; `None` if the network is attached.
    pub gateway: Option<IpAddr>,
    /// The interface.
    pub interface: String,
}

/// The usable routes of IPv4; `None` if this system does not list them.
pub fn ipv4_routes() -> Option<Vec<NetworkRoute>> {
    read("/proc/net/route", parse_ipv4)
}

/// The usable routes of IPv6; `None` if this system does not list them.
pub fn ipv6_routes() -> Option<Vec<NetworkRoute>> {
    read("/proc/net/ipv6_route", parse_ipv6)
}

fn read(path: &str, parse: fn(&str) -> Vec<NetworkRoute>) -> Option<Vec<NetworkRoute>> {
    let path: &Path = path.as_ref();
    let text = files::read_named_text(&host_path(path), LIMIT).ok()?;
    Some(parse(&text))
}

/// Parses `/proc/net/route`: addresses are numbers of this machine's byte order.
fn parse_ipv4(text: &str) -> Vec<NetworkRoute> {
    let address = |hex: &str| {
        let number = u32::from_str_radix(hex, 16).ok()?;
        Some(Ipv4Addr::from(number.to_ne_bytes()))
    };
    let parse = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [interface, network, gateway, flags, _, _, _, mask, ..] = words.as_slice() else {
            return None;
        };
        let flags = u32::from_str_radix(flags, 16).ok()?;
        let gateway = address(gateway)?;
        (flags & UP != 0 && flags & REJECT == 0).then_some(NetworkRoute {
            network: address(network)?.into(),
            prefix: u32::from(address(mask)?).count_ones(),
            gateway: (flags & GATEWAY != 0).then_some(gateway.into()),
            interface: (*interface).to_owned(),
        })
    };
    text.lines().filter_map(parse).collect()
}

/// Parses `/proc/net/ipv6_route`.
fn parse_ipv6(text: &str) -> Vec<NetworkRoute> {
    let address = |hex: &str| {
        let number = u128::from_str_radix(hex, 16).ok()?;
        (hex.len() == 32).then_some(Ipv6Addr::from(number))
    };
    let parse = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [network, prefix, _, _, gateway, _, _, _, flags, interface] = words.as_slice() else {
            return None;
        };
        let flags = u32::from_str_radix(flags, 16).ok()?;
        let gateway = address(gateway)?;
        (flags & UP != 0 && flags & REJECT == 0).then_some(NetworkRoute {
            network: address(network)?.into(),
            prefix: u32::from_str_radix(prefix, 16).ok()?,
            gateway: (flags & GATEWAY != 0).then_some(gateway.into()),
            interface: (*interface).to_owned(),
        })
    };
    text.lines().filter_map(parse).collect()
}

/// The default route among `routes`. The loopback interface has one in IPv6 that leads nowhere.
pub fn default_route(routes: &[NetworkRoute]) -> Option<&NetworkRoute> {
    routes
        .iter()
        .find(|route| route.prefix == 0 && route.interface != "lo")
}

/// The route of `routes` to `address`: the one that names most of it.
pub fn route_to(routes: &[NetworkRoute], address: IpAddr) -> Option<&NetworkRoute> {
    routes
        .iter()
        .filter(|route| route.leads_to(address))
        .max_by_key(|route| route.prefix)
}

impl NetworkRoute {
    fn leads_to(&self, address: IpAddr) -> bool {
        match (self.network, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let unused = 32_u32.saturating_sub(self.prefix);
                let differing = u32::from(network) ^ u32::from(address);
                differing.checked_shr(unused).unwrap_or_default() == 0
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let unused = 128_u32.saturating_sub(self.prefix);
                let differing = u128::from(network) ^ u128::from(address);
                differing.checked_shr(unused).unwrap_or_default() == 0
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

/// The address of this machine from which `address` would be connected to. A socket for datagrams gets it without sending any.
///
/// # Errors
/// The system's own: there is no route.
pub fn source_address(address: IpAddr) -> io::Result<IpAddr> {
    let any: IpAddr = match address {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0))?;
    // The port is the one of discard; nothing gets there.
    socket.connect((address, 9))?;
    Ok(socket.local_addr()?.ip())
}

#[cfg(test)]
mod tests;
