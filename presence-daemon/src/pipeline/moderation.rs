//! The manager's desk, by command. For the manager's eyes: with names and words.

use super::Pipeline;
use crate::clock::Now;
use crate::community::Step as Between;
use crate::community::moderation::Step;
use crate::control::Reply;
use crate::desk::{Moderate, TextSort};
use crate::house::CommandError;
use std::fmt::Write as _;
use voisins_shared::need::NeedId;
use voisins_shared::payload::Reported;

impl Pipeline {
    pub(super) fn moderate(&mut self, moderate: Moderate, now: &Now) -> Result<Reply, CommandError> {
        let step = match moderate {
            Moderate::List => return Ok(Reply::Text(self.desk())),
            Moderate::Hide { of, id } => Step::Hide(of.text(id)),
            Moderate::Restore { of, id } => Step::Restore(of.text(id)),
            Moderate::Approve { of: TextSort::Need, id } => Step::Approve(NeedId(id)),
            Moderate::Approve { of: TextSort::Event, id } => Step::Restore(TextSort::Event.text(id)),
            Moderate::Pause { member } => Step::Pause(self.house.find(&member)?),
            Moderate::Resume { member } => Step::Resume(self.house.find(&member)?),
            Moderate::ApproveFirst { on } => Step::ApproveFirst(on),
        };
        self.settle_step(Between::Moderation(step), now)?;
        Ok(Reply::Text(String::new()))
    }

    /// A line each: what was reported and how often, what is hidden, what waits, who is paused.
    fn desk(&self) -> String {
        let (community, directory) = (self.house.community(), self.house.directory());
        let name = |member| directory.member(member).map_or("?", |member| &*member.name);
        let words = |need| {
            let need = community.need(need);
            need.map_or(String::new(), |need| format!("{}  {}", need.author.map_or("-", name), need.draft.text))
        };
        let title = |event| community.agenda().event(event).map_or("", |event| &*event.words.title);
        let desk = community.moderation();
        let mut text = String::new();
        for what in desk.desk() {
            let state = if desk.is_hidden(what) { "hidden" } else { "shown" };
            let reports = desk.reports(what);
            if let Reported::Event { event } = what
                && community.awaits_approval(event)
            {
                let _ = writeln!(text, "event  {event}  waits to be approved  {}", title(event));
                continue;
            }
            let _ = match what {
                Reported::Need { need } => writeln!(text, "need  {need}  {state}, reports {reports}  {}", words(need)),
                Reported::Event { event } => writeln!(text, "event  {event}  {state}, reports {reports}  {}", title(event)),
            };
        }
        for need in desk.held() {
            let _ = writeln!(text, "need  {need}  waits to be approved  {}", words(need));
        }
        for member in desk.paused() {
            let number = directory.member(member).map_or("?".to_owned(), |member| member.number.to_string());
            let _ = writeln!(text, "member  {number}  paused  {}", name(member));
        }
        text
    }
}
