//! What speaks for each member: the texts that fit, the best first, each once. Weighed anew for each search.

use super::tags::Tag;
use super::{INTEREST, WORTH_PROMISING, WORTH_SHOWING};
use crate::matching::lexicon::Sums;
use crate::matching::rank::{Group, Hit, MOST_REASONS, NO_TAG};

/// A reason that says less than this much of the best one adds next to nothing to any.
const WORTH_ADDING: f32 = 0.08;
/// A reason that says less than this is none.
const LEAST_SCORE: f32 = 0.12;
/// Each further reason says so much less.
const FURTHER: f32 = 0.12;
/// A reason that says less than this much of somebody's best one isn't told.
const WORTH_TELLING: f32 = 0.6;
/// Somebody can help if what says so says this much of their best reason.
const HELPING: f32 = 0.75;

/// Who wrote which text in which field: one list for each text and field, those of a text together.
#[derive(Debug, Default)]
pub(super) struct Lists {
    lists: Vec<List>,
    /// For each text where its lists begin, and where the last one's end.
    of_tag: Vec<u32>,
    members: Vec<u32>,
}

#[derive(Debug)]
struct List {
    tag: u32,
    field: f32,
    /// Where its members end; they begin where those of the one before end.
    end: u32,
}

impl Lists {
    /// The lists of these texts.
    pub fn new(tags: &mut [Tag]) -> Self {
        let mut all = Self { of_tag: vec![0], ..Self::default() };
        for (place, tag) in (0..).zip(tags) {
            let mut members = std::mem::take(&mut tag.members);
            members.sort_by(|a, b| b.1.total_cmp(&a.1));
            for list in members.chunk_by(|a, b| a.1.to_bits() == b.1.to_bits()) {
                all.members.extend(list.iter().map(|(member, _)| *member));
                all.lists.push(List { tag: place, field: list[0].1, end: length(&all.members) });
            }
            all.of_tag.push(length(&all.lists));
        }
        all.members.shrink_to_fit();
        all
    }

    fn of(&self, tag: u32) -> std::ops::Range<u32> {
        self.of_tag[tag as usize]..self.of_tag[tag as usize + 1]
    }

    fn members(&self, list: u32) -> &[u32] {
        let start = list.checked_sub(1).map_or(0, |before| self.lists[before as usize].end);
        &self.members[start as usize..self.lists[list as usize].end as usize]
    }
}

fn length<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}

/// What is known for one member.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// The best that says they can help.
    helping: f32,
    count: u32,
    /// Their best lists, by their order in this search.
    best: [u32; MOST_REASONS],
}

/// What members are weighed in. Whoever asks often keeps it.
#[derive(Debug, Default)]
pub(super) struct Scales {
    known: Vec<Known>,
    /// The lists that speak for somebody, the best first: see [`packed`].
    lists: Vec<u64>,
    found: Vec<u64>,
}

impl Scales {
    /// Whoever fits well enough, the best first; by what speaks for a text, and of that what says they can help.
    pub fn hits(&mut self, lists: &Lists, members: usize, best: &mut Sums, helping: &Sums) -> Vec<Hit> {
        self.lists.clear();
        let least = WORTH_ADDING * best.most();
        best.drain(|tag, score| {
            if score >= least {
                self.lists.extend(lists.of(tag).map(|list| packed(score * lists.lists[list as usize].field, list)));
            }
        });
        self.lists.sort_unstable();
        self.known.clear();
        self.known.resize(members, Known::default());
        for (order, list) in (0..).zip(&self.lists) {
            let (_, place) = unpacked(*list);
            let List { tag, field, .. } = lists.lists[place as usize];
            let helps = if field > INTEREST { helping.of(tag) * field } else { 0.0 };
            for member in lists.members(place) {
                self.known[*member as usize].add(order, helps);
            }
        }
        self.found.clear();
        for (member, known) in (0..).zip(&self.known) {
            if known.count > 0 && self.reason(known.best[0]).0 >= LEAST_SCORE {
                self.found.push(packed(self.score(known), member));
            }
        }
        self.found.sort_unstable();
        // far behind the best it is chance
        let best = self.found.first().map_or(0.0, |found| unpacked(*found).0);
        let shown = self.found.partition_point(|found| unpacked(*found).0 >= WORTH_SHOWING * best);
        self.found[..shown].iter().map(|found| self.hit(lists, *found, best)).collect()
    }

    fn hit(&self, lists: &Lists, found: u64, best: f32) -> Hit {
        let (score, member) = unpacked(found);
        let known = &self.known[member as usize];
        let (first, _) = self.reason(known.best[0]);
        let helps = known.helping > 0.0 && known.helping >= HELPING * first && score >= WORTH_PROMISING * best;
        let mut tags = [NO_TAG; MOST_REASONS];
        for (tag, order) in tags.iter_mut().zip(known.best()) {
            let (score, list) = self.reason(*order);
            if score < WORTH_TELLING * first {
                break;
            }
            *tag = lists.lists[list as usize].tag;
        }
        let group = if helps { Group::CanHelp } else { Group::Neighbouring };
        Hit { profile: member as usize, score, group, tags }
    }

