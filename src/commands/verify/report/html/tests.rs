use super::*;
use crate::verify::{TargetOutcome, TargetRoute, VerifyOutcome};

/// The page of a target of this name.
fn page(name: &str, locale: Locale) -> String {
    let outcome = VerifyOutcome {
        targets: vec![TargetOutcome {
            target: name.to_owned(),
            transports: Vec::new(),
            route: TargetRoute::default(),
            control: None,
            access: crate::verify::TargetAccess::of_test_host(),
            connectors: Vec::new(),
            bench: None,
            labels: None,
        }],
        ..VerifyOutcome::default()
    };
    let view = ReportView::new(&outcome, "2026-11-30T12:00:00Z", locale);
    render(&view, &outcome, locale).unwrap()
}

#[test]
fn everything_from_outside_is_escaped() {
    let page = page("<script>alert(1)</script>\"'&", Locale::En);
    assert!(!page.contains("<script"), "{page}");
    assert!(page.contains("&lt;script&gt;"), "{page}");
}

#[test]
fn page_needs_nothing_else() {
    for locale in [Locale::En, Locale::Zh] {
        let page = page("db", locale);
        for foreign in ["<script", "src=", "@import", "url(", "<link"] {
            assert!(!page.contains(foreign), "{foreign}");
        }
    }
}

#[test]
fn names_keep_their_case_in_headings() {
    for (text, shown) in [
        ("no program listens", "No program listens"),
        ("taosAdapter answers", "taosAdapter answers"),
        ("127.0.0.1 is silent", "127.0.0.1 is silent"),
        ("服务端拒绝", "服务端拒绝"),
        ("", ""),
    ] {
        assert_eq!(heading(text), shown);
    }
}
