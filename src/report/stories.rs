//! Articles -> a row a story: how often, where and since when it was printed.

use std::collections::{BTreeMap, BTreeSet};

use super::cell::{Number, Text};
use super::rows::{ArticleRow, StoryRow};

/// The stories of the articles, the most copied first.
pub fn story_rows(articles: &[ArticleRow]) -> Vec<StoryRow> {
    let mut stories: BTreeMap<&str, Vec<&ArticleRow>> = BTreeMap::new();
    for article in articles.iter().filter(|article| !article.story_id.is_empty()) {
        stories.entry(&article.story_id).or_default().push(article);
    }
    let mut rows: Vec<StoryRow> =
        stories.into_iter().map(|(id, copies)| row(id, &copies)).collect();
    rows.sort_by(|a, b| (b.articles, &a.story_id).cmp(&(a.articles, &b.story_id)));
    rows
}

fn row(id: &str, copies: &[&ArticleRow]) -> StoryRow {
    let original = copies.iter().find(|copy| copy.article_id == id).or(copies.first());
    let dates = copies.iter().map(|copy| copy.date.as_str()).filter(|date| !date.is_empty());
    let sources: BTreeSet<&str> = copies.iter().map(|copy| copy.source.as_str()).collect();
    let sources: Vec<&str> = sources.into_iter().filter(|source| !source.is_empty()).collect();
    StoryRow {
        story_id: id.to_owned(),
        title: original.map_or_else(|| Text::new(""), |article| article.title.clone()),
        articles: copies.len(),
        first_date: dates.min().unwrap_or_default().to_owned(),
        sources: Text::new(&sources.join("; ")),
        share_of_copies: Number(Some((copies.len() - 1) as f64 / copies.len() as f64)),
    }
}
