//! Runs a parser of a risky format so that a crash, a hang or an explosion of memory costs one file:
//! in a process of its own where the program is known, else on a thread of its own.

use std::io::{BufReader, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{OnceLock, mpsc};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use serde::{Deserialize, Serialize};

use super::pdf;
use super::reader::panic_text;

/// How processes that parse are started, and what they may take.
#[derive(Debug, Clone)]
pub struct Isolation {
    /// An executable that calls [`serve`] for `read-pdf --memory-mb N`.
    pub program: PathBuf,
    /// After this a process is ended.
    pub time_limit: Duration,
    /// What a process may hold, where the system has such a limit (Unix).
    pub memory_mb: u64,
}

impl Isolation {
    /// The usual limits.
    pub fn by(program: PathBuf) -> Self {
        Self { program, time_limit: TIME_LIMIT, memory_mb: MEMORY_MB }
    }
}

/// Documents of a thousand pages take some seconds.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// Twenty megabytes of text, with the place of each of its letters, take half.
const MEMORY_MB: u64 = 2_000;

/// Bytes of an answer: more than any text of a PDF.
const LONGEST_ANSWER: u64 = 200_000_000;

/// Objects in objects take stack; memory that is not used costs nothing.
const STACK_BYTES: usize = 256 << 20;

static ISOLATION: OnceLock<Isolation> = OnceLock::new();

/// From now on, PDFs are parsed in processes of their own. The first call counts.
pub fn isolate(isolation: Isolation) {
    let _ = ISOLATION.set(isolation);
}

/// What a PDF says, as one process tells another.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Answer {
    pub(super) text: String,
    pub(super) title: Option<String>,
    pub(super) author: Option<String>,
    /// `2023-08-21`.
    pub(super) made: Option<String>,
}

/// Parses a PDF.
pub(super) fn pdf(bytes: &[u8]) -> Result<Answer> {
    match ISOLATION.get().and_then(|isolation| Some((isolation, start(isolation)?))) {
        Some((isolation, child)) => ask(child, bytes.to_vec(), isolation.time_limit),
        None => on_thread(bytes.to_vec(), TIME_LIMIT),
    }
}

/// The other end: parses the PDF on standard input, and writes what it says to standard output.
///
/// # Errors
/// Input or output are closed, or the limit cannot be set.
pub fn serve(memory_mb: u64) -> Result<()> {
    bound(memory_mb)?;
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).context("cannot read standard input")?;
    let answer = on_thread(bytes, TIME_LIMIT).map_err(|reason| format!("{reason:#}"));
    serde_json::to_writer(std::io::stdout().lock(), &answer).context("cannot write the answer")
}

/// Bounds the memory of this process, and its time: whoever started it may be gone.
#[cfg(unix)]
fn bound(memory_mb: u64) -> Result<()> {
    let bytes = memory_mb * 1_000_000 + STACK_BYTES as u64;
    let seconds = 2 * TIME_LIMIT.as_secs();
    rlimit::setrlimit(rlimit::Resource::AS, bytes, bytes).context("cannot bound the memory")?;
    rlimit::setrlimit(rlimit::Resource::CPU, seconds, seconds).context("cannot bound the time")
}

#[cfg(not(unix))]
fn bound(_: u64) -> Result<()> {
    Ok(())
}

/// A process that waits for a PDF; `None` if the system has none left.
fn start(isolation: &Isolation) -> Option<Child> {
    Command::new(&isolation.program)
        .args(["read-pdf", "--memory-mb", &isolation.memory_mb.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()
}

fn ask(mut child: Child, bytes: Vec<u8>, time_limit: Duration) -> Result<Answer> {
    let (mut input, output) = (child.stdin.take(), child.stdout.take());
    let (send, receive) = mpsc::channel();
    // Ends when the process does.
    let talk = move || {
        // A process that is gone has no answer either.
        let _ = input.as_mut().map(|input| input.write_all(&bytes));
        drop(input);
        let answer = output.and_then(|output| {
            let output = BufReader::new(output.take(LONGEST_ANSWER));
            serde_json::from_reader::<_, Result<Answer, String>>(output).ok()
        });
        let _ = send.send(answer);
    };
    thread::Builder::new()
        .spawn(talk)
        .context("cannot start a thread; try fewer with --threads")?;
    let answer = receive.recv_timeout(time_limit);
    // It has answered, or never will.
    let _ = child.kill();
    let _ = child.wait();
    match answer {
        Ok(Some(answer)) => answer.map_err(|reason| anyhow!(reason)),
        Ok(None) => {
            bail!("its parser crashed or ran out of memory; export it again, or save it as text")
        }
        Err(_) => Err(too_slow(time_limit)),
    }
}

fn too_slow(limit: Duration) -> anyhow::Error {
    let seconds = limit.as_secs();
    anyhow!("it took longer than {seconds} seconds; export it again, or save it as text")
}

/// Parses a PDF on a thread: a panic is an error, and so is taking too long. A thread that hangs
/// cannot be ended: it is left behind.
fn on_thread(bytes: Vec<u8>, time_limit: Duration) -> Result<Answer> {
    let (send, receive) = mpsc::channel();
    let contained = move || {
        let work = AssertUnwindSafe(|| pdf::parse(&bytes));
        let result = catch_unwind(work).unwrap_or_else(|panic| {
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
    receive.recv_timeout(time_limit).unwrap_or_else(|_| Err(too_slow(time_limit)))
}
