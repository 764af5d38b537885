//! Linear layers in int8: rows are rounded to 8 bits, multiplied as integers and scaled back.
//!
//! Each row has a scale of its own, so that what becomes of a token does not depend on the tokens
//! it shares a batch with, and integer sums are exact in any order.

use std::cell::Cell;

use anyhow::{Result, ensure};
use rten_simd::ops::{BitOps, FloatOps, NarrowSaturate, NumOps, ToFloat};
use rten_simd::{Isa, Simd, SimdOp, SimdUnaryOp};

use super::aligned::Aligned;
use super::gelu::Gelu;
use super::product::{Product, Sums};
use super::tiles::{BLOCK, stride};
use super::vector::{fold, load, store};
use super::weights::Table;

/// A linear layer whose weights are int8, with a scale for each output.
pub(super) struct Int8Linear {
    product: Product,
    /// The sum of the weights of each output. What an input's zero adds to a product is this times
    /// the zero; rten-gemm 0.27 would subtract it, but takes the zeros of the first rows for all.
    weight_sums: Vec<f32>,
    scales: Vec<f32>,
    bias: Vec<f32>,
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

thread_local! {
    /// The buffers of the thread's last product.
    static SCRATCH: Cell<Scratch> = Cell::default();
}

/// Buffers of a product, kept from one to the next.
#[derive(Default)]
struct Scratch {
    rounded: Rounded,
    sums: Aligned<i32>,
}

/// Rows of 8-bit numbers: `(value - zero) * scale`, with a zero and a scale for each row.
#[derive(Default)]
struct Rounded {
    /// Whole blocks of rows, [`stride`] from one to the next; what is past the last of a row or
    /// of the rows says nothing.
    values: Aligned<u8>,
    zeros: Vec<i32>,
    scales: Vec<f32>,
}

impl Int8Linear {
    /// A layer of weights as stored, outputs x inputs.
    pub(super) fn new(weights: &Table, bias: Vec<f32>) -> Result<Self> {
        let (inputs, outputs) = (weights.width(), weights.rows());
        ensure!(bias.len() == outputs, "a layer has {outputs} outputs and {} biases", bias.len());
        let sum = |row: &[i8]| row.iter().map(|&weight| i32::from(weight)).sum::<i32>() as f32;
        let weight_sums = weights.values().chunks_exact(inputs).map(sum).collect();
        let scales = weights.scales().to_vec();
        Ok(Self { product: Product::of(weights), weight_sums, scales, bias })
    }

    pub(super) fn inputs(&self) -> usize {
        self.product.inputs()
    }

    pub(super) fn outputs(&self) -> usize {
        self.product.outputs()
    }

    /// Has `output` (rows x outputs) take the layer's answer to `input` (rows x inputs).
    pub(super) fn apply(&self, input: &[f32], then: Then, output: &mut [f32]) -> Result<()> {
        let mut scratch = SCRATCH.take();
        let Scratch { rounded, sums } = &mut scratch;
        let width = self.inputs();
        Round { input, width, rounded }.dispatch();
        let count = rounded.scales.len();
        let rows = rounded.values.get(count.next_multiple_of(BLOCK) * stride(width));
        self.product.multiply(rows, count, sums, |sums| {
            ScaleBack { sums, rounded, layer: self, then, output }.dispatch();
        })?;
        SCRATCH.set(scratch);
        Ok(())
    }
}

/// Rounds rows to the numbers from 0 to 255, between the least and the greatest of each.
struct Round<'a> {
    input: &'a [f32],
    width: usize,
    rounded: &'a mut Rounded,
}

impl SimdOp for Round<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let Rounded { values, zeros, scales } = self.rounded;
        zeros.clear();
        scales.clear();
        let count = (self.input.len() / self.width).next_multiple_of(BLOCK);
        let stride = stride(self.width);
        let values = values.first(count * stride).chunks_exact_mut(stride);
        let rows = self.input.chunks_exact(self.width).zip(values);
        for (row, values) in rows {
            let [least, greatest] = bounds(isa, row);
            let scale = ((greatest - least) / 255.0).max(f32::MIN_POSITIVE);
            let zero = (-least / scale).round_ties_even();
            scales.push(scale);
            zeros.push(zero as i32);
            round(isa, row, 1.0 / scale, zero as i32, &mut values[..self.width]);
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
        fold(least.to_array(), ops.len(), |a, b| if a < b { a } else { b }),
        fold(greatest.to_array(), ops.len(), |a, b| if a > b { a } else { b }),
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
    sums: Sums<'a>,
    rounded: &'a Rounded,
    layer: &'a Int8Linear,
    then: Then,
    output: &'a mut [f32],
}

