//! A need that is being written. What is typed is nobody's business until it is signed: `Debug` doesn't say it.

use crate::board::typing::{Keystroke, Typing};
use crate::board::{Board, Now};
use std::fmt;
use voisins_shared::language::Language;
use voisins_shared::matching::{ConceptId, Index};
use voisins_shared::need::{Audience, LONGEST_NEED, NeedId, SKILLS_OF_A_NEED, need_text};
use voisins_shared::payload::{Action, PublishedNeed, Request};

/// A finger on the posting screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostTouch {
    /// *Je cherche…*
    Open,
    /// *Demander de l’aide*, from the search: with what is typed there.
    FromSearch,
    /// *Annuler*: forgets it.
    Close,
    /// The field: brings the keyboard back.
    Field,
    /// A key.
    Key(Keystroke),
    /// *Suite*: the keyboard makes room.
    Done,
    /// A skill, by its place: take it, or leave it.
    Skill(usize),
    /// One of three audiences.
    Audience(Audience),
    /// *Publier*.
    Publish,
}

/// What is being written.
#[derive(Default)]
pub struct Post {
    typing: Typing,
    keyboard: bool,
    skills: Vec<(ConceptId, bool)>,
    audience: Option<Audience>,
    /// The author chose the audience; the text chooses nothing any more.
    by_hand: bool,
    is_sensitive: bool,
    /// *Modifier*: the need that it is written anew for.
    edits: Option<NeedId>,
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Post").field("keyboard", &self.keyboard).finish_non_exhaustive()
    }
}

impl Post {
    fn new(text: String) -> Self {
        let mut post = Self { keyboard: true, ..Self::default() };
        post.typing.set(text.chars().take(LONGEST_NEED).collect());
        post.understand();
        post
    }

    /// What stands on the board, to be changed.
    fn of(need: &PublishedNeed) -> Self {
        let mut post = Self { keyboard: true, edits: Some(need.id), by_hand: true, ..Self::default() };
        post.audience = Some(if need.author.is_some() { Audience::Named } else { Audience::Unnamed });
        post.typing.set(need.text.clone());
        let concepts = crate::concepts::current();
        let named = |skill: &String| {
            let is_called = |label: &str| label.eq_ignore_ascii_case(skill);
            concepts.iter().find(|(_, concept)| Language::ALL.iter().any(|language| is_called(concept.label(*language))))
        };
        post.skills = need.skills.iter().filter_map(named).map(|(id, _)| (id, true)).collect();
        post.understand();
        post
    }

    /// Whether it changes a need that is on the board.
    #[must_use]
    pub fn edits(&self) -> bool {
        self.edits.is_some()
    }

    /// The text under the hand.
    #[must_use]
    pub fn typing(&self) -> &Typing {
        &self.typing
    }

    /// Whether the keyboard is there.
    #[must_use]
    pub fn keyboard(&self) -> bool {
        self.keyboard
    }

    /// Skills that the text may mean, and whether each is taken.
    #[must_use]
    pub fn skills(&self) -> &[(ConceptId, bool)] {
        &self.skills
    }

    /// Who may read it, once that is chosen.
    #[must_use]
    pub fn audience(&self) -> Option<Audience> {
        self.audience
    }

    /// The text chose the audience: asking for it in public could hurt.
    #[must_use]
    pub fn is_guarded(&self) -> bool {
        self.is_sensitive && !self.by_hand
    }

    /// Whether it can be posted as it is.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.audience.is_some() && need_text(self.typing.text()).is_some()
    }

    fn type_key(&mut self, key: Keystroke) {
        self.typing.handle_key(key, LONGEST_NEED);
        self.understand();
    }

    /// What the text may mean: a few skills beside those taken, and whether it had better not be read by all.
    fn understand(&mut self) {
        let concepts = crate::concepts::current();
        let meant = match self.typing.text().trim() {
            "" => vec![],
            text => Index::new(concepts.clone(), []).search(text).concepts,
        };
        self.skills.retain(|(_, taken)| *taken);
        for concept in meant.iter().copied() {
            if self.skills.len() < SKILLS_OF_A_NEED && self.skills.iter().all(|(known, _)| *known != concept) {
                self.skills.push((concept, false));
            }
        }
        self.is_sensitive =
            meant.iter().take(SKILLS_OF_A_NEED).any(|concept| concepts.get(*concept).is_some_and(|concept| concept.sensitive));
        if !self.by_hand {
            self.audience = self.is_sensitive.then_some(Audience::Coordination);
        }
    }
}

impl Board {
    pub(in crate::board) fn handle_post_touch(&mut self, touch: PostTouch, now: Now) -> Vec<Request> {
        match touch {
            PostTouch::Open => {
                self.open_needs();
                // without news nothing can be posted, and the board says so
                self.needs.post = self.connection.is_online().then(|| Post::new(String::new()));
                return vec![];
            }
            PostTouch::FromSearch => {
                self.needs.post = Some(Post::new(self.search.text().to_owned()));
                return vec![];
            }
            PostTouch::Close => {
                self.needs.post = None;
                return vec![];
            }
            PostTouch::Publish => return self.publish(now),
            _ => {}
        }
        let Some(post) = &mut self.needs.post else { return vec![] };
        if !matches!(touch, PostTouch::Key(_)) {
            post.typing.let_go();
        }
        match touch {
            PostTouch::Key(key) => post.type_key(key),
            PostTouch::Field => post.keyboard = true,
            PostTouch::Done => post.keyboard = false,
            PostTouch::Skill(place) => {
                if let Some((_, taken)) = post.skills.get_mut(place) {
                    *taken = !*taken;
                }
            }
            PostTouch::Audience(audience) => (post.audience, post.by_hand) = (Some(audience), true),
            PostTouch::Open | PostTouch::FromSearch | PostTouch::Close | PostTouch::Publish => {}
        }
        vec![]
    }

    /// *Modifier*: opens what stands on the board.
    pub(super) fn edit_need(&mut self, need: NeedId) {
        let shown = self.shown_needs().iter().find(|of| of.id == need);
        self.needs.post = shown.filter(|_| self.connection.is_online()).map(Post::of);
    }

    /// Asks for the badge. What is written stays until it is signed, or until nobody is there any more.
    fn publish(&mut self, now: Now) -> Vec<Request> {
        let language = self.language();
        let Some(post) = self.needs.post.as_ref().filter(|post| post.is_ready()) else { return vec![] };
        let (Some(text), Some(audience)) = (need_text(post.typing.text()), post.audience) else { return vec![] };
        let concepts = crate::concepts::current();
        let taken = post.skills.iter().filter(|(_, taken)| *taken);
        let skills = taken.map(|(concept, _)| concepts.label(*concept, language).to_owned()).collect();
        let action = match post.edits {
            Some(need) => Action::EditNeed { need, text, skills, audience },
            None => Action::PostNeed { text, skills, audience },
        };
        self.ask_for_badge(action, now)
    }
}
