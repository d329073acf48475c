//! What the house knows for whoever brings people together: shared interests, candidates of a need, the manager's network.

use super::{CommandError, House};
use crate::clock::Now;
use crate::community::introductions::Party;
use crate::community::{Around, Need};
use crate::contacts::{About, Contact, ContactId, contact};
use crate::neighbours::{Able, Candidate, Here, Shared, candidates};
use jiff::civil::Date;
use voisins_shared::member::MemberId;
use voisins_shared::need::NeedId;
use voisins_shared::visit::Availability;

impl House {
    /// With whom who has just come in shares an interest.
    #[must_use]
    pub fn shared_interest(&self, member: MemberId, now: &Now) -> Option<Shared> {
        let Self { presence, directory, community, .. } = self;
        self.neighbours.shared_interest(member, &Here { presence, directory, community, now })
    }

    /// Who is around somebody for whom something may wait.
    #[must_use]
    pub fn around<'a>(&'a self, now: &'a Now) -> Around<'a> {
        Around { presence: &self.presence, directory: &self.directory, now }
    }

    /// Who could help with a need, for the manager's eyes; none if it isn't open.
    #[must_use]
    pub fn candidates(&self, need: NeedId, now: &Now) -> Option<Vec<Candidate>> {
        let Self { presence, directory, community, .. } = self;
        let here = Here { presence, directory, community, now };
        let need = community.need(need)?;
        Some(candidates(need, &here, &self.usual_days, &self.contacts, self.neighbours.shared_concepts()))
    }

    /// The latest need for which somebody is here now whom the coordination may propose, the best first: at most two.
    #[must_use]
    pub fn to_introduce(&self, now: &Now) -> Option<(&Need, Vec<&Able>)> {
        let Self { presence, directory, community, .. } = self;
        let fresh = |member| presence.visit_of(member).filter(|visit| presence.policy().is_fresh(&visit.last_seen, now));
        let free = |member| fresh(member).is_some_and(|visit| visit.availability != Availability::DoNotDisturb);
        community.needs().into_iter().find_map(|need| {
            let author = need.author.filter(|author| directory.is_neighbour(*author))?;
            let may = |able: &&Able| {
                let (introduced, open) = community.introductions().standing(author, Party::Member(able.helper));
                let declined = community.introductions().declined(author, Party::Member(able.helper));
                let meets = community.apart().may_meet(author, able.helper, now) && directory.is_neighbour(able.helper);
                free(able.helper) && meets && !introduced && !open && !declined
            };
            let able: Vec<&Able> = self.neighbours.able(need.id).iter().filter(may).take(2).collect();
            (!able.is_empty()).then_some((need, able))
        })
    }

    /// The manager's network.
    #[must_use]
    pub fn contacts(&self) -> &[Contact] {
        &self.contacts
    }

    /// Somebody of the manager's network.
    #[must_use]
    pub fn contact(&self, id: ContactId) -> Option<&Contact> {
        self.contacts.iter().find(|contact| contact.id == id)
    }

    /// Keeps somebody of the manager's network, who agreed to it.
    ///
    /// # Errors
    /// [`CommandError`]: nothing was written.
    pub fn add_contact(&mut self, about: &About, agreed_on: Option<Date>, now: &Now) -> Result<ContactId, CommandError> {
        let kept = contact(about, agreed_on, self.today(now));
        let (about, agreed_on) = kept.map_err(|error| CommandError::Impossible(error.to_string()))?;
        let id = self.store.add_contact(&about, agreed_on)?;
        self.contacts.push(Contact { id, about, agreed_on });
        Ok(id)
    }

    /// Forgets somebody of the manager's network.
    ///
    /// # Errors
    /// [`CommandError`] if there is nobody of this number, or somebody may still be introduced to them.
    pub fn remove_contact(&mut self, id: ContactId) -> Result<(), CommandError> {
        if let Some(open) = self.community.introductions().open_with(id) {
            let what = format!("{id} is part of an open introduction: `presence-daemon introduction close {open}` first");
            return Err(CommandError::Impossible(what));
        }
        if !self.store.remove_contact(id)? {
            return Err(CommandError::Impossible(format!("no contact {id}: `presence-daemon contact list` shows them")));
        }
        self.contacts.retain(|contact| contact.id != id);
        Ok(())
    }
}
