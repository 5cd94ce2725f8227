//! XML with positions: which element stands where, in bytes. No entity is expanded: a document type, with which they could
//! be defined, is refused, and so is what is deeper than any manifest.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::message::{Message, message};
use crate::project::edit::EditRefusal;
use crate::project::text;

/// Elements inside each other. Configurations of plug-ins are the deepest that people write, with about 20.
const DEPTH: usize = 100;

/// An element.
#[derive(Debug)]
pub(super) struct XmlElement<'a> {
    /// Its name without the root's prefix; empty where it belongs to another namespace than the root.
    pub(super) name: &'a str,
    /// Where `<` of its opening tag stands.
    pub(super) start: usize,
    /// Where its opening tag ends.
    pub(super) opened: usize,
    /// Where its closing tag starts; `opened` in `<a/>`.
    pub(super) closing: usize,
    /// Where its closing tag ends.
    pub(super) end: usize,
    /// Its own text, without comments and inner elements.
    text: String,
    /// The elements in it, in order.
    pub(super) children: Vec<Self>,
}

impl<'a> XmlElement<'a> {
    /// Its own text, trimmed.
    pub(super) fn value(&self) -> &str {
        self.text.trim()
    }

    /// The first element in it that is called `name`.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The elements in it that are called `name`.
    pub(super) fn all(&self, name: &'a str) -> impl Iterator<Item = &Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first element in it that is called `name`, trimmed.
    pub(super) fn child_value(&self, name: &str) -> Option<&str> {
        self.child(name).map(Self::value)
    }

    /// Its attributes, as `source`, the text of the document, has them.
    pub(super) fn attributes(&self, source: &'a str) -> Vec<XmlAttribute<'a>> {
        let tag = source.get(self.start..self.opened).unwrap_or_default();
        let tag = tag.trim_end_matches('>').trim_end_matches('/');
        let name_end = tag.find(char::is_whitespace).unwrap_or(tag.len());
        let mut attributes = Vec::new();
        let mut at = name_end;
        while let Some((name, rest)) = tag.get(at..).and_then(|it| it.split_once('=')) {
            let opening = rest.trim_start();
            let Some(quote) = opening.chars().next().filter(|it| ['"', '\''].contains(it)) else {
                break;
            };
            let Some((value, behind)) = opening[1..].split_once(quote) else {
                break;
            };
            at = tag.len() - behind.len();
            let end = self.start + at - 1;
            attributes.push(XmlAttribute {
                name: name.trim(),
                value,
                start: end - value.len(),
            });
        }
        attributes
    }

    /// Whether it is written `<a/>`.
    pub(super) const fn is_self_closing(&self) -> bool {
        self.opened == self.end
    }
}

/// An attribute of an element.
#[derive(Clone, Copy, Debug)]
pub(super) struct XmlAttribute<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Its value, as it is written: references are not expanded.
    pub(super) value: &'a str,
    /// Where the value starts.
    pub(super) start: usize,
}

/// A document: its root, and the prefix (`pom:`, or nothing) that the root and all that belongs to it are written with.
#[derive(Debug)]
pub(super) struct XmlDocument<'a> {
    pub(super) root: XmlElement<'a>,
    pub(super) prefix: &'a str,
}

