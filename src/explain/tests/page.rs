//! Generates docs/errors.md and docs/errors.zh.md from the manifests: `TAOS_SETUP_WRITE_DOCS=1 cargo test errors_pages`.

use std::fmt::Write;
use std::path::Path;

use super::*;

/// The fixed texts of a page.
struct PageTexts {
    title: &'static str,
    intro: &'static str,
    sections: [&'static str; 3],
    messages: &'static str,
    cause: &'static str,
    fix: &'static str,
    sources: &'static str,
}

const ENGLISH: PageTexts = PageTexts {
    title: "TDengine connection errors: causes and fixes",
    intro: "Generated from `manifests/`. `taos-setup explain` looks a message up in the same data and fills in your own host and port.",
    sections: [
        "Error codes",
        "Findings of `verify`",
        "Messages and problems",
    ],
    messages: "Messages",
    cause: "Cause",
    fix: "Fix",
    sources: "Sources",
};

const CHINESE: PageTexts = PageTexts {
    title: "TDengine 连接错误：原因与解决办法",
    intro: "由 `manifests/` 生成。`taos-setup explain` 使用同样的数据，并填入您的主机和端口。",
    sections: ["错误码", "`verify` 的诊断结果", "错误信息与问题"],
    messages: "错误信息",
    cause: "原因",
    fix: "解决办法",
    sources: "参考",
};

/// Renders the page in `locale`.
fn render(locale: Locale) -> String {
    let texts = match locale {
        Locale::En => ENGLISH,
        Locale::Zh => CHINESE,
    };
    let request = ExplainRequest {
        query: String::new(),
        host: Some("HOST".into()),
        os: Os::Linux,
        locale,
    };
    let entries = all(&request).unwrap();
    let mut page = format!("# {}\n\n{}\n", texts.title, texts.intro);
    let kinds = [EntryKind::Problem, EntryKind::Finding, EntryKind::Code];
    for kind in kinds {
        let section = match kind {
            EntryKind::Code => texts.sections[0],
            EntryKind::Finding => texts.sections[1],
            EntryKind::Problem => texts.sections[2],
        };
        let _ = write!(page, "\n## {section}\n");
        let mut known: Vec<(&str, usize)> = Vec::new();
        for entry in entries.iter().filter(|entry| entry.kind == kind) {
            // Codes of one cause share its texts.
            if known.contains(&(entry.cause.as_str(), entry.fix.len())) {
                let _ = write!(page, "\n### {}: {}\n", entry.id, entry.title);
                continue;
            }
            known.push((&entry.cause, entry.fix.len()));
            let _ = write!(page, "\n### {}: {}\n\n", entry.id, entry.title);
            if let Some(problem) = BOOK.problems.iter().find(|problem| problem.id == entry.id) {
                let samples: Vec<String> = problem
                    .samples
                    .iter()
                    .map(|sample| format!("`{}`", sample.replace('\n', " ").replace('`', "'")))
                    .collect();
                let _ = write!(page, "{}: {}\n\n", texts.messages, samples.join("; "));
            }
            let _ = write!(
                page,
                "{}: {}\n\n{}:\n\n```sh\n{}\n```\n\n{}: {}\n",
                texts.cause,
                entry.cause,
                texts.fix,
                entry.fix,
                texts.sources,
                entry.sources.join(", ")
            );
        }
    }
    page
}

#[test]
fn errors_pages_match_manifests() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    for (name, locale) in [("errors.md", Locale::En), ("errors.zh.md", Locale::Zh)] {
        let page = render(locale);
        let path = docs.join(name);
        if std::env::var_os("TAOS_SETUP_WRITE_DOCS").is_some() {
            std::fs::write(&path, &page).unwrap();
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            written == page,
            "{name} is out of date: TAOS_SETUP_WRITE_DOCS=1 cargo test --lib errors_pages"
        );
    }
}
