//! *À faire*: what "the coordination is told" means everywhere, made from the state of the house. Pure.
//!
//! An item is there as long as what it is about lasts: a reader that is down, a code that waits. What has no end of its own is settled by
//! hand ([`Mark`]), and comes back only if it happens again.

#[cfg(test)]
mod tests;

use crate::clock::Now;
use crate::community::introductions::Party;
use crate::community::{Community, Need};
use crate::directory::Directory;
use crate::presence::{Barred, Presence, Vouch};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use voisins_shared::member::MemberId;
use voisins_shared::name::ReaderName;
use voisins_shared::need::{Audience, NeedId};
use voisins_shared::payload::Reported;

/// A need that nobody answered for so long is told.
const UNANSWERED_AFTER: Duration = Duration::from_secs(3 * 24 * 3600);
/// An introduction that ended is told for so long after it was proposed.
const ENDED_TOLD: Duration = Duration::from_secs(30 * 24 * 3600);

/// What sort of thing it is, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Arrivals may be missed.
    ReaderDown,
    /// Somebody's card waits to be named.
    UnknownBadge,
    /// A lost, retired or suspended badge was held to a reader.
    BarredBadge,
    /// A need or an event that somebody finds out of place.
    TextReported,
    /// The same of a note.
    NoteReported,
    /// What a member put up waits to be shown.
    Approval,
    /// *Je connais quelqu'un*, for the coordination.
    Referral,
    /// Somebody can help who gave no name: the answer goes through the coordination.
    Answer,
    /// Somebody can help the space itself.
    AnswerToSpace,
    /// Nobody has answered for three days.
    Unanswered,
    /// A member came without a badge, and another vouched.
    Declared,
    /// A guest is said to be a member.
    SaidMember,
    /// More visits than passes.
    Overuse,
    /// Nobody said yes in five days.
    IntroductionEnded,
}

impl Sort {
    /// All, the most urgent first.
    pub const ALL: [Self; 14] = [
        Self::ReaderDown,
        Self::UnknownBadge,
        Self::BarredBadge,
        Self::TextReported,
        Self::NoteReported,
        Self::Approval,
        Self::Referral,
        Self::Answer,
        Self::AnswerToSpace,
        Self::Unanswered,
        Self::Declared,
        Self::SaidMember,
        Self::Overuse,
        Self::IntroductionEnded,
    ];

    /// The word for programs: of a count, or in the key of a text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReaderDown => "reader-down",
            Self::UnknownBadge => "unknown-badge",
            Self::BarredBadge => "barred-badge",
            Self::TextReported => "text-reported",
            Self::NoteReported => "note-reported",
            Self::Approval => "approval",
            Self::Referral => "referral",
            Self::Answer => "answer",
            Self::AnswerToSpace => "answer-to-space",
            Self::Unanswered => "unanswered",
            Self::Declared => "declared",
            Self::SaidMember => "said-member",
            Self::Overuse => "overuse",
            Self::IntroductionEnded => "introduction-ended",
        }
    }

    /// Whether it stands before what can wait until later today.
    #[must_use]
    pub fn is_urgent(self) -> bool {
        self <= Self::Approval
    }
}

/// What stands in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Value {
    Text(String),
    Number(i64),
}

/// Where one goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Leads {
    Badges,
    Readers,
    Moderation,
    Need(NeedId),
    /// A member's passes, by their number.
    Passes(String),
    Introductions,
    Visits,
}

/// What was settled: of what, and how it was then. The same again is not told; another one is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Mark {
    pub of: String,
    pub stamp: String,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    #[allow(missing_docs)]
    pub sort: Sort,
    /// As far as is known.
    pub since: Option<Timestamp>,
    /// What its sentence names.
    pub values: Vec<(String, Value)>,
    #[allow(missing_docs)]
    pub leads: Leads,
    /// What says that the coordination has seen it; none where it ends by itself.
    pub settles: Option<Mark>,
}

/// A card that was held to a reader though it is barred.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct BarredTap {
    pub badge: i64,
    pub member: Option<MemberId>,
    pub reason: Barred,
    /// The last time.
    pub seq: i64,
    pub at: Option<Timestamp>,
}

