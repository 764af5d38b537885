//! Scores -> tables for a person to read.

use std::fmt::Write;

use super::score::{Classification, Extraction, Label};
use super::{Actors, Scores};

/// All scores, task by task.
pub fn table(scores: &Scores) -> String {
    let mut text = String::new();
    if let Some(entities) = &scores.entities {
        extraction(&mut text, "entities", entities);
    }
    if let Some(actors) = &scores.actors {
        actor_table(&mut text, actors);
    }
    let tasks = [
        ("sentiment", &scores.sentiment),
        ("stance", &scores.stance),
        ("relation", &scores.relation),
    ];
    for (name, task) in tasks {
        if let Some(task) = task {
            classification(&mut text, name, task);
        }
    }
    if let Some(wrong) = scores.stance_wrong_direction {
        line(&mut text, &format!("stance told of the wrong direction: {:.1} %", 100.0 * wrong));
    }
    if let Some(found) = scores.found {
        line(
            &mut text,
            &format!("targets and pairs whose mentions were found: {:.1} %", 100.0 * found),
        );
    }
    text.truncate(text.trim_end().len());
    text
}

fn extraction(text: &mut String, name: &str, scores: &Extraction) {
    line(text, &format!("{name}: F1 {} of {} spans", points(scores.f1), scores.n));
    labels(text, &scores.labels);
}

fn actor_table(text: &mut String, actors: &Actors) {
    line(
        text,
        &format!("  {:<22}{:>10}{:>8}{:>8}{:>8}", "actors", "precision", "recall", "kind", "n"),
    );
    let all = std::iter::once(("all", actors));
    for (name, part) in all.chain(actors.by_kind.iter().map(|(kind, part)| (*kind, part))) {
        let (precision, recall) = (points(part.precision), points(part.recall));
        let kind = points(part.kind_accuracy);
        line(text, &format!("  {name:<22}{precision:>10}{recall:>8}{kind:>8}{:>8}", part.n));
    }
    line(text, "");
}

fn classification(text: &mut String, name: &str, scores: &Classification) {
    line(
        text,
        &format!(
            "{name}: macro-F1 {}, accuracy {}, ECE {:.3}, n {}",
            points(scores.macro_f1),
            points(scores.accuracy),
            scores.ece,
            scores.n
        ),
    );
    labels(text, &scores.labels);
    confusion(text, scores);
    reliability(text, scores);
}

fn labels(text: &mut String, labels: &[Label]) {
    line(text, &format!("  {:<22}{:>10}{:>8}{:>8}{:>8}", "", "precision", "recall", "F1", "n"));
    for label in labels {
        let (precision, recall, f1) =
            (points(label.precision), points(label.recall), points(label.f1));
        line(
            text,
            &format!("  {:<22}{precision:>10}{recall:>8}{f1:>8}{:>8}", label.label, label.n),
        );
    }
    line(text, "");
}

fn confusion(text: &mut String, scores: &Classification) {
    line(text, "  rows: gold; columns, in the same order: what the model said");
    for (label, row) in scores.labels.iter().zip(&scores.confusion) {
        let cells: String = row.iter().map(|n| format!("{n:>7}")).collect();
        line(text, &format!("  {:<22}{cells}", label.label));
    }
    line(text, "");
}

fn reliability(text: &mut String, scores: &Classification) {
    line(text, &format!("  {:<22}{:>10}{:>8}{:>8}", "confidence from", "mean", "right", "n"));
    for bin in &scores.reliability {
        let (confidence, accuracy) = (points(bin.confidence), points(bin.accuracy));
        line(text, &format!("  {:<22.1}{confidence:>10}{accuracy:>8}{:>8}", bin.from, bin.n));
    }
    line(text, "");
}

/// A share in points of a hundred.
fn points(share: f64) -> String {
    format!("{:.1}", 100.0 * share)
}

fn line(text: &mut String, line: &str) {
    writeln!(text, "{line}").expect("writing to a String does not fail");
}
