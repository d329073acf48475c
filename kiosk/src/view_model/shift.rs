//! The picture moves by a few pixels each hour, so that nothing burns into the panel.

use jiff::Timestamp;

/// The farthest from the middle, in logical pixels: less than any margin, so that nothing is cut.
pub const FARTHEST: i32 = 4;
/// The way, hour by hour, and back to where it began. Its length shares no day's round: ten in the morning isn't always in one place.
const PATH: [(i32, i32); 10] = [(0, 0), (2, 2), (4, 3), (2, 4), (0, 2), (-2, 1), (-4, 0), (-3, -2), (-1, -4), (1, -2)];

/// Where the picture stands, right and down of the middle. Counted in hours since 1970, which no change of the clocks repeats.
#[must_use]
pub fn shift(wall: Timestamp) -> (i32, i32) {
    let hours = wall.as_second().div_euclid(3600);
    PATH[usize::try_from(hours.rem_euclid(PATH.len() as i64)).unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::time::Duration;

    fn hours(start: &str) -> impl Iterator<Item = (i32, i32)> {
        let start: Timestamp = start.parse().unwrap();
        (0..).map(move |hour| shift(start + Duration::from_secs(3600 * hour)))
    }

    #[test]
    fn each_hour_the_picture_moves_a_little_and_comes_back() {
        let way: Vec<_> = hours("2024-10-23T10:26:00-04:00").take(11).collect();
        assert_eq!((way[0], way[10]), ((0, 0), (0, 0)), "the pictures of the documentation stand in the middle");
        assert_eq!(way.iter().collect::<BTreeSet<_>>().len(), 10);
        assert!(way.iter().all(|(x, y)| x.abs() <= FARTHEST && y.abs() <= FARTHEST));
        assert!(way.windows(2).all(|step| (step[1].0 - step[0].0).abs() <= 2 && (step[1].1 - step[0].1).abs() <= 2), "{way:?}");
        let sum = way[..10].iter().fold((0, 0), |sum, at| (sum.0 + at.0, sum.1 + at.1));
        assert!(sum.0.abs() <= 5 && sum.1.abs() <= 5, "around the middle: {sum:?}");
    }

    #[test]
    fn it_stays_for_the_whole_hour_and_changing_the_clocks_moves_nothing_twice() {
        let at = |text: &str| shift(text.parse().unwrap());
        assert_eq!(at("2026-10-23T10:00:00-04:00"), at("2026-10-23T10:59:59-04:00"));
        assert_ne!(at("2026-10-23T10:59:59-04:00"), at("2026-10-23T11:00:00-04:00"));
        // 1:30 comes twice in Montréal
        assert_ne!(at("2026-11-01T01:30:00-04:00"), at("2026-11-01T01:30:00-05:00"));
    }
}
