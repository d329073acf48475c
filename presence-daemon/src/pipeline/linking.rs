//! The linking agent's desk in its first form: who could help, introductions, notes to look at, the network. By command, for the
//! manager's eyes: with names.

use super::Pipeline;
use crate::clock::Now;
use crate::community::introductions::{self, Half, Introduction, Party};
use crate::community::{Side, Step, apart, notes};
use crate::contacts::{Contact, ContactId};
use crate::control::{Desk, Reply};
use crate::house::{CommandError, House};
use crate::neighbours::{Candidate, CandidateStanding, Who};
use uuid::Uuid;
use voisins_shared::introduction::IntroductionId;
use voisins_shared::member::MemberId;
use voisins_shared::payload::{Weekday, refusal};

impl Pipeline {
    /// Carries out a command of the desk.
    pub(super) fn linking(&mut self, ask: Desk, now: &Now) -> Result<Reply, CommandError> {
        match ask {
            Desk::Candidates { need } => {
                let found = self.house.candidates(need, now).ok_or_else(|| super::desk::no(refusal::NO_SUCH_NEED))?;
                Ok(Reply::Text(found.iter().map(|candidate| line(&self.house, candidate)).collect()))
            }
            Desk::Propose { need, asker, helper } => {
                let asker = asker.map(|asker| self.house.find(&asker)).transpose()?;
                let helper = match ContactId::parse(&helper) {
                    Some(contact) => Party::Contact(self.known(contact)?.id),
                    None => Party::Member(self.house.find(&helper)?),
                };
                let new = IntroductionId(Uuid::new_v4());
                let step = introductions::Step::Propose { need, asker, helper, new };
                self.settle_step(Step::Introduction(step), now)?;
                Ok(Reply::Text(format!("{new}\n")))
            }
            Desk::Introductions => {
                let all = self.house.community().introductions().list();
                Ok(Reply::Text(all.into_iter().map(|found| introduction(&self.house, found)).collect()))
            }
            Desk::CloseIntroduction { introduction } => {
                self.done(Step::Introduction(introductions::Step::Close(introduction)), now)
            }
            Desk::Avoid { pair: [a, b] } => {
                let pair = [self.house.find(&a)?, self.house.find(&b)?];
                self.done(Step::Apart(apart::Step::Avoid { by: None, pair }), now)
            }
            Desk::Allow { pair: [a, b] } => {
                let pair = [self.house.find(&a)?, self.house.find(&b)?];
                self.done(Step::Apart(apart::Step::Allow(pair)), now)
            }
            Desk::Notes => {
                let notes = self.house.community().notes().to_settle();
                Ok(Reply::Text(notes.into_iter().map(|found| note(&self.house, found)).collect()))
            }
            Desk::SettleNote { note } => self.done(Step::Note(notes::Step::Settle(note)), now).map_err(|error| match error {
                CommandError::Impossible(_) => {
                    let what = "no note with this id waits for you: `presence-daemon note reports` shows them";
                    CommandError::Impossible(what.to_owned())
                }
                other => other,
            }),
            Desk::AddContact { about, agreed_on } => {
                Ok(Reply::Text(format!("{}\n", self.house.add_contact(&about, agreed_on, now)?)))
            }
            Desk::Contacts => Ok(Reply::Text(self.house.contacts().iter().map(contact).collect())),
            Desk::RemoveContact { contact } => self.house.remove_contact(contact).map(|()| Reply::Done),
        }
    }

    fn done(&mut self, step: Step, now: &Now) -> Result<Reply, CommandError> {
        self.settle_step(step, now).map(|()| Reply::Done)
    }

    fn known(&self, id: ContactId) -> Result<&Contact, CommandError> {
        let none = || CommandError::Impossible(format!("no contact {id}: `presence-daemon contact list` shows them"));
        self.house.contact(id).ok_or_else(none)
    }
}

fn name(house: &House, member: MemberId) -> String {
    house.directory().member(member).map_or_else(|| "?".to_owned(), |member| format!("{} {}", member.number, member.name))
}

