//! What the names of an article were found to mean and by what, so that another register of actors
//! needs the model only where it makes a difference.

use std::collections::HashMap;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::blocks;
use crate::article::{Country, Document, Entity, Reference, Span};
use crate::gazetteer::Gazetteer;
use crate::resolve::{Candidate, Resolver};
use crate::segment;

/// What the model said of the names in an article, and a digest of whom they mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Naming {
    blocks: Vec<Block>,
    meant: [u8; 32],
}

/// What it said of those in a block of sentences.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Block {
    entities: Vec<Entity>,
    kinds: Vec<(Span, [f32; 7])>,
}

impl Naming {
    /// From the bytes of [`Naming::to_bytes`].
    ///
    /// # Errors
    /// They are not whole.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        postcard::from_bytes(bytes).context("the store is damaged; add --reanalyse")
    }

    /// For the store: some 2 kB an article.
    ///
    /// # Errors
    /// None; there is memory for them.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        Ok(postcard::to_allocvec(self)?)
    }

    /// Whether the names of the article, the same and clean, mean by this gazetteer what they meant
    /// before: then all that was said of them stands. No model is asked; a name that is new to the
    /// model makes a difference.
    pub fn holds(&self, document: &Document, gazetteer: &Gazetteer) -> bool {
        let text = &document.text;
        let mut resolver = Resolver::new(gazetteer, document.date, document.author_country);
        let mut meant = Meant::new(document.author_country);
        for (block, known) in blocks(&segment::sentences(text)).zip(&self.blocks) {
            let candidates = resolver.candidates(text, block, &known.entities);
            let Some(kinds) = known.kinds_of(&candidates) else { return false };
            meant.add(&resolver.references(text, block, &candidates, &kinds));
        }
        meant.digest() == self.meant
    }
}

impl Block {
    fn kinds_of(&self, candidates: &[Candidate]) -> Option<Vec<[f32; 7]>> {
        let kinds: HashMap<Span, [f32; 7]> = self.kinds.iter().copied().collect();
        candidates.iter().map(|candidate| kinds.get(&candidate.span).copied()).collect()
    }
}

/// A [`Naming`] in the making.
pub(super) struct Namer {
    blocks: Vec<Block>,
    meant: Meant,
}

impl Namer {
    /// For an article whose author speaks for this country.
    pub(super) fn new(author_country: Option<Country>) -> Self {
        Self { blocks: Vec::new(), meant: Meant::new(author_country) }
    }

    /// Adds what was found in the next block.
    pub(super) fn add(
        &mut self,
        entities: Vec<Entity>,
        candidates: &[Candidate],
        kinds: &[[f32; 7]],
        references: &[Reference],
    ) {
        let spans = candidates.iter().map(|candidate| candidate.span);
        let kinds = spans.zip(kinds.iter().copied()).collect();
        self.blocks.push(Block { entities, kinds });
        self.meant.add(references);
    }

    /// All that was found.
    pub(super) fn finish(self) -> Naming {
        Naming { blocks: self.blocks, meant: self.meant.digest() }
    }
}

/// A digest of whom the names of an article mean.
struct Meant(Sha256);

impl Meant {
    fn new(author_country: Option<Country>) -> Self {
        Self(Sha256::new_with_prefix(format!("{author_country:?}")))
    }

    fn add(&mut self, references: &[Reference]) {
        self.0.update(format!("{references:?}"));
    }

    fn digest(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}
