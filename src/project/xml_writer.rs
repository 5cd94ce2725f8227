//! Writes elements into XML documents in the form that the document has: indents, line endings, comments at the ends of lines.

use super::edit::Splice;
use super::text;
use super::xml_tree::XmlElement;

/// XML to be written: elements with a text, or with elements.
pub(super) enum NewElement {
    /// `<name attribute="value" />`
    Empty(&'static str, Vec<(&'static str, String)>),
    /// `<name>text</name>`
    Text(&'static str, String),
    /// `<name>…</name>`
    Group(&'static str, Vec<Self>),
}

/// Whether a blank line is between the offsets `from` and `to` of `source`.
pub(super) fn has_blank_line(source: &str, from: usize, to: usize) -> bool {
    let between = source.get(from..to).unwrap_or_default();
    let lines: Vec<_> = between.split('\n').collect();
    let inner = lines
        .len()
        .checked_sub(1)
        .and_then(|last| lines.get(1..last));
    inner
        .unwrap_or_default()
        .iter()
        .any(|line| line.trim().is_empty())
}

/// The end of the tag that ends at `end`, with the comments that start behind it on its line, if nothing else follows them.
pub(super) fn with_comments(source: &str, end: usize) -> usize {
    let mut kept = end;
    let mut rest = source.get(end..).unwrap_or_default();
    while let Some(comment) = rest.trim_start_matches([' ', '\t']).strip_prefix("<!--")
        && let Some((_, behind)) = comment.split_once("-->")
    {
        rest = behind;
        kept = source.len() - behind.len();
    }
    let line = rest.split('\n').next().unwrap_or_default();
    if line.trim().is_empty() { kept } else { end }
}

/// How this project is written.
pub(super) struct XmlWriter<'a> {
    source: &'a str,
    prefix: &'a str,
    pub(super) ending: &'static str,
    /// What one level is indented by.
    pub(super) unit: String,
    /// What is before `/>`: a blank, or nothing.
    gap: &'static str,
}

impl<'a> XmlWriter<'a> {
    /// The writer of a document `source` with the root `root`, all names of which start with `prefix`.
    pub(super) fn new(source: &'a str, root: &XmlElement, prefix: &'a str) -> Self {
        let (all, apart) = (source.matches("/>").count(), source.matches(" />").count());
        let mut writer = Self {
            source,
            prefix,
            ending: text::dominant_ending(source),
            unit: String::new(),
            gap: if apart * 2 < all { "" } else { " " },
        };
        let outer = writer.indent_at(root.start).unwrap_or_default();
        let inner = root
            .children
            .iter()
            .find_map(|child| writer.indent_at(child.start));
        let unit = inner.and_then(|inner| Some(inner.strip_prefix(&outer)?.to_owned()));
        writer.unit = unit
            .filter(|unit| !unit.is_empty())
            .unwrap_or_else(|| "  ".into());
        writer
    }

    /// What stands before `at` in its line; `None` where that is more than white space.
    pub(super) fn indent_at(&self, at: usize) -> Option<String> {
        let before = self.source.get(..at)?;
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = line.max(text::byte_order_mark(self.source).len());
        let indent = before.get(line..)?;
        indent
            .chars()
            .all(|c| c == ' ' || c == '\t')
            .then(|| indent.to_owned())
    }

    /// `node`, to stand beside `sibling`: on lines of its own where the sibling has its own.
    pub(super) fn beside(&self, sibling: &XmlElement, node: &NewElement) -> String {
        let Some(indent) = self.indent_at(sibling.start) else {
            return self.inline(node);
        };
        let inner = sibling.children.first().map(|it| self.indent_at(it.start));
        match inner {
            // <dependency><groupId>…</dependency> on one line.
            Some(None) => format!("{}{indent}{}", self.ending, self.inline(node)),
            // Some indent their dependencies otherwise than the rest.
            Some(Some(inner)) => {
                let unit = inner.strip_prefix(&indent).filter(|unit| !unit.is_empty());
                let unit = unit.unwrap_or(&self.unit);
                self.on_own_lines(&self.lines_by(unit, node, &indent))
            }
            None => self.on_own_lines(&self.lines(node, &indent)),
        }
    }

    pub(super) fn on_own_lines(&self, lines: &[String]) -> String {
        lines
            .iter()
            .flat_map(|line| [self.ending, line.as_str()])
            .collect()
    }

    pub(super) fn lines(&self, node: &NewElement, indent: &str) -> Vec<String> {
        self.lines_by(&self.unit, node, indent)
    }

    fn lines_by(&self, unit: &str, node: &NewElement, indent: &str) -> Vec<String> {
        let prefix = self.prefix;
        match node {
            NewElement::Empty(name, attributes) => {
                let attributes = attributes.iter();
                let attributes: String = attributes
                    .map(|(name, value)| format!(" {name}=\"{value}\""))
                    .collect();
                vec![format!("{indent}<{prefix}{name}{attributes}{}/>", self.gap)]
            }
            NewElement::Text(name, text) => {
                vec![format!("{indent}<{prefix}{name}>{text}</{prefix}{name}>")]
            }
            NewElement::Group(name, nodes) => {
                let deeper = format!("{indent}{unit}");
                let mut lines = vec![format!("{indent}<{prefix}{name}>")];
                let inner = nodes.iter();
                lines.extend(inner.flat_map(|node| self.lines_by(unit, node, &deeper)));
                lines.push(format!("{indent}</{prefix}{name}>"));
                lines
            }
        }
    }

    pub(super) fn inline(&self, node: &NewElement) -> String {
        let lines = self.lines(node, "");
        lines.iter().map(|line| line.trim_start()).collect()
    }

    /// The insertion of `node` as the first element in `list`, which has the name `name` and no elements: behind its comments.
    pub(super) fn first_in(&self, list: &XmlElement, name: &str, node: &NewElement) -> Splice {
        let base = self.indent_at(list.start).unwrap_or_default();
        let lines = self.lines(node, &format!("{base}{}", self.unit));
        if list.is_self_closing() {
            let text = format!(
                ">{}{}{base}</{}{name}>",
                self.on_own_lines(&lines),
                self.ending,
                self.prefix
            );
            return Splice {
                at: list.end - "/>".len(),
                removes: "/>".len(),
                text,
            };
        }
        let held = self.source.get(list.opened..list.closing);
        let held = held.unwrap_or_default();
        let kept = held.trim_end_matches([' ', '\t', '\r', '\n']);
        let mut text = self.on_own_lines(&lines);
        if !held[kept.len()..].contains('\n') {
            text.push_str(self.ending);
            text.push_str(&base);
        }
        Splice {
            at: list.opened + kept.len(),
            removes: 0,
            text,
        }
    }
}