fn party(house: &House, party: Party) -> String {
    match party {
        Party::Member(member) => name(house, member),
        Party::Contact(id) => house.contact(id).map_or_else(|| format!("{id} ?"), |contact| format!("{id} {}", contact.about.name)),
    }
}

fn date(house: &House, at: &Now) -> String {
    at.wall.map_or_else(|| "-".to_owned(), |at| house.presence().policy().date_of(at).to_string())
}

/// Where they are, who, what of them fits, and in brackets what to know before proposing them.
fn line(house: &House, candidate: &Candidate) -> String {
    let (place, more) = match &candidate.who {
        Who::Here(_) => ("here", None),
        Who::Usually(_, days) => ("usually", Some(days.iter().map(|day| weekday(*day)).collect::<Vec<_>>().join(" "))),
        Who::Member(_) => ("member", None),
        Who::Contact(id) => ("network", house.contact(*id).map(|contact| format!("source: {}", contact.about.source))),
    };
    let why: Vec<&str> = candidate.why.iter().map(|why| why.text(house.concepts(), house.config().language)).collect();
    let why = if why.is_empty() { "-".to_owned() } else { why.join(", ") };
    let mut line = format!("{place}  {}  {why}", party(house, candidate.who.party()));
    let marks: Vec<String> = more.into_iter().chain(candidate.standing.iter().map(|mark| standing(*mark).to_owned())).collect();
    if !marks.is_empty() {
        line += &format!("  [{}]", marks.join("; "));
    }
    line + "\n"
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Mon",
        Weekday::Tue => "Tue",
        Weekday::Wed => "Wed",
        Weekday::Thu => "Thu",
        Weekday::Fri => "Fri",
        Weekday::Sat => "Sat",
        Weekday::Sun => "Sun",
    }
}

fn standing(standing: CandidateStanding) -> &'static str {
    match standing {
        CandidateStanding::Offered => "offered to help",
        CandidateStanding::Introduced => "introduced already",
        CandidateStanding::Proposed => "proposed already",
        CandidateStanding::Declined => "declined before",
        CandidateStanding::KeptApart => "kept apart",
        CandidateStanding::WantsQuiet => "wants nothing proposed this week",
        CandidateStanding::DoNotDisturb => "do not disturb",
        CandidateStanding::NotShown => "not shown on kiosks",
    }
}

/// Id, since when, how it stands, who and what they answered, what it led to. A no is told to nobody before the five days are over.
fn introduction(house: &House, found: &Introduction) -> String {
    let since = date(house, found.introduced.as_ref().unwrap_or(&found.proposed));
    let state = match (found.introduced.is_some(), found.ended, found.closed) {
        (true, ..) => "introduced",
        (_, true, _) => "ended",
        (.., true) => "closed",
        _ => "proposed",
    };
    let answer = |half: &Half| match half.accepted {
        Some(true) => "yes",
        Some(false) if found.ended => "no",
        _ => "-",
    };
    let [asker, helper] = [Side::Asker, Side::Helper].map(|side| answer(found.half(side)));
    let (id, of, to) = (found.id, name(house, found.asker), party(house, found.helper));
    let mut line = format!("{id}  {since}  {state}  {of} ({asker})  {to} ({helper})");
    if let Some(need) = found.need {
        line += &format!("  need {need}");
    }
    if let Some(led) = found.led() {
        line += &format!("  led to: {}", led.as_str());
    }
    line + "\n"
}

/// Id, since when, from whom, for whom, its words.
fn note(house: &House, note: &notes::Note) -> String {
    let to = note.to.map_or_else(|| "the coordination".to_owned(), |to| name(house, to));
    let why = if note.reported { "reported" } else { "for you" };
    let mut line = format!("{}  {}  {why}  {} to {to}: {}", note.id, date(house, &note.left), name(house, note.author), note.text);
    if let Some(need) = note.need {
        line += &format!("  need {need}");
    }
    line + "\n"
}

/// Number, name, what they can help with, how to reach them, source, since when.
fn contact(Contact { id, about, agreed_on }: &Contact) -> String {
    let skills = about.skills.join(", ");
    format!("{id}  {}  {skills}  {}  source: {}  agreed {agreed_on}\n", about.name, about.reach, about.source)
}
