//! TDengine Cloud: a gateway, and a token in the query of its URLs.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use crate::support::fake_server::Fake;
use crate::support::program::{Program, Run, TestContext};
use crate::support::served::{Served, findings};
use insta::assert_snapshot;

const TOKEN: &str = "0123-secret/token+of=mine";
const ENCODED: &str = "0123%2Dsecret%2Ftoken%2Bof%3Dmine";

/// A gateway that passes requests with the token on to `adapter`, with the login that the Cloud keeps for it.
fn gateway(adapter: SocketAddr) -> Fake {
    Fake::start(move |head, client| {
        let line = head.lines().next().unwrap_or_default().to_owned();
        if !line.contains(&format!("?token={ENCODED} ")) {
            let answer = b"HTTP/1.1 401 Unauthorized\r\nServer: gateway\r\nContent-Length: 13\r\nConnection: close\r\n\r\ninvalid token";
            let _ = client.write_all(answer);
            return;
        }
        let known = line.replace(&format!("?token={ENCODED}"), "");
        let rest = head.split_once("\r\n").unwrap().1;
        let mut server = TcpStream::connect(adapter).unwrap();
        let login = "Authorization: Basic cm9vdDp0YW9zZGF0YQ==\r\nConnection: close\r\n";
        let login = if rest.contains("pgrade") { "" } else { login };
        let _ = server.write_all(format!("{known}\r\n{login}{rest}").as_bytes());
        let (mut there, mut back) = (server.try_clone().unwrap(), client.try_clone().unwrap());
        client.set_read_timeout(None).unwrap();
        let mut from_client = client.try_clone().unwrap();
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut from_client, &mut there);
            let _ = there.shutdown(std::net::Shutdown::Write);
        });
        let mut chunk = [0; 4096];
        while let Ok(count @ 1..) = server.read(&mut chunk) {
            if back.write_all(&chunk[..count]).is_err() {
                break;
            }
        }
        let _ = back.shutdown(std::net::Shutdown::Both);
    })
}

fn cloud<'a>(context: &'a TestContext, gateway: &Fake, token: &str, args: &[&str]) -> Program<'a> {
    context
        .program(["verify"].iter().chain(args))
        .env("TDENGINE_CLOUD_URL", format!("http://{}", gateway.address))
        .env("TDENGINE_CLOUD_TOKEN", token)
        .showing(gateway.address.port(), "GATEWAY")
}

fn shows_no_token(run: &Run) {
    let shown = format!("{}{}", run.stdout, run.stderr);
    assert!(!shown.contains("secret"), "{shown}");
    assert!(!shown.contains("0123"), "{shown}");
}

