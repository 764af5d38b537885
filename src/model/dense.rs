//! A linear layer of the encoder, in f32 or in int8.

use anyhow::Result;
use rten_simd::SimdUnaryOp;
use rten_vecmath::Gelu;

use super::int8::{Int8Linear, Scratch, Then};
use super::linear::Linear;
use super::weights::{Matrix, Table, Tensors};

/// How the encoder computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// As in training; for comparison.
    F32,
    /// Weights and inputs of its linear layers rounded to 8 bits: several times as fast.
    Int8,
}

/// A linear layer of the encoder.
pub(super) enum Dense {
    F32(Linear),
    Int8(Int8Linear),
}

impl Dense {
    /// The outputs of the layers stored as `name.weight` and `name.bias`, side by side.
    pub(super) fn load(
        tensors: &Tensors<'_>,
        names: &[String],
        precision: Precision,
    ) -> Result<Self> {
        let mut bias = Vec::new();
        for name in names {
            bias.extend(tensors.vector(&format!("{name}.bias"))?);
        }
        let weights = names.iter().map(|name| format!("{name}.weight"));
        Ok(match precision {
            Precision::F32 => {
                let parts = weights.map(|name| tensors.matrix(&name)).collect::<Result<_>>()?;
                Self::F32(Linear::new(&Matrix::stacked(parts)?, Some(bias))?)
            }
            Precision::Int8 => {
                let parts = weights.map(|name| tensors.table(&name)).collect::<Result<_>>()?;
                Self::Int8(Int8Linear::new(&Table::stacked(parts)?, bias)?)
            }
        })
    }

    pub(super) fn inputs(&self) -> usize {
        match self {
            Self::F32(layer) => layer.inputs(),
            Self::Int8(layer) => layer.inputs(),
        }
    }

    pub(super) fn outputs(&self) -> usize {
        match self {
            Self::F32(layer) => layer.outputs(),
            Self::Int8(layer) => layer.outputs(),
        }
    }

    /// Has `output` (rows x outputs) take the layer's answer to `input` (rows x inputs).
    pub(super) fn apply(
        &self,
        input: &[f32],
        then: Then,
        output: &mut [f32],
        scratch: &mut Scratch,
    ) -> Result<()> {
        match (self, then) {
            (Self::Int8(layer), _) => layer.apply(input, then, output, scratch),
            (Self::F32(layer), Then::Write) => layer.write(input, output),
            (Self::F32(layer), Then::Add) => layer.add(input, output),
            (Self::F32(layer), Then::Gelu) => {
                layer.write(input, output)?;
                Gelu {}.map_mut(output);
                Ok(())
            }
        }
    }
}
