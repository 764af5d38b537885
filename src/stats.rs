//! Means and their intervals.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// Resamples of a bootstrap: the 2.5 % and 97.5 % quantiles then rest on 25 values each side.
const RESAMPLES: usize = 1000;

/// Fewer values than this have a mean and no interval.
const FEWEST_FOR_INTERVAL: usize = 3;

/// Every interval starts from this seed, so it depends on its values only.
const SEED: u64 = 20_230_821;

/// A mean and, from three values on, its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Lower and upper end of the interval.
    pub interval: Option<(f64, f64)>,
}

/// The mean of the values with a percentile bootstrap interval (Efron 1979); `None` without values.
pub fn estimate(values: &[f64]) -> Option<Estimate> {
    let mean = mean(values)?;
    let interval = (values.len() >= FEWEST_FOR_INTERVAL).then(|| bootstrap(values));
    Some(Estimate { mean, interval })
}

/// The arithmetic mean; `None` without values.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn bootstrap(values: &[f64]) -> (f64, f64) {
    let mut rng = Pcg64Mcg::seed_from_u64(SEED);
    let mut means: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let total: f64 =
                (0..values.len()).map(|_| values[rng.random_range(0..values.len())]).sum();
            total / values.len() as f64
        })
        .collect();
    means.sort_by(f64::total_cmp);
    let tail = RESAMPLES / 40;
    (means[tail], means[RESAMPLES - 1 - tail])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_values_have_no_mean() {
        assert_eq!(estimate(&[]), None);
    }

    #[test]
    fn two_values_have_a_mean_and_no_interval() {
        assert_eq!(estimate(&[1.0, 0.0]), Some(Estimate { mean: 0.5, interval: None }));
    }

    #[test]
    fn equal_values_have_an_interval_of_no_width() {
        let equal = estimate(&[0.25; 5]).unwrap();
        assert_eq!(equal.interval, Some((0.25, 0.25)));
    }

    #[test]
    fn the_interval_of_a_large_sample_is_near_the_normal_one() {
        // 0 and 1 in turn: standard error 0.5 / sqrt(400) = 0.025, so mean +- 0.049.
        let values: Vec<f64> = (0..400).map(|i| f64::from(i % 2)).collect();
        let (lo, hi) = estimate(&values).unwrap().interval.unwrap();
        assert!((lo - 0.451).abs() < 0.01 && (hi - 0.549).abs() < 0.01, "{lo} {hi}");
    }

    #[test]
    fn the_same_values_give_the_same_interval() {
        let values = [0.1, -0.4, 0.7, 0.2];
        assert_eq!(estimate(&values), estimate(&values));
    }
}
