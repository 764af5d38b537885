//! Finds the words with which an author speaks for their own country.

use super::phrase::words;
use crate::article::Span;

const FIRST_PERSON: [&str; 10] =
    ["we", "us", "our", "ours", "ourselves", "i", "me", "my", "mine", "myself"];

/// Whether a marked span speaks in the first person: 'we', 'my country'.
pub(super) fn is_first_person(span: &str) -> bool {
    let word = span.split_whitespace().next().unwrap_or(span);
    is_pronoun(word)
}

/// First person words of a sentence, outside of quotation marks: what is quoted, others said.
pub(super) fn first_persons(text: &str, sentence: Span) -> Vec<Span> {
    let mut quoted = false;
    let mut end_of_last = sentence.start;
    let mut before = "";
    let mut found = Vec::new();
    for word in words(text, sentence) {
        for mark in text[end_of_last..word.start].chars() {
            quoted = match mark {
                '"' => !quoted,
                '“' | '«' => true,
                '”' | '»' => false,
                _ => quoted,
            };
        }
        let written = word.of(text);
        let stem = written.split(['\'', '’']).next().unwrap_or(written);
        if !quoted && is_pronoun(stem) && !is_numeral(text, word, before) {
            found.push(Span::new(word.start, word.start + stem.len()));
        }
        before = written;
        end_of_last = word.end;
    }
    found
}

/// 'US' is a country and 'i' a letter of a list.
fn is_pronoun(word: &str) -> bool {
    let is_acronym = word == "US" || word == "i";
    !is_acronym && FIRST_PERSON.iter().any(|pronoun| pronoun.eq_ignore_ascii_case(word))
}

/// 'Article I', 'World War I', 'I.': a number or an initial.
fn is_numeral(text: &str, word: Span, before: &str) -> bool {
    word.of(text) == "I"
        && (text[word.end..].starts_with(['.', ')'])
            || [
                "article",
                "war",
                "part",
                "chapter",
                "annex",
                "phase",
                "protocol",
                "resolution",
                "volume",
                "section",
            ]
            .iter()
            .any(|counted| counted.eq_ignore_ascii_case(before)))
}

/// 'my', 'our': what follows is the author's.
pub(super) fn is_possessive(word: &str) -> bool {
    word.eq_ignore_ascii_case("my") || word.eq_ignore_ascii_case("our")
}
