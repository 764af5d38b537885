//! Linear layers in int8: rows are rounded to 8 bits, multiplied as integers and scaled back.
//!
//! Each row has a scale of its own, so that what becomes of a token does not depend on the tokens
//! it shares a batch with, and integer sums are exact in any order.

use anyhow::{Result, ensure};
use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_simd::ops::{BitOps, FloatOps, NarrowSaturate, NumOps, ToFloat};
use rten_simd::{Isa, Simd, SimdOp, SimdUnaryOp};
use rten_vecmath::Gelu;

use super::linear::view;
use super::vector::{load, store};
use super::weights::Table;

/// A linear layer whose weights are int8, with a scale for each output.
pub(super) struct Int8Linear {
    gemm: GemmExecutor<u8, i8, i32>,
    weights: PackedBMatrix<i8>,
    /// The sum of the weights of each output. What an input's zero adds to a product is this times
    /// the zero; rten-gemm 0.27 would subtract it, but takes the zeros of the first rows for all.
    weight_sums: Vec<i32>,
    scales: Vec<f32>,
    bias: Vec<f32>,
    /// The largest value of a rounded input.
    levels: f32,
}

/// What becomes of the layer's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// It is written.
    Write,
    /// It goes through the Gaussian error linear unit and is written.
    Gelu,
    /// It is added to what is there.
    Add,
}

/// Buffers of a product, kept from one to the next.
#[derive(Default)]
pub(super) struct Scratch {
    rounded: Rounded,
    sums: Vec<i32>,
}

/// Rows of 8-bit numbers: `(value - zero) * scale`, with a zero and a scale for each row.
#[derive(Default)]
struct Rounded {
    values: Vec<u8>,
    zeros: Vec<i32>,
    scales: Vec<f32>,
}

impl Int8Linear {
    /// A layer of weights as stored, outputs x inputs.
    pub(super) fn new(weights: &Table, bias: Vec<f32>) -> Result<Self> {
        let (inputs, outputs) = (weights.width(), weights.rows());
        ensure!(bias.len() == outputs, "a layer has {outputs} outputs and {} biases", bias.len());
        let gemm = GemmExecutor::<u8, i8, i32>::default();
        // Processors before VNNI add two products of 8 bits in 16: these must fit.
        let levels = if gemm.may_saturate() { 127.0 } else { 255.0 };
        let sum = |row: &[i8]| row.iter().map(|&weight| i32::from(weight)).sum();
        let weight_sums = weights.values().chunks_exact(inputs).map(sum).collect();
        let transposed = view(weights.values(), [inputs, outputs], [1, inputs]);
        let scales = weights.scales().to_vec();
        let weights = gemm.prepack_b(transposed);
        Ok(Self { gemm, weights, weight_sums, scales, bias, levels })
    }

    pub(super) fn inputs(&self) -> usize {
        self.weights.rows()
    }

    pub(super) fn outputs(&self) -> usize {
        self.weights.cols()
    }

    /// Has `output` (rows x outputs) take the layer's answer to `input` (rows x inputs).
    pub(super) fn apply(
        &self,
        input: &[f32],
        then: Then,
        output: &mut [f32],
        scratch: &mut Scratch,
    ) -> Result<()> {
        let Scratch { rounded, sums } = scratch;
        Round { input, width: self.inputs(), levels: self.levels, rounded }.dispatch();
        let rows = rounded.scales.len();
        // It never shrinks: growing fills with zeros what the product overwrites.
        let count = rows * self.outputs();
        sums.resize(sums.len().max(count), 0);
        let sums = &mut sums[..count];
        self.gemm.gemm(
            sums,
            GemmInputA::Unpacked(view(&rounded.values, [rows, self.inputs()], [self.inputs(), 1])),
            GemmInputB::Packed(&self.weights),
            GemmOptions::default(),
        )?;
        ScaleBack { sums, rounded, layer: self, then, output }.dispatch();
        Ok(())
    }
}

/// Rounds rows to the numbers from 0 to `levels`, between the least and the greatest of each.
struct Round<'a> {
    input: &'a [f32],
    width: usize,
    levels: f32,
    rounded: &'a mut Rounded,
}

impl SimdOp for Round<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let Rounded { values, zeros, scales } = self.rounded;
        values.resize(self.input.len(), 0);
        zeros.clear();
        scales.clear();
        let rows = self.input.chunks_exact(self.width).zip(values.chunks_exact_mut(self.width));
        for (row, values) in rows {
            let [least, greatest] = bounds(isa, row);
            let scale = ((greatest - least) / self.levels).max(f32::MIN_POSITIVE);
            let zero = (-least / scale).round_ties_even();
            scales.push(scale);
            zeros.push(zero as i32);
            round(isa, row, 1.0 / scale, zero as i32, values);
        }
    }
}

