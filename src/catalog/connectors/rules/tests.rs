use super::*;
use crate::catalog::connectors::Connectors;

#[test]
fn rules_are_well_formed() {
    for connector in &Connectors::built_in().connector {
        for rule in &connector.rule {
            let name = format!("{} {:?} {:?}", connector.package, rule.from, rule.until);
            let kinds = [
                rule.needs.is_some(),
                rule.gone.is_some(),
                rule.broken,
                rule.deprecated,
            ];
            assert_eq!(kinds.iter().filter(|kind| **kind).count(), 1, "{name}");
            assert!(rule.why.en.ends_with('.'), "{name}");
            assert!(rule.why.zh.ends_with('。'), "{name}");
            for transport in &rule.transports {
                assert!(transport.parse::<Transport>().is_ok(), "{name}");
            }
            for version in [&rule.from, &rule.until].into_iter().flatten() {
                assert_eq!(numbers(version).len(), 3, "{name}");
            }
            assert!(!rule.deprecated || connector.retired.is_some(), "{name}");
        }
    }
}

/// What `verify` reports about a release is what `init` chooses by.
#[test]
fn releases_and_rules_agree() {
    for connector in &Connectors::built_in().connector {
        for release in &connector.release {
            let version = numbers(&release.version);
            for transport in Transport::ALL {
                let Some(support) = release.support(transport) else {
                    continue;
                };
                let name = format!("{} {} {transport}", connector.package, release.version);
                let about = || {
                    let rules = connector.rule.iter();
                    rules.filter(|it| it.is_about(&version, transport))
                };
                for rule in about() {
                    assert!(
                        rule.needs <= Some(support.server),
                        "{name}: {}",
                        rule.why.en
                    );
                    assert!(rule.gone.is_none(), "{name}: {}", rule.why.en);
                }
                let breaks = about().any(|it| it.broken && it.beside.is_none());
                assert_eq!(breaks, support.broken.is_some(), "{name}");
                let beside = about().filter_map(|it| it.beside.as_ref());
                let beside: Vec<_> = beside.map(|it| (&it.package, numbers(&it.from))).collect();
                let below = support.companion.iter().filter_map(|it| {
                    let below = it.below.as_ref()?;
                    Some((&it.package, numbers(below)))
                });
                assert_eq!(beside, below.collect::<Vec<_>>(), "{name}");
            }
        }
    }
}

#[test]
fn version_numbers_of_every_form() {
    assert_eq!(numbers("v3.7.8"), [3, 7, 8]);
    assert_eq!(numbers("3.7"), [3, 7, 0]);
    assert_eq!(numbers("1.54.1+build"), [1, 54, 1]);
    assert_eq!(numbers("latest"), Vec::<u32>::new());
    assert_eq!(numbers("99999999999999999999.1"), Vec::<u32>::new());
}
