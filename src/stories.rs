//! Near-duplicate articles -> stories: syndicated copies count once.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
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

/// The MinHash signature of one article's words: 176 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signature([u16; HASHES]);

impl Signature {
    /// The hashes of a band, as one number.
    fn band(&self, band: usize) -> u64 {
        let hashes = &self.0[band * ROWS..(band + 1) * ROWS];
        hashes.iter().fold(0, |key, &hash| key << 16 | u64::from(hash))
    }

    /// The hashes, low byte first.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|hash| hash.to_le_bytes()).collect()
    }

    /// The signature of [`Self::to_bytes`]; `None` if there are not as many bytes as it has.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let hashes: Vec<u16> =
            bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        hashes.try_into().ok().map(Self)
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
        let mut words = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase);
        let mut run: Vec<String> = words.by_ref().take(SHINGLE).collect();
        let first = (!run.is_empty()).then(|| run.join(" "));
        let shingles = first.into_iter().chain(words.map(|word| {
            run.rotate_left(1);
            run[SHINGLE - 1] = word;
            run.join(" ")
        }));
        let hashes = self.0.create_signature(shingles);
        Signature(hashes.try_into().expect("the signer makes as many hashes as a signature has"))
    }
}

/// The signatures of a corpus, wherever they are: articles are numbered in the order of the reports.
pub trait Signatures {
    /// How many there are.
    fn count(&self) -> usize;

    /// Where an article's id stands among the ids of all.
    fn rank(&self, article: u32) -> u32;

    /// The signature of an article.
    ///
    /// # Errors
    /// It cannot be read.
    fn signature(&self, article: u32) -> Result<Signature>;
}

/// For each article the article of its story whose id comes first.
///
/// Two articles are linked if their signatures agree in half of the hashes, and stories are the
/// connected groups: the result does not depend on the order of the articles. Takes about 20 bytes
/// an article, besides the signatures of those that share a band.
///
/// # Errors
/// A signature cannot be read.
pub fn stories(signatures: &impl Signatures) -> Result<Vec<u32>> {
    let articles = u32::try_from(signatures.count()).context("there are too many articles")?;
    let mut groups = Groups((0..articles).collect());
    for band in 0..BANDS {
        let mut keys = Vec::with_capacity(articles as usize);
        for article in 0..articles {
            keys.push((signatures.signature(article)?.band(band), article));
        }
        keys.sort_unstable();
        for bucket in keys.chunk_by(|(a, _), (b, _)| a == b).filter(|bucket| bucket.len() > 1) {
            link_similar(bucket.iter().map(|&(_, article)| article), signatures, &mut groups)?;
        }
    }
    Ok(groups.first_by(|article| signatures.rank(article)))
}

