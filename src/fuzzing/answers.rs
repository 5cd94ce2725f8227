//! Everything that a server can answer, as the checks read it. Each function takes the bytes as they arrive.

use std::io::Cursor;
use std::time::Duration;

use tokio::runtime::Builder;

use crate::probe::answer_budget::AnswerBudget;
use crate::probe::ws::Session;
use crate::probe::{Credentials, fingerprint, rest, sql};
use crate::safety::secret::Secret;
use crate::system::tls::certificate_files::parse_pem;
use crate::system::tls::certificate_names::certificate_names;
use crate::system::tls::fault::certificate_fault;
use crate::verify::{EndpointList, inventory};

/// The time that an answer has.
const LIMIT: Duration = Duration::from_secs(5);

/// Reads a raw block.
pub fn block(bytes: &[u8]) {
    let _ = crate::probe::block::rows(bytes, &mut AnswerBudget::new(LIMIT));
}

/// Reads the body of a REST answer, as the answer to every statement that a check sends.
pub fn rest(body: &[u8]) {
    let reply = rest::read(200, body, &mut AnswerBudget::new(LIMIT));
    if let Some(rows) = reply.data() {
        let _ = (sql::dnodes(rows), sql::databases(rows), sql::edition(rows));
    }
}

/// Reads frames of a WebSocket, texts and blocks, as the answers to the version, a login and a statement.
pub fn websocket(frames: &[u8]) {
    let Ok(runtime) = Builder::new_current_thread().enable_time().build() else {
        return;
    };
    let who = Credentials {
        user: "root".into(),
        password: Secret::new("taosdata"),
        token: None,
        bearer: None,
    };
    let stream = tokio::io::join(Cursor::new(frames.to_vec()), tokio::io::sink());
    runtime.block_on(async {
        let mut session = Session::upgraded(Box::new(stream)).await;
        let _ = session.version(LIMIT).await;
        let _ = session.login(&who, None, LIMIT).await;
        let reply = session.query(sql::DNODES, LIMIT).await;
        if let Some(rows) = reply.data() {
            let _ = sql::dnodes(rows);
        }
    });
}

/// Reads the first bytes of an unknown server.
pub fn stranger(bytes: &[u8]) {
    if let fingerprint::Fingerprint::Http(answer) = fingerprint::read(bytes) {
        let _ = answer.redirect_target();
        let _ = (answer.is_from_gateway(), answer.wants_tls());
    }
}

/// Reads a server's certificate (DER), and a file of certificates.
pub fn certificate(bytes: &[u8]) {
    let _ = certificate_fault(bytes, "db.example");
    let _ = certificate_names(bytes);
    for certificate in parse_pem(bytes) {
        let _ = certificate_fault(&certificate, "db.example");
        let _ = certificate_names(&certificate);
    }
}

/// Reads a list of endpoints, which comes from another network: what is accepted is written and read again as it was.
pub fn endpoint_list(bytes: &[u8]) {
    if let Ok(list) = EndpointList::parse(bytes) {
        let again = EndpointList::parse(list.to_json().as_bytes());
        assert_eq!(again, Ok(list));
    }
}

/// Reads an inventory of targets; what it accepts is a target and has no control characters.
pub fn inventory(bytes: &[u8]) {
    for target in inventory::parse(bytes).unwrap_or_default() {
        assert!(target.text.parse::<crate::dsn::Target>().is_ok());
        assert!(!target.text.chars().any(char::is_control));
    }
}
