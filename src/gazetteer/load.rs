//! Loads the gazetteer's folder: rows into countries and aliases, aliases into an automaton.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use super::matcher::Matcher;
use super::surnames::Surnames;
use super::tables::{self, Period, Table};
use super::{ActorKind, Alias, CountryEntry, Gazetteer, Meaning, NameKind, fold};
use crate::article::Country;
use crate::assets::{self, Assets};

const FILES: [&str; 6] =
    ["actors.csv", "ambiguous.csv", "countries.csv", "names.csv", "places.csv", "regions.csv"];

impl Gazetteer {
    /// The gazetteer that ships with the program.
    pub fn built_in() -> Result<Self> {
        Self::load(&assets::GAZETTEER)
    }

    /// The built-in gazetteer with a user's register: its aliases replace those of `actors.csv`.
    pub fn with_actors(register: Option<&Path>) -> Result<Self> {
        Self::read(&assets::GAZETTEER, register)
    }

    /// Reads the tables; an error names the file, the line and the remedy.
    pub fn load(assets: &Assets) -> Result<Self> {
        Self::read(assets, None)
    }

    fn read(assets: &Assets, register: Option<&Path>) -> Result<Self> {
        let register = register.map(Table::of_user).transpose()?;
        let read = |name| Table::read(assets, name);
        let [actors, ambiguous, countries_table] =
            [read("actors.csv")?, read("ambiguous.csv")?, read("countries.csv")?];
        let [names, places, regions] =
            [read("names.csv")?, read("places.csv")?, read("regions.csv")?];

        let countries = countries(&countries_table)?;
        let mut aliases =
            Aliases { known: &countries, by_key: HashMap::new(), aliases: Vec::new() };
        // The order in which meanings rank where files disagree.
        actors.each(|row| aliases.add_actor(row))?;
        names.each(|row| aliases.add_name(row))?;
        regions.each(|row| aliases.add_region(row))?;
        places.each(|row| aliases.add_place(row))?;
        ambiguous.each(|row| aliases.add_ambiguity(&row))?;
        if let Some(register) = &register {
            let mut replaced = BTreeSet::new();
            register.each(|row| aliases.replace_actor(row, &mut replaced))?;
        }

        aliases.part_pairs();
        let aliases = aliases.aliases;
        Ok(Self {
            matcher: Matcher::new(&aliases)?,
            surnames: Surnames::of(&aliases),
            sha256: sha256(assets, register.as_ref())?,
            countries,
            aliases,
        })
    }
}

/// The hash of the tables, and with a user's register that of this hash and the register's bytes.
fn sha256(assets: &Assets, register: Option<&Table>) -> Result<String> {
    let tables = assets.sha256(FILES)?;
    Ok(register.map_or_else(
        || tables.clone(),
        |register| {
            let digest = Sha256::new().chain_update(&tables).chain_update(register.bytes());
            digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
        },
    ))
}

fn countries(table: &Table) -> Result<BTreeMap<Country, CountryEntry>> {
    let mut rows = Vec::new();
    table.each(|row: tables::CountryRow| {
        let country: Country = row.iso3.parse()?;
        rows.push((country, row));
        Ok(())
    })?;
    let by_iso2: HashMap<String, Country> =
        rows.iter().map(|(country, row)| (row.iso2.clone(), *country)).collect();
    let mut countries = BTreeMap::new();
    for (country, row) in rows {
        let codes = row.neighbours.split(';').filter(|code| !code.is_empty());
        let neighbours = codes.map(|code| {
            by_iso2.get(code).copied().with_context(|| {
                format!("countries.csv: neighbour '{code}' of {country} is no iso2 code; correct it or add its row")
            })
        });
        let mut neighbours = neighbours.collect::<Result<Vec<_>>>()?;
        neighbours.sort_unstable();
        let entry = CountryEntry { iso2: row.iso2, cow: row.cow, name: row.name, neighbours };
        countries.insert(country, entry);
    }
    Ok(countries)
}

struct Aliases<'a> {
    known: &'a BTreeMap<Country, CountryEntry>,
    /// Index in `aliases` by the folded alias in small letters.
    by_key: HashMap<String, usize>,
    aliases: Vec<Alias>,
}

