//! What a person reads who writes badges: each sentence says where they are, and how to go on.

use voisins_shared::language::Language;

/// Something to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Writing<'a> {
    /// A card is awaited on this reader.
    Hold(&'a str),
    /// What will be done to this sort of card, in so many steps.
    Plan {
        /// Its name on the datasheet.
        kind: &'a str,
        /// How many changes are missing.
        steps: usize,
        /// It was begun before.
        begun: bool,
        /// Keys of it are among them.
        keys: bool,
        /// Phones are led to a page.
        page: bool,
    },
    /// Yes or no?
    Confirm,
    /// A step of so many was taken.
    Step(usize, usize),
    /// All is done.
    Done,
    /// It was done before.
    Already,
    /// Somebody said no.
    Aborted,
    /// The card went away in the middle.
    Interrupted,
    /// It is no card that can prove itself.
    NoSuchCard,
    /// Of another sort than was said.
    OtherKind(&'a str),
    /// A key of it is somebody else's.
    Locked,
    /// It says the UID of a badge that has proved itself, and holds a blank card's keys.
    Copy,
    /// The daemon doesn't know the key that would be written.
    OtherKeyFile,
    /// The card refuses a step, with these status words.
    Refused(&'a str),
    /// Another program has it.
    Busy,
    /// No card came.
    NobodyCame,
    /// Which reader? There are these.
    WhichReader(&'a str),
    /// The key that it was begun under is gone from the key file.
    KeyGone(u32),
}

impl Writing<'_> {
    /// The sentence.
    #[must_use]
    pub fn say(&self, language: Language) -> String {
        let [french, english]: [String; 2] = match self {
            Self::Hold(reader) => [
                format!("Posez une carte neuve sur le lecteur «\u{a0}{reader}\u{a0}», et laissez-la."),
                format!("Put a new card on the reader “{reader}”, and leave it there."),
            ],
            Self::Plan { kind, steps, begun, keys, page } => plan(kind, *steps, *begun, (*keys, *page)),
            Self::Confirm => both("Écrire cette carte? (oui/non) ", "Write this card? (yes/no) "),
            Self::Step(at, all) => [format!("Étape {at} sur {all}\u{a0}: faite"), format!("Step {at} of {all}: done")],
            Self::Done => both(
                "La carte est prête. Retirez-la. Présentez-la ensuite deux fois à un lecteur pour en faire un badge (presence-daemon badge enrol, ou la page du membre).",
                "The card is ready. Take it away. Then hold it to a reader twice to make it a badge (presence-daemon badge enrol, or the member's page).",
            ),
            Self::Already => {
                both("Cette carte est déjà écrite\u{a0}: rien à faire.", "This card is written already: nothing to do.")
            }
            Self::Aborted => both("Rien n’a été écrit.", "Nothing was written."),
            Self::Interrupted => both(
                "La carte n’a pas répondu jusqu’au bout. Rien n’est perdu\u{a0}: reposez la même carte et relancez la même commande, elle continue où elle s’est arrêtée",
                "The card did not answer to the end. Nothing is lost: put the same card back and run the same command again, it goes on where it stopped",
            ),
            Self::NoSuchCard => both(
                "Cette carte ne peut pas prouver qu’elle n’est pas une copie. Prenez une carte NTAG 424 DNA ou MIFARE DESFire EV1, EV2 ou EV3",
                "This card can't prove that it is no copy. Take an NTAG 424 DNA, or a MIFARE DESFire EV1, EV2 or EV3",
            ),
            Self::OtherKind(kind) => [
                format!("Cette carte est une {kind}. Changez --kind, ou prenez une autre carte"),
                format!("This card is a {kind}. Change --kind, or take another card"),
            ],
            Self::Locked => both(
                "Cette carte a une clé que nous ne connaissons pas\u{a0}: elle n’est pas neuve, ou vient d’un autre lieu. Rien n’a été écrit. Prenez une carte neuve, ou restaurez authentic.key si elle était à nous",
                "This card has a key that we don't know: it is not new, or comes from another place. Nothing was written. Take a new card, or restore authentic.key if it was ours",
            ),
            Self::Copy => both(
                "Cette carte se présente comme un badge qui a déjà fait ses preuves, et n’en a pas les clés\u{a0}: sans doute une copie. Rien n’a été écrit. Prenez une carte neuve",
                "This card says to be a badge that has proved itself before, and lacks its keys: most likely a copy. Nothing was written. Take a new card",
            ),
            Self::OtherKeyFile => both(
                "Le service ne connaît pas la clé de authentic.key. Si le fichier est le bon, redémarrez le service (systemctl restart voisins-daemon), puis relancez la commande; sinon, restaurez-le. Rien n’a été écrit",
                "The service doesn’t know the key in authentic.key. If the file is the right one, restart the service (systemctl restart voisins-daemon) and run the command again; if not, restore it. Nothing was written",
            ),
            Self::Refused(words) => [
                format!(
                    "La carte refuse ({words})\u{a0}: qui l’a émise l’a verrouillée, ou elle est pleine. Prenez une carte neuve"
                ),
                format!("The card refuses ({words}): its issuer has locked it, or it is full. Take a new card"),
            ],
            Self::Busy => both(
                "Un autre programme tient cette carte. Fermez-le, puis relancez la commande",
                "Another program holds this card. Close it, then run the command again",
            ),
            Self::NobodyCame => both(
                "Aucune carte en une minute. Relancez la commande, la carte en main",
                "No card within a minute. Run the command again with the card at hand",
            ),
            Self::WhichReader(readers) => [
                format!("Quel lecteur? Donnez --reader avec l’un de ces noms\u{a0}: {readers}"),
                format!("Which reader? Give --reader with one of these names: {readers}"),
            ],
            Self::KeyGone(id) => [
                format!(
                    "Cette carte a été commencée sous la clé {id}, qui n’est plus dans authentic.key. Restaurez ce fichier, puis relancez la commande"
                ),
                format!(
                    "This card was begun under key {id}, which is no longer in authentic.key. Restore that file, then run the command again"
                ),
            ],
        };
        match language {
            Language::Fr => french,
            Language::En => english,
        }
    }
}

fn plan(kind: &str, steps: usize, begun: bool, (keys, page): (bool, bool)) -> [String; 2] {
    let [goes_on, on] = if begun { ["commencée avant, ", ", begun before"] } else { [""; 2] };
    let mut words = [format!("Carte {kind}, {goes_on}étapes\u{a0}: {steps}."), format!("Card {kind}{on}, steps: {steps}.")];
    let mut add = |french: &str, english: &str| {
        for (words, more) in words.iter_mut().zip([french, english]) {
            words.push(' ');
            words.push_str(more);
        }
    };
    if keys {
        add(
            "Ses clés d’origine sont remplacées par des clés propres à cette carte, tirées de celle de ce lieu. C’est définitif\u{a0}: sans authentic.key elle ne peut plus être reconnue ni réécrite. Gardez une copie de ce fichier ailleurs.",
            "Its factory keys are replaced by keys of its own, drawn from this place's. That is final: without authentic.key it can't be recognised or written again. Keep a copy of that file elsewhere.",
        );
    }
    if page {
        add(
            "Un téléphone qui la lit ouvrira la page qui dit qu’elle est d’ici, et rien de plus.",
            "A phone that reads it will open the page that says that it is of this place, and nothing more.",
        );
    }
    words
}

fn both(french: &str, english: &str) -> [String; 2] {
    [french.to_owned(), english.to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_in_both_languages_and_well_set() {
        let all = [
            Writing::Hold("porte"),
            Writing::Plan { kind: "NTAG 424 DNA", steps: 7, begun: true, keys: true, page: true },
            Writing::Plan { kind: "NTAG 424 DNA", steps: 1, begun: false, keys: false, page: true },
            Writing::Confirm,
            Writing::Step(1, 5),
            Writing::Done,
            Writing::Already,
            Writing::Aborted,
            Writing::Interrupted,
            Writing::NoSuchCard,
            Writing::OtherKind("MIFARE DESFire"),
            Writing::Locked,
            Writing::Copy,
            Writing::OtherKeyFile,
            Writing::Refused("91 9D"),
            Writing::Busy,
            Writing::NobodyCame,
            Writing::WhichReader("porte, cafe"),
            Writing::KeyGone(2),
        ];
        for writing in all {
            let [french, english] = [writing.say(Language::Fr), writing.say(Language::En)];
            assert_ne!(french, english);
            assert!(
                !french.contains(" :") && !french.contains('\'') && !french.contains(" !") && !french.contains(" ?"),
                "{french}"
            );
        }
    }
}