/// The least and the greatest number of a row, and zero.
#[inline(always)]
fn bounds<I: Isa>(isa: I, row: &[f32]) -> [f32; 2] {
    let ops = isa.f32();
    // Four of each, so that no step waits for the one before it.
    let mut least = [ops.zero(); 4];
    let mut greatest = [ops.zero(); 4];
    for numbers in row.chunks(4 * ops.len()) {
        for (n, numbers) in numbers.chunks(ops.len()).enumerate() {
            let numbers = load(ops, numbers);
            least[n] = ops.min(least[n], numbers);
            greatest[n] = ops.max(greatest[n], numbers);
        }
    }
    let least = ops.min(ops.min(least[0], least[1]), ops.min(least[2], least[3]));
    let greatest = ops.max(ops.max(greatest[0], greatest[1]), ops.max(greatest[2], greatest[3]));
    [
        least.to_array().into_iter().fold(0.0, f32::min),
        greatest.to_array().into_iter().fold(0.0, f32::max),
    ]
}

/// Rounds a row to 8 bits, a vector of bytes at a time.
#[inline(always)]
fn round<I: Isa>(isa: I, row: &[f32], by: f32, zero: i32, to: &mut [u8]) {
    let (floats, integers, shorts, bytes) = (isa.f32(), isa.i32(), isa.i16(), isa.u8());
    let lanes = floats.len();
    let scale = floats.splat(by);
    let shift = integers.splat(zero);
    let mut wholes = row.chunks_exact(bytes.len());
    let mut wholes_to = to.chunks_exact_mut(bytes.len());
    for (row, to) in wholes.by_ref().zip(wholes_to.by_ref()) {
        let mut parts = [shift; 4];
        for (n, part) in parts.iter_mut().enumerate() {
            let numbers = floats.mul(floats.load(&row[n * lanes..]), scale);
            *part = integers.add(floats.to_int_round(numbers), shift);
        }
        let low = integers.narrow_saturate(parts[0], parts[1]);
        let high = integers.narrow_saturate(parts[2], parts[3]);
        bytes.store(shorts.narrow_saturate(low, high), to);
    }
    for (number, to) in wholes.remainder().iter().zip(wholes_to.into_remainder()) {
        *to = ((number * by).round_ties_even() as i32 + zero) as u8;
    }
}

/// Turns integer sums back into numbers: times the scales of row and output, plus the bias.
struct ScaleBack<'a> {
    sums: &'a [i32],
    rounded: &'a Rounded,
    layer: &'a Int8Linear,
    then: Then,
    output: &'a mut [f32],
}

impl SimdOp for ScaleBack<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let (floats, integers) = (isa.f32(), isa.i32());
        let lanes = floats.len();
        let width = self.layer.outputs();
        let rows = self.sums.chunks_exact(width).zip(self.output.chunks_exact_mut(width));
        let Int8Linear { weight_sums, scales, bias, .. } = self.layer;
        let of_rows = self.rounded.scales.iter().zip(&self.rounded.zeros);
        for ((sums, output), (&scale, &zero)) in rows.zip(of_rows) {
            let (scale, zero) = (floats.splat(scale), integers.splat(zero));
            let columns =
                scales.chunks(lanes).zip(bias.chunks(lanes)).zip(weight_sums.chunks(lanes));
            let values = sums.chunks(lanes).zip(output.chunks_mut(lanes));
            for ((sums, output), ((scales, bias), weight_sums)) in values.zip(columns) {
                let of_zero = integers.mul(zero, load(integers, weight_sums));
                let sums = integers.to_float(integers.sub(load(integers, sums), of_zero));
                let by = floats.mul(scale, load(floats, scales));
                let answer = floats.mul_add(sums, by, load(floats, bias));
                let answer = match self.then {
                    Then::Write => answer,
                    Then::Gelu => Gelu {}.eval(isa, answer),
                    Then::Add => floats.add(answer, load(floats, output)),
                };
                store(floats, answer, output);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rten_simd::isa::GenericIsa;

    use super::*;

    /// Rows with one far number, with one sign, with two, with none.
    const ROWS: [fn(usize) -> f32; 4] = [
        |n| if n == 5 { 40.0 } else { (n as f32).sin() },
        |n| 1.0 + (n as f32 * 0.7).sin(),
        |n| (n as f32 * 12.9898).sin(),
        |_| 0.0,
    ];

    fn rounded(width: usize, levels: f32, is_generic: bool) -> Rounded {
        let input: Vec<f32> = ROWS.iter().flat_map(|row| (0..width).map(row)).collect();
        let mut rounded = Rounded::default();
        let round = Round { input: &input, width, levels, rounded: &mut rounded };
        if is_generic {
            round.eval(GenericIsa::new())
        } else {
            round.dispatch()
        };
        rounded
    }

    #[test]
    fn rounding_is_off_by_less_than_a_step_with_any_instructions() {
        for (width, levels) in [(1, 255.0), (64, 255.0), (150, 255.0), (150, 127.0)] {
            for is_generic in [false, true] {
                let Rounded { values, zeros, scales } = rounded(width, levels, is_generic);
                for (n, &value) in values.iter().enumerate() {
                    let (row, column) = (n / width, n % width);
                    let back = (i32::from(value) - zeros[row]) as f32 * scales[row];
                    let off = (back - ROWS[row](column)).abs();
                    assert!(off <= 1.01 * scales[row], "{off} with steps of {}", scales[row]);
                    assert!(f32::from(value) <= levels + 1.0);
                }
            }
        }
    }
}
