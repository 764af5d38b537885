//! Marked mentions -> how many get the right country and kind.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use jiff::civil;
use serde::Serialize;

use super::gold::Gold;
use super::score::share;
use crate::article::{Country, Kind, Precision, PublicationDate, Reference, Span};
use crate::gazetteer::Gazetteer;
use crate::resolve::Resolver;
use crate::tag::{Reading, Tagger};

/// Scores of the resolver, the marked spans given.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Actors {
    /// Share of the mentions with a country that get exactly it (or exactly them).
    pub recall: f64,
    /// Share of the mentions given a country for which it is right.
    pub precision: f64,
    /// Share of the mentions whose kind is right.
    pub kind_accuracy: f64,
    /// Mentions.
    pub n: usize,
    /// The same by the gold's kind.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub by_kind: BTreeMap<&'static str, Self>,
}

/// Counts so far, by the gold's kind.
#[derive(Debug, Default)]
pub(super) struct Tally(BTreeMap<&'static str, Counts>);

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    mentions: usize,
    with_country: usize,
    decided: usize,
    right: usize,
    right_kind: usize,
}

impl Tally {
    /// Resolves the marked mentions of a sentence and compares.
    pub(super) fn judge(
        &mut self,
        gold: &Gold,
        reading: &Reading,
        tagger: &Tagger,
        gazetteer: &Gazetteer,
    ) -> Result<()> {
        let mentions = gold.mentions.as_deref().unwrap_or_default();
        if mentions.is_empty() {
            return Ok(());
        }
        let references = resolve(gold, reading, tagger, gazetteer)?;
        let marks: Vec<Span> = mentions.iter().map(|(span, _, _)| *span).collect();
        for ((span, countries, kind), head) in mentions.iter().zip(tagger.kinds(reading, &marks)?) {
            let actor = references
                .iter()
                .find(|reference| reference.span == *span)
                .and_then(|reference| reference.actor.as_ref());
            let told: Vec<&str> = actor
                .map_or_else(Vec::new, |actor| actor.countries.iter().map(Country::iso3).collect());
            let told_kind = actor.map_or_else(|| most_probable(&head), |actor| actor.kind);
            let counts = self.0.entry(kind.label()).or_default();
            counts.mentions += 1;
            counts.with_country += usize::from(!countries.is_empty());
            counts.decided += usize::from(!told.is_empty());
            counts.right += usize::from(!told.is_empty() && told == *countries);
            counts.right_kind += usize::from(told_kind == *kind);
        }
        Ok(())
    }

    /// The scores; `None` if no mention was labelled.
    pub(super) fn scores(&self) -> Option<Actors> {
        let all = self.0.values().fold(Counts::default(), |sum, part| Counts {
            mentions: sum.mentions + part.mentions,
            with_country: sum.with_country + part.with_country,
            decided: sum.decided + part.decided,
            right: sum.right + part.right,
            right_kind: sum.right_kind + part.right_kind,
        });
        let by_kind = self.0.iter().map(|(kind, counts)| (*kind, counts.scores())).collect();
        (all.mentions > 0).then(|| Actors { by_kind, ..all.scores() })
    }
}

impl Counts {
    fn scores(self) -> Actors {
        Actors {
            recall: share(self.right, self.with_country),
            precision: share(self.right, self.decided),
            kind_accuracy: share(self.right_kind, self.mentions),
            n: self.mentions,
            by_kind: BTreeMap::new(),
        }
    }
}

fn resolve(
    gold: &Gold,
    reading: &Reading,
    tagger: &Tagger,
    gazetteer: &Gazetteer,
) -> Result<Vec<Reference>> {
    let date = gold.year.map(last_day).transpose()?;
    let speaker = gold.speaker.as_deref().map(str::parse).transpose()?;
    let mut resolver = Resolver::new(gazetteer, date, speaker);
    let sentences = [Span::new(0, gold.text.len())];
    let marks: Vec<Span> = gold.mentions.iter().flatten().map(|(span, _, _)| *span).collect();
    let candidates = resolver.marked(&gold.text, &sentences, &marks);
    let spans: Vec<Span> = candidates.iter().map(|candidate| candidate.span).collect();
    let kinds = tagger.kinds(reading, &spans)?;
    Ok(resolver.references(&gold.text, &sentences, &candidates, &kinds))
}

pub(super) fn last_day(year: i16) -> Result<PublicationDate> {
    let day = civil::Date::new(year, 12, 31).with_context(|| format!("year {year}"))?;
    Ok(PublicationDate { day, precision: Precision::Year })
}

fn most_probable(head: &[f32; 7]) -> Kind {
    let best = Kind::ALL.into_iter().zip(head).max_by(|(_, a), (_, b)| a.total_cmp(b));
    best.expect("there are kinds").0
}
