//! The parts of a progress line that fit a terminal. A line that wraps would be drawn again and again below itself.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of the widest amount, such as `1023.99 MiB`.
const AMOUNT: usize = 11;
/// Columns of the widest speed, such as `1023.99 MiB/s`, and the space before it.
const SPEED: usize = 14;
/// The widths of bars that are tried.
const BARS: [usize; 2] = [24, 10];
/// The fewest columns of a name that is cut.
const SHORTEST_NAME: usize = 8;

/// The parts of a progress line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ProgressLine {
    /// The words before the bar.
    pub(super) message: String,
    /// The width of the bar, if it fits.
    pub(super) bar: Option<usize>,
    /// Whether the speed fits.
    pub(super) has_speed: bool,
}

impl ProgressLine {
    /// Fits `verb`, `name`, the amounts (two if the total is known), and the speed into `columns`. First the bar becomes
    /// shorter, then the verb, the bar, and the speed are left out; last the name is cut in its middle.
    pub(super) fn fit(verb: &str, name: &str, has_total: bool, columns: usize) -> Self {
        let amounts = match has_total {
            true => 2 * AMOUNT + 1,
            false => AMOUNT,
        };
        let whole = format!("{verb} {name}");
        let line = |message: &str, bar, has_speed| Self {
            message: message.to_owned(),
            bar,
            has_speed,
        };
        let bars = BARS.iter().filter(|_| has_total).map(|width| Some(*width));
        let mut candidates: Vec<Self> = bars.map(|bar| line(&whole, bar, true)).collect();
        candidates.extend([
            line(&whole, None, true),
            line(name, None, true),
            line(name, None, false),
        ]);
        // The last column stays free: some terminals wrap when it is written.
        let fits = |it: &Self| it.columns(amounts) < columns;
        if let Some(first) = candidates.into_iter().find(fits) {
            return first;
        }
        let left = columns.saturating_sub(amounts + 2).max(SHORTEST_NAME);
        line(&cut_middle(name, left), None, false)
    }

    /// The columns of the whole line, with `amounts` for the amounts.
    fn columns(&self, amounts: usize) -> usize {
        let bar = self.bar.map_or(0, |width| width + 3);
        let speed = if self.has_speed { SPEED } else { 0 };
        self.message.width() + 1 + bar + amounts + speed
    }

    /// The line as a template of `indicatif`.
    pub(super) fn template(&self, has_total: bool) -> String {
        let mut template = "{msg}".to_owned();
        if let Some(width) = self.bar {
            template.push_str(&format!(" [{{bar:{width}}}]"));
        }
        template.push_str(match has_total {
            true => " {bytes}/{total_bytes}",
            false => " {bytes}",
        });
        if self.has_speed {
            template.push_str(" {bytes_per_sec}");
        }
        template
    }
}

/// Cuts `text` in its middle, with `…`, to at most `columns`: the end of a file's name distinguishes packages, too.
fn cut_middle(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let tail_columns = columns.saturating_sub(1) / 2;
    let head = take_columns(text.chars(), columns.saturating_sub(1) - tail_columns);
    let tail = take_columns(text.chars().rev(), tail_columns);
    let (head, tail): (String, String) = (head.iter().collect(), tail.iter().rev().collect());
    format!("{head}…{tail}")
}

fn take_columns(chars: impl Iterator<Item = char>, columns: usize) -> Vec<char> {
    let mut used = 0;
    chars
        .take_while(|c| {
            used += c.width().unwrap_or_default();
            used <= columns
        })
        .collect()
}

/// The file's name at the end of a place: a path or an address without its query.
pub(super) fn file_name(place: &str) -> &str {
    let path = match place.contains("://") {
        true => place.split(['?', '#']).next().unwrap_or(place),
        false => place,
    };
    let name = path.rsplit(['/', '\\']).find(|part| !part.is_empty());
    name.unwrap_or(place)
}

#[cfg(test)]
mod tests;
