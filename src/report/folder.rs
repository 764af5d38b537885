//! The output folder: tables are written under temporary names and appear all at once.

use std::fs::{self, File};
use std::io::BufWriter;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::rows::{
    ArticleRow, CountryRow, DyadRow, FailureRow, MentionRow, PairRow, Row, StoryRow, UnresolvedRow,
};

/// The manifest's file: a folder that has it holds the reports of a run.
pub(super) const MANIFEST: &str = "run.json";

/// All files a run writes.
const FILES: [&str; 9] = [
    CountryRow::FILE,
    DyadRow::FILE,
    ArticleRow::FILE,
    StoryRow::FILE,
    MentionRow::FILE,
    PairRow::FILE,
    UnresolvedRow::FILE,
    FailureRow::FILE,
    MANIFEST,
];

/// A folder for the reports of one run.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes the folder, or takes an empty one, or with `force` one with the reports of an earlier
    /// run. No other file in it is ever touched.
    pub fn open(path: &Path, force: bool) -> Result<Self> {
        fs::create_dir_all(path).with_context(|| {
            format!("cannot make the output folder {}; choose another with --out", path.display())
        })?;
        let names = fs::read_dir(path)
            .with_context(|| format!("cannot read the output folder {}", path.display()))?
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<Result<Vec<String>>>()?;
        let is_ours = |name: &String| FILES.contains(&name.strip_suffix(TEMPORARY).unwrap_or(name));
        let holds_a_run = names.iter().any(is_ours);
        if holds_a_run && !force {
            bail!(
                "{} holds the reports of an earlier run; add --force to replace them, or choose another folder",
                path.display()
            );
        }
        if !holds_a_run && !names.is_empty() {
            bail!(
                "{} is not empty and holds no earlier run; choose another folder with --out",
                path.display()
            );
        }
        let folder = Self { path: path.to_owned() };
        folder.writable()?;
        Ok(folder)
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
    pub fn table<R: Row>(&self, columns: &[&str]) -> Result<Table<R>> {
        let path = self.temporary(R::FILE);
        let file =
            File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        let mut writer = csv::WriterBuilder::new()
            .has_headers(false) // csv would write none for a table without rows
            .from_writer(BufWriter::new(file));
        writer.write_record(columns)?;
        Ok(Table { writer, rows: 0, row: PhantomData })
    }

    /// Writes a whole table.
    pub fn write<R: Row>(&self, rows: impl IntoIterator<Item = R>) -> Result<()> {
        let mut table = self.table::<R>(R::COLUMNS)?;
        for row in rows {
            table.push(&row)?;
        }
        table.finish()
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
        for name in FILES {
            let (from, to) = (self.temporary(name), self.path.join(name));
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

/// A table that is being written.
#[derive(Debug)]
pub struct Table<R> {
    writer: csv::Writer<BufWriter<File>>,
    rows: usize,
    row: PhantomData<R>,
}

impl<R: Row> Table<R> {
    /// Writes one row.
    pub fn push(&mut self, row: &R) -> Result<()> {
        self.rows += 1;
        self.writer.serialize(row).with_context(|| format!("cannot write {}", R::FILE))
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Writes out what is buffered.
    pub fn finish(mut self) -> Result<()> {
        self.writer.flush().with_context(|| format!("cannot write {}", R::FILE))
    }
}
