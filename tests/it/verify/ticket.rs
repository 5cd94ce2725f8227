//! `--ticket`, `--export-endpoints`, and `--endpoints`.

use std::fs;

use insta::assert_snapshot;
use taos_sandbox::server::{Listen, Options};

use crate::support::served::{Served, findings, without_adapter};

/// The file `name`, with the ports and measured numbers masked.
fn file(served: &Served, name: &str) -> String {
    let text = fs::read_to_string(served.context.work().join(name)).unwrap();
    let text = text
        .replace(&served.sandbox.adapter().port().to_string(), "[ADAPTER]")
        .replace(&served.sandbox.native().port().to_string(), "[NATIVE]");
    let mut out = String::new();
    for part in text.split_inclusive(' ') {
        let instant = part
            .find("20")
            .filter(|at| part[*at..].contains('T') && part.contains('Z'));
        let number = part
            .trim_end()
            .rsplit(['(', '（'])
            .next()
            .unwrap_or_default();
        let is_number = !number.is_empty() && number.len() < part.trim_end().len();
        if let (Some(from), Some(to)) = (instant, part.find('Z')) {
            out.push_str(&format!("{}[time]{}", &part[..from], &part[to + 1..]));
        } else if is_number && number.bytes().all(|b| b.is_ascii_digit()) {
            let from = part.trim_end().len() - number.len();
            out.push_str(&format!("{}[n] ", &part[..from]));
        } else {
            out.push_str(part);
        }
    }
    out
}

