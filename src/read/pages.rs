//! Lines on printed pages -> text in paragraphs, without running heads and page numbers.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

/// A page, its lines in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// In points, as are all lengths here.
    pub(super) height: f64,
    pub(super) lines: Vec<Line>,
}

/// A line of print.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) text: String,
    left: f64,
    right: f64,
    /// The height of its base above the foot of the page.
    base: f64,
    size: f64,
}

/// A gap from which there is a space between two characters, in sizes of the print: spaces are a
/// quarter wide, and a fifth in narrow lines.
const SPACE: f64 = 0.12;
/// The same where spaces are characters: gaps between letters are then corrections of their places.
const SPACE_BESIDE_SPACES: f64 = 0.3;
/// A gap from which what follows is in another column.
const COLUMN: f64 = 2.5;

impl Line {
    pub(super) fn new(text: &str, left: f64, right: f64, base: f64, size: f64) -> Self {
        Self { text: plain(text), left, right, base, size }
    }

    /// Whether a character at this place stands in this line: at its height or nearly so, as
    /// raised numbers do, and to the right of it.
    pub(super) fn goes_on_at(&self, x: f64, y: f64, size: f64) -> bool {
        let size = size.max(self.size);
        (y - self.base).abs() < 0.4 * size
            && x > self.right - size
            && x < self.right + COLUMN * size
    }

    /// `sets_spaces` tells whether the document has spaces as characters.
    pub(super) fn push(&mut self, text: &str, x: f64, right: f64, size: f64, sets_spaces: bool) {
        let space = if sets_spaces { SPACE_BESIDE_SPACES } else { SPACE };
        if x > self.right + space * size && !self.text.ends_with(' ') && text != " " {
            self.text.push(' ');
        }
        self.text.push_str(&plain(text));
        self.right = right;
        self.size = self.size.max(size);
    }
}

/// Ligatures as the letters they are.
fn plain(text: &str) -> String {
    let is_ligature = |c: char| ('\u{fb00}'..='\u{fb06}').contains(&c);
    if text.contains(is_ligature) { text.nfkc().collect() } else { text.to_owned() }
}

/// The text of the pages: a line for a line, a blank line before a paragraph that is set apart.
pub(super) fn text(mut pages: Vec<Page>) -> String {
    leave_out_running_heads(&mut pages);
    let leading = leading(&pages);
    let mut text = String::new();
    for page in &pages {
        let mut previous: Option<&Line> = None;
        for line in &page.lines {
            if let Some(previous) = previous {
                let is_apart = begins_paragraph(previous, line, leading);
                text.push_str(if is_apart { "\n\n" } else { "\n" });
            }
            text.push_str(line.text.trim_end());
            previous = Some(line);
        }
        // A paragraph goes on over the page if its last line does not end it.
        let ends =
            previous.is_none_or(|line| line.text.trim_end().ends_with(['.', '!', '?', '”', '"']));
        text.push_str(if ends { "\n\n" } else { "\n" });
    }
    text
}

fn begins_paragraph(previous: &Line, line: &Line, leading: f64) -> bool {
    let down = previous.base - line.base;
    let is_other_size = (line.size - previous.size).abs() > 0.1 * previous.size;
    let is_indented = line.left - previous.left > 0.8 * line.size && down > 0.0;
    // Large print stands further apart. Up is the next column, where a paragraph may go on.
    down > 1.25 * leading.max(1.2 * line.size) || is_other_size || is_indented
}

/// The commonest distance from line to line.
fn leading(pages: &[Page]) -> f64 {
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for pair in pages.iter().flat_map(|page| page.lines.windows(2)) {
        let down = pair[0].base - pair[1].base;
        if down > 0.0 && down < 3.0 * pair[0].size {
            *counts.entry((down * 2.0).round() as i64).or_default() += 1; // to half a point
        }
    }
    let commonest = counts.into_iter().max_by_key(|&(down, count)| (count, -down));
    commonest.map_or(f64::INFINITY, |(down, _)| down as f64 / 2.0)
}

