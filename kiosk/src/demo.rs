//! `--demo`: the real payloads without a broker. Somebody comes now and then, and every request is granted.

mod agenda;
mod muster;
mod needs;

pub use muster::{PIN, muster};

use crate::board::Link;
use crate::kiosk::{Inlet, Inward, Outgoing};
use agenda::AgendaBoard;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use needs::NeedsBoard;
use std::sync::mpsc;
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::demo;
use voisins_shared::member::Field;
use voisins_shared::name::{KioskName, ReaderName, SiteName};
use voisins_shared::payload::{
    Action, Answer, Args, Form, Grant, KioskEvent, Measures, Moment, Presence, PresentMember, Profile, ProfileChange, Request,
    Response, Shown, V, decode, encode,
};
use voisins_shared::topic::{Topic, Topics};
use voisins_shared::visit::Availability;

/// People here at the start.
const FRESH: usize = 9;
/// People who passed by earlier.
const PASSED: usize = 5;

/// Encodes an RGB picture as a JPEG.
///
/// # Panics
/// If `rgb` is not `width`×`height`×3 bytes.
#[must_use]
pub fn jpeg(rgb: &[u8], width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 88)
        .encode(rgb, width, height, image::ExtendedColorType::Rgb8)
        .expect("as many pixels as it says");
    bytes
}

/// The retained documents with `fresh` people here and `passed` who passed by.
#[must_use]
pub fn documents(fresh: usize, passed: usize) -> Vec<(Topic, Vec<u8>)> {
    demo::messages(fresh, passed, |rgb, size| jpeg(rgb, size, size))
}

/// The demonstration's readers: at the door, and beside the kiosk.
///
/// # Panics
/// Never: the names are valid.
#[must_use]
pub fn readers() -> (ReaderName, ReaderName) {
    (ReaderName::new("porte").expect("valid"), ReaderName::new(demo::KIOSK).expect("valid"))
}

/// The demonstration's kiosk.
///
/// # Panics
/// Never: the names are valid.
#[must_use]
pub fn names() -> (SiteName, KioskName) {
    (SiteName::new(demo::SITE).expect("valid"), KioskName::new(demo::KIOSK).expect("valid"))
}

/// Plays until the window is gone; requests come from `requests`.
pub fn play(inlet: &Inlet, requests: &mpsc::Receiver<Outgoing>) {
    let (site, kiosk) = names();
    let stage = Stage { topics: Topics::of(&site), kiosk, inlet };
    let documents = documents(FRESH, PASSED);
    let Some(mut presence) = documents.iter().find_map(|(topic, payload)| match topic {
        Topic::Presence => decode::<Presence>(payload).ok(),
        _ => None,
    }) else {
        return;
    };
    inlet.send(Inward::Link(Link::Connected));
    for (topic, payload) in &documents {
        stage.publish(topic, payload.clone());
    }
    let mut records = Records::new();
    let now = crate::clock::system()().wall;
    let mut board = NeedsBoard::new(now);
    stage.needs(&mut board);
    let mut agenda = AgendaBoard::new(now);
    stage.agenda(&mut agenda);
    stage.measures(now);
    for round in 0_usize.. {
        // long enough to read a greeting, and now and then three at once
        let pause = if round % 5 == 4 { Duration::from_millis(500) } else { Duration::from_secs(10) };
        if !stage.answer_for(pause, &mut presence, (&mut records, &mut board, &mut agenda), requests) {
            return;
        }
        match round % 9 {
            3 => stage.event(&fresh_id(demo::full_arrival(fresh(&presence)))),
            5 => stage.event(&fresh_id(demo::first_arrival(fresh(&presence)))),
            7 => stage.event(&fresh_id(demo::unknown_badge())),
            8 => stage.event(&fresh_id(demo::refused())),
            _ => stage.tap((FRESH + PASSED + round) % demo::PEOPLE.len(), &mut presence),
        }
    }
}

fn fresh(presence: &Presence) -> u32 {
    u32::try_from(presence.present.iter().filter(|present| present.fresh).count()).unwrap_or(u32::MAX)
}

fn fresh_id(mut event: KioskEvent) -> KioskEvent {
    event.id = Uuid::new_v4();
    event
}

struct Stage<'a> {
    topics: Topics,
    kiosk: KioskName,
    inlet: &'a Inlet,
}

