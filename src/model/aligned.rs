//! Numbers in memory that begin with a line of the cache.

/// Bytes of a line.
const LINE: usize = 64;

/// A slice that begins with a line of the cache: the tile unit loads such rows twice as fast.
#[derive(Default)]
pub(super) struct Aligned<T> {
    values: Vec<T>,
    start: usize,
}

impl<T: Copy + Default> Aligned<T> {
    /// The numbers from `start` of a buffer that is made longer where it is too short. What they
    /// are is not said: whoever asks writes them.
    pub(super) fn first(&mut self, count: usize) -> &mut [T] {
        if self.values.len() < self.start + count {
            self.values.clear();
            self.values.resize(count + LINE / size_of::<T>(), T::default());
            // At worst the numbers begin with no line, which is slower and as right.
            self.start = self.values.as_ptr().align_offset(LINE).min(LINE / size_of::<T>());
        }
        &mut self.values[self.start..self.start + count]
    }

    /// The first of the numbers.
    pub(super) fn get(&self, count: usize) -> &[T] {
        &self.values[self.start..self.start + count]
    }
}
