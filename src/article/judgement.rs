//! What a sentence says of a mention or a pair, as probabilities.

/// Probabilities of the two poles and the middle: sentiment (negative, neutral, positive)
/// or stance (against, neutral, favor). They sum to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Polarity {
    /// P(negative) or P(against).
    pub negative: f32,
    /// P(neutral).
    pub neutral: f32,
    /// P(positive) or P(favor).
    pub positive: f32,
}

/// The most probable side of a [`Polarity`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Sign {
    Negative,
    Neutral,
    Positive,
}

impl Polarity {
    /// P(positive) - P(negative), from -1 to 1: the figure all means are made of.
    pub fn balance(self) -> f64 {
        f64::from(self.positive) - f64::from(self.negative)
    }

    /// The most probable side; neutral where two are equal.
    pub fn sign(self) -> Sign {
        if self.negative > self.neutral && self.negative > self.positive {
            Sign::Negative
        } else if self.positive > self.neutral && self.positive > self.negative {
            Sign::Positive
        } else {
            Sign::Neutral
        }
    }
}

/// What a source does to a target: the PLOVER quad classes and none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Quad {
    None,
    VerbalCooperation,
    MaterialCooperation,
    VerbalConflict,
    MaterialConflict,
}

impl Quad {
    /// All classes, in the order of the model's outputs.
    pub const ALL: [Self; 5] = [
        Self::None,
        Self::VerbalCooperation,
        Self::MaterialCooperation,
        Self::VerbalConflict,
        Self::MaterialConflict,
    ];

    /// The label as in the gold files and reports.
    pub fn label(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::VerbalCooperation => "verbal_cooperation",
            Self::MaterialCooperation => "material_cooperation",
            Self::VerbalConflict => "verbal_conflict",
            Self::MaterialConflict => "material_conflict",
        }
    }
}

/// Probabilities of the quad classes, in the order of [`Quad::ALL`]; they sum to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Relation(pub [f32; 5]);

impl Relation {
    /// The most probable class and its probability; the first of equals.
    pub fn quad(&self) -> (Quad, f32) {
        let mut best = (Quad::None, self.0[0]);
        for (quad, &p) in Quad::ALL.into_iter().zip(&self.0).skip(1) {
            if p > best.1 {
                best = (quad, p);
            }
        }
        best
    }
}
