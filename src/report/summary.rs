//! The corpus's figures -> rows of `countries.csv` and `dyads.csv`.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::aggregate::{Dyad, Total};
use crate::article::Country;
use crate::config::Config;
use crate::gazetteer::Gazetteer;
use crate::stats::Estimate;
use crate::store::Store;

use super::cell::Number;
use super::rows::{CountryRow, DyadRow};

/// Rows for the focus, its neighbours, the countries asked for, and all that take a stance toward
/// the focus or are the target of the focus's, by code.
///
/// # Errors
/// The store cannot be read.
pub fn countries(store: &Store, config: &Config, gazetteer: &Gazetteer) -> Result<Vec<CountryRow>> {
    let focus = config.focus;
    let mut wanted: BTreeSet<Country> = config.countries.iter().copied().collect();
    wanted.insert(focus);
    for (holder, target) in store.dyads()? {
        if holder == focus || target == focus {
            wanted.extend([holder, target]);
        }
    }
    wanted.into_iter().map(|country| country_row(country, store, config, gazetteer)).collect()
}

fn country_row(
    country: Country,
    store: &Store,
    config: &Config,
    gazetteer: &Gazetteer,
) -> Result<CountryRow> {
    let focus = config.focus;
    let spoken_of = store.country(country)?;
    let to_focus = store.dyad((country, focus))?;
    let from_focus = store.dyad((focus, country))?;
    let sentiment = Figures::of(&spoken_of);
    let (to, from) = (Figures::of(&to_focus), Figures::of(&from_focus));
    Ok(CountryRow {
        focus: focus.to_string(),
        iso2: gazetteer.iso2(country).to_owned(),
        iso3: country.to_string(),
        cow: cow(country, gazetteer),
        name: gazetteer.name(country).to_owned(),
        role: role(country, config, gazetteer),
        articles: spoken_of.articles,
        stories: spoken_of.stories,
        mentions: spoken_of.signs.total(),
        sentiment: sentiment.mean,
        sentiment_lo: sentiment.lo,
        sentiment_hi: sentiment.hi,
        n_positive: spoken_of.signs.positive,
        n_neutral: spoken_of.signs.neutral,
        n_negative: spoken_of.signs.negative,
        stance_to_focus: to.mean,
        stance_to_focus_lo: to.lo,
        stance_to_focus_hi: to.hi,
        n_favor_to_focus: to_focus.signs.positive,
        n_neutral_to_focus: to_focus.signs.neutral,
        n_against_to_focus: to_focus.signs.negative,
        stance_from_focus: from.mean,
        stance_from_focus_lo: from.lo,
        stance_from_focus_hi: from.hi,
        n_favor_from_focus: from_focus.signs.positive,
        n_neutral_from_focus: from_focus.signs.neutral,
        n_against_from_focus: from_focus.signs.negative,
        vcp: to_focus.quads.vcp,
        mcp: to_focus.quads.mcp,
        vcf: to_focus.quads.vcf,
        mcf: to_focus.quads.mcf,
    })
}

fn role(country: Country, config: &Config, gazetteer: &Gazetteer) -> &'static str {
    if country == config.focus {
        "focus"
    } else if gazetteer.neighbours(config.focus).contains(&country) {
        "neighbour"
    } else {
        "other"
    }
}

/// Hands over the rows for every ordered pair that occurs, and for the focus with each country of
/// interest, in every period; by source, target and period.
///
/// # Errors
/// The store cannot be read; those of `take`.
pub fn dyads(
    store: &Store,
    config: &Config,
    gazetteer: &Gazetteer,
    mut take: impl FnMut(DyadRow) -> Result<()>,
) -> Result<()> {
    let mut wanted: BTreeSet<Dyad> = store.dyads()?;
    for &country in &config.countries {
        wanted.extend([(country, config.focus), (config.focus, country)]);
    }
    let periods = store.periods(config.period)?;
    for dyad in wanted {
        for (period, total) in store.dyad_by_period(dyad, config.period, &periods)? {
            take(dyad_row(dyad, period, &total, gazetteer))?;
        }
    }
    Ok(())
}

fn dyad_row(
    (source, target): Dyad,
    period: String,
    total: &Total,
    gazetteer: &Gazetteer,
) -> DyadRow {
    let figures = Figures::of(total);
    DyadRow {
        source_iso3: source.to_string(),
        target_iso3: target.to_string(),
        source_cow: cow(source, gazetteer),
        target_cow: cow(target, gazetteer),
        period,
        articles: total.articles,
        stories: total.stories,
        pairs: total.signs.total(),
        n_favor: total.signs.positive,
        n_neutral: total.signs.neutral,
        n_against: total.signs.negative,
        stance: figures.mean,
        stance_lo: figures.lo,
        stance_hi: figures.hi,
        vcp: total.quads.vcp,
        mcp: total.quads.mcp,
        vcf: total.quads.vcf,
        mcf: total.quads.mcf,
    }
}

/// A figure's three cells.
struct Figures {
    mean: Number,
    lo: Number,
    hi: Number,
}

impl Figures {
    fn of(total: &Total) -> Self {
        let interval = total.figure.and_then(|figure| figure.interval);
        Self {
            mean: Number(total.figure.map(|Estimate { mean, .. }| mean)),
            lo: Number(interval.map(|(lo, _)| lo)),
            hi: Number(interval.map(|(_, hi)| hi)),
        }
    }
}

fn cow(country: Country, gazetteer: &Gazetteer) -> String {
    gazetteer.cow(country).map(|number| number.to_string()).unwrap_or_default()
}
