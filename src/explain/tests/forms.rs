//! The same text in other forms has the same answer: as mails, web pages, terminals, log collectors, and pictures change it.
//!
//! Each sample is tried in one form, in turn; `EXPLAIN_ALL_FORMS=1 cargo test --lib forms` tries all of them.

use super::*;

/// A form that a text has after it was copied.
struct PastedForm {
    name: &'static str,
    change: fn(&str) -> String,
    /// The server that the text names is read from it, too.
    keeps_server: bool,
}

const FORMS: [PastedForm; 12] = [
    PastedForm {
        name: "quoted",
        change: |text| each_line(text, |line| format!("> {line}")),
        keeps_server: true,
    },
    PastedForm {
        name: "web page",
        change: |text| {
            text.replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;")
                .replace('\'', "&#39;")
        },
        keeps_server: true,
    },
    PastedForm {
        name: "JSON string",
        change: |text| {
            text.replace('\\', "\\\\")
                .replace('"', "\\\"")
                .replace('\t', "\\t")
                .replace('\n', "\\n")
        },
        keeps_server: true,
    },
    PastedForm {
        name: "one line",
        change: |text| text.replace('\n', " "),
        keeps_server: true,
    },
    PastedForm {
        name: "frames without line ends",
        change: without_ends_before_frames,
        keeps_server: true,
    },
    PastedForm {
        name: "terminal of 80 columns",
        change: |text| wrapped(text, 80),
        keeps_server: false,
    },
    PastedForm {
        name: "log",
        change: |text| {
            each_line(text, |line| {
                format!("2026-11-30 12:00:00.123  INFO 7 --- [main] c.e.Application : {line}")
            })
        },
        keeps_server: true,
    },
    PastedForm {
        name: "docker compose",
        change: |text| each_line(text, |line| format!("app-1  | {line}")),
        keeps_server: true,
    },
    PastedForm {
        name: "colors",
        change: |text| each_line(text, |line| format!("\u{1b}[1;31m{line}\u{1b}[0m")),
        keeps_server: true,
    },
    PastedForm {
        name: "Windows",
        change: |text| each_line(text, |line| format!("{line}  \r")).replace('\t', "    "),
        keeps_server: true,
    },
    PastedForm {
        name: "picture",
        change: transcribed,
        keeps_server: false,
    },
    PastedForm {
        name: "more lines",
        change: |text| {
            format!(
                "{text}\nsee https://sqlalche.me/e/20/e3q8\n\
                 pid=4711, tid=0x0000000000002a40, took (0.003000s)\nProcess finished with exit code 1\n"
            )
        },
        keeps_server: true,
    },
];

/// Short texts that do not name TDengine: in a longer text their words are another program's. The last one has a word that a
/// pattern excludes, which is not excluded when it is misspelled.
const EXCEPTIONS: [&str; 4] = [
    "https://github.com/taosdata/TDengine/issues/24789",
    "https://github.com/taosdata/TDengine/issues/369",
    "https://github.com/IoTSharp/TaosConnector/issues/2",
    "https://github.com/taosdata/TDengine/issues/6667",
];

fn each_line(text: &str, change: impl Fn(&str) -> String) -> String {
    text.lines().map(change).collect::<Vec<_>>().join("\n")
}

/// Removes line ends before frames of Java and causes.
fn without_ends_before_frames(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let frame = line.trim_start();
        let is_frame = ["at com.", "at org.", "at java.", "Caused by: "]
            .iter()
            .any(|start| frame.starts_with(start));
        if is_frame && frame.contains('(') && !out.is_empty() {
            out.push_str(frame);
        } else {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(line);
        }
    }
    out
}

/// Cuts each line after `width` columns.
fn wrapped(text: &str, width: usize) -> String {
    each_line(text, |line| {
        let mut out = String::new();
        let mut column = 0;
        for c in line.chars() {
            let columns = plain::columns(c);
            if column + columns > width {
                out.push('\n');
                column = 0;
            }
            out.push(c);
            column += columns;
        }
        out
    })
}

/// Confuses a letter and a digit in each long word, and in ports.
fn transcribed(text: &str) -> String {
    text.split_inclusive(' ')
        .map(|word| {
            let letters = word.trim_end();
            let is_word = letters.len() > 5 && letters.bytes().all(|b| b.is_ascii_lowercase());
            let inner = letters.get(1..letters.len().saturating_sub(1));
            match inner.filter(|_| is_word) {
                Some(inner) => {
                    let inner = inner.replacen('l', "1", 1).replacen('o', "0", 1);
                    format!("{}{inner}{}", &word[..1], &word[letters.len() - 1..])
                }
                None => word.replace("6041", "6O41"),
            }
        })
        .collect()
}

fn server(query: &str) -> Option<(String, Option<u16>)> {
    mentioned::in_text(&plain::plain(query)).map(|named| (named.host, named.port))
}

#[test]
fn other_forms_of_a_text_have_the_same_answer() {
    let all = std::env::var_os("EXPLAIN_ALL_FORMS").is_some();
    let mut wrong = Vec::new();
    let (mut count, mut turn) = (0, 0);
    for report in public_reports() {
        if EXCEPTIONS.contains(&report.source.as_str()) {
            continue;
        }
        turn += 1;
        let expected = server(&report.text);
        for (at, form) in FORMS.iter().enumerate() {
            let text = (form.change)(&report.text);
            if text == report.text || !all && at != turn % FORMS.len() {
                continue;
            }
            count += 1;
            let found = explain(&request(&text, Os::Linux, Locale::En));
            let id = found.map_or_else(|_| "nothing".into(), |it| it.matches[0].id.clone());
            if id != report.entry {
                wrong.push(format!(
                    "{}: {} ({}) finds {id}",
                    form.name, report.source, report.entry
                ));
            }
            if form.keeps_server && server(&text) != expected {
                let named = server(&text);
                wrong.push(format!(
                    "{}: {} names {named:?} for {expected:?}",
                    form.name, report.source
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {count}\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(count >= 300, "{count}");
}
