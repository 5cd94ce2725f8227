//! Where the parts of a picture are, in units of its drawing.

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::{Block, Lane, PassState, Picture};

/// The width of a character of titles and of details.
const TITLE_CHARACTER: f32 = 7.6;
const DETAIL_CHARACTER: f32 = 6.7;
/// The space between the edge of a card and its text.
const PADDING: f32 = 10.0;

/// The wide form: its width, the distance of two lines, the gaps between cards, and the height of a dnode's card.
const WIDE: f32 = 960.0;
const LANE: f32 = 58.0;
const GAP: f32 = 58.0;
const DNODE: f32 = 50.0;
/// The narrow form: its width, the height of a card, and the gap between cards.
const NARROW: f32 = 360.0;
const CARD: f32 = 64.0;
const NARROW_GAP: f32 = 54.0;
const INDENT: f32 = 34.0;
/// The space around a drawing.
const MARGIN: f32 = 6.0;
/// From a card's edge to the middle of the mark before it.
const MARK: f32 = 15.0;

/// A drawing.
#[derive(Debug, Default, Serialize)]
pub(in super::super) struct Drawing {
    /// Its width.
    width: f32,
    /// Its height.
    height: f32,
    /// Lines.
    lines: Vec<LineShape>,
    /// Cards.
    cards: Vec<CardShape>,
    /// Marks on lines.
    marks: Vec<MarkShape>,
    /// Words next to lines.
    labels: Vec<LabelShape>,
}

/// A line, as the path of SVG.
#[derive(Debug, Serialize)]
struct LineShape {
    path: String,
    state: PassState,
}

/// A card and its text.
#[derive(Debug, Serialize)]
struct CardShape {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
    /// The middle of the text.
    middle: f32,
    state: PassState,
    is_dnode: bool,
    /// Lines of text, with their distance from the top of the drawing.
    text: Vec<CardLine>,
    /// The text that was cut.
    full: String,
}

#[derive(Debug, Serialize)]
struct CardLine {
    y: f32,
    text: String,
    is_title: bool,
}

#[derive(Debug, Serialize)]
struct MarkShape {
    x: f32,
    y: f32,
    state: PassState,
}

#[derive(Debug, Serialize)]
struct LabelShape {
    x: f32,
    y: f32,
    text: String,
    anchor: &'static str,
}

/// From left to right.
pub(in super::super) fn wide(picture: &Picture) -> Drawing {
    let columns = picture.blocks.len() + usize::from(!picture.dnodes.is_empty());
    let width = (WIDE - 2.0 * MARGIN - GAP * as_float(columns - 1)) / as_float(columns);
    let lanes_height = LANE * as_float(picture.lanes.len());
    let dnodes_height = (DNODE + 12.0) * as_float(picture.dnodes.len());
    let inner = lanes_height.max(dnodes_height).max(84.0);
    let first_lane = MARGIN + (inner - lanes_height) / 2.0;
    let lane_y = |at: usize| first_lane + LANE * (as_float(at) + 0.5);
    let left = |column: usize| MARGIN + (width + GAP) * as_float(column);
    let mut drawing = Drawing {
        width: WIDE,
        height: inner + 2.0 * MARGIN,
        ..Drawing::default()
    };
    for (at, block) in picture.blocks.iter().enumerate() {
        let (from, to) = lanes_of(picture, at);
        let top = lane_y(from) - LANE / 2.0 + 3.0;
        let bottom = lane_y(to) + LANE / 2.0 - 3.0;
        // One line alone would make a card too flat for its text.
        let (top, bottom) = match bottom - top < 78.0 && picture.lanes.len() == 1 {
            true => ((top + bottom) / 2.0 - 39.0, (top + bottom) / 2.0 + 39.0),
            false => (top, bottom),
        };
        drawing.card(block, left(at), top, width, bottom - top);
    }
    for (number, lane) in picture.lanes.iter().enumerate() {
        let y = lane_y(number);
        for (from, (to, state)) in steps(lane) {
            let (start, end) = (left(from) + width, left(to));
            drawing.line(format!("M{start:.1} {y:.1}H{end:.1}"), state);
            drawing.mark(end - MARK, y, state);
        }
        drawing.label(
            left(0) + width + 4.0,
            y - 14.0,
            lane.name.to_owned(),
            "start",
        );
        if let (Some(ms), Some((to, _))) = (lane.ms, lane.stops.last()) {
            drawing.label(left(*to) - 4.0, y - 15.0, format!("{ms} ms"), "end");
        }
    }
    let taosd = picture.blocks.len() - 1;
    let first = MARGIN + (inner - dnodes_height) / 2.0 + 6.0;
    for (number, dnode) in picture.dnodes.iter().enumerate() {
        let top = first + (DNODE + 12.0) * as_float(number);
        let (start, end) = (left(taosd) + width, left(taosd + 1));
        let (from, to) = (first_lane + lanes_height / 2.0, top + DNODE / 2.0);
        let bend = (start + end) / 2.0 - 4.0;
        drawing.line(
            format!("M{start:.1} {from:.1}C{bend:.1} {from:.1} {bend:.1} {to:.1} {:.1} {to:.1}H{end:.1}", end - 2.0 * MARK),
            dnode.state,
        );
        drawing.mark(end - MARK, to, dnode.state);
        drawing.card(dnode, end, top, width, DNODE);
    }
    drawing
}

