//! The kinds of models that rust-bert runs for us: from `config.json` to a network.

use anyhow::{Context, Result, bail, ensure};
use rust_bert::bert::{BertForSequenceClassification, BertForTokenClassification};
use rust_bert::distilbert::{DistilBertForTokenClassification, DistilBertModelClassifier};
use rust_bert::roberta::{RobertaForSequenceClassification, RobertaForTokenClassification};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use tch::Tensor;
use tch::nn::Path;

use super::batches::Batch;
use crate::model::Task;

/// A network that answers a batch with logits.
pub(super) type Network = Box<dyn Fn(&Batch) -> Result<Tensor> + Send>;

/// A family of models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Bert,
    Roberta,
    DistilBert,
}

/// What `model_type` may say. rust-bert 0.23 has DeBERTas too, but they answer otherwise than those of
/// transformers: v1 counts heads where it means tokens (so that only neighbours up to that number
/// are told apart), v2 forgets a square root and an offset.
const FAMILIES: [(&str, Family); 4] = [
    ("bert", Family::Bert),
    ("roberta", Family::Roberta),
    ("xlm-roberta", Family::Roberta),
    ("distilbert", Family::DistilBert),
];

/// What a model is made of, by its `config.json`.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    family: Family,
    task: Task,
    config: Value,
}

impl Plan {
    /// Reads the contents of a `config.json`.
    pub(super) fn new(json: &[u8], task: Task) -> Result<Self> {
        let given: Map<String, Value> = serde_json::from_slice(json)?;
        let named = given.get("model_type").and_then(Value::as_str).unwrap_or("not named");
        let Some((_, family)) = FAMILIES.iter().find(|(name, _)| *name == named) else {
            let known = FAMILIES.map(|(name, _)| name).join(", ");
            bail!("model_type is {named}; the rust-bert engine runs {known}");
        };
        let mut config = unsaid();
        config.extend(given.into_iter().filter(|(_, value)| !value.is_null()));
        let plan = Self { family: *family, task, config: Value::Object(config) };
        let (width, heads) = match family {
            Family::DistilBert => (plan.size("dim")?, plan.size("n_heads")?),
            _ => (plan.size("hidden_size")?, plan.size("num_attention_heads")?),
        };
        ensure!(heads > 0 && width % heads == 0, "{width} numbers a token and {heads} heads");
        Ok(plan)
    }

    /// Most tokens of an input.
    pub(super) fn window(&self) -> Result<usize> {
        let positions = self.size("max_position_embeddings")?;
        // RoBERTa counts from the id of its padding, 1, and one on.
        Ok(if self.family == Family::Roberta { positions.saturating_sub(2) } else { positions })
    }

    /// How many ids the model knows.
    pub(super) fn words(&self) -> Result<usize> {
        self.size("vocab_size")
    }

    /// How many token types the model tells apart; 0 if it does not look at them.
    pub(super) fn types(&self) -> Result<usize> {
        if self.family == Family::DistilBert { Ok(0) } else { self.size("type_vocab_size") }
    }

    /// The id of padding.
    pub(super) fn padding(&self) -> i64 {
        let usual = if self.family == Family::Roberta { 1 } else { 0 };
        self.config.get("pad_token_id").and_then(Value::as_i64).unwrap_or(usual)
    }

    fn size(&self, key: &str) -> Result<usize> {
        let size = self.config.get(key).and_then(Value::as_u64);
        Ok(usize::try_from(size.with_context(|| format!("{key} is missing, or no number"))?)?)
    }

    fn sizes<C: DeserializeOwned>(&self) -> Result<C> {
        Ok(serde_json::from_value(self.config.clone())?)
    }

    /// Makes the network, with weights at the path.
    pub(super) fn network(&self, root: &Path<'_>) -> Result<Network> {
        macro_rules! network {
            ($kind:ident) => {{
                let network = $kind::new(root, &self.sizes()?)?;
                Box::new(move |batch: &Batch| {
                    let (ids, mask, types) = (Some(&batch.ids), Some(&batch.mask), &batch.types);
                    Ok(network.forward_t(ids, mask, Some(types), None, None, false).logits)
                }) as Network
            }};
            ($kind:ident without types) => {{
                let network = $kind::new(root, &self.sizes()?)?;
                Box::new(move |batch: &Batch| {
                    let (ids, mask) = (Some(&batch.ids), Some(&batch.mask));
                    Ok(network.forward_t(ids, mask, None, false)?.logits)
                }) as Network
            }};
        }
        Ok(match (self.family, self.task) {
            (Family::Bert, Task::Tags) => network!(BertForTokenClassification),
            (Family::Bert, Task::Inference) => network!(BertForSequenceClassification),
            (Family::Roberta, Task::Tags) => network!(RobertaForTokenClassification),
            (Family::Roberta, Task::Inference) => network!(RobertaForSequenceClassification),
            (Family::DistilBert, Task::Tags) => {
                network!(DistilBertForTokenClassification without types)
            }
            (Family::DistilBert, Task::Inference) => {
                network!(DistilBertModelClassifier without types)
            }
        })
    }
}

/// Keys that rust-bert asks for and a `config.json` may lack, with what transformers takes then.
/// Those of training (dropout, the spread of random weights) only have to be there.
fn unsaid() -> Map<String, Value> {
    let json = json!({
        "hidden_act": "gelu", "type_vocab_size": 2, "initializer_range": 0.02,
        "attention_probs_dropout_prob": 0.0, "hidden_dropout_prob": 0.0,
        "activation": "gelu", "sinusoidal_pos_embds": false, "tie_weights_": true,
        "attention_dropout": 0.0, "dropout": 0.0, "qa_dropout": 0.0, "seq_classif_dropout": 0.0,
    });
    let Value::Object(keys) = json else { unreachable!("it is written as an object") };
    keys
}
