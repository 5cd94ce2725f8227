//! What stands before taosAdapter and does not let a request through: the fix is for what it does, and not for a gateway as such.

use std::io::Write;

use crate::support::fake_server::Fake;
use crate::support::program::{Run, TestContext};
use insta::assert_snapshot;

/// What taosAdapter says to a request without a login.
const WITHOUT_A_LOGIN: &str = "{\"code\":4357,\"desc\":\"no auth info input\"}";

fn verify(fake: &Fake, transports: &str) -> Run {
    let target = format!("127.0.0.1:{}", fake.address.port());
    TestContext::new()
        .program(["verify", &target, "--transport", transports])
        .env("TAOS_PASSWORD", "hunter2-secret")
        .showing(fake.address.port(), "PORT")
        .run()
}

/// Id and summary, cause and fix of every finding.
fn reported(run: &Run) -> String {
    let wanted = ["error[", "  cause:", "  fix:"];
    let lines = run
        .stdout
        .lines()
        .filter(|line| wanted.iter().any(|start| line.starts_with(start)));
    lines.collect::<Vec<_>>().join("\n")
}

/// The same where every request gets this status line, these headers and this body.
fn answering(status_and_headers: &str, body: &str) -> String {
    reported(&verify(&Fake::http(status_and_headers, body), "ws,rest"))
}

