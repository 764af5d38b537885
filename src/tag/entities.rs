//! Turns tag logits into named entities: the most probable lawful sequence of tags.

use std::ops::Range;

use crate::article::{Entity, EntityType, Span};
use crate::encode::Tokens;
use crate::model::config::Tag;

/// Which tags may follow which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// `I-X` only `B-X` and `I-X`, as in our own models.
    Strict,
    /// Any any: `I-X` goes on with an entity of its type, or begins one. Some models say `B-X` only
    /// between neighbours of a type, and some never.
    Loose,
}

/// The entities of a sentence, from logits of `tags` for each token. A word is tagged by its
/// first token.
pub(super) fn decode(
    tags: &[Tag],
    order: Order,
    logits: &[f32],
    tokens: &Tokens,
    text: &str,
    sentence: usize,
) -> Vec<Entity> {
    let words = tokens.words();
    let probabilities: Vec<Vec<f32>> = words
        .iter()
        .map(|word| {
            let mut row = logits[word.start * tags.len()..][..tags.len()].to_vec();
            super::judge::softmax(&mut row);
            row
        })
        .collect();
    let best = best_sequence(tags, order, &probabilities);
    let mut entities = Vec::new();
    for (entity_type, run) in runs(&best) {
        let probability = |word: &Vec<f32>| -> f32 {
            let of_type =
                |tag: &Tag| matches!(tag, Tag::Begin(t) | Tag::Inside(t) if *t == entity_type);
            tags.iter().zip(word).filter(|(tag, _)| of_type(tag)).map(|(_, p)| p).sum()
        };
        let score: f32 = probabilities[run.clone()].iter().map(probability).sum();
        let span = Span::new(
            tokens.spans[words[run.start].start].start,
            tokens.spans[words[run.end - 1].end - 1].end,
        );
        if let Some(span) = trim(span, text) {
            entities.push(Entity { sentence, span, entity_type, score: score / run.len() as f32 });
        }
    }
    entities
}

/// The most probable lawful sequence (Viterbi).
fn best_sequence(tags: &[Tag], order: Order, words: &[Vec<f32>]) -> Vec<Tag> {
    let mut scores: Vec<f32> = Vec::new();
    let mut steps: Vec<Vec<usize>> = Vec::with_capacity(words.len());
    for word in words {
        let step: Vec<usize> =
            tags.iter().map(|&tag| best_before(tags, order, &scores, tag)).collect();
        scores = tags
            .iter()
            .zip(&step)
            .zip(word)
            .map(|((&tag, &before), p)| match (tag, scores.get(before)) {
                (Tag::Inside(_), None) if order == Order::Strict => f32::NEG_INFINITY,
                (_, before) => before.unwrap_or(&0.0) + p.max(f32::MIN_POSITIVE).ln(),
            })
            .collect();
        steps.push(step);
    }
    let mut at = first_best(scores.iter().copied().enumerate());
    let mut sequence = Vec::with_capacity(words.len());
    for step in steps.iter().rev() {
        sequence.push(tags[at]);
        at = step[at];
    }
    sequence.reverse();
    sequence
}

/// The best tag to come before `tag`.
fn best_before(tags: &[Tag], order: Order, scores: &[f32], tag: Tag) -> usize {
    let lawful = |before: Tag| match tag {
        Tag::Inside(this) if order == Order::Strict => {
            matches!(before, Tag::Begin(t) | Tag::Inside(t) if t == this)
        }
        _ => true,
    };
    let candidates = scores.iter().copied().enumerate();
    first_best(candidates.filter(|&(before, _)| lawful(tags[before])))
}

fn first_best(candidates: impl Iterator<Item = (usize, f32)>) -> usize {
    candidates
        .reduce(|best, next| if next.1 > best.1 { next } else { best })
        .map_or(0, |(index, _)| index)
}

/// The runs of words of one entity each.
fn runs(tags: &[Tag]) -> Vec<(EntityType, Range<usize>)> {
    let mut runs: Vec<(EntityType, Range<usize>)> = Vec::new();
    for (word, tag) in tags.iter().enumerate() {
        match (tag, runs.last_mut()) {
            (Tag::Inside(inside), Some((entity_type, run)))
                if inside == entity_type && run.end == word =>
            {
                run.end = word + 1;
            }
            (Tag::Begin(entity_type) | Tag::Inside(entity_type), _) => {
                runs.push((*entity_type, word..word + 1));
            }
            (Tag::Outside, _) => {}
        }
    }
    runs
}

/// The span without punctuation or a possessive at its ends; the point of 'U.S.' and the signs of
/// sums stay. Nothing, if it was punctuation.
fn trim(span: Span, text: &str) -> Option<Span> {
    let is_edge = |c: char| !c.is_alphanumeric() && !is_currency(c);
    let from_start = span.of(text).trim_start_matches(is_edge);
    let mut name = from_start.trim_end_matches(|c| is_edge(c) && c != '%');
    for possessive in ["'s", "’s"] {
        name = name.strip_suffix(possessive).unwrap_or(name);
    }
    if name.is_empty() {
        return None;
    }
    let start = span.end - from_start.len();
    let point = is_abbreviation(name) && from_start[name.len()..].starts_with('.');
    Some(Span::new(start, start + name.len() + usize::from(point)))
}

/// Currency signs, the range of Unicode's block and the usual older ones.
fn is_currency(c: char) -> bool {
    matches!(c, '$' | '£' | '¥' | '¢' | '\u{20A0}'..='\u{20CF}')
}

/// Whether a name ends in single letters with points between, as 'U.S' does.
fn is_abbreviation(name: &str) -> bool {
    let mut from_end = name.chars().rev();
    from_end.next().is_some_and(char::is_alphabetic) && from_end.next() == Some('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_in_letters() {
        for (text, name) in [
            ("(Kabul),", "Kabul"),
            ("Pakistan's", "Pakistan"),
            ("Pakistan’s", "Pakistan"),
            ("“Taliban”", "Taliban"),
            ("U.S.", "U.S."),
            ("the U.S.).", "the U.S."),
            ("Xi.", "Xi"),
            ("$5 million.", "$5 million"),
            ("5%", "5%"),
            ("-", ""),
        ] {
            let found = trim(Span::new(1, 1 + text.len()), &format!("({text})"));
            assert_eq!(found.map_or("", |span| &text[span.start - 1..span.end - 1]), name);
        }
    }

    #[test]
    fn an_entity_never_starts_inside() {
        use EntityType::{Location, Person};
        let tags = [
            Tag::Outside,
            Tag::Begin(Person),
            Tag::Inside(Person),
            Tag::Begin(Location),
            Tag::Inside(Location),
        ];
        let words = vec![
            vec![0.2, 0.1, 0.6, 0.1, 0.0],
            vec![0.0, 0.0, 0.9, 0.1, 0.0],
            vec![0.1, 0.0, 0.3, 0.2, 0.4],
            vec![0.9, 0.0, 0.1, 0.0, 0.0],
        ];
        assert_eq!(
            best_sequence(&tags, Order::Strict, &words),
            [Tag::Begin(Person), Tag::Inside(Person), Tag::Inside(Person), Tag::Outside]
        );
        assert_eq!(best_sequence(&tags, Order::Strict, &[]), []);
        let loose = best_sequence(&tags, Order::Loose, &words);
        let inside = Tag::Inside;
        assert_eq!(loose, [inside(Person), inside(Person), inside(Location), Tag::Outside]);
        assert_eq!(runs(&loose), [(Person, 0..2), (Location, 2..3)]);
    }
}