impl Aliases<'_> {
    fn add_actor(&mut self, row: tables::ActorRow) -> Result<()> {
        let meaning = Meaning::Actor {
            usual: row.is_usual(),
            name: row.actor,
            kind: actor_kind(&row.kind)?,
            countries: self.countries(&row.country)?,
            period: Period::parse(&row.valid_from, &row.valid_to)?,
        };
        self.alias(&row.alias)?.meanings.push(meaning);
        Ok(())
    }

    /// A row of a user's register. The first for an alias removes the actors of that name, and
    /// what `ambiguous.csv` demands of it: whoever writes the row knows whom the texts mean.
    fn replace_actor(
        &mut self,
        row: tables::ActorRow,
        replaced: &mut BTreeSet<String>,
    ) -> Result<()> {
        let alias = self.alias(&row.alias)?;
        if replaced.insert(alias.text.to_lowercase()) {
            let others = std::mem::take(&mut alias.meanings).into_iter();
            let others = others.filter(|meaning| !matches!(meaning, Meaning::Actor { .. }));
            *alias =
                Alias { meanings: others.collect(), ..Alias::new(fold(row.alias.trim()).text) };
        }
        self.add_actor(row)
    }

    fn add_name(&mut self, row: tables::NameRow) -> Result<()> {
        let meaning = Meaning::Name {
            kind: match row.kind.as_str() {
                "name" => NameKind::Name,
                "demonym" => NameKind::Demonym,
                "capital" => NameKind::Capital,
                kind => bail!("kind '{kind}' is not name, demonym or capital"),
            },
            country: self.one_country(&row.iso3)?,
            usual: row.note.starts_with("usual:") || row.note == "usual",
        };
        self.alias(&row.alias)?.meanings.push(meaning);
        Ok(())
    }

    fn add_region(&mut self, row: tables::RegionRow) -> Result<()> {
        let meaning = Meaning::Region {
            name: row.region,
            members: self.countries(&row.members)?,
            period: Period::parse(&row.valid_from, &row.valid_to)?,
        };
        self.alias(&row.alias)?.meanings.push(meaning);
        Ok(())
    }

    fn add_place(&mut self, row: tables::PlaceRow) -> Result<()> {
        let meaning = Meaning::Place {
            country: self.one_country(&row.iso3)?,
            is_city: row.kind == "city",
            population: row.population,
            is_disputed: row.note.contains("disputed"),
        };
        self.alias(&row.place)?.meanings.push(meaning);
        Ok(())
    }

    fn add_ambiguity(&mut self, row: &tables::AmbiguousRow) -> Result<()> {
        let spelling = fold(row.alias.trim()).text;
        let alias = self.alias(&row.alias)?;
        match row.needs.as_str() {
            "case" => alias.spellings.push(spelling),
            "context" => alias.needs_context = true,
            "named" => alias.needs_named = true,
            "never" => alias.masks = true,
            needs => bail!("needs '{needs}' is not case, context, named or never"),
        }
        Ok(())
    }

    /// The alias with this spelling, new if there is none yet.
    fn alias(&mut self, spelling: &str) -> Result<&mut Alias> {
        let text = fold(spelling.trim()).text;
        if text.is_empty() {
            bail!("the alias is empty");
        }
        let index = *self.by_key.entry(text.to_lowercase()).or_insert_with(|| {
            self.aliases.push(Alias::new(text));
            self.aliases.len() - 1
        });
        Ok(&mut self.aliases[index])
    }

    /// 'Afghan-Pakistani' stays two names, while 'Sino-Afghan' is only one.
    fn part_pairs(&mut self) {
        let is_name = |word: &str| {
            let index = self.by_key.get(&word.to_lowercase());
            let meanings = index.map_or(&[][..], |index| &self.aliases[*index].meanings);
            meanings.iter().any(|meaning| matches!(meaning, Meaning::Name { .. }))
        };
        let is_pair = |alias: &Alias| {
            let pair = alias.text.split_once(' ');
            pair.is_some_and(|(first, second)| is_name(first) && is_name(second))
        };
        let pairs: Vec<bool> = self.aliases.iter().map(is_pair).collect();
        for (alias, is_pair) in self.aliases.iter_mut().zip(pairs) {
            let only_region =
                alias.meanings.iter().all(|meaning| matches!(meaning, Meaning::Region { .. }));
            if is_pair && only_region {
                alias.meanings.clear();
                alias.masks = false;
            }
        }
    }

    fn countries(&self, cell: &str) -> Result<Vec<Country>> {
        let countries = tables::countries(cell)?;
        match countries.iter().find(|code| !self.known.contains_key(code)) {
            Some(unknown) => bail!("country '{unknown}' has no row in countries.csv"),
            None => Ok(countries),
        }
    }

    fn one_country(&self, cell: &str) -> Result<Country> {
        match self.countries(cell)?[..] {
            [country] => Ok(country),
            _ => bail!("'{cell}' is not one country"),
        }
    }
}

impl Alias {
    fn new(text: String) -> Self {
        Self {
            head: head(&text),
            text,
            spellings: Vec::new(),
            needs_context: false,
            needs_named: false,
            masks: false,
            meanings: Vec::new(),
        }
    }
}

/// Length of a name without the common nouns at its end that say only that it acts: a mention is
/// marked 'Taliban' in 'Taliban regime', 'Pakistani' in 'Pakistani government'.
fn head(name: &str) -> usize {
    const ACTING: [&str; 12] = [
        "administration",
        "authorities",
        "fighters",
        "forces",
        "government",
        "insurgents",
        "leaders",
        "leadership",
        "militants",
        "officials",
        "regime",
        "troops",
    ];
    let Some((rest, last)) = name.rsplit_once(' ') else {
        return name.len();
    };
    let acts = ACTING.iter().any(|noun| noun.eq_ignore_ascii_case(last));
    if acts && rest.starts_with(char::is_uppercase) { rest.len() } else { name.len() }
}

pub(super) fn actor_kind(label: &str) -> Result<ActorKind> {
    Ok(match label {
        "government" => ActorKind::Government,
        "office" => ActorKind::Office,
        "leader" => ActorKind::Leader,
        "ministry" => ActorKind::Ministry,
        "armed_group" => ActorKind::ArmedGroup,
        "party" => ActorKind::Party,
        "bloc" => ActorKind::Bloc,
        "organization" => ActorKind::Organization,
        _ => bail!(
            "kind '{label}' is not government, office, leader, ministry, armed_group, party, bloc or organization"
        ),
    })
}
