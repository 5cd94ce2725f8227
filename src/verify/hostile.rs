//! What a hostile server says never reaches a terminal or JSON as it is: nor control characters, nor the password.

use std::collections::BTreeMap;

use proptest::prelude::*;

use std::path::Path;

use super::{TargetAccess, TargetOutcome, TransportChecks, VerifyOutcome, diagnose_checks};
use crate::diagnose::judge::connector;
use crate::diagnose::judge::endpoints::View;
use crate::diagnose::{FindingSubject, Id, Judgement, judge};
use crate::driver::process::{DriverReply, DriverStage};
use crate::dsn::Transport;
use crate::message::Message;
use crate::message::locale::Locale;
use crate::output::{CommandResult as _, HumanOptions, document};
use crate::probe::dns::Dns;
use crate::probe::endpoints::Endpoint;
use crate::probe::fingerprint::{Fingerprint, read};
use crate::probe::http::HttpAnswer;
use crate::probe::sql::{Cluster, Dnode, Rows};
use crate::probe::tls::Handshake;
use crate::probe::write;
use crate::probe::ws::{Hello, Upgrade};
use crate::probe::{Check, Credentials, Reply};
use crate::safety::secret::Secret;
use crate::system::tls::Fault;
use crate::tdengine::version::Version;

const PASSWORD: &str = "hunter2-Ünsafe";

fn who() -> Credentials {
    Credentials {
        user: "root".into(),
        password: Secret::new(PASSWORD),
        token: None,
        bearer: None,
    }
}

/// Every judgement that a server's words can get into.
fn judgements(words: &str) -> Vec<Judgement> {
    let text = || words.to_owned();
    let quoted = || Message::quoted(words);
    let replies = || {
        [
            Reply::Data(text()),
            Reply::Refused {
                code: 0x0303,
                message: text(),
            },
            Reply::Refused {
                code: 11,
                message: text(),
            },
            Reply::Broken(quoted()),
            Reply::Unreadable {
                status: Some(500),
                excerpt: text(),
            },
        ]
    };
    let answer = HttpAnswer {
        status: 404,
        server: Some(text()),
        location: Some(text()),
        body: text(),
        ..HttpAnswer::default()
    };
    let fingerprints = [
        Fingerprint::Http(answer),
        Fingerprint::Foreign(text()),
        read(format!("x{words}").as_bytes()),
    ];
    let endpoint = Endpoint {
        advertised: text(),
        host: text(),
        port: 6030,
        offline: false,
        dns: Dns::Unknown(quoted()),
        tcp: None,
        answers: None,
    };
    let refused = DriverReply::Refused {
        code: 0x8000_0303,
        message: text(),
    };
    let upgrade = Upgrade::Refused {
        path: "/ws".into(),
        status: 400,
        server: Some(text()),
    };
    let mut all = vec![
        judge::ground::dns("h", &Dns::Unknown(quoted())),
        judge::query::cluster(&Reply::Data(Cluster::Dnodes(vec![Dnode {
            endpoint: text(),
            offline: true,
        }]))),
        judge::endpoints::endpoints(&[endpoint], View::default()).remove(0),
        judge::native::connect(&who(), &refused, true),
        judge::native::load("/x".as_ref(), &DriverReply::Unloadable(text())),
        judge::native::client_version("/x".as_ref(), words, &[], Some(words)),
        judge::native::cluster(&DriverReply::Crashed {
            stage: DriverStage::Query,
            how: quoted(),
        }),
        judge::adapter::ws(
            "h:1",
            &Hello {
                upgrade,
                version: None,
            },
            None,
            false,
        ),
        judge::adapter::ws(
            "h:1",
            &Hello {
                upgrade: Upgrade::Broken(quoted()),
                version: None,
            },
            None,
            false,
        ),
    ];
    for fault in [
        Fault::OtherHost(vec![text()]),
        Fault::Other(text()),
        Fault::NobodyTrusted(text()),
    ] {
        for taken in [None, Some("TLS 1.3")] {
            let handshake = Handshake::Untrusted(fault.clone(), taken);
            all.push(judge::tls::handshake("h:1", "h", &handshake, None));
        }
    }
    let refused = Handshake::Refused(text());
    all.push(judge::tls::handshake("h:1", "h", &refused, None));
    for fingerprint in &fingerprints {
        all.push(judge::tls::handshake(
            "h:1",
            "h",
            &Handshake::NotTls,
            Some(fingerprint),
        ));
    }
    for reply in replies() {
        all.push(judge::login::adapter(&who(), None, &reply));
        all.push(judge::query::version(&reply));
        let hello = Hello {
            upgrade: Upgrade::Switched { path: "/ws".into() },
            version: Some(reply),
        };
        all.push(judge::adapter::ws("h:1", &hello, None, false));
    }
    for fingerprint in &fingerprints {
        all.push(judge::adapter::rest("h:1", fingerprint, false));
        all.push(judge::native::fingerprint("h:1", fingerprint, false));
    }
    all
}

