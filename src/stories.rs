//! Near-duplicate articles -> stories: syndicated copies count once.

use std::collections::BTreeMap;

use gaoya::minhash::{MinHasher, MinHasher16};

/// Words a shingle: long enough that two reports of one event share few by chance.
const SHINGLE: usize = 4;

/// Rows a band and bands: two texts that share half of their shingles meet in
/// at least one band with probability 1 - (1 - 0.5^4)^24 = 0.79, at 0.7 with 0.998.
const ROWS: usize = 4;
const BANDS: usize = 24;

/// Share of equal hashes, an estimate of the Jaccard similarity of the shingles, from which two
/// articles are one story. A copy with a sentence dropped and a byline added keeps about 0.8.
const SAME_STORY: f64 = 0.5;

/// The MinHash signature of one article's words: 192 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signature(Vec<u16>);

/// Makes signatures.
pub struct Signer(MinHasher16<fnv_hasher::Build>);

mod fnv_hasher {
    //! A hash that is the same on every machine and in every version.

    use std::hash::{BuildHasherDefault, Hasher};

    /// Builds [`Fnv`].
    pub(super) type Build = BuildHasherDefault<Fnv>;

    /// FNV-1a, 64 bits, folded to the 32 that MinHash takes.
    pub(super) struct Fnv(u64);

    impl Default for Fnv {
        fn default() -> Self {
            Self(0xcbf2_9ce4_8422_2325)
        }
    }

    impl Hasher for Fnv {
        fn write(&mut self, bytes: &[u8]) {
            for &byte in bytes {
                self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }

        fn finish(&self) -> u64 {
            self.0 ^ (self.0 >> 32)
        }
    }
}

impl Default for Signer {
    fn default() -> Self {
        Self(MinHasher16::new_with_hasher(ROWS * BANDS, fnv_hasher::Build::default()))
    }
}

impl Signer {
    /// The signature of a text's runs of four words, in lower case and without punctuation.
    pub fn sign(&self, text: &str) -> Signature {
        let words: Vec<String> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        let shingles = words.windows(SHINGLE.min(words.len()).max(1)).map(|run| run.join(" "));
        Signature(self.0.create_signature(shingles))
    }
}

/// For each article the index of the first article, in the order of `ids`, of its story.
///
/// Two articles are linked if their signatures agree in half of the hashes, and stories are the
/// connected groups: the result does not depend on the order of the articles.
pub fn stories(signatures: &[Signature], ids: &[String]) -> Vec<usize> {
    let mut groups = Groups::new(signatures.len());
    let distinct = link_equal(signatures, &mut groups);
    for band in 0..BANDS {
        let mut buckets: BTreeMap<&[u16], Vec<usize>> = BTreeMap::new();
        for &article in &distinct {
            let rows = &signatures[article].0[band * ROWS..(band + 1) * ROWS];
            buckets.entry(rows).or_default().push(article);
        }
        for bucket in buckets.values() {
            link_similar(bucket, signatures, &mut groups);
        }
    }
    groups.first_by(ids)
}

/// Joins articles with equal signatures and returns one of each.
fn link_equal(signatures: &[Signature], groups: &mut Groups) -> Vec<usize> {
    let mut first: BTreeMap<&Signature, usize> = BTreeMap::new();
    for (article, signature) in signatures.iter().enumerate() {
        let original = *first.entry(signature).or_insert(article);
        groups.join(original, article);
    }
    first.into_values().collect()
}

fn link_similar(bucket: &[usize], signatures: &[Signature], groups: &mut Groups) {
    for (n, &a) in bucket.iter().enumerate() {
        for &b in &bucket[n + 1..] {
            if groups.root(a) != groups.root(b)
                && similarity(&signatures[a], &signatures[b]) >= SAME_STORY
            {
                groups.join(a, b);
            }
        }
    }
}

fn similarity(a: &Signature, b: &Signature) -> f64 {
    let equal = a.0.iter().zip(&b.0).filter(|(x, y)| x == y).count();
    equal as f64 / a.0.len() as f64
}

/// Disjoint sets of articles (union-find with path halving).
struct Groups(Vec<usize>);

impl Groups {
    fn new(articles: usize) -> Self {
        Self((0..articles).collect())
    }

    fn root(&mut self, mut article: usize) -> usize {
        while self.0[article] != article {
            self.0[article] = self.0[self.0[article]];
            article = self.0[article];
        }
        article
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }

    /// For each article the member of its group with the smallest id.
    fn first_by(mut self, ids: &[String]) -> Vec<usize> {
        let mut first: BTreeMap<usize, usize> = BTreeMap::new();
        for article in 0..ids.len() {
            let root = self.root(article);
            first
                .entry(root)
                .and_modify(|best| {
                    if ids[article] < ids[*best] {
                        *best = article;
                    }
                })
                .or_insert(article);
        }
        (0..ids.len()).map(|article| first[&self.root(article)]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIRE: &str = "ISLAMABAD - Pakistan warned on Tuesday that it would hold the authorities in \
        Kabul responsible for attacks launched from Afghan soil, after gunmen crossed the border at \
        night and killed four soldiers at a checkpoint in the north-west. A foreign ministry spokesman \
        said patience was running out. Kabul denied that the men had come from its territory and asked \
        for evidence. Trade through the crossing stopped for a second day, and traders on both sides \
        said that fruit was rotting in their lorries while officials argued over the terms on which \
        the gate might open again.";

    fn group(texts: &[String]) -> Vec<usize> {
        let signer = Signer::default();
        let signatures: Vec<_> = texts.iter().map(|text| signer.sign(text)).collect();
        let ids: Vec<_> = (0..texts.len()).map(|n| format!("id{n}")).collect();
        stories(&signatures, &ids)
    }

    #[test]
    fn a_copy_with_a_byline_and_without_a_sentence_is_the_same_story() {
        let copy = format!(
            "By our correspondent\n\n{}",
            WIRE.replace(
                "Kabul denied that the men had come from its territory and asked \
        for evidence. ",
                ""
            )
        );
        assert_eq!(group(&[WIRE.to_owned(), copy]), [0, 0]);
    }

    #[test]
    fn two_pieces_on_one_matter_are_two_stories() {
        let other = "Pakistan's patience with the authorities in Kabul is wearing thin. Attacks from \
            Afghan soil have killed soldiers in the north-west, and a spokesman for the foreign ministry \
            speaks of consequences; traders at the closed crossing count their losses.";
        assert_eq!(group(&[WIRE.to_owned(), other.to_owned()]), [0, 1]);
    }

    #[test]
    fn stories_do_not_depend_on_the_order_of_the_articles() {
        let signer = Signer::default();
        let copy = WIRE.replace("Tuesday", "Wednesday");
        let texts = ["A text about the harvest of melons in the valley this year.", WIRE, &copy];
        let ids = ["c", "b", "a"].map(str::to_owned);
        let forward: Vec<_> = texts.iter().map(|t| signer.sign(t)).collect();
        let names = |roots: Vec<usize>, ids: &[String]| -> BTreeMap<String, String> {
            roots.iter().zip(ids).map(|(&r, id)| (id.clone(), ids[r].clone())).collect()
        };
        let one = names(stories(&forward, &ids), &ids);
        let backward: Vec<_> = forward.into_iter().rev().collect();
        let reversed: Vec<_> = ids.iter().rev().cloned().collect();
        assert_eq!(one, names(stories(&backward, &reversed), &reversed));
    }

    #[test]
    fn texts_without_words_have_a_signature() {
        Signer::default().sign("...");
        Signer::default().sign("one two");
    }
}
