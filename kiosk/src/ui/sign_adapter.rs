//! `SignAdapter` of `ui/overlays/sign_dialog.slint`.

use crate::board::sign::{STEPS, Why};
use crate::generated as g;
use crate::view_model::needs::Asker;
use crate::view_model::{Screen, SignAction, SignKind, SignScreen};
use slint::Global;
use voisins_shared::visit::Availability;

/// Fills the dialog that asks for a badge.
#[derive(Default)]
pub struct SignAdapter {
    shown: Option<SignScreen>,
}

impl SignAdapter {
    pub fn show(&mut self, window: &g::KioskWindow, screen: &Screen) {
        let adapter = g::SignAdapter::get(window);
        adapter.set_can_sign(screen.can_sign);
        if self.shown != screen.sign {
            adapter.set_sign(screen.sign.as_ref().map(data).unwrap_or_default());
            self.shown = screen.sign.clone();
        }
    }
}

fn data(sign: &SignScreen) -> g::SignData {
    g::SignData {
        request: sign.request.as_str().into(),
        kind: match sign.kind {
            SignKind::Awaited => g::SignKind::Awaited,
            SignKind::ArrivedFirst => g::SignKind::ArrivedFirst,
            SignKind::Busy => g::SignKind::Busy,
            SignKind::NoReader => g::SignKind::NoReader,
            SignKind::NotRecorded => g::SignKind::NotRecorded,
            SignKind::Again => g::SignKind::Again,
            SignKind::Done => g::SignKind::Done,
            SignKind::Undone => g::SignKind::Undone,
            SignKind::TooLate => g::SignKind::TooLate,
            SignKind::Refused(_) => g::SignKind::Refused,
        },
        why: match sign.kind {
            SignKind::Refused(why) => why.into(),
            _ => g::SignWhy::NotYet,
        },
        action: action(&sign.action),
        who: match &sign.action {
            SignAction::Help(Asker::Named(name, _)) | SignAction::Refer(Asker::Named(name, _)) => name.as_str().into(),
            SignAction::Introduce(name) | SignAction::Note(name) => name.as_str().into(),
            _ => "".into(),
        },
        left: f32::from(u16::try_from(sign.left).unwrap_or(0)) / f32::from(u16::try_from(STEPS).unwrap_or(1)),
        waiting: sign.waiting,
        can_undo: sign.can_undo,
    }
}

fn action(action: &SignAction) -> g::SignAction {
    match action {
        SignAction::Leave => g::SignAction::Leave,
        SignAction::Profile => g::SignAction::Profile,
        SignAction::Availability(Availability::Here) => g::SignAction::Here,
        SignAction::Availability(Availability::Open) => g::SignAction::Open,
        SignAction::Availability(Availability::DoNotDisturb) => g::SignAction::DoNotDisturb,
        SignAction::Post(true) => g::SignAction::Post,
        SignAction::Post(false) => g::SignAction::Confide,
        SignAction::Edit(true) => g::SignAction::Edit,
        SignAction::Edit(false) => g::SignAction::EditConfided,
        SignAction::Withdraw => g::SignAction::Withdraw,
        SignAction::Met => g::SignAction::Met,
        SignAction::Help(Asker::Named(..)) => g::SignAction::Help,
        SignAction::Help(Asker::Unnamed) => g::SignAction::HelpUnnamed,
        SignAction::Help(Asker::Space) => g::SignAction::HelpSpace,
        SignAction::Refer(Asker::Named(..)) => g::SignAction::Refer,
        SignAction::Refer(Asker::Unnamed | Asker::Space) => g::SignAction::ReferUnnamed,
        SignAction::Introduce(_) => g::SignAction::Introduce,
        SignAction::Note(_) => g::SignAction::Note,
        SignAction::Report => g::SignAction::Report,
        SignAction::Rsvp(true) => g::SignAction::Join,
        SignAction::Rsvp(false) => g::SignAction::StayAway,
        SignAction::ProposeEvent => g::SignAction::ProposeEvent,
        SignAction::Guest => g::SignAction::Guest,
        SignAction::Declare => g::SignAction::Declare,
        SignAction::Unknown => g::SignAction::Unknown,
    }
}

impl From<Why> for g::SignWhy {
    fn from(why: Why) -> Self {
        match why {
            Why::BadNeed => Self::BadNeed,
            Why::TooManyNeeds => Self::TooManyNeeds,
            Why::NeedGone => Self::NeedGone,
            Why::NotYours => Self::NotYours,
            Why::YourOwn => Self::YourOwn,
            Why::BadNote => Self::BadNote,
            Why::TooManyNotes => Self::TooManyNotes,
            Why::NoSuchMember => Self::NoSuchMember,
            Why::NotShown => Self::NotShown,
            Why::Yourself => Self::Yourself,
            Why::TooManyIntroductions => Self::TooManyIntroductions,
            Why::Already => Self::Already,
            Why::IntroductionOver => Self::IntroductionOver,
            Why::Paused => Self::Paused,
            Why::BadEvent => Self::BadEvent,
            Why::TooManyEvents => Self::TooManyEvents,
            Why::EventOver => Self::EventOver,
            Why::BadName => Self::BadName,
            Why::TooManyGuests => Self::TooManyGuests,
            Why::BadSkills => Self::BadSkills,
            Why::NotAllowed => Self::NotAllowed,
            Why::NotYet => Self::NotYet,
        }
    }
}