#[test]
fn it_wants_a_login_of_its_own() {
    assert_snapshot!(answering("401 Unauthorized\r\nServer: nginx\r\nWWW-Authenticate: Basic realm=x", "<html>"), @"
    error[proxy-in-the-way]: a proxy answers on 127.0.0.1:[PORT] instead of taosAdapter (over ws, rest)
      cause:    A gateway in front of taosAdapter requires its own login. Connectors send one login only, TDengine's, in the same Authorization header.
      fix:      auth_basic off;    # in nginx's location block for 127.0.0.1:[PORT], where taosAdapter asks for TDengine's login itself; or pass taosAdapter's own port
    ");
    // Without the header that browsers need, as single sign-on answers programs.
    assert!(
        answering("401 Unauthorized\r\nServer: nginx", "no").starts_with("error[proxy-in-the-way]")
    );
    assert!(answering("401 Unauthorized", "no").starts_with("error[not-tdengine]"));
}

#[test]
fn gateway_that_forbids_is_named() {
    assert_snapshot!(answering("403 Forbidden\r\nServer: nginx/1.24.0", "<html>"), @"
    error[proxy-in-the-way]: a proxy answers on 127.0.0.1:[PORT] instead of taosAdapter (over ws, rest)
      cause:    A gateway in front of taosAdapter forbids this request, by a rule on addresses, methods, or paths.
      fix:      allow ADDRESS_OF_THIS_MACHINE;    # in nginx's location block for 127.0.0.1:[PORT], before its deny; in other gateways let GET /ws and POST /rest/sql through from this machine
    ");
    let page = "<html><body><h1>403 Forbidden</h1>\nRequest forbidden by administrative rules.\n</body></html>";
    assert!(answering("403 Forbidden", page).starts_with("error[proxy-in-the-way]"));
    // Not a gateway: who knows what it forbids.
    assert!(
        answering("403 Forbidden\r\nServer: Jetty(9.4)", "no").starts_with("error[not-tdengine]")
    );
}

#[test]
fn it_is_busy_or_takes_less() {
    assert_snapshot!(answering("429 Too Many Requests\r\nServer: nginx", "<html>"), @"
    error[proxy-in-the-way]: a proxy answers on 127.0.0.1:[PORT] instead of taosAdapter (over ws, rest)
      cause:    The gateway limits the number of requests that it passes on, and this one was above the limit.
      fix:      taos-setup verify 127.0.0.1:[PORT] --transport ws,rest --wait 60s    # and raise the limit of the gateway on 127.0.0.1:[PORT]: limit_req, limit_conn in nginx
    ");
    assert_snapshot!(answering("413 Request Entity Too Large\r\nServer: nginx", "<html>"), @"
    error[proxy-in-the-way]: a proxy answers on 127.0.0.1:[PORT] instead of taosAdapter (over ws, rest)
      cause:    The gateway accepts only smaller requests: it limits the size of their bodies.
      fix:      client_max_body_size 64m;    # in nginx's location block for 127.0.0.1:[PORT]
    ");
}

#[test]
fn it_sends_requests_on_to_another_place() {
    let to = |location: &str| {
        answering(
            &format!("307 Temporary Redirect\r\nServer: nginx\r\nLocation: {location}"),
            "",
        )
    };
    assert_snapshot!(to("http://user:hunter2@db.example:8080/td/rest/sql?x=$(id)"), @"
    error[not-tdengine]: 127.0.0.1:[PORT] redirects to http://db.example:8080/td (over ws, rest)
      cause:    A web server answers with a redirect, which TDengine's connectors do not follow. No password was sent there.
      fix:      taos-setup verify http://HOST --transport ws,rest    # HOST: db.example, if it is your server; in programs, too
    ");
    let elsewhere = to("http://sso.example/login");
    assert!(
        elsewhere
            .starts_with("error[proxy-in-the-way]: a proxy answers on 127.0.0.1:[PORT] instead of"),
        "{elsewhere}"
    );
    let quoted = to("http://db.example/$(id)/rest/sql");
    assert!(
        quoted.contains("fix:      taos-setup verify http://HOST --transport ws,rest"),
        "{quoted}"
    );
}

#[test]
fn it_takes_the_authorization_away() {
    let fake = Fake::http("401 Unauthorized", WITHOUT_A_LOGIN);
    assert_snapshot!(reported(&verify(&fake, "rest")), @"
    error[proxy-in-the-way]: a proxy answers on 127.0.0.1:[PORT] instead of taosAdapter (over rest)
      cause:    The gateway passes requests on without their Authorization header, which holds user and password.
      fix:      proxy_set_header Authorization $http_authorization;    # in nginx's location block for 127.0.0.1:[PORT]
    ");
}

#[test]
fn it_passes_one_path_on_alone() {
    let fake = Fake::start(|head, stream| {
        let (status, body) = match head.contains("Upgrade") {
            true => ("404 Not Found\r\nServer: nginx", "<html>"),
            false => ("401 Unauthorized", WITHOUT_A_LOGIN),
        };
        let length = body.len();
        let _ = write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{body}"
        );
    });
    assert_snapshot!(reported(&verify(&fake, "ws")), @r#"
    error[ws-upgrade-refused]: taosAdapter on 127.0.0.1:[PORT] is reachable over REST, but not over WebSocket (over ws)
      cause:    A gateway between this machine and taosAdapter does not pass the path /ws on, or the server is older than 3.0 and has no WebSocket.
      fix:      location /ws { proxy_pass http://127.0.0.1:6041/ws; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade"; }    # in nginx's server block for 127.0.0.1:[PORT], with taosAdapter's address
    "#);
}

/// nginx's `return 444`: it closes on every whole request, and waits for the rest of one that is not.
pub fn closing() -> Fake {
    Fake::start(|head, stream| {
        if !head.contains("\r\n\r\n") {
            std::thread::sleep(std::time::Duration::from_secs(2));
        }
        let _ = stream.shutdown(std::net::Shutdown::Both);
    })
}

#[test]
fn it_closes_every_request_and_is_no_native_port() {
    assert_snapshot!(reported(&verify(&closing(), "ws,rest")), @"
    error[closed-early]: 127.0.0.1:[PORT] closes the connection (over ws, rest)
      cause:    The connection is accepted and then closed: a load balancer or port forwarding without a running server behind it, a server that is starting or stopping, or another program that closes on a request that it does not understand (PostgreSQL does).
      fix:      systemctl status taosd taosadapter    # on 127.0.0.1; behind a proxy or docker -p, check where it forwards to
    ");
}

#[test]
fn it_wants_a_certificate_of_the_client() {
    let page = "<html><head><title>400 No required SSL certificate was sent</title></head></html>";
    assert_snapshot!(answering("400 Bad Request\r\nServer: nginx", page), @"
    error[tls-untrusted]: 127.0.0.1:[PORT] requires a client certificate (over ws, rest)
      cause:    The server accepts only clients with their own certificate (mutual TLS), which TDengine's connectors do not have.
      fix:      ssl_verify_client off;    # in nginx's server block for 127.0.0.1:[PORT]; or pass a port that asks only for user and password
    ");
}

#[test]
fn it_sends_requests_on_to_https_below_a_path() {
    let head = "308 Permanent Redirect\r\nLocation: https://db.example/td/rest/sql";
    assert_snapshot!(answering(head, ""), @"
    error[tls-expected]: 127.0.0.1:[PORT] redirects to https://db.example/td (over ws, rest)
      cause:    A web server in front of taosAdapter redirects to another host. No password was sent there.
      fix:      taos-setup verify https://HOST --transport ws,rest    # HOST: db.example, if it is your server; in programs also use https:// and wss://
    ");
}
