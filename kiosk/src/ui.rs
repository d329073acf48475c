//! The view model onto the window: the only place that touches what Slint generated. One adapter for each global of `ui/`.
//!
//! Models live as long as the window and are updated in place, by key: a changed card redraws that card and nothing else.

mod agenda_adapter;
mod dialog_adapter;
mod for_you_adapter;
mod guest_adapter;
mod header_adapter;
mod home_adapter;
mod keys;
mod lines_adapter;
mod lobby_adapter;
mod member_adapter;
mod muster_adapter;
mod needs_adapter;
mod post_adapter;
mod profile_adapter;
mod propose_adapter;
mod search_adapter;
mod side_adapter;
mod sign_adapter;
#[cfg(test)]
mod translation_tests;
mod writing_adapter;

use crate::board::Touch;
use crate::board::dialog::Press;
use crate::board::sign::SignPress;
use crate::generated::{self as g, DialogPress, HomeAdapter, KioskWindow, Theme};
use crate::photo::{PhotoKey, Photos};
use crate::view_model::Screen;
use crate::view_model::avatar::Avatar;
use slint::{Color, Global, Image, Model, VecModel};
use std::rc::Rc;
use uuid::Uuid;
use voisins_shared::language::Language;
use voisins_shared::payload::Action;
use voisins_shared::roster::Roster;
use voisins_shared::visit::Availability;

/// The window's adapters.
pub struct Ui {
    window: KioskWindow,
    language: Option<Language>,
    header: header_adapter::HeaderAdapter,
    home: home_adapter::HomeAdapter,
    search: search_adapter::SearchAdapter,
    side: side_adapter::SideAdapter,
    lines: lines_adapter::LinesAdapter,
    member: member_adapter::MemberAdapter,
    lobby: lobby_adapter::LobbyAdapter,
    needs: needs_adapter::NeedsAdapter,
    post: post_adapter::PostAdapter,
    writing: writing_adapter::WritingAdapter,
    agenda: agenda_adapter::AgendaAdapter,
    propose: propose_adapter::ProposeAdapter,
    guest: guest_adapter::GuestAdapter,
    dialog: dialog_adapter::DialogAdapter,
    sign: sign_adapter::SignAdapter,
    profile: profile_adapter::ProfileAdapter,
    for_you: for_you_adapter::ForYouAdapter,
    muster: muster_adapter::MusterAdapter,
}

impl Ui {
    /// Takes over a window; its touches go to `touch`.
    pub fn new(window: KioskWindow, dark: bool, touch: impl Fn(Touch) + 'static) -> Self {
        Theme::get(&window).set_dark(dark);
        connect(&window, Rc::new(touch));
        Self {
            language: None,
            header: header_adapter::HeaderAdapter::default(),
            home: home_adapter::HomeAdapter::new(&window),
            search: search_adapter::SearchAdapter::new(&window),
            side: side_adapter::SideAdapter::default(),
            lines: lines_adapter::LinesAdapter::new(&window),
            member: member_adapter::MemberAdapter::default(),
            lobby: lobby_adapter::LobbyAdapter::new(&window),
            needs: needs_adapter::NeedsAdapter::new(&window),
            post: post_adapter::PostAdapter::new(&window),
            writing: writing_adapter::WritingAdapter::new(&window),
            agenda: agenda_adapter::AgendaAdapter::new(&window),
            propose: propose_adapter::ProposeAdapter::new(&window),
            guest: guest_adapter::GuestAdapter::new(&window),
            dialog: dialog_adapter::DialogAdapter::default(),
            sign: sign_adapter::SignAdapter::default(),
            profile: profile_adapter::ProfileAdapter::new(&window),
            for_you: for_you_adapter::ForYouAdapter::new(&window),
            muster: muster_adapter::MusterAdapter::new(&window),
            window,
        }
    }

