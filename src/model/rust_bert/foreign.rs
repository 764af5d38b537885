//! A model of someone else's, from a folder as Hugging Face's transformers save it.

use anyhow::{Context, Result};
use tch::Device;

use super::batches::Batches;
use super::families::{Network, Plan};
use super::pool::Pool;
use crate::assets::Assets;
use crate::model::weights::Tensors;
use crate::model::{Classifier, Hidden, Input, Task};

/// A tagger or an inference model.
pub(super) struct Foreign {
    networks: Pool<Network>,
    batches: Batches,
}

impl Foreign {
    /// Loads `config.json` and `model.safetensors`.
    pub(super) fn load(assets: &Assets, task: Task, device: Device) -> Result<Self> {
        let config = assets.read("config.json")?;
        let cannot = || format!("cannot use {}", assets.place("config.json"));
        let plan = Plan::new(&config, task).with_context(cannot)?;
        let batches = Batches {
            device,
            padding: plan.padding(),
            types: plan.types().with_context(cannot)?,
            words: plan.words().with_context(cannot)?,
            window: plan.window().with_context(cannot)?,
        };
        let weights = assets.read("model.safetensors").context(
            "save the model with transformers' save_pretrained, as one file (max_shard_size)",
        )?;
        let tensors = Tensors::of([&*weights])?;
        let build = move |root: &tch::nn::Path<'_>| plan.network(root);
        let networks = Pool::fill(&tensors, device, build)
            .with_context(|| format!("cannot use {}", assets.place("model.safetensors")))?;
        Ok(Self { networks, batches })
    }
}

impl Classifier for Foreign {
    fn window(&self) -> usize {
        self.batches.window
    }

    fn logits(&self, inputs: &[Input<'_>]) -> Result<Vec<Hidden>> {
        self.networks.with(|network| self.batches.run(inputs, network))
    }
}
