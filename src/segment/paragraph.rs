//! Splits one paragraph into sentences.

use std::sync::LazyLock;

use regex::Regex;

use super::{limit, trim};
use crate::article::Span;

/// The sentences of a paragraph, of any length.
///
/// A long paragraph is read through a window, and goes on where its last sentence began:
/// `sentencex` takes quadratic time where quotation marks are many and unpaired.
pub(super) fn sentences(paragraph: &str) -> Vec<Span> {
    let mut sentences = Vec::new();
    let mut start = 0;
    while start < paragraph.len() {
        let end = window_end(paragraph, start);
        let window = &paragraph[start..end];
        let mut found = in_window(window);
        let read = match found.pop_if(|_| end < paragraph.len()) {
            None => window.len(),
            Some(unfinished) if !found.is_empty() => unfinished.start,
            Some(_) => {
                let cut = limit::cut(window);
                found.extend(trim(window, Span::new(0, cut)));
                cut
            }
        };
        sentences.extend(found.into_iter().map(|sentence| sentence.shifted(start)));
        start += read;
    }
    sentences
}

/// Bytes of a paragraph looked at together: twice the longest sentence.
const WINDOW: usize = 2 * super::MAX_BYTES;

/// The end of the window that starts at `start`: at a space, if there is one.
fn window_end(paragraph: &str, start: usize) -> usize {
    if paragraph.len() - start <= WINDOW {
        return paragraph.len();
    }
    let end = paragraph.floor_char_boundary(start + WINDOW);
    match paragraph[start..end].rfind(char::is_whitespace) {
        Some(space) if space > 0 => start + space,
        _ => end,
    }
}

/// The sentences of a text of at most [`WINDOW`] bytes.
fn in_window(text: &str) -> Vec<Span> {
    let mut sentences = Vec::new();
    for sentence in boundaries(text, text) {
        if sentence.end - sentence.start > LONG_QUOTATION {
            let part = sentence.of(text);
            let inside = boundaries(part, &without_quotation_marks(part));
            sentences.extend(inside.into_iter().map(|inner| inner.shifted(sentence.start)));
        } else {
            sentences.push(sentence);
        }
    }
    rejoined(text, sentences)
}

/// A sentence is looked into beyond this many bytes. 99 % of the sentences of the General Debate
/// have fewer than 415; the model reads about 600 in one window.
const LONG_QUOTATION: usize = 600;

/// The sentences of a text where `sentencex` finds them in `seen`, a text with marks in the same
/// places. A quotation mark or bracket that opens goes with what it opens.
fn boundaries(text: &str, seen: &str) -> Vec<Span> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for boundary in sentencex::get_sentence_boundaries("en", seen) {
        let opening = before_opening_marks(&text[..boundary.start_byte]).max(start);
        sentences.extend(trim(text, Span::new(start, opening)));
        start = opening;
    }
    sentences.extend(trim(text, Span::new(start, text.len())));
    sentences
}

/// The length of `text` without the quotation marks and brackets it ends with that open something.
fn before_opening_marks(text: &str) -> usize {
    let mut kept = text;
    loop {
        let shorter = kept.trim_end().trim_end_matches(['“', '„', '«', '‘', '(', '[']);
        let shorter = match shorter.strip_suffix('"') {
            Some(rest) if rest.ends_with(char::is_whitespace) => rest,
            _ => shorter,
        };
        if shorter.len() == kept.len() {
            return kept.len();
        }
        kept = shorter;
    }
}

/// The text with spaces in place of quotation marks and brackets, a space for each of their bytes.
fn without_quotation_marks(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '‘' | '(' | ')' | '[' | ']') {
            masked.extend(std::iter::repeat_n(' ', c.len_utf8()));
        } else {
            masked.push(c);
        }
    }
    masked
}

/// The sentences, joined where `sentencex` parts what belongs together.
fn rejoined(text: &str, sentences: Vec<Span>) -> Vec<Span> {
    let mut joined: Vec<Span> = Vec::with_capacity(sentences.len());
    for sentence in sentences {
        match joined.last_mut() {
            Some(last) if belong_together(text, *last, sentence) => last.end = sentence.end,
            _ => joined.push(sentence),
        }
    }
    joined
}

fn belong_together(text: &str, before: Span, after: Span) -> bool {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\(?(?:\d{1,3}|[ivx]{1,5}|[A-Za-z])[.)]$").expect("a constant pattern")
    });
    let same_line = !text[before.end..after.start].contains('\n');
    let cut_abbreviation = before.end == after.start && starts_with_initial(after.of(text));
    let (before, after) = (before.of(text), after.of(text));
    let in_one_line = same_line && (goes_on(before, after) || ends_in_title(before));
    cut_abbreviation || in_one_line || NUMBER.is_match(before) || ends_in_unit(before, after)
}

/// Whether a full stop has a small letter after it: no end, or a comma misread.
fn goes_on(before: &str, after: &str) -> bool {
    before.ends_with('.')
        && !before.ends_with("..")
        && after.starts_with(char::is_lowercase)
        && after.chars().nth(1).is_some_and(|c| c.is_alphabetic() || c == ' ')
        && !after.starts_with("al-")
}

/// Whether `before` ends in a title that a name follows, whatever marks stand before the title.
fn ends_in_title(before: &str) -> bool {
    const TITLES: [&str; 8] = ["Mr.", "Mrs.", "Ms.", "Dr.", "Gen.", "Lt.", "Col.", "Prof."];
    TITLES.contains(&last_word(before))
}

/// The last word, without marks before it.
fn last_word(text: &str) -> &str {
    let word = text.rsplit(char::is_whitespace).next().unwrap_or_default();
    word.trim_start_matches(|c: char| !c.is_alphanumeric())
}

/// Whether a text starts with a letter and a full stop: 'S. President' of 'Then-U.|S. President'.
fn starts_with_initial(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.next() == Some('.')
}

/// Whether `before` ends in an abbreviation for what `after` counts: 'vol. 2', 'approx. 3 million'.
fn ends_in_unit(before: &str, after: &str) -> bool {
    const UNITS: [&str; 15] = [
        "approx.", "art.", "arts.", "ca.", "ch.", "fig.", "nos.", "p.", "para.", "paras.", "pp.",
        "res.", "sec.", "vol.", "vols.",
    ];
    let unit = last_word(before);
    after.starts_with(|c: char| c.is_ascii_digit())
        && UNITS.iter().any(|known| known.eq_ignore_ascii_case(unit))
}
