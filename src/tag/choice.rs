//! Which models read, by which engine: as chosen, and as `run.json` tells it.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use serde::Serialize;

use super::labels;
use crate::assets::{Assets, Models};
use crate::model::engine::{Device, Engine, Name};

/// What the user chose to read with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// Models of ours.
    pub models: Models,
    /// What computes.
    pub engine: Engine,
    /// A folder with a tagger that finds the entities instead.
    pub entities: Option<PathBuf>,
    /// A folder with an inference model that judges stance instead.
    pub stance: Option<PathBuf>,
}

/// What computed, and whose weights beside the model's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Readers {
    /// What computed.
    pub engine: Name,
    /// On what, where there is a choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<Device>,
    /// What found the entities, if not the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entities_model: Option<Origin>,
    /// What judged stance, if not the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stance_model: Option<Origin>,
}

/// Where weights are from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// Their folder, as the user named it.
    pub folder: String,
    /// SHA-256 of its `config.json`, `tokenizer.json` and `model.safetensors`, and of its
    /// `labels.toml` if it has one.
    pub sha256: String,
}

/// The files of a model of someone else's.
pub(super) fn files(folder: &Path) -> Result<Assets> {
    ensure!(
        folder.is_dir(),
        "no folder {}; demarche downloads nothing: fetch the model's config.json, tokenizer.json \
         and model.safetensors, and name the folder they are in",
        folder.display()
    );
    Ok(Assets::Folder(folder.to_owned()))
}

impl Origin {
    pub(super) fn of(folder: &Path, assets: &Assets) -> Result<Self> {
        let mut files = vec!["config.json", "tokenizer.json", "model.safetensors"];
        files.extend(folder.join(labels::FILE).exists().then_some(labels::FILE));
        let sha256 = assets.sha256(files)?;
        Ok(Self { folder: folder.display().to_string(), sha256 })
    }
}
