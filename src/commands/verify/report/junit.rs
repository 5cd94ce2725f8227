//! `verify` as JUnit: a suite for each target and transport or language, a test case for each check.
//!
//! The form is the one that the schema of Ant's task describes and that CI systems read: every attribute that it requires is there, and
//! the elements are in its order.

use std::io::Cursor;

use quick_xml::Writer;
use quick_xml::events::{BytesCData, BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::view::{CheckView, ReportView, TargetView, TransportView};
use crate::diagnose::Status;

/// Renders the document.
pub(super) fn render(view: &ReportView) -> String {
    let mut writer = Writer::new_with_indent(Cursor::new(Vec::new()), b' ', 2);
    // Writing to memory does not fail.
    let _ = document(&mut writer, view);
    let mut text = String::from_utf8(writer.into_inner().into_inner()).unwrap_or_default();
    text.push('\n');
    text
}

type JunitWriter = Writer<Cursor<Vec<u8>>>;

fn document(writer: &mut JunitWriter, view: &ReportView) -> std::io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer.write_event(Event::Start(BytesStart::new("testsuites")))?;
    let mut id = 0;
    for target in &view.targets {
        for transport in &target.transports {
            suite(writer, view, target, transport, id)?;
            id += 1;
        }
    }
    writer.write_event(Event::End(BytesEnd::new("testsuites")))
}

fn suite(
    writer: &mut JunitWriter,
    view: &ReportView,
    target: &TargetView,
    transport: &TransportView,
    id: usize,
) -> std::io::Result<()> {
    let count = |wanted: Status| {
        let mut checks = transport.checks.iter();
        let is = |check: &CheckView| check.status == wanted;
        checks
            .by_ref()
            .filter(|check| is(check))
            .count()
            .to_string()
    };
    let name = format!("{} {}", target.name, transport.name);
    let mut start = BytesStart::new("testsuite");
    for (key, value) in [
        ("name", name.as_str()),
        ("package", "taos-setup.verify"),
        ("id", &id.to_string()),
        ("timestamp", view.created.trim_end_matches('Z')),
        // The machine's own name is nobody's business; the schema asks for this one then.
        ("hostname", "localhost"),
        ("tests", &transport.checks.len().to_string()),
        ("failures", &count(Status::Failed)),
        ("errors", "0"),
        ("skipped", &count(Status::Skipped)),
        ("time", &seconds(transport.ms)),
    ] {
        start.push_attribute((key, value));
    }
    writer.write_event(Event::Start(start))?;
    properties(writer, target)?;
    for check in &transport.checks {
        case(writer, target, transport, check)?;
    }
    let warned = transport
        .checks
        .iter()
        .filter(|check| check.status == Status::Warning);
    let warnings =
        warned.map(|check| format!("{} ({}): {}", check.name, check.finding, check.observed));
    let mut lines: Vec<String> = vec![transport.summary.clone()];
    lines.extend(warnings);
    lines.push(target.control.clone());
    text_element(writer, "system-out", &lines.join("\n"))?;
    text_element(writer, "system-err", "")?;
    writer.write_event(Event::End(BytesEnd::new("testsuite")))
}

/// The group and the labels of the target.
fn properties(writer: &mut JunitWriter, target: &TargetView) -> std::io::Result<()> {
    if target.labels.is_empty() {
        return writer.write_event(Event::Empty(BytesStart::new("properties")));
    }
    writer.write_event(Event::Start(BytesStart::new("properties")))?;
    for (name, value) in &target.labels {
        let mut property = BytesStart::new("property");
        property.push_attribute(("name", name.as_str()));
        property.push_attribute(("value", value.as_str()));
        writer.write_event(Event::Empty(property))?;
    }
    writer.write_event(Event::End(BytesEnd::new("properties")))
}

fn case(
    writer: &mut JunitWriter,
    target: &TargetView,
    transport: &TransportView,
    check: &CheckView,
) -> std::io::Result<()> {
    let mut start = BytesStart::new("testcase");
    let class = format!("{}.{}", target.name, transport.name);
    let name = match check.subject.is_empty() {
        true => check.name.to_owned(),
        false => format!("{} {}", check.name, check.subject),
    };
    for (key, value) in [
        ("name", name.as_str()),
        ("classname", &class),
        ("time", &seconds(check.ms.unwrap_or_default())),
    ] {
        start.push_attribute((key, value));
    }
    match check.status {
        Status::Ok | Status::Warning => writer.write_event(Event::Empty(start)),
        Status::Skipped => {
            writer.write_event(Event::Start(start))?;
            writer.write_event(Event::Empty(BytesStart::new("skipped")))?;
            writer.write_event(Event::End(BytesEnd::new("testcase")))
        }
        Status::Failed => {
            writer.write_event(Event::Start(start))?;
            let mut failure = BytesStart::new("failure");
            failure.push_attribute(("message", check.observed.as_str()));
            failure.push_attribute(("type", check.finding));
            writer.write_event(Event::Start(failure))?;
            writer.write_event(Event::Text(BytesText::new(&check.expected)))?;
            writer.write_event(Event::End(BytesEnd::new("failure")))?;
            writer.write_event(Event::End(BytesEnd::new("testcase")))
        }
    }
}

fn text_element(writer: &mut JunitWriter, name: &str, text: &str) -> std::io::Result<()> {
    writer.write_event(Event::Start(BytesStart::new(name)))?;
    for part in BytesCData::escaped(text.trim()) {
        writer.write_event(Event::CData(part))?;
    }
    writer.write_event(Event::End(BytesEnd::new(name)))
}

/// Milliseconds as seconds.
fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}
