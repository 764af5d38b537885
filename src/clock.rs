//! Which stage an article is in, and how long it spent in each.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

/// The stages of the pipeline, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // named after their modules
pub enum Stage {
    Read,
    Clean,
    Segment,
    Encode,
    Model,
    Resolve,
    Aggregate,
}

impl Stage {
    /// All stages, in order.
    pub const ALL: [Self; 7] = [
        Self::Read,
        Self::Clean,
        Self::Segment,
        Self::Encode,
        Self::Model,
        Self::Resolve,
        Self::Aggregate,
    ];

    /// The name in `failures.csv` and `run.json`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Clean => "clean",
            Self::Segment => "segment",
            Self::Encode => "encode",
            Self::Model => "model",
            Self::Resolve => "resolve",
            Self::Aggregate => "aggregate",
        }
    }
}

/// Time spent in each stage, in the order of [`Stage::ALL`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Times([Duration; Stage::ALL.len()]);

impl Times {
    /// Adds another article's times.
    pub fn add(&mut self, other: Self) {
        for (sum, time) in self.0.iter_mut().zip(other.0) {
            *sum += time;
        }
    }

    /// All stages together.
    pub fn sum(&self) -> Duration {
        self.0.iter().sum()
    }

    /// Each stage and its time.
    pub fn iter(&self) -> impl Iterator<Item = (Stage, Duration)> {
        Stage::ALL.into_iter().zip(self.0)
    }
}

/// A stopwatch that knows the stage.
#[derive(Debug)]
pub struct Clock {
    stage: Stage,
    since: Instant,
    times: Times,
    limit: Option<Duration>,
}

impl Clock {
    /// Starts in the first stage.
    pub fn start() -> Self {
        Self::start_within(None)
    }

    /// Starts in the first stage, with a limit for all stages together.
    pub fn start_within(limit: Option<Duration>) -> Self {
        Self { stage: Stage::Read, since: Instant::now(), times: Times::default(), limit }
    }

    /// # Errors
    /// The stages took longer than the limit.
    pub fn check(&self) -> Result<()> {
        let Some(limit) = self.limit else { return Ok(()) };
        ensure!(
            self.times.sum() + self.since.elapsed() <= limit,
            "it took longer than {} s; split it, or allow more with --article-timeout",
            limit.as_secs()
        );
        Ok(())
    }

    /// Ends the present stage and enters another.
    pub fn enter(&mut self, stage: Stage) {
        let now = Instant::now();
        self.times.0[self.stage as usize] += now - self.since;
        self.since = now;
        self.stage = stage;
    }

    /// The present stage.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// The times up to now.
    pub fn times(&mut self) -> Times {
        self.enter(self.stage);
        self.times
    }
}