#[test]
fn ws_and_rest_work_and_native_is_said_not_to_be_there() {
    let served = Served::healthy();
    let gateway = gateway(served.sandbox.adapter());
    let run = cloud(&served.context, &gateway, TOKEN, &["--cloud"])
        .showing(served.sandbox.native().port(), "NATIVE")
        .run();
    shows_no_token(&run);
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    http://127.0.0.1:[GATEWAY]
      ✓ ws     taosAdapter 3.3.7.5, token, 1 dnode, [ms]
      ✓ rest   taosAdapter 3.3.7.5, token, 1 dnode, [ms]
      - native TDengine Cloud has no native connection
    --- stderr
    note: no target given: verifying http://127.0.0.1:[GATEWAY], named by TDENGINE_CLOUD_URL
    ");
    // The variables alone do as well, and the token is for that gateway alone.
    let run = cloud(&served.context, &gateway, TOKEN, &["--json"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    for transport in ["ws", "rest"] {
        let args = ["--cloud", "--json", "--transport", transport];
        let run = cloud(&served.context, &gateway, TOKEN, &args).run();
        assert_eq!(run.exit, Some(0), "{run}");
    }
    let other = Fake::http("404 Not Found", "");
    let url = format!("http://localhost:{}", other.address.port());
    let run = cloud(&served.context, &gateway, TOKEN, &[&url]).run();
    assert_eq!(run.exit, Some(12), "{run}");
    assert!(!other.heads().concat().contains("token"));
}

#[test]
fn token_that_is_refused_is_tried_once() {
    let served = Served::healthy();
    let gateway = gateway(served.sandbox.adapter());
    let wrong = "0123-another-secret";
    let run = cloud(&served.context, &gateway, wrong, &["--cloud"]).run();
    shows_no_token(&run);
    assert_snapshot!(run, @"
    exit 11
    --- stdout
    http://127.0.0.1:[GATEWAY]
      ✗ ws     failed at auth
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[GATEWAY] accepts ([ms])
        ✗ auth           HTTP 401 ([ms])
      ✗ rest   failed at auth
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[GATEWAY] accepts ([ms])
        ✓ protocol       HTTP 401: the gateway requires a token ([ms])
        ✗ auth           HTTP 401 ([ms])
      - native TDengine Cloud has no native connection

    error[token-invalid]: 127.0.0.1 rejected the token (over ws, rest)
      observed: HTTP 401
      expected: a login as the token
      cause:    The token is mistyped, has expired, or belongs to another instance than the URL. It was tried once.
      fix:      read -rs TDENGINE_CLOUD_TOKEN && export TDENGINE_CLOUD_TOKEN && taos-setup verify --cloud    # copy URL and token again from the same instance's page
      read:     https://docs.taosdata.com/cloud/
    --- stderr
    note: no target given: verifying http://127.0.0.1:[GATEWAY], named by TDENGINE_CLOUD_URL
    ");
    let tried = |head: &&String| head.contains("token=");
    assert_eq!(gateway.heads().iter().filter(tried).count(), 1);
    let run = cloud(
        &served.context,
        &gateway,
        wrong,
        &["--cloud", "--transport", "ws", "--json", "--wait", "60s"],
    )
    .run();
    shows_no_token(&run);
    assert_eq!(
        (findings(&run), run.exit),
        (vec!["token-invalid".to_owned()], Some(11)),
        "{run}"
    );
}

#[test]
fn gateway_that_repeats_the_token_does_not_make_it_seen() {
    for body in [TOKEN, ENCODED] {
        let fake = Fake::http(
            &format!("302 Found\r\nServer: {body}\r\nLocation: https://h/?token={body}"),
            body,
        );
        let context = TestContext::new();
        for args in [&["--cloud"][..], &["--cloud", "--json"]] {
            shows_no_token(&cloud(&context, &fake, TOKEN, args).run());
        }
    }
}

#[test]
fn missing_or_invalid_cloud_variables_are_reported() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["verify", "--cloud"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not verify the Cloud
      TDENGINE_CLOUD_TOKEN is not set
      next: export TDENGINE_CLOUD_URL=https://HOST TDENGINE_CLOUD_TOKEN=TOKEN    # both are on the page of the Cloud instance, under Programming
    ");
    let verify = |url: &str, token: &str| {
        let run = context
            .program(["verify", "--cloud"])
            .env("TDENGINE_CLOUD_URL", url)
            .env("TDENGINE_CLOUD_TOKEN", token)
            .run();
        shows_no_token(&run);
        run
    };
    assert_eq!(verify("", "x").exit, Some(2));
    assert_eq!(verify("ftp://h?token=0123-secret", "").exit, Some(2));
    assert_eq!(verify("https://h", "0123 secret").exit, Some(2));
    let run = cloud(
        &context,
        &Fake::says("x"),
        TOKEN,
        &["--cloud", "--transport", "native"],
    )
    .run();
    assert_eq!(run.exit, Some(2), "{run}");
}

#[test]
fn url_may_bring_the_token_and_lack_its_scheme() {
    let context = TestContext::new();
    let run = context
        .program(["verify", "--cloud", "--json"])
        .env(
            "TDENGINE_CLOUD_URL",
            format!("no-such-gateway.invalid?token={TOKEN}"),
        )
        .run();
    shows_no_token(&run);
    assert_eq!(
        run.json()["data"]["targets"][0]["target"],
        "https://no-such-gateway.invalid"
    );
    assert_eq!(findings(&run), ["dns-unresolved"], "{run}");
}