/// Reads `source`, or says which line is wrong.
pub(super) fn read(source: &str) -> Result<XmlDocument<'_>, EditRefusal> {
    let mut building = XmlBuilder {
        source,
        shift: text::byte_order_mark(source).len(),
        open: Vec::new(),
        root: None,
        prefix: "",
        namespace: None,
    };
    let mut reader = Reader::from_str(&source[building.shift..]);
    loop {
        let at = building.position(reader.buffer_position());
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                let at = building.position(reader.error_position());
                return Err(building.wrong(at, Message::quoted(error.to_string())));
            }
        };
        let end = building.position(reader.buffer_position());
        match event {
            Event::Start(start) => building.open(&start, at, end)?,
            Event::Empty(start) => {
                building.open(&start, at, end)?;
                building.close(end, end);
            }
            Event::End(_) => building.close(at, end),
            Event::Text(text) => building.text(&text.xml10_content()),
            Event::CData(text) => building.text(&text.xml10_content()),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(character)) => building.text(character.encode_utf8(&mut [0; 4])),
                _ => building.text(&format!("&{};", reference.xml10_content())),
            },
            Event::Decl(declaration) => {
                let encoding = declaration.encoding().and_then(Result::ok);
                if let Some(encoding) = encoding
                    && !["utf-8", "us-ascii"]
                        .iter()
                        .any(|known| encoding.eq_ignore_ascii_case(known))
                {
                    let reason = message!("project-xml-encoding", encoding = encoding);
                    return Err(building.wrong(at, reason));
                }
            }
            Event::DocType(_) => {
                return Err(building.wrong(at, message!("project-xml-doctype")));
            }
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    if let Some(open) = building.open.last() {
        let reason = message!("project-xml-open", name = open.name);
        return Err(building.wrong(open.start, reason));
    }
    match building.root.take() {
        Some(root) => Ok(XmlDocument {
            root,
            prefix: building.prefix,
        }),
        None => Err(building.wrong(source.len(), message!("project-xml-empty"))),
    }
}

/// A document while it is read.
struct XmlBuilder<'a> {
    source: &'a str,
    /// The bytes before the text that the reader sees.
    shift: usize,
    open: Vec<XmlElement<'a>>,
    root: Option<XmlElement<'a>>,
    prefix: &'a str,
    namespace: Option<String>,
}

impl<'a> XmlBuilder<'a> {
    fn position(&self, in_reader: u64) -> usize {
        let in_reader = usize::try_from(in_reader).unwrap_or(usize::MAX);
        in_reader.saturating_add(self.shift).min(self.source.len())
    }

    fn wrong(&self, at: usize, reason: Message) -> EditRefusal {
        EditRefusal::Unparsable {
            line: text::line_of(self.source, at),
            reason,
        }
    }

    fn open(&mut self, start: &BytesStart, at: usize, end: usize) -> Result<(), EditRefusal> {
        if self.open.len() >= DEPTH {
            return Err(self.wrong(at, message!("project-xml-depth", most = DEPTH)));
        }
        let length = start.name().as_ref().len();
        let whole = self.source.get(at + 1..at + 1 + length).unwrap_or_default();
        let namespace = start
            .try_get_attribute("xmlns")
            .map_err(|error| self.wrong(at, Message::quoted(error.to_string())))?
            .map(|attribute| attribute.value.into_owned());
        if self.open.is_empty() {
            if self.root.is_some() {
                return Err(self.wrong(at, message!("project-xml-second-root")));
            }
            self.prefix = whole.split_once(':').map_or("", |(prefix, _)| {
                whole.get(..=prefix.len()).unwrap_or_default()
            });
            self.namespace.clone_from(&namespace);
        }
        let foreign = namespace.is_some() && namespace != self.namespace;
        let name = whole
            .strip_prefix(self.prefix)
            .filter(|name| !foreign && !name.contains(':'))
            .unwrap_or_default();
        self.open.push(XmlElement {
            name,
            start: at,
            opened: end,
            closing: end,
            end,
            text: String::new(),
            children: Vec::new(),
        });
        Ok(())
    }

    fn close(&mut self, at: usize, end: usize) {
        if let Some(mut element) = self.open.pop() {
            element.closing = at;
            element.end = end;
            match self.open.last_mut() {
                Some(parent) => parent.children.push(element),
                None => self.root = Some(element),
            }
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(element) = self.open.last_mut() {
            // What it starts with is trimmed anyway, and most texts are nothing but the white space between elements.
            let text = if element.text.is_empty() {
                text.trim_start()
            } else {
                text
            };
            element.text.push_str(text);
        }
    }
}
