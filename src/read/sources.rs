//! Finds the files to read in what the user named.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use walkdir::{DirEntry, WalkDir};

/// Something to read: a file, or what was found in a folder and cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// What the user would call it: as it was named on the command line, with `/` between
    /// folders. No two sources have the same name.
    pub name: String,
    /// Whether the user named the file itself, not a folder it is in.
    pub is_named: bool,
}

impl Source {
    /// Whether it is what another program writes to this one: JSON Lines.
    pub fn is_standard_input(&self) -> bool {
        self.path.as_os_str() == "-"
    }
}

/// The sources in `paths`, files or folders with all their folders, sorted by the bytes of their
/// names. A file reached in several ways is one source. Hidden files and folders are left out,
/// links to folders are not followed. What cannot be read, or has no reader, is a source too, so
/// that [`super::document`] says why; only a path that does not exist is an error. `-` is standard
/// input.
pub fn sources(paths: &[PathBuf]) -> Result<Vec<Source>> {
    let mut found = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            found.push(Source { path: path.clone(), name: name(path), is_named: true });
            continue;
        }
        if !path.exists() {
            bail!("cannot find {}; check the path", path.display());
        }
        if path.is_dir() {
            found.extend(in_folder(path));
        } else {
            found.push(Source { path: path.clone(), name: name(path), is_named: true });
        }
    }
    Ok(unique(found))
}

/// The sources in a folder.
fn in_folder(folder: &Path) -> impl Iterator<Item = Source> {
    let is_shown = |entry: &DirEntry| {
        entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.')
    };
    let entries = WalkDir::new(folder).into_iter().filter_entry(is_shown);
    entries.filter_map(|entry| {
        let path = match entry {
            Ok(entry) if entry.file_type().is_dir() => return None,
            Ok(entry) => entry.into_path(),
            Err(error) => error.path()?.to_owned(),
        };
        Some(Source { name: name(&path), path, is_named: false })
    })
}

/// The path as the user would write it.
fn name(path: &Path) -> String {
    let name = path.to_string_lossy();
    let name = if cfg!(windows) { name.replace('\\', "/") } else { name.into_owned() };
    match name.strip_prefix("./") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => name,
    }
}

/// Each file once, under a name of its own, sorted.
fn unique(mut sources: Vec<Source>) -> Vec<Source> {
    // A file the user named is kept before the same file found in a folder.
    sources.sort_by(|a, b| (!a.is_named, &a.name, &a.path).cmp(&(!b.is_named, &b.name, &b.path)));
    let mut files = BTreeMap::new();
    for source in sources {
        let file = source.path.canonicalize().unwrap_or_else(|_| source.path.clone());
        files.entry(file).or_insert(source);
    }
    let mut sources: Vec<Source> = files.into_values().collect();
    sources.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    number_equal_names(&mut sources);
    sources
}

/// Two names that are no UTF-8 can look the same: the second gets ` (2)`, and so on.
fn number_equal_names(sources: &mut [Source]) {
    let mut last = String::new();
    let mut count = 1;
    for source in sources {
        if source.name == last {
            count += 1;
            source.name = format!("{last} ({count})");
        } else {
            last.clone_from(&source.name);
            count = 1;
        }
    }
}
