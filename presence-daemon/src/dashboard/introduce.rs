//! *À présenter*: a need on the board, and who is here and could help. Only what is published is known here.

use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;
use voisins_shared::language::Language;
use voisins_shared::matching::{Concepts, Group, Index, Nearness, Profile};
use voisins_shared::member::MemberId;
use voisins_shared::name::SiteName;
use voisins_shared::need::NeedId;
use voisins_shared::payload::{DirectoryMember, PresentMember, PublishedNeed};
use voisins_shared::roster::Roster;
use voisins_shared::visit::Availability;

/// Indexes are kept of so many sites: those that are looked at.
const KEPT: usize = 8;
/// So many needs are looked at, the latest first.
const NEEDS: usize = 20;
/// So many who could help are named.
const HELPERS: usize = 2;

/// Somebody here who could help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Helper {
    pub name: String,
    /// Their own words that fit.
    pub why: String,
}

/// Who could be introduced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introduce {
    pub need: NeedId,
    /// Who looks for it, if they are named.
    pub asker: Option<String>,
    pub text: String,
    pub helpers: Vec<Helper>,
}

/// The directories that were learnt, by site.
#[derive(Debug, Default)]
pub struct Neighbours {
    learnt: BTreeMap<SiteName, ((Uuid, u64), Arc<Index>)>,
}

impl Neighbours {
    /// The latest need that somebody who is here could help with.
    pub fn introduce(&mut self, site: &SiteName, roster: &Roster, language: Language) -> Option<Introduce> {
        if roster.needs().is_empty() {
            return None;
        }
        let directory = roster.directory()?;
        let index = self.index(site, (directory.session, directory.rev), &directory.members);
        let here: BTreeMap<MemberId, &PresentMember> = roster.present().map(|(present, _)| (present.member, present)).collect();
        let nearness = |n: usize| match directory.members.get(n).and_then(|member| here.get(&member.id)) {
            Some(present) if !present.fresh => Nearness::Passed,
            Some(present) => match present.availability {
                Availability::Open => Nearness::Open,
                Availability::Here => Nearness::Here,
                Availability::DoNotDisturb => Nearness::DoNotDisturb,
            },
            None => Nearness::Away,
        };
        roster.needs().iter().take(NEEDS).find_map(|need| {
            let found = index.search(&words(need));
            let [can_help, _] = found.ranked(nearness);
            let asks = |member: &DirectoryMember| need.author == Some(member.id);
            let near = can_help.into_iter().filter(|hit| hit.group == Group::CanHelp && nearness(hit.profile) <= Nearness::Here);
            let helpers: Vec<Helper> = near
                .filter_map(|hit| Some((hit, directory.members.get(hit.profile).filter(|member| !asks(member))?)))
                .map(|(hit, member)| Helper {
                    name: member.name.clone(),
                    why: index.why(hit).first().map(|why| why.text(&Concepts::built_in(), language).to_owned()).unwrap_or_default(),
                })
                .take(HELPERS)
                .collect();
            let asker = need.author.and_then(|author| roster.member(author)).map(|member| member.name.clone());
            (!helpers.is_empty()).then(|| Introduce { need: need.id, asker, text: need.text.clone(), helpers })
        })
    }

    fn index(&mut self, site: &SiteName, stamp: (Uuid, u64), members: &[DirectoryMember]) -> Arc<Index> {
        if let Some((_, index)) = self.learnt.get(site).filter(|(known, _)| *known == stamp) {
            return index.clone();
        }
        if self.learnt.len() >= KEPT && !self.learnt.contains_key(site) {
            self.learnt.pop_first();
        }
        let profiles = members.iter().map(|member| Profile {
            title: member.title.as_deref(),
            skills: &member.skills,
            interests: &[],
            languages: &member.languages,
        });
        let index = Arc::new(Index::new(Concepts::built_in(), profiles));
        self.learnt.insert(site.clone(), (stamp, index.clone()));
        index
    }
}

/// What a need is searched by: the skills named with it say it best.
fn words(need: &PublishedNeed) -> String {
    if need.skills.is_empty() { need.text.clone() } else { need.skills.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use voisins_shared::payload::{Count, Directory, Needs, Presence, V, encode};
    use voisins_shared::topic::Topic;

    fn id(n: u128) -> MemberId {
        MemberId(Uuid::from_u128(n))
    }

    fn roster(here: &[(u128, Availability)]) -> Roster {
        let mut roster = Roster::default();
        let member = |n: u128, name: &str, skill: &str| -> DirectoryMember {
            serde_json::from_value(serde_json::json!({"id": id(n), "name": name, "skills": [skill]})).unwrap()
        };
        let members = vec![member(1, "Anne", "Comptabilité"), member(2, "Marc", "Menuiserie"), member(3, "Zoé", "Comptabilité")];
        let directory = Directory { v: V, session: Uuid::nil(), rev: 1, members };
        roster.apply(&Topic::Directory, &encode(&directory)).unwrap();
        let need = PublishedNeed {
            id: NeedId(Uuid::from_u128(9)),
            text: "Une comptable pour mes impôts".into(),
            skills: vec![],
            author: Some(id(3)),
            space: false,
            passes: None,
            posted: None,
        };
        roster.apply(&Topic::Needs, &encode(&Needs { v: V, session: Uuid::nil(), rev: 1, needs: vec![need] })).unwrap();
        let present = here.iter().map(|(n, availability)| PresentMember {
            member: id(*n),
            fresh: true,
            availability: *availability,
            since: None,
        });
        let presence = Presence {
            v: V,
            session: Uuid::nil(),
            rev: 1,
            present: present.collect(),
            hidden: Count::default(),
            guests: Count::default(),
            today: 0,
        };
        roster.apply(&Topic::Presence, &encode(&presence)).unwrap();
        roster
    }

    #[test]
    fn who_is_here_and_could_help_is_named_but_not_who_asks_nor_who_is_not_to_be_disturbed() {
        let site = SiteName::new("a").unwrap();
        let introduce = |here: &[_]| Neighbours::default().introduce(&site, &roster(here), Language::Fr);
        let found = introduce(&[(1, Availability::Here), (2, Availability::Here), (3, Availability::Here)]).unwrap();
        assert_eq!(found.asker.as_deref(), Some("Zoé"));
        assert_eq!(found.helpers, [Helper { name: "Anne".into(), why: "Comptabilité".into() }]);
        assert_eq!(introduce(&[(1, Availability::DoNotDisturb), (3, Availability::Here)]), None);
        assert_eq!(introduce(&[(2, Availability::Here)]), None);
    }
}
