//! Runs many articles: the only file with order, threads and memory.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Error, Result, bail};
use rayon::ThreadPool;

use crate::read::{Emit, Raw};

/// Analyses what `produce` emits on the threads of the pool and hands the results over in that
/// order. At most a chunk is held at a time.
pub fn in_order<T: Send>(
    pool: &ThreadPool,
    produce: impl FnOnce(&mut Emit) -> Result<()>,
    analyse: impl Fn(&Raw) -> T + Sync,
    hand_over: impl FnMut(T) -> Result<()>,
) -> Result<()> {
    let mut chunk = Chunk { pool, analyse, hand_over, held: Vec::new(), bytes: 0, error: None };
    let produced = produce(&mut |raw| chunk.push(raw));
    match chunk.error.take() {
        Some(error) => Err(error),
        None => produced.and_then(|()| chunk.finish()),
    }
}

/// Articles a chunk, for each thread: enough that threads rarely wait for the last one.
const CHUNK_ARTICLES: usize = 64;

/// Bytes of articles from which a chunk is full.
const CHUNK_BYTES: u64 = 16_000_000;

/// Articles that wait to be analysed together.
struct Chunk<'a, A, H> {
    pool: &'a ThreadPool,
    analyse: A,
    hand_over: H,
    held: Vec<Raw>,
    bytes: u64,
    /// What ended the run: whoever reads a file takes any error for that file's.
    error: Option<Error>,
}

impl<T: Send, A: Fn(&Raw) -> T + Sync, H: FnMut(T) -> Result<()>> Chunk<'_, A, H> {
    fn push(&mut self, raw: Raw) -> Result<()> {
        if self.error.is_some() {
            bail!("the run has ended");
        }
        self.bytes += raw.length();
        self.held.push(raw);
        let most = CHUNK_ARTICLES * self.pool.current_num_threads();
        if self.held.len() < most && self.bytes < CHUNK_BYTES {
            return Ok(());
        }
        self.finish().or_else(|error| {
            self.error = Some(error);
            bail!("the run has ended")
        })
    }

    /// Analyses what is held and hands it over.
    fn finish(&mut self) -> Result<()> {
        for result in analyse_chunk(self.pool, &self.held, &self.analyse) {
            (self.hand_over)(result)?;
        }
        self.held.clear();
        self.bytes = 0;
        Ok(())
    }
}

/// Every thread takes the next article until none is left. Articles are not jobs of the pool: a
/// thread that waits for a part of a matrix product may then help with another product, but never
/// begins a second article in the middle of its own.
fn analyse_chunk<T: Send>(
    pool: &ThreadPool,
    chunk: &[Raw],
    analyse: &(impl Fn(&Raw) -> T + Sync),
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let take = || {
        let n = next.fetch_add(1, Ordering::Relaxed);
        chunk.get(n).map(|raw| (n, raw))
    };
    let by_thread = pool.broadcast(|_| {
        let mut results = Vec::new();
        while let Some((n, raw)) = take() {
            results.push((n, analyse(raw)));
        }
        results
    });
    let mut results: Vec<(usize, T)> = by_thread.into_iter().flatten().collect();
    results.sort_by_key(|(n, _)| *n);
    results.into_iter().map(|(_, result)| result).collect()
}
