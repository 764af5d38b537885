//! Stands in for rust-bert in programs that are built without it: says so.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::config::Config;
use super::engine::Device;
use super::hub::HubModel;
use super::{Classifier, Model, Task};
use crate::assets::Assets;

const ABSENT: &str = "this demarche was built without rust-bert; run scripts/setup-libtorch, and \
                      build it with --features rust-bert (docs/engines.md)";

pub(super) fn model(_: &Assets, _: &Config, _: Device) -> Result<Box<dyn Model>> {
    bail!(ABSENT)
}

pub(super) fn classifier(_: &Assets, _: Task, _: Device) -> Result<Box<dyn Classifier>> {
    bail!(ABSENT)
}

pub(super) fn fetch(_: &HubModel, _: bool) -> Result<PathBuf> {
    bail!(ABSENT)
}