/// From top to bottom.
pub(in super::super) fn narrow(picture: &Picture) -> Drawing {
    let width = NARROW - 2.0 * MARGIN;
    let share = width / as_float(picture.lanes.len().max(1));
    let lane_x = |at: usize| MARGIN + share * (as_float(at) + 0.5);
    let top = |row: usize| MARGIN + (CARD + NARROW_GAP) * as_float(row);
    let mut drawing = Drawing {
        width: NARROW,
        ..Drawing::default()
    };
    for (at, block) in picture.blocks.iter().enumerate() {
        let (from, to) = lanes_of(picture, at);
        let x = MARGIN + share * as_float(from);
        let card = share * as_float(to + 1 - from);
        // Next to a card that some lines pass by there is room for them.
        let card = match to + 1 == picture.lanes.len() {
            true => card,
            false => card - 6.0,
        };
        drawing.card(block, x, top(at), card, CARD);
    }
    for (number, lane) in picture.lanes.iter().enumerate() {
        let x = lane_x(number);
        for (from, (to, state)) in steps(lane) {
            let (start, end) = (top(from) + CARD, top(to));
            drawing.line(format!("M{x:.1} {start:.1}V{end:.1}"), state);
            drawing.mark(x, end - MARK, state);
        }
        drawing.label(x + 9.0, top(0) + CARD + 17.0, lane.name.to_owned(), "start");
        if let (Some(ms), Some((to, _))) = (lane.ms, lane.stops.last()) {
            drawing.label(x + 12.0, top(*to) - 11.0, format!("{ms} ms"), "start");
        }
    }
    let taosd = picture.blocks.len() - 1;
    let mut bottom = top(taosd) + CARD;
    let trunk = MARGIN + 12.0;
    for dnode in &picture.dnodes {
        let start = top(taosd) + CARD;
        let y = bottom + 14.0;
        let middle = y + DNODE / 2.0;
        let end = MARGIN + INDENT + 14.0;
        drawing.line(
            format!("M{trunk:.1} {start:.1}V{middle:.1}H{end:.1}"),
            dnode.state,
        );
        drawing.mark(end - MARK, middle, dnode.state);
        drawing.card(dnode, end, y, width - INDENT - 14.0, DNODE);
        bottom = y + DNODE;
    }
    drawing.height = bottom + MARGIN;
    drawing
}

/// The first and the last line that pass the block.
fn lanes_of(picture: &Picture, block: usize) -> (usize, usize) {
    let passes = |lane: &Lane| lane.stops.iter().any(|(at, _)| *at == block);
    let passing = |lanes: &[Lane]| lanes.iter().position(passes).unwrap_or_default();
    let first = passing(&picture.lanes);
    let last = picture.lanes.iter().rposition(passes).unwrap_or_default();
    (first, last)
}

/// From each block that `lane` passes to the next, and how it got there.
fn steps(lane: &Lane) -> impl Iterator<Item = (usize, (usize, PassState))> + '_ {
    let from = lane.stops.iter().map(|(at, _)| *at);
    from.zip(lane.stops.iter().skip(1).copied())
}

impl Drawing {
    fn line(&mut self, path: String, state: PassState) {
        self.lines.push(LineShape { path, state });
    }

    fn mark(&mut self, x: f32, y: f32, state: PassState) {
        self.marks.push(MarkShape { x, y, state });
    }

    fn label(&mut self, x: f32, y: f32, text: String, anchor: &'static str) {
        self.labels.push(LabelShape { x, y, text, anchor });
    }

    fn card(&mut self, block: &Block, x: f32, y: f32, width: f32, height: f32) {
        let room = width - 2.0 * PADDING;
        let line = if block.place.is_some() { 17.0 } else { 16.0 };
        let most = if height < CARD { 1 } else { 2 };
        let details = block.details.iter().take(most);
        let mut texts = vec![(shortened(&block.title, room / TITLE_CHARACTER), true)];
        texts.extend(details.map(|text| (shortened(text, room / DETAIL_CHARACTER), false)));
        let first = y + height / 2.0 - line * (as_float(texts.len()) - 1.0) / 2.0 + 4.5;
        let lines = texts.into_iter().enumerate();
        let all: Vec<&str> = std::iter::once(block.title.as_str())
            .chain(block.details.iter().map(String::as_str))
            .collect();
        self.cards.push(CardShape {
            x,
            y,
            width,
            height,
            middle: x + width / 2.0,
            state: block.state,
            is_dnode: block.place.is_none(),
            text: lines
                .map(|(at, (text, is_title))| CardLine {
                    y: first + line * as_float(at),
                    text,
                    is_title,
                })
                .collect(),
            full: all.join(", "),
        });
    }
}

/// `text` with at most so many columns, cut in the middle: the ends of names and addresses tell them apart.
fn shortened(text: &str, columns: f32) -> String {
    if as_float(text.width()) <= columns {
        return text.to_owned();
    }
    let characters: Vec<char> = text.chars().collect();
    let mut kept = characters.len().saturating_sub(1);
    loop {
        let head: String = characters.iter().take(kept.div_ceil(2)).collect();
        let tail: String = characters
            .iter()
            .skip(characters.len() - kept / 2)
            .collect();
        let short = format!("{head}…{tail}");
        if as_float(short.width()) <= columns || kept == 0 {
            return short;
        }
        kept -= 1;
    }
}

/// A small number as one of the drawing's.
fn as_float(number: usize) -> f32 {
    f32::from(u16::try_from(number).unwrap_or(u16::MAX))
}
