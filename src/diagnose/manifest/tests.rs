use super::*;

/// The exit codes of the design ("Finding ids"), for the ids that this program gives; `query-failed`, `login-withheld`,
/// `dnode-offline`, `library-noisy`, `large-answers-lost`, and others were added.
const EXITS: [(u8, &str); 9] = [
    (0, "slow"),
    (4, "store-damaged"),
    (8, "store-unusable config-unreadable check-unfinished"),
    (
        10,
        "dns-unresolved tcp-refused tcp-timeout no-answer closed-early tls-expected tls-unexpected tls-untrusted proxy-invalid proxy-contradictory proxy-for-localhost certificates-unreadable time-source-unreachable port-occupied",
    ),
    (
        11,
        "auth-failed auth-user-unknown auth-denied user-locked password-expired totp-required ip-not-allowed token-invalid login-withheld",
    ),
    (
        12,
        "wrong-port not-tdengine proxy-in-the-way ws-upgrade-refused version-mismatch edition-mismatch native-tls-expected native-tls-unexpected server-too-old connector-too-old connector-too-new connector-deprecated connector-broken",
    ),
    (
        13,
        "library-missing library-incomplete library-wrong-arch library-unloadable library-crashed library-hung log-dir-unwritable library-unreadable library-shadowed library-noisy glibc-too-old musl-unsupported executable-stack vc-runtime-missing firstep-wrong resource-limit library-dependency-missing library-mixed library-not-for-all header-mismatch config-key-unknown config-key-repeated config-value-invalid native-tls-incomplete temp-dir-unwritable charset-mismatch timezone-mismatch runtime-wrong-arch runtime-unusable variable-wrong compiler-missing",
    ),
    (
        14,
        "licence-expired licence-limit rate-limited clock-skew adapter-not-running adapter-backend-down database-missing query-failed large-answers-lost dnode-unresolved dnode-unreachable dnode-port-remapped dnode-offline write-failed read-mismatch timezone-shift write-leftover",
    ),
    (
        15,
        "connector-toolchain-missing connector-registry-unreachable connector-version-missing connector-build-failed connector-build-timeout connector-unloadable connector-crashed connector-refused connector-hung connector-wrong-rows",
    ),
];

#[test]
fn ids_have_exit_codes_and_both_languages() {
    let manifest = FindingManifest::built_in().unwrap();
    assert_eq!(manifest.entries.len(), Id::ALL.len());
    for id in Id::ALL {
        let entry = manifest.entry(*id).unwrap();
        let exit = EXITS
            .iter()
            .find(|(_, ids)| ids.split(' ').any(|known| known == id.as_str()));
        assert_eq!(
            exit.map(|(exit, _)| *exit),
            Some(entry.exit),
            "{}",
            id.as_str()
        );
        for locale in [Locale::En, Locale::Zh] {
            let texts = entry.texts(locale);
            for template in [&texts.summary, &texts.cause, &texts.fix] {
                let full = PLACEHOLDERS
                    .iter()
                    .map(|name| (*name, "x".to_owned()))
                    .collect();
                for values in [BTreeMap::new(), full] {
                    assert!(
                        !render(template, &values).unwrap().is_empty(),
                        "{}",
                        id.as_str()
                    );
                }
            }
        }
        assert!(entry.zh.summary.chars().any(|c| c > '\u{4e00}'));
    }
}

#[test]
fn unknown_placeholder_is_noticed() {
    assert!(render("{{ password }}", &BTreeMap::<_, String>::new()).is_err());
}
