//! Multiplies rows of 8-bit numbers with weights by AMX, the tile unit of Intel's server processors.
//!
//! The one file with `unsafe` code: Rust has no stable functions for these instructions. Sums are
//! those of any other kernel, bit for bit, and the functions that others call check all sizes.
#![allow(unsafe_code)]

use std::arch::asm;
use std::arch::x86_64::{__cpuid, __cpuid_count};
use std::sync::LazyLock;

use super::aligned::Aligned;

/// Rows, and outputs, that are multiplied at a time: two tiles of each.
pub(super) const BLOCK: usize = 2 * LANES;

/// Rows of a tile, and outputs of one.
const LANES: usize = 16;

/// Bytes of a tile's row: 64 inputs of a row, four inputs of 16 outputs, or 16 sums.
const BYTES: usize = 64;

/// Whether this machine has the instructions and lets the process use them.
static IS_AVAILABLE: LazyLock<bool> = LazyLock::new(|| {
    /// Linux keeps the tiles of a process, 8 kB a thread, only if it asks for them.
    const ARCH_REQ_XCOMP_PERM: libc::c_long = 0x1023;
    const TILES: libc::c_long = 18;
    /// Bits of leaf 7: AMX-TILE and AMX-INT8.
    const TILE_AND_INT8: u32 = 1 << 24 | 1 << 25;
    let has_them = __cpuid(0).eax >= 7 && __cpuid_count(7, 0).edx & TILE_AND_INT8 == TILE_AND_INT8;
    // SAFETY: the call takes two numbers and gives one; an older kernel refuses it.
    has_them && unsafe { libc::syscall(libc::SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, TILES) } == 0
});

/// Shapes of the tiles, as the processor reads them.
#[repr(C, align(64))]
struct Shapes {
    palette: u8,
    start_row: u8,
    reserved: [u8; 14],
    row_bytes: [u16; 16],
    rows: [u8; 16],
}

/// Eight whole tiles: four of sums, two of rows, two of weights.
static SHAPES: Shapes = Shapes {
    palette: 1,
    start_row: 0,
    reserved: [0; 14],
    row_bytes: [64, 64, 64, 64, 64, 64, 64, 64, 0, 0, 0, 0, 0, 0, 0, 0],
    rows: [16, 16, 16, 16, 16, 16, 16, 16, 0, 0, 0, 0, 0, 0, 0, 0],
};

/// Weights in tiles.
pub(super) struct Tiles {
    inputs: usize,
    outputs: usize,
    /// A tile for each 16 outputs and each 64 inputs. It has a row for each four inputs, and in it
    /// those four of each output.
    weights: Aligned<i8>,
}

impl Tiles {
    /// Packs weights (outputs x inputs); none if the machine has no tile unit, or they are not
    /// whole blocks.
    pub(super) fn pack(weights: &[i8], inputs: usize) -> Option<Self> {
        let outputs = weights.len() / inputs;
        if !inputs.is_multiple_of(BYTES) || !outputs.is_multiple_of(BLOCK) || !*IS_AVAILABLE {
            return None;
        }
        let mut tiles = Aligned::default();
        let packed = tiles.first(outputs * inputs);
        for (output, row) in weights.chunks_exact(inputs).enumerate() {
            let (group, lane) = (output / LANES, output % LANES);
            for (n, four) in row.chunks_exact(4).enumerate() {
                let at = group * LANES * inputs + n * BYTES + 4 * lane;
                packed[at..at + 4].copy_from_slice(four);
            }
        }
        Some(Self { inputs, outputs, weights: tiles })
    }

    pub(super) fn inputs(&self) -> usize {
        self.inputs
    }

    pub(super) fn outputs(&self) -> usize {
        self.outputs
    }

