//! Decides what kind of actor a mention stands for: what the register allows times what the model
//! and the words before it say.

use super::choose::Sort;
use crate::article::Kind;

/// The kind of a mention and the probability that it is a place; `locative` if it stands after 'in', 'at', 'near'.
pub(super) fn decide(sort: Sort, head: &[f32; 7], locative: bool) -> (Kind, f32) {
    let mut weights = prior(sort);
    for (weight, p) in weights.iter_mut().zip(head) {
        *weight *= p;
    }
    if locative {
        for (weight, kind) in weights.iter_mut().zip(Kind::ALL) {
            if kind != Kind::Place {
                *weight *= NOT_PLACE_AFTER_LOCATIVE;
            }
        }
    }
    let total: f32 = weights.iter().sum();
    let mut best = (fallback(sort), 0.0);
    for (kind, weight) in Kind::ALL.into_iter().zip(weights) {
        if weight > best.1 {
            best = (kind, weight);
        }
    }
    let place = Kind::ALL.into_iter().zip(weights).find(|(kind, _)| *kind == Kind::Place);
    let place = place.map_or(0.0, |(_, weight)| weight);
    (best.0, if total > 0.0 { place / total } else { 0.0 })
}

/// Odds of a mention after 'in' or 'at' not to be a place.
const NOT_PLACE_AFTER_LOCATIVE: f32 = 0.1;

/// How often a sort of name is of each kind, in the order of [`Kind::ALL`].
fn prior(sort: Sort) -> [f32; 7] {
    match sort {
        Sort::Name => [0.76, 0.03, 0.20, 0.0, 0.0, 0.01, 0.0],
        Sort::Demonym => [0.72, 0.20, 0.03, 0.01, 0.02, 0.02, 0.0],
        Sort::Capital => [0.70, 0.02, 0.27, 0.0, 0.01, 0.0, 0.0],
        Sort::Region => [0.45, 0.05, 0.45, 0.0, 0.05, 0.0, 0.0],
        Sort::Place => [0.08, 0.05, 0.86, 0.0, 0.0, 0.01, 0.0],
        Sort::State => [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        Sort::Leader => [0.95, 0.0, 0.0, 0.01, 0.01, 0.03, 0.0],
        Sort::Chief => [0.02, 0.0, 0.0, 0.3, 0.6, 0.08, 0.0],
        Sort::ArmedGroup => [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0],
        Sort::Party => [0.3, 0.0, 0.0, 0.0, 0.7, 0.0, 0.0],
        Sort::Body => [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0],
        Sort::Phrase => [0.6, 0.15, 0.05, 0.03, 0.1, 0.15, 0.0],
    }
}

fn fallback(sort: Sort) -> Kind {
    match sort {
        Sort::ArmedGroup => Kind::ArmedGroup,
        Sort::Body | Sort::Party => Kind::Organization,
        Sort::Place => Kind::Place,
        _ => Kind::Government,
    }
}
