//! The files of the model and the gazetteer: inside the program, or in a folder that replaces them.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// Where a set of files is.
#[derive(Debug, Clone)]
pub enum Assets {
    /// In the program: names and contents.
    BuiltIn(&'static [(&'static str, &'static [u8])]),
    /// In a folder.
    Folder(PathBuf),
}

macro_rules! built_in {
    ($folder:literal: $($name:literal),*) => {
        Assets::BuiltIn(&[$(($name, include_bytes!(concat!("../models/", $folder, "/", $name)))),*])
    };
}

/// The files of a model.
pub const MODEL_FILES: [&str; 3] = ["config.json", "tokenizer.json", "model.safetensors"];

/// The model that ships with the program.
pub const MODEL: Assets =
    built_in!("demarche-en": "config.json", "tokenizer.json", "model.safetensors");

/// The gazetteer that ships with the program.
pub const GAZETTEER: Assets = built_in!(
    "gazetteer":
    "actors.csv", "ambiguous.csv", "countries.csv", "names.csv", "places.csv", "regions.csv"
);

impl Assets {
    /// The files in `folder`, or `otherwise` where none is named.
    pub fn in_folder_or(folder: Option<&Path>, otherwise: Self) -> Self {
        folder.map_or(otherwise, |folder| Self::Folder(folder.to_owned()))
    }

    /// The bytes of a file.
    pub fn read(&self, name: &str) -> Result<Cow<'static, [u8]>> {
        match self {
            Self::BuiltIn(files) => files
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, bytes)| Cow::Borrowed(*bytes))
                .with_context(|| format!("this program was built without {name}")),
            Self::Folder(folder) => {
                let path = folder.join(name);
                fs::read(&path)
                    .map(Cow::Owned)
                    .with_context(|| format!("cannot read {}", path.display()))
            }
        }
    }

    /// What to call a file in a message.
    pub fn place(&self, name: &str) -> String {
        match self {
            Self::BuiltIn(_) => format!("the built-in {name}"),
            Self::Folder(folder) => folder.join(name).display().to_string(),
        }
    }

    /// The SHA-256 of the contents of these files, one after the other, as hexadecimal digits.
    pub fn sha256(&self, names: &[&str]) -> Result<String> {
        let mut digest = Sha256::new();
        for name in names {
            digest.update(self.read(name)?);
        }
        Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}
