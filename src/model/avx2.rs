//! Multiplies a block by AVX2, with VNNI where there is one without AVX-512, as in Intel's laptops
//! since 2021. rten-gemm's own kernel for AVX2 adds products in 16 bits, which do not fit.
#![allow(unsafe_code)] // loads and stores of vectors take pointers

use std::arch::x86_64::{
    __m256i, _mm_loadu_si128, _mm_set1_epi32, _mm256_add_epi32, _mm256_cvtepi8_epi16,
    _mm256_cvtepu8_epi16, _mm256_dpbusd_avx_epi32, _mm256_hadd_epi32, _mm256_loadu_si256,
    _mm256_madd_epi16, _mm256_permute4x64_epi64, _mm256_set1_epi32, _mm256_setzero_si256,
    _mm256_storeu_si256,
};

use super::tiles::{BLOCK, BYTES, LANES};

/// Whether this machine has AVX2.
pub(super) fn is_available() -> bool {
    is_x86_feature_detected!("avx2")
}

/// Whether it has VNNI beside it.
pub(super) fn has_vnni() -> bool {
    is_available() && is_x86_feature_detected!("avxvnni")
}

/// Multiplies as [`super::tiles::Unit::multiply`]; only where [`has_vnni`].
pub(super) fn multiply_by_vnni(rows: &[u8], weights: &[i8], inputs: usize, sums: &mut [i32]) {
    assert!(has_vnni());
    // Four rows: with 16 outputs as many sums as there are registers for.
    // SAFETY: the instructions may be used.
    multiply::<4>(rows, weights, inputs, sums, |rows, weights| unsafe { by_vnni(rows, weights) });
}

/// Multiplies as [`super::tiles::Unit::multiply`]; only where [`is_available`].
pub(super) fn multiply_by_words(rows: &[u8], weights: &[i8], inputs: usize, sums: &mut [i32]) {
    assert!(is_available());
    // SAFETY: the instructions may be used.
    multiply::<2>(rows, weights, inputs, sums, |rows, weights| unsafe { by_words(rows, weights) });
}

/// Has `products` multiply some rows with 16 outputs at a time.
fn multiply<const ROWS: usize>(
    rows: &[u8],
    weights: &[i8],
    inputs: usize,
    sums: &mut [i32],
    products: impl Fn([&[u8]; ROWS], &[i8]) -> [[i32; LANES]; ROWS],
) {
    for (group, weights) in weights.chunks_exact(LANES * inputs).enumerate() {
        let blocks = rows.chunks_exact(ROWS * inputs).zip(sums.chunks_exact_mut(ROWS * BLOCK));
        for (rows, sums) in blocks {
            let rows = std::array::from_fn(|n| &rows[n * inputs..][..inputs]);
            for (sums, of_row) in sums.chunks_exact_mut(BLOCK).zip(products(rows, weights)) {
                sums[group * LANES..][..LANES].copy_from_slice(&of_row);
            }
        }
    }
}

#[target_feature(enable = "avx2,avxvnni")]
fn by_vnni(rows: [&[u8]; 4], weights: &[i8]) -> [[i32; LANES]; 4] {
    let mut sums = [[_mm256_setzero_si256(); 2]; 4];
    for (n, weights) in weights.chunks_exact(BYTES).enumerate() {
        let (first, second) = weights.split_at(BYTES / 2);
        let (first, second) = (load(first), load(second));
        for (sums, row) in sums.iter_mut().zip(rows) {
            let four = _mm256_set1_epi32(four(row, n));
            sums[0] = _mm256_dpbusd_avx_epi32(sums[0], four, first);
            sums[1] = _mm256_dpbusd_avx_epi32(sums[1], four, second);
        }
    }
    let mut all = [[0; LANES]; 4];
    for (all, sums) in all.iter_mut().zip(sums) {
        let (first, second) = all.split_at_mut(LANES / 2);
        store(sums[0], first);
        store(sums[1], second);
    }
    all
}

/// In words of 16 bits, whose products are added in 32: two sums an output, then one.
#[target_feature(enable = "avx2")]
fn by_words(rows: [&[u8]; 2], weights: &[i8]) -> [[i32; LANES]; 2] {
    let mut sums = [[_mm256_setzero_si256(); 4]; 2];
    for (n, weights) in weights.chunks_exact(BYTES).enumerate() {
        let words = [
            words_of(&weights[..16]),
            words_of(&weights[16..32]),
            words_of(&weights[32..48]),
            words_of(&weights[48..]),
        ];
        for (sums, row) in sums.iter_mut().zip(rows) {
            let four = _mm256_cvtepu8_epi16(_mm_set1_epi32(four(row, n)));
            for (sum, &words) in sums.iter_mut().zip(&words) {
                *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(four, words));
            }
        }
    }
    let mut all = [[0; LANES]; 2];
    for (all, sums) in all.iter_mut().zip(sums) {
        let (first, second) = all.split_at_mut(LANES / 2);
        store(in_order(sums[0], sums[1]), first);
        store(in_order(sums[2], sums[3]), second);
    }
    all
}

/// The `n`th four bytes of a row.
#[inline]
fn four(row: &[u8], n: usize) -> i32 {
    i32::from_le_bytes(row[4 * n..4 * n + 4].try_into().expect("of four"))
}

/// The sums of neighbours in two vectors.
#[inline]
#[target_feature(enable = "avx2")]
fn in_order(first: __m256i, second: __m256i) -> __m256i {
    // Two of the first, two of the second, and so again.
    _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_hadd_epi32(first, second))
}

#[inline]
#[target_feature(enable = "avx2")]
fn load(from: &[i8]) -> __m256i {
    assert_eq!(from.len(), 32);
    // SAFETY: there are 32 bytes.
    unsafe { _mm256_loadu_si256(from.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn words_of(from: &[i8]) -> __m256i {
    assert_eq!(from.len(), 16);
    // SAFETY: there are 16 bytes.
    _mm256_cvtepi8_epi16(unsafe { _mm_loadu_si128(from.as_ptr().cast()) })
}

#[inline]
#[target_feature(enable = "avx2")]
fn store(vector: __m256i, to: &mut [i32]) {
    assert_eq!(to.len(), 8);
    // SAFETY: there is room for 32 bytes.
    unsafe { _mm256_storeu_si256(to.as_mut_ptr().cast(), vector) }
}
