//! A linear layer, in f32 or in int8.

use anyhow::Result;
use rten_simd::SimdUnaryOp;
use rten_vecmath::Gelu;

use super::int8::{Int8Linear, Then};
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

/// A linear layer.
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

    /// The layer stored as `name.weight` and `name.bias`.
    pub(super) fn named(tensors: &Tensors<'_>, name: &str, precision: Precision) -> Result<Self> {
        Self::load(tensors, &[name.to_owned()], precision)
    }

    /// The layer stored as `name.weight`, as layers that see `width` inputs each: products of parts
    /// add up to that of the whole. The last has the bias.
    pub(super) fn parts(
        tensors: &Tensors<'_>,
        name: &str,
        width: usize,
        mut bias: Option<Vec<f32>>,
        precision: Precision,
    ) -> Result<Vec<Self>> {
        let name = format!("{name}.weight");
        let ranges = |columns: usize| {
            let starts = (0..columns).step_by(width);
            starts.map(move |start| (start..start + width, start + width == columns))
        };
        match precision {
            Precision::F32 => {
                let weights = tensors.matrix(&name)?;
                let part = |(inputs, is_last)| {
                    let bias = if is_last { bias.take() } else { None };
                    Ok(Self::F32(Linear::of_inputs(&weights, inputs, bias)?))
                };
                ranges(weights.columns).map(part).collect()
            }
            Precision::Int8 => {
                let weights = tensors.table(&name)?;
                let part = |(inputs, is_last)| {
                    let bias = if is_last { bias.take() } else { None };
                    let bias = bias.unwrap_or_else(|| vec![0.0; weights.rows()]);
                    Ok(Self::Int8(Int8Linear::new(&weights.columns(inputs)?, bias)?))
                };
                ranges(weights.width()).map(part).collect()
            }
        }
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
    pub(super) fn apply(&self, input: &[f32], then: Then, output: &mut [f32]) -> Result<()> {
        match (self, then) {
            (Self::Int8(layer), _) => layer.apply(input, then, output),
            (Self::F32(layer), Then::Write) => layer.write(input, output),
            (Self::F32(layer), Then::Add) => layer.add(input, output),
            (Self::F32(layer), Then::Gelu) => {
                layer.write(input, output)?;
                Gelu {}.map_mut(output);
                Ok(())
            }
        }
    }

    /// The layer's answer in a new vector.
    pub(super) fn answer(&self, input: &[f32]) -> Result<Vec<f32>> {
        let mut output = vec![0.0; input.len() / self.inputs() * self.outputs()];
        self.apply(input, Then::Write, &mut output)?;
        Ok(output)
    }
}
