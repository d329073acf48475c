//! The fold over the wire: messages in, the state of a site out. Kiosk and dashboard use this one, so they can't disagree.
//!
//! It knows no clock and no socket. Order on the broker is not trusted: a document names its session and revision, and an older one
//! is dropped; a will of an older session is ignored.

use crate::member::MemberId;
use crate::name::ReaderName;
use crate::payload::{
    self, Agenda, Directory, DirectoryMember, Document, Evacuation, History, KioskEvent, Lobby, Measures, Month, Needs, Occupancy,
    PayloadError, Presence, PresentMember, PublishedEvent, PublishedNeed, ReaderStatus, Response, Session, State, Status,
    YearMonth,
};
use crate::topic::Topic;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What a message changed.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Nothing that shows.
    Nothing,
    /// Whether the daemon is there, or who it is.
    Status,
    /// Who may be shown.
    Directory,
    /// Who is here.
    Presence,
    /// What the lobby screen shows.
    Lobby,
    /// The numbers.
    Occupancy,
    /// What people look for.
    Needs,
    /// Today and the days to come.
    Agenda,
    /// How much neighbours helped each other.
    Measures,
    /// How many people were here, in one month.
    History,
    /// How a reader is.
    Reader,
    /// Whether everybody is asked to leave.
    Evacuation,
    /// One member's photo.
    Photo(MemberId),
    /// Something happened at a reader.
    Event(Box<KioskEvent>),
    /// The answer to a request.
    Response(Response),
}

/// The state of one site, as its messages tell it.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    session: Option<Session>,
    status: Option<Status>,
    superseded: BTreeSet<Uuid>,
    directory: Option<Directory>,
    members: BTreeMap<MemberId, usize>,
    presence: Option<Presence>,
    lobby: Option<Lobby>,
    occupancy: Option<Occupancy>,
    needs: Option<Needs>,
    agenda: Option<Agenda>,
    measures: Option<Measures>,
    evacuation: Option<Evacuation>,
    history: BTreeMap<YearMonth, History>,
    readers: BTreeMap<ReaderName, ReaderStatus>,
    photos: BTreeMap<MemberId, Vec<u8>>,
}

impl Roster {
    /// Takes one message. `payload` empty means that the retained document was cleared.
    ///
    /// # Errors
    /// [`PayloadError`] for a payload that isn't what its topic promises; the state is as before.
    pub fn apply(&mut self, topic: &Topic, payload: &[u8]) -> Result<Change, PayloadError> {
        let cleared = payload.is_empty();
        match topic {
            Topic::Session if cleared => self.session = None,
            Topic::Session => {
                let session: Session = payload::decode(payload)?;
                if self.superseded.contains(&session.session) {
                    return Ok(Change::Nothing);
                }
                if let Some(old) = self.session.replace(session) {
                    let now = self.session.as_ref().map(|s| s.session);
                    if now != Some(old.session) {
                        self.superseded.insert(old.session);
                    }
                }
            }
            Topic::Status if cleared => self.status = None,
            Topic::Status => {
                let status: Status = payload::decode(payload)?;
                if self.superseded.contains(&status.session) {
                    return Ok(Change::Nothing);
                }
                self.status = Some(status);
            }
            Topic::Directory => {
                let changed = self.take(|roster| &mut roster.directory, payload, Change::Directory)?;
                let members = self.directory.iter().flat_map(|document| &document.members);
                self.members = members.enumerate().map(|(at, member)| (member.id, at)).collect();
                return Ok(changed);
            }
            Topic::Presence => return self.take(|roster| &mut roster.presence, payload, Change::Presence),
            Topic::Lobby => return self.take(|roster| &mut roster.lobby, payload, Change::Lobby),
            Topic::Occupancy => return self.take(|roster| &mut roster.occupancy, payload, Change::Occupancy),
            Topic::Needs => return self.take(|roster| &mut roster.needs, payload, Change::Needs),
            Topic::Agenda => return self.take(|roster| &mut roster.agenda, payload, Change::Agenda),
            Topic::Measures => return self.take(|roster| &mut roster.measures, payload, Change::Measures),
            Topic::Evacuation => return self.take(|roster| &mut roster.evacuation, payload, Change::Evacuation),
            Topic::History(month) => return self.take_history(*month, payload),
            Topic::Reader(reader) => {
                if cleared {
                    self.readers.remove(reader);
                } else {
                    self.readers.insert(reader.clone(), payload::decode(payload)?);
                }
                return Ok(Change::Reader);
            }
            Topic::Photo(member) => {
                if cleared {
                    self.photos.remove(member);
                } else {
                    self.photos.insert(*member, payload.to_vec());
                }
                return Ok(Change::Photo(*member));
            }
            Topic::KioskEvent(_) if !cleared => return Ok(Change::Event(Box::new(payload::decode(payload)?))),
            Topic::Response(..) if !cleared => return Ok(Change::Response(payload::decode(payload)?)),
            _ => return Ok(Change::Nothing),
        }
        Ok(Change::Status)
    }

