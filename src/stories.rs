//! Near-duplicate articles -> stories: syndicated copies count once.

use gaoya::minhash::{MinHasher, MinHasher16};

/// Words a shingle: long enough that two reports of one event share few by chance.
const SHINGLE: usize = 4;

/// Rows a band and bands: two texts that share half of their shingles meet in
/// at least one band with probability 1 - (1 - 0.5^4)^22 = 0.76, at 0.7 with 0.998.
const ROWS: usize = 4;
const BANDS: usize = 22;
const HASHES: usize = ROWS * BANDS;

/// Share of equal hashes, an estimate of the Jaccard similarity of the shingles, from which two
/// articles are one story. A copy with a sentence dropped and a byline added keeps about 0.8.
const SAME_STORY: f64 = 0.5;

/// The MinHash signature of one article's words: 176 bytes. With two numbers of four bytes for
/// sorting and grouping an article takes 184.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signature([u16; HASHES]);

impl Signature {
    fn band(&self, band: usize) -> &[u16] {
        &self.0[band * ROWS..(band + 1) * ROWS]
    }
}

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
        Self(MinHasher16::new_with_hasher(HASHES, fnv_hasher::Build::default()))
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
        let hashes = self.0.create_signature(shingles);
        Signature(hashes.try_into().expect("the signer makes as many hashes as a signature has"))
    }
}

/// For each article the index of the article of its story whose `id` comes first.
///
/// Two articles are linked if their signatures agree in half of the hashes, and stories are the
/// connected groups: the result does not depend on the order of the articles.
pub fn stories<'a>(signatures: &[Signature], id: impl Fn(usize) -> &'a str) -> Vec<usize> {
    let articles =
        u32::try_from(signatures.len()).expect("signatures of 2^32 articles fill 755 GB");
    let mut order: Vec<u32> = (0..articles).collect();
    let mut groups = Groups(order.clone());
    let of = |article: &u32| &signatures[*article as usize];
    // Of articles with equal signatures one is enough for what follows.
    order.sort_unstable_by_key(|article| (of(article), *article));
    order.dedup_by(|article, first| {
        let are_equal = of(article) == of(first);
        if are_equal {
            groups.join(*first, *article);
        }
        are_equal
    });
    for band in 0..BANDS {
        order.sort_unstable_by_key(|article| (of(article).band(band), *article));
        for bucket in order.chunk_by(|a, b| of(a).band(band) == of(b).band(band)) {
            link_similar(bucket, signatures, &mut groups);
        }
    }
    drop(order);
    groups.first_by(id)
}

fn link_similar(bucket: &[u32], signatures: &[Signature], groups: &mut Groups) {
    for (n, &a) in bucket.iter().enumerate() {
        for &b in &bucket[n + 1..] {
            if groups.root(a) != groups.root(b)
                && similarity(&signatures[a as usize], &signatures[b as usize]) >= SAME_STORY
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
struct Groups(Vec<u32>);

impl Groups {
    fn root(&mut self, mut article: u32) -> u32 {
        while self.parent(article) != article {
            let grandparent = self.parent(self.parent(article));
            self.0[article as usize] = grandparent;
            article = grandparent;
        }
        article
    }

    fn parent(&self, article: u32) -> u32 {
        self.0[article as usize]
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b) as usize] = a.min(b);
    }

    /// For each article the member of its group with the smallest id.
    fn first_by<'a>(mut self, id: impl Fn(usize) -> &'a str) -> Vec<usize> {
        // A root is its own parent, so that it is the best of its group at first.
        let mut first = self.0.clone();
        for article in 0..self.0.len() as u32 {
            let best = &mut first[self.root(article) as usize];
            if id(article as usize) < id(*best as usize) {
                *best = article;
            }
        }
        (0..self.0.len() as u32)
            .map(|article| first[self.root(article) as usize] as usize)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

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
        stories(&signatures, |article| ids[article].as_str())
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
        let ids = ["c", "b", "a"];
        let forward: Vec<_> = texts.iter().map(|t| signer.sign(t)).collect();
        let names = |roots: Vec<usize>, ids: &[&'static str]| -> BTreeMap<&str, &str> {
            roots.iter().zip(ids).map(|(&first, &id)| (id, ids[first])).collect()
        };
        let one = names(stories(&forward, |article| ids[article]), &ids);
        let backward: Vec<_> = forward.into_iter().rev().collect();
        let reversed: Vec<_> = ids.iter().rev().copied().collect();
        assert_eq!(one, names(stories(&backward, |article| reversed[article]), &reversed));
    }

    #[test]
    fn texts_without_words_have_a_signature() {
        Signer::default().sign("...");
        Signer::default().sign("one two");
    }
}
