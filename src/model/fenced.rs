//! Memory beside pages that nobody may touch, for tests of what works with pointers.
#![allow(unsafe_code)] // the system gives such memory by pointers

use std::marker::PhantomData;
use std::ptr::NonNull;
use std::slice;

/// Where the pages are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fence {
    Before,
    Behind,
}

/// Integers of which the first, or the last, has such a page beside it.
pub(super) struct Fenced<T> {
    /// A page, the pages with the integers, a page.
    pages: NonNull<u8>,
    bytes: usize,
    /// Where the integers begin.
    start: usize,
    length: usize,
    of: PhantomData<T>,
}

const PAGE: usize = 4096;

impl<T: Into<i64>> Fenced<T> {
    /// So many zeros.
    pub(super) fn new(length: usize, fence: Fence) -> Self {
        let held = length * size_of::<T>();
        let room = held.next_multiple_of(PAGE);
        let bytes = room + 2 * PAGE;
        let (readable, flags) =
            (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        // SAFETY: new pages, of which those in the middle may be used; the results are looked at.
        let pages = unsafe {
            let pages = libc::mmap(std::ptr::null_mut(), bytes, libc::PROT_NONE, flags, -1, 0);
            assert_ne!(pages, libc::MAP_FAILED);
            assert_eq!(libc::mprotect(pages.byte_add(PAGE), room, readable), 0);
            pages
        };
        let start = match fence {
            Fence::Before => PAGE,
            Fence::Behind => PAGE + room - held,
        };
        let pages = NonNull::new(pages.cast()).expect("the system gave some");
        Self { pages, bytes, start, length, of: PhantomData }
    }

    /// The integers.
    pub(super) fn slice(&mut self) -> &mut [T] {
        // SAFETY: so many integers lie there, within pages that this alone holds, at a place that
        // their size divides, and any bytes are an integer.
        unsafe {
            slice::from_raw_parts_mut(self.pages.add(self.start).cast().as_ptr(), self.length)
        }
    }
}

impl<T> Drop for Fenced<T> {
    fn drop(&mut self) {
        // SAFETY: these pages are its own, and no slice of them is left.
        unsafe { libc::munmap(self.pages.as_ptr().cast(), self.bytes) };
    }
}
