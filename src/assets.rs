//! The files of the model and the gazetteer: inside the program, or in a folder that replaces them.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
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

/// The model that ships with the program.
pub const MODEL: Assets =
    built_in!("demarche-en": "config.json", "tokenizer.json", "model.safetensors");

/// The gazetteer that ships with the program.
pub const GAZETTEER: Assets = built_in!(
    "gazetteer":
    "actors.csv", "ambiguous.csv", "countries.csv", "names.csv", "places.csv", "regions.csv"
);

/// Which models read the sentences.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum Models {
    /// The one in the program.
    #[default]
    Small,
    /// The one in the program, and the larger one where two actors meet.
    Cascade,
    /// The one in the program, and the larger one wherever anyone is named.
    Large,
    /// The one in a folder.
    Folder(PathBuf),
}

impl From<String> for Models {
    fn from(name: String) -> Self {
        match name.as_str() {
            "small" => Self::Small,
            "cascade" => Self::Cascade,
            "large" => Self::Large,
            _ => Self::Folder(name.into()),
        }
    }
}

/// The larger model: too large for the program, it stays in the repository's `models` folder.
///
/// # Errors
/// It is not there.
pub fn large() -> Result<Assets> {
    beside("demarche-en-large", "the larger model")
}

/// The model that compares articles, kept with the larger one. It has no tokenizer of its own: it
/// reads the tokens of [`MODEL`].
///
/// # Errors
/// It is not there.
pub fn similar() -> Result<Assets> {
    beside("similar-en", "the model that compares articles")
}

/// A folder of the repository's `models`.
fn beside(name: &str, what: &str) -> Result<Assets> {
    let named = std::env::var_os(MODELS_FOLDER).map(PathBuf::from);
    let beside = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join("models")));
    let built_from = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let folders = named.into_iter().chain(beside).chain([built_from]);
    let Some(folder) = folders.map(|models| models.join(name)).find(|folder| folder.is_dir())
    else {
        bail!(
            "{what} is not here; set {MODELS_FOLDER} to the folder `models` of a clone \
             of demarche, which holds {name}"
        );
    };
    Ok(Assets::Folder(folder))
}

/// Names the folder that holds them.
const MODELS_FOLDER: &str = "DEMARCHE_MODELS";

/// The sums of a folder's files, as `sha256sum -c` reads them.
const SUMS: &str = "SHA256SUMS";

impl Assets {
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

    /// Compares the files of a folder with the sums in its `SHA256SUMS`, if it has one; what is in
    /// the program cannot be damaged on its own.
    ///
    /// # Errors
    /// A file is missing or another than the one that was shipped.
    pub fn verify(&self) -> Result<()> {
        let Self::Folder(folder) = self else { return Ok(()) };
        let Ok(sums) = fs::read_to_string(folder.join(SUMS)) else { return Ok(()) };
        for line in sums.lines() {
            let (sum, name) = line
                .split_once("  ")
                .with_context(|| format!("{} is damaged; get it again", self.place(SUMS)))?;
            if self.sha256([name])? != sum {
                bail!(
                    "{} is damaged: it is not the file that {SUMS} lists; get it again",
                    self.place(name)
                );
            }
        }
        Ok(())
    }

    /// The SHA-256 of the contents of these files, one after the other, as hexadecimal digits.
    pub fn sha256<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<String> {
        let mut digest = Sha256::new();
        for name in names {
            digest.update(self.read(name)?);
        }
        Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        let assets = Assets::Folder(folder.path().to_owned());
        write("model", "weights");
        assets.verify().unwrap();
        write(SUMS, &format!("{}  model\n", assets.sha256(["model"]).unwrap()));
        assets.verify().unwrap();
        write("model", "weightz");
        let error = assets.verify().unwrap_err().to_string();
        assert!(error.contains("model is damaged: it is not the file that SHA256SUMS"), "{error}");
    }
}
