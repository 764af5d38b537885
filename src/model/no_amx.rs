//! In place of the tile unit, where there is none: nothing is ever packed for it.

/// As of `amx.rs`.
pub(super) const BLOCK: usize = 32;

/// Never made.
pub(super) enum Tiles {}

impl Tiles {
    pub(super) fn pack(_: &[i8], _: usize) -> Option<Self> {
        None
    }

    pub(super) fn inputs(&self) -> usize {
        match *self {}
    }

    pub(super) fn outputs(&self) -> usize {
        match *self {}
    }

    pub(super) fn multiply(&self, _: &[u8], _: usize, _: &mut [i32]) {
        match *self {}
    }
}
