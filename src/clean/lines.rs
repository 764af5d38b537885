//! Splits a raw text into its lines.

use super::paragraphs::Gap;

/// A line with something on it, without the white space at its ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line<'a> {
    /// What is on the line.
    pub(super) text: &'a str,
    /// Its offset in the raw text.
    pub(super) start: usize,
    /// Columns of white space before it.
    pub(super) indent: usize,
    /// Blank lines before it.
    pub(super) blanks: usize,
    /// Whether a form feed is before it.
    pub(super) new_page: bool,
}

impl Line<'_> {
    /// Where the line ends in the raw text.
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// What is between this line and the one before.
    pub(super) fn gap(&self) -> Gap {
        if self.new_page {
            Gap::Page
        } else if self.blanks > 0 {
            Gap::Blank
        } else {
            Gap::None
        }
    }

    /// Whether the line ends like a sentence, a clause or an introduction to a list does.
    pub(super) fn is_ended(&self) -> bool {
        self.text
            .trim_end_matches(['"', '”', '’', '\'', '»', ')', ']', ' '])
            .ends_with(['.', '!', '?', '…', ':', ';'])
    }

    /// Whether the line ends in a full stop, an exclamation mark or a question mark.
    pub(super) fn ends_a_sentence(&self) -> bool {
        self.is_ended() && !self.text.ends_with([':', ';'])
    }

    /// Whether the first letter is a small one.
    pub(super) fn starts_small(&self) -> bool {
        self.text.starts_with(char::is_lowercase)
    }

    /// The number of characters, counted up to `limit`.
    pub(super) fn width(&self, limit: usize) -> usize {
        let head = &self.text.as_bytes()[..self.text.len().min(limit)];
        if head.is_ascii() { head.len() } else { self.text.chars().take(limit).count() }
    }
}

/// The lines of a text that are not blank: held, or looked for each time if there may be too many
/// to hold.
pub(super) struct Lines<'a> {
    held: Vec<Line<'a>>,
    /// The text whose lines are not held.
    rest: &'a str,
}

/// Bytes of the longest text whose lines are held.
const HELD: usize = 256 * 1024;

impl<'a> Lines<'a> {
    /// Those of `raw`.
    pub(super) fn of(raw: &'a str) -> Self {
        match raw.len() <= HELD {
            true => Self { held: lines(raw).collect(), rest: "" },
            false => Self { held: Vec::new(), rest: raw },
        }
    }

    /// The lines, from the first on.
    pub(super) fn iter(&self) -> impl Iterator<Item = Line<'a>> {
        self.held.iter().copied().chain(lines(self.rest))
    }
}

fn lines(raw: &str) -> impl Iterator<Item = Line<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let mut blanks = 0;
        let mut new_page = false;
        while at < raw.len() {
            let rest = &raw[at..];
            let (length, line_break) = line_length(rest);
            let whole = &rest[..length];
            let start = at + (whole.len() - whole.trim_start_matches(is_blank).len());
            at += length + line_break;
            let text = whole.trim_matches(is_blank);
            if !text.is_empty() {
                let indent = raw[start - leading(whole)..start].chars().count();
                return Some(Line { text, start, indent, blanks, new_page });
            }
            blanks += 1;
            new_page |= rest[length..].starts_with('\u{c}');
        }
        None
    })
}

/// The bytes of white space a line starts with.
fn leading(line: &str) -> usize {
    line.len() - line.trim_start_matches(is_blank).len()
}

/// The bytes of the first line and of the break that ends it.
fn line_length(text: &str) -> (usize, usize) {
    let Some(end) = line_end(text) else {
        return (text.len(), 0);
    };
    let rest = &text[end..];
    let line_break = match rest.strip_prefix("\r\n") {
        Some(_) => 2,
        None => rest.chars().next().map_or(0, char::len_utf8),
    };
    (end, line_break)
}

/// Where the first line break is. Bytes are looked at, not characters: most of cleaning is this.
fn line_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        // A line break is one of four bytes, or a character that begins with C2 or E2.
        at += first(&bytes[at..], |b| matches!(b, 0x0a..=0x0d | 0xc2 | 0xe2))?;
        let c = text[at..].chars().next().expect("these bytes begin a character");
        if is_line_break(c) {
            return Some(at);
        }
        at += c.len_utf8();
    }
}

/// Where the first of some bytes is. Blocks are looked at whole, which a processor does at once.
pub(super) fn first(bytes: &[u8], is_one: impl Fn(u8) -> bool) -> Option<usize> {
    let (blocks, _) = bytes.as_chunks::<32>();
    let is_without =
        |block: &&[u8; 32]| !block.iter().fold(false, |found, &byte| found | is_one(byte));
    let passed = 32 * blocks.iter().take_while(is_without).count();
    bytes[passed..].iter().position(|&byte| is_one(byte)).map(|at| passed + at)
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// White space, and characters that show as nothing: a line of these is blank.
pub(super) fn is_blank(c: char) -> bool {
    c == ' ' || (!c.is_ascii_graphic() && (c.is_whitespace() || is_control(c) || is_invisible(c)))
}

/// C0 and C1 control characters.
pub(super) fn is_control(c: char) -> bool {
    c.is_control()
}

/// Characters without width: joiners, soft hyphens, marks of direction, byte order marks.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
