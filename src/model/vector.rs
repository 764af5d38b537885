//! Loads and stores vectors whole, or in part at the end of a row.

use std::ops::IndexMut;

use rten_simd::ops::BitOps;
use rten_simd::{Elem, Simd};

/// The first numbers of a slice, and zeros where it is too short.
#[inline(always)]
pub(super) fn load<T: Elem, O: BitOps<T>>(ops: O, from: &[T]) -> O::Simd {
    if from.len() >= ops.len() { ops.load(from) } else { ops.load_pad(from).0 }
}

/// As many numbers of a vector as the slice takes.
#[inline(always)]
pub(super) fn store<T: Elem, O: BitOps<T>>(ops: O, vector: O::Simd, to: &mut [T]) {
    if to.len() >= ops.len() {
        ops.store(vector, to);
    } else {
        to.copy_from_slice(&vector.to_array().as_ref()[..to.len()]);
    }
}

/// What is left of so many numbers, a power of two, when their halves have been joined again and
/// again.
#[inline(always)]
pub(super) fn fold(
    mut numbers: impl IndexMut<usize, Output = f32>,
    count: usize,
    join: impl Fn(f32, f32) -> f32,
) -> f32 {
    let mut half = count / 2;
    while half > 0 {
        for n in 0..half {
            numbers[n] = join(numbers[n], numbers[n + half]);
        }
        half /= 2;
    }
    numbers[0]
}
