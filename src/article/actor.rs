//! Countries, and who a mention stands for.

use std::fmt;
use std::str::FromStr;

use anyhow::{Result, bail};

/// A country, by its ISO 3166-1 alpha-3 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 3]);

impl Country {
    /// The three capital letters.
    pub fn iso3(&self) -> &str {
        std::str::from_utf8(&self.0).expect("built from ASCII letters")
    }
}

impl FromStr for Country {
    type Err = anyhow::Error;

    fn from_str(code: &str) -> Result<Self> {
        match *code.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(u8::is_ascii_uppercase) => Ok(Self([a, b, c])),
            _ => bail!("country code '{code}' is not three capital letters, as in AFG"),
        }
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.iso3())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.iso3())
    }
}

/// What a mention stands for, as the `kind` head and the register tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A country as an actor: its government, leader, ministry, army, or the capital used for them.
    Government,
    /// A population, refugees, an ethnic group.
    People,
    /// Only a location: holds no stance.
    Place,
    /// An armed group that is nobody's government.
    ArmedGroup,
    /// An international organization or bloc.
    Organization,
    /// A person who speaks for no government.
    Person,
    /// First person: the author's own country.
    Speaker,
}

impl Kind {
    /// All kinds, in the order of declaration.
    pub const ALL: [Self; 7] = [
        Self::Government,
        Self::People,
        Self::Place,
        Self::ArmedGroup,
        Self::Organization,
        Self::Person,
        Self::Speaker,
    ];

    /// The label as in the gold files.
    pub fn label(self) -> &'static str {
        match self {
            Self::Government => "government",
            Self::People => "people",
            Self::Place => "place",
            Self::ArmedGroup => "armed_group",
            Self::Organization => "organization",
            Self::Person => "person_other",
            Self::Speaker => "speaker",
        }
    }
}

/// How a mention led to its actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // the names are the values of the `via` column
pub enum Via {
    Name,
    Demonym,
    Capital,
    Place,
    Office,
    Actor,
    Region,
    Coreference,
    Speaker,
}

impl Via {
    /// The value of the `via` column.
    pub fn label(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Demonym => "demonym",
            Self::Capital => "capital",
            Self::Place => "place",
            Self::Office => "office",
            Self::Actor => "actor",
            Self::Region => "region",
            Self::Coreference => "coreference",
            Self::Speaker => "speaker",
        }
    }
}

/// Who a mention stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Actor {
    /// The register's name: `Pakistan`, `Taliban`, `TTP`, `Central Asia`.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Its countries, sorted: one, several (a region), or none.
    pub countries: Vec<Country>,
    /// How the mention led here.
    pub via: Via,
    /// How sure that is, from 0 to 1.
    pub score: f32,
}
