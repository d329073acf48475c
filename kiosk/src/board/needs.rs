//! The board of needs: what people look for, a page at a time, who here could help, and posting one's own.
//!
//! Who could help is learnt when the board opens and when needs or members change, by the search that people use themselves, with the
//! author's words and then with each skill they named: so the number and the list behind it agree.

mod post;

pub use post::{Post, PostTouch};

use super::pages::PAGE_STAYS;
use super::search::Search;
use super::{Board, Now};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;
use voisins_shared::matching::Group;
use voisins_shared::member::MemberId;
use voisins_shared::need::NeedId;
use voisins_shared::payload::{Action, PublishedNeed, Reported, Request};
use voisins_shared::roster::Roster;
use voisins_shared::visit::Availability;

/// A finger on the board, or on the need at home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NeedsTouch {
    /// The need at home, or *Voir les 4 demandes*: opens the board.
    Open,
    /// *Fermer*.
    Close,
    /// *Précédent* (-1) or *Suivant* (1).
    Turn(isize),
    /// A need: all of it.
    Need(NeedId),
    /// *Fermer* on it.
    CloseNeed,
    /// *Je peux aider*.
    Help(NeedId),
    /// *C'est ma demande*: what its author can do with it.
    Own,
    /// *Modifier*, of one's own.
    Edit(NeedId),
    /// *C'est trouvé* (true) or *Retirer*, of one's own.
    Withdraw(NeedId, bool),
    /// *Signaler*.
    Report(NeedId),
    /// *2 personnes ici pourraient aider*: who they are.
    Who(NeedId),
}

/// Who could help, whoever is here, as a search for this text finds them. `Debug` doesn't say what for.
struct Able {
    text: String,
    members: Vec<MemberId>,
}

impl fmt::Debug for Able {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Able").field("members", &self.members.len()).finish_non_exhaustive()
    }
}

/// The board, open or not.
#[derive(Debug)]
pub struct Needs {
    is_open: bool,
    /// Pages turned; how many there are depends on the screen.
    turned: isize,
    opened: Option<NeedId>,
    /// *C'est ma demande* was touched on it.
    own: bool,
    post: Option<Post>,
    able: BTreeMap<NeedId, Vec<Able>>,
    /// Which one home shows, and until when.
    at_home: usize,
    turn_at: Duration,
}

impl Needs {
    pub(super) fn new(now: Now) -> Self {
        let turn_at = now.since_start + PAGE_STAYS;
        Self { is_open: false, turned: 0, opened: None, own: false, post: None, able: BTreeMap::new(), at_home: 0, turn_at }
    }

    /// Whether the board is on screen, or under what lies over it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Pages turned.
    #[must_use]
    pub fn turned(&self) -> isize {
        self.turned
    }

    /// The need that is shown whole.
    #[must_use]
    pub fn opened(&self) -> Option<NeedId> {
        self.opened
    }

    /// What its author can do is offered on the need that is shown whole. The screen doesn't know whose it is: the badge will.
    #[must_use]
    pub fn own(&self) -> bool {
        self.own && self.opened.is_some()
    }

    /// What is being written.
    #[must_use]
    pub fn post(&self) -> Option<&Post> {
        self.post.as_ref()
    }

    /// Goes home; nothing of it is kept.
    pub(super) fn close(&mut self) {
        (self.is_open, self.turned, self.opened, self.own, self.post) = (false, 0, None, false, None);
        self.able.clear();
    }

    /// Forgets what was being written.
    pub(super) fn forget_post(&mut self) {
        self.post = None;
    }

    /// What was written is posted: the board shows it.
    pub(super) fn posted(&mut self) {
        self.close();
        self.is_open = true;
    }

    /// The need that was shown whole is no longer.
    pub(super) fn close_need(&mut self) {
        self.opened = None;
    }

    /// Somebody is at the screen: the need at home stays a while longer.
    pub(super) fn handle_touch(&mut self, now: Now) {
        self.turn_at = now.since_start + PAGE_STAYS;
    }

    fn handle_timeout(&mut self, count: usize, now: Now) {
        if count < 2 {
            self.handle_touch(now);
        } else if now.since_start >= self.turn_at {
            self.at_home = (self.at_home + 1) % count;
            self.handle_touch(now);
        }
    }

