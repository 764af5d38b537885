//! Turns a text as it was found into paragraphs of prose, with a map back to where each byte was.
//!
//! Pasted web pages lose their navigation, texts set in lines lose their line breaks and page
//! numbers. A line is only left out if it matches a tight pattern and is no sentence.

mod clutter;
mod headline;
mod lines;
mod paragraphs;
mod words;
mod writer;

use clutter::Clutter;
use headline::Headline;
use lines::{Line, Lines};
use paragraphs::{Gap, Join, Layout};
use writer::Writer;

use crate::article::Document;

/// A cleaned text, and the way back to the raw one.
#[derive(Debug, Clone, PartialEq)]
pub struct Cleaned {
    /// Paragraphs, one line each, with a blank line between.
    pub text: String,
    /// The headline, if one of the first lines is one; it is also a paragraph of `text`.
    pub title: Option<String>,
    /// Pairs of offsets, cleaned and raw, where the distance between the two changes.
    map: Vec<(usize, usize)>,
}

impl Cleaned {
    /// The byte offset in the raw text of a byte offset in the cleaned one; never falls as the
    /// offset rises. Character boundaries lead to character boundaries.
    pub fn raw_offset(&self, offset: usize) -> usize {
        let after = self.map.partition_point(|&(cleaned, _)| cleaned <= offset);
        let Some(&(cleaned, raw)) = after.checked_sub(1).and_then(|at| self.map.get(at)) else {
            return 0;
        };
        raw + (offset.min(self.text.len()) - cleaned)
    }
}

/// Cleans a text: removes the clutter of web pages and printed pages, joins the lines of a
/// paragraph, and makes every white space one space. Time and memory grow with the length.
pub fn clean(raw: &str) -> Cleaned {
    let lines = Lines::of(raw);
    let headline = Headline::find(lines.iter());
    let layout = Layout::of(lines.iter());
    let mut writer = Writer::new(raw);
    let mut previous: Option<Line> = None;
    let mut gap = Gap::None;
    let mut lines = lines.iter().peekable();
    while let Some(line) = lines.next() {
        gap = gap.max(line.gap());
        let clutter = match headline.repeated_by(&line) {
            true => Some(Clutter::Web),
            false => clutter::kind(&line, gap, previous.as_ref(), lines.peek()),
        };
        if let Some(clutter) = clutter {
            gap = gap.max(clutter.gap());
            continue;
        }
        let join = match previous.as_ref() {
            None => Join::Start,
            Some(previous) if headline.is(previous) || headline.is(&line) => Join::Paragraph,
            Some(previous) => layout.join(previous, &line, gap),
        };
        writer.join(join);
        writer.line(&line);
        previous = Some(line);
        gap = Gap::None;
    }
    writer.finish(headline.title)
}

/// A document with its text cleaned, and the headline found in it if it has no title.
pub fn document(mut document: Document) -> Document {
    let cleaned = clean(&document.text);
    document.title = document.title.or(cleaned.title);
    document.text = cleaned.text;
    document
}

#[cfg(test)]
mod tests;
