//! What some of the people share beyond their trade: what a member's card can show.

use crate::payload::{Contact, Weekday};

/// What somebody invented shares besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct More {
    pub pronouns: Option<&'static str>,
    pub table: Option<&'static str>,
    pub looking_for: &'static [&'static str],
    pub email: Option<&'static str>,
    pub phone: Option<&'static str>,
    pub website: Option<&'static str>,
    pub usual_days: &'static [Weekday],
    /// When they came, on the day of the snapshots.
    pub since: Option<&'static str>,
}

impl More {
    /// How to reach them, if they share it.
    #[must_use]
    pub fn contact(&self) -> Option<Contact> {
        let text = |text: Option<&str>| text.map(str::to_owned);
        let contact = Contact { email: text(self.email), phone: text(self.phone), website: text(self.website) };
        Some(contact).filter(|contact| *contact != Contact::default())
    }
}

/// What the `n`th person shares besides; most share nothing more.
#[must_use]
pub fn more_of(n: usize) -> More {
    match n {
        0 => More {
            pronouns: Some("elle"),
            looking_for: &["Un atelier pour sérigraphier des affiches"],
            website: Some("https://maude.exemple.test"),
            ..More::default()
        },
        2 => More {
            table: Some("Près de la fenêtre"),
            email: Some("gisele@exemple.test"),
            since: Some("2024-10-23T08:30:00-04:00"),
            ..More::default()
        },
        // the one that the snapshots show
        3 => More { looking_for: &["Du temps calme jusqu’à midi"], ..More::default() },
        5 => More {
            pronouns: Some("il/lui"),
            table: Some("Table du fond"),
            looking_for: &["Une musique originale pour un court métrage"],
            email: Some("felix@exemple.test"),
            phone: Some("+1 514 555-0142"),
            website: Some("felix.exemple.test"),
            usual_days: &[Weekday::Tue, Weekday::Wed, Weekday::Thu],
            since: Some("2024-10-23T09:40:00-04:00"),
        },
        6 => More { usual_days: &[Weekday::Wed], email: Some("chiara@exemple.test"), ..More::default() },
        10 => More { usual_days: &[Weekday::Mon, Weekday::Wed], ..More::default() },
        15 => More { usual_days: &[Weekday::Tue, Weekday::Thu], email: Some("benjamin@exemple.test"), ..More::default() },
        _ => More::default(),
    }
}
