//! The heads of a model: what every engine asks about the hidden states it has computed.
//!
//! They run on the processor, whatever the encoder runs on: a head is a few small products a
//! sentence, less work than it is to start them on a GPU.

use std::ops::Range;

use anyhow::{Context, Result, ensure};

use super::config::Config;
use super::dense::{Dense, Precision};
use super::span_head::SpanHead;
use super::weights::Tensors;
use super::{Heads, Hidden, PairTask, SpanTask};

/// The heads of a model of ours.
pub(super) struct TrainedHeads {
    entities: Option<Dense>,
    sentiment: Option<SpanHead<1>>,
    kind: Option<SpanHead<1>>,
    stance: Option<SpanHead<2>>,
    relation: Option<SpanHead<2>>,
}

impl TrainedHeads {
    /// Loads the heads that have labels.
    pub(super) fn load(
        tensors: &Tensors<'_>,
        config: &Config,
        precision: Precision,
    ) -> Result<Self> {
        let labels = &config.heads;
        let spans = |name, labels: usize| load_head(tensors, config, precision, name, labels);
        let pairs = |name, labels: usize| load_head(tensors, config, precision, name, labels);
        Ok(Self {
            entities: load_entities(tensors, precision, labels.entities.len())?,
            sentiment: spans("sentiment", labels.sentiment.len())?,
            kind: spans("kind", labels.kind.len())?,
            stance: pairs("stance", labels.stance.len())?,
            relation: pairs("relation", labels.relation.len())?,
        })
    }
}

impl Heads for TrainedHeads {
    fn tags(&self, hidden: &Hidden) -> Result<Vec<f32>> {
        present(&self.entities, "entities")?.answer(&hidden.values)
    }

    fn score_spans(
        &self,
        task: SpanTask,
        hidden: &Hidden,
        spans: &[Range<usize>],
    ) -> Result<Vec<Vec<f32>>> {
        let items: Vec<_> = spans.iter().cloned().map(|span| [span]).collect();
        let head = match task {
            SpanTask::Sentiment => present(&self.sentiment, "sentiment")?,
            SpanTask::Kind => present(&self.kind, "kind")?,
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
            PairTask::Stance => present(&self.stance, "stance")?,
            PairTask::Relation => present(&self.relation, "relation")?,
        };
        head.score(hidden, pairs)
    }
}

fn load_entities(
    tensors: &Tensors<'_>,
    precision: Precision,
    labels: usize,
) -> Result<Option<Dense>> {
    if labels == 0 {
        return Ok(None);
    }
    let entities = Dense::named(tensors, "entities", precision)?;
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
    precision: Precision,
    name: &str,
    labels: usize,
) -> Result<Option<SpanHead<N>>> {
    (labels > 0)
        .then(|| SpanHead::load(tensors, name, config.hidden_size, precision, labels))
        .transpose()
}

/// The head, or an error that names what the model lacks.
fn present<'a, T>(head: &'a Option<T>, name: &str) -> Result<&'a T> {
    head.as_ref().with_context(|| {
        format!("the model has no head '{name}': its config.json lists none; take another model")
    })
}
