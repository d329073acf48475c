//! What people look for, and the measures, as others may read them.

use super::View;
use crate::community::{introductions, moderation, needs, notes};
use crate::presence::{PresenceEvent, What};
use voisins_shared::need::Audience;
use voisins_shared::payload::{self, LobbyNeed, PublishedNeed, Reported, V};
use voisins_shared::topic::Topic;

/// The documents about needs, and about what was found out of place, that events make out of date. One for the manager only isn't even noticed there.
pub(super) fn dirty(events: &[PresenceEvent]) -> Vec<Topic> {
    let shows = |event: &PresenceEvent| match &event.what {
        What::NeedPosted { audience, .. } | What::NeedClosed { audience, .. } => *audience != Audience::Coordination,
        What::Need(needs::Change::Edited { was, audience, .. }) => {
            [was, audience].into_iter().any(|audience| *audience != Audience::Coordination)
        }
        What::Need(needs::Change::PassesOffered { .. }) => true,
        What::Moderation(change) => matches!(
            change,
            moderation::Change::Hidden { what: Reported::Need { .. } }
                | moderation::Change::Restored { what: Reported::Need { .. } }
                | moderation::Change::Held { .. }
                | moderation::Change::Approved { .. }
        ),
        _ => matches!(event.what, What::ClockKnown),
    };
    // needs for the manager only are not counted
    let counts = |event: &PresenceEvent| match &event.what {
        What::NeedPosted { audience, .. } | What::NeedClosed { audience, .. } => *audience != Audience::Coordination,
        What::Need(needs::Change::Edited { was, audience, .. }) => {
            (*was == Audience::Coordination) != (*audience == Audience::Coordination)
        }
        _ => matches!(
            event.what,
            What::HelpOffered { .. }
                | What::Note(notes::Happened::Left { need: Some(_), .. })
                | What::Introduction(introductions::Happened::Introduced { .. } | introductions::Happened::Led { .. })
                | What::ClockKnown
        ),
    };
    let mut dirty = Vec::new();
    if events.iter().any(shows) {
        dirty.extend([Topic::Needs, Topic::Lobby]);
    }
    if events.iter().any(counts) {
        dirty.push(Topic::Measures);
    }
    dirty
}

impl View<'_> {
    /// What is looked for, as its authors chose to show it. One for the manager only is in no document, nor is what they have yet to
    /// look at.
    pub(super) fn needs(&self, rev: u64) -> payload::Needs {
        let shown = self.community.needs().into_iter().filter(|need| self.community.is_public(need));
        let needs = shown.map(|need| PublishedNeed {
            id: need.id,
            text: need.draft.text.clone(),
            skills: need.draft.skills.clone(),
            author: need.author.filter(|author| need.audience == Audience::Named && self.directory.is_neighbour(*author)),
            space: need.author.is_none(),
            passes: need.passes,
            posted: need.posted.wall.map(|at| match need.audience {
                Audience::Named => at,
                // to the day: who was at the kiosk in that minute is nobody's business
                _ => self.presence.policy().day_start(at),
            }),
        });
        payload::Needs { v: V, session: self.session, rev, needs: needs.collect() }
    }

    /// What of it the lobby shows: the space's own, and what was put up with a name by who is shown there.
    pub(super) fn lobby_needs(&self) -> Vec<LobbyNeed> {
        let shown = self.community.needs().into_iter().filter(|need| self.community.is_public(need));
        let in_lobby = shown.filter_map(|need| {
            let name = match need.author {
                None => None,
                Some(author) if need.audience == Audience::Named && self.directory.is_neighbour(author) => {
                    Some(self.directory.lobby_name(author)?.to_owned())
                }
                Some(_) => return None,
            };
            Some(LobbyNeed { name, text: need.draft.text.clone() })
        });
        in_lobby.collect()
    }
}