/// For whom a member vouched.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct VouchedFor {
    pub id: i64,
    pub at: Option<Timestamp>,
    pub by: MemberId,
    pub vouch: Vouch,
    pub member: Option<MemberId>,
    /// Of a guest, until it is erased.
    pub name: Option<String>,
}

/// What only the database knows.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// Open needs that never had an answer.
    pub unanswered: BTreeSet<NeedId>,
    /// When each text was reported last.
    pub reported: BTreeMap<Reported, Timestamp>,
    /// Of the last days.
    pub barred: Vec<BarredTap>,
    /// Of the last days.
    pub vouched: Vec<VouchedFor>,
    /// Stamps by what they are of.
    pub settled: BTreeMap<String, String>,
}

/// All that the inbox is made from.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct House<'a> {
    pub presence: &'a Presence,
    pub directory: &'a Directory,
    pub community: &'a Community,
    /// Readers that are down, and since when.
    pub down: &'a [(ReaderName, Option<Timestamp>)],
    pub kept: &'a Kept,
    pub now: &'a Now,
}

/// What there is to do: the urgent first, and in each the latest first.
#[must_use]
pub fn items(house: &House<'_>) -> Vec<Item> {
    let mut items = vec![];
    house.at_the_door(&mut items);
    house.out_of_place(&mut items);
    house.between_neighbours(&mut items);
    house.accounts(&mut items);
    let settled = |mark: &Mark| house.kept.settled.get(&mark.of) == Some(&mark.stamp);
    items.retain(|item| !item.settles.as_ref().is_some_and(settled));
    items.sort_by_key(|item| (!item.sort.is_urgent(), Reverse((item.since.is_none(), item.since)), item.sort));
    items
}

/// How many there are of each sort: for a digest and for counts, by nobody's name.
#[must_use]
pub fn counts(items: &[Item]) -> BTreeMap<Sort, usize> {
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(item.sort).or_default() += 1;
    }
    counts
}

fn text(name: &str, value: impl Into<String>) -> (String, Value) {
    (name.to_owned(), Value::Text(value.into()))
}

fn mark(of: String, stamp: impl ToString) -> Option<Mark> {
    Some(Mark { of, stamp: stamp.to_string() })
}

