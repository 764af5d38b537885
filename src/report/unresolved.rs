//! Counts the names that could not be resolved, so that a user can grow the register.

use std::collections::BTreeMap;

use super::cell::Text;
use super::rows::UnresolvedRow;
use crate::article::Article;

/// The unresolved names of a corpus.
#[derive(Debug, Default)]
pub struct Unresolved(BTreeMap<String, Name>);

#[derive(Debug)]
struct Name {
    mentions: usize,
    articles: usize,
    /// The first sentence that has the name.
    example: String,
}

impl Unresolved {
    /// Counts those of an article.
    pub fn add(&mut self, article: &Article) {
        let text = &article.document.text;
        let mut here: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for mention in &article.mentions {
            let reference = &mention.reference;
            if reference.actor.is_none() {
                let words: Vec<&str> = reference.span.of(text).split_whitespace().collect();
                here.entry(words.join(" ")).or_insert((0, reference.sentence)).0 += 1;
            }
        }
        for (name, (mentions, sentence)) in here {
            let known = self.0.entry(name).or_insert_with(|| Name {
                mentions: 0,
                articles: 0,
                example: article.sentences[sentence].of(text).to_owned(),
            });
            known.mentions += mentions;
            known.articles += 1;
        }
    }

    /// The names, the most frequent first, then those of the most articles, then by the alphabet.
    pub fn rows(&self, keep_text: bool) -> Vec<UnresolvedRow> {
        let mut names: Vec<(&String, &Name)> = self.0.iter().collect();
        names.sort_by(|(a, one), (b, other)| {
            (other.mentions, other.articles, a).cmp(&(one.mentions, one.articles, b))
        });
        let row = |(name, known): (&String, &Name)| UnresolvedRow {
            name: Text::new(name),
            mentions: known.mentions,
            articles: known.articles,
            example: keep_text.then(|| Text::new(&known.example)),
        };
        names.into_iter().map(row).collect()
    }
}
