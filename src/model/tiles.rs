//! Multiplies rows of 8-bit numbers with weights, a block of sums at a time, where rten-gemm has no
//! kernel for what a processor can do. Sums are those of any other kernel, bit for bit.
#![cfg_attr(not(target_arch = "x86_64"), allow(unused_mut, unused_variables))] // no units there

use super::aligned::Aligned;
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
use super::amx;
#[cfg(target_arch = "x86_64")]
use super::avx2;

/// Rows, and outputs, of a block: two tiles of each.
pub(super) const BLOCK: usize = 2 * LANES;

/// Rows of a tile, and outputs of one.
pub(super) const LANES: usize = 16;

/// Bytes of a tile's row: 64 inputs of a row, four inputs of 16 outputs, or 16 sums.
pub(super) const BYTES: usize = 64;

/// What multiplies.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unit {
    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    Amx,
    #[cfg(target_arch = "x86_64")]
    AvxVnni,
    #[cfg(target_arch = "x86_64")]
    Avx2,
}

/// Weights in tiles.
pub(super) struct Tiles {
    unit: Unit,
    inputs: usize,
    outputs: usize,
    /// A tile for each 16 outputs and each 64 inputs, zeros past the last. It has a row for each
    /// four inputs, and in it those four of each output.
    weights: Aligned<i8>,
}

impl Unit {
    /// Whether it is AMX, which is faster than anything else.
    pub(super) fn has_tiles(self) -> bool {
        match self {
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Self::Amx => true,
            #[cfg(target_arch = "x86_64")]
            Self::AvxVnni | Self::Avx2 => false,
        }
    }

    /// Those that this machine has, the best first.
    pub(super) fn all() -> Vec<Self> {
        let mut units = Vec::new();
        #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
        if *amx::IS_AVAILABLE {
            units.push(Self::Amx);
        }
        #[cfg(target_arch = "x86_64")]
        if avx2::has_vnni() {
            units.push(Self::AvxVnni);
        }
        #[cfg(target_arch = "x86_64")]
        if avx2::is_available() {
            units.push(Self::Avx2);
        }
        units
    }

    /// Overwrites `sums` (a block x a block) with the products of `rows` and `weights` (each a block
    /// x inputs, a multiple of [`BYTES`], the weights in tiles).
    fn multiply(self, rows: &[u8], weights: &[i8], inputs: usize, sums: &mut [i32]) {
        match self {
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Self::Amx => amx::multiply(rows, weights, inputs, sums),
            #[cfg(target_arch = "x86_64")]
            Self::AvxVnni => avx2::multiply_by_vnni(rows, weights, inputs, sums),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => avx2::multiply_by_words(rows, weights, inputs, sums),
        }
    }
}

impl Tiles {
    /// Packs weights (outputs x inputs).
    pub(super) fn pack(unit: Unit, weights: &[i8], inputs: usize) -> Self {
        let outputs = weights.len() / inputs;
        let stride = stride(inputs);
        let mut tiles = Aligned::default();
        let packed = tiles.first(outputs.next_multiple_of(BLOCK) * stride);
        for (output, row) in weights.chunks_exact(inputs).enumerate() {
            let (group, lane) = (output / LANES, output % LANES);
            for (n, four) in row.chunks(4).enumerate() {
                let at = group * LANES * stride + n * BYTES + 4 * lane;
                packed[at..at + four.len()].copy_from_slice(four);
            }
        }
        Self { unit, inputs, outputs, weights: tiles }
    }

    pub(super) fn inputs(&self) -> usize {
        self.inputs
    }

    pub(super) fn outputs(&self) -> usize {
        self.outputs
    }

    /// Overwrites `sums` (a block x a block) with the products of `rows` (a block x stride) and
    /// the weights of a block of outputs, the first of which is `output`.
    pub(super) fn multiply(&self, rows: &[u8], output: usize, sums: &mut [i32]) {
        let inputs = stride(self.inputs);
        let all = self.weights.get(self.outputs.next_multiple_of(BLOCK) * inputs);
        let weights = &all[output * inputs..][..BLOCK * inputs];
        self.unit.multiply(rows, weights, inputs, sums);
    }
}

/// Bytes from one row to the next.
pub(super) fn stride(inputs: usize) -> usize {
    inputs.next_multiple_of(BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The system ends the test if a kernel reads or writes what it was not given: neither Miri nor
    /// AddressSanitizer look into assembler.
    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    #[test]
    fn kernels_touch_nothing_but_what_they_are_given() {
        use crate::model::fenced::{Fence, Fenced};
        for unit in Unit::all() {
            for inputs in [64, 192, 1536] {
                for fence in [Fence::Before, Fence::Behind] {
                    let (mut rows, mut weights) =
                        (Fenced::new(BLOCK * inputs, fence), Fenced::new(BLOCK * inputs, fence));
                    let mut sums = Fenced::new(BLOCK * BLOCK, fence);
                    rows.slice().fill(3_u8);
                    weights.slice().fill(-5_i8);
                    unit.multiply(rows.slice(), weights.slice(), inputs, sums.slice());
                    let expected = -15 * inputs as i32;
                    assert!(sums.slice().iter().all(|&sum| sum == expected), "{unit:?}");
                }
            }
        }
    }

    #[test]
    fn sums_are_those_of_the_definition_and_nothing_else_is_written() {
        const GUARD: i32 = 0x5EED;
        for unit in Unit::all() {
            for (inputs, outputs) in [(64, 32), (192, 96), (1536, 32), (12, 40), (65, 3)] {
                let weight = |n: usize| (n * 89 % 255) as u8 as i8;
                let weights: Vec<i8> = (0..inputs * outputs).map(weight).collect();
                let stride = stride(inputs);
                let rows: Vec<u8> = (0..BLOCK * stride).map(|n| (n * 57 % 256) as u8).collect();
                let tiles = Tiles::pack(unit, &weights, inputs);
                // Where no line of the cache begins, between guards.
                let mut sums = vec![GUARD; BLOCK * BLOCK + 2 * LANES + 1];
                let among = LANES + 1..LANES + 1 + BLOCK * BLOCK;
                for output in (0..outputs).step_by(BLOCK) {
                    tiles.multiply(&rows, output, &mut sums[among.clone()]);
                    for (n, &sum) in sums[among.clone()].iter().enumerate() {
                        let row = &rows[n / BLOCK * stride..][..inputs];
                        let weights = weights.chunks_exact(inputs).nth(output + n % BLOCK);
                        let weights = weights.unwrap_or_default();
                        let product = |(&a, &b): (&u8, &i8)| i32::from(a) * i32::from(b);
                        let expected: i32 = row.iter().zip(weights).map(product).sum();
                        assert_eq!(sum, expected, "{unit:?}, {inputs} x {outputs}, {output}, {n}");
                    }
                    let guards = sums[..among.start].iter().chain(&sums[among.end..]);
                    assert!(guards.copied().all(|sum| sum == GUARD), "{unit:?}");
                }
            }
        }
    }
}
