//! The character set of taos.cfg against that of the environment.

use super::check_report::CheckReport;
use super::machine_facts::MachineFacts;
use crate::diagnose::{Id, Judgement};
use crate::message::message;

/// Runs the check.
pub fn check(facts: &MachineFacts) -> CheckReport {
    let environment = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| {
        let value = std::env::var(name).ok()?;
        (!value.is_empty()).then_some(value)
    });
    let of_environment = environment.as_deref().and_then(of_locale);
    let configured = facts.config.value("charset").map(str::to_owned);
    let configured = configured.or_else(|| of_locale(facts.config.value("locale")?));
    let detail = message!(
        "doctor-charset",
        configured = configured.clone().unwrap_or_default(),
        environment = of_environment.clone().unwrap_or_default()
    );
    let report = CheckReport::ok([detail.clone()]);
    let (Some(configured), Some(of_environment)) = (configured, of_environment) else {
        return report;
    };
    if normal(&configured) == normal(&of_environment) {
        return report;
    }
    report.with(
        Judgement::failed(Id::CharsetMismatch, detail)
            .into_warning()
            .expecting(message!("doctor-charset-expected"))
            .with("config", facts.config.file.display())
            .with("found", configured)
            .with("wanted", of_environment),
    )
}

/// The character set of a locale's name: `zh_CN.GBK@x` has GBK; `C` and names without one have none.
fn of_locale(locale: &str) -> Option<String> {
    let charset = locale.split_once('.')?.1;
    let charset = charset.split('@').next().unwrap_or_default();
    (!charset.is_empty()).then(|| charset.to_owned())
}

/// A character set's name without the differences that do not matter: `UTF-8` and `utf8` are one.
fn normal(charset: &str) -> String {
    let letters = charset.chars().filter(char::is_ascii_alphanumeric);
    letters.collect::<String>().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn character_sets_of_locales_are_read() {
        assert_eq!(of_locale("zh_CN.GBK@x").as_deref(), Some("GBK"));
        assert_eq!(of_locale("C"), None);
        assert_eq!(
            of_locale("C.UTF-8").map(|it| normal(&it)).as_deref(),
            Some("utf8")
        );
        assert_eq!(of_locale("x."), None);
    }
}
