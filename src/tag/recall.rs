//! What was said of the sentences read last, so that a reprint costs next to nothing.

use std::collections::HashMap;
use std::mem;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::reading::{Answers, Reading};

/// Bytes of answers to remember at most: some 20,000 sentences, or a thousand articles.
const MOST_BYTES: usize = 12 << 20;

/// Answers by sentence. Memory is bounded: when the younger half is full, the older is forgotten.
#[derive(Default)]
pub(super) struct Recall(Mutex<Halves>);

#[derive(Default)]
struct Halves {
    young: HashMap<Key, Answers>,
    young_bytes: usize,
    old: HashMap<Key, Answers>,
}

/// A sentence's words and the model that reads them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key([u8; 16]);

impl Key {
    /// Of a sentence, for the first model.
    pub(super) fn new(sentence: &str) -> Self {
        let digest = Sha256::digest(sentence);
        Self(digest[..16].try_into().expect("a digest has 32 bytes"))
    }

    /// Of the same sentence, for the second.
    pub(super) fn for_second(self) -> Self {
        Self(self.0.map(|byte| !byte))
    }
}

impl Recall {
    /// Fills in what is known of the sentence of a reading.
    pub(super) fn fill(&self, reading: &Reading) {
        let Some(key) = reading.key else { return };
        let mut halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answers) = halves.get(key) {
            reading.answers.replace(answers);
        }
    }

    /// Keeps what was said of a sentence.
    pub(super) fn keep(&self, reading: Reading) {
        let answers = reading.answers.into_inner();
        let Some(key) = reading.key.filter(|_| answers != Answers::default()) else { return };
        let mut halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        halves.insert(key, answers);
    }
}

impl Halves {
    fn get(&mut self, key: Key) -> Option<Answers> {
        if let Some(answers) = self.young.get(&key) {
            return Some(answers.clone());
        }
        let answers = self.old.remove(&key)?;
        self.insert(key, answers.clone());
        Some(answers)
    }

    fn insert(&mut self, key: Key, answers: Answers) {
        self.young_bytes += answers.bytes();
        if let Some(before) = self.young.insert(key, answers) {
            self.young_bytes -= before.bytes();
        }
        if self.young_bytes > MOST_BYTES / 2 {
            self.old = mem::take(&mut self.young);
            self.young_bytes = 0;
        }
    }
}

impl Answers {
    /// About how much memory they take as an entry of the map.
    fn bytes(&self) -> usize {
        2 * size_of::<(Key, Self)>()
            + size_of_val(self.entities.as_deref().unwrap_or_default())
            + size_of_val(&*self.kinds)
            + size_of_val(&*self.sentiment)
            + size_of_val(&*self.pairs)
    }
}
