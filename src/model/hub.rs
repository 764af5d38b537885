//! Models of the Hugging Face hub: how a user names one, and what is fetched of it.

use std::fmt;

use anyhow::{Result, bail};
use serde::Serialize;

/// The files of a model of someone else's.
pub const FILES: [&str; 3] = ["config.json", "tokenizer.json", "model.safetensors"];

/// Whether files may be fetched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Downloads {
    /// Nothing may.
    #[default]
    Never,
    /// The files of a model that the user names may.
    Allowed {
        /// Whether a bar on the terminal shows how far they are.
        with_bar: bool,
    },
}

/// A model of the hub, as it was at one commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HubModel {
    /// `OWNER/NAME`.
    pub name: String,
    /// The commit: 40 hexadecimal digits.
    pub revision: String,
}

impl HubModel {
    /// Reads `OWNER/NAME@REVISION`; `None` if it is nothing like that.
    ///
    /// # Errors
    /// The revision is not the full id of a commit.
    pub fn parse(text: &str) -> Result<Option<Self>> {
        let Some((name, revision)) = text.split_once('@') else { return Ok(None) };
        let Some((owner, model)) = name.split_once('/') else { return Ok(None) };
        if !is_name(owner) || !is_name(model) {
            return Ok(None);
        }
        if revision.len() != 40 || !revision.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            bail!(
                "revision '{revision}' of {name} is not pinned: it may be another model tomorrow; \
                 give the full id of a commit, 40 hexadecimal digits"
            );
        }
        Ok(Some(Self { name: name.to_owned(), revision: revision.to_ascii_lowercase() }))
    }
}

/// Whether the hub has such names; none of them leads out of a folder.
fn is_name(part: &str) -> bool {
    let is_of_names = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    part.starts_with(|first: char| first.is_ascii_alphanumeric()) && part.bytes().all(is_of_names)
}

impl fmt::Display for HubModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.name, self.revision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

    #[test]
    fn a_model_is_named_by_owner_name_and_commit() {
        let model = HubModel::parse(&format!("some-one/a.model_2@{COMMIT}")).unwrap().unwrap();
        assert_eq!((&*model.name, &*model.revision), ("some-one/a.model_2", COMMIT));
        assert_eq!(
            HubModel::parse(&model.to_string().to_uppercase()).unwrap().unwrap().revision,
            COMMIT
        );
        for text in
            ["my-tagger", "models/my-tagger", "../a@b", "a/../b@c", "a/b/c@d", "/a@b", "a@b"]
        {
            assert_eq!(HubModel::parse(text).unwrap(), None, "{text}");
        }
    }

    #[test]
    fn what_may_change_is_refused() {
        for revision in
            ["main", "v1.0", "", "0123456", &format!("{COMMIT}0"), &COMMIT.replace('f', "g")]
        {
            let error = HubModel::parse(&format!("a/b@{revision}")).unwrap_err().to_string();
            assert!(error.contains("not pinned") && error.contains("40 hexadecimal"), "{error}");
        }
    }
}
