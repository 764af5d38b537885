//! The encoder by rust-bert, on libtorch: any BERT of ours in f32, on a processor or a GPU.

use anyhow::{Result, ensure};
use rust_bert::bert::{BertConfig, BertEmbeddings, BertModel};

use super::config::Config;
use super::engine::Device;
use super::heads::TrainedHeads;
use super::weights::Tensors;
use super::{Classifier, Heads, Hidden, Input, Model, Precision, Task};
use crate::assets::Assets;
use crate::encode::Tokens;

mod pool;
mod weights;
mod batches;
mod families;
mod foreign;
mod fetch;

pub(super) use fetch::fetch;

use batches::Batches;
use pool::Pool;

/// What rust-bert's BERT adds to a variance, whatever config.json says.
const EPSILON: f32 = 1e-12;

/// A model of ours: the encoder by libtorch, the heads as in the embedded engine.
struct RustBert {
    encoders: Pool<BertModel<BertEmbeddings>>,
    batches: Batches,
    heads: TrainedHeads,
}

/// Loads a model of ours.
pub(super) fn model(assets: &Assets, config: &Config, device: Device) -> Result<Box<dyn Model>> {
    check(config, assets)?;
    let device = on(device)?;
    let files = config.read_weights(assets)?;
    let tensors = Tensors::of(files.iter().map(|bytes| &**bytes))?;
    let theirs = theirs(config, &tensors)?;
    let batches = Batches {
        device,
        padding: 0,
        words: usize::try_from(theirs.vocab_size)?,
        types: usize::try_from(theirs.type_vocab_size)?,
        window: config.max_position_embeddings,
    };
    let build = move |root: &tch::nn::Path<'_>| {
        Ok(BertModel::new_with_optional_pooler(root / "bert", &theirs, false))
    };
    let heads = TrainedHeads::load(&tensors, config, Precision::F32)?;
    Ok(Box::new(RustBert { encoders: Pool::fill(&tensors, device, build)?, batches, heads }))
}

/// Loads a model of someone else's.
pub(super) fn classifier(
    assets: &Assets,
    task: Task,
    device: Device,
) -> Result<Box<dyn Classifier>> {
    Ok(Box::new(foreign::Foreign::load(assets, task, on(device)?)?))
}

fn check(config: &Config, assets: &Assets) -> Result<()> {
    let place = || assets.place("config.json");
    ensure!(
        config.relative_attention_num_buckets.is_none(),
        "{}: rust-bert cannot run an MPNet, as the larger model is; use --engine embedded",
        place()
    );
    ensure!(
        config.layer_norm_eps <= EPSILON * 10.0,
        "{}: layer_norm_eps is {}; rust-bert computes with {EPSILON}: use --engine embedded",
        place(),
        config.layer_norm_eps
    );
    Ok(())
}

/// The sizes as rust-bert wants them: those that `config.json` leaves to the weights, from these.
fn theirs(config: &Config, tensors: &Tensors<'_>) -> Result<BertConfig> {
    let rows = |name: &str| -> Result<i64> {
        let tensor = tensors.tensor(name)?;
        Ok(i64::try_from(tensor.shape().first().copied().unwrap_or_default())?)
    };
    Ok(BertConfig {
        vocab_size: rows("bert.embeddings.word_embeddings.weight")?,
        type_vocab_size: rows("bert.embeddings.token_type_embeddings.weight")?,
        max_position_embeddings: rows("bert.embeddings.position_embeddings.weight")?,
        intermediate_size: rows("bert.encoder.layer.0.intermediate.dense.weight")?,
        hidden_size: i64::try_from(config.hidden_size)?,
        num_hidden_layers: i64::try_from(config.num_hidden_layers)?,
        num_attention_heads: i64::try_from(config.num_attention_heads)?,
        ..BertConfig::default()
    })
}

/// The device, if it is there.
fn on(device: Device) -> Result<tch::Device> {
    let Device::Cuda(number) = device else { return Ok(tch::Device::Cpu) };
    let found = usize::try_from(tch::Cuda::device_count())?;
    ensure!(
        number < found,
        "no CUDA device {number}: libtorch finds {found}; use --device cpu, or build with LIBTORCH \
         set to a libtorch for your GPU (docs/engines.md)"
    );
    Ok(tch::Device::Cuda(number))
}

impl Model for RustBert {
    fn batch(&self) -> usize {
        self.batches.budget()
    }

    fn encode(&self, windows: &[&Tokens]) -> Result<Vec<Hidden>> {
        let inputs: Vec<Input<'_>> =
            windows.iter().map(|tokens| Input { ids: &tokens.ids, types: &tokens.cases }).collect();
        self.encoders.with(|encoder| {
            self.batches.run(&inputs, |batch| {
                let (ids, mask, types) = (Some(&batch.ids), Some(&batch.mask), Some(&batch.types));
                let output = encoder.forward_t(ids, mask, types, None, None, None, None, false)?;
                Ok(output.hidden_state)
            })
        })
    }

    fn heads(&self) -> &dyn Heads {
        &self.heads
    }
}
