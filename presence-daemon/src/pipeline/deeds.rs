//! The journal: what each command is called there, whoever gives it, and when its line is written. No command can be forgotten: the
//! matches below know them all.

use super::Pipeline;
use super::pages::{PageAsk, PageReply, accounts, door, events, journal, members, needs, todo};
use super::{muster, visits};
use crate::clock::Now;
use crate::control::{self, Ask, By, Desk, Evacuation, Event, Person, Reply};
use crate::deed::{About, AccountNo, Deed, Managed};
use crate::desk::{Moderate, Pass, TextSort};
use crate::house::CommandError;
use std::collections::BTreeMap;
use std::time::Duration;
use tracing::error;
use uuid::Uuid;
use voisins_shared::agenda::EventId;
use voisins_shared::need::NeedId;

/// A line of the journal that is written once its command was carried out.
#[derive(Debug)]
pub(super) struct Pending {
    deed: Deed,
    about: Option<About>,
    /// The account's name; its number may be made by the command itself.
    account: Option<String>,
}

/// Sign-ins that were refused, by account: a flood of guesses is a line each ten minutes, with how many there were.
#[derive(Debug, Default)]
pub(super) struct Refused(BTreeMap<Option<AccountNo>, Guesses>);

#[derive(Debug, Default)]
struct Guesses {
    unwritten: u32,
    written: Option<Duration>,
}

/// At most one line of refused sign-ins of an account in so long.
const BETWEEN_REFUSED: Duration = Duration::from_secs(600);

