//! One article -> its rows.

use crate::article::{Article, Country, DateFrom, PublicationDate, Reference, Sign, Span};

use super::cell::{Number, Text};
use super::rows::{ArticleRow, MentionRow, PairRow};

/// The article's own row; its story is known when the whole corpus is.
pub fn article_row(article: &Article) -> ArticleRow {
    let document = &article.document;
    let text = |value: &Option<String>| Text::new(value.as_deref().unwrap_or_default());
    ArticleRow {
        article_id: document.id.clone(),
        path: Text::new(&document.path),
        title: text(&document.title),
        source: text(&document.source),
        author_country: document.author_country.map(|c| c.to_string()).unwrap_or_default(),
        date: date(document.date),
        language: article.language.unwrap_or_default().to_owned(),
        words: article.words(),
        sentences: article.sentences.len(),
        windows: article.windows,
        story_id: String::new(),
        mentions: article.mentions.len(),
        pairs: article.pairs.len(),
        author: text(&document.origin.author),
        url: text(&document.origin.url),
        date_from: document.origin.date_from.map_or("", DateFrom::label),
        skipped: "",
        similarity: Number(article.similarity.map(f64::from)),
    }
}

/// The row of an article that was not analysed, because of its language.
pub fn foreign_row(article: &Article) -> ArticleRow {
    ArticleRow { skipped: "language", ..article_row(article) }
}

/// The rows of its mentions.
pub fn mention_rows(article: &Article) -> Vec<MentionRow> {
    let mut points = CodePoints::new(&article.document.text);
    article
        .mentions
        .iter()
        .enumerate()
        .map(|(n, mention)| {
            let reference = &mention.reference;
            let actor = reference.actor.as_ref();
            let (start, end) = points.of(reference.span);
            MentionRow {
                mention_id: mention_id(article, n),
                article_id: article.document.id.clone(),
                sentence: reference.sentence,
                start,
                end,
                text: Text::new(reference.span.of(&article.document.text)),
                type_: reference.entity_type.label(),
                actor: Text::new(actor.map_or("", |actor| &actor.name)),
                iso3: iso3(reference),
                via: actor.map_or("", |actor| actor.via.label()),
                score: Number(actor.map(|actor| f64::from(actor.score))),
                p_negative: mention.sentiment.negative.into(),
                p_neutral: mention.sentiment.neutral.into(),
                p_positive: mention.sentiment.positive.into(),
            }
        })
        .collect()
}

/// The rows of its pairs; with the sentences if `text`.
pub fn pair_rows(article: &Article, text: bool) -> Vec<PairRow> {
    article
        .pairs
        .iter()
        .enumerate()
        .map(|(n, pair)| {
            let holder = &article.mentions[pair.holder].reference;
            let target = &article.mentions[pair.target].reference;
            let (quad, p_quad) = pair.relation.quad();
            let sentence = article.sentences[holder.sentence];
            PairRow {
                pair_id: format!("{}-p{n}", article.document.id),
                article_id: article.document.id.clone(),
                date: date(article.document.date),
                sentence: holder.sentence,
                holder_mention: mention_id(article, pair.holder),
                target_mention: mention_id(article, pair.target),
                holder_iso3: iso3(holder),
                target_iso3: iso3(target),
                stance: stance(pair.stance.sign()),
                p_against: pair.stance.negative.into(),
                p_neutral: pair.stance.neutral.into(),
                p_favor: pair.stance.positive.into(),
                quad: quad.label(),
                p_quad: p_quad.into(),
                text: text.then(|| Text::new(sentence.of(&article.document.text))),
            }
        })
        .collect()
}

fn stance(sign: Sign) -> &'static str {
    match sign {
        Sign::Negative => "against",
        Sign::Neutral => "neutral",
        Sign::Positive => "favor",
    }
}

fn mention_id(article: &Article, n: usize) -> String {
    format!("{}-m{n}", article.document.id)
}

/// The codes of a mention's countries, joined by `+`.
fn iso3(reference: &Reference) -> String {
    let countries = reference.actor.as_ref().map_or(&[][..], |actor| &actor.countries);
    countries.iter().map(Country::iso3).collect::<Vec<_>>().join("+")
}

fn date(date: Option<PublicationDate>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
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
