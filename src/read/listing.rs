//! Many sources in little memory.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::sources::{Source, shown};

/// Sources, sorted by the bytes of their names. One takes 17 bytes and the name of its file: there
/// may be a million of them.
#[derive(Debug)]
pub struct Sources {
    folders: Vec<PathBuf>,
    entries: Vec<Entry>,
    names: Names,
    /// Of several sources with names that look the same, those after the first, by their place in
    /// `names`.
    numbers: BTreeMap<usize, u32>,
}

/// A source without the folder it is in.
#[derive(Debug, Clone, Copy)]
struct Entry {
    /// Where its name starts in the names.
    start: usize,
    /// Bytes of its name as it is shown.
    length: u16,
    is_named: bool,
    leads_out: bool,
    folder: u32,
}

impl Sources {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The sources in their order.
    pub fn iter(&self) -> impl Iterator<Item = Source> {
        self.entries.iter().map(|entry| Source {
            path: self.path(entry),
            is_named: entry.is_named,
            leads_out: entry.leads_out,
            number: self.numbers.get(&entry.start).copied().unwrap_or(1),
        })
    }

    fn path(&self, entry: &Entry) -> PathBuf {
        self.names.path(&self.folders[entry.folder as usize], entry)
    }

    /// Leaves each file once; one the user named before the same file found in a folder.
    fn keep_each_file_once(&mut self) {
        let mut entries = std::mem::take(&mut self.entries);
        entries.sort_by_cached_key(|entry| (!entry.is_named, self.path(entry)));
        let mut files = BTreeSet::new();
        entries.retain(|entry| {
            let path = self.path(entry);
            files.insert(path.canonicalize().unwrap_or(path))
        });
        self.entries = entries;
    }

    fn sort(&mut self) {
        let mut entries = std::mem::take(&mut self.entries);
        let prefixes: Vec<String> = self.folders.iter().map(|folder| prefix(folder)).collect();
        let whole = |entry: &Entry| {
            let prefix = prefixes[entry.folder as usize].bytes();
            prefix.chain(self.names.shown(entry).bytes())
        };
        let by_name = |a: &Entry, b: &Entry| match a.folder == b.folder {
            true => self.names.shown(a).cmp(self.names.shown(b)),
            false => whole(a).cmp(whole(b)),
        };
        entries
            .sort_unstable_by(|a, b| by_name(a, b).then_with(|| self.path(a).cmp(&self.path(b))));
        for n in 1..entries.len() {
            let (before, entry) = (&entries[n - 1], &entries[n]);
            if by_name(before, entry) == Ordering::Equal && self.path(before) != self.path(entry) {
                let number = self.numbers.get(&before.start).copied().unwrap_or(1);
                self.numbers.insert(entry.start, number + 1);
            }
        }
        self.entries = entries;
    }
}

/// What the name of each file in a folder starts with.
fn prefix(folder: &Path) -> String {
    let mut name = shown(&folder.join("x"));
    name.pop();
    name
}

/// The names of files in their folders.
#[derive(Debug, Default)]
struct Names {
    /// All of them as they are shown, one behind the other, each with a `/`.
    shown: String,
    /// Those that are no Unicode, by where they start.
    odd: HashMap<usize, OsString>,
}

impl Names {
    fn shown(&self, entry: &Entry) -> &str {
        &self.shown[entry.start..][..entry.length.into()]
    }

    fn path(&self, folder: &Path, entry: &Entry) -> PathBuf {
        match self.odd.get(&entry.start) {
            Some(name) => folder.join(name),
            // What has no name in a folder: `/` or `..`.
            None if entry.length == 0 => folder.to_owned(),
            None => folder.join(self.shown(entry)),
        }
    }

    /// Adds a name; where it starts and how long it is.
    fn add(&mut self, name: &OsStr) -> Result<(usize, u16)> {
        let start = self.shown.len();
        let shown = name.to_string_lossy();
        let length = u16::try_from(shown.len());
        let length = length.with_context(|| format!("this name is too long: {shown}"))?;
        self.shown.push_str(&shown);
        // No two begin at the same place, not even empty ones.
        self.shown.push('/');
        if name.to_str().is_none() {
            self.odd.insert(start, name.to_owned());
        }
        Ok((start, length))
    }
}

