//! The output folder: tables are written under temporary names and appear all at once.

use std::fs::{self, File, TryLockError};
use std::io::{BufWriter, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use serde::Serialize;

use super::rows::{CountryRow, DyadRow, Row};
use crate::store::{self, Again};

/// The manifest's file: a folder that has it holds the reports of a run.
pub(super) const MANIFEST: &str = "run.json";

/// Keeps two runs out of one folder: locked as long as one lasts.
const LOCK: &str = ".demarche.lock";

/// The reports, the manifest last.
fn reports() -> impl Iterator<Item = String> {
    let views = store::VIEWS.iter().map(|(view, _)| format!("{view}.csv"));
    let others = [CountryRow::FILE, DyadRow::FILE, MANIFEST].map(str::to_owned);
    views.chain(others)
}

/// A folder for the reports of one run, and nobody else's as long as that lasts.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folder, or takes an empty one or that of an earlier run. No other file in it is
    /// ever touched.
    ///
    /// # Errors
    /// It holds other files and no earlier run, or reports without what they were made from and
    /// those are not to be made anew; another run is at work in it; it cannot be written.
    pub fn open(path: &Path, again: Again) -> Result<Self> {
        fs::create_dir_all(path).with_context(|| {
            format!("cannot make the output folder {}; choose another with --out", path.display())
        })?;
        let names = fs::read_dir(path)
            .with_context(|| format!("cannot read the output folder {}", path.display()))?
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<Result<Vec<String>>>()?;
        check(path, &names, again)?;
        let folder = Self { path: path.to_owned(), _lock: lock(path)? };
        folder.writable()?;
        Ok(folder)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn writable(&self) -> Result<()> {
        let probe = self.temporary(MANIFEST);
        File::create(&probe).and_then(|_| fs::remove_file(&probe)).with_context(|| {
            format!(
                "cannot write to the output folder {}; choose another with --out",
                self.path.display()
            )
        })
    }

    /// Starts a table, with its header.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn table<C: AsRef<[u8]>>(
        &self,
        file: &str,
        columns: impl IntoIterator<Item = C>,
    ) -> Result<Table> {
        let path = self.temporary(file);
        let opened =
            File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        let mut writer = csv::WriterBuilder::new()
            .has_headers(false) // csv would write none for a table without rows
            .from_writer(BufWriter::new(opened));
        writer.write_record(columns)?;
        Ok(Table { file: file.to_owned(), writer })
    }

    /// Starts a table of these rows, with its header.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn table_of<R: Row>(&self) -> Result<Table> {
        self.table(R::FILE, R::COLUMNS)
    }

    /// Writes the manifest.
    pub fn write_manifest(&self, manifest: &super::Manifest) -> Result<()> {
        let path = self.temporary(MANIFEST);
        let mut text = serde_json::to_string_pretty(manifest)?;
        text.push('\n');
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Gives all files their names, the manifest last.
    pub fn publish(&self) -> Result<()> {
        for name in reports() {
            let (from, to) = (self.temporary(&name), self.path.join(&name));
            File::open(&from)
                .and_then(|file| file.sync_all())
                .and_then(|()| fs::rename(&from, &to))
                .with_context(|| format!("cannot write {}", to.display()))?;
        }
        Ok(())
    }

    fn temporary(&self, name: &str) -> PathBuf {
        self.path.join(format!("{name}{TEMPORARY}"))
    }
}

const TEMPORARY: &str = ".partial";

/// An error unless a folder with these files may be used.
fn check(path: &Path, names: &[String], again: Again) -> Result<()> {
    let is_of_the_store = |name: &String| name == store::FILE || store::BESIDE.contains(&&**name);
    let is_report = |name: &String| {
        reports().any(|report| name.strip_suffix(TEMPORARY).unwrap_or(name) == report)
    };
    if names.iter().any(is_of_the_store) {
        return Ok(());
    }
    if names.iter().any(is_report) && again != Again::Anew {
        bail!(
            "{} holds reports, and no {} to go on from; add --reanalyse to replace them, or choose another folder",
            path.display(),
            store::FILE
        );
    }
    if !names.iter().all(|name| is_report(name) || name == LOCK) && !names.iter().any(is_report) {
        bail!(
            "{} is not empty and holds no earlier run; choose another folder with --out",
            path.display()
        );
    }
    Ok(())
}

fn lock(folder: &Path) -> Result<File> {
    let path = folder.join(LOCK);
    let context = || {
        format!("cannot write to the output folder {}; choose another with --out", folder.display())
    };
    let file = File::create(&path).with_context(context)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!(
            "another run is at work in {}; wait for its end, or choose another folder",
            folder.display()
        ),
        // Some network drives have no locks.
        Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(file),
        Err(TryLockError::Error(error)) => Err(error).with_context(context),
    }
}

/// A table that is being written.
#[derive(Debug)]
pub struct Table {
    file: String,
    writer: csv::Writer<BufWriter<File>>,
}

impl Table {
    /// Writes one row.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn push(&mut self, row: &impl Serialize) -> Result<()> {
        self.writer.serialize(row).with_context(|| format!("cannot write {}", self.file))
    }

    /// Writes one row as it is.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn push_record(&mut self, record: &csv::ByteRecord) -> Result<()> {
        self.writer.write_byte_record(record).with_context(|| format!("cannot write {}", self.file))
    }

    /// Writes out what is buffered.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish(mut self) -> Result<()> {
        self.writer.flush().with_context(|| format!("cannot write {}", self.file))
    }
}