    /// Shows a screen; only what differs from the one before is set.
    pub fn show(&mut self, screen: &Screen, faces: &mut Faces) {
        if self.language.replace(screen.language) != Some(screen.language) {
            // English is the language that the sentences are written in
            let code = if screen.language == Language::En { "" } else { screen.language.code() };
            if let Err(error) = slint::select_bundled_translation(code) {
                tracing::error!("no translation for {code}: {error}");
            }
        }
        self.header.show(&self.window, screen);
        self.home.show(&self.window, screen, faces);
        self.search.show(&self.window, screen, faces);
        self.side.show(&self.window, screen);
        self.lines.show(&self.window, screen, faces);
        self.member.show(&self.window, screen, faces);
        self.lobby.show(&self.window, screen);
        self.needs.show(&self.window, screen, faces);
        self.post.show(&self.window, screen);
        self.writing.show(&self.window, screen);
        self.agenda.show(&self.window, screen);
        self.propose.show(&self.window, screen);
        self.guest.show(&self.window, screen);
        self.dialog.show(&self.window, screen, faces);
        self.sign.show(&self.window, screen);
        self.profile.show(&self.window, screen, faces);
        self.for_you.show(&self.window, screen, faces);
        self.muster.show(&self.window, screen);
    }
}

fn connect(window: &KioskWindow, touch: Rc<impl Fn(Touch) + 'static>) {
    search_adapter::connect(window, &touch);
    member_adapter::connect(window, &touch);
    profile_adapter::connect(window, &touch);
    for_you_adapter::connect(window, &touch);
    needs_adapter::connect(window, &touch);
    post_adapter::connect(window, &touch);
    writing_adapter::connect(window, &touch);
    agenda_adapter::connect(window, &touch);
    propose_adapter::connect(window, &touch);
    guest_adapter::connect(window, &touch);
    muster_adapter::connect(window, &touch);
    let home = HomeAdapter::get(window);
    let dialog = g::DialogAdapter::get(window);
    home.on_touched({
        let touch = touch.clone();
        move || touch(Touch::Anywhere)
    });
    home.on_choose_skill({
        let touch = touch.clone();
        move |skill| touch(Touch::Skill(skill.into()))
    });
    home.on_show_skills_from({
        let touch = touch.clone();
        move |first| touch(Touch::SkillsFrom(usize::try_from(first).unwrap_or(0)))
    });
    home.on_turn_page({
        let touch = touch.clone();
        move |by| touch(if by < 0 { Touch::PreviousPage } else { Touch::NextPage })
    });
    g::HeaderAdapter::get(window).on_choose_language({
        let touch = touch.clone();
        move |code| {
            if let Some(language) = Language::from_code(&code) {
                touch(Touch::Language(language));
            }
        }
    });
    dialog.on_touched({
        let touch = touch.clone();
        move || touch(Touch::Anywhere)
    });
    let sign = g::SignAdapter::get(window);
    sign.on_leave({
        let touch = touch.clone();
        move || touch(Touch::Sign(Action::Leave))
    });
    sign.on_open_profile({
        let touch = touch.clone();
        move || touch(Touch::Sign(Action::Profile))
    });
    sign.on_touched({
        let touch = touch.clone();
        move || touch(Touch::Anywhere)
    });
    sign.on_press({
        let touch = touch.clone();
        move |request, press| {
            if let Ok(request) = Uuid::try_parse(&request) {
                touch(Touch::Signing { request, press: press.into() });
            }
        }
    });
    dialog.on_press(move |event, press| {
        if let Ok(event) = Uuid::try_parse(&event) {
            touch(Touch::Dialog { event, press: press.into() });
        }
    });
}

impl From<DialogPress> for Press {
    fn from(press: DialogPress) -> Self {
        match press {
            DialogPress::Stay => Self::Stay,
            DialogPress::Leave => Self::Leave,
            DialogPress::Undo => Self::Undo,
            DialogPress::Here => Self::Availability(Availability::Here),
            DialogPress::Open => Self::Availability(Availability::Open),
            DialogPress::DoNotDisturb => Self::Availability(Availability::DoNotDisturb),
            DialogPress::Guest => Self::Guest,
            DialogPress::Choose => Self::Offer(true),
            DialogPress::NotNow => Self::Offer(false),
            DialogPress::See => Self::See,
            DialogPress::Close => Self::Close,
        }
    }
}

impl From<g::SignPress> for SignPress {
    fn from(press: g::SignPress) -> Self {
        match press {
            g::SignPress::Cancel => Self::Cancel,
            g::SignPress::Again => Self::Again,
            g::SignPress::Undo => Self::Undo,
            g::SignPress::Close => Self::Close,
        }
    }
}

