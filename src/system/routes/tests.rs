use super::*;

/// As Linux 6.1 prints it, on a machine of little-endian byte order.
const IPV4: &str = "\
Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t0100000A\t0003\t0\t0\t100\t00000000\t0\t0\t0
eth0\t0000000A\t00000000\t0001\t0\t0\t100\t0000FFFF\t0\t0\t0
docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
tun0\t0010000A\t00000000\t0201\t0\t0\t0\t00F0FFFF\t0\t0\t0
";

const IPV6: &str = "\
fd000000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
";

#[test]
#[cfg(target_endian = "little")]
fn ipv4_list_is_parsed() {
    let routes = parse_ipv4(IPV4);
    assert_eq!(routes.len(), 3);
    let default = default_route(&routes).unwrap();
    assert_eq!(default.gateway, Some("10.0.0.1".parse().unwrap()));
    let to = |address: &str| route_to(&routes, address.parse().unwrap()).unwrap();
    assert_eq!(to("172.17.3.4").interface, "docker0");
    assert_eq!(to("10.0.7.7").gateway, None);
    assert_eq!(to("192.0.2.1").prefix, 0);
}

#[test]
fn ipv6_list_is_parsed() {
    let routes = parse_ipv6(IPV6);
    assert_eq!(routes.len(), 2);
    assert_eq!(default_route(&routes).unwrap().interface, "eth0");
    assert_eq!(
        route_to(&routes, "fd00::7".parse().unwrap())
            .unwrap()
            .prefix,
        64
    );
    assert_eq!(default_route(&routes[..1]), None);
}

#[test]
fn hostile_lists_are_taken() {
    for text in [
        "",
        "x",
        "eth0 zz 00 0003 0 0 0 00 0",
        "eth0 00000000 0 FFFFFFFFFF 0 0 0 0 0",
        "\u{0}\n\n",
    ] {
        assert!(parse_ipv4(text).is_empty() && parse_ipv6(text).is_empty());
    }
}

#[test]
fn source_of_loopback_is_loopback() {
    let source = source_address(Ipv4Addr::LOCALHOST.into()).unwrap();
    assert!(source.is_loopback());
}
