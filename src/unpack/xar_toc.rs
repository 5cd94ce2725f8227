//! The table of contents of a xar archive: XML that says where each file's bytes are and what they must sum up to.
//! The elements are those that xar and productbuild write (<https://github.com/apple-oss-distributions/xar>).

use quick_xml::Reader;
use quick_xml::events::Event;

use super::ArchiveRefusal;
use super::entry_name::components;
use super::limits;
use crate::message::{Message, message};

/// Bytes of XML, packed and inflated. A package's has a few dozen files of 1 KiB each at most.
pub(super) const TOC: u64 = 4 << 20;
/// Elements inside each other; a file in a folder has five above its fields.
const DEPTH: usize = 2 * limits::DEPTH;
/// Files and folders.
const FILES: usize = 1000;

/// A check sum: the algorithm's name and the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) style: String,
    pub(super) bytes: Vec<u8>,
}

/// What the heap holds at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum HeapPart {
    /// The check sum of the table itself, by this algorithm.
    TocSum(String),
    /// A signature, which is not looked at.
    Signature,
    /// A file: its whole name, and the sum of its bytes as they are stored.
    File {
        name: String,
        sum: Sum,
        /// Whether it is stored as it is, without a compression of xar's own.
        plain: bool,
    },
}

/// A place in the heap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) offset: u64,
    pub(super) length: u64,
    pub(super) part: HeapPart,
}

/// An element while it is open.
#[derive(Debug, Default)]
struct TocElement {
    tag: String,
    style: Option<String>,
    text: String,
    /// What its inner elements said: tag, text and style.
    fields: Vec<(String, String, Option<String>)>,
    /// A file's data: offset, length, sum, whether it is plain.
    data: Option<(u64, u64, Sum, bool)>,
}

fn corrupt(reason: Message) -> ArchiveRefusal {
    ArchiveRefusal::Corrupt(reason)
}

/// The places that the table `xml` tells, in their order; they do not overlap.
pub(super) fn read(xml: &str) -> Result<Vec<Region>, ArchiveRefusal> {
    let mut table = TocTable::default();
    let mut reader = Reader::from_str(xml);
    loop {
        match reader
            .read_event()
            .map_err(|_| corrupt(message!("unpack-toc-malformed")))?
        {
            Event::Start(start) => table.open(&start)?,
            Event::Empty(start) => {
                table.open(&start)?;
                table.close()?;
            }
            Event::End(_) => table.close()?,
            Event::Text(text) => table.text(&text.xml10_content()),
            Event::CData(text) => table.text(&text.xml10_content()),
            Event::Decl(_) | Event::Comment(_) => {}
            Event::GeneralRef(_) | Event::DocType(_) | Event::PI(_) => {
                return Err(corrupt(message!("unpack-toc-entity")));
            }
            Event::Eof => break,
        }
    }
    if !table.open.is_empty() {
        return Err(corrupt(message!("unpack-toc-ends-early")));
    }
    table.regions.sort_by_key(|region| region.offset);
    let mut end = 0;
    for region in &table.regions {
        if region.offset < end {
            return Err(corrupt(message!("unpack-toc-overlap")));
        }
        end = region
            .offset
            .checked_add(region.length)
            .ok_or_else(|| corrupt(message!("unpack-toc-place")))?;
    }
    let sums = table
        .regions
        .iter()
        .filter(|region| matches!(region.part, HeapPart::TocSum(_)));
    match sums.count() {
        1 => Ok(table.regions),
        _ => Err(corrupt(message!("unpack-toc-sums"))),
    }
}

#[derive(Default)]
struct TocTable {
    open: Vec<TocElement>,
    regions: Vec<Region>,
    names: std::collections::HashSet<String>,
}

