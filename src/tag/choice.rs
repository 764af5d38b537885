//! Which models read, by which engine: as chosen, and as `run.json` tells it.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use serde::Serialize;

use super::labels;
use crate::assets::{Assets, Models};
use crate::model::engine::{Device, Engine, Name};
use crate::model::hub::{Downloads, FILES, HubModel};

/// What the user chose to read with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// Models of ours.
    pub models: Models,
    /// What computes.
    pub engine: Engine,
    /// A tagger that finds the entities instead: a folder, or a model of the hub.
    pub entities: Option<PathBuf>,
    /// An inference model that judges stance instead: the same.
    pub stance: Option<PathBuf>,
    /// Whether models of the hub may be fetched.
    pub downloads: Downloads,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// Where they were found.
    #[serde(flatten)]
    pub place: Place,
    /// SHA-256 of the model's `config.json`, `tokenizer.json` and `model.safetensors`, and of its
    /// `labels.toml` if it has one.
    pub sha256: String,
}

/// Where weights were found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Place {
    /// In a folder of the user's.
    Folder {
        /// As it was named.
        folder: String,
    },
    /// In the Hugging Face hub, or in its cache on this machine.
    Hub(HubModel),
}

/// The files of a model of someone else's.
pub(super) struct Weights {
    folder: PathBuf,
    place: Place,
}

impl Choice {
    /// Finds the model that the user named, and fetches it if it is to be: a folder wins over a name.
    pub(super) fn find(&self, named: &Path) -> Result<Weights> {
        let shown = named.display().to_string();
        if named.is_dir() {
            return Ok(Weights {
                folder: named.to_owned(),
                place: Place::Folder { folder: shown },
            });
        }
        let Some(model) = HubModel::parse(&shown)? else {
            bail!(
                "no folder {shown}; name one with a model's {}, or, with --allow-download, a model \
                 of the Hugging Face hub as OWNER/NAME@REVISION",
                FILES.join(", ")
            );
        };
        let Downloads::Allowed { with_bar } = self.downloads else {
            bail!("no folder {shown}, and nothing is downloaded unless --allow-download is given");
        };
        Ok(Weights { folder: self.engine.fetch(&model, with_bar)?, place: Place::Hub(model) })
    }
}

impl Weights {
    pub(super) fn assets(&self) -> Assets {
        Assets::Folder(self.folder.clone())
    }

    pub(super) fn origin(self) -> Result<Origin> {
        let labels = self.folder.join(labels::FILE).exists().then_some(labels::FILE);
        let sha256 = self.assets().sha256(FILES.into_iter().chain(labels))?;
        Ok(Origin { place: self.place, sha256 })
    }
}

#[cfg(test)]
impl Origin {
    /// That of a fake.
    pub(super) fn fake() -> Self {
        Self { place: Place::Folder { folder: String::new() }, sha256: String::new() }
    }
}
