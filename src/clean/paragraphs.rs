//! Decides which lines are one paragraph.

use std::sync::LazyLock;

use regex::Regex;

use super::lines::Line;

/// What is between two lines that are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Only the line break.
    None,
    /// Blank lines, or lines that were left out.
    Blank,
    /// The end of a page.
    Page,
}

/// How a line follows the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    /// It is the first.
    Start,
    /// It starts a paragraph.
    Paragraph,
    /// It goes on, after a space.
    Space,
    /// It goes on with the second half of a word.
    Hyphen,
}

/// How the lines of a text were set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Layout {
    /// The width of a full line in characters, if paragraphs are broken into lines.
    width: Option<usize>,
}

/// No text is broken into lines wider than this: mail is at 78, typescripts at 100.
const WIDEST: usize = 120;

impl Layout {
    /// Looks at the widths of all lines, and whether sentences run on from line to line.
    pub(super) fn of<'a>(lines: impl Iterator<Item = Line<'a>>) -> Self {
        let mut widths = [0_usize; WIDEST + 2];
        let (mut followed, mut run_on, mut total) = (0, 0, 0);
        for line in lines {
            widths[line.width(WIDEST + 1)] += 1;
            total += 1;
            if line.blanks == 0 && total > 1 {
                followed += 1;
                run_on += usize::from(line.starts_small());
            }
        }
        let mut wider = 0;
        let width = (0..widths.len()).rev().find(|&width| {
            wider += widths[width];
            wider * 10 > total
        });
        // In English prose about three lines of four start with a small letter.
        let runs_on = followed >= 2 && run_on * 5 >= followed * 2;
        Self { width: width.filter(|&width| runs_on && width <= WIDEST) }
    }

    /// How `line` follows `previous`.
    pub(super) fn join(&self, previous: &Line, line: &Line, gap: Gap) -> Join {
        let goes_on = match gap {
            Gap::Page => !previous.is_ended(),
            Gap::Blank => !previous.is_ended() && line.starts_small(),
            Gap::None => self.goes_on(previous, line),
        };
        let hyphen = || previous.text.chars().rev();
        if !goes_on || starts_point(line, previous) {
            Join::Paragraph
        } else if hyphen().next().is_some_and(|c| matches!(c, '-' | '\u{2010}'))
            && hyphen().nth(1).is_some_and(char::is_alphanumeric)
            && line.text.starts_with(char::is_alphanumeric)
        {
            Join::Hyphen
        } else {
            Join::Space
        }
    }

    /// Whether a line goes on with the paragraph of the line right above it.
    fn goes_on(&self, previous: &Line, line: &Line) -> bool {
        let Some(width) = self.width else {
            // A paragraph a line, but for those that an extractor broke.
            return !previous.is_ended()
                && (line.starts_small() || line.text.starts_with('('))
                && previous.width(MIN_BROKEN) == MIN_BROKEN;
        };
        let first_word = line.text.split_whitespace().next().unwrap_or_default();
        let needed = previous.width(width) + 1 + first_word.chars().count();
        // Lines of a proportional font are up to a fifth shorter than the longest.
        let full = needed * 5 >= width * 4;
        if !previous.is_ended() {
            return true;
        }
        full && line.indent <= previous.indent
    }
}

/// A line shorter than this, in a text that is not set in lines, is no broken paragraph.
const MIN_BROKEN: usize = 30;

/// Whether the line is a point of a list.
fn starts_point(line: &Line, previous: &Line) -> bool {
    static POINT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:[-–—*]\s|\d{1,3}[.)]\s|\(?[a-z]\)\s|\(\d{1,2}\)\s)")
            .expect("a constant pattern")
    });
    line.text.starts_with(['•', '●', '▪', '◦', '‣', '·', '■'])
        || (previous.is_ended() && POINT.is_match(line.text))
}
