//! Introductions, notes and shared interests as they wait under *Pour vous*.

use super::Pipeline;
use super::for_you::Waiting;
use crate::clock::Now;
use crate::community::interests::InterestTold;
use crate::community::introductions::{Introduction, News, Party};
use crate::community::notes::{self, Note};
use crate::presence::What;
use voisins_shared::member::MemberId;
use voisins_shared::need::{Audience, NeedId};
use voisins_shared::payload::{ForYou, ProposedBy};

impl Pipeline {
    /// Questions and news of introductions.
    pub(super) fn introductions_of(&self, member: MemberId, now: &Now) -> impl Iterator<Item = Waiting> {
        let (community, around) = (self.house.community(), self.house.around(now));
        let waiting = community.introductions().waiting(member, community, &around);
        waiting
            .into_iter()
            .map(move |(found, news)| Waiting { item: self.introduction(found, news, member), told: news.told(found.id, member) })
    }

    fn introduction(&self, found: &Introduction, news: News, member: MemberId) -> ForYou {
        let side = found.side(member);
        let introduction = found.id;
        let other = found.other(side).and_then(|other| self.house.directory().neighbour(other));
        let about = found.need.and_then(|need| self.about(need, member));
        match news {
            News::Proposed => {
                let by = if found.asker == member { ProposedBy::Coordination } else { found.by };
                ForYou::Proposed { introduction, other, by, about }
            }
            News::Introduced => {
                let contact = match found.helper {
                    Party::Contact(contact) => self.house.contact(contact).map(|contact| contact.about.name.clone()),
                    Party::Member(_) => None,
                };
                ForYou::Introduced { introduction, other, contact, about }
            }
            News::NotIntroduced => ForYou::NotIntroduced { introduction, other },
            News::LedSomewhere { can_thank } => ForYou::LedSomewhere { introduction, other, can_thank },
            News::Thanked => ForYou::Thanked { by: other },
        }
    }

    /// A need's words as somebody may read them beside a name: their own, or of an author who shows theirs.
    fn about(&self, need: NeedId, reader: MemberId) -> Option<String> {
        let need = self.house.community().need(need)?;
        let named = need.audience == Audience::Named && self.house.community().is_public(need);
        let may = need.author == Some(reader) || named;
        may.then(|| need.draft.text.clone())
    }

    /// Notes that they haven't opened.
    pub(super) fn notes_of(&self, member: MemberId, now: &Now) -> impl Iterator<Item = Waiting> {
        let waiting = self.house.community().notes().waiting(member, &self.house.around(now));
        waiting.into_iter().map(move |Note { id, author, text, need, .. }| Waiting {
            item: ForYou::Note {
                note: *id,
                from: self.house.directory().neighbour(*author),
                text: text.clone(),
                about: need.and_then(|need| self.about(need, member)),
            },
            told: What::Note(notes::Happened::Opened { note: *id, by: member }),
        })
    }

    /// An interest that they share with somebody here, if they have just come in.
    pub(super) fn interest_of(&self, member: MemberId, now: &Now) -> Option<Waiting> {
        let shared = self.house.shared_interest(member, now)?;
        let neighbour = self.house.directory().neighbour(shared.neighbour)?;
        let told = What::Interest(InterestTold { to: member, neighbour: shared.neighbour });
        Some(Waiting { item: ForYou::Interest { neighbour, interest: shared.interest }, told })
    }
}
