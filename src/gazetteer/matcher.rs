//! Finds the names of the gazetteer in a text: whole words, the longest first.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use anyhow::{Context, Result};

use super::fold::fold;
use super::{Alias, AliasId, Found, Meaning};
use crate::article::Span;

/// All aliases as one automaton over folded text.
#[derive(Debug)]
pub(super) struct Matcher {
    automaton: AhoCorasick,
}

impl Matcher {
    pub(super) fn new(aliases: &[Alias]) -> Result<Self> {
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            // Quick to build; searching is far from being the bottleneck.
            .kind(Some(AhoCorasickKind::NoncontiguousNFA))
            .build(aliases.iter().map(|alias| alias.text.to_ascii_lowercase()))
            .context("cannot index the names of the gazetteer")?;
        Ok(Self { automaton })
    }

    pub(super) fn find(&self, text: &str, aliases: &[Alias]) -> Vec<Found> {
        let folded = fold(text);
        let lower = folded.text.to_ascii_lowercase();
        let shouted = is_shouted(&folded.text);
        let mut found: Vec<(Span, AliasId)> = Vec::new();
        for hit in self.automaton.find_overlapping_iter(&lower) {
            let span = Span::new(hit.start(), hit.end());
            let alias = &aliases[hit.pattern().as_usize()];
            if alias.counts()
                && is_whole_word(&folded.text, span)
                && alias.is_spelled(span.of(&folded.text), shouted)
            {
                found.push((span, AliasId(hit.pattern().as_u32())));
            }
        }
        longest(found)
            .into_iter()
            .filter(|&(_, id)| !aliases[id.0 as usize].masks)
            .map(|(span, alias)| Found {
                span: folded
                    .original(Span::new(span.start, span.start + aliases[alias.0 as usize].head)),
                alias,
            })
            .collect()
    }
}

/// Of spans that overlap, the longest, then the first.
fn longest(mut found: Vec<(Span, AliasId)>) -> Vec<(Span, AliasId)> {
    found.sort_by_key(|(span, _)| (span.start, usize::MAX - span.end));
    let mut kept: Vec<(Span, AliasId)> = Vec::with_capacity(found.len());
    for (span, alias) in found {
        match kept.last_mut() {
            Some(last) if last.0.overlaps(span) => {
                if span.end - span.start > last.0.end - last.0.start {
                    *last = (span, alias);
                }
            }
            _ => kept.push((span, alias)),
        }
    }
    kept
}

/// Whether a hit begins and ends with a word; a possessive 's is no part of the word.
fn is_whole_word(text: &str, span: Span) -> bool {
    let before = text[..span.start].chars().next_back();
    let mut after = text[span.end..].chars();
    let ends = match after.next() {
        Some('\'') => match after.next() {
            Some('s' | 'S') => !after.next().is_some_and(char::is_alphanumeric),
            next => !next.is_some_and(char::is_alphanumeric),
        },
        next => !next.is_some_and(char::is_alphanumeric),
    };
    ends && !before.is_some_and(char::is_alphanumeric)
}

/// A headline in capitals, where capitals tell nothing: four capital letters or more and no small one.
fn is_shouted(text: &str) -> bool {
    let mut capitals = 0;
    for letter in text.chars() {
        if letter.is_lowercase() {
            return false;
        }
        capitals += usize::from(letter.is_uppercase());
    }
    capitals >= 4 && text.trim().contains(' ')
}

impl Alias {
    /// Whether it means or hides anything.
    fn counts(&self) -> bool {
        self.masks || !self.meanings.is_empty()
    }

    /// Whether the capitals of a hit are those of the name.
    fn is_spelled(&self, hit: &str, shouted: bool) -> bool {
        if !self.spellings.is_empty() {
            return self.spellings.iter().any(|spelling| {
                spelling == hit || (shouted && spelling.eq_ignore_ascii_case(hit))
            });
        }
        let begins_with_capital = |name: &str| name.starts_with(char::is_uppercase);
        let is_proper = self
            .meanings
            .iter()
            .all(|meaning| matches!(meaning, Meaning::Actor { .. } | Meaning::Place { .. }));
        !(is_proper && begins_with_capital(&self.text)) || begins_with_capital(hit)
    }
}
