//! Reads `config.json`: the sizes of the encoder, its window, the labels of the heads.

use std::borrow::Cow;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::article::{EntityType, Kind, Quad};
use crate::assets::Assets;

/// What a model's `config.json` says: Hugging Face's BERT keys, and ours.
#[derive(Debug, Clone, Deserialize)]
pub struct Config {
    /// Numbers a token.
    pub hidden_size: usize,
    /// Layers of the encoder.
    pub num_hidden_layers: usize,
    /// Attention heads of a layer.
    pub num_attention_heads: usize,
    /// Added to a variance before its root is taken.
    pub layer_norm_eps: f32,
    /// Most tokens the encoder has positions for.
    pub max_position_embeddings: usize,
    /// The activation between the two products of a layer; `gelu` is the one we have.
    pub hidden_act: String,
    /// MPNet's: into how many buckets distances between tokens fall, each with a bias for every
    /// head; none in BERT.
    #[serde(default)]
    pub relative_attention_num_buckets: Option<usize>,
    /// The files of weights.
    #[serde(default = "one_file")]
    pub weights: Vec<String>,
    /// Most tokens of a window, `[CLS]` and `[SEP]` included.
    pub window: usize,
    /// Tokens that neighbouring windows share.
    pub stride: usize,
    /// What the outputs of each head mean.
    pub heads: Labels,
    /// What the logits of each head are divided by before they become probabilities.
    #[serde(default)]
    pub temperature: Temperatures,
}

/// The labels of each head, in the order of its outputs; none of a head the model lacks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs)] // named after the heads
pub struct Labels {
    pub entities: Vec<String>,
    pub sentiment: Vec<String>,
    pub stance: Vec<String>,
    pub relation: Vec<String>,
    pub kind: Vec<String>,
}

/// A temperature for each head.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
#[allow(missing_docs)] // named after the heads
pub struct Temperatures {
    pub entities: f32,
    pub sentiment: f32,
    pub stance: f32,
    pub relation: f32,
    pub kind: f32,
}

impl Default for Temperatures {
    fn default() -> Self {
        Self { entities: 1.0, sentiment: 1.0, stance: 1.0, relation: 1.0, kind: 1.0 }
    }
}

/// What an entity tag says of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// Part of no entity.
    Outside,
    /// The first word of one.
    Begin(EntityType),
    /// A further word of one.
    Inside(EntityType),
}

impl Config {
    /// Reads and checks a model's `config.json`.
    ///
    /// # Errors
    /// The file is missing or malformed, or its labels are not those this program knows.
    pub fn load(assets: &Assets) -> Result<Self> {
        let place = || assets.place("config.json");
        let json = assets.read("config.json")?;
        let config: Self = serde_json::from_slice(&json)
            .with_context(|| format!("cannot read model config {}", place()))?;
        config.check().with_context(|| format!("{} does not fit this program", place()))?;
        Ok(config)
    }

    /// The names of the model's files.
    pub fn files(&self) -> Vec<&str> {
        let weights = self.weights.iter().map(String::as_str);
        ["config.json", "tokenizer.json"].into_iter().chain(weights).collect()
    }

    /// The contents of the files of weights.
    pub(super) fn read_weights(&self, assets: &Assets) -> Result<Vec<Cow<'static, [u8]>>> {
        self.weights.iter().map(|name| assets.read(name)).collect()
    }

    /// The entity tags, in the order of the head's outputs.
    ///
    /// # Errors
    /// A label is none of `O`, `B-<type>` and `I-<type>`.
    pub fn tags(&self) -> Result<Vec<Tag>> {
        self.heads.entities.iter().map(|label| tag(label)).collect()
    }

    fn check(&self) -> Result<()> {
        ensure!(
            self.hidden_act == "gelu",
            "hidden_act is {}; only gelu is supported",
            self.hidden_act
        );
        ensure!(
            self.num_attention_heads > 0
                && self.hidden_size.is_multiple_of(self.num_attention_heads),
            "hidden_size {} cannot be split into {} heads",
            self.hidden_size,
            self.num_attention_heads
        );
        ensure!(
            (3..=self.max_position_embeddings).contains(&self.window)
                && self.stride + 2 < self.window,
            "window {} with stride {}: a window goes from 3 to {} tokens and exceeds the stride by more than 2",
            self.window,
            self.stride,
            self.max_position_embeddings
        );
        ensure!(
            self.relative_attention_num_buckets.is_none_or(|buckets| buckets >= 4),
            "relative_attention_num_buckets is less than 4"
        );
        let polarity = |poles: [&'static str; 3]| poles.to_vec();
        same("sentiment", &self.heads.sentiment, &polarity(["negative", "neutral", "positive"]))?;
        same("stance", &self.heads.stance, &polarity(["against", "neutral", "favor"]))?;
        same("relation", &self.heads.relation, &Quad::ALL.map(Quad::label))?;
        same("kind", &self.heads.kind, &Kind::ALL.map(Kind::label))?;
        self.tags().map(drop)?;
        self.temperature.check()
    }
}

impl Temperatures {
    fn check(&self) -> Result<()> {
        let all = [self.entities, self.sentiment, self.stance, self.relation, self.kind];
        ensure!(all.iter().all(|&t| t > 0.0 && t.is_finite()), "a temperature is not above 0");
        Ok(())
    }
}

fn one_file() -> Vec<String> {
    vec!["model.safetensors".to_owned()]
}

fn same(head: &str, labels: &[String], ours: &[&str]) -> Result<()> {
    ensure!(
        labels.is_empty() || labels == ours,
        "head {head} has labels {labels:?}; this program reads {ours:?}, in this order"
    );
    Ok(())
}

fn tag(label: &str) -> Result<Tag> {
    let entity_type = |name| {
        EntityType::from_label(name).with_context(|| format!("unknown entity type '{name}'"))
    };
    match label.split_at_checked(2) {
        Some(("B-", name)) => Ok(Tag::Begin(entity_type(name)?)),
        Some(("I-", name)) => Ok(Tag::Inside(entity_type(name)?)),
        _ => {
            ensure!(label == "O", "entity tag '{label}' is none of O, B-<type>, I-<type>");
            Ok(Tag::Outside)
        }
    }
}
