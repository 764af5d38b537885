//! Multiplies a block by AMX, the tile unit of Intel's server processors.
#![allow(unsafe_code)] // Rust has no stable functions for these instructions

use std::arch::asm;
use std::arch::x86_64::{__cpuid, __cpuid_count};
use std::sync::LazyLock;

use super::tiles::{BLOCK, BYTES, LANES};

/// Whether this machine has the instructions and lets the process use them.
pub(super) static IS_AVAILABLE: LazyLock<bool> = LazyLock::new(|| {
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

/// Multiplies as [`super::tiles::Unit::multiply`]; only where [`IS_AVAILABLE`].
pub(super) fn multiply(rows: &[u8], weights: &[i8], inputs: usize, sums: &mut [i32]) {
    assert!(*IS_AVAILABLE && inputs > 0 && inputs.is_multiple_of(BYTES));
    assert!(rows.len() == BLOCK * inputs && weights.len() == BLOCK * inputs);
    assert!(sums.len() == BLOCK * BLOCK);
    // SAFETY: the instructions may be used. What is read are 32 rows of `inputs` bytes from
    // `rows`, twice 16 x `inputs` from `weights`, and the shapes; what is written are 32 rows of
    // 32 sums: they are there, as the lines above make sure. No other code uses tiles, and they
    // are given back.
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