impl Stage<'_> {
    fn publish(&self, topic: &Topic, payload: Vec<u8>) {
        self.inlet.send(Inward::Message { topic: self.topics.name(topic), payload });
    }

    fn event(&self, event: &KioskEvent) {
        self.publish(&Topic::KioskEvent(self.kiosk.clone()), encode(event));
    }

    fn presence(&self, presence: &mut Presence) {
        presence.rev += 1;
        self.publish(&Topic::Presence, encode(presence));
    }

    fn needs(&self, board: &mut NeedsBoard) {
        board.document.rev += 1;
        self.publish(&Topic::Needs, encode(&board.document));
    }

    fn agenda(&self, board: &mut AgendaBoard) {
        board.document.rev += 1;
        self.publish(&Topic::Agenda, encode(&board.document));
    }

    fn measures(&self, now: Timestamp) {
        let zone = TimeZone::get(demo::TIME_ZONE).unwrap_or(TimeZone::UTC);
        let months = demo::months(&now.to_zoned(zone).strftime("%Y-%m").to_string());
        self.publish(&Topic::Measures, encode(&Measures { v: V, session: demo::session(), rev: 2, months }));
    }

    /// The `n`th person taps: roster first, then the greeting.
    fn tap(&self, n: usize, presence: &mut Presence) {
        let member = demo::member_id(n);
        let known = presence.present.iter().position(|present| present.member == member);
        let was_fresh = known.is_some_and(|at| presence.present[at].fresh);
        if let Some(at) = known {
            presence.present.remove(at);
        } else {
            presence.today += 1;
        }
        presence.present.insert(0, PresentMember { member, fresh: true, availability: Availability::Here, since: None });
        self.presence(presence);
        let mut event = fresh_id(demo::arrival(n, fresh(presence), Form::Full));
        if let (true, Shown::Greeting(greeting)) = (was_fresh, &mut event.shown) {
            greeting.moment = Moment::Seen;
            greeting.ask_to_stay = true;
        }
        self.event(&event);
    }

    /// Grants what is asked for a while; false once the window is gone.
    fn answer_for(
        &self,
        pause: Duration,
        presence: &mut Presence,
        (records, board, agenda): (&mut Records, &mut NeedsBoard, &mut AgendaBoard),
        requests: &mpsc::Receiver<Outgoing>,
    ) -> bool {
        loop {
            let outgoing = match requests.recv_timeout(pause) {
                Ok(outgoing) => outgoing,
                Err(mpsc::RecvTimeoutError::Timeout) => return true,
                Err(mpsc::RecvTimeoutError::Disconnected) => return false,
            };
            let Ok(request) = decode::<Request>(&outgoing.payload) else { continue };
            let (mut undo, mut record, mut items, mut refused) = (None, None, None, None);
            match request.args {
                // as if a badge had come at once
                Args::Leave { .. } | Args::Sign { action: Action::Leave } => {
                    if !presence.present.is_empty() {
                        presence.present.remove(0);
                    }
                    undo = Some(Grant { token: Uuid::new_v4(), expires_in_ms: 5_000 });
                }
                Args::Sign { action: Action::PostNeed { text, skills, audience } } => {
                    match board.post(&text, skills, audience, crate::clock::system()().wall) {
                        Ok(token) => undo = Some(Grant { token, expires_in_ms: 5_000 }),
                        Err(reason) => refused = Some(reason),
                    }
                }
                Args::Sign { action: Action::WithdrawNeed { need, .. } } => refused = board.withdraw(need).err(),
                Args::Sign { action: Action::EditNeed { need, text, skills, audience } } => {
                    refused = board.edit(need, &text, skills, audience).err();
                }
                Args::Sign { action: Action::Help { need } | Action::Refer { need, .. } } => refused = board.help(need).err(),
                Args::Sign { action: Action::AskIntroduction { member } | Action::LeaveNote { member, .. } } => {
                    refused = (member == demo::member_id(0)).then_some(voisins_shared::payload::refusal::YOURSELF);
                }
                Args::Sign { action: Action::Rsvp { event, going } } => refused = agenda.rsvp(event, going).err(),
                Args::Sign { action: Action::ProposeEvent { title, place, starts, firm_at } } => {
                    let now = crate::clock::system()().wall;
                    refused = agenda.propose((&title, place.as_deref()), starts, firm_at, now).err();
                }
                // the same whatever happened: nothing says whether there is such a member
                Args::Sign { action: Action::Declare { .. } } => {}
                Args::Undo { grant } => board.undo(grant),
                Args::Sign { action: Action::Profile } => record = Some(records.open(false)),
                Args::Offer { accepted: true, .. } => record = Some(records.open(true)),
                Args::Profile { grant, change } => record = records.change(grant, change),
                Args::Availability { grant, availability } => {
                    record = records.of(grant).map(|profile| {
                        profile.availability = availability;
                        profile.clone()
                    });
                    if let Some(first) = presence.present.first_mut() {
                        first.availability = availability;
                    }
                }
                Args::See { .. } => items = Some(demo::all_for_you()),
                Args::Guest { .. } | Args::Sign { action: Action::Guest { .. } } => {
                    presence.guests.fresh += 1;
                    presence.today += 1;
                }
                Args::Sign { .. } | Args::Cancel { .. } | Args::Offer { .. } | Args::Help { .. } | Args::Reply { .. } => {}
            }
            self.presence(presence);
            self.needs(board);
            self.agenda(agenda);
            let answer = match (refused, record, items) {
                (Some(reason), ..) => Answer::Refused { reason: String::from(reason) },
                (None, Some(record), _) => Answer::Profile(Box::new(record)),
                (None, None, Some(items)) => Answer::ForYou { items },
                (None, None, None) => Answer::Done { signer: None, undo },
            };
            let response = Response { v: V, id: request.id, answer };
            self.publish(&Topic::Response(self.kiosk.clone(), request.id.to_string()), encode(&response));
        }
    }
}

