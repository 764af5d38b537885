//! Which engine computes, and on what: the user's choice.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, Error, Result};
use serde::{Deserialize, Serialize};

use super::config::Config;
use super::embedded::Embedded;
use super::hub::HubModel;
use super::{Classifier, Model, Precision, Task, rust_bert};
use crate::assets::Assets;

const NOT_EMBEDDED: &str = "the embedded engine has no such models; use --engine rust-bert";

/// What computes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Engine {
    /// Our own, in int8.
    #[default]
    Embedded,
    /// rust-bert on libtorch, in f32.
    RustBert(Device),
}

/// The engine's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Name {
    /// In the program; the fastest on a processor.
    Embedded,
    /// By libtorch: also on a GPU, and with other people's models. Not in every build.
    RustBert,
}

/// What rust-bert computes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Device {
    /// The processor.
    #[default]
    Cpu,
    /// The graphics processor with this number.
    Cuda(usize),
}

impl Engine {
    /// Loads a model of demarche's own kind.
    ///
    /// # Errors
    /// The program was built without the engine; the device is not there; a file is missing or
    /// does not fit.
    pub fn model(self, assets: &Assets, config: &Config) -> Result<Box<dyn Model>> {
        match self {
            Self::Embedded => Ok(Box::new(Embedded::load(assets, config, Precision::Int8)?)),
            Self::RustBert(device) => rust_bert::model(assets, config, device),
        }
    }

    /// Loads a model of someone else's: a folder as Hugging Face's transformers save it.
    ///
    /// # Errors
    /// As of [`Engine::model`]; the engine is not rust-bert, or cannot run this kind of model.
    pub fn classifier(self, assets: &Assets, task: Task) -> Result<Box<dyn Classifier>> {
        match self {
            Self::Embedded => Err(Error::msg(NOT_EMBEDDED)),
            Self::RustBert(device) => rust_bert::classifier(assets, task, device),
        }
    }

    /// The folder with the files of a model of the Hugging Face hub: they are fetched, with a bar
    /// on the terminal if it is wanted, unless they have been before.
    ///
    /// # Errors
    /// As of [`Engine::classifier`]; a file cannot be fetched.
    pub fn fetch(self, model: &HubModel, with_bar: bool) -> Result<PathBuf> {
        match self {
            Self::Embedded => Err(Error::msg(NOT_EMBEDDED)),
            Self::RustBert(_) => rust_bert::fetch(model, with_bar),
        }
    }

    /// Its name.
    pub fn name(self) -> Name {
        match self {
            Self::Embedded => Name::Embedded,
            Self::RustBert(_) => Name::RustBert,
        }
    }

    /// What it computes on, where there is a choice.
    pub fn device(self) -> Option<Device> {
        match self {
            Self::Embedded => None,
            Self::RustBert(device) => Some(device),
        }
    }
}

impl FromStr for Device {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let unknown = || format!("device '{name}' is none of cpu, cuda and cuda:N");
        match name.split_once(':') {
            None if name == "cpu" => Ok(Self::Cpu),
            None if name == "cuda" => Ok(Self::Cuda(0)),
            Some(("cuda", number)) => number.parse().map(Self::Cuda).with_context(unknown),
            _ => Err(Error::msg(unknown())),
        }
    }
}

impl TryFrom<String> for Device {
    type Error = Error;

    fn try_from(name: String) -> Result<Self> {
        name.parse()
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu => f.write_str("cpu"),
            Self::Cuda(number) => write!(f, "cuda:{number}"),
        }
    }
}

impl Serialize for Device {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_have_names() {
        for (name, device) in
            [("cpu", Device::Cpu), ("cuda", Device::Cuda(0)), ("cuda:3", Device::Cuda(3))]
        {
            assert_eq!(name.parse::<Device>().unwrap(), device);
        }
        for name in ["gpu", "cuda:", "cuda:x", "cpu:0", ""] {
            let error = format!("{:#}", name.parse::<Device>().unwrap_err());
            assert!(error.contains("none of cpu, cuda and cuda:N"), "{error}");
        }
    }
}
