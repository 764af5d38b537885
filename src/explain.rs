//! `demarche explain`: what each stage made of one text, for a person to read.

use std::fmt::Write;

use anyhow::Result;

use crate::article::{Article, Country, Document, Mention, Pair, Polarity, Quad};
use crate::clock::Clock;
use crate::pipeline::{self, Stages};
use crate::resolve::Why;

/// Takes a text through the pipeline and tells, sentence by sentence, what was found.
pub fn text(text: &str, stages: &Stages) -> Result<String> {
    let document = Document { text: text.to_owned(), ..Document::default() };
    let (article, _) = pipeline::annotate(document, stages, &mut Clock::start())?;
    if article.sentences.is_empty() {
        anyhow::bail!("no sentence in the text");
    }
    let why = Why::new(&stages.gazetteer, &article.document);
    let mut lines = String::new();
    for sentence in 0..article.sentences.len() {
        explain_sentence(&mut lines, sentence, &article, &why)?;
    }
    lines.truncate(lines.trim_end().len());
    Ok(lines)
}

fn explain_sentence(
    lines: &mut String,
    sentence: usize,
    article: &Article,
    why: &Why,
) -> Result<()> {
    writeln!(
        lines,
        "{}. {}",
        sentence + 1,
        printable(article.sentences[sentence].of(&article.document.text))
    )?;
    let here = |mention: &&Mention| mention.reference.sentence == sentence;
    for mention in article.mentions.iter().filter(here) {
        explain_mention(lines, mention, article)?;
        for line in why.lines(&mention.reference) {
            writeln!(lines, "{:33}{line}", "")?;
        }
    }
    let here = |pair: &&Pair| article.mentions[pair.holder].reference.sentence == sentence;
    for pair in article.pairs.iter().filter(here) {
        explain_pair(lines, pair, article)?;
    }
    writeln!(lines)?;
    Ok(())
}

fn explain_mention(lines: &mut String, mention: &Mention, article: &Article) -> Result<()> {
    let reference = &mention.reference;
    let who = match &reference.actor {
        None => "unresolved".to_owned(),
        Some(actor) => {
            let countries: Vec<&str> = actor.countries.iter().map(Country::iso3).collect();
            let countries =
                if countries.is_empty() { "no country".to_owned() } else { countries.join("+") };
            format!(
                "{} ({}, {countries}, via {}, {:.2})",
                actor.name,
                actor.kind.label(),
                actor.via.label(),
                actor.score
            )
        }
    };
    writeln!(
        lines,
        "   {:<28} {:<13} {who}; sentiment {}",
        printable(reference.span.of(&article.document.text)),
        reference.entity_type.label(),
        odds(mention.sentiment, ["negative", "neutral", "positive"]),
    )?;
    Ok(())
}

fn explain_pair(lines: &mut String, pair: &Pair, article: &Article) -> Result<()> {
    let name = |n: usize| printable(article.mentions[n].reference.span.of(&article.document.text));
    let (quad, p) = pair.relation.quad();
    let relation =
        if quad == Quad::None { String::new() } else { format!("; {} {p:.2}", quad.label()) };
    writeln!(
        lines,
        "   {} -> {}: {}{relation}",
        name(pair.holder),
        name(pair.target),
        odds(pair.stance, ["against", "neutral", "favor"]),
    )?;
    Ok(())
}

/// The three probabilities, as in 'against 0.81, neutral 0.15, favor 0.04'.
fn odds(polarity: Polarity, names: [&str; 3]) -> String {
    let values = [polarity.negative, polarity.neutral, polarity.positive];
    let parts: Vec<String> =
        names.iter().zip(values).map(|(name, p)| format!("{name} {p:.2}")).collect();
    parts.join(", ")
}

/// Text that cannot speak to the terminal.
fn printable(text: &str) -> String {
    crate::report::Text::new(text).as_str().trim_start_matches('\'').to_owned()
}
