//! An address on which no server is, not even a TDengine of the machine that runs the tests.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use crate::support::skipped;

/// taosd's and taosAdapter's ports, which are asked too if another port refuses.
const WELL_KNOWN: [u16; 2] = [6030, 6041];

/// A loopback address whose port, and the well-known ports next to it, refuse connections. `None` if a TDengine listens on all
/// of them, which is reported for `test`.
pub fn unused_address(test: &str) -> Option<SocketAddr> {
    let candidates: [IpAddr; 3] = [
        Ipv4Addr::LOCALHOST.into(),
        Ipv4Addr::new(127, 91, 17, 3).into(),
        Ipv6Addr::LOCALHOST.into(),
    ];
    let refuses = |ip: IpAddr, port: u16| {
        TcpStream::connect_timeout(&SocketAddr::new(ip, port), Duration::from_secs(1))
            .is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionRefused)
    };
    let unused = candidates.into_iter().find_map(|ip| {
        let port = TcpListener::bind((ip, 0)).ok()?.local_addr().ok()?.port();
        let is_unused = refuses(ip, port) && WELL_KNOWN.iter().all(|port| refuses(ip, *port));
        is_unused.then(|| SocketAddr::new(ip, port))
    });
    if unused.is_none() {
        skipped::report(
            test,
            "a server listens on 6030 or 6041 of every loopback address",
        );
    }
    unused
}
