//! https and wss: trusted certificates, and why others are not. The words of
//! other systems' verifiers are theirs.
#![cfg(target_os = "linux")]

use crate::support::certificates::{Authority, expired, not_yet_valid, self_signed};
use crate::support::program::{Program, Run};
use crate::support::served::{Served, findings};
use insta::assert_snapshot;
use taos_sandbox::server::Options;
use taos_sandbox::tls::TlsIdentity;

/// A server whose adapter shows `identity`.
fn secure(identity: TlsIdentity) -> Served {
    Served::new(Options {
        tls: Some(identity),
        ..Options::default()
    })
}

/// `verify https://127.0.0.1:ADAPTER --transport ws,rest ARGS…`; the system's own certificates are not looked at.
fn verify<'a>(served: &'a Served, args: &[&str]) -> Program<'a> {
    let url = format!("https://{}", served.sandbox.adapter());
    let args = [&["--transport", "ws,rest"], args].concat();
    served
        .verify(&url, &args)
        .env("TAOS_PASSWORD", "taosdata")
        .env("SSL_CERT_FILE", served.context.work().join("none.pem"))
        .env("SSL_CERT_DIR", served.context.work())
}

fn trusting(served: &Served, authority: &Authority) -> Run {
    let file = authority.file(served.context.root());
    verify(served, &["--ca-cert", file.to_str().unwrap()]).run()
}

