use super::*;
use crate::catalog::connectors::Connectors;

#[test]
fn limits_are_well_formed() {
    let limits: Limits =
        toml::from_str(include_str!("../../../manifests/connector-limits.toml")).unwrap();
    for limit in &limits.limit {
        let name = format!("{} {:?} {:?}", limit.package, limit.from, limit.until);
        let kinds = [
            limit.needs.is_some(),
            limit.gone.is_some(),
            limit.broken,
            limit.deprecated,
        ];
        assert_eq!(kinds.iter().filter(|kind| **kind).count(), 1, "{name}");
        assert!(limit.why.ends_with('.'), "{name}");
        assert!(limit.why_zh.ends_with('。'), "{name}");
        for transport in &limit.transports {
            assert!(transport.parse::<Transport>().is_ok(), "{name}");
        }
        for version in [&limit.from, &limit.until].into_iter().flatten() {
            assert_eq!(numbers(version).len(), 3, "{name}");
        }
    }
}

/// What `verify` says of a release is what `init` chooses by.
#[test]
fn releases_and_limits_agree() {
    for connector in &Connectors::built_in().connector {
        for release in &connector.release {
            let version = numbers(&release.version);
            for transport in Transport::ALL {
                let Some(support) = release.support(transport) else {
                    continue;
                };
                let name = format!("{} {} {transport}", connector.package, release.version);
                let about = || {
                    let limits = built_in().iter();
                    limits.filter(|it| it.is_about(&connector.package, &version, transport))
                };
                for limit in about() {
                    assert!(limit.needs <= Some(support.server), "{name}: {}", limit.why);
                    assert!(limit.gone.is_none(), "{name}: {}", limit.why);
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
    for limit in built_in().iter().filter(|it| it.deprecated) {
        let connector = Connectors::built_in().named(&limit.package).unwrap();
        assert!(connector.retired.is_some(), "{}", limit.package);
    }
}

#[test]
fn versions_in_every_form() {
    assert_eq!(numbers("v3.7.8"), [3, 7, 8]);
    assert_eq!(numbers("3.7"), [3, 7, 0]);
    assert_eq!(numbers("1.54.1+build"), [1, 54, 1]);
    assert_eq!(numbers("latest"), Vec::<u32>::new());
    assert_eq!(numbers("99999999999999999999.1"), Vec::<u32>::new());
}