/// The judgements of what comes behind a login, and of what lies on this machine: files, variables, what a driver prints.
fn judgements_behind(words: &str) -> Vec<Judgement> {
    let text = || words.to_owned();
    let quoted = || Message::quoted(words);
    let file = || Path::new("/x").join(words);
    let version = Version([3, 3, 7, 5]);
    let token = Credentials {
        token: Some(Secret::new(PASSWORD)),
        ..who()
    };
    let refused = Reply::<()>::Refused {
        code: 0x0303,
        message: text(),
    };
    let names = Rows {
        columns: vec!["name".into()],
        rows: vec![vec![Some(text())]],
    };
    let answers = Fingerprint::Foreign(text());
    let offline = |offline, answers| Endpoint {
        advertised: text(),
        host: text(),
        port: 6030,
        offline,
        dns: Dns::Unknown(quoted()),
        tcp: None,
        answers,
    };
    let endpoints = [offline(true, None), offline(false, Some(answers))];
    let mut all = judge::endpoints::endpoints(
        &endpoints,
        View {
            host: words,
            ..View::default()
        },
    );
    all.extend([
        judge::login::adapter(&token, Some(words), &refused),
        judge::login::token_refused(text()),
        judge::login::through(
            Some("http_proxy"),
            &Reply::<()>::Broken(quoted()),
            Judgement::failed(Id::NoAnswer, text()),
        ),
        judge::library::first_ep(&file(), words, "h:1"),
        judge::library::shadowed(&file(), version, &file(), Version([3, 2, 2, 2])),
        judge::native::log_dir(&file(), &quoted()),
        judge::native::usual_log_dir(&file(), &quoted()),
        judge::native::client_version(&file(), "3.3.7.5", &[text()], None),
    ]);
    all.extend(judge::query::database(&Reply::Data(names), "power"));
    // Cut where the secret stands.
    for blanks in 0..16 {
        let printed = format!("{}{words}", "x".repeat(104 + blanks));
        all.extend(judge::library::noise(
            &file(),
            &printed,
            &token.secrets(false),
        ));
    }
    for (step, reply) in [
        (write::WriteStep::Database, Reply::Broken(quoted())),
        (
            write::WriteStep::Insert,
            Reply::Refused {
                code: 0x0303,
                message: text(),
            },
        ),
        (
            write::WriteStep::Select,
            Reply::Unreadable {
                status: None,
                excerpt: text(),
            },
        ),
    ] {
        all.extend(judge::write::write(&write::Written {
            database: Some(text()),
            failed: Some((step, reply)),
            leftovers: vec![(text(), text())],
            left: Some(text()),
            ..write::Written::default()
        }));
    }
    for fault in [
        connector::PinFault::TooNew(version),
        connector::PinFault::TooOld,
        connector::PinFault::Broken,
        connector::PinFault::Deprecated,
    ] {
        all.push(connector::pinned(&connector::PinTrouble {
            package: text(),
            version: text(),
            file: "go.mod".into(),
            server: version,
            transport: Transport::Ws,
            manifest: "go.mod".into(),
            fault,
            why: text().into(),
            advice: false,
            take: Some((text(), text())),
        }));
    }
    all
}

/// Both forms of a report in which a server said `words` wherever it can.
fn reports(words: &str) -> [String; 2] {
    let transports: Vec<TransportChecks> = judgements(words)
        .into_iter()
        .chain(judgements_behind(words))
        .map(|judgement| {
            let mut checks = TransportChecks::new(Transport::Ws, vec![Secret::new(PASSWORD)]);
            checks.server_version = Some(checks.safe(words));
            let _ = checks.add_untimed(Check::Protocol, judgement);
            checks
        })
        .collect();
    let subject = FindingSubject {
        target: "h".into(),
        values: BTreeMap::new(),
        neighbors: crate::diagnose::Neighbors::default(),
        native_answers: None,
        adapter_answers: false,
    };
    let mut outcome = VerifyOutcome {
        findings: diagnose_checks(&subject, &transports, Locale::En)
            .unwrap()
            .findings,
        ..VerifyOutcome::default()
    };
    outcome.targets.push(TargetOutcome {
        target: "h".into(),
        transports,
        route: super::TargetRoute::default(),
        control: None,
        access: TargetAccess::of_test_host(),
        connectors: Vec::new(),
        bench: None,
        labels: None,
    });
    let options = HumanOptions {
        verbose: true,
        ..HumanOptions::default()
    };
    [
        outcome.human(&options).stdout,
        document("verify", &Ok(Box::new(outcome)), Locale::En),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn neither_control_characters_nor_the_password(before in any::<String>(), after in "[\\x00-\\x1f\\x7f\u{80}-\u{9f}\u{202e}a-z]{0,20}") {
        for report in reports(&format!("{before}{PASSWORD}{after}\u{1b}[2J")) {
            prop_assert!(!report.contains("hunter2"), "{}", report);
            let bad = report.chars().find(|c| c.is_control() && *c != '\n' || *c == '\u{202e}');
            prop_assert_eq!(bad, None);
        }
    }
}