/// Joins those of the articles that are similar, unless they are one story already.
fn link_similar(
    articles: impl Iterator<Item = u32>,
    signatures: &impl Signatures,
    groups: &mut Groups,
) -> Result<()> {
    let mut stories: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for article in articles {
        stories.entry(groups.root(article)).or_default().push(article);
    }
    if stories.len() == 1 {
        return Ok(());
    }
    let mut parts: Vec<Vec<(u32, Signature)>> = Vec::new();
    for members in stories.into_values() {
        let read = |article| Ok((article, signatures.signature(article)?));
        let mut whole = members.into_iter().map(read).collect::<Result<Vec<_>>>()?;
        // Of equal signatures one is enough.
        whole.sort_by(|(a, one), (b, other)| (one, a).cmp(&(other, b)));
        whole.dedup_by(|(_, a), (_, b)| a == b);
        let is_linked = |part: &&mut Vec<(u32, Signature)>| {
            part.iter().any(|(_, a)| whole.iter().any(|(_, b)| similarity(a, b) >= SAME_STORY))
        };
        let linked: Vec<usize> = parts
            .iter_mut()
            .enumerate()
            .filter_map(|(n, part)| is_linked(&part).then_some(n))
            .collect();
        for n in linked.into_iter().rev() {
            let mut part = parts.swap_remove(n);
            groups.join(part[0].0, whole[0].0);
            if part.len() > whole.len() {
                std::mem::swap(&mut part, &mut whole);
            }
            whole.extend(part);
        }
        parts.push(whole);
    }
    Ok(())
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

    /// For each article the member of its group with the smallest rank.
    fn first_by(mut self, rank: impl Fn(u32) -> u32) -> Vec<u32> {
        // A root is its own parent, so that it is the best of its group at first.
        let mut first = self.0.clone();
        for article in 0..self.0.len() as u32 {
            let best = &mut first[self.root(article) as usize];
            if rank(article) < rank(*best) {
                *best = article;
            }
        }
        (0..self.0.len() as u32).map(|article| first[self.root(article) as usize]).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    struct Held(Vec<(&'static str, Signature)>);

    impl Signatures for Held {
        fn count(&self) -> usize {
            self.0.len()
        }

        fn rank(&self, article: u32) -> u32 {
            let id = self.0[article as usize].0;
            self.0.iter().filter(|(other, _)| *other < id).count() as u32
        }

        fn signature(&self, article: u32) -> Result<Signature> {
            Ok(self.0[article as usize].1.clone())
        }
    }

    /// For each text the id of its story.
    fn group(texts: &[(&'static str, &str)]) -> BTreeMap<&'static str, &'static str> {
        let signer = Signer::default();
        let held = Held(texts.iter().map(|(id, text)| (*id, signer.sign(text))).collect());
        let first = stories(&held).unwrap();
        let id = |article: u32| texts[article as usize].0;
        texts.iter().zip(first).map(|((text, _), first)| (*text, id(first))).collect()
    }

    const WIRE: &str = "ISLAMABAD - Pakistan warned on Tuesday that it would hold the authorities in \
        Kabul responsible for attacks launched from Afghan soil, after gunmen crossed the border at \
        night and killed four soldiers at a checkpoint in the north-west. A foreign ministry spokesman \
        said patience was running out. Kabul denied that the men had come from its territory and asked \
        for evidence. Trade through the crossing stopped for a second day, and traders on both sides \
        said that fruit was rotting in their lorries while officials argued over the terms on which \
        the gate might open again.";

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
        assert_eq!(group(&[("a", WIRE), ("b", &copy)])["b"], "a");
    }

    #[test]
    fn two_pieces_on_one_matter_are_two_stories() {
        let other = "Pakistan's patience with the authorities in Kabul is wearing thin. Attacks from \
            Afghan soil have killed soldiers in the north-west, and a spokesman for the foreign ministry \
            speaks of consequences; traders at the closed crossing count their losses.";
        assert_eq!(group(&[("a", WIRE), ("b", other)])["b"], "b");
    }

    #[test]
    fn stories_do_not_depend_on_the_order_of_the_articles() {
        let (copy, other) = (WIRE.replace("Tuesday", "Wednesday"), WIRE.replace("night", "dawn"));
        let harvest = "A text about the harvest of melons in the valley this year.";
        let mut texts = [("c", harvest), ("b", WIRE), ("a", &copy), ("d", &other), ("e", WIRE)];
        let forward = group(&texts);
        assert_eq!(forward.values().copied().collect::<String>(), "aacaa");
        texts.reverse();
        assert_eq!(forward, group(&texts));
    }

    #[test]
    fn texts_without_words_have_a_signature() {
        Signer::default().sign("...");
        Signer::default().sign("one two");
    }

    /// Pieces of one text, which overlap more or less: chains of articles that are similar.
    fn pieces() -> impl Strategy<Value = Vec<(&'static str, String)>> {
        let ids = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
        prop::collection::vec((0..60usize, 8..40usize), 2..ids.len()).prop_map(move |cuts| {
            let words: Vec<&str> = WIRE.split_whitespace().collect();
            let piece = |(from, count): (usize, usize)| {
                words[from..(from + count).min(words.len())].join(" ")
            };
            ids.into_iter().zip(cuts.into_iter().map(piece)).collect()
        })
    }

    proptest! {
        #[test]
        fn any_articles_are_the_same_stories_in_any_order(
            (texts, turned) in pieces().prop_flat_map(|texts| (Just(texts.clone()), Just(texts).prop_shuffle())),
        ) {
            let borrow = |texts: &[(&'static str, String)]| -> BTreeMap<_, _> {
                group(&texts.iter().map(|(id, text)| (*id, text.as_str())).collect::<Vec<_>>())
            };
            prop_assert_eq!(borrow(&texts), borrow(&turned));
        }
    }
}
