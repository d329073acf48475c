//! *Ma fiche* on a member's phone: the one-use links that a kiosk shows, and what they open. Pure: time comes in as the time since boot,
//! tokens are chance from the rim, and what is kept of them are digests.
//!
//! Both live in memory: a daemon that starts anew asks for the badge again.

use crate::web::access::digest;
use std::collections::BTreeMap;
use std::time::Duration;
use voisins_shared::member::MemberId;

/// How long a link on the screen works.
pub const LINK_LASTS: Duration = Duration::from_secs(15 * 60);
/// A page that nobody used for so long is closed.
pub const IDLE: Duration = Duration::from_secs(15 * 60);
/// It is closed after so long in any case.
pub const LONGEST: Duration = Duration::from_secs(60 * 60);

/// The links that were shown and not used yet: one a member.
#[derive(Debug, Default)]
pub struct Links {
    held: BTreeMap<MemberId, ([u8; 32], Duration)>,
}

impl Links {
    /// A new link for a member; the one before is void.
    pub fn give(&mut self, member: MemberId, link: &str, now: Duration) {
        self.held.retain(|_, (_, until)| *until > now);
        self.held.insert(member, (digest(link), now + LINK_LASTS));
    }

    /// Uses a link up: whose it was.
    pub fn take(&mut self, link: &str, now: Duration) -> Option<MemberId> {
        let digest = digest(link);
        let member = self.held.iter().find(|(_, (held, until))| *held == digest && *until > now).map(|(member, _)| *member)?;
        self.held.remove(&member);
        Some(member)
    }
}

/// A phone that has *Ma fiche* open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Whose.
    pub member: MemberId,
    /// Stands in every form (CSRF).
    pub form: String,
    began: Duration,
    used: Duration,
}

impl Opened {
    /// How long it stays open from now on, if nobody does anything.
    #[must_use]
    pub fn left(&self, now: Duration) -> Duration {
        (self.used + IDLE).min(self.began + LONGEST).saturating_sub(now)
    }
}

/// The pages that are open: one a member.
#[derive(Debug, Default)]
pub struct Pages {
    held: BTreeMap<[u8; 32], Opened>,
}

impl Pages {
    /// Opens a member's page; one that was open on another phone is closed.
    pub fn open(&mut self, member: MemberId, token: &str, form: &str, now: Duration) {
        self.held.retain(|_, opened| opened.member != member && !opened.left(now).is_zero());
        self.held.insert(digest(token), Opened { member, form: form.to_owned(), began: now, used: now });
    }

    /// The page of a cookie's token; using it keeps it open.
    pub fn get(&mut self, token: &str, now: Duration) -> Option<Opened> {
        let opened = self.held.get_mut(&digest(token)).filter(|opened| !opened.left(now).is_zero())?;
        opened.used = now;
        Some(opened.clone())
    }

    /// Closes one.
    pub fn close(&mut self, token: &str) {
        self.held.remove(&digest(token));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(minutes: u64) -> Duration {
        Duration::from_secs(minutes * 60)
    }

    const ANNE: MemberId = MemberId(Uuid::from_u128(1));
    const ZOE: MemberId = MemberId(Uuid::from_u128(2));

    #[test]
    fn a_link_works_once_for_a_quarter_of_an_hour_and_the_next_one_voids_it() {
        let mut links = Links::default();
        assert_eq!(links.take("one", at(0)), None, "nobody gave it");
        links.give(ANNE, "one", at(0));
        links.give(ZOE, "two", at(1));
        assert_eq!((links.take("one", at(14)), links.take("one", at(14))), (Some(ANNE), None));
        assert_eq!(links.take("two", at(16)), None, "too late");
        links.give(ANNE, "three", at(20));
        links.give(ANNE, "four", at(21));
        assert_eq!((links.take("three", at(22)), links.take("four", at(22))), (None, Some(ANNE)));
        links.give(ANNE, "five", at(30));
        let kept = format!("{links:?}");
        assert!(!kept.contains("five"), "{kept}");
    }

    #[test]
    fn a_page_is_closed_unused_after_a_quarter_of_an_hour_and_after_an_hour_in_any_case() {
        let mut pages = Pages::default();
        pages.open(ANNE, "a", "form", at(0));
        assert_eq!(pages.get("a", at(14)).map(|opened| opened.left(at(14))), Some(IDLE));
        assert_eq!(pages.get("a", at(29)), None, "unused");
        pages.open(ANNE, "b", "form", at(30));
        assert!((30..90).step_by(10).all(|minute| pages.get("b", at(minute)).is_some()));
        assert_eq!(pages.get("b", at(90)), None, "an hour");
        assert_eq!(pages.get("", at(31)), None);
    }

    #[test]
    fn whoever_opens_theirs_on_another_phone_closes_the_first() {
        let mut pages = Pages::default();
        pages.open(ANNE, "a", "form", at(0));
        pages.open(ZOE, "z", "form", at(0));
        pages.open(ANNE, "b", "form", at(1));
        assert_eq!(["a", "z", "b"].map(|token| pages.get(token, at(2)).map(|opened| opened.member)), [None, Some(ZOE), Some(ANNE)]);
        pages.close("b");
        assert_eq!(pages.get("b", at(2)), None);
    }
}
