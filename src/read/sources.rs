//! Finds the files to read in what the user named.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use walkdir::{DirEntry, WalkDir};

use super::listing::{Collector, Sources};

/// Something to read: a file, or what was found in a folder and cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// Whether the user named the file itself, not a folder it is in.
    pub is_named: bool,
    /// Whether it is a link to a file outside of all that the user named, not to be followed.
    pub leads_out: bool,
    /// Which of several with names that look the same, from 1.
    pub(super) number: u32,
}

impl Source {
    /// The source at a path.
    pub fn new(path: &Path, is_named: bool) -> Self {
        Self { path: path.into(), is_named, leads_out: false, number: 1 }
    }

    /// What the user would call it: as it was named on the command line, with `/` between
    /// folders. No two sources have the same name.
    pub fn name(&self) -> String {
        let name = shown(&self.path);
        // Two names that are no UTF-8 can look the same.
        if self.number == 1 { name } else { format!("{name} ({})", self.number) }
    }

    /// Whether it is what another program writes to this one: JSON Lines.
    pub fn is_standard_input(&self) -> bool {
        self.path.as_os_str() == "-"
    }
}

/// The path as the user would write it.
pub(super) fn shown(path: &Path) -> String {
    let name = path.to_string_lossy();
    let name = if cfg!(windows) { name.replace('\\', "/") } else { name.into_owned() };
    match name.strip_prefix("./") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => name,
    }
}

/// What becomes of links to files outside of what the user named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// They are read.
    Follow,
    /// They are failures: whoever made the folder may not mean its reader to see them.
    Stay,
}

/// The sources in `paths`, files or folders with all their folders, sorted by the bytes of their
/// names. A file reached in several ways is one source. Hidden files and folders are left out,
/// links to folders are not followed. What cannot be read, or has no reader, is a source too, so
/// that [`super::document`] says why; only a path that does not exist is an error. `-` is standard
/// input.
///
/// # Errors
/// A path does not exist.
pub fn sources(paths: &[PathBuf], links: Links) -> Result<Sources> {
    let roots = Roots::of(paths)?;
    let mut found = Collector::default();
    for path in paths {
        if path.is_dir() {
            in_folder(path, &roots, links).try_for_each(|source| found.add(&source))?;
        } else {
            found.add(&Source::new(path, true))?;
        }
    }
    Ok(found.finish(roots.overlap()))
}

/// What the user named, without links.
struct Roots(Vec<PathBuf>);

impl Roots {
    fn of(paths: &[PathBuf]) -> Result<Self> {
        let root = |path: &PathBuf| {
            if path.as_os_str() == "-" {
                return Ok(path.clone());
            }
            if !path.exists() {
                bail!("cannot find {}; check the path", path.display());
            }
            path.canonicalize().with_context(|| format!("cannot read {}", path.display()))
        };
        Ok(Self(paths.iter().map(root).collect::<Result<_>>()?))
    }

    fn contain(&self, path: &Path) -> bool {
        self.0.iter().any(|root| path.starts_with(root))
    }

    /// Whether a file can be reached in two ways.
    fn overlap(&self) -> bool {
        let within = |(n, root): (usize, &PathBuf)| {
            self.0.iter().enumerate().any(|(m, other)| n != m && root.starts_with(other))
        };
        self.0.iter().enumerate().any(within)
    }
}

/// The sources in a folder.
fn in_folder<'a>(
    folder: &Path,
    roots: &'a Roots,
    links: Links,
) -> impl Iterator<Item = Source> + use<'a> {
    let is_shown = |entry: &DirEntry| {
        entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.')
    };
    let entries = WalkDir::new(folder).into_iter().filter_entry(is_shown);
    entries.filter_map(move |entry| match entry {
        Ok(entry) if entry.file_type().is_dir() => None,
        Ok(entry) if entry.path_is_symlink() => linked(entry.path(), roots, links),
        Ok(entry) => Some(Source::new(entry.path(), false)),
        Err(error) => Some(Source::new(error.path()?, false)),
    })
}

/// A link that was found in a folder; none if it leads to a file that is found without it.
fn linked(link: &Path, roots: &Roots, links: Links) -> Option<Source> {
    let source = Source::new(link, false);
    match link.canonicalize() {
        Ok(file) if !file.is_file() => Some(source),
        Ok(file) if roots.contain(&file) && !is_hidden(&file, roots) => None,
        Ok(_) => Some(Source { leads_out: links == Links::Stay, ..source }),
        // It leads nowhere: reading it says so.
        Err(_) => Some(source),
    }
}

/// Whether a file below a root is in a hidden folder, or hidden itself.
fn is_hidden(file: &Path, roots: &Roots) -> bool {
    let below = |root: &PathBuf| file.strip_prefix(root).ok();
    roots.0.iter().filter_map(below).all(|rest| {
        rest.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.'))
    })
}
