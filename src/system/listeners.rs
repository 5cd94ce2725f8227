//! The programs of this machine that listen on a TCP port.

#[cfg(target_os = "linux")]
use std::io::Read;

/// The most sockets, and the most processes, that are looked at.
#[cfg(target_os = "linux")]
const MOST: usize = 65_536;

/// The most of a table of sockets that is read, in bytes.
#[cfg(target_os = "linux")]
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// Returns whether a program listens on `port`, on any address.
#[cfg(target_os = "linux")]
pub fn is_listening(port: u16) -> bool {
    !sockets(port).is_empty()
}

/// Returns the name of a program that listens on `port`; `None` if this user may not know it.
#[cfg(target_os = "linux")]
pub fn owner(port: u16) -> Option<String> {
    let wanted: Vec<String> = sockets(port)
        .iter()
        .map(|inode| format!("socket:[{inode}]"))
        .collect();
    if wanted.is_empty() {
        return None;
    }
    let processes = std::fs::read_dir("/proc").ok()?.flatten().take(MOST);
    let mut processes = processes.map(|entry| entry.path()).filter(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.bytes().all(|byte| byte.is_ascii_digit())
    });
    let owner = processes.find(|process| {
        let opened = std::fs::read_dir(process.join("fd")).into_iter().flatten();
        opened.flatten().take(MOST).any(|descriptor| {
            let target = std::fs::read_link(descriptor.path()).unwrap_or_default();
            wanted.iter().any(|it| target.as_os_str() == it.as_str())
        })
    })?;
    let name = std::fs::read(owner.join("comm")).ok()?;
    let name = String::from_utf8_lossy(&name);
    Some(crate::safety::printable::printable(name.trim_end()))
}

/// The inodes of sockets in state LISTEN (0A) on `port` (proc(5), `/proc/net/tcp`).
#[cfg(target_os = "linux")]
fn sockets(port: u16) -> Vec<String> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"];
    let read = |table: &&str| {
        let mut text = String::new();
        let file = std::fs::File::open(table).ok()?;
        file.take(MOST_BYTES).read_to_string(&mut text).ok()?;
        Some(text)
    };
    let texts = tables.iter().filter_map(read);
    texts.flat_map(|text| inodes(&text, port)).collect()
}

#[cfg(target_os = "linux")]
fn inodes(table: &str, port: u16) -> Vec<String> {
    let ending = format!(":{port:04X}");
    let lines = table.lines().skip(1).take(MOST);
    lines
        .filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let (local, state, inode) = (fields.get(1)?, fields.get(3)?, fields.get(9)?);
            (local.ends_with(&ending) && *state == "0A").then(|| (*inode).to_owned())
        })
        .collect()
}

/// Returns whether a program listens on `port` of this machine's own address: elsewhere the attempt tells.
#[cfg(not(target_os = "linux"))]
pub fn is_listening(port: u16) -> bool {
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], port));
    let limit = std::time::Duration::from_millis(200);
    std::net::TcpStream::connect_timeout(&address, limit).is_ok()
}

/// Returns `None`: elsewhere it is not looked at.
#[cfg(not(target_os = "linux"))]
pub fn owner(_port: u16) -> Option<String> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn listening_sockets_are_told_from_others() {
        let table = "  sl  local_address rem_address   st tx rx tr tm retr uid timeout inode\n   \
            0: 00000000:1799 00000000:0000 0A 0:0 0:0 0 0 0 777 1\n   \
            1: 0100007F:1799 0100007F:9999 01 0:0 0:0 0 0 0 888 1\n garbage\n";
        assert_eq!(inodes(table, 0x1799), ["777"]);
        assert!(inodes(table, 0x9999).is_empty());
        assert!(inodes("", 1).is_empty());
    }

    #[test]
    fn this_process_is_found() {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let own = std::fs::read_to_string("/proc/self/comm").unwrap();
        assert_eq!(owner(port).as_deref(), Some(own.trim_end()));
    }
}
