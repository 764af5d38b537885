//! Flags in, reports out, exit code.

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;

use demarche::assets::{self, Assets};
use demarche::cli::{Cli, Command, Eval, Explain, Run};
use demarche::config::{Config, Settings};
use demarche::gazetteer::Gazetteer;
use demarche::pipeline::Stages;
use demarche::report::Folder;
use demarche::run::{Finished, Origin};
use demarche::stories::Signer;
use demarche::tag::Tagger;
use demarche::{eval, explain, read, run};

mod screen;

use screen::{say, warn};

/// Done, but some articles failed.
const SOME_FAILED: u8 = 1;
/// Could not run.
const COULD_NOT_RUN: u8 = 2;

fn main() -> ExitCode {
    match run_command(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            warn(&format!("demarche: {error:#}"));
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}

fn run_command(command: Command) -> Result<ExitCode> {
    match command {
        Command::Run(flags) => run_corpus(&flags),
        Command::Eval(flags) => evaluate(&flags),
        Command::Explain(flags) => explain_text(&flags),
    }
}

fn run_corpus(flags: &Run) -> Result<ExitCode> {
    let gazetteer = Gazetteer::built_in()?;
    let settings = flags.settings().over(config_file(flags.config.as_deref())?);
    let model = model(settings.model.as_deref());
    let tagger = Tagger::load(&model)?;
    let model_sha256 = model.sha256(&tagger.config().files())?;
    let config = Config::new(settings, &gazetteer)?;
    let sources = read::sources(&flags.paths)?;
    let folder = Folder::open(&flags.out, flags.force)?;
    let stages = Stages { gazetteer, tagger, signer: Signer::default() };
    let origin = Origin {
        paths: flags.paths.iter().map(|path| path.display().to_string()).collect(),
        model_sha256,
    };

    // A panic in an article becomes its row in failures.csv: no trace on the screen.
    std::panic::set_hook(Box::new(|_| {}));
    let progress = screen::Progress::new(sources.len(), flags.quiet);
    let finished =
        run::run(&sources, origin, &stages, config, &folder, |done| progress.show(done))?;
    progress.finish();
    let _ = std::panic::take_hook();

    if !flags.quiet {
        say(&screen::summary(&finished, &flags.out));
    }
    Ok(exit_code(&finished))
}

fn exit_code(finished: &Finished) -> ExitCode {
    if finished.manifest.counts.failures > 0 {
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
    let gazetteer = Gazetteer::built_in()?;
    let tagger = Tagger::load(&model(flags.model.as_deref()))?;
    let scores = eval::files(&flags.gold, &tagger, &gazetteer)?;
    say(&if flags.json { serde_json::to_string_pretty(&scores)? } else { eval::table(&scores) });
    Ok(ExitCode::SUCCESS)
}

fn explain_text(flags: &Explain) -> Result<ExitCode> {
    let text = if flags.text == "-" { standard_input()? } else { flags.text.clone() };
    let stages = Stages {
        gazetteer: Gazetteer::built_in()?,
        tagger: Tagger::load(&model(flags.model.as_deref()))?,
        signer: Signer::default(),
    };
    say(&explain::text(&text, &stages)?);
    Ok(ExitCode::SUCCESS)
}

fn model(folder: Option<&Path>) -> Assets {
    Assets::in_folder_or(folder, assets::MODEL)
}

fn standard_input() -> Result<String> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
