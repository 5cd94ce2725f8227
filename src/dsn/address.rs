//! Hosts and ports, alone and in lists.

use crate::message::{Message, message};
use std::net::{Ipv4Addr, Ipv6Addr};

/// A host, and its port where one is given.
pub type Endpoint = (String, Option<u16>);

/// `host` with brackets where it is an IPv6 address.
pub fn bracketed(host: &str) -> String {
    if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    }
}

/// Host and port of `HOST`, `HOST:PORT`, `[v6]`, `[v6]:PORT`, `v6`; the complaint where it is none of them.
pub fn host_and_port(text: &str) -> Result<Endpoint, Message> {
    if let Ok(address) = text.parse::<Ipv6Addr>() {
        return Ok((address.to_string(), None));
    }
    if let Some((address, _)) = text.trim_start_matches('[').split_once('%')
        && address.parse::<Ipv6Addr>().is_ok()
    {
        return Err(message!("dsn-ipv6-zone"));
    }
    if let Some(rest) = text.strip_prefix('[') {
        let (address, after) = rest
            .split_once(']')
            .ok_or_else(|| message!("dsn-bracket-open"))?;
        let address: Ipv6Addr = address
            .parse()
            .map_err(|_| message!("dsn-bracket-address"))?;
        let port = match after.strip_prefix(':') {
            Some(digits) => port(digits)?,
            None if after.is_empty() => None,
            None => return Err(message!("dsn-bracket-port")),
        };
        return Ok((address.to_string(), port));
    }
    let (name, digits) = match text.split_once(':') {
        Some((name, digits)) => (name, Some(digits)),
        None => (text, None),
    };
    if digits.is_some_and(|digits| digits.contains(':')) {
        return Err(message!("dsn-ipv6-port"));
    }
    let port = digits.map(port).transpose()?.flatten();
    Ok((host(name)?, port))
}

/// The endpoints of a list with commas, as connectors write several hosts: the first, which may be missing or lack a host
/// (`:6030`), and the others.
pub(super) fn list(text: &str) -> Result<(Option<Endpoint>, Vec<Endpoint>), Message> {
    let mut parts = text.split(',').map(str::trim);
    let first = match parts.next().unwrap_or_default() {
        "" => None,
        text => Some(match text.strip_prefix(':') {
            Some(digits) => (String::new(), port(digits)?),
            None => host_and_port(text)?,
        }),
    };
    let others = parts
        .filter(|part| !part.is_empty())
        .map(host_and_port)
        .collect::<Result<_, _>>()?;
    Ok((first, others))
}

/// A port from 1 to 65535; `None` for 0, with which the vendor's own strings mean the default.
pub(super) fn port(digits: &str) -> Result<Option<u16>, Message> {
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    match digits.parse() {
        Ok(port) if plain => Ok(Some(port).filter(|port| *port != 0)),
        _ => Err(message!("dsn-port")),
    }
}

/// A name as DNS and hosts files spell it, or an IPv4 address, in lower case.
pub(super) fn host(name: &str) -> Result<String, Message> {
    if let Ok(address) = name.parse::<Ipv4Addr>() {
        return Ok(address.to_string());
    }
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            && !label.starts_with('-')
    };
    if !name.is_ascii()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || ".-_".contains(c))
    {
        return Err(message!("dsn-host-unicode"));
    }
    let relative = name.strip_suffix('.').unwrap_or(name);
    let digits_only = relative.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if relative.len() > 253 || digits_only || !relative.split('.').all(label) {
        return Err(message!("dsn-host"));
    }
    Ok(name.to_ascii_lowercase())
}
