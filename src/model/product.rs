//! Multiplies rows of 8-bit numbers with int8 weights, by the best kernel that the machine has.

use anyhow::Result;
use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};

use super::aligned::Aligned;
use super::amx::{BLOCK, Tiles};
use super::linear::view;
use super::weights::Table;

/// Weights as a kernel takes them.
pub(super) enum Product {
    /// By the tile unit, a block of sums at a time.
    Tiles(Tiles),
    /// By rten-gemm, which knows AVX-512, AVX2 and NEON.
    Vectors { gemm: GemmExecutor<u8, i8, i32>, weights: PackedBMatrix<i8> },
}

/// Sums of some rows and some outputs.
pub(super) struct Sums<'a> {
    /// The first row and the first output.
    pub(super) row: usize,
    pub(super) output: usize,
    /// Row-major, `outputs` a row.
    pub(super) values: &'a [i32],
    pub(super) outputs: usize,
}

impl Product {
    /// Packs weights as stored, outputs x inputs.
    pub(super) fn of(weights: &Table) -> Self {
        match Tiles::pack(weights.values(), weights.width()) {
            Some(tiles) => Self::Tiles(tiles),
            None => Self::vectors(weights),
        }
    }

    /// Packs them for rten-gemm, which runs everywhere.
    pub(super) fn vectors(weights: &Table) -> Self {
        let (inputs, outputs) = (weights.width(), weights.rows());
        let gemm = GemmExecutor::<u8, i8, i32>::default();
        let weights = gemm.prepack_b(view(weights.values(), [inputs, outputs], [1, inputs]));
        Self::Vectors { gemm, weights }
    }

    pub(super) fn inputs(&self) -> usize {
        match self {
            Self::Tiles(tiles) => tiles.inputs(),
            Self::Vectors { weights, .. } => weights.rows(),
        }
    }

    pub(super) fn outputs(&self) -> usize {
        match self {
            Self::Tiles(tiles) => tiles.outputs(),
            Self::Vectors { weights, .. } => weights.cols(),
        }
    }

    /// The largest number of an input. Processors before VNNI add two products of 8 bits in 16:
    /// these must fit.
    pub(super) fn levels(&self) -> f32 {
        match self {
            Self::Vectors { gemm, .. } if gemm.may_saturate() => 127.0,
            _ => 255.0,
        }
    }

    /// Hands over the products of all rows with all outputs, in one part or more. `rows` holds
    /// whole blocks, `count` of its rows matter.
    pub(super) fn multiply(
        &self,
        rows: &[u8],
        count: usize,
        sums: &mut Aligned<i32>,
        mut then: impl FnMut(Sums<'_>),
    ) -> Result<()> {
        let (inputs, outputs) = (self.inputs(), self.outputs());
        match self {
            Self::Tiles(tiles) => {
                let values = sums.first(BLOCK * BLOCK);
                for output in (0..outputs).step_by(BLOCK) {
                    for (n, rows) in rows.chunks_exact(BLOCK * inputs).enumerate() {
                        tiles.multiply(rows, output, values);
                        then(Sums { row: n * BLOCK, output, values, outputs: BLOCK });
                    }
                }
            }
            Self::Vectors { gemm, weights } => {
                let values = sums.first(count * outputs);
                let rows = view(rows, [count, inputs], [inputs, 1]);
                let (rows, weights) = (GemmInputA::Unpacked(rows), GemmInputB::Packed(weights));
                gemm.gemm(values, rows, weights, GemmOptions::default())?;
                then(Sums { row: 0, output: 0, values, outputs });
            }
        }
        Ok(())
    }
}
