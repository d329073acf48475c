//! Store and state together: decide → record → apply. Whatever is told to anybody was on disk before.

mod fiche;
mod history;
mod linking;
mod people;

pub use people::Leaving;

use crate::authentic::{Proof, SiteKeys};
use crate::clock::{Clock, ClockError, Now};
use crate::community::{Around, Community, Step, agenda};
use crate::config::Config;
use crate::contacts::Contact;
use crate::deed::Managed;
use crate::directory::{BadgeState, Directory, FindError, Member};
use crate::key::{KeyError, KeyRing};
use crate::members::{ImportError, Imported};
use crate::neighbours::{Here, Meeting, Neighbours};
use crate::policy::Policy;
use crate::presence::{Decision, Input, Outcome, Presence, PresenceEvent, What};
use crate::profile::{self, ProfileError};
use crate::publish;
use crate::store::{Answered, Change, Recorded, Store, StoreError};
use crate::tap::Card;
use jiff::Timestamp;
use jiff::civil::Date;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use voisins_shared::matching::{Concepts, read_widened};
use voisins_shared::member::{Field, MemberId, Surface};
use voisins_shared::payload::{Month, ProfileChange, Weekday};
use voisins_shared::topic::Topic;
use voisins_shared::uid::Uid;

/// Why the house can't be opened.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum HouseError {
    #[error("can't make the state folder {path}: {source}. Check its owner and permissions, or set `state` in the config")]
    Folder { path: PathBuf, source: std::io::Error },
    #[error("another presence-daemon runs on {path}: stop it first, or give this one another `state` folder")]
    Busy { path: PathBuf },
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Clock(#[from] ClockError),
    #[error("time zone: {0}")]
    Zone(#[from] jiff::Error),
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum CommandError {
    #[error(transparent)]
    Find(#[from] FindError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error("{0}")]
    Impossible(String),
}

/// Why *Ma fiche* was not changed.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum ChangeError {
    #[error(transparent)]
    Profile(#[from] ProfileError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What an input changed.
#[derive(Debug, Clone)]
pub struct Handled {
    /// What it came to.
    pub outcome: Outcome,
    /// Where it stands on disk; `None` if it changed nothing.
    pub recorded: Option<Recorded>,
    /// The documents it made out of date.
    pub dirty: Vec<Topic>,
}

/// What a command wrote, and the documents it made out of date.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Written {
    pub recorded: Recorded,
    pub dirty: Vec<Topic>,
}

/// The state of a site and its database. Whoever holds it is the only writer.
#[derive(Debug)]
pub struct House {
    config: Config,
    clock: Clock,
    keys: KeyRing,
    site_keys: Arc<SiteKeys>,
    store: Store,
    presence: Presence,
    directory: Directory,
    community: Community,
    neighbours: Neighbours,
    contacts: Vec<Contact>,
    usual_days: BTreeMap<MemberId, Vec<Weekday>>,
    usual_as_of: Option<Date>,
    /// How much neighbours helped each other, the latest month first.
    measures: Vec<Month>,
    /// How full the house was.
    hours: history::Hours,
    /// Members show other things than were learnt.
    unlearnt: bool,
    /// The day on which old visits were last looked for.
    retained_on: Option<Date>,
    _lock: std::fs::File,
}

impl House {
    /// Opens the state folder of a config, making what isn't there yet, and takes its lock.
    ///
    /// # Errors
    /// [`HouseError`], with what to do.
    pub fn open(config: Config) -> Result<Self, HouseError> {
        make_private_folder(&config.state).map_err(|source| HouseError::Folder { path: config.state.clone(), source })?;
        let lock = take_lock(&config.state)?;
        let database = database(&config.state);
        let (keys, site_keys) = keys(&config.state)?;
        let site_keys = Arc::new(site_keys);
        let mut store = Store::open(&database, &config.site, &keys)?;
        store.check_site_keys(&site_keys)?;
        let policy = Policy::new(&config)?;
        let mut clock = Clock::new(config.clock, &config.clock_file, store.newest_known_time()?)?;
        let mut presence = Presence::restore(policy.clone(), store.restore(&policy, &clock.now())?);
        let directory = store.directory()?;
        let community = people::community(&store, &config)?;
        presence.stays_open(community.agenda().last_of_days(&policy));
        let mut neighbours = Neighbours::new(concepts(&config));
        neighbours.learn(&directory, &community);
        let contacts = store.contacts()?;
        let (usual_days, usual_as_of) = (BTreeMap::new(), None);
        let today = clock.now().wall.or(store.newest_known_time()?).map(|at| policy.day_of(at));
        let measures = today.map_or(Ok(vec![]), |today| store.measures(today, &policy))?;
        Ok(Self {
            config,
            clock,
            keys,
            site_keys,
            store,
            presence,
            directory,
            community,
            neighbours,
            contacts,
            usual_days,
            usual_as_of,
            measures,
            hours: history::Hours::default(),
            unlearnt: false,
            retained_on: None,
            _lock: lock,
        })
    }

    /// The time.
    pub fn now(&mut self) -> Now {
        self.clock.now()
    }

    /// What a card is to the middle: digests, never the UID.
    #[must_use]
    pub fn card(&self, uid: &Uid, proof: Proof) -> Card {
        if uid.is_random() { Card::Random } else { Card::Known(self.keys.macs(uid), proof) }
    }

    /// The keys under which cards prove themselves.
    #[must_use]
    pub fn site_keys(&self) -> Arc<SiteKeys> {
        Arc::clone(&self.site_keys)
    }

    /// Decides, records, applies, in that order. `answer` is written in the same transaction, if the input could be carried out.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was recorded, and the state is as before.
    pub fn handle(&mut self, input: &Input, now: &Now, answer: Option<Answered<'_>>) -> Result<Handled, StoreError> {
        let turned = if matches!(input, Input::Deadline) { self.turn_day(now) } else { vec![] };
        let decision = self.decide(input, now);
        let mut handled = self.commit(decision, now, answer)?;
        handled.dirty.extend(turned);
        Ok(handled)
    }

    /// What follows from an input: first of all what time has brought, then who is here, then what they asked of each other.
    #[must_use]
    pub fn decide(&self, input: &Input, now: &Now) -> Decision {
        let mut decision = self.presence.decide(input, &self.directory, now);
        let happens = |what| PresenceEvent { at: *now, what };
        // what time has ended is ended before anybody asks for it
        let mut community = Cow::Borrowed(&self.community);
        let overdue = self.community.overdue(now).into_iter().chain(self.community.overdue_between(self.presence.policy(), now));
        for event in overdue.map(happens) {
            community.to_mut().apply(&event);
            decision.events.push(event);
        }
        let policy = self.presence.policy();
        let passes = |community: &Community, events: &[PresenceEvent]| -> Vec<PresenceEvent> {
            community.ledger().follows(events, now, policy).into_iter().map(|change| happens(What::Ledger(change))).collect()
        };
        let mut moved = passes(&self.community, &decision.events);
        let step = match (input, &decision.outcome) {
            (Input::Sign { action, new, .. }, Outcome::Signed { member, .. }) => {
                let agenda = agenda::Step::signed(*member, action, *new, self.presence.policy(), now).map(Step::Agenda);
                agenda.or_else(|| Step::signed(*member, action, *new))
            }
            (Input::Between(step), _) => {
                decision.outcome = Outcome::Settled;
                Some(step.clone())
            }
            _ => None,
        };
        // a copy only for a step, which has to see it: nobody at the door waits for it
        if step.is_some() {
            moved.iter().for_each(|event| community.to_mut().apply(event));
        }
        decision.events.append(&mut moved);
        let around = Around { presence: &self.presence, directory: &self.directory, now };
        match step.map(|step| community.decide(&step, &around)) {
            Some(Ok(what)) => {
                let events: Vec<PresenceEvent> = what.into_iter().map(happens).collect();
                let moved = passes(&community, &events);
                decision.events.extend(events.into_iter().chain(moved));
            }
            Some(Err(reason)) => decision.outcome = Outcome::NotDone(reason),
            None => {}
        }
        decision
    }

    /// Records a decision and applies it. `answer` is written in the same transaction, if the input could be carried out.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was recorded, and the state is as before.
    pub fn commit(&mut self, decision: Decision, now: &Now, answer: Option<Answered<'_>>) -> Result<Handled, StoreError> {
        let Decision { events, outcome } = decision;
        let dirty = publish::dirty(&events);
        let answer = answer.filter(|_| !matches!(outcome, Outcome::Impossible(_)));
        if events.is_empty() && answer.is_none() {
            return Ok(Handled { outcome, recorded: None, dirty });
        }
        let recorded = self.store.record(&events, self.presence.policy(), &dirty, answer)?;
        for event in &events {
            self.presence.apply(event);
            self.community.apply(event);
        }
        if dirty.contains(&Topic::Measures) {
            self.measure(now);
        }
        if events.iter().any(|event| publish::is_of_agenda(&event.what)) {
            let last_of_days = self.community.agenda().last_of_days(self.presence.policy());
            self.presence.stays_open(last_of_days);
        }
        if dirty.contains(&Topic::Needs) {
            self.neighbours.follow(&self.community);
        }
        if events.iter().any(|event| matches!(event.what, What::BadgeEnrolled { .. } | What::BadgeProved { .. })) {
            self.directory = self.store.directory()?;
        }
        Ok(Handled { outcome, recorded: Some(recorded), dirty })
    }

    /// Writes a line of the journal. It changes nothing else.
    ///
    /// # Errors
    /// [`StoreError`]: it was not written.
    pub fn write_deed(&mut self, managed: Managed) -> Result<(), StoreError> {
        let event = PresenceEvent { at: self.clock.now(), what: What::Managed(managed) };
        self.store.record(&[event], self.presence.policy(), &[], None).map(drop)
    }

    /// Counts anew; a disk that can't be read leaves the numbers as they were.
    fn measure(&mut self, now: &Now) {
        let policy = self.presence.policy();
        let today = now.wall.map(|wall| policy.day_of(wall));
        if let Some(Ok(measures)) = today.map(|today| self.store.measures(today, policy)) {
            self.measures = measures;
        }
    }

    /// A new day knows one more day of everybody's habits. What it makes out of date: nothing if it is the same day still, or nobody
    /// knows which. Not while somebody waits at the door.
    pub fn turn_day(&mut self, now: &Now) -> Vec<Topic> {
        let today = now.wall.map(|wall| self.presence.policy().day_of(wall));
        let Some(today) = today.filter(|today| self.usual_as_of != Some(*today)) else { return vec![] };
        // a disk that can't be read is tried again
        let Ok(usual_days) = self.store.usual_days(today) else { return vec![] };
        // the names of guests are kept until the end of the day after
        if self.store.forget_guests(today.yesterday().unwrap_or(today)).is_err() {
            return vec![];
        }
        (self.usual_days, self.usual_as_of) = (usual_days, Some(today));
        self.measure(now);
        vec![Topic::Directory, Topic::Measures]
    }

    /// Takes a members' CSV: all of it or nothing.
    ///
    /// # Errors
    /// [`CommandError`], with line and column for a bad cell.
    pub fn import(&mut self, csv: &str, dry_run: bool) -> Result<(Imported, Option<Written>), CommandError> {
        let plan = self.plan_of(csv)?;
        if dry_run || plan.changes.is_empty() {
            return Ok((plan.imported, None));
        }
        let mut dirty = vec![Topic::Directory, Topic::Needs, Topic::Agenda];
        dirty.extend(publish::OF_PRESENCE);
        dirty.extend(plan.changes.iter().filter(|c| c.member.photo.is_some()).map(|c| Topic::Photo(c.member.id)));
        let recorded = self.store.save_members(&plan.changes, &dirty, None)?;
        self.directory = self.store.directory()?;
        self.unlearnt = true;
        Ok((plan.imported, Some(Written { recorded, dirty })))
    }

    /// The members as a CSV that [`House::import`] takes back without a change.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn export(&self) -> Result<String, StoreError> {
        Ok(crate::members::export(&self.directory, &self.store.consents()?))
    }

    /// Finds a member by id, number, e-mail or unique name.
    ///
    /// # Errors
    /// [`FindError`].
    pub fn find(&self, member: &str) -> Result<MemberId, FindError> {
        self.directory.find(member)
    }

    /// Makes a change that a member asked for on *Ma fiche*; the request's answer is kept with it.
    ///
    /// # Errors
    /// [`ChangeError`]: nothing was written.
    pub fn change_profile(
        &mut self,
        member: MemberId,
        change: &ProfileChange,
        now: &Now,
        answer: Answered<'_>,
    ) -> Result<Written, ChangeError> {
        let member = self.directory.member(member).ok_or(ProfileError::Unknown)?;
        let change = profile::change(member, change, self.today(now))?;
        Ok(self.save(change, Some(answer))?)
    }

    /// *Pas maintenant*: a member who is asked what may be shown, and rather not.
    ///
    /// # Errors
    /// [`ChangeError`]: nothing was written.
    pub fn decline_offer(&mut self, member: MemberId, now: &Now, answer: Answered<'_>) -> Result<Written, ChangeError> {
        let member = self.directory.member(member).ok_or(ProfileError::Unknown)?;
        let change = profile::declined(member, self.today(now));
        Ok(self.save(change, Some(answer))?)
    }

    /// Writes one member's change, and goes on with them as they are now. Who can help whom is learnt anew when nobody taps; what they
    /// no longer share is forgotten at once.
    fn save(&mut self, change: Change, answer: Option<Answered<'_>>) -> Result<Written, StoreError> {
        let (id, before) = (change.member.id, self.directory.member(change.member.id));
        let after = profile::agreed(change.member.clone(), &change.consents);
        let mut dirty = Vec::new();
        let shows_less_or_more = before.is_none_or(|before| {
            let lists = |member: &Member| (member.skills.clone(), member.interests.clone(), member.looking_for.clone());
            before.consents != after.consents || lists(before) != lists(&after)
        });
        if shows_less_or_more {
            dirty.extend([Topic::Directory, Topic::Presence, Topic::Lobby, Topic::Needs, Topic::Agenda]);
        }
        let photo = |member: &Member| member.shows(Field::Photo, Surface::Kiosk);
        if before.is_some_and(|before| before.photo.is_some() && photo(before) != photo(&after)) {
            dirty.push(Topic::Photo(id));
        }
        let recorded = self.store.save_members(&[change], &dirty, answer)?;
        self.directory = self.directory.with(after);
        if shows_less_or_more {
            self.neighbours.forget(id);
            self.unlearnt = true;
        }
        Ok(Written { recorded, dirty })
    }

    /// Learns who can help whom, if what members show has changed since. Not while somebody waits at the door.
    pub fn learn(&mut self) {
        if std::mem::take(&mut self.unlearnt) {
            self.neighbours.learn(&self.directory, &self.community);
        }
    }

    /// The day a consent is given on, in the site's time.
    fn today(&self, now: &Now) -> Date {
        // a clock that isn't trusted may be years behind: a withdrawal must not look older than what was known before
        let seen = || crate::clock::wall_as_seen().max(self.store.newest_known_time().ok().flatten().unwrap_or(Timestamp::MIN));
        self.presence.policy().date_of(now.wall.unwrap_or_else(seen))
    }

    /// Marks a badge lost or retired.
    ///
    /// # Errors
    /// [`CommandError`] if there is no such badge.
    pub fn set_badge(&mut self, badge: i64, state: BadgeState) -> Result<(), CommandError> {
        if !self.store.set_badge_state(badge, state)? {
            return Err(CommandError::Impossible(format!("no badge {badge}")));
        }
        self.directory = self.store.directory()?;
        Ok(())
    }

    /// Keeps a member's photo.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_photo(&mut self, member: MemberId, jpeg: &[u8]) -> Result<(), StoreError> {
        self.store.save_photo(member, jpeg, &[Topic::Directory, Topic::Photo(member)])?;
        self.directory = self.store.directory()?;
        Ok(())
    }

    /// A photo for the broker, if its owner shows it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn photo(&self, member: MemberId) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.photo(member)
    }

    #[allow(missing_docs)]
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    #[allow(missing_docs)]
    #[must_use]
    pub fn presence(&self) -> &Presence {
        &self.presence
    }

    #[allow(missing_docs)]
    #[must_use]
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// What waits for a member who is here: whom they can help, who can help them, who offered to.
    #[must_use]
    pub fn meetings(&self, member: MemberId, now: &Now) -> Vec<Meeting> {
        let Self { presence, directory, community, .. } = self;
        self.neighbours.meetings(member, &Here { presence, directory, community, now })
    }

    /// The concepts, to say why.
    #[must_use]
    pub fn concepts(&self) -> &Concepts {
        self.neighbours.concepts()
    }

    /// What people look for.
    #[must_use]
    pub fn community(&self) -> &Community {
        &self.community
    }

    /// The weekdays on which members usually come, as their visits tell; whether they may be shown is each member's own.
    #[must_use]
    pub fn usual_days(&self) -> &BTreeMap<MemberId, Vec<Weekday>> {
        &self.usual_days
    }

    /// How much neighbours helped each other, the latest month first.
    #[must_use]
    pub fn measures(&self) -> &[Month] {
        &self.measures
    }

    #[allow(missing_docs)]
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// For marks that were acknowledged.
    pub fn store_mut(&mut self) -> &mut Store {
        &mut self.store
    }
}

