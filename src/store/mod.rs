//! What a run knows, in a SQLite file in the output folder: written chunk by chunk, so that the
//! same command goes on after whatever ended it.

mod counts;
mod enter;
mod figures;
mod identity;
mod known;
mod settle;
mod tables;

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rusqlite::Connection;

pub use identity::Identity;
pub use known::{Fingerprint, Known};
pub use tables::VIEWS;

/// The store's file in the output folder.
pub const FILE: &str = "demarche.sqlite";

/// What SQLite puts beside it while it is open.
pub const BESIDE: [&str; 2] = ["demarche.sqlite-wal", "demarche.sqlite-shm"];

/// The tables' shape; another number is another shape.
const SHAPE: i64 = 2;

/// Everything that is known of the articles of a folder of reports.
pub struct Store {
    connection: Connection,
    keep_text: bool,
    /// Articles seen in this run: the place of the next.
    seen: Cell<i64>,
    /// Whether other articles are wanted than in the run before.
    is_new_selection: bool,
}

impl Store {
    /// Opens the store of a folder, or starts one. What the folder knows already must have been
    /// found out in the same way as is asked for now, whatever the gazetteer; with `reanalyse` it
    /// is thrown away.
    ///
    /// # Errors
    /// The folder's articles were analysed in another way, or are of other paths and would vanish;
    /// articles that are gone are to be kept, and their names would have to be resolved again;
    /// the file cannot be read or written, or is no store.
    pub fn open(folder: &Path, identity: &Identity, keep_text: bool, again: Again) -> Result<Self> {
        let path = folder.join(FILE);
        if again == Again::Anew {
            remove(&path)?;
        }
        let context = || {
            format!("cannot use {}; make room, or add --reanalyse if it is damaged", path.display())
        };
        let connection = Connection::open(&path).with_context(context)?;
        Self::prepare(&connection).with_context(context)?;
        let held = Identity::held(&connection).with_context(context)?;
        if let Some(held) = &held {
            identity.check(held, again, folder)?;
        }
        let is_other = |of: fn(&Identity) -> Option<&String>| {
            held.as_ref().is_some_and(|held| of(held) != of(identity))
        };
        let is_new_selection = is_other(Identity::selection);
        let is_new_gazetteer = is_other(Identity::gazetteer);
        if again == Again::KeepMissing
            && (is_new_gazetteer || Self::has_stale(&connection).with_context(context)?)
        {
            bail!(
                "the names in {} were resolved by another register of actors, and of articles that \
                 are gone they cannot be resolved again; leave out --keep-missing, or add --reanalyse",
                folder.display()
            );
        }
        let store = Self { connection, keep_text, seen: Cell::new(0), is_new_selection };
        store.in_transaction(|| {
            identity.write(&store.connection, again)?;
            store.connection.execute(
                "UPDATE article SET place = NULL, is_stale = is_stale OR ?1",
                [is_new_gazetteer],
            )?;
            Ok(())
        })?;
        Ok(store)
    }

    /// A store that is gone when it is dropped.
    ///
    /// # Errors
    /// SQLite has no memory left.
    pub fn in_memory() -> Result<Self> {
        let connection = Connection::open_in_memory()?;
        Self::prepare(&connection)?;
        Ok(Self { connection, keep_text: true, seen: Cell::new(0), is_new_selection: false })
    }

    fn prepare(connection: &Connection) -> Result<()> {
        // Others may query while a run writes. A power cut costs the last chunks, a kill none.
        connection.execute_batch(
            "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
        )?;
        connection.set_prepared_statement_cache_capacity(64);
        let shape: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        match shape {
            0 => {
                let schema = include_str!("schema.sql");
                connection.execute_batch(&format!(
                    "BEGIN; {schema} PRAGMA user_version = {SHAPE}; COMMIT;"
                ))?;
            }
            SHAPE => {}
            _ => bail!("it is of another version of demarche"),
        }
        Ok(())
    }

    fn has_stale(connection: &Connection) -> Result<bool> {
        let stale = "SELECT EXISTS (SELECT 1 FROM article WHERE is_stale)";
        Ok(connection.query_row(stale, [], |row| row.get(0))?)
    }

    /// Whether other articles are wanted than in the run before.
    pub fn is_new_selection(&self) -> bool {
        self.is_new_selection
    }

    /// Does all of `work` or, if it fails, nothing of it.
    ///
    /// # Errors
    /// Those of `work`; the disk is full, or the file cannot be written.
    pub fn in_transaction<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.connection.execute_batch("BEGIN IMMEDIATE").with_context(cannot_write)?;
        let result = work();
        if result.is_ok() {
            self.connection.execute_batch("COMMIT").with_context(cannot_write)?;
        } else if !self.connection.is_autocommit() {
            // What went wrong is what counts.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
        result
    }
}

fn cannot_write() -> String {
    format!("cannot write {FILE}; make room, and run the same command again to go on")
}

/// What becomes of what a folder knows already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// The run goes on from it; articles that are no longer there leave it.
    Continue,
    /// The run goes on from it, and articles that are no longer there stay.
    KeepMissing,
    /// It is thrown away.
    Anew,
}

fn remove(path: &Path) -> Result<()> {
    let beside = BESIDE.map(|name| path.with_file_name(name));
    for file in [path.to_owned()].iter().chain(&beside) {
        remove_file(file)?;
    }
    Ok(())
}

fn remove_file(file: &PathBuf) -> Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", file.display()))
        }
        _ => Ok(()),
    }
}
