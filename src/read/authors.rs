//! An article's name -> the country its author speaks for, by a pattern of the user's.

use anyhow::{Context, Result, anyhow, bail};
use regex::Regex;
use serde::{Serialize, Serializer};

use crate::article::Country;
use crate::gazetteer::Gazetteer;

/// Finds the country of an article's author in its name.
#[derive(Debug, Clone)]
pub struct Authors {
    pattern: Regex,
}

impl PartialEq for Authors {
    fn eq(&self, other: &Self) -> bool {
        self.pattern.as_str() == other.pattern.as_str()
    }
}

impl Eq for Authors {}

impl Serialize for Authors {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.pattern.as_str())
    }
}

impl Authors {
    /// What the pattern's group `country`, or its first group, matches is an ISO code or an English
    /// name.
    ///
    /// # Errors
    /// The pattern is none, or has no group.
    pub fn new(pattern: &str) -> Result<Self> {
        let found = Regex::new(pattern).map_err(|error| {
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default().trim();
            anyhow!("author_country_pattern '{pattern}' is no regular expression: {reason}")
        })?;
        if found.captures_len() < 2 {
            bail!(
                "author_country_pattern '{pattern}' has no group; put the country's part in (...)"
            );
        }
        Ok(Self { pattern: found })
    }

    /// The country; `None` where the pattern does not match.
    ///
    /// # Errors
    /// What matches is no country.
    pub fn country(&self, name: &str, gazetteer: &Gazetteer) -> Result<Option<Country>> {
        let Some(found) = self.pattern.captures(name) else { return Ok(None) };
        let Some(part) = found.name("country").or_else(|| found.get(1)) else { return Ok(None) };
        let country = gazetteer.country(part.as_str());
        country.map(Some).context("author_country_pattern takes part of its name for a country")
    }
}
