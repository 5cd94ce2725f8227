//! The index against its source: what is written is read back, and what is similar is found.

use std::path::Path;

use super::index::{IndexedDocument, encode};
use super::*;

fn document(entry: &str, is_report: bool, text: &str) -> IndexedDocument {
    IndexedDocument {
        entry: entry.to_owned(),
        is_report,
        terms: terms(&normal::normal(text)),
    }
}

#[test]
fn nearest_report_leads_to_its_entry() {
    let bytes = encode(&[
        document("password", true, "root 忘记密码，无法登录数据库"),
        document("port", true, "the port 6041 is closed on the server"),
        document("port", false, "nothing listens on the port"),
        document("zone", true, "查询的时间相差八小时"),
    ]);
    let reports = SimilarReports::new(&bytes);
    let first = |text: &str| reports.entries(&normal::normal(text))[0].0;
    assert_eq!(first("忘记密码怎么办"), "password");
    assert_eq!(first("Why is this port CLOSED?"), "port");
    assert_eq!(first("时间为什么差八小时"), "zone");
    assert!(reports.entries("nobody wrote that").is_empty());
    // Nothing of a report that is the text itself.
    let own = normal::normal("查询的时间相差八小时");
    assert!(reports.below(0.99).entries(&own).is_empty());
}

#[test]
fn damaged_index_is_empty() {
    let bytes = encode(&[document("a", true, "one two three")]);
    for end in 0..bytes.len() {
        let reports = SimilarReports::new(&bytes[..end]);
        let _ = reports.entries("one two");
    }
    let huge = [0xff_u8; 64];
    assert!(SimilarReports::new(&huge).entries("one").is_empty());
}

#[test]
fn terms_are_words_and_pairs_of_characters() {
    let distinct = |text: &str| terms(&normal::normal(text)).len();
    assert_eq!(distinct("taosd"), 1);
    assert_eq!(distinct("taosd taosd TAOSD"), 2);
    assert_eq!(distinct("connections refused"), 3);
    assert_eq!(distinct("connecting connected connections"), 2);
    assert_eq!(distinct("连接失败"), 3);
    assert_eq!(distinct("连"), 1);
    assert_eq!(distinct("2024-01-02 10:00:00.000 12345 the a"), 0);
    assert_eq!(distinct("see https://example.org/a/b/c?d=e"), 2);
    let long: String = (0..5000).map(|at| format!("word{at} ")).collect();
    assert!((600..=602).contains(&distinct(&long)));
}

/// A public report.
#[derive(serde::Deserialize)]
struct IndexedReport {
    entry: String,
    text: String,
}

#[derive(serde::Deserialize)]
struct IndexedReports {
    #[serde(default)]
    sample: Vec<IndexedReport>,
}

/// The least percentage of reports whose entry is one of the three nearest if they themselves are left out.
const LEAST: usize = 75;

#[test]
fn left_out_reports_are_near_their_entry() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("manifests/samples");
    let mut reports = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        reports.extend(toml::from_str::<IndexedReports>(&text).unwrap().sample);
    }
    let similar = SimilarReports::built_in().below(0.99);
    let near = reports
        .iter()
        .filter(|report| {
            let entries = similar.entries(&normal::normal(&report.text));
            let mut nearest = entries.iter().take(3);
            nearest.any(|(entry, _)| *entry == report.entry)
        })
        .count();
    let percent = 100 * near / reports.len();
    println!("{near} of {} reports ({percent} %)", reports.len());
    assert!(percent >= LEAST, "{percent} %");
}
