//! A model of the Hugging Face hub -> a folder with its files, in the cache that the hub's own tools use.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use hf_hub::api::sync::ApiBuilder;
use hf_hub::{Cache, Repo, RepoType};
use serde::de::IgnoredAny;

use crate::assets::Assets;
use crate::model::hub::{FILES, HubModel};

/// Git's ids have 40.
const SHA256_DIGITS: usize = 64;

/// The folder of a model's files; those that are not there yet are fetched.
///
/// # Errors
/// The hub cannot be reached, lacks a file, or sends another one than it promised.
pub(in crate::model) fn fetch(model: &HubModel, with_bar: bool) -> Result<PathBuf> {
    let repo = Repo::with_revision(model.name.clone(), RepoType::Model, model.revision.clone());
    // hf-hub would look the commit up in a note that only it writes; the id is the folder's name.
    let folder = Cache::from_env().repo(repo.clone()).pointer_path(&model.revision);
    let missing = FILES.into_iter().filter(|name| !folder.join(name).exists());
    let missing: Vec<_> = missing.collect();
    if missing.is_empty() {
        return Ok(folder);
    }
    let api = ApiBuilder::from_env()
        .with_progress(with_bar)
        .build()
        .map_err(|error| anyhow!("{error}"))?;
    let hub = api.repo(repo);
    for name in missing {
        // With the whole chain of causes hf-hub would say each of them twice.
        hub.download(name).map_err(|error| {
            anyhow!(
                "cannot fetch {name} of {model} from the Hugging Face hub: {error}; check the \
                 name, the commit and the network, or name a folder that holds the files"
            )
        })?;
        check(&folder, name).with_context(|| {
            format!("cannot use what the Hugging Face hub sent as {name} of {model}")
        })?;
    }
    Ok(folder)
}

/// Throws a file away that is not what it was to be.
fn check(folder: &Path, name: &str) -> Result<()> {
    let path = folder.join(name);
    let blob = fs::canonicalize(&path).context("it is of another commit than was asked for")?;
    if is_whole(folder, name, &blob)? {
        return Ok(());
    }
    fs::remove_file(path)?;
    fs::remove_file(blob)?;
    bail!("it is damaged, and was thrown away; try again")
}

/// hf-hub looks at no file after it has fetched it, and goes on with a part of one even where the
/// server begins anew. It names what is in its cache by the hub's marks: the SHA-256 of large
/// files, and Git's id of small ones, which are JSON.
fn is_whole(folder: &Path, name: &str, blob: &Path) -> Result<bool> {
    let files = Assets::Folder(folder.to_owned());
    let mark = blob.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let is_as_marked = mark.len() != SHA256_DIGITS || files.sha256([name])? == mark;
    let is_json = || anyhow::Ok(serde_json::from_slice::<IgnoredAny>(&files.read(name)?).is_ok());
    Ok(is_as_marked && (!name.ends_with(".json") || is_json()?))
}