impl From<Availability> for g::Availability {
    fn from(availability: Availability) -> Self {
        match availability {
            Availability::Here => Self::Here,
            Availability::Open => Self::Open,
            Availability::DoNotDisturb => Self::DoNotDisturb,
        }
    }
}

/// Finds the picture of a face, or asks for it.
pub struct Faces<'a> {
    /// The photos that are ready.
    pub photos: &'a mut Photos,
    /// Where the payloads lie.
    pub roster: &'a Roster,
    /// Physical pixels for one logical.
    pub scale: f32,
}

/// A face as an adapter compares it: drawn at a size, with its photo or still without.
#[derive(Debug, Clone, PartialEq)]
struct FaceKey {
    avatar: Avatar,
    size: u32,
    photo: bool,
}

impl Faces<'_> {
    /// The face at a diameter in logical pixels.
    fn face(&mut self, avatar: &Avatar, diameter: u32) -> (FaceKey, g::Face) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)] // a few hundred pixels
        let size = (diameter as f32 * self.scale).round() as u32;
        let pixels = avatar.photo.as_ref().and_then(|hash| {
            let key = PhotoKey { member: avatar.member, hash: hash.clone(), size };
            self.photos.get(&key, self.roster.photo(avatar.member))
        });
        let [_, r, g, b] = avatar.colour.to_be_bytes();
        let face = g::Face {
            initials: avatar.initials.as_str().into(),
            colour: Color::from_rgb_u8(r, g, b),
            has_photo: pixels.is_some(),
            photo: pixels.clone().map(Image::from_rgba8_premultiplied).unwrap_or_default(),
        };
        (FaceKey { avatar: avatar.clone(), size, photo: pixels.is_some() }, face)
    }
}

#[allow(clippy::cast_precision_loss)] // screens have a few thousand pixels
fn pixels(length: u32) -> f32 {
    length as f32
}

/// Brings a model to `new` with as few changes as needed: rows are recognised by their key and stay themselves while they move.
fn sync<T: PartialEq, R: Clone + 'static>(
    model: &VecModel<R>,
    held: &mut Vec<T>,
    new: Vec<(T, R)>,
    same: impl Fn(&T, &T) -> bool,
) -> usize {
    let mut operations = 0;
    let keys: Vec<&T> = new.iter().map(|(key, _)| key).collect();
    let mut at = 0;
    while at < held.len() {
        if keys.iter().any(|key| same(key, &held[at])) {
            at += 1;
        } else {
            held.remove(at);
            model.remove(at);
            operations += 1;
        }
    }
    for (at, (key, row)) in new.into_iter().enumerate() {
        if let Some(from) = (at..held.len()).find(|&from| same(&held[from], &key)) {
            if from != at {
                held.remove(from);
                model.remove(from);
            } else {
                if held[at] != key {
                    held[at] = key;
                    model.set_row_data(at, row);
                    operations += 1;
                }
                continue;
            }
        }
        held.insert(at, key);
        model.insert(at, row);
        operations += 1;
    }
    operations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: &[(u8, char)], to: &[(u8, char)], operations: usize) {
        let model = VecModel::from(from.to_vec());
        let mut held = from.to_vec();
        let new = to.iter().map(|row| (*row, *row)).collect();
        assert_eq!(sync(&model, &mut held, new, |a, b| a.0 == b.0), operations);
        assert_eq!(model.iter().collect::<Vec<_>>(), to);
        assert_eq!(held, to);
    }

    #[test]
    fn a_model_is_updated_in_place_by_key() {
        let abc = [(1, 'a'), (2, 'b'), (3, 'c')];
        check(&abc, &abc, 0);
        check(&abc, &[(1, 'a'), (2, 'x'), (3, 'c')], 1);
        check(&abc, &[(9, 'n'), (1, 'a'), (2, 'b'), (3, 'c')], 1);
        check(&abc, &[(9, 'n'), (1, 'a'), (2, 'b')], 2);
        check(&abc, &[(2, 'b'), (3, 'c')], 1);
        check(&abc, &[(3, 'c'), (1, 'a'), (2, 'b')], 1);
        check(&abc, &[], 3);
        check(&[], &abc, 3);
    }
}
