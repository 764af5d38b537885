//! `demarche actors check`: what is wrong with a user's register, line by line.

use std::path::Path;

use anyhow::{Result, ensure};

use super::load::actor_kind;
use super::tables::{self, ActorRow, Period, Table};
use super::{Gazetteer, fold};
use crate::article::Country;

/// A row without a mistake of its own.
struct Row {
    line: u64,
    /// The alias as it is matched.
    key: String,
    row: ActorRow,
    countries: Vec<Country>,
    period: Period,
}

impl Gazetteer {
    /// What is wrong with a user's register, one line each, by line of the file: unknown countries
    /// and kinds, bad dates, aliases that stand for two countries on the same day.
    ///
    /// # Errors
    /// The file cannot be read, or has no header.
    pub fn check_actors(&self, path: &Path) -> Result<Vec<String>> {
        let mut problems: Vec<(u64, String)> = Vec::new();
        let mut rows: Vec<Row> = Vec::new();
        for (line, row) in Table::of_user(path)?.rows()? {
            match row.and_then(|row| self.checked(line, row)) {
                Ok(row) => rows.push(row),
                Err(error) => problems.push((line, format!("{error:#}"))),
            }
        }
        for (at, later) in rows.iter().enumerate() {
            let earlier = rows[..at].iter().filter(|earlier| earlier.key == later.key);
            problems.extend(
                earlier.filter_map(|earlier| {
                    clash(earlier, later).map(|problem| (later.line, problem))
                }),
            );
        }
        problems.sort();
        Ok(problems.into_iter().map(|(line, problem)| format!("line {line}: {problem}")).collect())
    }

    fn checked(&self, line: u64, row: ActorRow) -> Result<Row> {
        ensure!(!row.actor.trim().is_empty(), "the actor has no name");
        let key = fold(row.alias.trim()).text.to_lowercase();
        ensure!(!key.is_empty(), "the alias is empty");
        actor_kind(&row.kind)?;
        let countries = tables::countries(&row.country)?;
        for country in &countries {
            ensure!(
                self.entry(*country).is_some(),
                "unknown country '{country}'; did you mean {}?",
                self.nearest(country.iso3()).join(", ")
            );
        }
        let period = Period::parse(&row.valid_from, &row.valid_to)?;
        Ok(Row { line, key, row, countries, period })
    }
}

/// Why two rows of one alias cannot both stand.
fn clash(earlier: &Row, later: &Row) -> Option<String> {
    if !earlier.period.overlaps(later.period) {
        return None;
    }
    let alias = &later.row.alias;
    if earlier.countries == later.countries {
        let is_same = earlier.row.actor == later.row.actor && earlier.row.kind == later.row.kind;
        return is_same.then(|| {
            format!(
                "'{alias}' is there twice for the same days, see line {}; leave one out",
                earlier.line
            )
        });
    }
    let is_settled = earlier.row.is_usual() != later.row.is_usual();
    (!is_settled).then(|| {
        let of = |row: &Row| if row.countries.is_empty() { "nobody" } else { &*row.row.country }.to_owned();
        format!(
            "'{alias}' is {} here and {} on line {} at one time; give dates, or start one note with 'usual:'",
            of(later),
            of(earlier),
            earlier.line
        )
    })
}