/// The concepts that the matches go by, widened as the config says. A bad file leaves the built-in ones: taps matter more.
fn concepts(config: &Config) -> Arc<Concepts> {
    read_widened(&config.concepts).unwrap_or_else(|error| {
        tracing::warn!("matches go by the built-in concepts: {}", voisins_shared::told::told(&error));
        Concepts::built_in()
    })
}

/// The database file of a state folder.
#[must_use]
pub fn database(state: &Path) -> PathBuf {
    state.join("voisins.db")
}

fn make_private_folder(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// The keys of a state folder, made if they are not there and no badge stands on them.
///
/// # Errors
/// [`KeyError`], with what to do.
pub fn keys(state: &Path) -> Result<(KeyRing, SiteKeys), KeyError> {
    let database = database(state);
    let keys = KeyRing::load(&state.join("badge.key"), !Store::has_badges(&database))?;
    let site_keys = SiteKeys::load(&state.join(SiteKeys::FILE), !Store::has_authentic_badges(&database))?;
    Ok((keys, site_keys))
}

fn take_lock(state: &Path) -> Result<std::fs::File, HouseError> {
    let path = state.join("lock");
    let folder = |source| HouseError::Folder { path: path.clone(), source };
    let file = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(folder)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(HouseError::Busy { path: state.to_owned() }),
        Err(std::fs::TryLockError::Error(source)) => Err(folder(source)),
    }
}

#[cfg(test)]
mod tests;
