//! What attention adds to a score for how far two tokens are apart, as in MPNet and T5.

use anyhow::{Result, ensure};

use super::config::Config;
use super::weights::Tensors;

/// Beyond this distance all tokens share a bucket; fixed in MPNet.
const MOST_DISTANT: f32 = 128.0;

/// A number for each head and distance.
pub(super) struct Relative {
    /// For each head, from the longest way on to the longest way back.
    by_distance: Vec<Vec<f32>>,
    /// The longest way.
    reach: usize,
}

impl Relative {
    /// Loads the table, if the model has one.
    pub(super) fn load(tensors: &Tensors<'_>, config: &Config) -> Result<Option<Self>> {
        let Some(buckets) = config.relative_attention_num_buckets else { return Ok(None) };
        let name = "bert.encoder.relative_attention_bias.weight";
        let table = tensors.matrix(name)?;
        ensure!(
            (table.rows, table.columns) == (buckets, config.num_attention_heads),
            "{name} is {} x {}, not {buckets} buckets x {} heads",
            table.rows,
            table.columns,
            config.num_attention_heads
        );
        let reach = config.max_position_embeddings;
        let distances = || (-(reach as isize)..=reach as isize).rev();
        let of_head = |head: usize| {
            let value = |distance| table.values[bucket(distance, buckets) * table.columns + head];
            distances().map(value).collect()
        };
        Ok(Some(Self { by_distance: (0..table.columns).map(of_head).collect(), reach }))
    }

    /// Adds to the scores that `first` and the tokens after it give to one token of their sentence.
    pub(super) fn add(&self, head: usize, first: usize, token: usize, scores: &mut [f32]) {
        let from_first = &self.by_distance[head][self.reach + first - token..];
        for (score, value) in scores.iter_mut().zip(from_first) {
            *score += value;
        }
    }
}

/// The bucket of a distance, key minus query: half of the buckets for each direction, of these one
/// for each distance up to a half, the others ever wider.
fn bucket(distance: isize, buckets: usize) -> usize {
    let half = buckets / 2;
    let exact = half / 2;
    let far = distance.unsigned_abs();
    let within = if far < exact {
        far
    } else {
        let share = (far as f32 / exact as f32).ln() / (MOST_DISTANT / exact as f32).ln();
        (exact + (share * (half - exact) as f32) as usize).min(half - 1)
    };
    if distance > 0 { half + within } else { within }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_those_of_transformers() {
        // MPNetEncoder.relative_position_bucket of transformers, see tests/mpnet/make.py.
        let expected = [
            (-512, 15),
            (-128, 15),
            (-127, 15),
            (-91, 15),
            (-64, 14),
            (-63, 13),
            (-33, 12),
            (-32, 12),
            (-31, 11),
            (-23, 11),
            (-17, 10),
            (-16, 10),
            (-15, 9),
            (-12, 9),
            (-11, 8),
            (-8, 8),
            (-7, 7),
            (-1, 1),
            (0, 0),
            (1, 17),
            (7, 23),
            (8, 24),
            (11, 24),
            (12, 25),
            (15, 25),
            (16, 26),
            (31, 27),
            (32, 28),
            (63, 29),
            (64, 30),
            (90, 30),
            (91, 31),
            (128, 31),
            (300, 31),
        ];
        for (distance, expected) in expected {
            assert_eq!(bucket(distance, 32), expected, "{distance}");
        }
    }
}