/// What a command is called in the journal, and whom it is about, as it was typed.
enum Whom<'a> {
    Nobody,
    Member(&'a str),
    Known(About),
    /// An account by its name.
    Account(&'a str),
}

use Whom::{Known, Member, Nobody};

fn named(ask: &Ask) -> Option<(Deed, Whom<'_>)> {
    Some(match ask {
        // a card that is held to a reader has its own events
        Ask::Tap { .. } => return None,
        Ask::Import { dry_run: true, .. } => return None,
        Ask::Import { dry_run: false, .. } => (Deed::MembersImported, Nobody),
        Ask::Export => (Deed::MembersExported, Nobody),
        Ask::Enrol { member, .. } => (Deed::BadgeEnrolled, Member(member)),
        Ask::Badges { .. } => return None,
        Ask::Badge { badge, .. } => (Deed::BadgeChanged, Known(About::Badge(*badge))),
        Ask::Need(control::Need::Post { member, .. }) => (Deed::NeedPosted, member.as_deref().map_or(Nobody, Member)),
        Ask::Need(control::Need::Edit { need, .. }) => (Deed::NeedEdited, Known(About::Need(*need))),
        Ask::Need(control::Need::Fulfil { need, .. }) => (Deed::NeedMet, Known(About::Need(*need))),
        Ask::Need(control::Need::Close { need }) => (Deed::NeedClosed, Known(About::Need(*need))),
        Ask::Pass(pass) => return of_passes(pass),
        Ask::Moderate(moderate) => return of_moderation(moderate),
        Ask::Measures | Ask::Needs => return None,
        Ask::Page(ask) => return of_pages(ask),
        Ask::Desk(desk) => return of_the_desk(desk),
        Ask::ImportCalendar(_) => (Deed::CalendarImported, Nobody),
        Ask::ForgetCalendar { .. } => (Deed::CalendarForgotten, Nobody),
        Ask::CancelEvent { event } => (Deed::EventCancelled, Known(About::Event(*event))),
        Ask::Event(event) => match event {
            Event::Put { .. } => (Deed::EventPut, Nobody),
            Event::Change { event, .. } => (Deed::EventChanged, Known(About::Event(*event))),
            Event::Confirm { event } => (Deed::EventConfirmed, Known(About::Event(*event))),
        },
        Ask::Person(person) => return of_people(person),
        Ask::Muster(ask) => match ask {
            muster::Ask::List => (Deed::ListSeen, Nobody),
            muster::Ask::Start => (Deed::RollCallBegun, Nobody),
            muster::Ask::Safe { .. } => (Deed::PersonSafe, Nobody),
            muster::Ask::End => (Deed::RollCallEnded, Nobody),
            muster::Ask::Pin { .. } => (Deed::PinSet, Nobody),
        },
        Ask::Visits(ask) => match ask {
            visits::Ask::Correct { .. } => (Deed::VisitCorrected, Nobody),
            visits::Ask::Cancel { .. } => (Deed::VisitCancelled, Nobody),
            visits::Ask::Add { member, .. } => (Deed::VisitAdded, member.as_deref().map_or(Nobody, Member)),
            visits::Ask::Left { .. } => (Deed::VisitEnded, Nobody),
        },
        Ask::Evacuation(Evacuation::Begin) => (Deed::EvacuationBegun, Nobody),
        Ask::Evacuation(Evacuation::End) => (Deed::EvacuationOver, Nobody),
        Ask::Evacuation(Evacuation::Status) => return None,
        Ask::Events | Ask::Calendars | Ask::ExportEvents | Ask::Guests | Ask::Declared | Ask::Status => return None,
    })
}

fn of_people(person: &Person) -> Option<(Deed, Whom<'_>)> {
    Some(match person {
        Person::Find { .. } => return None,
        Person::Suspend { member } => (Deed::MemberSuspended, Member(member)),
        Person::Resume { member } => (Deed::MemberResumed, Member(member)),
        Person::Authentic { member, .. } => (Deed::AuthenticSet, Member(member)),
        Person::Depart { member, .. } => (Deed::MemberDeparted, Member(member)),
        Person::Erase { member } => (Deed::MemberErased, Member(member)),
        Person::Anonymise => (Deed::VisitsAnonymised, Nobody),
    })
}

fn of_members(ask: &members::Ask) -> Option<(Deed, Whom<'_>)> {
    use members::Ask;
    Some(match ask {
        Ask::List { .. } | Ask::One { .. } | Ask::Codes | Ask::Preview { .. } | Ask::Leaving { .. } | Ask::Concepts { .. } => {
            return None;
        }
        Ask::Save { member: None, .. } => (Deed::MemberAdded, Nobody),
        Ask::Save { member: Some(member), .. } => (Deed::MemberChanged, Member(member)),
        Ask::Consent { member, .. } => (Deed::ConsentSet, Member(member)),
        Ask::Badge { member, .. } => (Deed::BadgeChanged, Member(member)),
        // the badge itself comes by a tap, which has its own events
        Ask::Arm { .. } | Ask::Disarm { .. } => return None,
        Ask::Photo { member, .. } => (Deed::PhotoSet, Member(member)),
        Ask::Apply { .. } => (Deed::MembersImported, Nobody),
        Ask::Person { person } => return of_people(person),
    })
}

fn of_passes(pass: &Pass) -> Option<(Deed, Whom<'_>)> {
    Some(match pass {
        Pass::Buy { member, .. } => (Deed::PassesBought, Member(member)),
        Pass::Correct { member, .. } => (Deed::PassesCorrected, Member(member)),
        Pass::Plan { member, .. } => (Deed::PlanSet, Member(member)),
        // each entry is a day on which they came
        Pass::List { member: Some(member) } => (Deed::HistorySeen, Member(member)),
        Pass::List { member: None } | Pass::Overuse => return None,
    })
}

fn of_moderation(moderate: &Moderate) -> Option<(Deed, Whom<'_>)> {
    let text = |of: &TextSort, id: &Uuid| {
        Known(match of {
            TextSort::Need => About::Need(NeedId(*id)),
            TextSort::Event => About::Event(EventId(*id)),
        })
    };
    Some(match moderate {
        Moderate::List => return None,
        Moderate::Hide { of, id } => (Deed::Hidden, text(of, id)),
        Moderate::Restore { of, id } => (Deed::Restored, text(of, id)),
        Moderate::Approve { of, id } => (Deed::Approved, text(of, id)),
        Moderate::Pause { member } => (Deed::PostingPaused, Member(member)),
        Moderate::Resume { member } => (Deed::PostingResumed, Member(member)),
        Moderate::ApproveFirst { on: true } => (Deed::ApprovalBegun, Nobody),
        Moderate::ApproveFirst { on: false } => (Deed::ApprovalEnded, Nobody),
    })
}

fn of_the_desk(desk: &Desk) -> Option<(Deed, Whom<'_>)> {
    Some(match desk {
        Desk::Candidates { .. } | Desk::Introductions | Desk::Notes | Desk::Contacts => return None,
        Desk::Propose { need, .. } => (Deed::IntroductionProposed, need.map_or(Nobody, |need| Known(About::Need(need)))),
        Desk::CloseIntroduction { introduction } => (Deed::IntroductionClosed, Known(About::Introduction(*introduction))),
        Desk::Avoid { pair } => (Deed::KeptApart, Member(&pair[0])),
        Desk::Allow { pair } => (Deed::LetMeet, Member(&pair[0])),
        Desk::SettleNote { note } => (Deed::NoteSettled, Known(About::Note(*note))),
        Desk::AddContact { .. } => (Deed::ContactAdded, Nobody),
        Desk::RemoveContact { contact } => (Deed::ContactRemoved, Known(About::Contact(*contact))),
    })
}

fn of_pages(ask: &PageAsk) -> Option<(Deed, Whom<'_>)> {
    match ask {
        PageAsk::Todo(todo::Ask::Inbox { .. }) => None,
        PageAsk::Todo(todo::Ask::Settle { .. }) => Some((Deed::Settled, Nobody)),
        PageAsk::Events(events::Ask::NewKey) => Some((Deed::FeedMoved, Nobody)),
        PageAsk::Events(events::Ask::List | events::Ask::Feed { .. }) => None,
        PageAsk::Moderation(_) | PageAsk::Readers(_) | PageAsk::Passes(_) | PageAsk::Network(_) | PageAsk::Visits(_) => None,
        // what a member does with their own has its own rows, and a letter that was sent its own
        PageAsk::Fiche(_) | PageAsk::Mail(_) | PageAsk::Integrations(_) => None,
        PageAsk::Door(ask) => match ask {
            // a refused sign-in is counted: see `Refused`
            door::Ask::Lives { .. } | door::Ask::Account { .. } | door::Ask::Refused { .. } | door::Ask::Code { .. } => None,
            door::Ask::Link => Some((Deed::LinkMade, Nobody)),
            door::Ask::Claim { name, .. } => Some((Deed::LinkUsed, Whom::Account(name))),
            door::Ask::SignedIn { name } => Some((Deed::SignedIn, Whom::Account(name))),
        },
        PageAsk::Accounts(ask) => match ask {
            accounts::Ask::List | accounts::Ask::Own { .. } => None,
            accounts::Ask::Invite { .. } => Some((Deed::LinkMade, Nobody)),
            accounts::Ask::Remove { account } => Some((Deed::AccountRemoved, Known(About::Account(*account)))),
            accounts::Ask::SetPassword { .. } => Some((Deed::PasswordChanged, Nobody)),
            // nothing counts before a code of it has come back
            accounts::Ask::DrawStep { .. } => None,
            accounts::Ask::ConfirmStep { .. } => Some((Deed::SecondStepOn, Nobody)),
            accounts::Ask::EndStep { .. } => Some((Deed::SecondStepOff, Nobody)),
            accounts::Ask::MakeBroker { .. } => Some((Deed::BrokerAccountMade, Nobody)),
            accounts::Ask::RemoveBroker { .. } => Some((Deed::BrokerAccountRemoved, Nobody)),
            accounts::Ask::Recovery { .. } => Some((Deed::RecoveryMade, Nobody)),
        },
        PageAsk::Journal(journal::Ask::Write { deed, about }) => Some((*deed, about.map_or(Nobody, Known))),
        PageAsk::Needs(needs::Ask::List | needs::Ask::One { .. } | needs::Ask::Introductions { .. }) => None,
        PageAsk::Members(ask) => of_members(ask),
    }
}

/// Whether a page's question was answered with yes.
fn was_done(reply: &Reply) -> bool {
    !matches!(
        reply,
        Reply::Refused(_)
            | Reply::Page(PageReply::Door(door::Reply::Claimed { done: false }) | PageReply::Accounts(accounts::Reply::Not(_)))
    )
}

impl Pipeline {
    /// The line that a command will have in the journal. Whom it is about is looked up before it is carried out: afterwards they may
    /// be erased.
    pub(super) fn deed(&self, ask: &Ask, by: &By) -> Option<Pending> {
        let (deed, whom) = named(ask)?;
        let by = match by {
            By::Account(name) => Some(name.clone()),
            By::CommandLine | By::Nobody => None,
        };
        let (about, account) = match whom {
            Nobody => (None, by),
            Known(about) => (Some(about), by),
            // one that can't be found is refused by the command itself
            Member(member) => (self.house.find(member).ok().map(About::Member), by),
            Whom::Account(name) => (None, Some(name.to_owned())),
        };
        Some(Pending { deed, about, account })
    }

    /// Writes a command's line in the journal, now that it was carried out. What is only to be seen is not shown without its line.
    pub(super) fn journalled(&mut self, reply: Reply, pending: Option<Pending>) -> Reply {
        let Some(Pending { deed, about, account }) = pending.filter(|_| was_done(&reply)) else { return reply };
        let number = account.map(|name| self.house.store().account_no(&name)).transpose();
        let wrote = number.and_then(|number| self.house.write_deed(Managed { account: number.flatten(), deed, about, times: 1 }));
        match wrote {
            Ok(()) => reply,
            Err(problem) if matches!(reply, Reply::Text(_)) => Reply::Error(problem.to_string()),
            Err(problem) => {
                error!("something was done that could not be written in the journal: {problem}");
                reply
            }
        }
    }

    /// A deed that no command of its own stands for.
    pub(super) fn write(&mut self, account: &str, deed: Deed) -> Result<(), CommandError> {
        let account = self.house.store().account_no(account)?;
        Ok(self.house.write_deed(Managed { account, deed, about: None, times: 1 })?)
    }

    /// Somebody gave a wrong password or code.
    pub(super) fn sign_in_refused(&mut self, name: &str, now: &Now) -> Result<(), CommandError> {
        let account = self.house.store().account_no(name)?;
        self.refused.0.entry(account).or_default().unwritten += 1;
        self.tell_refused(now);
        Ok(())
    }

    /// Writes down how many sign-ins were refused, if the last line about them is long enough ago.
    pub(super) fn tell_refused(&mut self, now: &Now) {
        let due = |guesses: &Guesses| {
            guesses.unwritten > 0 && guesses.written.is_none_or(|at| now.since_boot.saturating_sub(at) >= BETWEEN_REFUSED)
        };
        for (account, guesses) in self.refused.0.iter_mut().filter(|(_, guesses)| due(guesses)) {
            let managed = Managed { account: *account, deed: Deed::SignInRefused, about: None, times: guesses.unwritten };
            // a disk that refuses is told elsewhere; they are counted on
            if self.house.write_deed(managed).is_ok() {
                *guesses = Guesses { unwritten: 0, written: Some(now.since_boot) };
            }
        }
    }
}

#[cfg(test)]
mod tests;
