//! How the articles of a store were analysed, and on what.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, bail};
use rusqlite::Connection;
use serde::Serialize;
use serde_json::Value;

use super::Again;
use crate::config::Config;
use crate::pipeline::Stages;

/// Settings that no article's analysis depends on; what a register of actors says is part of the
/// gazetteer.
const FREE: [&str; 4] = ["focus", "countries", "period", "actors"];

/// What the names of an article are resolved by: with another one, that is done again.
const GAZETTEER: &str = "gazetteer";

/// Which articles are wanted: decided anew for each.
const SELECTION: &str = "selection";

/// The files and folders that were read.
const PATHS: &str = "paths";

/// The fields of a struct, by name.
fn fields(of: &impl Serialize) -> Result<BTreeMap<String, Value>> {
    Ok(serde_json::from_value(serde_json::to_value(of)?)?)
}

/// All that decides what an article's analysis says, and which articles there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity(BTreeMap<String, String>);

impl Identity {
    /// That of a run.
    ///
    /// # Errors
    /// None; the settings can be written as JSON.
    pub fn new(stages: &Stages, config: &Config, paths: &[String]) -> Result<Self> {
        let tagger = &stages.tagger;
        let mut parts: BTreeMap<String, String> = [
            ("version of demarche", env!("CARGO_PKG_VERSION")),
            ("model", tagger.sha256()),
            ("second model", tagger.second_sha256().unwrap_or_default()),
            (GAZETTEER, stages.gazetteer.sha256()),
        ]
        .map(|(what, value)| (what.to_owned(), value.to_owned()))
        .into();
        let readers = fields(&tagger.readers())?;
        let settings = fields(config)?.into_iter().chain(readers);
        let settings = settings.filter(|(name, _)| !FREE.contains(&name.as_str()));
        parts.extend(settings.map(|(name, value)| (name, value.to_string())));
        parts.insert(PATHS.to_owned(), serde_json::to_string(paths)?);
        Ok(Self(parts))
    }

    /// That of the articles in a store; `None` if it is new.
    pub(super) fn held(connection: &Connection) -> Result<Option<Self>> {
        let mut all = connection.prepare("SELECT what, value FROM identity")?;
        let parts: rusqlite::Result<BTreeMap<String, String>> =
            all.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect();
        Ok(Some(parts?).filter(|parts| !parts.is_empty()).map(Self))
    }

    /// Replaces what the store holds.
    pub(super) fn write(&self, connection: &Connection, again: Again) -> Result<()> {
        let mut parts = self.clone();
        if let (Again::KeepMissing, Some(held)) = (again, Self::held(connection)?) {
            let mut paths = held.paths();
            paths.extend(self.paths());
            paths.sort();
            paths.dedup();
            parts.0.insert(PATHS.to_owned(), serde_json::to_string(&paths)?);
        }
        connection.execute("DELETE FROM identity", [])?;
        let mut insert = connection.prepare("INSERT INTO identity VALUES (?1, ?2)")?;
        for part in &parts.0 {
            insert.execute(part)?;
        }
        Ok(())
    }

    /// The settings that say which articles are wanted.
    pub(super) fn selection(&self) -> Option<&String> {
        self.0.get(SELECTION)
    }

    /// The SHA-256 of the gazetteer.
    pub(super) fn gazetteer(&self) -> Option<&String> {
        self.0.get(GAZETTEER)
    }

    fn paths(&self) -> Vec<String> {
        let paths = self.0.get(PATHS).map(String::as_str).unwrap_or_default();
        serde_json::from_str(paths).unwrap_or_default()
    }

    /// An error if the articles that are `held` cannot be taken over.
    pub(super) fn check(&self, held: &Self, again: Again, folder: &Path) -> Result<()> {
        let folder = folder.display();
        let names = self.0.keys().chain(held.0.keys());
        let mut changed: Vec<&str> = names
            .map(String::as_str)
            .filter(|name| ![SELECTION, PATHS, GAZETTEER].contains(name))
            .filter(|&name| self.0.get(name) != held.0.get(name))
            .collect();
        changed.sort_unstable();
        changed.dedup();
        if !changed.is_empty() {
            bail!(
                "the articles of {folder} were analysed with another {}; add --reanalyse to analyse them again, or choose another folder",
                changed.join(", another ")
            );
        }
        let paths = self.paths();
        let gone = held.paths().into_iter().find(|path| !paths.contains(path));
        if let Some(path) = gone.filter(|_| again == Again::Continue) {
            bail!(
                "{folder} has the articles of {path}, which are not asked for now; add --keep-missing to keep them, --reanalyse to drop them, or choose another folder"
            );
        }
        Ok(())
    }
}
