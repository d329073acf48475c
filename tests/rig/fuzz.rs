//! Bytes that go wrong: a target gets mutations of valid inputs, without end, and must never panic. What it checks beside that is its own.
//!
//! A second a target in `make test`, ten minutes under `VOISINS_SOAK=full` (`VOISINS_SOAK=n`: n seconds). The seed is printed;
//! `VOISINS_SEED` repeats a run, input for input.
#![allow(clippy::disallowed_methods, reason = "a run ends when its time is over")]

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, Instant};

/// In `make test`.
const SHORT: Duration = Duration::from_secs(1);
/// Under `VOISINS_SOAK=full`.
const FULL: Duration = Duration::from_secs(600);
/// The clock is looked at once in so many inputs.
const ROUNDS: u64 = 256;
/// Inputs grow no longer: no frame of a reader is as long.
const LONGEST: usize = 2048;
/// Bytes that mean something to most formats: ends, signs, start codes, lengths.
const TELLING: [u8; 10] = [0x00, 0x01, 0x02, 0x7F, 0x80, 0xD5, 0xFE, 0xFF, 0x0A, 0x90];

/// Hands mutations of `corpus` to `target` until the time is over; each valid input first, as it is.
///
/// # Panics
/// When the target does; the seed and the input are printed before.
pub fn run(name: &str, corpus: &[&[u8]], mut target: impl FnMut(&[u8])) {
    let drawn = || u64::from(std::process::id()) ^ presence_daemon::clock::since_boot().as_nanos() as u64;
    let seed = std::env::var("VOISINS_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(drawn);
    println!("{name}: VOISINS_SEED={seed}");
    let mut attempt = |input: &[u8]| {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| target(input))) {
            eprintln!("{name}: VOISINS_SEED={seed}, input {input:02X?}");
            resume_unwind(panic);
        }
    };
    corpus.iter().for_each(|valid| attempt(valid));
    let (begun, limit) = (Instant::now(), limit());
    let mut chance = Chance(seed);
    let mut inputs = corpus.len() as u64;
    while begun.elapsed() < limit {
        for _ in 0..ROUNDS {
            attempt(&mutation(corpus, &mut chance));
        }
        inputs += ROUNDS;
    }
    println!("{name}: {inputs} inputs in {:?}, no finding", begun.elapsed());
}

fn limit() -> Duration {
    match std::env::var("VOISINS_SOAK").as_deref() {
        Ok("full") => FULL,
        Ok(seconds) => seconds.parse().map_or(SHORT, Duration::from_secs),
        Err(_) => SHORT,
    }
}

/// One valid input with a few things wrong.
fn mutation(corpus: &[&[u8]], chance: &mut Chance) -> Vec<u8> {
    let mut input = pick(corpus, chance).map(|valid| valid.to_vec()).unwrap_or_default();
    for _ in 0..=chance.below(4) {
        mutate(&mut input, corpus, chance);
    }
    input.truncate(LONGEST);
    input
}

fn mutate(input: &mut Vec<u8>, corpus: &[&[u8]], chance: &mut Chance) {
    let (at, other) = (chance.below(input.len() + 1), chance.below(input.len() + 1));
    let (from, to) = (at.min(other), at.max(other));
    let byte = TELLING[chance.below(TELLING.len())];
    match (chance.below(9), input.get_mut(at)) {
        (0, Some(hit)) => *hit ^= 1 << chance.below(8),
        (1, Some(hit)) => *hit = byte,
        (2, Some(hit)) => *hit = hit.wrapping_add(1),
        (3, Some(hit)) => *hit = chance.next().to_le_bytes()[0],
        (4, _) => input.truncate(at),
        (5, _) => drop(input.drain(from..to)),
        (6, _) => input.extend_from_within(from..to),
        (7, _) => input.insert(at, byte),
        _ => {
            // the beginning of this one, the end of another
            let tail = pick(corpus, chance).unwrap_or_default();
            input.truncate(at);
            input.extend_from_slice(&tail[chance.below(tail.len() + 1)..]);
        }
    }
}

fn pick<'a>(corpus: &[&'a [u8]], chance: &mut Chance) -> Option<&'a [u8]> {
    (!corpus.is_empty()).then(|| corpus[chance.below(corpus.len())])
}

/// SplitMix64: chance that can be repeated.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_its_inputs() {
        let corpus: [&[u8]; 2] = [&[0, 0, 0xFF, 4], b"1234"];
        let inputs = |seed| {
            let mut chance = Chance(seed);
            (0..1000).map(|_| mutation(&corpus, &mut chance)).collect::<Vec<_>>()
        };
        assert_eq!(inputs(7), inputs(7));
        assert_ne!(inputs(7), inputs(8));
        assert!(mutation(&[], &mut Chance(1)).len() <= LONGEST);
    }

    #[test]
    #[should_panic(expected = "found")]
    fn a_panic_of_the_target_comes_through() {
        run("planted", &[b"good"], |input| assert_eq!(input, b"good", "found"));
    }
}
