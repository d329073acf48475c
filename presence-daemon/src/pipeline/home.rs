//! What other systems of the house ask for, and what they are told anew.

use super::Pipeline;
use crate::clock::Now;
use crate::control::Evacuation;
use crate::discovery::EVACUATION;
use crate::house::CommandError;
use crate::mqtt::{Document, Outgoing};
use crate::presence::{Alarm, Input};
use std::collections::BTreeSet;
use tracing::{debug, warn};
use voisins_shared::member::MemberId;
use voisins_shared::payload::{Evacuate, decode};
use voisins_shared::topic::Topic;

/// Who asks for an evacuation, in the log and on the list.
fn who_asks(by: Alarm) -> &'static str {
    match by {
        Alarm::Integration => "another system of the house, over MQTT",
        Alarm::Manager => "the manager",
    }
}

impl Pipeline {
    /// A command on `command/{name}`.
    pub(super) fn home_command(&mut self, name: &str, payload: &[u8]) {
        if name != EVACUATION {
            return debug!("an unknown command over MQTT");
        }
        match decode::<Evacuate>(payload) {
            Ok(Evacuate { active, .. }) => {
                let now = self.house.now();
                if let Err(error) = self.evacuate(active, Alarm::Integration, &now) {
                    warn!("an evacuation was asked for over MQTT and could not be written down: {error}");
                }
            }
            Err(error) => warn!("a command over MQTT that can't be read: {}", error.place()),
        }
    }

    /// The evacuation as the command line and the pages ask for it.
    pub(super) fn evacuation(&mut self, asked: Evacuation, now: &Now) -> Result<String, CommandError> {
        match asked {
            Evacuation::Begin | Evacuation::End => {
                self.evacuate(asked == Evacuation::Begin, Alarm::Manager, now)?;
            }
            Evacuation::Status => {}
        }
        Ok(match self.house.presence().evacuation().map(|since| since.wall) {
            Some(Some(since)) => format!("on since {}\n", since.to_zoned(self.house.presence().policy().zone().clone())),
            Some(None) => "on\n".to_owned(),
            None => "off\n".to_owned(),
        })
    }

    fn evacuate(&mut self, active: bool, by: Alarm, now: &Now) -> Result<(), CommandError> {
        let changes = self.house.presence().evacuation().is_some() != active;
        let decision = self.house.decide(&Input::Evacuate(active, by), now);
        self.settle(decision, now, None)?;
        if changes {
            let (does, who) = (if active { "begins" } else { "ends" }, who_asks(by));
            warn!("evacuation mode {does}, asked for by {who}");
        }
        if active && changes {
            // whoever leaves now stays on the list until they are found
            self.begin_roll_call(who_asks(by).to_owned(), now)?;
            self.keep_list();
        }
        Ok(())
    }

    /// Home Assistant came, or came back to the broker: it may have lost what it knew, and missed what was taken away meanwhile.
    pub(super) fn home_assistant_started(&mut self) {
        if self.session.is_none() {
            return;
        }
        let now = self.house.now();
        let view = self.view(&now);
        let members: BTreeSet<MemberId> = self.house.directory().home_names().chain(self.gone_from_home.iter().copied()).collect();
        let discovered = [Topic::Discovery].into_iter().chain(members.into_iter().map(Topic::MemberDiscovery));
        // what is not wanted is empty, which takes it away there
        let documents: Vec<Document> =
            discovered.filter_map(|topic| Some(Document { payload: view.render(&topic, 0)?, topic, mark: None })).collect();
        debug!("Home Assistant has started: {} documents are told again", documents.len());
        self.send(Outgoing::Changed(documents));
    }

    /// Those whose presence was told to the house's automation.
    pub(super) fn told_at_home(&self) -> impl Iterator<Item = MemberId> + '_ {
        self.published.keys().filter_map(|topic| match topic {
            Topic::AtHome(member) => Some(*member),
            _ => None,
        })
    }
}
