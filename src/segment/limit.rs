//! Cuts a sentence that is too long where it hurts least.

use super::{MAX_BYTES, trim};
use crate::article::Span;

/// Adds `sentence` to `sentences`, in pieces of at most [`MAX_BYTES`] that together cover all of it.
pub(super) fn split(text: &str, sentence: Span, sentences: &mut Vec<Span>) {
    let mut rest = Some(sentence);
    while let Some(piece) = rest {
        if piece.end - piece.start <= MAX_BYTES {
            sentences.push(piece);
            return;
        }
        let cut = piece.start + cut(piece.of(text));
        sentences.extend(trim(text, Span::new(piece.start, cut)));
        rest = trim(text, Span::new(cut, piece.end));
    }
}

/// Where to cut a text longer than [`MAX_BYTES`]: after the last semicolon, colon or closing
/// sentence mark of the second half, else the last comma or dash, else the last space, else at the
/// last character that fits.
pub(super) fn cut(text: &str) -> usize {
    let end = text.floor_char_boundary(MAX_BYTES);
    let middle = text.floor_char_boundary(MAX_BYTES / 2);
    let half = &text[middle..end];
    let after = |marks: &[char]| {
        let mut found = None;
        let mut previous = ' ';
        for (at, c) in half.char_indices() {
            if c.is_whitespace() && marks.contains(&previous) {
                found = Some(middle + at);
            }
            previous = c;
        }
        found
    };
    after(&[';', ':', '.', '!', '?'])
        .or_else(|| after(&[',', '—', '–']))
        .or_else(|| half.rfind(char::is_whitespace).map(|at| middle + at))
        .unwrap_or(end)
}
