//! Runs a parser of a risky format so that a crash or a hang costs one file.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::reader::panic_text;

/// Documents of a thousand pages take some seconds.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// Objects in objects take stack; memory that is not used costs nothing.
const STACK_BYTES: usize = 256 << 20;

/// What `work` comes to, on a thread of its own; a panic is an error, and so is taking longer than
/// a minute. A thread that hangs cannot be ended: it is left behind.
pub(super) fn run<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let (send, receive) = mpsc::channel();
    let contained = move || {
        let result = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
            let what = panic_text(&*panic);
            bail!("it is broken, or strange to its parser ({what}); export it again, or save it as text")
        });
        // Nobody listens any more if it took too long.
        let _ = send.send(result);
    };
    thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(contained)
        .context("cannot start a thread; try fewer with --threads")?;
    match receive.recv_timeout(TIME_LIMIT) {
        Ok(result) => result,
        Err(_) => bail!("it took longer than a minute; export it again, or save it as text"),
    }
}
