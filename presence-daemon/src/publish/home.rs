//! What other systems of the house may know: numbers, and those who agreed to be known outside it.

use super::View;
use crate::discovery;
use std::borrow::Cow;
use voisins_shared::member::MemberId;
use voisins_shared::payload::{self, AtHome, V, encode};
use voisins_shared::topic::Topic;

impl View<'_> {
    /// The retained topics of this kind that have a document now.
    pub(super) fn home_topics(&self) -> impl Iterator<Item = Topic> + '_ {
        let config = &self.config.home_assistant;
        let members = self.at_home().flat_map(move |member| {
            [Some(Topic::AtHome(member)), config.discovery.then_some(Topic::MemberDiscovery(member))].into_iter().flatten()
        });
        [Topic::NeedsCount, Topic::Evacuation].into_iter().chain(config.discovery.then_some(Topic::Discovery)).chain(members)
    }

    /// Those who agreed, if the house publishes them at all.
    pub fn at_home(&self) -> impl Iterator<Item = MemberId> + '_ {
        self.directory.home_names().filter(|_| self.config.home_assistant.members)
    }

    /// Renders one; empty clears it: who withdraws, leaves or is erased is gone from the broker at once.
    pub(super) fn render_home(&self, topic: &Topic, rev: u64) -> Option<Vec<u8>> {
        Some(match topic {
            Topic::NeedsCount => {
                let open = self.needs(rev).needs.len();
                let open = u32::try_from(open).unwrap_or(u32::MAX);
                encode(&payload::OpenNeeds { v: V, session: self.session, rev, open })
            }
            Topic::Evacuation => {
                let active = self.presence.evacuation();
                let since = active.and_then(|since| since.wall);
                encode(&payload::Evacuation { v: V, session: self.session, rev, active: active.is_some(), since })
            }
            Topic::Discovery if self.config.home_assistant.discovery => discovery::site(self.config),
            Topic::AtHome(member) => self.home_name(*member).map_or_else(Vec::new, |name| {
                let present = self.presence.visit_of(*member).is_some_and(|visit| self.is_fresh(visit));
                encode(&AtHome { v: V, member: *member, name: name.to_owned(), present })
            }),
            Topic::MemberDiscovery(member) if self.config.home_assistant.discovery => {
                self.home_name(*member).map_or_else(Vec::new, |name| discovery::member(self.config, *member, name))
            }
            Topic::Discovery | Topic::MemberDiscovery(_) => Vec::new(),
            _ => return None,
        })
    }

    fn home_name(&self, member: MemberId) -> Option<&str> {
        self.directory.home_name(member).filter(|_| self.config.home_assistant.members)
    }
}

/// The documents of this kind that may change when these do. `told`: whose were published before.
#[must_use]
pub fn following(topics: &[Topic], view: &View<'_>, told: impl Iterator<Item = MemberId>) -> Vec<Topic> {
    let mut following = Vec::new();
    if topics.contains(&Topic::Needs) {
        following.push(Topic::NeedsCount);
    }
    let (who, comes) = (topics.contains(&Topic::Directory), topics.contains(&Topic::Presence));
    if view.config.home_assistant.members && (who || comes) {
        let told: Cow<'_, [MemberId]> = if who { told.collect::<Vec<_>>().into() } else { [].as_slice().into() };
        let mut members: Vec<MemberId> = view.at_home().chain(told.iter().copied()).collect();
        members.sort_unstable();
        members.dedup();
        following.extend(members.iter().map(|member| Topic::AtHome(*member)));
        if who {
            following.extend(members.into_iter().map(Topic::MemberDiscovery));
        }
    }
    following
}
