//! Writes lines into the cleaned text and keeps the map back.

use super::Cleaned;
use super::lines::{Line, first, is_control, is_invisible};
use super::paragraphs::Join;
use super::words::Words;

/// The cleaned text as far as it is written.
pub(super) struct Writer<'a> {
    raw: &'a str,
    words: Words<'a>,
    cleaned: Cleaned,
    /// Where the last written line ends in the raw text.
    end: usize,
    join: Join,
}

impl<'a> Writer<'a> {
    /// An empty text, made from `raw`.
    pub(super) fn new(raw: &'a str) -> Self {
        let cleaned = Cleaned { text: String::with_capacity(raw.len()), title: None, map: vec![] };
        Self { raw, words: Words::of(raw), cleaned, end: 0, join: Join::Start }
    }

    /// How the next line follows the last one.
    pub(super) fn join(&mut self, join: Join) {
        self.join = join;
    }

    /// Writes a line.
    pub(super) fn line(&mut self, line: &Line) {
        match self.join {
            Join::Start => {}
            Join::Paragraph => {
                self.replace(self.end, "\n");
                self.replace(self.end, "\n");
            }
            Join::Space => self.replace(self.end, " "),
            Join::Hyphen => self.hyphen(line),
        }
        self.copy(line);
        self.end = line.end();
    }

    /// The cleaned text.
    pub(super) fn finish(mut self, title: Option<String>) -> Cleaned {
        // Where all of the last line is removed, the end still leads to the end of the line.
        self.mark(self.end);
        self.cleaned.title = title;
        self.cleaned
    }

    /// Takes the hyphen back where it only broke a word.
    fn hyphen(&mut self, line: &Line) {
        let text = &self.cleaned.text;
        let Some(hyphen) = text.chars().next_back() else {
            return;
        };
        let before = &text[..text.len() - hyphen.len_utf8()];
        let half_len: usize = before
            .chars()
            .rev()
            .take(LONGEST_WORD)
            .take_while(|c| c.is_alphabetic())
            .map(char::len_utf8)
            .sum();
        let half = &before[before.len() - half_len..];
        let other = line.text.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        if self.words.is_broken(half, other) {
            self.truncate(self.cleaned.text.len() - hyphen.len_utf8());
        }
    }

    /// Takes back what is written after `length` bytes.
    fn truncate(&mut self, length: usize) {
        self.cleaned.text.truncate(length);
        while self.cleaned.map.pop_if(|&mut (at, _)| at >= length).is_some() {}
    }

    /// Copies a line, with one space for any white space and without what does not show.
    fn copy(&mut self, line: &Line) {
        let mut plain = 0;
        let mut after_space = true;
        let mut at = 0;
        loop {
            at += plain_length(&line.text[at..], &mut after_space);
            let Some(c) = line.text[at..].chars().next() else { break };
            let replacement = match c {
                '*' if is_emphasis(line.text, at) => Some(""),
                '*' => None,
                _ => replacement(c, after_space),
            };
            let here = at;
            at += c.len_utf8();
            after_space =
                replacement.map_or(c == ' ', |r| r == " " || (after_space && r.is_empty()));
            let Some(replacement) = replacement else {
                continue;
            };
            self.keep(line.start + plain, line.start + here);
            self.replace(line.start + here, replacement);
            plain = at;
        }
        self.keep(line.start + plain, line.end());
        // What followed the space did not show.
        if self.cleaned.text.ends_with(' ') {
            self.truncate(self.cleaned.text.len() - 1);
        }
    }

    /// Copies raw bytes.
    fn keep(&mut self, start: usize, end: usize) {
        if start < end {
            self.mark(start);
            self.cleaned.text.push_str(&self.raw[start..end]);
        }
    }

    /// Writes something else in place of what is at `start`.
    fn replace(&mut self, start: usize, replacement: &str) {
        for (at, _) in replacement.char_indices() {
            self.mark(start);
            self.cleaned.text.push_str(&replacement[at..=at]);
        }
    }

    /// Notes that what is written next was at `raw`.
    fn mark(&mut self, raw: usize) {
        let here = self.cleaned.text.len();
        match self.cleaned.map.last() {
            Some(&(cleaned, known)) if known + (here - cleaned) == raw => {}
            Some(&(cleaned, _)) if cleaned == here => {
                self.cleaned.map.pop();
                self.mark(raw);
            }
            _ => self.cleaned.map.push((here, raw)),
        }
    }
}

/// The bytes of printed ASCII at the start, with single spaces: they stay as they are. It looks no
/// further than [`PLAIN`], since what comes after a double space is looked at again.
fn plain_length(text: &str, after_space: &mut bool) -> usize {
    let bytes = &text.as_bytes()[..text.len().min(PLAIN)];
    let end = first(bytes, |b| !matches!(b, b' '..=b')' | b'+'..=b'~')).unwrap_or(bytes.len());
    let printed = &bytes[..end];
    let length = match double_space(printed) {
        _ if *after_space && printed.first() == Some(&b' ') => 0,
        Some(second) => second,
        None => end,
    };
    if let Some(last) = length.checked_sub(1) {
        *after_space = bytes[last] == b' ';
    }
    length
}

/// Bytes that are looked at together.
const PLAIN: usize = 256;

/// Where the first space is that follows a space.
fn double_space(bytes: &[u8]) -> Option<usize> {
    let follows = |(&a, &b): (&u8, &u8)| a == b' ' && b == b' ';
    let pairs = || bytes.iter().zip(bytes.iter().skip(1));
    // All of them at once, which a processor does sooner than one after another.
    let any = pairs().fold(false, |any, pair| any | follows(pair));
    any.then(|| pairs().position(follows)).flatten().map(|first| first + 1)
}

/// Characters of the longest word whose halves are looked up.
const LONGEST_WORD: usize = 40;

/// Whether the star is one of two or three that set words in bold type; 'd**n' is not.
fn is_emphasis(text: &str, at: usize) -> bool {
    let mut before = text[..at].chars().rev().take(3).skip_while(|&c| c == '*');
    let mut after = text[at + 1..].chars().take(3).skip_while(|&c| c == '*');
    let inside = before.next().is_some_and(char::is_alphanumeric)
        && after.next().is_some_and(char::is_alphanumeric);
    (text[..at].ends_with('*') || text[at + 1..].starts_with('*')) && !inside
}

/// What to write for a character, in ASCII; `None` for itself.
fn replacement(c: char, after_space: bool) -> Option<&'static str> {
    match c {
        'ﬀ' => Some("ff"),
        'ﬁ' => Some("fi"),
        'ﬂ' => Some("fl"),
        'ﬃ' => Some("ffi"),
        'ﬄ' => Some("ffl"),
        _ if is_invisible(c) => Some(""),
        _ if c.is_whitespace() || is_control(c) => Some(if after_space { "" } else { " " }),
        _ => None,
    }
}
