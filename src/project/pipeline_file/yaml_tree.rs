//! YAML as a tree with positions (yaml.org/spec/1.2.2). Aliases stay aliases, so that a small text stays a small tree.

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput, Tag};

use crate::message::message;
use crate::project::edit::EditRefusal;
use crate::project::text;

/// The deepest nesting that is read; pipelines have a tenth of it.
const DEEPEST: usize = 64;
/// The most values that are read.
const MOST_NODES: usize = 100_000;

/// A value, and its place in the text.
#[derive(Clone, Debug)]
pub(super) struct YamlNode {
    pub(super) value: YamlValue,
    /// The anchor's number in its text, 0 for none, and the tag.
    marks: (usize, Option<String>),
    /// Where its first byte is.
    pub(super) start: usize,
    /// Where its last byte ends, without the comment behind it.
    pub(super) end: usize,
}

/// A value without its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum YamlValue {
    Scalar {
        text: String,
        /// Whether it is written without quotes, so that it may be a number, a Boolean, or null.
        is_plain: bool,
    },
    Sequence(Vec<YamlNode>),
    Mapping(Vec<(YamlNode, YamlNode)>),
    /// The number of the anchor that it refers to.
    Alias(usize),
}

/// Nodes are equal if their values are, wherever they stand.
impl PartialEq for YamlNode {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value && self.marks == other.marks
    }
}

impl YamlNode {
    /// The text of a scalar.
    pub(super) fn scalar(&self) -> Option<&str> {
        match &self.value {
            YamlValue::Scalar { text, .. } => Some(text),
            YamlValue::Sequence(_) | YamlValue::Mapping(_) | YamlValue::Alias(_) => None,
        }
    }

    /// Whether nothing is written there.
    pub(super) fn is_absent(&self) -> bool {
        self.marks == (0, None)
            && matches!(&self.value, YamlValue::Scalar { text, is_plain: true } if text.is_empty() || text == "~")
    }

    /// The entries of a mapping that have the key `key`.
    pub(super) fn entries(&self, key: &str) -> impl Iterator<Item = &(Self, Self)> {
        let entries = match &self.value {
            YamlValue::Mapping(entries) => entries.as_slice(),
            YamlValue::Scalar { .. } | YamlValue::Sequence(_) | YamlValue::Alias(_) => &[],
        };
        entries
            .iter()
            .filter(move |(name, _)| name.scalar() == Some(key))
    }

    /// The value of the first entry with that key.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.entries(key).next().map(|(_, value)| value)
    }
}

/// Reads the documents of `source`, which may start with a byte order mark.
///
/// # Errors
/// The line that is not YAML, or that it is nested too deeply or too large.
pub(super) fn read(source: &str) -> Result<Vec<YamlNode>, EditRefusal> {
    let start = text::byte_order_mark(source).len();
    let body = &source[start..];
    if let Some(at) = lone_return(body) {
        let line = text::line_of(source, start + at);
        return Err(EditRefusal::unparsable(line, message!("yaml-lone-return")));
    }
    let places = BytePlaces::of(body, start);
    let mut tree = TreeBuilder::new(source, places);
    let mut parser = Parser::new(StrInput::new(body));
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| {
            EditRefusal::unparsable(error.marker().line().max(1), message!("yaml-unparsable"))
        })?;
        tree.add(event, span)?;
    }
    Ok(tree.documents)
}

/// The place of a carriage return that ends no line for other readers, but one for YAML.
fn lone_return(body: &str) -> Option<usize> {
    let bytes = body.as_bytes();
    memchr::memchr_iter(b'\r', bytes).find(|at| bytes.get(at + 1) != Some(&b'\n'))
}

/// Characters to bytes.
struct BytePlaces {
    start: usize,
    /// The byte of each character and of the end, unless every character is one.
    of_characters: Option<Vec<usize>>,
    length: usize,
}

impl BytePlaces {
    fn of(body: &str, start: usize) -> Self {
        let of_characters = (!body.is_ascii()).then(|| {
            let places = body.char_indices().map(|(at, _)| at);
            places.chain([body.len()]).collect()
        });
        Self {
            start,
            of_characters,
            length: body.len(),
        }
    }

    fn byte(&self, character: usize) -> usize {
        let byte = match &self.of_characters {
            None => character,
            Some(places) => places.get(character).copied().unwrap_or(self.length),
        };
        self.start + byte.min(self.length)
    }
}

