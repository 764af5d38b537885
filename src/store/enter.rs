//! What became of an article -> its rows.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use rusqlite::params;

use super::{Fingerprint, Store, cannot_write};
use crate::aggregate::{Contribution, Tally};
use crate::article::{Article, Country, DateFrom, Reference, Sign, Span};
use crate::pipeline::{Analysis, Effort, Failure, Finding, Outcome};
use crate::report::Text;

/// What the row of an article says beside its content.
struct Entry<'a> {
    name: &'a str,
    fingerprint: Option<&'a Fingerprint>,
    outcome: &'static str,
    stage: Option<&'static str>,
    reason: Option<String>,
}

impl Store {
    /// Puts an article in the next place of the reports.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn enter(&self, result: &Result<Finding, Failure>) -> Result<()> {
        self.enter_here(result).with_context(cannot_write)
    }

    fn enter_here(&self, result: &Result<Finding, Failure>) -> Result<()> {
        let finding = match result {
            Ok(finding) => finding,
            Err(failure) => return self.enter_failure(failure),
        };
        let entry = |outcome, reason| Entry {
            name: &finding.name,
            fingerprint: Some(&finding.fingerprint),
            outcome,
            stage: None,
            reason,
        };
        match &finding.outcome {
            Outcome::Unchanged(similarity) => self.keep(&finding.name, *similarity),
            Outcome::Analysed(analysis) => self.enter_analysis(&entry("analysed", None), analysis),
            Outcome::Foreign(article) => {
                self.enter_article(&entry("foreign", None), Some(article), Effort::default())?;
                Ok(())
            }
            Outcome::LeftOut(criterion) => {
                let entry = entry("left out", Some(criterion.to_string()));
                self.enter_article(&entry, None, Effort::default())?;
                Ok(())
            }
        }
    }

    fn next_place(&self) -> i64 {
        self.seen.replace(self.seen.get() + 1)
    }

    fn keep(&self, name: &str, similarity: Option<f32>) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE article SET place = ?1, similarity = ?2, is_stale = 0 WHERE name = ?3",
            )?
            .execute(params![self.next_place(), similarity, name])?;
        Ok(())
    }

    fn enter_failure(&self, failure: &Failure) -> Result<()> {
        let entry = Entry {
            name: &failure.path,
            fingerprint: None,
            outcome: "failed",
            stage: Some(failure.stage.label()),
            reason: Some(Text::new(&failure.reason).as_str().to_owned()),
        };
        self.enter_article(&entry, None, Effort::default())?;
        Ok(())
    }

    fn enter_analysis(&self, entry: &Entry, analysis: &Analysis) -> Result<()> {
        let article = &analysis.article;
        let number = self.enter_article(entry, Some(article), analysis.effort)?;
        self.enter_mentions(number, article)?;
        self.enter_pairs(number, article)?;
        let names = unresolved_names(article);
        self.enter_unresolved(number, &names)?;
        if self.keep_text {
            self.enter_sentences(number, article, &names)?;
        }
        self.enter_contribution(number, &analysis.contribution)?;
        for (table, bytes) in
            [("signature", analysis.signature.to_bytes()), ("naming", analysis.naming.to_bytes()?)]
        {
            self.connection
                .prepare_cached(&format!("INSERT INTO {table} VALUES (?1, ?2)"))?
                .execute(params![number, bytes])?;
        }
        Ok(())
    }

    /// The number of the article's new row; whatever was known of it before is forgotten.
    fn enter_article(
        &self,
        entry: &Entry,
        article: Option<&Article>,
        effort: Effort,
    ) -> Result<i64> {
        let document = article.map(|article| &article.document);
        let text = |value: Option<&String>| Some(Text::new(value?).as_str().to_owned());
        let unresolved = article.map(|article| {
            article.mentions.iter().filter(|mention| mention.reference.actor.is_none()).count()
        });
        let mut insert = self.connection.prepare_cached(
            "INSERT OR IGNORE INTO article (name, fingerprint, place, outcome, stage, reason, content, path, title, \
             source, author_country, date, language, words, sentences, windows, mentions, pairs, author, \
             url, date_from, similarity, unresolved, crowded_sentences, sentences_read_again) VALUES (?1, ?2, ?3, ?4, \
             ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)",
        )?;
        let place = self.next_place();
        let mut insert = || {
            insert.execute(params![
                entry.name,
                entry.fingerprint,
                place,
                entry.outcome,
                entry.stage,
                entry.reason,
                document.map(|document| &document.id),
                Text::new(entry.name).as_str(),
                text(document.and_then(|document| document.title.as_ref())),
                text(document.and_then(|document| document.source.as_ref())),
                document
                    .and_then(|document| document.author_country)
                    .map(|country| country.to_string()),
                document.and_then(|document| document.date).map(|date| date.to_string()),
                article.and_then(|article| article.language),
                article.map(Article::words),
                article.map(|article| article.sentences.len()),
                article.map(|article| article.windows),
                article.map(|article| article.mentions.len()),
                article.map(|article| article.pairs.len()),
                text(document.and_then(|document| document.origin.author.as_ref())),
                text(document.and_then(|document| document.origin.url.as_ref())),
                document.and_then(|document| document.origin.date_from).map(DateFrom::label),
                article.and_then(|article| article.similarity),
                unresolved,
                effort.crowded_sentences,
                effort.sentences_read_again,
            ])
        };
        if insert()? == 0 {
            self.forget(entry.name)?;
            insert()?;
        }
        Ok(self.connection.last_insert_rowid())
    }

    fn enter_mentions(&self, number: i64, article: &Article) -> Result<()> {
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO mention VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )?;
        let text = &article.document.text;
        let mut points = CodePoints::new(text);
        for (n, mention) in article.mentions.iter().enumerate() {
            let reference = &mention.reference;
            let actor = reference.actor.as_ref();
            let (start, end) = points.of(reference.span);
            insert.execute(params![
                number,
                n,
                reference.sentence,
                start,
                end,
                Text::new(reference.span.of(text)).as_str(),
                reference.entity_type.label(),
                actor.map(|actor| Text::new(&actor.name).as_str().to_owned()),
                iso3(reference),
                actor.map(|actor| actor.via.label()),
                actor.map(|actor| actor.score),
                mention.sentiment.negative,
                mention.sentiment.neutral,
                mention.sentiment.positive,
            ])?;
        }
        Ok(())
    }

    fn enter_pairs(&self, number: i64, article: &Article) -> Result<()> {
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO pair VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?;
        for (n, pair) in article.pairs.iter().enumerate() {
            let (quad, p_quad) = pair.relation.quad();
            insert.execute(params![
                number,
                n,
                article.mentions[pair.holder].reference.sentence,
                pair.holder,
                pair.target,
                stance(pair.stance.sign()),
                pair.stance.negative,
                pair.stance.neutral,
                pair.stance.positive,
                quad.label(),
                p_quad,
            ])?;
        }
        Ok(())
    }

    fn enter_unresolved(
        &self,
        number: i64,
        names: &BTreeMap<String, (usize, usize)>,
    ) -> Result<()> {
        let mut insert = self
            .connection
            .prepare_cached("INSERT INTO unresolved_name VALUES (?1, ?2, ?3, ?4)")?;
        for (name, (mentions, sentence)) in names {
            insert.execute(params![number, name, mentions, sentence])?;
        }
        Ok(())
    }

    /// Those that a row of a report shows.
    fn enter_sentences(
        &self,
        number: i64,
        article: &Article,
        names: &BTreeMap<String, (usize, usize)>,
    ) -> Result<()> {
        let mut insert =
            self.connection.prepare_cached("INSERT OR IGNORE INTO sentence VALUES (?1, ?2, ?3)")?;
        let of_pairs =
            article.pairs.iter().map(|pair| article.mentions[pair.holder].reference.sentence);
        let mut shown: Vec<usize> =
            of_pairs.chain(names.values().map(|&(_, sentence)| sentence)).collect();
        shown.sort_unstable();
        shown.dedup();
        for n in shown {
            let text = article.sentences[n].of(&article.document.text);
            insert.execute(params![number, n, Text::new(text).as_str()])?;
        }
        Ok(())
    }

    fn enter_contribution(&self, number: i64, contribution: &Contribution) -> Result<()> {
        for (country, tally) in &contribution.countries {
            self.enter_tally(number, *country, None, tally)?;
        }
        for (&(source, target), tally) in &contribution.dyads {
            self.enter_tally(number, source, Some(target), tally)?;
        }
        Ok(())
    }

    fn enter_tally(
        &self,
        number: i64,
        source: Country,
        target: Option<Country>,
        tally: &Tally,
    ) -> Result<()> {
        let Tally { signs, quads, weight, balance } = tally;
        self.connection
            .prepare_cached(
                "INSERT INTO tally VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            )?
            .execute(params![
                number,
                source.iso3(),
                target.as_ref().map_or("", Country::iso3),
                signs.negative,
                signs.neutral,
                signs.positive,
                quads.vcp,
                quads.mcp,
                quads.vcf,
                quads.mcf,
                weight,
                balance,
            ])?;
        Ok(())
    }

    /// Removes an article with all its rows.
    fn forget(&self, name: &str) -> Result<()> {
        let numbers: rusqlite::Result<Vec<i64>> = self
            .connection
            .prepare_cached("SELECT number FROM article WHERE name = ?1")?
            .query_map([name], |row| row.get(0))?
            .collect();
        numbers?.into_iter().try_for_each(|number| self.forget_number(number))
    }

    /// Removes the article of this number with all its rows.
    pub(super) fn forget_number(&self, number: i64) -> Result<()> {
        for table in
            ["mention", "pair", "sentence", "unresolved_name", "tally", "signature", "naming"]
        {
            self.connection
                .prepare_cached(&format!("DELETE FROM {table} WHERE article = ?1"))?
                .execute([number])?;
        }
        self.connection
            .prepare_cached("DELETE FROM article WHERE number = ?1")?
            .execute([number])?;
        Ok(())
    }
}

