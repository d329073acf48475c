//! What waits for the first person: somebody they can help, somebody who can help them, and everything else that can.

use super::{arrival, first_name, member_id, person};
use crate::introduction::IntroductionId;
use crate::need::NeedId;
use crate::note::NoteId;
use crate::payload::{ForYou, Form, Greeted, KioskEvent, ProposedBy, Shown, Waits};
use uuid::Uuid;

fn need(n: u128) -> NeedId {
    NeedId(Uuid::from_u128(0x0064_656d_6f00_4000_a000_0000_0000_0000 + n))
}

fn introduction(n: u128) -> IntroductionId {
    IntroductionId(Uuid::from_u128(0x0064_656d_6f00_4000_b000_0000_0000_0000 + n))
}

fn greeted(n: usize) -> Greeted {
    Greeted { member: member_id(n), first_name: first_name(&person(n).0).to_owned() }
}

/// What *Voir* opens on [`match_arrival`].
#[must_use]
pub fn for_you() -> Vec<ForYou> {
    vec![
        ForYou::CanHelp {
            need: need(0),
            text: "Une affiche pour la projection de mon documentaire, d’ici deux semaines".to_owned(),
            asker: Some(greeted(5)),
            why: vec!["Affiches".to_owned(), "Identité visuelle".to_owned()],
        },
        ForYou::CanBeHelped {
            need: need(1),
            text: "Relire mes déclarations de taxes avant la fin du mois".to_owned(),
            helper: greeted(2),
            why: vec!["Comptabilité".to_owned(), "Taxes".to_owned()],
        },
    ]
}

/// Of each thing that can wait, one.
#[must_use]
pub fn all_for_you() -> Vec<ForYou> {
    let mut all = for_you();
    all.extend(proposals());
    all.extend(outcomes());
    all.extend(notes());
    all.extend([
        ForYou::Offered { need: need(2), text: "Un atelier pour sérigraphier des affiches".to_owned(), helper: Some(greeted(4)) },
        ForYou::Introduced { introduction: introduction(3), other: Some(greeted(2)), contact: None, about: None },
        ForYou::NotIntroduced { introduction: introduction(4), other: Some(greeted(7)) },
        ForYou::StillOpen { need: need(3), text: "Quelqu’un pour photographier mes sérigraphies".to_owned() },
        ForYou::Earned { passes: 2 },
    ]);
    all
}

/// An introduction that the coordination proposes.
#[must_use]
pub fn proposals() -> Vec<ForYou> {
    vec![ForYou::Proposed {
        introduction: introduction(0),
        other: Some(greeted(5)),
        by: ProposedBy::Coordination,
        about: Some("Une affiche pour la projection de mon documentaire".to_owned()),
    }]
}

/// A week after an introduction, and a thank-you.
#[must_use]
pub fn outcomes() -> Vec<ForYou> {
    vec![
        ForYou::LedSomewhere { introduction: introduction(1), other: Some(greeted(2)), can_thank: true },
        ForYou::Thanked { by: Some(greeted(6)) },
    ]
}

/// A shared interest, and a note.
#[must_use]
pub fn notes() -> Vec<ForYou> {
    vec![
        ForYou::Interest { neighbour: greeted(5), interest: "vinyles".to_owned() },
        ForYou::Note {
            note: NoteId(Uuid::from_u128(0x0064_656d_6f00_4000_c000_0000_0000_0000)),
            from: Some(greeted(2)),
            text: "Merci pour hier, le devis est accepté.".to_owned(),
            about: None,
        },
    ]
}

/// An arrival for which two things wait.
#[must_use]
pub fn match_arrival(present: u32) -> KioskEvent {
    waiting(present, 200, Waits { can_help: 1, can_be_helped: 1, ..Waits::default() })
}

/// An arrival for which [`all_for_you`] waits.
#[must_use]
pub fn full_arrival(present: u32) -> KioskEvent {
    waiting(present, 202, Waits { can_be_helped: 2, can_help: 1, introductions: 5, interests: 1, notes: 1, others: 2 })
}

fn waiting(present: u32, id: u128, waits: Waits) -> KioskEvent {
    let mut event = arrival(0, present, Form::Full);
    event.id = Uuid::from_u128(id);
    if let Shown::Greeting(greeting) = &mut event.shown {
        (greeting.for_you, greeting.waits) = (waits.total(), waits);
    }
    event
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greeting_counts_what_voir_opens() {
        for (event, items) in [(match_arrival(9), for_you()), (full_arrival(9), all_for_you())] {
            let Shown::Greeting(greeting) = event.shown else { panic!() };
            assert_eq!(greeting.for_you as usize, items.len());
        }
    }
}