/// A collection that is not complete yet.
struct OpenCollection {
    start: usize,
    is_mapping: bool,
    marks: (usize, Option<String>),
    /// Keys and values in turn, or items.
    nodes: Vec<YamlNode>,
}

struct TreeBuilder<'a> {
    source: &'a str,
    places: BytePlaces,
    open: Vec<OpenCollection>,
    documents: Vec<YamlNode>,
    count: usize,
}

impl<'a> TreeBuilder<'a> {
    const fn new(source: &'a str, places: BytePlaces) -> Self {
        Self {
            source,
            places,
            open: Vec::new(),
            documents: Vec::new(),
            count: 0,
        }
    }

    fn add(&mut self, event: Event, span: Span) -> Result<(), EditRefusal> {
        let start = self.places.byte(span.start.index());
        let end = self.places.byte(span.end.index());
        match event {
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {}
            Event::Alias(anchor) => {
                self.close(YamlValue::Alias(anchor), (0, None), start, end);
            }
            Event::Scalar(text, style, anchor, tag) => {
                let value = YamlValue::Scalar {
                    text: text.into_owned(),
                    is_plain: style == ScalarStyle::Plain,
                };
                self.close(value, (anchor, tag_text(tag.as_deref())), start, end);
            }
            Event::SequenceStart(anchor, tag) => {
                self.open(start, false, (anchor, tag_text(tag.as_deref())))?;
            }
            Event::MappingStart(anchor, tag) => {
                self.open(start, true, (anchor, tag_text(tag.as_deref())))?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close_collection(end),
        }
        self.count += 1;
        match self.count <= MOST_NODES {
            true => Ok(()),
            false => Err(self.refusal(start)),
        }
    }

    fn open(
        &mut self,
        start: usize,
        is_mapping: bool,
        marks: (usize, Option<String>),
    ) -> Result<(), EditRefusal> {
        if self.open.len() >= DEEPEST {
            return Err(self.refusal(start));
        }
        self.open.push(OpenCollection {
            start,
            is_mapping,
            marks,
            nodes: Vec::new(),
        });
        Ok(())
    }

    fn close_collection(&mut self, end: usize) {
        let Some(open) = self.open.pop() else {
            return;
        };
        // A block ends where something else begins, with all comments before that; its last value ends where it is written.
        let is_flow = is_flow(self.source, open.start);
        let last = open.nodes.iter().map(|node| node.end).max();
        let end = match last {
            Some(last) if !is_flow => last,
            Some(_) | None => end,
        };
        let value = if open.is_mapping {
            let mut entries = Vec::with_capacity(open.nodes.len() / 2);
            let mut nodes = open.nodes.into_iter();
            while let (Some(key), Some(value)) = (nodes.next(), nodes.next()) {
                entries.push((key, value));
            }
            YamlValue::Mapping(entries)
        } else {
            YamlValue::Sequence(open.nodes)
        };
        self.close(value, open.marks, open.start, end);
    }

    fn close(
        &mut self,
        value: YamlValue,
        marks: (usize, Option<String>),
        start: usize,
        end: usize,
    ) {
        let mut node = YamlNode {
            value,
            marks,
            start,
            end: end.max(start),
        };
        match self.open.last_mut() {
            None => self.documents.push(node),
            Some(open) => {
                // Nothing is written there, so its place is that of its key.
                let is_value = open.is_mapping && open.nodes.len() % 2 == 1;
                if let Some(key) = open.nodes.last().filter(|_| is_value && node.is_absent())
                    && node.start == node.end
                {
                    (node.start, node.end) = (key.end, key.end);
                }
                open.nodes.push(node);
            }
        }
    }

    fn refusal(&self, at: usize) -> EditRefusal {
        let line = text::line_of(self.source, at);
        EditRefusal::unparsable(line, message!("yaml-too-large"))
    }
}

/// Whether the collection at `start` is written with brackets.
pub(super) fn is_flow(source: &str, start: usize) -> bool {
    matches!(source.as_bytes().get(start), Some(b'{' | b'['))
}

fn tag_text(tag: Option<&Tag>) -> Option<String> {
    tag.map(|tag| format!("{}{}", tag.handle, tag.suffix))
}