/// Collects sources.
#[derive(Debug, Default)]
pub(super) struct Collector {
    /// As they are written: of `a/b` and `a//b` each.
    folders: HashMap<OsString, u32>,
    entries: Vec<Entry>,
    names: Names,
}

impl Collector {
    pub(super) fn add(&mut self, source: &Source) -> Result<()> {
        let (folder, name) = match (source.path.parent(), source.path.file_name()) {
            (Some(folder), Some(name)) => (folder, name),
            _ => (source.path.as_path(), OsStr::new("")),
        };
        let (start, length) = self.names.add(name)?;
        let folder = self.folder(folder)?;
        let Source { is_named, leads_out, .. } = *source;
        self.entries.push(Entry { start, length, is_named, leads_out, folder });
        Ok(())
    }

    fn folder(&mut self, path: &Path) -> Result<u32> {
        if let Some(&number) = self.folders.get(path.as_os_str()) {
            return Ok(number);
        }
        let number = u32::try_from(self.folders.len()).context("there are too many folders")?;
        self.folders.insert(path.into(), number);
        Ok(number)
    }

    /// The sources in their order. Where one file may have been found in `several_ways`, it is
    /// looked up which are the same.
    pub(super) fn finish(self, several_ways: bool) -> Sources {
        let Self { folders, mut entries, mut names } = self;
        entries.shrink_to_fit();
        names.shown.shrink_to_fit();
        let mut folders: Vec<_> = folders.into_iter().collect();
        folders.sort_unstable_by_key(|(_, number)| *number);
        let folders = folders.into_iter().map(|(path, _)| path.into()).collect();
        let mut sources = Sources { folders, entries, names, numbers: BTreeMap::new() };
        if several_ways {
            sources.keep_each_file_once();
        }
        sources.sort();
        sources
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn listed(paths: &[PathBuf]) -> Vec<Source> {
        let mut collector = Collector::default();
        paths.iter().for_each(|path| collector.add(&Source::new(path, false)).unwrap());
        collector.finish(false).iter().collect()
    }

    #[cfg(unix)]
    #[test]
    fn names_that_look_the_same_are_numbered_and_lead_to_their_files() {
        use std::os::unix::ffi::OsStrExt;
        let path = |bytes: &[u8]| Path::new("a").join(OsStr::from_bytes(bytes));
        let paths = [path(b"\xff.txt"), path("\u{fffd}.txt".as_bytes()), path(b"\xfe.txt")];
        let found = listed(&paths);
        let names: Vec<String> = found.iter().map(Source::name).collect();
        assert_eq!(names, ["a/\u{fffd}.txt", "a/\u{fffd}.txt (2)", "a/\u{fffd}.txt (3)"]);
        let places: Vec<&Path> = found.iter().map(|source| source.path.as_path()).collect();
        assert_eq!(places, [&paths[1], &paths[2], &paths[0]]);
    }

    #[test]
    fn what_has_no_name_in_a_folder_is_listed_too() {
        let paths = ["..", "/", "a"].map(PathBuf::from);
        let found: Vec<PathBuf> = listed(&paths).into_iter().map(|source| source.path).collect();
        assert_eq!(found, paths);
    }

    proptest! {
        #[test]
        fn any_files_are_listed_by_name(
            root in prop::sample::select(vec!["", "./", "/"]),
            paths in prop::collection::btree_set("([a-b é.-]{1,2}/){0,2}[a-b é-]{1,3}", 0..12),
        ) {
            // Of paths that differ in how they are written alone, one.
            let path = |path: &String| Path::new(root).join(path).components().collect();
            let by_name: BTreeMap<String, PathBuf> =
                paths.iter().map(path).map(|path: PathBuf| (shown(&path), path)).collect();
            let paths: Vec<PathBuf> = by_name.values().rev().cloned().collect();
            let found = listed(&paths);
            let names: Vec<String> = found.iter().map(Source::name).collect();
            prop_assert_eq!(names, by_name.into_keys().collect::<Vec<_>>());
            prop_assert!(paths.iter().all(|path| found.iter().any(|source| &source.path == path)));
        }
    }
}
