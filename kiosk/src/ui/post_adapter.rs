//! `PostAdapter` of `ui/views/post_view.slint`.

use super::keys::{self, Keys, keystroke};
use super::{pixels, sync};
use crate::board::Touch;
use crate::board::needs::PostTouch;
use crate::board::typing::{Keystroke, Typed};
use crate::generated as g;
use crate::view_model::Screen;
use crate::view_model::keyboard;
use slint::{Global, ModelRc, SharedString, VecModel};
use std::rc::Rc;
use voisins_shared::need::Audience;

/// Fills the posting screen.
pub struct PostAdapter {
    keys: Keys,
    skills: Rc<VecModel<g::PostSkillData>>,
    skills_shown: Vec<(String, bool)>,
}

impl PostAdapter {
    pub fn new(window: &g::KioskWindow) -> Self {
        let (keys, skills) = (Keys::default(), Rc::new(VecModel::default()));
        let adapter = g::PostAdapter::get(window);
        adapter.set_keys(keys.keys());
        adapter.set_variants(keys.variants());
        adapter.set_skills(ModelRc::from(skills.clone()));
        Self { keys, skills, skills_shown: vec![] }
    }

    pub fn show(&mut self, window: &g::KioskWindow, screen: &Screen) {
        let adapter = g::PostAdapter::get(window);
        adapter.set_open(screen.post.is_some());
        let Some(post) = &screen.post else {
            adapter.set_text("".into());
            sync(&self.skills, &mut self.skills_shown, vec![], |_, _| false);
            return;
        };
        adapter.set_text(post.text.as_str().into());
        adapter.set_length(i32::try_from(post.length).unwrap_or(i32::MAX));
        adapter.set_audience(match post.audience {
            None => g::PostAudience::None,
            Some(Audience::Named) => g::PostAudience::Named,
            Some(Audience::Unnamed) => g::PostAudience::Unnamed,
            Some(Audience::Coordination) => g::PostAudience::Coordination,
        });
        adapter.set_guarded(post.guarded);
        adapter.set_edits(post.edits);
        adapter.set_ready(post.ready);
        adapter.set_keyboard(!post.keys.is_empty());
        adapter.set_keyboard_height(pixels(keyboard::height(screen.layout.small)));
        adapter.set_digits(keys::are_digits(&post.keys));
        adapter.set_capitals(keys::are_capitals(&post.keys));
        self.keys.show(&post.keys, &post.variants);
        let skill = |(skill, chosen): &(String, bool)| g::PostSkillData { skill: skill.as_str().into(), chosen: *chosen };
        let skills = post.skills.iter().map(|of| (of.clone(), skill(of))).collect();
        sync(&self.skills, &mut self.skills_shown, skills, |a, b| a.0 == b.0);
    }
}

/// What the posting screen's callbacks ask for.
pub fn connect(window: &g::KioskWindow, touch: &Rc<impl Fn(Touch) + 'static>) {
    let adapter = g::PostAdapter::get(window);
    let plain = |asks: PostTouch| {
        let touch = touch.clone();
        move || touch(Touch::Post(asks.clone()))
    };
    adapter.on_show(plain(PostTouch::Open));
    adapter.on_ask_for_help(plain(PostTouch::FromSearch));
    adapter.on_close(plain(PostTouch::Close));
    adapter.on_field(plain(PostTouch::Field));
    adapter.on_publish(plain(PostTouch::Publish));
    let word = |asks: fn(Typed) -> Keystroke| {
        let touch = touch.clone();
        move |text: SharedString| touch(Touch::Post(PostTouch::Key(asks(Typed(text.into())))))
    };
    adapter.on_held(word(Keystroke::Hold));
    adapter.on_variant(word(Keystroke::Variant));
    let asks = touch.clone();
    adapter.on_key(move |key| asks(Touch::Post(keystroke(key).map_or(PostTouch::Done, PostTouch::Key))));
    let asks = touch.clone();
    adapter.on_choose_skill(move |place| {
        if let Ok(place) = usize::try_from(place) {
            asks(Touch::Post(PostTouch::Skill(place)));
        }
    });
    let asks = touch.clone();
    adapter.on_choose_audience(move |audience| {
        let audience = match audience {
            g::PostAudience::Named => Audience::Named,
            g::PostAudience::Unnamed => Audience::Unnamed,
            g::PostAudience::Coordination | g::PostAudience::None => Audience::Coordination,
        };
        asks(Touch::Post(PostTouch::Audience(audience)));
    });
    let touch = touch.clone();
    adapter.on_touched(move || touch(Touch::Anywhere));
}
