//! Labels and what the model said -> precision, recall, F1, confusion and calibration.

use std::collections::BTreeSet;

use serde::Serialize;

/// Bins of the reliability table.
const BINS: usize = 10;

/// What the model said of one labelled item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement {
    /// Index of the gold label.
    pub gold: usize,
    /// Index of the label the model chose.
    pub said: usize,
    /// The probability the model gave to what it chose.
    pub confidence: f32,
}

/// Scores of a task with one label an item.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Classification {
    /// Mean F1 of the labels that the gold has.
    pub macro_f1: f64,
    /// Share of items that are right.
    pub accuracy: f64,
    /// Expected calibration error over ten bins of confidence (Guo et al. 2017).
    pub ece: f64,
    /// Items.
    pub n: usize,
    /// Scores a label.
    pub labels: Vec<Label>,
    /// Items by gold label (rows) and chosen label (columns), in the order of `labels`.
    pub confusion: Vec<Vec<usize>>,
    /// How often the model is right at each confidence.
    pub reliability: Vec<Bin>,
}

/// Scores of one label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Label {
    /// The label.
    pub label: String,
    /// Share of those chosen that are right.
    pub precision: f64,
    /// Share of those in the gold that are found.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// Items in the gold.
    pub n: usize,
}

impl Label {
    fn new(label: &str, right: usize, chosen: usize, gold: usize) -> Self {
        let precision = share(right, chosen);
        let recall = share(right, gold);
        let f1 = share(2 * right, chosen + gold);
        Self { label: label.to_owned(), precision, recall, f1, n: gold }
    }
}

/// A bin of the reliability table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bin {
    /// Lower end of the confidence.
    pub from: f64,
    /// Mean confidence.
    pub confidence: f64,
    /// Share that is right.
    pub accuracy: f64,
    /// Items.
    pub n: usize,
}

/// Scores judgements among the labels.
pub(super) fn classification(labels: &[&str], judgements: &[Judgement]) -> Classification {
    let mut confusion = vec![vec![0; labels.len()]; labels.len()];
    for judgement in judgements {
        confusion[judgement.gold][judgement.said] += 1;
    }
    let scores: Vec<Label> = labels
        .iter()
        .enumerate()
        .map(|(n, label)| {
            let chosen = confusion.iter().map(|row| row[n]).sum();
            Label::new(label, confusion[n][n], chosen, confusion[n].iter().sum())
        })
        .collect();
    let present: Vec<f64> =
        scores.iter().filter(|label| label.n > 0).map(|label| label.f1).collect();
    let reliability = reliability(judgements);
    Classification {
        macro_f1: crate::stats::mean(&present).unwrap_or(0.0),
        accuracy: share(judgements.iter().filter(|j| j.gold == j.said).count(), judgements.len()),
        ece: calibration_error(&reliability),
        n: judgements.len(),
        labels: scores,
        confusion,
        reliability,
    }
}

fn reliability(judgements: &[Judgement]) -> Vec<Bin> {
    let mut bins = vec![(0.0, 0, 0); BINS];
    for judgement in judgements {
        let bin = ((judgement.confidence * BINS as f32) as usize).min(BINS - 1);
        let (confidence, right, n) = &mut bins[bin];
        *confidence += f64::from(judgement.confidence);
        *right += usize::from(judgement.gold == judgement.said);
        *n += 1;
    }
    bins.into_iter()
        .enumerate()
        .filter(|(_, (_, _, n))| *n > 0)
        .map(|(bin, (confidence, right, n))| Bin {
            from: bin as f64 / BINS as f64,
            confidence: confidence / n as f64,
            accuracy: share(right, n),
            n,
        })
        .collect()
}

fn calibration_error(bins: &[Bin]) -> f64 {
    let n: usize = bins.iter().map(|bin| bin.n).sum();
    bins.iter().map(|bin| (bin.confidence - bin.accuracy).abs() * share(bin.n, n)).sum()
}

/// Scores of spans that must be found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Extraction {
    /// Share of the spans found that are right.
    pub precision: f64,
    /// Share of the gold's spans that are found.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// Spans in the gold.
    pub n: usize,
    /// Scores a type.
    pub labels: Vec<Label>,
}

/// Scores sets of (anything that places a span, its type).
pub(super) fn extraction<T: Ord>(
    gold: &BTreeSet<(T, String)>,
    found: &BTreeSet<(T, String)>,
) -> Extraction {
    let of =
        |set: &BTreeSet<(T, String)>, label: &str| set.iter().filter(|(_, l)| l == label).count();
    let types: BTreeSet<&str> = gold.iter().chain(found).map(|(_, label)| label.as_str()).collect();
    let labels = types
        .into_iter()
        .map(|label| {
            let right = gold.intersection(found).filter(|(_, l)| l == label).count();
            Label::new(label, right, of(found, label), of(gold, label))
        })
        .collect();
    let all = Label::new("", gold.intersection(found).count(), found.len(), gold.len());
    Extraction { precision: all.precision, recall: all.recall, f1: all.f1, n: all.n, labels }
}

/// `part / whole`, and 0 of nothing.
pub(super) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(gold: usize, said: usize, confidence: f32) -> Judgement {
        Judgement { gold, said, confidence }
    }

    #[test]
    fn macro_f1_is_the_mean_over_labels_of_the_gold() {
        // a: 1 right of 2 chosen, 1 gold -> F1 2/3; b: 0 of 0 chosen, 1 gold -> 0; c: not in the gold.
        let scores = classification(&["a", "b", "c"], &[judged(0, 0, 0.9), judged(1, 0, 0.6)]);
        assert!((scores.macro_f1 - 1.0 / 3.0).abs() < 1e-9);
        assert_eq!(scores.confusion, [[1, 0, 0], [1, 0, 0], [0, 0, 0]]);
    }

    #[test]
    fn calibration_is_the_gap_between_confidence_and_accuracy() {
        let always_sure_half_right = [judged(0, 0, 1.0), judged(1, 0, 1.0)];
        assert!((classification(&["a", "b"], &always_sure_half_right).ece - 0.5).abs() < 1e-9);
    }

    #[test]
    fn a_span_counts_with_its_type() {
        let set = |items: &[(usize, &str)]| -> BTreeSet<(usize, String)> {
            items.iter().map(|(n, label)| (*n, (*label).to_owned())).collect()
        };
        let scores =
            extraction(&set(&[(1, "Person"), (2, "NORP")]), &set(&[(1, "Person"), (2, "Misc")]));
        assert_eq!((scores.precision, scores.recall, scores.n), (0.5, 0.5, 2));
    }
}
