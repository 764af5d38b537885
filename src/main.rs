//! Flags in, reports out, exit code.

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use clap::Parser;
use serde_json::json;

use demarche::cli::{ActorsCommand, Cli, Command, Eval, Explain, Log, Run};
use demarche::config::{Config, Settings};
use demarche::eval::Mentions;
use demarche::gazetteer::Gazetteer;
use demarche::pipeline::Stages;
use demarche::report::{Folder, Text};
use demarche::run::{Finished, Task};
use demarche::stories::Signer;
use demarche::tag::Tagger;
use demarche::{eval, explain, read, run};

mod screen;

use screen::{say, tell, warn};

/// Done, but some articles failed, or some lines of a register are wrong.
const SOME_FAILED: u8 = 1;
/// Could not run.
const COULD_NOT_RUN: u8 = 2;
/// Stopped by Ctrl-C, as shells tell it.
const STOPPED: u8 = 130;

const STOPPED_EARLY: &str = "demarche: stopped; the reports are of what was done, run the same \
    command again to go on";

fn main() -> ExitCode {
    let command = Cli::parse().command;
    let log = match &command {
        Command::Run(flags) => flags.log,
        _ => Log::Text,
    };
    run_command(command).unwrap_or_else(|error| {
        // What it quotes of a file may have lines, and speak to the terminal.
        let error = Text::new(&format!("{error:#}"));
        let event = json!({"event": "error", "message": error});
        tell(log, &event, &format!("demarche: {}", error.as_str()));
        ExitCode::from(COULD_NOT_RUN)
    })
}

fn run_command(command: Command) -> Result<ExitCode> {
    match command {
        Command::Run(flags) => run_corpus(&flags),
        Command::Eval(flags) => evaluate(&flags),
        Command::Explain(flags) => explain_text(&flags),
        Command::ReadPdf { memory_mb } => read::serve(memory_mb).map(|()| ExitCode::SUCCESS),
        Command::Actors(flags) => match flags.command {
            ActorsCommand::Check { file } => check_actors(&file),
        },
    }
}

fn run_corpus(flags: &Run) -> Result<ExitCode> {
    let settings = flags.settings().over(config_file(flags.config.as_deref())?);
    let stages = stages(&settings)?;
    let config = Config::new(settings, &stages.gazetteer)?;
    let sources = read::sources(&flags.paths, flags.links())?;
    let folder = Folder::open(&flags.out, flags.again())?;
    let paths = flags.paths.iter().map(|path| path.display().to_string()).collect();
    let task = Task {
        sources: &sources,
        paths,
        stages: &stages,
        config,
        folder: &folder,
        again: flags.again(),
    };
    let stop = stopped_by_the_user()?;

    // A panic in an article becomes its row in failures.csv: no trace on the screen.
    std::panic::set_hook(Box::new(|_| {}));
    if let Ok(program) = std::env::current_exe() {
        read::isolate(read::Isolation::by(program));
    }
    let progress = screen::Progress::new(sources.len(), flags.quiet, flags.log);
    let finished = run::run(task, &stop, |step| progress.show(step))?;
    progress.finish();
    let _ = std::panic::take_hook();

    if !flags.quiet {
        screen::finished(&finished, &flags.out, flags.log);
    }
    if finished.manifest.is_partial && flags.log == Log::Text {
        warn(STOPPED_EARLY);
    }
    Ok(exit_code(&finished))
}

/// Set by the first Ctrl-C, which ends the run after the chunk at hand; the second ends the program.
fn stopped_by_the_user() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let on_signal = move || {
        if flag.swap(true, Ordering::Relaxed) {
            #[allow(clippy::exit)] // nobody else can end it from here
            std::process::exit(STOPPED.into());
        }
    };
    ctrlc::set_handler(on_signal).context("cannot listen for Ctrl-C")?;
    Ok(stop)
}

fn exit_code(finished: &Finished) -> ExitCode {
    if finished.manifest.is_partial {
        ExitCode::from(STOPPED)
    } else if finished.manifest.counts.failures > 0 {
        ExitCode::from(SOME_FAILED)
    } else {
        ExitCode::SUCCESS
    }
}

/// The file that `--config` names, or `demarche.toml` if there is one.
fn config_file(named: Option<&Path>) -> Result<Settings> {
    let usual = Path::new("demarche.toml");
    match named {
        Some(path) => Settings::read(path),
        None if usual.exists() => Settings::read(usual),
        None => Ok(Settings::default()),
    }
}

fn evaluate(flags: &Eval) -> Result<ExitCode> {
    let stages = stages(&flags.readers.settings())?;
    let mentions = if flags.end_to_end { Mentions::Found } else { Mentions::Marked };
    let scores = eval::files(&flags.gold, &stages, mentions)?;
    say(&if flags.json { serde_json::to_string_pretty(&scores)? } else { eval::table(&scores) });
    Ok(ExitCode::SUCCESS)
}

fn explain_text(flags: &Explain) -> Result<ExitCode> {
    let text = if flags.text == "-" { standard_input()? } else { flags.text.clone() };
    let stages = stages(&flags.readers.settings())?;
    say(&explain::text(&text, &stages)?);
    Ok(ExitCode::SUCCESS)
}

fn check_actors(file: &Path) -> Result<ExitCode> {
    let problems = Gazetteer::built_in()?.check_actors(file)?;
    if problems.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    say(&problems.join("\n"));
    Ok(ExitCode::from(SOME_FAILED))
}

/// The stages with the models and the register that the user chose.
fn stages(settings: &Settings) -> Result<Stages> {
    Ok(Stages {
        gazetteer: Gazetteer::with_actors(settings.actors.as_deref())?,
        tagger: Tagger::of(&settings.choice()?)?,
        signer: Signer::default(),
    })
}

fn standard_input() -> Result<String> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
