//! Where each stem stands.

use super::vocabulary::Key;

/// For each stem the places it is in, in order, with what it weighs there: all lists in one.
#[derive(Debug, Clone, Default)]
pub(super) struct Postings {
    /// Where each list ends; it begins where the one before ends.
    ends: Vec<u32>,
    entries: Vec<(u32, f32)>,
}

impl Postings {
    /// For so many stems, of (stem, place, weight), the places in order.
    pub fn new(stems: usize, all: impl Iterator<Item = (Key, u32, f32)> + Clone) -> Self {
        let mut ends = vec![0; stems];
        all.clone().for_each(|(key, ..)| ends[key as usize] += 1);
        let mut sum = 0;
        for end in &mut ends {
            // where the list begins, until it is filled
            (*end, sum) = (sum, sum + *end);
        }
        let mut entries = vec![(0, 0.0); sum as usize];
        for (key, place, weight) in all {
            let end = &mut ends[key as usize];
            entries[*end as usize] = (place, weight);
            *end += 1;
        }
        Self { ends, entries }
    }

    /// The places of one.
    pub fn of(&self, key: Key) -> &[(u32, f32)] {
        let key = key as usize;
        let start = key.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.entries[start as usize..self.ends[key] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stem_has_its_places_in_order() {
        let all = [(2, 0, 1.0), (0, 1, 2.0), (2, 1, 3.0), (2, 5, 4.0)];
        let postings = Postings::new(4, all.into_iter());
        assert_eq!(postings.of(0), [(1, 2.0)]);
        assert_eq!(postings.of(2), [(0, 1.0), (1, 3.0), (5, 4.0)]);
        assert!(postings.of(1).is_empty() && postings.of(3).is_empty());
    }
}