impl TocTable {
    fn open(&mut self, start: &quick_xml::events::BytesStart<'_>) -> Result<(), ArchiveRefusal> {
        if self.open.len() >= DEPTH {
            return Err(corrupt(message!("unpack-toc-deep")));
        }
        let mut style = None;
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|_| corrupt(message!("unpack-toc-malformed")))?;
            if attribute.key.0 == "style" {
                style = Some(attribute.value.to_string());
            }
        }
        self.open.push(TocElement {
            tag: start.name().as_ref().to_string(),
            style,
            ..TocElement::default()
        });
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some(element) = self.open.last_mut() {
            element.text.push_str(text);
        }
    }

    /// Ends the innermost element: what it says goes to the element around it or into the table.
    fn close(&mut self) -> Result<(), ArchiveRefusal> {
        let Some(element) = self.open.pop() else {
            return Err(corrupt(message!("unpack-toc-malformed")));
        };
        let around = self.open.last().map(|around| around.tag.as_str());
        match (around, element.tag.as_str()) {
            (Some("toc"), "checksum") => {
                let style = element.style.clone().unwrap_or_default();
                self.regions
                    .push(element.region("size", HeapPart::TocSum(style))?);
            }
            (Some("toc"), "signature" | "x-signature") => {
                self.regions
                    .push(element.region("size", HeapPart::Signature)?);
            }
            (Some("file"), "data") => {
                let data = element.data()?;
                if let Some(file) = self.open.last_mut()
                    && file.data.replace(data).is_some()
                {
                    return Err(corrupt(message!("unpack-toc-two-places")));
                }
            }
            (Some("file" | "toc"), "file") => self.file(&element)?,
            (Some(_), _) => {
                let field = (element.tag, element.text.trim().to_owned(), element.style);
                if let Some(around) = self.open.last_mut() {
                    around.fields.push(field);
                }
            }
            (None, "xar") => {}
            (None, _) => return Err(corrupt(message!("unpack-toc-not-xar"))),
        }
        Ok(())
    }

    fn file(&mut self, file: &TocElement) -> Result<(), ArchiveRefusal> {
        if self.names.len() >= FILES {
            return Err(corrupt(message!("unpack-toc-files", most = FILES)));
        }
        // The elements around a file are open still, and each must have said its name already.
        let mut name = String::new();
        for folder in self.open.iter().filter(|element| element.tag == "file") {
            name.push_str(folder.field("name")?);
            name.push('/');
        }
        name.push_str(file.field("name")?);
        let refuse = |reason: Message| ArchiveRefusal::unsafe_entry(&name, reason);
        components(name.as_bytes()).map_err(&refuse)?;
        if !self.names.insert(name.clone()) {
            return Err(refuse(message!("unpack-name-taken")));
        }
        match (file.field("type")?, &file.data) {
            ("file", Some((offset, length, sum, plain))) => self.regions.push(Region {
                offset: *offset,
                length: *length,
                part: HeapPart::File {
                    name,
                    sum: sum.clone(),
                    plain: *plain,
                },
            }),
            ("directory", None) | ("file", None) => {}
            _ => return Err(refuse(message!("unpack-neither"))),
        }
        Ok(())
    }
}

impl TocElement {
    /// What an inner element says; it must be there once.
    fn field(&self, tag: &str) -> Result<&str, ArchiveRefusal> {
        self.only(tag).map(|(text, _)| text)
    }

    fn only(&self, tag: &str) -> Result<(&str, Option<&str>), ArchiveRefusal> {
        let mut found = self.fields.iter().filter(|(known, ..)| known == tag);
        match (found.next(), found.next()) {
            (Some((_, text, style)), None) => Ok((text, style.as_deref())),
            _ => Err(corrupt(message!("unpack-toc-field", field = tag))),
        }
    }

    fn number(&self, tag: &str) -> Result<u64, ArchiveRefusal> {
        let digits = self.field(tag)?;
        let number = digits
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| digits.parse().ok());
        number
            .flatten()
            .ok_or_else(|| corrupt(message!("unpack-toc-number")))
    }

    fn region(&self, length: &str, part: HeapPart) -> Result<Region, ArchiveRefusal> {
        Ok(Region {
            offset: self.number("offset")?,
            length: self.number(length)?,
            part,
        })
    }

    /// A file's data: where it is, and what its stored bytes sum up to.
    fn data(&self) -> Result<(u64, u64, Sum, bool), ArchiveRefusal> {
        let (hex, style) = self.only("archived-checksum")?;
        let sum = Sum {
            style: style.unwrap_or_default().to_owned(),
            bytes: unhex(hex).ok_or_else(|| corrupt(message!("unpack-toc-file-sum")))?,
        };
        let (offset, length) = (self.number("offset")?, self.number("length")?);
        let (_, encoding) = self.only("encoding")?;
        let plain = encoding == Some("application/octet-stream");
        if plain && self.number("size")? != length {
            return Err(corrupt(message!("unpack-toc-two-sizes")));
        }
        Ok((offset, length, sum, plain))
    }
}

fn unhex(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = hex
        .chars()
        .map(|digit| {
            digit
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        })
        .collect();
    let digits = digits?;
    digits.len().is_multiple_of(2).then(|| {
        digits
            .chunks(2)
            .map(|pair| pair[0] << 4 | pair[1])
            .collect()
    })
}