#[test]
fn authority_of_ones_own() {
    let authority = Authority::new();
    let served = secure(authority.signs(&["127.0.0.1"], |_| ()));
    assert_snapshot!(trusting(&served, &authority), @"
    exit 0
    --- stdout
    https://127.0.0.1:[ADAPTER]
      ✓ ws     taosAdapter 3.3.7.5, root, 1 dnode, [ms]
      ✓ rest   taosAdapter 3.3.7.5, root, 1 dnode, [ms]
    --- stderr
    ");
    // A variable does as well, as for everything that uses OpenSSL or rustls.
    let file = authority.file(served.context.root());
    let run = verify(&served, &[]).env("SSL_CERT_FILE", file).run();
    assert_eq!(run.exit, Some(0), "{run}");
}

#[test]
fn machine_without_any_authority() {
    let authority = Authority::new();
    let served = secure(authority.signs(&["127.0.0.1"], |_| ()));
    assert_snapshot!(verify(&served, &[]).run(), @"
    exit 10
    --- stdout
    https://127.0.0.1:[ADAPTER]
      ✗ ws     failed at tls
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✗ tls            this machine trusts no certificates: No CA certificates were loaded from the system ([ms])
      ✗ rest   failed at tls
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✗ tls            this machine trusts no certificates: No CA certificates were loaded from the system ([ms])
      · certificate of rcgen self signed cert, issued by an authority for tests

    error[tls-untrusted]: this machine has no certificates to check 127.0.0.1:[ADAPTER] against (over ws, rest)
      observed: this machine trusts no certificates: No CA certificates were loaded from the system
      expected: a TLS handshake with a trusted certificate
      cause:    The package of CA certificates is not installed, or SSL_CERT_FILE names an unusable file.
      fix:      apt-get install -y ca-certificates || dnf install -y ca-certificates    # or trust one file: --ca-cert FILE
    --- stderr
    ");
    assert_eq!(served.sandbox.logins().accepted, 0);
}

#[test]
fn authority_that_nobody_knows() {
    let served = secure(Authority::new().signs(&["127.0.0.1"], |_| ()));
    assert_snapshot!(trusting(&served, &Authority::new()), @"
    exit 10
    --- stdout
    https://127.0.0.1:[ADAPTER]
      ✗ ws     failed at tls
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✗ tls            the certificate is issued by a CA that this machine does not trust ([ms])
      ✗ rest   failed at tls
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✗ tls            the certificate is issued by a CA that this machine does not trust ([ms])
      · certificate of rcgen self signed cert, issued by an authority for tests

    error[tls-untrusted]: the certificate of 127.0.0.1:[ADAPTER] is not issued by a CA that this machine trusts (over ws, rest)
      observed: the certificate is issued by a CA that this machine does not trust
      expected: a TLS handshake with a trusted certificate
      cause:    The certificate comes from a private CA, its chain is incomplete, or a device in between answers for the server.
      fix:      taos-setup verify https://127.0.0.1:[ADAPTER] --transport ws,rest --ca-cert FILE    # FILE: the CA certificate (PEM) from the administrator of 127.0.0.1; programs read it from SSL_CERT_FILE
    --- stderr
    ");
    assert_eq!(served.sandbox.logins().accepted, 0);
}

#[test]
fn insecure_is_said_aloud() {
    let served = secure(Authority::new().signs(&["other.example"], |_| ()));
    assert_snapshot!(verify(&served, &["--insecure"]).run(), @"
    exit 0
    --- stdout
    https://127.0.0.1:[ADAPTER]
      ✓ ws     taosAdapter 3.3.7.5, root, 1 dnode, [ms]
        ! tls            TLS 1.3, accepted because of --insecure: this machine trusts no certificates: No CA certificates were loaded from the system ([ms])
      ✓ rest   taosAdapter 3.3.7.5, root, 1 dnode, [ms]
        ! tls            TLS 1.3, accepted because of --insecure: this machine trusts no certificates: No CA certificates were loaded from the system ([ms])
      · certificate of rcgen self signed cert, issued by an authority for tests

    warning[tls-untrusted]: the certificate of 127.0.0.1:[ADAPTER] is not trusted, but was accepted because of --insecure (over ws, rest)
      observed: TLS 1.3, accepted because of --insecure: this machine trusts no certificates: No CA certificates were loaded from the system
      expected: a TLS handshake with a trusted certificate
      cause:    The package of CA certificates is not installed, or SSL_CERT_FILE names an unusable file.
      fix:      apt-get install -y ca-certificates || dnf install -y ca-certificates    # or trust one file: --ca-cert FILE
    --- stderr
    note: certificates are not checked (--insecure): an attacker on the network can read and change all traffic, including the password
    ");
}

#[test]
fn expired_early_and_for_another_host() {
    let authority = Authority::new();
    let reported = |identity| {
        let served = secure(identity);
        let run = trusting(&served, &authority);
        assert_eq!(run.exit, Some(10), "{run}");
        let from = run.stdout.find("error[").unwrap();
        run.stdout[from..].to_owned()
    };
    assert_snapshot!(reported(authority.signs(&["127.0.0.1"], expired)), @"
    error[tls-untrusted]: the certificate of 127.0.0.1:[ADAPTER] has expired (over ws, rest)
      observed: the certificate has expired (2001-01-01T00:00:00Z)
      expected: a TLS handshake with a trusted certificate
      cause:    The server's certificate was not renewed, or the clock of this machine is ahead.
      fix:      openssl s_client -connect 127.0.0.1:[ADAPTER] </dev/null | openssl x509 -noout -dates    # then renew the certificate on 127.0.0.1, and check the clock here: date -u
    ");
    assert_snapshot!(reported(authority.signs(&["127.0.0.1"], not_yet_valid)), @"
    error[tls-untrusted]: the certificate of 127.0.0.1:[ADAPTER] is not valid yet (over ws, rest)
      observed: the certificate is not valid yet (2090-01-01T00:00:00Z)
      expected: a TLS handshake with a trusted certificate
      cause:    This machine's clock is behind, or the certificate was made for later.
      fix:      date -u    # correct the clock of this machine; else renew the certificate on 127.0.0.1
    ");
    assert_snapshot!(reported(authority.signs(&["db.example", "*.example"], |_| ())), @"
    error[tls-untrusted]: the certificate of 127.0.0.1:[ADAPTER] is for another host (over ws, rest)
      observed: the certificate is for db.example, *.example
      expected: a TLS handshake with a trusted certificate
      cause:    Clients compare the host name that they connect to with the certificate's subjectAltName.
      fix:      taos-setup verify https://db.example:[ADAPTER] --transport ws,rest    # use a name in the certificate, or request a certificate for 127.0.0.1
    ");
}

#[test]
fn certificate_that_vouches_for_itself_can_be_trusted_by_name() {
    let identity = self_signed(&["127.0.0.1"]);
    let served = secure(identity.clone());
    let stranger = Authority::new();
    let run = trusting(&served, &stranger);
    assert!(run.stdout.contains("self-signed"), "{run}");
    let file = served.context.root().join("own.pem");
    std::fs::write(&file, &identity.certificates).unwrap();
    let run = verify(&served, &["--ca-cert", file.to_str().unwrap()]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    // Its name is compared all the same.
    let identity = self_signed(&["db.example"]);
    let served = secure(identity.clone());
    let file = served.context.root().join("own.pem");
    std::fs::write(&file, &identity.certificates).unwrap();
    let run = verify(&served, &["--json", "--ca-cert", file.to_str().unwrap()]).run();
    assert_eq!(findings(&run), ["tls-untrusted"], "{run}");
}

#[test]
fn plain_text_is_asked_and_tls_answers_and_the_printed_fix_works() {
    let authority = Authority::new();
    let served = secure(authority.signs(&["127.0.0.1"], |_| ()));
    let run = served
        .verify_adapter(&["--transport", "ws,rest"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_snapshot!(run, @"
    exit 10
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ ws     failed at protocol
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✗ protocol       HTTP 400, which requires https ([ms])
      ✗ rest   failed at protocol
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✗ protocol       HTTP 400, which requires https ([ms])

    error[tls-expected]: 127.0.0.1:[ADAPTER] uses TLS, but the request was plain text (over ws, rest)
      observed: HTTP 400, which requires https
      expected: 101 Switching Protocols, and taosAdapter's version
      cause:    The port serves only https and wss.
      fix:      taos-setup verify https://127.0.0.1:[ADAPTER] --transport ws,rest --native-port [NATIVE]    # in programs: https:// and wss://, useSSL=true in JDBC; with a private CA add --ca-cert FILE
    --- stderr
    ");
    let json = served
        .verify_adapter(&["--transport", "ws,rest", "--json"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    let fix = json.json()["findings"][0]["fix"]
        .as_str()
        .unwrap()
        .to_owned();
    let fix = fix
        .replace("[ADAPTER]", &served.sandbox.adapter().port().to_string())
        .replace("[NATIVE]", &served.sandbox.native().port().to_string());
    let words = fix.split("    #").next().unwrap().split(' ').skip(1);
    let run = served
        .context
        .program(words)
        .env("TAOS_PASSWORD", "taosdata")
        .env("SSL_CERT_FILE", authority.file(served.context.root()))
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
}

#[test]
fn tls_is_asked_and_plain_text_answers() {
    let served = Served::healthy();
    let url = format!("wss://{}", served.sandbox.adapter());
    let run = served
        .verify(&url, &[])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_snapshot!(run, @"
    exit 10
    --- stdout
    wss://127.0.0.1:[ADAPTER]
      ✗ ws     failed at tls
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✗ tls            no TLS: taosAdapter answers in plain HTTP ([ms])

    error[tls-unexpected]: 127.0.0.1:[ADAPTER] does not use TLS, but the request did (over ws)
      observed: no TLS: taosAdapter answers in plain HTTP
      expected: a TLS handshake with a trusted certificate
      cause:    https and wss require TLS on the port; it is off here, or a proxy on another port provides it.
      fix:      taos-setup verify http://127.0.0.1:[ADAPTER] --transport ws    # plain text, if the network is trusted; else pass the port that uses TLS
    --- stderr
    ");
    // The native port closes on TLS as it does on HTTP.
    let url = format!("https://{}", served.sandbox.native());
    let run = served
        .verify(&url, &["--json"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_eq!(
        (run.exit, findings(&run)),
        (Some(12), vec!["wrong-port".to_owned()]),
        "{run}"
    );
}

#[test]
fn tls_is_shaken_once_and_a_wrong_password_is_tried_once() {
    let authority = Authority::new();
    let served = secure(authority.signs(&["127.0.0.1"], |_| ()));
    let file = authority.file(served.context.root());
    let run = verify(&served, &["--json", "--ca-cert", file.to_str().unwrap()])
        .env("TAOS_PASSWORD", "wrong-password")
        .run();
    assert_eq!(findings(&run), ["auth-failed"], "{run}");
    assert_eq!(served.sandbox.logins().refused, 1);
    let rungs: Vec<_> = run.json()["data"]["targets"][0]["transports"]
        .as_array()
        .unwrap()
        .iter()
        .map(|transport| transport["rungs"][2].clone())
        .collect();
    assert_eq!(rungs[0]["rung"], "tls");
    assert_eq!(rungs[0], rungs[1], "asked once for both");
}

#[test]
fn files_that_hold_no_certificates() {
    let served = Served::healthy();
    let work = served.context.work();
    std::fs::write(work.join("text.pem"), "hello\u{1b}[2J").unwrap();
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    std::fs::write(work.join("broken.pem"), broken).unwrap();
    assert_snapshot!(verify(&served, &["--ca-cert", "text.pem"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unparsable]: could not read the certificates of text.pem
      it contains no valid certificate (PEM, or one in DER)
      next: name a file of certificates in PEM form: --ca-cert FILE
    ");
    for file in ["broken.pem", "missing.pem", "."] {
        let run = verify(&served, &["--ca-cert", file]).run();
        assert_eq!(run.exit, Some(8), "{file}: {run}");
    }
}

/// A server of TLS 1.3 says so after the handshake alone.
#[test]
fn certificate_of_the_client_is_wanted() {
    let authority = Authority::new();
    let identity = authority.signs(&["127.0.0.1"], |_| ());
    let served = secure(TlsIdentity {
        clients: Some(authority.pem.clone()),
        ..identity
    });
    assert_snapshot!(trusting(&served, &authority), @"
    exit 10
    --- stdout
    https://127.0.0.1:[ADAPTER]
      ✗ ws     failed at protocol
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✓ tls            TLS 1.3, a trusted certificate for 127.0.0.1 ([ms])
        ✗ protocol       after the handshake: received fatal alert: CertificateRequired ([ms])
      ✗ rest   failed at protocol
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✓ tls            TLS 1.3, a trusted certificate for 127.0.0.1 ([ms])
        ✗ protocol       after the handshake: received fatal alert: CertificateRequired ([ms])

    error[tls-untrusted]: 127.0.0.1:[ADAPTER] requires a client certificate (over ws, rest)
      observed: after the handshake: received fatal alert: CertificateRequired
      expected: 101 Switching Protocols, and taosAdapter's version
      cause:    The server accepts only clients with their own certificate (mutual TLS), which TDengine's connectors do not have.
      fix:      ssl_verify_client off;    # in nginx's server block for 127.0.0.1:[ADAPTER]; or pass a port that asks only for user and password
    --- stderr
    ");
}

/// The alert `unrecognized_name` (RFC 6066, 3), with which nginx's `ssl_reject_handshake` answers.
#[test]
fn server_without_a_certificate_for_the_name() {
    let fake = crate::support::fake_server::Fake::says([21, 3, 3, 0, 2, 2, 112]);
    let run = crate::support::program::TestContext::new()
        .program(["verify", &format!("wss://{}", fake.address)])
        .env("TAOS_PASSWORD", "taosdata")
        .showing(fake.address.port(), "PORT")
        .run();
    assert_snapshot!(run, @"
    exit 10
    --- stdout
    wss://127.0.0.1:[PORT]
      ✗ ws     failed at tls
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[PORT] accepts ([ms])
        ✗ tls            the server ends the handshake: it has no certificate for 127.0.0.1 ([ms])

    error[tls-untrusted]: 127.0.0.1:[PORT] has no certificate for 127.0.0.1 (over ws)
      observed: the server ends the handshake: it has no certificate for 127.0.0.1
      expected: a TLS handshake with a trusted certificate
      cause:    The server selects its certificate by the requested name (SNI) and has none for this one; an address is not a name.
      fix:      taos-setup verify https://NAME:[PORT] --transport ws    # NAME: the server's name in its certificate, which must resolve to 127.0.0.1
    --- stderr
    ");
}