impl SimdOp for ScaleBack<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let lanes = isa.f32().len();
        let Self { sums: Sums { row, outputs, values, stride }, rounded, layer, .. } = self;
        let whole = outputs.len() / lanes * lanes;
        let columns = [&layer.scales, &layer.bias, &layer.weight_sums];
        let columns = columns.map(|column| column[outputs.clone()].split_at(whole));
        let [scales, bias, weight_sums] = columns.map(|(whole, _)| whole.chunks_exact(lanes));
        let rest = columns.map(|(_, rest)| rest);
        let scale_back = ScaleVectorBack { isa, then: self.then };

        let of_rows = rounded.scales.iter().zip(&rounded.zeros).skip(row);
        let rows = self.output.chunks_exact_mut(layer.outputs()).skip(row);
        for ((sums, output), of_row) in values.chunks_exact(stride).zip(rows).zip(of_rows) {
            let sums = &sums[..outputs.len()];
            let (sums, last_sums) = sums.split_at(whole);
            let (output, last) = output[outputs.clone()].split_at_mut(whole);
            let columns = scales.clone().zip(bias.clone()).zip(weight_sums.clone());
            let vectors = sums.chunks_exact(lanes).zip(output.chunks_exact_mut(lanes));
            for ((sums, output), ((scales, bias), weight_sums)) in vectors.zip(columns) {
                scale_back.eval(sums, of_row, [scales, bias, weight_sums], output);
            }
            if !last.is_empty() {
                scale_back.eval(last_sums, of_row, rest, last);
            }
        }
    }
}

/// As [`ScaleBack`], for the sums of a vector, or less, of one row.
#[derive(Clone, Copy)]
struct ScaleVectorBack<I> {
    isa: I,
    then: Then,
}

impl<I: Isa> ScaleVectorBack<I> {
    /// The columns are scales, bias and sums of weights.
    #[inline(always)]
    fn eval(
        self,
        sums: &[i32],
        (&scale, &zero): (&f32, &i32),
        [scales, bias, weight_sums]: [&[f32]; 3],
        output: &mut [f32],
    ) {
        let (floats, integers) = (self.isa.f32(), self.isa.i32());
        let (scale, zero) = (floats.splat(scale), floats.splat(zero as f32));
        let sums = integers.to_float(load(integers, sums));
        let sums = floats.mul_sub_from(zero, load(floats, weight_sums), sums);
        let by = floats.mul(scale, load(floats, scales));
        let answer = floats.mul_add(sums, by, load(floats, bias));
        let answer = match self.then {
            Then::Write => answer,
            Then::Gelu => Gelu.eval(self.isa, answer),
            Then::Add => floats.add(answer, load(floats, output)),
        };
        store(floats, answer, output);
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

    fn rounded(width: usize, is_generic: bool) -> Rounded {
        let input: Vec<f32> = ROWS.iter().flat_map(|row| (0..width).map(row)).collect();
        let mut rounded = Rounded::default();
        let round = Round { input: &input, width, rounded: &mut rounded };
        if is_generic {
            round.eval(GenericIsa::new())
        } else {
            round.dispatch()
        };
        rounded
    }

    #[test]
    fn rounding_is_off_by_less_than_a_step_with_any_instructions() {
        for width in [1, 64, 150] {
            for is_generic in [false, true] {
                let Rounded { values, zeros, scales } = rounded(width, is_generic);
                let stride = stride(width);
                for (n, &value) in values.get(ROWS.len() * stride).iter().enumerate() {
                    let (row, column) = (n / stride, n % stride);
                    if column >= width {
                        continue;
                    }
                    let back = (i32::from(value) - zeros[row]) as f32 * scales[row];
                    let off = (back - ROWS[row](column)).abs();
                    assert!(off <= 1.01 * scales[row], "{off} with steps of {}", scales[row]);
                }
            }
        }
    }

    #[test]
    fn every_kernel_gives_the_same_answer() {
        const INPUTS: usize = 1500;
        const OUTPUTS: usize = 99;
        let values = (0..INPUTS * OUTPUTS).map(|n| (n * 89 % 255) as u8 as i8).collect();
        let scales = (0..OUTPUTS).map(|n| 0.001 + n as f32 * 1e-5).collect();
        let weights = Table::new(INPUTS, values, scales);
        let bias: Vec<f32> = (0..OUTPUTS).map(|n| (n as f32).cos()).collect();
        let layers: Vec<_> = Product::all(&weights)
            .into_iter()
            .map(|product| {
                let mut layer = Int8Linear::new(&weights, bias.clone()).unwrap();
                layer.product = product;
                layer
            })
            .collect();
        for rows in [1, 31, 32, 33, 70] {
            let input: Vec<f32> = (0..rows * INPUTS).map(|n| (n as f32 * 0.37).sin()).collect();
            for then in [Then::Write, Then::Gelu, Then::Add] {
                let answer = |layer: &Int8Linear| {
                    let mut output = vec![0.5; rows * OUTPUTS];
                    layer.apply(&input, then, &mut output).unwrap();
                    output
                };
                for layer in &layers[1..] {
                    assert_eq!(answer(layer), answer(&layers[0]), "{rows} rows, {then:?}");
                }
            }
        }
    }
}
