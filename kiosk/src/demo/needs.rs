//! The board of the demonstration: whoever holds a badge is the first person of the list, and is told what the daemon would tell.

use jiff::Timestamp;
use uuid::Uuid;
use voisins_shared::demo;
use voisins_shared::need::{Audience, NeedId, OPEN_NEEDS, SKILLS_OF_A_NEED, need_text};
use voisins_shared::payload::{Needs, PublishedNeed, V, refusal};

/// What people look for, and whose it is.
pub struct NeedsBoard {
    /// As the kiosk gets it.
    pub document: Needs,
    /// What the hand at the screen put up, on the board or not.
    own: Vec<NeedId>,
}

impl NeedsBoard {
    /// The invented ones, as old as they should be at `now`.
    pub fn new(now: Timestamp) -> Self {
        Self { document: Needs { v: V, session: demo::session(), rev: 1, needs: demo::needs(now) }, own: vec![] }
    }

    /// Puts one up; the id takes it back, as an undo grant does.
    pub fn post(&mut self, text: &str, skills: Vec<String>, audience: Audience, now: Timestamp) -> Result<Uuid, &'static str> {
        let text = need_text(text).filter(|_| skills.len() <= SKILLS_OF_A_NEED).ok_or(refusal::BAD_NEED)?;
        if self.own.len() >= OPEN_NEEDS {
            return Err(refusal::TOO_MANY_NEEDS);
        }
        let id = NeedId(Uuid::new_v4());
        self.own.push(id);
        if audience != Audience::Coordination {
            let author = (audience == Audience::Named).then(|| demo::member_id(0));
            self.document
                .needs
                .insert(0, PublishedNeed { id, text, skills, author, space: false, passes: None, posted: Some(now) });
        }
        Ok(id.0)
    }

    /// Writes one's own anew.
    pub fn edit(&mut self, need: NeedId, text: &str, skills: Vec<String>, audience: Audience) -> Result<(), &'static str> {
        self.find(need)?;
        if !self.own.contains(&need) {
            return Err(refusal::NOT_YOURS);
        }
        let text = need_text(text).filter(|_| skills.len() <= SKILLS_OF_A_NEED).ok_or(refusal::BAD_NEED)?;
        self.document.needs.retain(|of| of.id != need || audience != Audience::Coordination);
        for of in self.document.needs.iter_mut().filter(|of| of.id == need) {
            (of.text, of.skills) = (text.clone(), skills.clone());
            of.author = (audience == Audience::Named).then(|| demo::member_id(0));
        }
        Ok(())
    }

    /// Takes one's own down.
    pub fn withdraw(&mut self, need: NeedId) -> Result<(), &'static str> {
        self.find(need)?;
        if !self.own.contains(&need) {
            return Err(refusal::NOT_YOURS);
        }
        self.undo(need.0);
        Ok(())
    }

    /// Offers help with one of the others.
    pub fn help(&self, need: NeedId) -> Result<(), &'static str> {
        self.find(need)?;
        if self.own.contains(&need) { Err(refusal::YOUR_OWN) } else { Ok(()) }
    }

    /// Takes back what was just put up.
    pub fn undo(&mut self, grant: Uuid) {
        let own = self.own.contains(&NeedId(grant));
        self.own.retain(|need| need.0 != grant);
        self.document.needs.retain(|need| !own || need.id.0 != grant);
    }

    fn find(&self, need: NeedId) -> Result<(), &'static str> {
        self.document.needs.iter().any(|of| of.id == need).then_some(()).ok_or(refusal::NO_SUCH_NEED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_answers_as_the_daemon_would() {
        let now = Timestamp::UNIX_EPOCH;
        let mut board = NeedsBoard::new(now);
        let others = board.document.needs.len();
        assert_eq!(board.post("  ", vec![], Audience::Named, now), Err(refusal::BAD_NEED));
        let own = NeedId(board.post("Un logo", vec![], Audience::Named, now).unwrap());
        board.post("Un mot à dire", vec![], Audience::Coordination, now).unwrap();
        assert_eq!(board.document.needs.len(), others + 1, "for the coordination only: on no board");
        board.post("Une affiche", vec![], Audience::Unnamed, now).unwrap();
        assert_eq!(board.post("Un de trop", vec![], Audience::Unnamed, now), Err(refusal::TOO_MANY_NEEDS));
        assert_eq!((board.help(own), board.help(demo::need_id(0))), (Err(refusal::YOUR_OWN), Ok(())));
        assert_eq!(board.withdraw(demo::need_id(0)), Err(refusal::NOT_YOURS));
        assert_eq!(board.edit(demo::need_id(0), "Un logo", vec![], Audience::Named), Err(refusal::NOT_YOURS));
        board.edit(own, "Deux logos", vec![], Audience::Unnamed).unwrap();
        let edited = board.document.needs.iter().find(|need| need.id == own).unwrap();
        assert_eq!((&*edited.text, edited.author), ("Deux logos", None));
        assert_eq!((board.withdraw(own), board.withdraw(own)), (Ok(()), Err(refusal::NO_SUCH_NEED)));
        board.undo(demo::need_id(0).0);
        assert_eq!(board.document.needs.len(), others + 1, "somebody else's can't be taken back");
    }
}
