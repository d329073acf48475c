//! Numbers: chance that can be repeated, and what many measurements come to.

use std::time::Duration;

/// SplitMix64.
#[derive(Debug)]
pub struct Chance(u64);

impl Chance {
    /// The same seed gives the same run.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit
    }
}

/// Many measurements of the same thing, in milliseconds.
#[derive(Debug, Clone, Default)]
pub struct Sample(Vec<f64>);

impl Sample {
    /// Of intervals, in any order. Some may be negative: clocks are read in several processes.
    pub fn new(milliseconds: impl IntoIterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = milliseconds.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        Self(sorted)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The smallest value that `percent` of all don't exceed (nearest rank); 0 of none.
    pub fn percentile(&self, percent: usize) -> f64 {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).copied().unwrap_or_default()
    }

    #[allow(missing_docs)]
    pub fn median(&self) -> f64 {
        self.percentile(50)
    }

    #[allow(missing_docs)]
    pub fn max(&self) -> f64 {
        self.percentile(100)
    }

    #[allow(missing_docs)]
    pub fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / (self.0.len().max(1) as f64)
    }
}

/// From one moment to another, in milliseconds; negative if they came the other way round.
pub fn milliseconds(from: Duration, to: Duration) -> f64 {
    (to.as_secs_f64() - from.as_secs_f64()) * 1e3
}