    /// Who of the directory could help with what is on the board, whoever is here.
    fn learn(&mut self, search: &mut Search, roster: &Roster) {
        let Some(directory) = roster.directory().filter(|_| self.is_open) else {
            self.able.clear();
            return;
        };
        let index = search.index_of(directory);
        let able = |text: &String, author: Option<MemberId>| {
            let found = index.search(text).hits.into_iter().filter(|hit| hit.group == Group::CanHelp);
            let members = found.filter_map(|hit| Some(directory.members.get(hit.profile)?.id));
            Able { text: text.clone(), members: members.filter(|member| Some(*member) != author).collect() }
        };
        let of = |need: &PublishedNeed| [&need.text].into_iter().chain(&need.skills).map(|text| able(text, need.author)).collect();
        self.able = roster.needs().iter().map(|need| (need.id, of(need))).collect();
    }
}

impl Board {
    /// The board of needs.
    #[must_use]
    pub fn needs(&self) -> &Needs {
        &self.needs
    }

    /// What may be shown of it: nothing once names leave the screen.
    #[must_use]
    pub fn shown_needs(&self) -> &[PublishedNeed] {
        if self.connection.is_worth_showing() { self.roster.needs() } else { &[] }
    }

    /// The need that home shows now.
    #[must_use]
    pub fn need_at_home(&self) -> Option<&PublishedNeed> {
        let needs = self.shown_needs();
        needs.get(self.needs.at_home % needs.len().max(1))
    }

    /// How many here now could help with a need, by what they show: seen lately, and not to be left alone.
    #[must_use]
    pub fn helpers_here(&self, need: NeedId) -> usize {
        self.found_here(need).map_or(0, |(_, count)| count)
    }

    /// What to search for to find them, and how many they are.
    fn found_here(&self, need: NeedId) -> Option<(&str, usize)> {
        let able = self.needs.able.get(&need).filter(|_| self.connection.is_online())?;
        let may_help = |able: &Able| {
            let here = self.roster.present().filter(|(present, member)| {
                present.fresh && present.availability != Availability::DoNotDisturb && able.members.contains(&member.id)
            });
            here.count()
        };
        able.iter().map(|able| (&*able.text, may_help(able))).find(|(_, count)| *count > 0)
    }

    pub(super) fn handle_needs_touch(&mut self, touch: NeedsTouch, now: Now) -> Vec<Request> {
        match touch {
            NeedsTouch::Open => self.open_needs(),
            NeedsTouch::Close => self.needs.close(),
            NeedsTouch::Turn(by) => self.needs.turned += by,
            NeedsTouch::Need(need) => {
                (self.needs.opened, self.needs.own) = (Some(need), false);
                self.settle_needs();
            }
            NeedsTouch::CloseNeed => self.needs.opened = None,
            NeedsTouch::Help(need) => return self.ask_for_badge(Action::Help { need }, now),
            NeedsTouch::Own => self.needs.own = true,
            NeedsTouch::Edit(need) => self.edit_need(need),
            NeedsTouch::Withdraw(need, met) => return self.ask_for_badge(Action::WithdrawNeed { need, met }, now),
            NeedsTouch::Report(need) => {
                return self.ask_for_badge(Action::Report { what: Reported::Need { need } }, now);
            }
            NeedsTouch::Who(need) => {
                let text = self.found_here(need).map(|(text, _)| text.to_owned());
                if let Some(text) = text {
                    self.search.open_with(text, self.roster.directory());
                }
            }
        }
        vec![]
    }

    pub(super) fn open_needs(&mut self) {
        self.needs.is_open = true;
        self.learn_helpers();
    }

    /// Needs or members are others: what is closed meanwhile is not shown any more.
    pub(super) fn learn_helpers(&mut self) {
        self.needs.learn(&mut self.search, &self.roster);
        self.settle_needs();
    }

    /// Closes what is withdrawn, and everything of it when names leave the screen.
    pub(super) fn settle_needs(&mut self) {
        let opened = self.needs.opened;
        let is_there = |need: &NeedId| self.shown_needs().iter().any(|of| of.id == *need);
        self.needs.opened = opened.filter(is_there);
    }

    pub(super) fn needs_timeout(&mut self, now: Now) {
        let count = self.shown_needs().len();
        self.needs.handle_timeout(count, now);
        self.settle_needs();
    }

    pub(super) fn needs_poll(&self) -> Option<Duration> {
        (self.shown_needs().len() > 1).then_some(self.needs.turn_at)
    }
}
