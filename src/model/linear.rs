//! Multiplies rows with a matrix of weights, by rten-gemm.

use std::ops::Range;

use anyhow::{Result, ensure};
use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_tensor::{Matrix as View, NdTensorView};

use super::weights::Matrix;

/// A linear layer: `output = input * weights + bias`, a row at a time.
///
/// The weights are packed once, for speed and because products with packed weights treat each row
/// alike, however many there are: an unpacked product of a single row sums in another order.
pub(super) struct Linear {
    gemm: GemmExecutor,
    weights: PackedBMatrix<f32>,
    bias: Option<Vec<f32>>,
}

impl Linear {
    /// A layer of weights as stored, outputs x inputs.
    pub(super) fn new(weights: &Matrix, bias: Option<Vec<f32>>) -> Result<Self> {
        Self::of_inputs(weights, 0..weights.columns, bias)
    }

    /// A layer that sees only some of the inputs: products of parts add up to that of the whole.
    pub(super) fn of_inputs(
        weights: &Matrix,
        inputs: Range<usize>,
        bias: Option<Vec<f32>>,
    ) -> Result<Self> {
        if let Some(bias) = &bias {
            ensure!(
                bias.len() == weights.rows,
                "a layer has {} outputs and {} biases",
                weights.rows,
                bias.len()
            );
        }
        ensure!(inputs.end <= weights.columns, "a layer has {} inputs", weights.columns);
        let transposed = view(
            &weights.values[inputs.start..],
            [inputs.len(), weights.rows],
            [1, weights.columns],
        );
        let gemm = GemmExecutor::default();
        Ok(Self { weights: gemm.prepack_b(transposed), gemm, bias })
    }

    pub(super) fn inputs(&self) -> usize {
        self.weights.rows()
    }

    pub(super) fn outputs(&self) -> usize {
        self.weights.cols()
    }

    /// Overwrites `output` (rows x outputs) with the layer's answer to `input` (rows x inputs).
    pub(super) fn write(&self, input: &[f32], output: &mut [f32]) -> Result<()> {
        // Put there before the product, which adds to it: rten-gemm's own bias is a scalar loop.
        match &self.bias {
            Some(bias) => {
                output.chunks_exact_mut(bias.len()).for_each(|row| row.copy_from_slice(bias))
            }
            None => output.fill(0.0),
        }
        self.add_product(input, output)
    }

    /// Adds the layer's answer to what `output` holds.
    pub(super) fn add(&self, input: &[f32], output: &mut [f32]) -> Result<()> {
        if let Some(bias) = &self.bias {
            for row in output.chunks_exact_mut(bias.len()) {
                for (value, bias) in row.iter_mut().zip(bias) {
                    *value += bias;
                }
            }
        }
        self.add_product(input, output)
    }

    fn add_product(&self, input: &[f32], output: &mut [f32]) -> Result<()> {
        let rows = input.len() / self.inputs();
        let input = view(input, [rows, self.inputs()], [self.inputs(), 1]);
        let options = GemmOptions { beta: 1.0, ..GemmOptions::default() };
        let weights = GemmInputB::Packed(&self.weights);
        self.gemm.gemm(output, GemmInputA::Unpacked(input), weights, options)?;
        Ok(())
    }
}

/// Rows and columns of a slice, `strides` apart.
pub(super) fn view<T>(values: &[T], shape: [usize; 2], strides: [usize; 2]) -> View<'_, T> {
    NdTensorView::from_slice_with_strides(shape, values, strides)
        .expect("callers cut the slice to the shape")
}
