use super::*;

fn said(version: &str) -> Option<Edition> {
    edition(&Rows {
        columns: vec!["id".into(), "version".into()],
        rows: vec![vec![None, Some(version.into())]],
    })
}

#[test]
fn editions_as_servers_call_them() {
    assert_eq!(said("community"), Some(Edition::Oss));
    assert_eq!(said("TDengine TSDB-OSS"), Some(Edition::Oss));
    assert_eq!(said("TDengine TSDB-Enterprise"), Some(Edition::Enterprise));
    assert_eq!(said("trial"), Some(Edition::Enterprise));
    assert_eq!(said("something"), None);
    assert_eq!(edition(&Rows::default()), None);
}