/// The records that *Ma fiche* opens: that of the first person, and that of somebody who was never asked.
struct Records([Profile; 2]);

impl Records {
    fn new() -> Self {
        let (known, mut asked) = (demo::profile(0), demo::profile(3));
        asked.fields.iter_mut().for_each(|field| field.shown_on.clear());
        let mut records = Self([known, asked]);
        // the list gives them a greeting's grant
        let _ = (records.open(false), records.open(true));
        records
    }

    fn open(&mut self, asked: bool) -> Profile {
        let profile = &mut self.0[usize::from(asked)];
        profile.grant = Grant { token: Uuid::new_v4(), expires_in_ms: 90_000 };
        profile.clone()
    }

    fn of(&mut self, grant: Uuid) -> Option<&mut Profile> {
        self.0.iter_mut().find(|profile| profile.grant.token == grant)
    }

    /// Changes a record as the daemon would; none if it is closed.
    fn change(&mut self, grant: Uuid, change: ProfileChange) -> Option<Profile> {
        let profile = self.of(grant)?;
        match change {
            ProfileChange::Show { fields, surface, shown } => {
                for field in profile.fields.iter_mut().filter(|field| fields.contains(&field.field)) {
                    field.shown_on.retain(|on| *on != surface);
                    field.shown_on.extend(shown.then_some(surface));
                }
            }
            ProfileChange::Skills { skills } => {
                if let Some(field) = profile.fields.iter_mut().find(|field| field.field == Field::Skills) {
                    field.value.clone_from(&skills);
                }
                profile.skills = skills;
            }
            ProfileChange::Language { language } => profile.language = Some(language),
            ProfileChange::TextSize { text_size } => profile.text_size = text_size,
            ProfileChange::Close | ProfileChange::Unknown => return None,
        }
        Some(profile.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use voisins_shared::member::Surface;

    #[test]
    fn a_toggled_switch_stays_toggled_and_each_record_is_its_own() {
        let mut records = Records::new();
        let grant = records.open(false).grant.token;
        let hidden = ProfileChange::Show { fields: vec![Field::Photo], surface: Surface::Kiosk, shown: false };
        let is_shown = |profile: Profile| profile.fields.iter().any(|of| of.field == Field::Photo && !of.shown_on.is_empty());
        assert!(!is_shown(records.change(grant, hidden).unwrap()));
        let known = records.open(false);
        assert!(!is_shown(known.clone()) && records.open(true).member != known.member);
        assert!(records.change(grant, ProfileChange::Close).is_none(), "of a sheet that was opened again since");
    }
}
