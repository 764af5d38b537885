//! Inputs of any lengths -> padded batches of bounded size, and back.

use anyhow::{Result, ensure};
use tch::{Device, Kind, Tensor};

use crate::model::{Hidden, Input};

/// How inputs are put together.
pub(super) struct Batches {
    /// Where the network is.
    pub(super) device: Device,
    /// The id that fills short inputs up; the mask hides it.
    pub(super) padding: i64,
    /// How many ids the network knows.
    pub(super) words: usize,
    /// How many token types; 0 if it does not look at them.
    pub(super) types: usize,
    /// Most tokens of an input.
    pub(super) window: usize,
}

/// Inputs of similar lengths, filled up to the longest: inputs x tokens each.
pub(super) struct Batch {
    pub(super) ids: Tensor,
    pub(super) types: Tensor,
    /// 1 for a token of the input, 0 for padding.
    pub(super) mask: Tensor,
}

impl Batches {
    /// Tokens of a batch, padding included: what the embedded engine takes on a processor; enough
    /// to keep a GPU busy, some 200 MB of hidden states and attention in a BERT-base.
    pub(super) fn budget(&self) -> usize {
        if self.device.is_cuda() { 8192 } else { 512 }
    }

    /// Has the network read all inputs, longest first. It gives inputs x tokens x width, or inputs
    /// x width where it judges each as a whole.
    pub(super) fn run(
        &self,
        inputs: &[Input<'_>],
        network: impl Fn(&Batch) -> Result<Tensor>,
    ) -> Result<Vec<Hidden>> {
        inputs.iter().try_for_each(|input| self.check(input))?;
        let mut order: Vec<usize> = (0..inputs.len()).collect();
        order.sort_by_key(|&n| std::cmp::Reverse(inputs[n].ids.len()));
        let mut answers = Vec::with_capacity(inputs.len());
        let mut rest = &order[..];
        while let Some(&longest) = rest.first() {
            let longest = inputs[longest].ids.len();
            let (numbers, others) = rest.split_at((self.budget() / longest).clamp(1, rest.len()));
            let batch: Vec<Input<'_>> = numbers.iter().map(|&n| inputs[n]).collect();
            let output = network(&self.pad(&batch, longest)?)?;
            answers.extend(numbers.iter().copied().zip(hidden(&output, &batch)?));
            rest = others;
        }
        answers.sort_by_key(|(n, _)| *n);
        Ok(answers.into_iter().map(|(_, hidden)| hidden).collect())
    }

    /// What libtorch would end the program for, or answer with nonsense.
    fn check(&self, input: &Input<'_>) -> Result<()> {
        let tokens = input.ids.len();
        ensure!(
            (1..=self.window).contains(&tokens),
            "an input of {tokens} tokens; the model reads from 1 to {}",
            self.window
        );
        for &id in input.ids {
            ensure!(
                (id as usize) < self.words,
                "token {id} is not among the model's {}; tokenizer.json belongs to another model",
                self.words
            );
        }
        let kind = input.types.iter().copied().max().unwrap_or_default();
        ensure!(
            self.types == 0 || usize::from(kind) < self.types,
            "token type {kind} is not among the model's {}; tokenizer.json belongs to another model",
            self.types
        );
        Ok(())
    }

    fn pad(&self, inputs: &[Input<'_>], longest: usize) -> Result<Batch> {
        let size = inputs.len() * longest;
        let mut ids = vec![self.padding; size];
        let mut types = vec![0_i64; size];
        let mut mask = vec![0_i64; size];
        for (n, input) in inputs.iter().enumerate() {
            let row = n * longest;
            for (place, &id) in ids[row..].iter_mut().zip(input.ids) {
                *place = i64::from(id);
            }
            for (place, &kind) in types[row..].iter_mut().zip(input.types) {
                *place = i64::from(kind);
            }
            mask[row..row + input.ids.len()].fill(1);
        }
        let shape = [i64::try_from(inputs.len())?, i64::try_from(longest)?];
        let tensor = |values: &[i64]| {
            Tensor::f_from_slice(values)?.f_reshape(shape)?.f_to_device(self.device)
        };
        Ok(Batch { ids: tensor(&ids)?, types: tensor(&types)?, mask: tensor(&mask)? })
    }
}

/// The rows of each input, without those of its padding.
fn hidden(output: &Tensor, inputs: &[Input<'_>]) -> Result<Vec<Hidden>> {
    let width = usize::try_from(*output.size().last().unwrap_or(&1))?;
    let output = output.f_to_device(Device::Cpu)?.f_to_kind(Kind::Float)?;
    let values = Vec::<f32>::try_from(output.f_flatten(0, -1)?)?;
    let of_input = values.chunks_exact(values.len() / inputs.len());
    Ok(inputs
        .iter()
        .zip(of_input)
        .map(|(input, rows)| {
            let rows = &rows[..rows.len().min(input.ids.len() * width)];
            Hidden { values: rows.to_vec(), width }
        })
        .collect())
}
