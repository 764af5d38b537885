//! Tells a word broken at the end of a line from one that has a hyphen.

use std::cell::OnceCell;

use foldhash::{HashSet, HashSetExt};

/// The words of a text, gathered when first asked for.
pub(super) struct Words<'a> {
    raw: &'a str,
    words: OnceCell<HashSet<&'a str>>,
}

impl<'a> Words<'a> {
    /// The words of `raw`.
    pub(super) fn of(raw: &'a str) -> Self {
        Self { raw, words: OnceCell::new() }
    }

    /// Whether `half-` at the end of a line and `other` at the start of the next are one word
    /// without a hyphen: the text has it so elsewhere and nowhere with the hyphen, or the second
    /// half is no word by itself.
    pub(super) fn is_broken(&self, half: &str, other: &str) -> bool {
        const ENDINGS: [&str; 23] = [
            "ance", "ances", "ation", "ations", "ative", "ence", "ences", "ing", "ings", "ities",
            "ity", "ment", "mental", "ments", "ness", "nesses", "sion", "sions", "tion", "tional",
            "tions", "tive", "ture",
        ];
        if half.len() < 2 || other.is_empty() {
            return false;
        }
        if ENDINGS.contains(&other) {
            return true;
        }
        let words = self.words.get_or_init(|| gather(self.raw));
        words.contains(format!("{half}{other}").as_str())
            && !words.contains(format!("{half}-{other}").as_str())
    }
}

fn gather(raw: &str) -> HashSet<&str> {
    let mut words = HashSet::with_capacity(raw.len() / 16);
    words.extend(raw.split(|c: char| !c.is_alphabetic() && c != '-'));
    words
}