impl House<'_> {
    fn name(&self, member: MemberId) -> String {
        self.directory.member(member).map_or_else(|| "?".to_owned(), |member| member.name.clone())
    }

    fn at_the_door(&self, items: &mut Vec<Item>) {
        let down = self.down.iter().map(|(reader, since)| Item {
            sort: Sort::ReaderDown,
            since: *since,
            values: vec![text("reader", reader.as_str())],
            leads: Leads::Readers,
            settles: None,
        });
        let waits = self.presence.pairings().filter(|pairing| pairing.enrol_for.is_none());
        let unknown = waits.map(|pairing| Item {
            sort: Sort::UnknownBadge,
            since: pairing.issued.wall,
            values: vec![text("code", pairing.code.to_string())],
            leads: Leads::Badges,
            settles: None,
        });
        let barred = self.kept.barred.iter().map(|tap| {
            let who = tap.member.map_or_else(|| "?".to_owned(), |member| self.name(member));
            Item {
                sort: Sort::BarredBadge,
                since: tap.at,
                values: vec![text("who", who), text("state", tap.reason.as_str())],
                leads: Leads::Badges,
                settles: mark(format!("barred:{}", tap.badge), tap.seq),
            }
        });
        let vouched = self.kept.vouched.iter().filter_map(|vouched| {
            let sort = match vouched.vouch {
                Vouch::Member => Sort::Declared,
                vouch if vouch.is_of_said_member() => Sort::SaidMember,
                _ => return None,
            };
            let member = vouched.member.map(|member| self.name(member));
            let who = member.or_else(|| vouched.name.clone()).unwrap_or_else(|| "?".to_owned());
            Some(Item {
                sort,
                since: vouched.at,
                values: vec![text("who", who), text("by", self.name(vouched.by))],
                leads: Leads::Visits,
                settles: mark(format!("vouch:{}", vouched.id), vouched.at.map_or(1, |at| at.as_second())),
            })
        });
        items.extend(down.chain(unknown).chain(barred).chain(vouched));
    }

    fn out_of_place(&self, items: &mut Vec<Item>) {
        let (community, desk) = (self.community, self.community.moderation());
        let item = |sort, since, values, settles| Item { sort, since, values, leads: Leads::Moderation, settles };
        for what in desk.desk() {
            let (id, words) = match what {
                Reported::Need { need } => (need.0, community.need(need).map(|need| need.draft.text.clone())),
                Reported::Event { event } => (event.0, community.agenda().event(event).map(|event| event.words.title.clone())),
            };
            let values = vec![text("words", words.unwrap_or_default())];
            let (reports, hidden) = (desk.reports(what), desk.is_hidden(what));
            match what {
                Reported::Event { event } if community.awaits_approval(event) => {
                    items.push(item(Sort::Approval, None, values, None));
                }
                // taken off by hand: the coordination knows
                _ if reports == 0 => {}
                _ => {
                    let settles = mark(format!("text:{id}"), format!("{reports}{}", if hidden { " hidden" } else { "" }));
                    items.push(item(Sort::TextReported, self.kept.reported.get(&what).copied(), values, settles));
                }
            }
        }
        for need in desk.held().filter_map(|need| community.need(need)) {
            items.push(item(Sort::Approval, need.posted.wall, vec![text("words", &*need.draft.text)], None));
        }
        for note in community.notes().to_settle() {
            let sort = if note.reported { Sort::NoteReported } else { Sort::Referral };
            items.push(item(sort, note.left.wall, vec![text("who", self.name(note.author))], None));
        }
    }

    fn between_neighbours(&self, items: &mut Vec<Item>) {
        for need in self.community.needs().into_iter().filter(|need| !self.community.is_withheld(need.id)) {
            self.of_need(need, items);
        }
        let lately = |at: &Now| self.now.since(at).is_some_and(|gone| gone < ENDED_TOLD);
        let ended = self.community.introductions().list().into_iter();
        let ended = ended.filter(|found| found.ended && found.introduced.is_none() && !found.closed && lately(&found.proposed));
        items.extend(ended.map(|found| {
            let other = match found.helper {
                Party::Member(member) => self.name(member),
                Party::Contact(contact) => contact.to_string(),
            };
            Item {
                sort: Sort::IntroductionEnded,
                since: found.proposed.wall,
                values: vec![text("who", self.name(found.asker)), text("other", other)],
                leads: Leads::Introductions,
                settles: mark(format!("introduction:{}", found.id), 1),
            }
        }));
    }

    fn of_need(&self, need: &Need, items: &mut Vec<Item>) {
        let item = |sort, values, settles| Item { sort, since: need.posted.wall, values, leads: Leads::Need(need.id), settles };
        let words = || text("words", &*need.draft.text);
        let introductions = self.community.introductions();
        let waited = self.now.since(&need.posted).is_some_and(|gone| gone >= UNANSWERED_AFTER);
        if waited && need.helpers.is_empty() && self.kept.unanswered.contains(&need.id) && !introductions.is_open_about(need.id) {
            items.push(item(Sort::Unanswered, vec![words()], None));
        }
        // with a name, the author hears of it themselves
        if need.author.is_some() && need.audience == Audience::Named {
            return;
        }
        for helper in need.helpers.keys() {
            let dealt_with = need.author.is_some_and(|author| {
                let (introduced, open) = introductions.standing(author, Party::Member(*helper));
                introduced || open || introductions.declined(author, Party::Member(*helper))
            });
            if !dealt_with {
                let sort = if need.author.is_some() { Sort::Answer } else { Sort::AnswerToSpace };
                let settles = mark(format!("answer:{}:{helper}", need.id), 1);
                items.push(item(sort, vec![text("who", self.name(*helper)), words()], settles));
            }
        }
    }

    fn accounts(&self, items: &mut Vec<Item>) {
        let overused = self.community.ledger().accounts().filter(|(_, account)| account.balance() < 0);
        items.extend(overused.filter_map(|(member, account)| {
            let member = self.directory.member(member)?;
            Some(Item {
                sort: Sort::Overuse,
                since: None,
                values: vec![text("who", &*member.name), ("passes".to_owned(), Value::Number(-account.balance()))],
                leads: Leads::Passes(member.number.to_string()),
                // as many again on another day is another over-use
                settles: mark(
                    format!("overuse:{}", member.id),
                    format!("{} {}", account.balance(), account.last_drawn().map(|day| day.to_string()).unwrap_or_default()),
                ),
            })
        }));
    }
}
