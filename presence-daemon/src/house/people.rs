//! What the manager does with one member: changed, paused, gone, forgotten; and visits that are older than they may be kept.

use super::{CommandError, House, Written};
use crate::clock::Now;
use crate::community::agenda::Step as Agenda;
use crate::community::introductions::Step as Introductions;
use crate::community::ledger::Step as Passes;
use crate::community::{Community, Step};
use crate::config::Config;
use crate::directory::{BadgeState, Member, Standing};
use crate::members::{Plan, preview};
use crate::neighbours::{Here, ToMeet};
use crate::presence::{Input, Presence};
use crate::profile::agreed;
use crate::publish;
use crate::store::{Anonymised, Change, Consent, ConsentState, GivenBy, Store, StoreError};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use uuid::Uuid;
use voisins_shared::agenda::EventId;
use voisins_shared::introduction::IntroductionId;
use voisins_shared::member::{Field, MemberId, MemberNumber, Surface};
use voisins_shared::need::NeedId;
use voisins_shared::topic::Topic;

/// All documents that a member may stand in, but for the photo.
fn of_a_member() -> Vec<Topic> {
    let mut topics = vec![Topic::Directory, Topic::Needs, Topic::Agenda, Topic::Measures];
    topics.extend(publish::OF_PRESENCE);
    topics
}

/// What ends when a member leaves.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[allow(missing_docs)]
pub struct Leaving {
    pub badges: Vec<i64>,
    pub needs: Vec<NeedId>,
    pub introductions: Vec<IntroductionId>,
    pub events: Vec<EventId>,
    pub balance: i64,
    pub here: bool,
}

/// What people look for, as it is on disk.
pub(super) fn community(store: &Store, config: &Config) -> Result<Community, StoreError> {
    Ok(store
        .community()?
        .with_ledger(store.ledger()?, store.met_needs()?)
        .with_moderation(store.moderation()?, config.approve_first)
        .with_agenda(store.agenda(|name| config.calendars.iter().any(|calendar| calendar.name == name))?))
}

impl House {
    /// What a members' CSV comes to, against the members there are now.
    pub(super) fn plan_of(&self, csv: &str) -> Result<Plan, CommandError> {
        let consents = self.store.consents()?;
        let today = crate::clock::wall_as_seen().to_zoned(jiff::tz::TimeZone::UTC).date();
        let next = self.store.next_number()?;
        let keys = &self.keys;
        Ok(crate::members::plan(csv, &self.directory, &consents, next, today, |uid| keys.macs(uid))?)
    }

    /// What a members' CSV would change, field by field.
    ///
    /// # Errors
    /// [`CommandError`], with line and column for a bad cell.
    pub fn preview(&self, csv: &str) -> Result<preview::Preview, CommandError> {
        Ok(preview::preview(&self.plan_of(csv)?, &self.directory))
    }

