//! Tells how alike an article's matter is to that of the user's examples: a cosine of sentence
//! embeddings.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Serialize;

use crate::article::{Document, Span};
use crate::assets;
use crate::clean;
use crate::encode::{Encoder, Tokens};
use crate::model::config::Config;
use crate::model::embedded::Embedded;
use crate::model::{Model, Precision};
use crate::read::{self, Columns, Reader};

/// Which articles are alike enough.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Similar {
    /// The examples: a file or a folder of articles.
    pub to: PathBuf,
    /// How many, or how alike.
    #[serde(flatten)]
    pub keep: Keep,
}

/// How many articles are kept, or how alike they must be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// Those with at least this similarity.
    MinSimilarity(f32),
    /// This many, the most similar ones.
    Top(usize),
}

impl Default for Keep {
    /// What is about the same part of the world, mostly: docs/reading.md has figures.
    fn default() -> Self {
        Self::MinSimilarity(0.45)
    }
}

/// Turns the opening of a text into a vector of length 1.
pub struct Embedder {
    encoder: Encoder,
    model: Embedded,
    window: usize,
    sha256: String,
}

impl Embedder {
    /// Loads the model of sentence embeddings. It reads the same tokens as the built-in model.
    ///
    /// # Errors
    /// The model is not at hand.
    pub fn load() -> Result<Self> {
        let assets = assets::similar()?;
        assets.verify()?;
        let config = Config::load(&assets)?;
        let files = ["config.json"].into_iter().chain(config.weights.iter().map(String::as_str));
        Ok(Self {
            encoder: Encoder::load(&assets::MODEL)?,
            model: Embedded::load(&assets, &config, Precision::Int8)?,
            window: config.window,
            sha256: assets.sha256(files)?,
        })
    }

    /// The vector of a text: the mean over its first tokens, scaled to length 1.
    ///
    /// # Errors
    /// The model fails.
    pub fn embed(&self, text: &str) -> Result<Vec<f32>> {
        let opening = Span::new(0, text.floor_char_boundary(LONGEST_OPENING));
        let tokens = self.encoder.tokens(text, opening)?;
        let (_, tokens) = tokens.windows(self.window, 0).swap_remove(0);
        // The model was not taught what case a word has.
        let tokens = Tokens { cases: vec![0; tokens.len()], ..tokens };
        let hidden = self.model.encode(&[&tokens])?.swap_remove(0);
        let mut sum = vec![0.0; hidden.width];
        for row in hidden.rows(0..hidden.tokens()) {
            sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        let length = dot(&sum, &sum).sqrt().max(f32::MIN_POSITIVE);
        sum.iter_mut().for_each(|value| *value /= length);
        Ok(sum)
    }
}

/// Bytes of a text that are cut into tokens, of which the first window is read: a token of English
/// has five, with its space.
const LONGEST_OPENING: usize = 1_000;

/// The user's examples.
pub struct Examples {
    embedder: Embedder,
    vectors: Vec<Vec<f32>>,
}

impl Examples {
    /// Reads the articles in a file or folder.
    ///
    /// # Errors
    /// The model is not at hand; an article cannot be read, or there is none.
    pub fn load(path: &Path, columns: &Columns, max_bytes: u64) -> Result<Self> {
        let embedder = Embedder::load()?;
        let mut vectors = Vec::new();
        let mut reader = Reader::new(columns.clone(), max_bytes);
        let place = || format!("cannot compare with {}", path.display());
        let mut failed = None;
        let sources = read::sources(&[path.to_owned()], read::Links::Stay).with_context(place)?;
        for source in sources.iter() {
            reader.read(&source, &mut |raw| {
                let read = read::document(&raw, max_bytes).map(clean::document);
                match read.and_then(|document| embedder.embed(&opening(&document))) {
                    Ok(vector) => vectors.push(vector),
                    Err(reason) => failed = failed.take().or(Some((raw.name, reason))),
                }
                Ok(())
            })?;
        }
        match failed {
            Some((name, reason)) => Err(reason).context(format!("cannot compare with {name}")),
            None if vectors.is_empty() => bail!("{}: there is no article in it", place()),
            None => Ok(Self { embedder, vectors }),
        }
    }

    /// The cosine of an article, cleaned, and the example that is most like it.
    ///
    /// # Errors
    /// The model fails.
    pub fn similarity(&self, document: &Document) -> Result<f32> {
        let vector = self.embedder.embed(&opening(document))?;
        Ok(self.vectors.iter().map(|example| dot(example, &vector)).fold(-1.0, f32::max))
    }

    /// SHA-256 of the model's files.
    pub fn sha256(&self) -> &str {
        &self.embedder.sha256
    }
}

/// The headline and what follows; most texts begin with theirs.
fn opening(document: &Document) -> String {
    let text = &document.text[..document.text.floor_char_boundary(LONGEST_OPENING)];
    match document.title.as_deref().map(str::trim) {
        Some(title) if !text.starts_with(title) => format!("{title}\n\n{text}"),
        _ => text.to_owned(),
    }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
