//! What waits for the first person: somebody they can help, and somebody who can help them.

use super::{arrival, first_name, member_id, person};
use crate::need::NeedId;
use crate::payload::{ForYou, Form, Greeted, KioskEvent, Shown};
use uuid::Uuid;

/// What *Voir* opens on [`match_arrival`].
#[must_use]
pub fn for_you() -> Vec<ForYou> {
    let need = |n: u128| NeedId(Uuid::from_u128(0x0064_656d_6f00_4000_a000_0000_0000_0000 + n));
    let greeted = |n: usize| Greeted { member: member_id(n), first_name: first_name(&person(n).0).to_owned() };
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

/// An arrival for which two things wait.
#[must_use]
pub fn match_arrival(present: u32) -> KioskEvent {
    let mut event = arrival(0, present, Form::Full);
    event.id = Uuid::from_u128(200);
    if let Shown::Greeting(greeting) = &mut event.shown {
        greeting.for_you = 2;
    }
    event
}
