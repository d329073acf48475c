//! What a letter says, in its reader's language. Pure. Nobody is named but those who are introduced, and no need is quoted.

use super::Kind;
use crate::web::texts::Texts;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use voisins_shared::language::Language;

/// A letter to be sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The same through all tries.
    pub id: Uuid,
    #[allow(missing_docs)]
    pub kind: Kind,
    /// The address; none for a program.
    pub to: Option<String>,
    #[allow(missing_docs)]
    pub language: Language,
    /// Whom they are introduced to: both have agreed, and the other is still shown.
    pub other: Option<String>,
    /// The day it is about.
    pub day: Option<Date>,
    /// What waits for the coordination: its word, and how many.
    pub waits: Vec<(String, usize)>,
}

/// To whom it goes is told to nobody.
impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letter").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// As it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Written {
    pub subject: String,
    pub text: String,
}

/// Writes it. `title`: the space's name.
#[must_use]
pub fn write(letter: &Letter, title: &str) -> Written {
    let t = Texts::of(letter.language);
    let day = |key: &str| letter.day.map_or_else(String::new, |day| t.day(key, "day", &day));
    let (subject, said) = match letter.kind {
        Kind::Offer => (t.say("mail-offer-subject"), t.say("mail-offer")),
        Kind::Question => (t.say("mail-question-subject"), t.say("mail-question")),
        Kind::Introduced => {
            let with = letter.other.as_ref().map(|other| t.with("mail-introduced-with", &[("name", other.as_str().into())]));
            (t.say("mail-introduced-subject"), with.unwrap_or_else(|| t.say("mail-introduced")))
        }
        Kind::Expires => (t.say("mail-expires-subject"), day("mail-expires")),
        Kind::Digest | Kind::Webhook => {
            let lines: Vec<String> = letter
                .waits
                .iter()
                .map(|(what, count)| format!("- {}", t.count(&format!("mail-line-{what}"), "count", *count)))
                .collect();
            (day("mail-digest-subject"), format!("{}\n\n{}", t.say("mail-digest"), lines.join("\n")))
        }
    };
    let why = if matches!(letter.kind, Kind::Digest | Kind::Webhook) { "mail-why-coordination" } else { "mail-why" };
    let text = format!("{}\n\n{said}\n\n{}\n\n-- \n{}\n", t.say("mail-hello"), title, t.say(why));
    Written { subject: format!("{subject} · {title}"), text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::Sort;

    fn letter(kind: Kind, language: Language) -> Letter {
        Letter { id: Uuid::nil(), kind, to: None, language, other: None, day: Some(Date::constant(2026, 11, 26)), waits: vec![] }
    }

    #[test]
    fn every_letter_is_whole_in_both_languages() {
        for kind in Kind::ALL {
            for language in [Language::Fr, Language::En] {
                let Written { subject, text } = write(&letter(kind, language), "Espace Essai");
                assert!(subject.ends_with(" · Espace Essai") && subject.len() > 20, "{subject}");
                // a text that is missing would read as its key
                assert!(!text.contains("mail-") && !subject.contains("mail-") && !text.contains("{$"), "{text}");
            }
        }
    }

    #[test]
    fn a_name_stands_only_where_two_are_introduced() {
        let with =
            |kind| write(&Letter { other: Some("Zoé".to_owned()), ..letter(kind, Language::Fr) }, "Espace").text.contains("Zoé");
        let named: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| with(*kind)).collect();
        assert_eq!(named, [Kind::Introduced]);
    }

    #[test]
    fn what_waits_is_counted_line_by_line() {
        let waits = vec![("unanswered".to_owned(), 2), ("reader-down".to_owned(), 1)];
        let text = write(&Letter { waits, ..letter(Kind::Digest, Language::Fr) }, "Espace").text;
        assert!(text.contains("- 2 demandes sans réponse depuis trois jours\n- 1 lecteur en panne"), "{text}");
    }

    #[test]
    fn whatever_stands_on_a_faire_has_its_line() {
        for what in Sort::ALL.map(Sort::as_str).into_iter().chain(["given-up"]) {
            for language in [Language::Fr, Language::En] {
                let waits = vec![(what.to_owned(), 1)];
                let text = write(&Letter { waits, ..letter(Kind::Digest, language) }, "Espace").text;
                assert!(text.contains("- 1 ") && !text.contains("mail-line"), "{text}");
            }
        }
    }
}