    /// Score and list of what stands at a place in the order.
    fn reason(&self, order: u32) -> (f32, u32) {
        unpacked(self.lists[order as usize])
    }

    fn score(&self, known: &Known) -> f32 {
        known.best().iter().rev().fold(0.0, |sum, order| self.reason(*order).0 + FURTHER * sum)
    }
}

impl Known {
    fn best(&self) -> &[u32] {
        &self.best[..self.count as usize]
    }

    /// A list that says less than all before it.
    fn add(&mut self, order: u32, helping: f32) {
        self.helping = self.helping.max(helping);
        if let Some(free) = self.best.get_mut(self.count as usize) {
            *free = order;
            self.count += 1;
        }
    }
}

/// Score and place in one number, in whose order the best come first: scores are above 0, and their bits rise with them.
fn packed(score: f32, place: u32) -> u64 {
    u64::from(!score.to_bits()) << 32 | u64::from(place)
}

fn unpacked(packed: u64) -> (f32, u32) {
    #[allow(clippy::cast_possible_truncation)] // the halves of it
    let halves = ((packed >> 32) as u32, packed as u32);
    (f32::from_bits(!halves.0), halves.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::index::{LANGUAGE, SKILL, TITLE};

    /// The same, plainly: every reason of everybody, sorted in full.
    fn plain(tags: &[Tag], members: u32, scores: &[[f32; 2]]) -> Vec<Hit> {
        let most = scores.iter().map(|[best, _]| *best).fold(0.0, f32::max);
        let mut found: Vec<(Hit, f32, f32)> = Vec::new();
        for member in 0..members {
            let mut reasons: Vec<(f32, u32)> = Vec::new();
            let mut helping = 0.0_f32;
            for ((place, tag), [best, helps]) in (0..).zip(tags).zip(scores) {
                for (_, field) in
                    tag.members.iter().filter(|(who, _)| *who == member && *best > 0.0 && *best >= WORTH_ADDING * most)
                {
                    reasons.push((best * field, place));
                    helping = helping.max(if *field > INTEREST { helps * field } else { 0.0 });
                }
            }
            reasons.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            reasons.truncate(MOST_REASONS);
            let Some((first, _)) = reasons.first().copied().filter(|(first, _)| *first >= LEAST_SCORE) else { continue };
            let score = reasons.iter().rev().fold(0.0, |sum, (score, _)| score + FURTHER * sum);
            let mut tags = [NO_TAG; MOST_REASONS];
            let told = reasons.iter().filter(|(score, _)| *score >= WORTH_TELLING * first);
            tags.iter_mut().zip(told).for_each(|(tag, (_, told))| *tag = *told);
            found.push((Hit { profile: member as usize, score, group: Group::Neighbouring, tags }, first, helping));
        }
        found.sort_by(|(a, ..), (b, ..)| b.score.total_cmp(&a.score));
        let best = found.first().map_or(0.0, |(hit, ..)| hit.score);
        found.retain(|(hit, ..)| hit.score >= WORTH_SHOWING * best);
        let group = |(mut hit, first, helping): (Hit, f32, f32)| {
            if helping > 0.0 && helping >= HELPING * first && hit.score >= WORTH_PROMISING * best {
                hit.group = Group::CanHelp;
            }
            hit
        };
        found.into_iter().map(group).collect()
    }

    #[test]
    fn whatever_speaks_for_whom_the_hits_are_those_of_a_plain_sort() {
        let mut seed = 1_u64;
        let mut below = |limit: u16| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            u16::try_from((seed >> 33) % u64::from(limit)).unwrap()
        };
        let mut scales = Scales::default();
        for _ in 0..2_000 {
            let members = 1 + below(30);
            let tags = 1 + below(40);
            let mut texts: Vec<Tag> = Vec::new();
            for _ in 0..tags {
                let mut wrote = |member: u16| {
                    let field = [SKILL, TITLE, LANGUAGE, INTEREST][usize::from(below(4))];
                    (below(3) == 0).then_some((u32::from(member), field))
                };
                texts.push(Tag { text: "".into(), weight: 0.0, members: (0..members).filter_map(&mut wrote).collect() });
            }
            // few different scores: many are the same
            let steps = 1 + below(9);
            let scores: Vec<[f32; 2]> = texts.iter().map(|_| [below(steps + 1), below(2)].map(f32::from)).collect();
            let scores: Vec<[f32; 2]> = scores.iter().map(|[score, helps]| [score / 10.0, helps * score / 10.0]).collect();
            let expected = plain(&texts, members.into(), &scores);
            let (mut best, mut helping) = (Sums::new(texts.len()), Sums::new(texts.len()));
            for (tag, [score, helps]) in (0..).zip(&scores) {
                best.at_least(tag, *score);
                helping.at_least(tag, *helps);
            }
            let lists = Lists::new(&mut texts);
            assert_eq!(scales.hits(&lists, members.into(), &mut best, &helping), expected);
        }
    }
}
