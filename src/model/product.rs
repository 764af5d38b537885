//! Multiplies rows of 8-bit numbers with int8 weights, by the best kernel that the machine has.
//!
//! All give the same sums: integers are exact in any order.

use std::ops::Range;

use anyhow::Result;
use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};

use super::aligned::Aligned;
use super::linear::view;
use super::tiles::{BLOCK, Tiles, Unit, stride};
use super::weights::Table;

/// Weights as a kernel takes them.
pub(super) enum Product {
    /// By a kernel of ours, a block of sums at a time.
    Tiles(Tiles),
    /// By rten-gemm, with AVX-512-VNNI or NEON, or without any such help.
    Integers { gemm: GemmExecutor<u8, i8, i32>, weights: PackedBMatrix<i8> },
}

/// Sums of some rows and some outputs.
pub(super) struct Sums<'a> {
    /// The first row.
    pub(super) row: usize,
    pub(super) outputs: Range<usize>,
    /// Row-major, `stride` from a row to the next.
    pub(super) values: &'a [i32],
    pub(super) stride: usize,
}

impl Product {
    /// Packs weights as stored, outputs x inputs.
    pub(super) fn of(weights: &Table) -> Self {
        let saturates = GemmExecutor::<u8, i8, i32>::default().may_saturate();
        // AVX-512 has longer vectors than AVX2.
        let unit = Unit::all().into_iter().find(|unit| saturates || unit.has_tiles());
        match unit {
            Some(unit) => Self::Tiles(Tiles::pack(unit, weights.values(), weights.width())),
            None => Self::integers(weights),
        }
    }

    fn integers(weights: &Table) -> Self {
        let (inputs, outputs) = (weights.width(), weights.rows());
        let gemm = GemmExecutor::<u8, i8, i32>::default();
        let weights = gemm.prepack_b(view(weights.values(), [inputs, outputs], [1, inputs]));
        Self::Integers { gemm, weights }
    }

    pub(super) fn inputs(&self) -> usize {
        match self {
            Self::Tiles(tiles) => tiles.inputs(),
            Self::Integers { weights, .. } => weights.rows(),
        }
    }

    pub(super) fn outputs(&self) -> usize {
        match self {
            Self::Tiles(tiles) => tiles.outputs(),
            Self::Integers { weights, .. } => weights.cols(),
        }
    }

    /// Hands over the products of all rows with all outputs, in one part or more. `rows` holds
    /// whole blocks, [`stride`] from a row to the next; `count` of them matter.
    pub(super) fn multiply(
        &self,
        rows: &[u8],
        count: usize,
        sums: &mut Aligned<i32>,
        mut then: impl FnMut(Sums<'_>),
    ) -> Result<()> {
        let (inputs, outputs) = (self.inputs(), self.outputs());
        let stride = stride(inputs);
        match self {
            Self::Tiles(tiles) => {
                let values = sums.first(BLOCK * BLOCK);
                for output in (0..outputs).step_by(BLOCK) {
                    let outputs = output..outputs.min(output + BLOCK);
                    for (n, rows) in rows.chunks_exact(BLOCK * stride).enumerate() {
                        tiles.multiply(rows, output, values);
                        let outputs = outputs.clone();
                        then(Sums { row: n * BLOCK, outputs, values, stride: BLOCK });
                    }
                }
            }
            Self::Integers { gemm, weights } => {
                let values = sums.first(count * outputs);
                let rows = GemmInputA::Unpacked(view(rows, [count, inputs], [stride, 1]));
                gemm.gemm(values, rows, GemmInputB::Packed(weights), GemmOptions::default())?;
                then(Sums { row: 0, outputs: 0..outputs, values, stride: outputs });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
impl Product {
    /// For each kernel that this machine has.
    pub(super) fn all(weights: &Table) -> Vec<Self> {
        let tiles = |unit| Self::Tiles(Tiles::pack(unit, weights.values(), weights.width()));
        let mut all: Vec<_> = Unit::all().into_iter().map(tiles).collect();
        if !GemmExecutor::<u8, i8, i32>::default().may_saturate() {
            all.push(Self::integers(weights));
        }
        all
    }
}