/// Lines at the head and foot of a page that are looked at.
const OUTER_LINES: usize = 2;
/// The part of a page, from the top and from the bottom, that has them.
const MARGIN: f64 = 0.12;

/// Takes out the outermost lines that other pages have too, but for numbers in them, and page
/// numbers.
fn leave_out_running_heads(pages: &mut [Page]) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for page in pages.iter() {
        for at in outer_lines(page) {
            *counts.entry(without_numbers(&page.lines[at].text)).or_default() += 1;
        }
    }
    // Left and right pages may have heads of their own.
    let often = (pages.len() / 3).max(2);
    for page in pages {
        let mut outer = outer_lines(page);
        outer.sort_unstable();
        outer.dedup();
        for at in outer.into_iter().rev() {
            let head = without_numbers(&page.lines[at].text);
            if counts.get(&head).is_some_and(|&count| count >= often) || is_page_number(&head) {
                page.lines.remove(at);
            }
        }
    }
}

/// The first and last lines by height that stand in the margins.
fn outer_lines(page: &Page) -> Vec<usize> {
    let mut order: Vec<usize> = (0..page.lines.len()).collect();
    order.sort_by(|&a, &b| page.lines[b].base.total_cmp(&page.lines[a].base));
    let is_outer = |&&at: &&usize| {
        let height = page.lines[at].base / page.height;
        !(MARGIN..=1.0 - MARGIN).contains(&height)
    };
    let head = order.iter().take(OUTER_LINES).filter(is_outer);
    let foot = order.iter().rev().take(OUTER_LINES).filter(is_outer);
    head.chain(foot).copied().collect()
}

fn without_numbers(line: &str) -> String {
    let letters = line.chars().map(|c| if c.is_ascii_digit() { '#' } else { c });
    letters.filter(|c| !c.is_whitespace()).collect()
}

/// Whether a line is a page number: `7`, `- 7 -`, `7/12`, `Page 7 of 12`.
fn is_page_number(line: &str) -> bool {
    let letters: String = line.chars().filter(|c| c.is_alphabetic()).collect();
    let digits = line.chars().filter(|&c| c == '#').count();
    (1..=8).contains(&digits)
        && matches!(letters.to_lowercase().as_str(), "" | "page" | "pageof" | "p")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(number: usize, lines: &[&str]) -> Page {
        let mut page = Page { height: 800.0, lines: Vec::new() };
        let mut set =
            |text: &str, base: f64| page.lines.push(Line::new(text, 50.0, 300.0, base, 10.0));
        set("The Institute    Policy Brief", 770.0);
        for (n, line) in lines.iter().enumerate() {
            set(line, 650.0 - 12.0 * n as f64);
        }
        set(&format!("Page {number} of 2"), 30.0);
        page
    }

    #[test]
    fn running_heads_and_page_numbers_are_left_out() {
        let pages = vec![
            page(1, &["Kabul fell, and", "Iran was glad, and"]),
            page(2, &["Pakistan was not.", "It closed the border."]),
        ];
        let expected =
            "Kabul fell, and\nIran was glad, and\nPakistan was not.\nIt closed the border.";
        assert_eq!(text(pages).trim(), expected);
    }

    #[test]
    fn a_gap_between_characters_is_a_space_and_between_lines_a_paragraph() {
        let mut line = Line::new("Kabul", 50.0, 80.0, 700.0, 10.0);
        assert!(line.goes_on_at(83.0, 700.0, 10.0));
        line.push("ﬁghts", 83.0, 110.0, 10.0, false);
        line.push("!", 112.0, 114.0, 10.0, true);
        assert_eq!(line.text, "Kabul fights!");
        assert!(!line.goes_on_at(50.0, 688.0, 10.0), "the next line");
        assert!(!line.goes_on_at(300.0, 700.0, 10.0), "the next column");
        let next = Line::new("Iran", 50.0, 80.0, 688.0, 10.0);
        let apart = Line::new("Iran", 50.0, 80.0, 676.0, 10.0);
        assert!(!begins_paragraph(&line, &next, 12.0));
        assert!(begins_paragraph(&line, &apart, 12.0));
    }
}
