//! Finds the articles that are most similar to the user's examples, in memory that grows with
//! their number only.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::Result;

use super::Job;
use super::order::{self, Take, Workers};
use crate::config::Config;
use crate::read::{Raw, Reader, Sources};

/// The similarities of the chosen articles, by their numbers.
#[derive(Debug)]
pub(super) struct Nearest(BTreeMap<u64, f32>);

impl Nearest {
    /// The similarity of an article that was chosen.
    pub(super) fn similarity(&self, raw: &Raw) -> Option<f32> {
        self.0.get(&raw.number).copied()
    }
}

/// Compares all articles and chooses `count` of them; of two that are equally similar the first.
/// One that cannot be read, or that nobody wants, has no similarity: the run that follows says why.
pub(super) fn find(
    sources: &Sources,
    config: &Config,
    workers: &Workers,
    count: usize,
    similarity: impl Fn(&Raw) -> Result<Option<f32>> + Sync,
) -> Result<Nearest> {
    let mut reader = Reader::new(config.columns.clone(), config.max_article_bytes);
    let produce = |take: &mut Take| {
        let mut emit = |raw| take(Job { raw, known: None });
        sources.iter().try_for_each(|source| reader.read(&source, &mut emit).map(drop))
    };
    let compare = |Job { raw, .. }: &Job| {
        let compared = catch_unwind(AssertUnwindSafe(|| similarity(raw)));
        (raw.number, compared.ok().and_then(Result::ok).flatten())
    };
    let mut best = Best { count, held: Vec::new() };
    order::in_order(workers, produce, compare, |compared| {
        for (number, similarity) in compared {
            similarity.into_iter().for_each(|similarity| best.add(number, similarity));
        }
        Ok(())
    })?;
    Ok(Nearest(best.chosen()))
}

/// The best articles so far, and at most as many that may be better.
struct Best {
    count: usize,
    held: Vec<(u64, f32)>,
}

impl Best {
    fn add(&mut self, number: u64, similarity: f32) {
        self.held.push((number, similarity));
        if self.held.len() >= 2 * self.count {
            self.cut();
        }
    }

    fn cut(&mut self) {
        self.held.sort_unstable_by(|(n, a), (m, b)| b.total_cmp(a).then(n.cmp(m)));
        self.held.truncate(self.count);
    }

    fn chosen(mut self) -> BTreeMap<u64, f32> {
        self.cut();
        self.held.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_are_held_and_of_equals_the_first() {
        let mut best = Best { count: 3, held: Vec::new() };
        for number in 1..=1000 {
            best.add(number, f32::from((number * 7 % 5) as u8));
            assert!(best.held.len() <= 6);
        }
        // 7n mod 5 is 4 for n = 2, 7, 12, ...
        assert_eq!(best.chosen().into_keys().collect::<Vec<_>>(), [2, 7, 12]);
    }
}
