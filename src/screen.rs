//! What the person at the terminal sees.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

use demarche::cli::Log;
use demarche::report::{ColumnsRead, CountryRow, Manifest, Number};
use demarche::run::{Finished, Step};

/// Prints to standard output; a closed pipe (`| head`) is the reader's choice, not an error.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Prints to standard error.
pub(crate) fn warn(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Prints an event to standard error, in the form that the user wants.
pub(crate) fn tell(log: Log, event: &Value, text: &str) {
    match log {
        Log::Text => warn(text),
        Log::Json => warn(&event.to_string()),
    }
}

/// Without a terminal a line appears this often.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// A bar on a terminal, plain lines otherwise; told of articles by many threads.
pub(crate) struct Progress {
    bar: ProgressBar,
    words: AtomicUsize,
    compared: AtomicUsize,
    log: Log,
    lines: Option<Mutex<Instant>>,
}

impl Progress {
    pub(crate) fn new(articles: usize, quiet: bool, log: Log) -> Self {
        let has_terminal = std::io::stderr().is_terminal() && log == Log::Text;
        let target = if quiet || !has_terminal {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let style =
            ProgressStyle::with_template("{wide_bar} {pos}/{len} articles, {msg}, {eta} left")
                .expect("the template is right");
        Self {
            bar: ProgressBar::with_draw_target(Some(articles as u64), target).with_style(style),
            words: AtomicUsize::new(0),
            compared: AtomicUsize::new(0),
            log,
            lines: (!quiet && !has_terminal).then(|| Mutex::new(Instant::now())),
        }
    }

    pub(crate) fn show(&self, step: Step) {
        match step {
            Step::Compared => self.show_compared(),
            Step::Found(articles) => self.bar.inc_length((articles as u64).saturating_sub(1)),
            Step::Done(words) => self.show_done(words),
        }
    }

    fn show_compared(&self) {
        let compared = self.compared.fetch_add(1, Ordering::Relaxed) + 1;
        self.bar.set_message(format!("{compared} compared"));
        if self.is_time_for_a_line() {
            let event = json!({"event": "compared", "articles": compared});
            tell(self.log, &event, &format!("{compared} articles compared"));
        }
    }

    /// Without a terminal, whether the last line was long ago.
    fn is_time_for_a_line(&self) -> bool {
        let Some(Ok(mut last)) = self.lines.as_ref().map(Mutex::lock) else { return false };
        let is_time = last.elapsed() >= LINE_EVERY;
        if is_time {
            *last = Instant::now();
        }
        is_time
    }

    fn show_done(&self, words: usize) {
        let words = self.words.fetch_add(words, Ordering::Relaxed) + words;
        let speed = words as f64 / self.bar.elapsed().as_secs_f64().max(1e-9);
        self.bar.inc(1);
        self.bar.set_message(format!("{speed:.0} words/s"));
        if self.is_time_for_a_line() {
            let (done, articles) = (self.bar.position(), self.bar.length().unwrap_or_default());
            let left = self.bar.eta().as_secs();
            let event = json!({
                "event": "progress", "done": done, "articles": articles,
                "words_per_second": speed.round(), "seconds_left": left,
            });
            let text = format!("{done} of {articles} articles, {speed:.0} words/s, {left} s left");
            tell(self.log, &event, &text);
        }
    }

    pub(crate) fn finish(self) {
        self.bar.finish_and_clear();
    }
}

/// What became of a run: a table on standard output, or an event.
pub(crate) fn finished(finished: &Finished, out: &Path, log: Log) {
    let is_partial = finished.manifest.is_partial;
    if log == Log::Text {
        say(&summary(finished, out));
    } else {
        let event = if is_partial { "stopped" } else { "finished" };
        let Manifest { counts, performance, .. } = &finished.manifest;
        warn(&json!({"event": event, "counts": counts, "performance": performance}).to_string());
    }
}

/// The table of the countries of interest, what was counted, and where the reports are.
fn summary(finished: &Finished, out: &Path) -> String {
    let mut lines = vec![format!(
        "{:<24}{:>9}{:>10}{:>11}{:>16}{:>18}",
        "country", "stories", "mentions", "sentiment", "stance to focus", "stance from focus"
    )];

    let is_of_interest = |row: &&CountryRow| finished.manifest.config.is_of_interest(&row.iso3);
    lines.extend(finished.countries.iter().filter(is_of_interest).map(line));
    let others = finished.countries.len() + 1 - lines.len();
    if others > 0 {
        lines.push(format!("and {others} others in countries.csv"));
    }
    let counts = finished.manifest.counts;
    let performance = &finished.manifest.performance;
    lines.push(String::new());
    let unchanged = match performance.unchanged {
        0 => String::new(),
        unchanged => format!("{unchanged} of an earlier run, "),
    };
    lines.push(format!(
        "{} articles ({} stories), {}{unchanged}{} failed; {} words in {:.1} s, {:.0} words/s",
        counts.articles,
        counts.stories,
        not_analysed(&finished.manifest),
        counts.failures,
        performance.words,
        performance.seconds,
        performance.words_per_second
    ));
    lines.extend(finished.manifest.columns.iter().map(columns));
    lines.push(format!("reports are in {}", out.display()));
    lines.join("\n")
}

/// Articles that were read and not analysed, if there are any.
fn not_analysed(manifest: &Manifest) -> String {
    let left_out: usize = manifest.left_out.values().sum();
    let counts = [(manifest.counts.not_english, "not English"), (left_out, "left out")];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    counts.map(|(count, what)| format!("{count} {what}, ")).collect()
}

/// Which fields of records were read, so that a wrong guess is seen.
fn columns(read: &ColumnsRead) -> String {
    let files = if read.files == 1 { "file" } else { "files" };
    format!("records of {} {files}: {}", read.files, read.columns.describe())
}

fn line(row: &CountryRow) -> String {
    format!(
        "{:<24}{:>9}{:>10}{:>11}{:>16}{:>18}",
        row.name,
        row.stories,
        row.mentions,
        figure(row.sentiment),
        figure(row.stance_to_focus),
        figure(row.stance_from_focus),
    )
}

fn figure(number: Number) -> String {
    let Some(value) = number.0 else { return "-".to_owned() };
    let figure = format!("{value:+.2}");
    // What rounds to nothing has no direction.
    if matches!(&*figure, "+0.00" | "-0.00") { "0.00".to_owned() } else { figure }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_has_a_sign_unless_it_is_none_or_nothing() {
        for (number, shown) in
            [(Some(-0.451), "-0.45"), (Some(0.2), "+0.20"), (Some(-0.004), "0.00"), (None, "-")]
        {
            assert_eq!(figure(Number(number)), shown);
        }
    }
}