    /// Takes a whole document in the place of the one that is held, unless that is the newer one; an empty one clears it.
    fn take<D: Document>(
        &mut self,
        of: impl Fn(&mut Self) -> &mut Option<D>,
        payload: &[u8],
        change: Change,
    ) -> Result<Change, PayloadError> {
        if payload.is_empty() {
            *of(self) = None;
            return Ok(change);
        }
        let document: D = payload::decode(payload)?;
        let (session, rev) = document.stamp();
        let newer = |held: &D| held.stamp().0 == session && rev < held.stamp().1;
        if self.superseded.contains(&session) || of(self).as_ref().is_some_and(newer) {
            return Ok(Change::Nothing);
        }
        *of(self) = Some(document);
        Ok(change)
    }

    fn take_history(&mut self, month: YearMonth, payload: &[u8]) -> Result<Change, PayloadError> {
        let mut held = self.history.remove(&month);
        let taken = if payload.is_empty() {
            held = None;
            Ok(Change::History)
        } else {
            payload::decode::<History>(payload).map(|document| {
                let (session, rev) = document.stamp();
                let older = held.as_ref().is_some_and(|held| held.session == session && rev < held.rev);
                if older || self.superseded.contains(&session) {
                    return Change::Nothing;
                }
                held = Some(document);
                Change::History
            })
        };
        self.history.extend(held.map(|document| (month, document)));
        taken
    }

    /// Whether the daemon says that it is there. The will of an older session doesn't count.
    #[must_use]
    pub fn is_online(&self) -> bool {
        match (&self.status, &self.session) {
            (Some(status), Some(session)) => status.state == State::Online || status.session != session.session,
            (Some(status), None) => status.state == State::Online,
            (None, _) => false,
        }
    }

    /// The daemon's birth.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// A member of the directory.
    #[must_use]
    pub fn member(&self, id: MemberId) -> Option<&DirectoryMember> {
        self.directory.as_ref()?.members.get(*self.members.get(&id)?)
    }

    /// Who is here and shown, the fresh first; a presence without a directory entry is left out (consent was withdrawn meanwhile).
    pub fn present(&self) -> impl Iterator<Item = (&PresentMember, &DirectoryMember)> {
        self.presence.iter().flat_map(|p| &p.present).filter_map(|p| Some((p, self.member(p.member)?)))
    }

    /// The presence document as it came.
    #[must_use]
    pub fn presence(&self) -> Option<&Presence> {
        self.presence.as_ref()
    }

    /// The lobby document as it came.
    #[must_use]
    pub fn lobby(&self) -> Option<&Lobby> {
        self.lobby.as_ref()
    }

    /// The directory document as it came.
    #[must_use]
    pub fn directory(&self) -> Option<&Directory> {
        self.directory.as_ref()
    }

    /// The numbers as they came.
    #[must_use]
    pub fn occupancy(&self) -> Option<&Occupancy> {
        self.occupancy.as_ref()
    }

    /// What people look for, the latest first.
    #[must_use]
    pub fn needs(&self) -> &[PublishedNeed] {
        self.needs.as_ref().map(|document| &*document.needs).unwrap_or_default()
    }

    /// Today's events and those to come, the next first.
    #[must_use]
    pub fn events(&self) -> &[PublishedEvent] {
        self.agenda.as_ref().map(|document| &*document.events).unwrap_or_default()
    }

    /// How much neighbours helped each other, the latest month first.
    #[must_use]
    pub fn months(&self) -> &[Month] {
        self.measures.as_ref().map(|document| &*document.months).unwrap_or_default()
    }

    /// How many people were here, by month, the oldest first.
    pub fn history(&self) -> impl DoubleEndedIterator<Item = &History> {
        self.history.values()
    }

    /// How the readers are, by name.
    pub fn readers(&self) -> impl Iterator<Item = &ReaderStatus> {
        self.readers.values()
    }

    /// Whether everybody is asked to leave the building.
    #[must_use]
    pub fn is_evacuated(&self) -> bool {
        self.evacuation.as_ref().is_some_and(|evacuation| evacuation.active)
    }

    /// Lets all photos go: for a dashboard that no longer shows the site.
    pub fn forget_photos(&mut self) {
        self.photos.clear();
    }

    /// A member's photo (JPEG), if they share one and it came.
    #[must_use]
    pub fn photo(&self, member: MemberId) -> Option<&[u8]> {
        self.member(member)?.photo.as_ref()?;
        self.photos.get(&member).map(Vec::as_slice)
    }

    /// Everybody here now: shown, hidden and guests.
    #[must_use]
    pub fn fresh(&self) -> u32 {
        let Some(presence) = &self.presence else { return 0 };
        let shown = presence.present.iter().filter(|p| p.fresh).count();
        u32::try_from(shown).unwrap_or(u32::MAX).saturating_add(presence.hidden.fresh).saturating_add(presence.guests.fresh)
    }

    /// People whose visit began today.
    #[must_use]
    pub fn today(&self) -> u32 {
        self.presence.as_ref().map_or(0, |p| p.today)
    }
}

#[cfg(test)]
mod tests;
