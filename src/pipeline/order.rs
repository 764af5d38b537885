//! Runs many articles on several threads: the only file with order, threads and memory.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Error, Result, bail};
use rayon::ThreadPool;

use super::Job;

/// The threads that analyse articles: each a pool of its own, so that no matrix product is shared
/// among them. Sharing costs more than the product, and a product in two parts packs its input twice.
pub struct Workers(Vec<ThreadPool>);

impl Workers {
    /// Starts so many threads.
    ///
    /// # Errors
    /// The system has none left.
    pub fn start(threads: usize) -> Result<Self> {
        let one = |_| rayon::ThreadPoolBuilder::new().num_threads(1).build();
        let pools = (0..threads).map(one).collect::<Result<_, _>>();
        pools.map(Self).context("cannot start the worker threads; try fewer with --threads")
    }
}

/// Takes the next job. Its error ends the run; then it takes no other.
pub type Take<'a> = dyn FnMut(Job) -> Result<()> + 'a;

/// Does the jobs that `produce` has and hands the results over in that order, chunk by chunk. At
/// most one is held at a time.
pub fn in_order<T: Send>(
    workers: &Workers,
    produce: impl FnOnce(&mut Take) -> Result<()>,
    analyse: impl Fn(&Job) -> T + Sync,
    hand_over: impl FnMut(Vec<T>) -> Result<()>,
) -> Result<()> {
    let mut chunk = Chunk { workers, analyse, hand_over, held: Vec::new(), bytes: 0, error: None };
    let produced = produce(&mut |job| chunk.push(job));
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
    workers: &'a Workers,
    analyse: A,
    hand_over: H,
    held: Vec<Job>,
    bytes: u64,
    /// What ended the run: whoever reads a file takes any error for that file's.
    error: Option<Error>,
}

impl<T: Send, A: Fn(&Job) -> T + Sync, H: FnMut(Vec<T>) -> Result<()>> Chunk<'_, A, H> {
    fn push(&mut self, job: Job) -> Result<()> {
        if self.error.is_some() {
            bail!("the run has ended");
        }
        self.bytes += job.raw.length();
        self.held.push(job);
        let most = CHUNK_ARTICLES * self.workers.0.len();
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
        (self.hand_over)(analyse_chunk(self.workers, &self.held, &self.analyse))?;
        self.held.clear();
        self.bytes = 0;
        Ok(())
    }
}

/// Every worker takes the next article until none is left.
fn analyse_chunk<T: Send>(
    workers: &Workers,
    chunk: &[Job],
    analyse: &(impl Fn(&Job) -> T + Sync),
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let take = || {
        let n = next.fetch_add(1, Ordering::Relaxed);
        chunk.get(n).map(|job| (n, job))
    };
    let work = || -> Vec<(usize, T)> {
        std::iter::from_fn(take).map(|(n, job)| (n, analyse(job))).collect()
    };
    let by_worker: Vec<_> = std::thread::scope(|scope| {
        let started: Vec<_> =
            workers.0.iter().map(|worker| scope.spawn(move || worker.install(work))).collect();
        let end = |thread: std::thread::ScopedJoinHandle<'_, _>| {
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))
        };
        started.into_iter().map(end).collect()
    });
    let mut results: Vec<(usize, T)> = by_worker.into_iter().flatten().collect();
    results.sort_by_key(|(n, _)| *n);
    results.into_iter().map(|(_, result)| result).collect()
}
