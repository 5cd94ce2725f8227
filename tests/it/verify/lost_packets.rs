//! A connection whose first packet is lost: the system sends it again after a second (RFC 6298, 2.1).

use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use tokio::net::TcpSocket;

use crate::fault_matrix::http::pass_on;

/// For which a full queue of connections must keep one waiting to be taken for one that drops it.
const DROPPED: Duration = Duration::from_millis(100);
/// The time for which the queue is full: less than the second after which a packet is sent again.
const FULL: Duration = Duration::from_millis(700);

/// A listener of loopback whose queue holds one connection; further ones are dropped, as on a path that loses packets.
fn narrow_listener() -> std::net::TcpListener {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .unwrap();
    let listener = runtime.block_on(async {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        socket.listen(0).unwrap().into_std().unwrap()
    });
    listener.set_nonblocking(false).unwrap();
    listener
}

/// Fills the queue of the listener at `address`; `None` if it never gets full.
fn fill(address: SocketAddr) -> Option<Vec<TcpStream>> {
    let mut waiting = Vec::new();
    for _ in 0..8 {
        match TcpStream::connect_timeout(&address, DROPPED) {
            Ok(stream) => waiting.push(stream),
            Err(_) => return Some(waiting),
        }
    }
    None
}

/// Whether this system drops the packets of connections that the queue has no room for.
pub fn can_lose_packets() -> bool {
    let listener = narrow_listener();
    fill(listener.local_addr().unwrap()).is_some()
}

/// A listener that passes connections on to `target`. While the one at `lossy`, from 1, is open, the first packet of the next one
/// is lost.
pub fn losing_first_packet(target: SocketAddr, lossy: usize) -> SocketAddr {
    let listener = narrow_listener();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let mut count = 0;
        while let Ok((near, _)) = listener.accept() {
            count += 1;
            if count != lossy {
                pass_on(near, target);
                continue;
            }
            let waiting = fill(address);
            pass_on(near, target);
            std::thread::sleep(FULL);
            drop(waiting);
        }
    });
    address
}