fn stance(sign: Sign) -> &'static str {
    match sign {
        Sign::Negative => "against",
        Sign::Neutral => "neutral",
        Sign::Positive => "favor",
    }
}

/// The codes of a mention's countries, joined by `+`.
fn iso3(reference: &Reference) -> String {
    let countries = reference.actor.as_ref().map_or(&[][..], |actor| &actor.countries);
    countries.iter().map(Country::iso3).collect::<Vec<_>>().join("+")
}

/// The names of an article that mean nobody known: how often they occur, and in which sentence first.
fn unresolved_names(article: &Article) -> BTreeMap<String, (usize, usize)> {
    let mut names: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let unresolved = article.mentions.iter().filter(|mention| mention.reference.actor.is_none());
    for Reference { span, sentence, .. } in unresolved.map(|mention| &mention.reference) {
        let words: Vec<&str> = span.of(&article.document.text).split_whitespace().collect();
        let name = Text::new(&words.join(" ")).as_str().to_owned();
        names.entry(name).or_insert((0, *sentence)).0 += 1;
    }
    names
}

/// Byte offsets -> code points, for spans whose starts do not go back.
struct CodePoints<'a> {
    text: &'a str,
    byte: usize,
    point: usize,
}

impl<'a> CodePoints<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, byte: 0, point: 0 }
    }

    fn of(&mut self, span: Span) -> (usize, usize) {
        if span.start < self.byte {
            (self.byte, self.point) = (0, 0);
        }
        self.point += self.text[self.byte..span.start].chars().count();
        self.byte = span.start;
        (self.point, self.point + span.of(self.text).chars().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_code_points_in_any_order() {
        let text = "é Iran – Pakistan";
        let mut points = CodePoints::new(text);
        let iran = Span::new(3, 7);
        let pakistan = Span::new(text.len() - 8, text.len());
        assert_eq!(points.of(iran), (2, 6));
        assert_eq!(points.of(pakistan), (9, 17));
        assert_eq!(points.of(iran), (2, 6));
    }
}
