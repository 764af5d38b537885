//! The encoder and heads as this program runs them: BERT, without padding, by rten-gemm.

use std::cell::Cell;
use std::ops::Range;

use anyhow::{Context, Result, ensure};

use super::config::Config;
use super::dense::Precision;
use super::heads::SpanHead;
use super::layer::{Layer, LayerNorm, Scratch};
use super::linear::Linear;
use super::relative::Relative;
use super::weights::{Table, Tensors};
use super::{Hidden, Model, PairTask, SpanTask};
use crate::assets::Assets;
use crate::encode::Tokens;

thread_local! {
    /// The buffers of the thread's last batch.
    static SCRATCH: Cell<Scratch> = Cell::default();
}

/// A model loaded from files of weights.
///
/// The tokens of a batch are rows of one matrix: linear layers are one product over many rows,
/// attention runs a sentence at a time. A row's numbers do not depend on the others' number.
pub struct Embedded {
    width: usize,
    embeddings: Embeddings,
    relative: Option<Relative>,
    layers: Vec<Layer>,
    heads: Heads,
}

/// The heads the model has.
struct Heads {
    entities: Option<Linear>,
    sentiment: Option<SpanHead<1>>,
    kind: Option<SpanHead<1>>,
    stance: Option<SpanHead<2>>,
    relation: Option<SpanHead<2>>,
}

impl Embedded {
    /// Loads a model's weights.
    ///
    /// # Errors
    /// A file is missing, or its tensors do not have the names and sizes of `config`.
    pub fn load(assets: &Assets, config: &Config, precision: Precision) -> Result<Self> {
        let files =
            config.weights.iter().map(|name| assets.read(name)).collect::<Result<Vec<_>>>()?;
        let tensors = &Tensors::of(files.iter().map(|bytes| &**bytes))?;
        Ok(Self {
            width: config.hidden_size,
            embeddings: Embeddings::load(tensors, config)?,
            relative: Relative::load(tensors, config)?,
            layers: (0..config.num_hidden_layers)
                .map(|n| Layer::load(tensors, config, precision, n))
                .collect::<Result<_>>()?,
            heads: Heads::load(tensors, config)?,
        })
    }
}

impl Heads {
    fn load(tensors: &Tensors<'_>, config: &Config) -> Result<Self> {
        let labels = &config.heads;
        Ok(Self {
            entities: load_entities(tensors, labels.entities.len())?,
            sentiment: load_head(tensors, config, "sentiment", labels.sentiment.len())?,
            kind: load_head(tensors, config, "kind", labels.kind.len())?,
            stance: load_head(tensors, config, "stance", labels.stance.len())?,
            relation: load_head(tensors, config, "relation", labels.relation.len())?,
        })
    }
}

fn load_entities(tensors: &Tensors<'_>, labels: usize) -> Result<Option<Linear>> {
    if labels == 0 {
        return Ok(None);
    }
    let entities = Linear::load(tensors, "entities")?;
    ensure!(
        entities.outputs() == labels,
        "head entities has {} outputs for {labels} labels",
        entities.outputs()
    );
    Ok(Some(entities))
}

fn load_head<const N: usize>(
    tensors: &Tensors<'_>,
    config: &Config,
    name: &str,
    labels: usize,
) -> Result<Option<SpanHead<N>>> {
    (labels > 0).then(|| SpanHead::load(tensors, name, config.hidden_size, labels)).transpose()
}

/// The head, or an error that names what the model lacks.
fn present<'a, T>(head: &'a Option<T>, name: &str) -> Result<&'a T> {
    head.as_ref().with_context(|| {
        format!("the model has no head '{name}': its config.json lists none; take another model")
    })
}

impl Model for Embedded {
    fn encode(&self, windows: &[&Tokens]) -> Result<Vec<Hidden>> {
        let mut states = Vec::new();
        let mut sentences: Vec<Range<usize>> = Vec::with_capacity(windows.len());
        for tokens in windows {
            self.embeddings.extend(&mut states, tokens)?;
            let start = sentences.last().map_or(0, |before| before.end);
            sentences.push(start..start + tokens.len());
        }
        let mut scratch = SCRATCH.take();
        for layer in &self.layers {
            layer.forward(&mut states, &sentences, self.relative.as_ref(), &mut scratch)?;
        }
        SCRATCH.set(scratch);
        let width = self.width;
        Ok(sentences
            .into_iter()
            .map(|rows| Hidden {
                values: states[rows.start * width..rows.end * width].to_vec(),
                width,
            })
            .collect())
    }

    fn tags(&self, hidden: &Hidden) -> Result<Vec<f32>> {
        present(&self.heads.entities, "entities")?.apply(&hidden.values)
    }

    fn score_spans(
        &self,
        task: SpanTask,
        hidden: &Hidden,
        spans: &[Range<usize>],
    ) -> Result<Vec<Vec<f32>>> {
        let items: Vec<_> = spans.iter().cloned().map(|span| [span]).collect();
        let head = match task {
            SpanTask::Sentiment => present(&self.heads.sentiment, "sentiment")?,
            SpanTask::Kind => present(&self.heads.kind, "kind")?,
        };
        head.score(hidden, &items)
    }

    fn score_pairs(
        &self,
        task: PairTask,
        hidden: &Hidden,
        pairs: &[[Range<usize>; 2]],
    ) -> Result<Vec<Vec<f32>>> {
        let head = match task {
            PairTask::Stance => present(&self.heads.stance, "stance")?,
            PairTask::Relation => present(&self.heads.relation, "relation")?,
        };
        head.score(hidden, pairs)
    }
}

/// The tables that turn a token, its place and its case into numbers, kept as int8.
struct Embeddings {
    words: Table,
    positions: Table,
    cases: Table,
    norm: LayerNorm,
}

impl Embeddings {
    fn load(tensors: &Tensors<'_>, config: &Config) -> Result<Self> {
        let table = |name| tensors.table(&format!("bert.embeddings.{name}_embeddings.weight"));
        Ok(Self {
            words: table("word")?,
            positions: table("position")?,
            cases: table("token_type")?,
            norm: LayerNorm::load(tensors, config, "bert.embeddings.LayerNorm")?,
        })
    }

    /// Appends a row for each token.
    fn extend(&self, states: &mut Vec<f32>, tokens: &Tokens) -> Result<()> {
        ensure!(
            tokens.len() <= self.positions.rows(),
            "a window of {} tokens; the model reads at most {}",
            tokens.len(),
            self.positions.rows()
        );
        let start = states.len();
        for (position, (&id, &case)) in tokens.ids.iter().zip(&tokens.cases).enumerate() {
            let id = id as usize;
            ensure!(
                id < self.words.rows(),
                "token {id} is not among the model's {}; tokenizer.json belongs to another model",
                self.words.rows()
            );
            let (word, by) = self.words.row(id);
            let (place, place_by) = self.positions.row(position);
            let (case, case_by) = self.cases.row(usize::from(case));
            states.extend(word.iter().zip(place).zip(case).map(|((&word, &place), &case)| {
                f32::from(word) * by + f32::from(place) * place_by + f32::from(case) * case_by
            }));
        }
        self.norm.apply(&mut states[start..]);
        Ok(())
    }
}
