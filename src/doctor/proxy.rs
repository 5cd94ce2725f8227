//! The proxies of the environment: whether they are addresses, whether both spellings agree, and whether this machine is excepted.

use super::check_report::CheckReport;
use super::machine_facts::MachineFacts;
use super::ports;
use crate::diagnose::{Id, Judgement};
use crate::message::{Message, message};
use crate::safety::redaction::redact;
use crate::system::proxy::variable_for;
use crate::system::test_machine::usual_ports;

/// The variables, in both spellings; programs read one of them, or both.
const VARIABLES: [(&str, &str); 4] = [
    ("http_proxy", "HTTP_PROXY"),
    ("https_proxy", "HTTPS_PROXY"),
    ("all_proxy", "ALL_PROXY"),
    ("no_proxy", "NO_PROXY"),
];
/// The schemes of proxies that common clients know.
const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// Runs the check.
pub fn check(_facts: &MachineFacts) -> CheckReport {
    let mut report = CheckReport::default();
    for (lower, upper) in VARIABLES {
        let values = [lower, upper].map(|name| Some((name, value(name)?)));
        for (name, value) in values.iter().flatten() {
            report.details.push(message!(
                "doctor-variable",
                name = name,
                value = redact(value)
            ));
            if lower != "no_proxy" && !is_address(value) {
                report = report.with(
                    Judgement::failed(
                        Id::ProxyInvalid,
                        message!("doctor-variable", name = name, value = redact(value)),
                    )
                    .expecting(message!("doctor-proxy-expected"))
                    .with("variable", name),
                );
            }
        }
        if let [Some((_, first)), Some((_, second))] = &values
            && first != second
            // Names of variables have no case there.
            && !cfg!(windows)
        {
            let lines = [(lower, first), (upper, second)];
            let lines = lines.map(|(name, value)| {
                message!("doctor-variable", name = name, value = redact(value))
            });
            report = report.with(
                Judgement::failed(Id::ProxyContradictory, Message::joined(lines, "; "))
                    .into_warning()
                    .expecting(message!("doctor-proxy-same"))
                    .with("variable", lower)
                    .with("other", upper),
            );
        }
    }
    if report.details.is_empty() {
        let none = message!("doctor-no-proxy");
        return CheckReport::ok([none.clone()]).titled(none);
    }
    let port = usual_ports().0.filter(|port| ports::is_listening(*port));
    let proxied = port.and_then(|port| variable_for(&format!("http://localhost:{port}/")));
    report.with(proxied.map(|variable| {
        Judgement::failed(Id::ProxyForLocalhost, message!("doctor-proxied-localhost"))
            .into_warning()
            .expecting(message!("doctor-proxied-expected"))
            .with("variable", variable)
    }))
}

fn value(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?.to_string_lossy().into_owned();
    (!value.is_empty()).then_some(value)
}

/// Whether `text` is the address of a proxy: a URL, or `host:port`.
fn is_address(text: &str) -> bool {
    let url = match text.contains("://") {
        true => text.parse(),
        false => format!("http://{text}").parse(),
    };
    url.is_ok_and(|url: url::Url| SCHEMES.contains(&url.scheme()) && url.has_host())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_texts() {
        for good in [
            "http://p:3128",
            "p:3128",
            "socks5h://u:p@p:1080/",
            "[::1]:80",
        ] {
            assert!(is_address(good), "{good}");
        }
        for wrong in ["ftp://p", "http://", "http:// p", "://"] {
            assert!(!is_address(wrong), "{wrong}");
        }
    }
}