#[test]
fn ticket_says_what_is_open_and_what_is_blocked() {
    let served = Served::new(Options {
        dnode_endpoints: Some(vec![
            "td7.invalid:6030".to_owned(),
            "127.0.0.9:1".to_owned(),
        ]),
        ..Options::default()
    });
    let run = served
        .verify_adapter(&["--ticket", "a.md", "--ticket", "b.txt"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_eq!(run.exit, Some(2), "one ticket: {run}");
    let run = served
        .verify_adapter(&["--ticket", "a.md"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert_snapshot!(file(&served, "a.md"), @r"
    # Network request: connections to TDengine

    Programs on this machine need the TCP connections below. Measured with taos-setup 0.1.0 at [time].

    ## Connections needed

    - \[open\] from 127.0.0.1 to 127.0.0.1, TCP port [ADAPTER]
      - needed for: ws, rest
      - ws: WebSocket connections to taosAdapter over HTTP; the HTTP Upgrade must pass, and connections stay open for hours
      - rest: HTTP requests to taosAdapter
      - measured: 127.0.0.1 port [ADAPTER]: accepted ([n] ms)
    - \[open\] from 127.0.0.1 to 127.0.0.1, TCP port [NATIVE]
      - needed for: native
      - native: connections of the client driver to taosd
      - measured: 127.0.0.1 port [NATIVE]: accepted ([n] ms)
    - \[UNKNOWN\] to td7.invalid, TCP port 6030
      - needed for: native
      - native: taosd redirects the client driver to this dnode; every dnode must be reachable
      - measured: this machine's resolver has no address for td7.invalid
    - \[BLOCKED\] from 127.0.0.1 to 127.0.0.9, TCP port 1
      - needed for: native
      - native: taosd redirects the client driver to this dnode; every dnode must be reachable
      - measured: 127.0.0.9 port 1: refused ([n] ms)

    ## Rules to add

    Outbound from this machine, inbound at the server; replies belong to the connection:

    ```text
    allow tcp from 127.0.0.1 to 127.0.0.1 port [ADAPTER]    # ws (WebSocket over HTTP), rest (HTTP)
    allow tcp from 127.0.0.1 to 127.0.0.1 port [NATIVE]    # native (taosd)
    allow tcp from SOURCE to td7.invalid port 6030    # native (taosd, dnode)
    allow tcp from 127.0.0.1 to 127.0.0.9 port 1    # native (taosd, dnode)
    ```

    ## Remarks

    - only TCP is needed; no UDP, and no connection from the server to this machine
    - proxies in between must pass the HTTP headers Upgrade and Connection, and must not close idle connections after seconds
    - native connections need every dnode that is listed above; WebSocket and REST need only the port of taosAdapter
    ");
}

#[test]
fn ticket_of_a_closed_port_in_chinese() {
    let served = Served::new(Options {
        native: Listen::Refused,
        ..without_adapter()
    });
    let run = served
        .verify_adapter(&["--ticket", "a.txt", "--anonymize"])
        .env("LANG", "zh_CN.UTF-8")
        .run();
    assert_eq!(run.exit, Some(10), "{run}");
    assert_snapshot!(file(&served, "a.txt"), @"
    网络开通申请：连接 TDengine
    本机上的程序需要以下 TCP 连接。测量工具 taos-setup 0.1.0，测量时间 [time]。

    需要开通的连接

    * 【不通】来源 loopback-1，目的 loopback-1，TCP 端口 [ADAPTER]
        - 用于：ws, rest
        - ws：通过 HTTP 连接 taosAdapter 的 WebSocket；需要放行 HTTP Upgrade，连接会保持数小时
        - rest：发往 taosAdapter 的 HTTP 请求
        - 实测：loopback-1 端口 [ADAPTER]：被拒绝（[n] ms）
    * 【不通】来源 loopback-1，目的 loopback-1，TCP 端口 [NATIVE]
        - 用于：native
        - native：客户端驱动到 taosd 的连接
        - 实测：loopback-1 端口 [NATIVE]：被拒绝（[n] ms）

    需要添加的规则

    本机出方向、服务器入方向；应答报文属于同一连接：
        allow tcp from loopback-1 to loopback-1 port [ADAPTER]    # ws (WebSocket over HTTP), rest (HTTP)
        allow tcp from loopback-1 to loopback-1 port [NATIVE]    # native (taosd)

    说明

    * 只需要 TCP；不需要 UDP，服务器也不会主动连接本机
    * 中间的代理需要放行 HTTP 头 Upgrade 和 Connection，并且不能在数秒后断开空闲连接
    * 原生连接需要每个 dnode 的端点；此处尚不清楚有哪些：请在服务器上执行 `show dnodes` 并补充
    * 本机网络：IPv4 路由未知；IPv6 路由未知；未询问 DNS 服务器（目标就是本机）
    ");
}

#[test]
fn endpoints_travel_to_a_machine_without_a_login() {
    let served = Served::healthy();
    let run = served
        .verify_adapter(&["--export-endpoints", "list.json"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert_snapshot!(file(&served, "list.json"), @r#"
    {
      "schema": 1,
      "kind": "taos-setup-endpoints",
      "created": "[time]",
      "endpoints": [
        {
          "host": "127.0.0.1",
          "port": [ADAPTER],
          "protocol": "tcp",
          "tls": false,
          "role": "adapter",
          "transports": [
            "ws",
            "rest"
          ],
          "addresses": [
            "127.0.0.1"
          ]
        },
        {
          "host": "127.0.0.1",
          "port": [NATIVE],
          "protocol": "tcp",
          "tls": false,
          "role": "native",
          "transports": [
            "native"
          ],
          "addresses": [
            "127.0.0.1"
          ]
        },
        {
          "host": "localhost",
          "port": [NATIVE],
          "protocol": "tcp",
          "tls": false,
          "role": "dnode",
          "transports": [
            "native"
          ],
          "addresses": [
            "127.0.0.1"
          ]
        }
      ]
    }
    "#);
    let before = served.sandbox.logins();
    let native = served.sandbox.native().port();
    let run = served
        .context
        .program(["verify", "--endpoints", "list.json", "--ticket", "a.txt"])
        .showing(served.sandbox.adapter().port(), "ADAPTER")
        .showing(native, "NATIVE")
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    127.0.0.1:[ADAPTER]
      ✓ ws     reachable, no login tried, [ms]
      ✓ rest   reachable, no login tried, [ms]

    127.0.0.1:[NATIVE]
      ✓ native reachable, no login tried, [ms]

    localhost:[NATIVE]
      ✓ native reachable, no login tried, [ms]
    --- stderr
    ");
    let after = served.sandbox.logins();
    assert_eq!(
        (before.accepted, before.refused),
        (after.accepted, after.refused)
    );
    assert!(
        file(&served, "a.txt").contains("[open]"),
        "{}",
        file(&served, "a.txt")
    );

    let closed = fs::read_to_string(served.context.work().join("list.json")).unwrap();
    fs::write(
        served.context.work().join("list.json"),
        closed.replace(&native.to_string(), "1"),
    )
    .unwrap();
    let run = served
        .context
        .program(["verify", "--endpoints", "list.json", "--json"])
        .run();
    // The native port, and the dnode that advertises it by another name.
    assert_eq!(run.exit, Some(10), "{run}");
    assert_eq!(findings(&run), ["tcp-refused", "tcp-refused"], "{run}");
}

#[test]
fn hostile_list_is_refused() {
    let served = Served::healthy();
    let list = served.context.work().join("list.json");
    for text in ["{}", "[[[[", "\u{0}", &"[".repeat(1 << 20)] {
        fs::write(&list, text).unwrap();
        let run = served
            .context
            .program(["verify", "--endpoints", "list.json"])
            .run();
        assert_eq!(run.exit, Some(8), "{run}");
    }
    let run = served
        .context
        .program(["verify", "db", "--endpoints", "list.json"])
        .run();
    assert_eq!(run.exit, Some(2), "{run}");
}

#[test]
fn list_without_dnodes_is_not_written() {
    let served = Served::new(without_adapter());
    let run = served
        .verify_adapter(&["--export-endpoints", "list.json", "--transport", "ws"])
        .run();
    assert_eq!(run.exit, Some(14), "{run}");
    assert!(run.stderr.contains("file-unwritable"), "{run}");
    assert!(!served.context.work().join("list.json").exists());
}