    /// Overwrites `sums` (a block x a block) with the products of `rows` (a block x inputs) and
    /// the weights of a block of outputs, the first of which is `output`.
    pub(super) fn multiply(&self, rows: &[u8], output: usize, sums: &mut [i32]) {
        let inputs = self.inputs;
        let weights = &self.weights.get(self.outputs * inputs)[output * inputs..][..BLOCK * inputs];
        assert!(inputs > 0 && inputs.is_multiple_of(BYTES));
        assert!(rows.len() == BLOCK * inputs && sums.len() == BLOCK * BLOCK);
        // SAFETY: a value of this type exists only where the instructions may be used. What is
        // read are 32 rows of `inputs` bytes from `rows`, twice 16 x `inputs` from `weights` and
        // the shapes, what is written are 32 rows of 32 sums: as the lines above make sure, since
        // all tiles are whole. No other code uses tiles, and they are given back.
        unsafe {
            asm!(
                "ldtilecfg [{shapes}]",
                "tilezero tmm0",
                "tilezero tmm1",
                "tilezero tmm2",
                "tilezero tmm3",
                "2:",
                "tileloadd tmm4, [{upper} + {inputs}]",
                "tileloadd tmm6, [{left} + {line}]",
                "tileloadd tmm7, [{right} + {line}]",
                "tdpbusd tmm0, tmm4, tmm6",
                "tileloadd tmm5, [{lower} + {inputs}]",
                "tdpbusd tmm1, tmm4, tmm7",
                "tdpbusd tmm2, tmm5, tmm6",
                "tdpbusd tmm3, tmm5, tmm7",
                "add {upper}, 64",
                "add {lower}, 64",
                "add {left}, 1024",
                "add {right}, 1024",
                "dec {steps}",
                "jnz 2b",
                "tilestored [{sums} + 2 * {line}], tmm0",
                "tilestored [{sums} + 2 * {line} + 64], tmm1",
                "tilestored [{sums} + 2 * {line} + 2048], tmm2",
                "tilestored [{sums} + 2 * {line} + 2112], tmm3",
                "tilerelease",
                shapes = in(reg) &raw const SHAPES,
                upper = inout(reg) rows.as_ptr() => _,
                lower = inout(reg) rows[LANES * inputs..].as_ptr() => _,
                left = inout(reg) weights.as_ptr() => _,
                right = inout(reg) weights[LANES * inputs..].as_ptr() => _,
                inputs = in(reg) inputs,
                line = in(reg) BYTES,
                steps = inout(reg) inputs / BYTES => _,
                sums = in(reg) sums.as_mut_ptr(),
                out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
                options(nostack),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_the_definition_and_nothing_else_is_written() {
        const GUARD: i32 = 0x5EED;
        for (inputs, outputs) in [(64, 32), (192, 96), (1536, 32)] {
            let weights: Vec<i8> =
                (0..inputs * outputs).map(|n| (n * 89 % 255) as u8 as i8).collect();
            let rows: Vec<u8> = (0..BLOCK * inputs).map(|n| (n * 57 % 256) as u8).collect();
            let Some(tiles) = Tiles::pack(&weights, inputs) else { return };
            // Where no line of the cache begins, between guards.
            let mut sums = vec![GUARD; BLOCK * BLOCK + 2 * LANES + 1];
            for output in (0..outputs).step_by(BLOCK) {
                tiles.multiply(&rows, output, &mut sums[LANES + 1..][..BLOCK * BLOCK]);
                for (n, &sum) in sums[LANES + 1..][..BLOCK * BLOCK].iter().enumerate() {
                    let row = &rows[n / BLOCK * inputs..][..inputs];
                    let weights = &weights[(output + n % BLOCK) * inputs..][..inputs];
                    let products =
                        row.iter().zip(weights).map(|(&a, &b)| i32::from(a) * i32::from(b));
                    assert_eq!(sum, products.sum::<i32>(), "{inputs} x {outputs}, {output}, {n}");
                }
                let (before, after) = (&sums[..=LANES], &sums[LANES + 1 + BLOCK * BLOCK..]);
                assert!(before.iter().chain(after).all(|&sum| sum == GUARD));
            }
        }
    }

    #[test]
    fn weights_that_are_no_whole_blocks_are_left_to_others() {
        for (inputs, outputs) in [(12, 32), (64, 19), (96, 32)] {
            assert!(Tiles::pack(&vec![1; inputs * outputs], inputs).is_none());
        }
    }
}
