//! Members by command: paused, gone, forgotten.

use super::Pipeline;
use crate::clock::Now;
use crate::control::{Person, Reply};
use crate::directory::Standing;
use crate::house::{CommandError, Written};
use crate::presence::Outcome;
use crate::store::Anonymised;
use voisins_shared::member::MemberId;

impl Pipeline {
    pub(super) fn person_command(&mut self, ask: Person, now: &Now) -> Result<Reply, CommandError> {
        match ask {
            Person::Find { member } => return Ok(Reply::Text(format!("{}\n", self.house.find(&member)?))),
            Person::Suspend { member } => self.stands(&member, Standing::Suspended, now)?,
            Person::Resume { member } => self.stands(&member, Standing::Active, now)?,
            Person::Authentic { member, only } => {
                let member = self.house.find(&member)?;
                let written = self.house.set_authentic_only(member, only)?;
                self.tell_written(&written, now);
            }
            Person::Depart { member, reason } => {
                let member = self.house.find(&member)?;
                self.depart(member, &reason, now)?;
            }
            Person::Erase { member } => {
                let member = self.house.find(&member)?;
                let written = self.house.erase(member, now)?;
                // who they were may stand in what a kiosk has open
                self.forget_asked();
                self.armed.retain(|_, armed| armed.member != member);
                self.previews.clear();
                self.tell_written(&written, now);
            }
            Person::Anonymise => {
                return Ok(Reply::Text(match self.house.anonymise(now, true)? {
                    Anonymised::Done { events, visits } => format!("anonymised {visits} visits ({events} events)\n"),
                    Anonymised::Nothing | Anonymised::TooMuch { .. } => "nothing is old enough\n".to_owned(),
                }));
            }
        }
        Ok(Reply::Done)
    }

    fn stands(&mut self, member: &str, standing: Standing, now: &Now) -> Result<(), CommandError> {
        let member = self.house.find(member)?;
        let written = self.house.set_standing(member, standing)?;
        self.tell_written(&written, now);
        Ok(())
    }

    /// All they have open ends, one after the other; then they are gone. Done twice it is done once.
    fn depart(&mut self, member: MemberId, reason: &str, now: &Now) -> Result<(), CommandError> {
        let leaving = self.house.leaving(member);
        if leaving.balance != 0 && reason.trim().is_empty() {
            let what = format!("their balance is {} passes: say why it is set to 0", leaving.balance);
            return Err(CommandError::Impossible(what));
        }
        for input in self.house.farewell(&leaving, member, reason) {
            let decision = self.house.decide(&input, now);
            // what somebody else ended meanwhile is ended
            if let Outcome::NotDone(why) = self.settle(decision, now, None)? {
                tracing::debug!("a departure found nothing to end: {why}");
            }
        }
        if let Some(visit) = self.house.presence().visit_of(member).map(|visit| visit.id) {
            let decision = self.house.decide(&crate::presence::Input::Dismiss(visit), now);
            self.settle(decision, now, None)?;
        }
        let written = self.house.departs(member, now)?;
        self.tell_written(&written, now);
        Ok(())
    }

    pub(super) fn tell_written(&mut self, written: &Written, now: &Now) {
        self.publish(&written.dirty, Some(written.recorded.mark), now);
    }
}
