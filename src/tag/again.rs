//! Which sentences a second model reads.

/// Which sentences the second model reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// Those in which two actors meet.
    WhereActorsMeet,
    /// Those that name anyone.
    WhereAnyIsNamed,
}

/// A sentence to judge: its number, how many mentions it has, and how many pairs they make.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// Its number among the readings.
    pub sentence: usize,
    /// Mentions to judge.
    pub mentions: usize,
    /// Pairs to judge.
    pub pairs: usize,
}

impl Again {
    /// Whether a sentence is one of them.
    pub(super) fn wants(self, asked: Asked) -> bool {
        match self {
            Self::WhereActorsMeet => asked.pairs > 0,
            Self::WhereAnyIsNamed => asked.mentions + asked.pairs > 0,
        }
    }
}