    /// The number of the next new member.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn next_number(&self) -> Result<MemberNumber, StoreError> {
        self.store.next_number()
    }

    /// Writes one member as the manager wants them, and goes on with them as they are now.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was written.
    pub fn save_person(&mut self, member: Member, consents: Vec<Consent>) -> Result<Written, StoreError> {
        let (id, mut dirty) = (member.id, of_a_member());
        let after = agreed(member.clone(), &consents);
        let shows = |member: &Member| member.photo.is_some() && member.shows(Field::Photo, Surface::Kiosk);
        if self.directory.member(id).is_some_and(shows) != shows(&after) {
            dirty.push(Topic::Photo(id));
        }
        let recorded = self.store.save_members(&[Change { member, consents, badges: vec![] }], &dirty, None)?;
        self.directory = self.directory.with(after);
        self.neighbours.forget(id);
        self.unlearnt = true;
        Ok(Written { recorded, dirty })
    }

    /// Asks a member whether fields may be shown, or takes back at their request what they agreed to. Nobody else can agree for them.
    ///
    /// # Errors
    /// [`CommandError`]: nothing was written.
    pub fn set_consents(
        &mut self,
        member: MemberId,
        which: &[(Field, Surface)],
        invite: bool,
        now: &Now,
    ) -> Result<Option<Written>, CommandError> {
        let (held, on) = (self.store.consents_of(member)?, self.today(now).to_string());
        let state = if invite { ConsentState::Invited } else { ConsentState::Withdrawn };
        let last = |which: &(Field, Surface)| {
            held.iter().find(|consent| (consent.field, consent.surface) == *which).map(|held| held.state)
        };
        // an invitation is for who never said anything; what was said stands
        let changes =
            |which: &&(Field, Surface)| if invite { last(which).is_none() } else { last(which) == Some(ConsentState::Granted) };
        let row = |(field, surface): &(Field, Surface)| Consent {
            field: *field,
            surface: *surface,
            state,
            by: GivenBy::Manager,
            on: on.clone(),
            source: None,
        };
        let consents: Vec<Consent> = which.iter().filter(changes).map(row).collect();
        let known = self.directory.member(member).cloned();
        match known.filter(|_| !consents.is_empty()) {
            Some(known) => Ok(Some(self.save_person(known, consents)?)),
            None => Ok(None),
        }
    }

    /// Pauses a member, or ends the pause.
    ///
    /// # Errors
    /// [`CommandError`]: nothing was written.
    pub fn set_standing(&mut self, member: MemberId, standing: Standing) -> Result<Written, CommandError> {
        let known = self.directory.member(member).cloned();
        let known = known.ok_or_else(|| CommandError::Impossible("no such member".to_owned()))?;
        Ok(self.save_person(Member { standing, ..known }, vec![])?)
    }

    /// Lets only badges that prove themselves count for a member, or all again.
    ///
    /// # Errors
    /// [`CommandError`]: nothing was written.
    pub fn set_authentic_only(&mut self, member: MemberId, authentic_only: bool) -> Result<Written, CommandError> {
        let known = self.directory.member(member).cloned();
        let known = known.ok_or_else(|| CommandError::Impossible("no such member".to_owned()))?;
        Ok(self.save_person(Member { authentic_only, ..known }, vec![])?)
    }

    /// Whom somebody new could meet first, the best first.
    #[must_use]
    pub fn first_to_meet(&self, member: MemberId, now: &Now, at_most: usize) -> Vec<ToMeet> {
        let Self { presence, directory, community, .. } = self;
        let mut found = self.neighbours.first_to_meet(member, &Here { presence, directory, community, now });
        found.truncate(at_most);
        found
    }

    /// What would end if a member left now.
    #[must_use]
    pub fn leaving(&self, member: MemberId) -> Leaving {
        let is_out = |state: BadgeState| state == BadgeState::Retired;
        let badges = self.directory.badges_of(member).filter(|badge| !is_out(badge.state)).map(|badge| badge.id).collect();
        let introductions = self.community.introductions().list();
        let theirs = introductions.into_iter().filter(|found| !found.ended && !found.closed && found.introduced.is_none());
        let theirs = theirs.filter(|found| found.asker == member || found.helper.member() == Some(member));
        Leaving {
            badges,
            needs: self.community.of(Some(member)).map(|need| need.id).collect(),
            introductions: theirs.map(|found| found.id).collect(),
            events: self.community.agenda().answered_by(member).collect(),
            balance: self.community.ledger().account(member).map_or(0, |account| account.balance()),
            here: self.presence.visit_of(member).is_some(),
        }
    }

    /// The steps that end what a member has open, each done once: pressed again after a disk that refused, the rest is done.
    #[must_use]
    pub fn farewell(&self, leaving: &Leaving, member: MemberId, reason: &str) -> Vec<Input> {
        let mut steps: Vec<Step> = leaving.needs.iter().map(|need| Step::Close(*need)).collect();
        steps.extend(leaving.introductions.iter().map(|id| Step::Introduction(Introductions::Close(*id))));
        // an event that nobody else goes to ends with it
        let stays_away = |event: &EventId| Agenda::Answer { member, event: *event, going: false, wall: None, lunch: None };
        steps.extend(leaving.events.iter().map(stays_away).map(Step::Agenda));
        let most = i64::from(*crate::community::ledger::PASSES_AT_ONCE.end());
        let mut left = leaving.balance;
        while left != 0 {
            let passes = (-left).clamp(-most, most);
            left += passes;
            let command = Uuid::new_v4();
            steps.push(Step::Ledger(Passes::Correct { member, passes, reason: reason.to_owned(), command }));
        }
        steps.into_iter().map(Input::Between).collect()
    }

    /// The last act of a departure: badges are out of use, nothing is shown any more, nothing can be shown again.
    ///
    /// # Errors
    /// [`CommandError`].
    pub fn departs(&mut self, member: MemberId, now: &Now) -> Result<Written, CommandError> {
        for badge in self.leaving(member).badges {
            self.set_badge(badge, BadgeState::Retired)?;
        }
        let known = self.directory.member(member).cloned();
        let known = known.ok_or_else(|| CommandError::Impossible("no such member".to_owned()))?;
        let on = self.today(now).to_string();
        let withdrawn = |(field, surface): &(Field, Surface)| Consent {
            field: *field,
            surface: *surface,
            state: ConsentState::Withdrawn,
            by: GivenBy::Manager,
            on: on.clone(),
            source: None,
        };
        let consents = known.consents.iter().map(withdrawn).collect();
        Ok(self.save_person(Member { standing: Standing::Departed, ..known }, consents)?)
    }

    /// Forgets a member for good. Who is here goes on being counted, without a name, until they leave.
    ///
    /// # Errors
    /// [`CommandError`]: nothing was forgotten.
    pub fn erase(&mut self, member: MemberId, now: &Now) -> Result<Written, CommandError> {
        let mut dirty = of_a_member();
        dirty.push(Topic::Photo(member));
        // outside the database, for backups that are older than this
        note_erased(&self.config.state, member).map_err(|error| {
            CommandError::Impossible(format!(
                "can't write the list of erased members in the state folder: {error}. Nothing was erased"
            ))
        })?;
        let recorded = self.store.erase(member, now, &dirty)?;
        self.reload(now)?;
        self.usual_days.remove(&member);
        Ok(Written { recorded, dirty })
    }

    /// Reads anew what is on disk: after something was forgotten there, nothing of it is remembered here.
    fn reload(&mut self, now: &Now) -> Result<(), StoreError> {
        let policy = self.presence.policy().clone();
        self.presence = Presence::restore(policy.clone(), self.store.restore(&policy, now)?);
        self.directory = self.store.directory()?;
        self.community = community(&self.store, &self.config)?;
        self.presence.stays_open(self.community.agenda().last_of_days(&policy));
        self.neighbours.learn(&self.directory, &self.community);
        self.measure(now);
        Ok(())
    }

    /// Once a day: visits older than they may be kept name nobody any more. Not while the clock isn't trusted; a run that would touch a
    /// tenth of all events is stopped, in case it is the clock that is wrong.
    pub fn keep_retention(&mut self, now: &Now) {
        let Some(today) = now.wall.map(|wall| self.presence.policy().day_of(wall)) else { return };
        if self.retained_on == Some(today) {
            return;
        }
        match self.anonymise(now, false) {
            Ok(Anonymised::TooMuch { events, of }) => tracing::error!(
                "visits older than the retention are kept: {events} of {of} events would be anonymised at once. If the clock is right, run `presence-daemon visits anonymise`"
            ),
            Ok(Anonymised::Done { events, visits }) => tracing::info!("the retention anonymised {visits} visits ({events} events)"),
            Ok(Anonymised::Nothing) => {}
            // a disk that refuses is tried again
            Err(error) => return tracing::debug!("the retention has to wait: {error}"),
        }
        self.retained_on = Some(today);
    }

    /// Forgets whose the visits are that are older than they may be kept. `even_much`: however many, as the manager says.
    ///
    /// # Errors
    /// [`CommandError`]: nothing was forgotten.
    pub fn anonymise(&mut self, now: &Now, even_much: bool) -> Result<Anonymised, CommandError> {
        let wall =
            now.wall.ok_or_else(|| CommandError::Impossible("the clock isn't known yet: try again once it is set".to_owned()))?;
        let zoned = wall.to_zoned(self.presence.policy().zone().clone());
        let before = zoned.checked_sub(self.config.retention).map_err(|error| CommandError::Impossible(error.to_string()))?;
        Ok(self.store.anonymise(before.timestamp(), now, even_much)?)
    }
}

/// The ids of who was erased, a line each: what is restored from an older backup has to be erased again.
fn note_erased(state: &Path, member: MemberId) -> std::io::Result<()> {
    let path = state.join("erased");
    let mut file = std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    writeln!(file, "{member}")?;
    file.sync_all()
}
