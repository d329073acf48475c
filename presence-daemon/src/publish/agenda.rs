//! What happens in the house, for the kiosks and the lobby screen.

use super::View;
use crate::community::agenda::Event;
use voisins_shared::member::MemberId;
use voisins_shared::payload::{Agenda, LobbyEvent, PublishedEvent, V};

impl View<'_> {
    /// Who goes is told as a number; by name only those who show theirs.
    pub(super) fn agenda(&self, rev: u64) -> Agenda {
        let agenda = self.community.agenda();
        let named = |member: &MemberId| self.directory.is_neighbour(*member);
        let published = |event: Event| {
            let going = agenda.going_to(event.id);
            PublishedEvent {
                id: event.id,
                kind: event.kind,
                title: event.words.title,
                place: event.words.place,
                starts: event.starts,
                ends: event.ends,
                all_day: event.all_day,
                going: count(going.len()),
                shown: going.iter().copied().filter(named).collect(),
                firm_at: event.proposed.filter(|_| !event.firm).map(|proposed| proposed.firm_at),
                author: event.proposed.map(|proposed| proposed.author).filter(named),
            }
        };
        let events = agenda.coming(self.presence.policy(), &self.now).into_iter().map(published).collect();
        Agenda { v: V, session: self.session, rev, events }
    }

    /// Today's events and tonight's, for the screen that nobody touches: no name of anybody.
    pub(super) fn lobby_events(&self) -> Vec<LobbyEvent> {
        let (agenda, policy) = (self.community.agenda(), self.presence.policy());
        let Some(wall) = self.now.wall else { return vec![] };
        let today = policy.day_of(wall);
        // tonight is today; what takes all of tomorrow begins before tonight is over
        let of_today = |event: &Event| event.all_day.is_none_or(|day| day <= today);
        let shown = |event: Event| LobbyEvent {
            title: event.words.title,
            place: event.words.place,
            starts: event.starts,
            all_day: event.all_day.is_some(),
            going: count(agenda.going_to(event.id).len()),
        };
        agenda.coming_until(policy.day_end(today), policy, &self.now).into_iter().filter(of_today).map(shown).collect()
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
