//! What is wrong with a members' file, and what to do: in French for the page, in English for the page and the command line.

use super::all_columns;
use serde::{Deserialize, Serialize};
use std::fmt;
use voisins_shared::language::Language;

/// What is wrong with one cell, or with a whole row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", content = "what", rename_all = "snake_case")]
pub enum Problem {
    /// A row has so many cells, the header has so many.
    Cells(u64, u64),
    /// A row is not UTF-8.
    NotUtf8,
    /// It is no CSV, as the library says.
    NotCsv(String),
    /// There is no such column.
    UnknownColumn(String),
    /// A column stands twice in the header.
    ColumnTwice(String),
    /// No column "name".
    NoNames,
    /// An empty name.
    Empty,
    /// A line break or another control character.
    Control,
    /// More characters than so many.
    TooLong(usize),
    /// An entry of a list is longer than so many characters, or has a control character.
    Entry(usize),
    /// No e-mail address.
    NoEmail(String),
    /// Somebody else has this e-mail address.
    EmailTaken(String),
    /// No language that screens have.
    NoLanguage(String),
    /// A given consent without its date or its source.
    NoSource(String),
    /// No field and no surface; there are these.
    NoField(String, Vec<String>),
    /// No UID. What was written is not repeated: it may end up in a log.
    NoUid,
    /// A UID of a phone.
    RandomUid,
    /// Somebody else's badge.
    BadgeTaken,
    /// A card stands twice in the file.
    BadgeTwice,
    /// This member has that name, and may be the same person.
    Namesake(String),
    /// The same, with an address that this member doesn't have.
    NamesakeWithoutEmail(String),
    /// A member stands twice in the file.
    MemberTwice(String),
    /// A name stands twice, and nothing tells the two apart.
    NameTwice,
    /// No member has this id.
    NobodysId,
    /// No id at all.
    NoId(String),
    /// A number above the highest.
    NumberTooHigh(String, String),
}

impl Problem {
    /// The sentence, without a full stop.
    #[must_use]
    pub fn say(&self, language: Language) -> String {
        match language {
            Language::Fr => self.french(),
            Language::En => self.english(),
        }
    }

    fn french(&self) -> String {
        match self {
            Self::Cells(row, header) => format!(
                "cette ligne a {row} cellules, et les titres en ont {header}. Une cellule avec une virgule a besoin de guillemets"
            ),
            Self::NotUtf8 => "cette ligne n’est pas en UTF-8. Enregistrez le fichier en « CSV UTF-8 »".into(),
            Self::NotCsv(says) => format!("ce n’est pas un fichier CSV ({says})"),
            Self::UnknownColumn(title) => {
                format!("la colonne « {title} » n’existe pas; voici celles qui existent : {}", all_columns().join(", "))
            }
            Self::ColumnTwice(title) => format!("la colonne « {title} » y est deux fois"),
            Self::NoNames => "il manque la colonne « name » dans les titres".into(),
            Self::Empty => "cette cellule est vide".into(),
            Self::Control => "il y a un saut de ligne ou un autre caractère de commande".into(),
            Self::TooLong(most) => format!("c’est plus long que {most} caractères"),
            Self::Entry(most) => format!("une entrée est plus longue que {most} caractères, ou a un caractère de commande"),
            Self::NoEmail(text) => format!("« {text} » n’est pas une adresse de courriel"),
            Self::EmailTaken(email) => format!("{email} est déjà l’adresse de quelqu’un d’autre"),
            Self::NoLanguage(text) => format!("« {text} » : écrivez fr ou en"),
            Self::NoSource(text) => {
                format!("« {text} » : un accord porte sa date et sa source, comme « @ 2026-01-05 formulaire papier »")
            }
            Self::NoField(word, known) => {
                format!("« {word} » n’est ni un champ ni un endroit; voici ce qui existe : {}", known.join(", "))
            }
            Self::NoUid => "ce n’est pas un UID : écrivez 4, 7 ou 10 octets en chiffres hexadécimaux, comme un lecteur les donne".into(),
            Self::RandomUid => "cet UID change à chaque passage (un téléphone) : il ne peut pas servir de badge".into(),
            Self::BadgeTaken => "cette carte est déjà le badge de quelqu’un d’autre".into(),
            Self::BadgeTwice => "cette carte est deux fois dans ce fichier".into(),
            Self::Namesake(number) => format!(
                "{number} a déjà ce nom. Si c’est la même personne, mettez ce numéro dans la colonne « id »; sinon, donnez une adresse de courriel"
            ),
            Self::NamesakeWithoutEmail(number) => format!(
                "{number} a ce nom et pas d’adresse de courriel. Si c’est la même personne, mettez ce numéro dans la colonne « id »; sinon, donnez d’abord une adresse à {number}"
            ),
            Self::MemberTwice(number) => format!("{number} est deux fois dans ce fichier"),
            Self::NameTwice => "ce nom est deux fois dans ce fichier : donnez une adresse de courriel à chaque personne".into(),
            Self::NobodysId => "personne n’a cet id".into(),
            Self::NoId(text) => format!("« {text} » n’est pas un numéro de membre : écrivez par exemple M-0142, ou laissez vide"),
            Self::NumberTooHigh(number, highest) => format!("{number} est trop haut : les numéros finissent à {highest}"),
        }
        // French spaces before double punctuation and within guillemets don't break
        .replace(" :", "\u{a0}:")
        .replace("« ", "«\u{a0}")
        .replace(" »", "\u{a0}»")
    }

    fn english(&self) -> String {
        match self {
            Self::Cells(row, header) => {
                format!("this row has {row} cells, the header has {header}. A cell with a comma needs quotes")
            }
            Self::NotUtf8 => "this row is not UTF-8. Save the file as \"CSV UTF-8\"".into(),
            Self::NotCsv(says) => says.clone(),
            Self::UnknownColumn(title) => format!("unknown column {title:?}; the columns are {}", all_columns().join(", ")),
            Self::ColumnTwice(title) => format!("the column {title:?} stands twice"),
            Self::NoNames => "there is no column \"name\" in the header".into(),
            Self::Empty => "it is empty".into(),
            Self::Control => "there is a line break or another control character in it".into(),
            Self::TooLong(most) => format!("it is longer than {most} characters"),
            Self::Entry(most) => format!("an entry is longer than {most} characters or has a control character"),
            Self::NoEmail(text) => format!("{text:?} is no e-mail address"),
            Self::EmailTaken(email) => format!("{email} is somebody else's address already"),
            Self::NoLanguage(text) => format!("{text:?}: write fr or en"),
            Self::NoSource(text) => {
                format!("{text:?}: a given consent carries its date and source, such as \"@ 2026-01-05 paper form\"")
            }
            Self::NoField(word, known) => format!("{word:?} is no field or surface; they are {}", known.join(", ")),
            Self::NoUid => "this is no UID: write 4, 7 or 10 bytes in hexadecimal digits, as a reader gives them".into(),
            Self::RandomUid => "this UID is drawn anew at each tap (a phone): it can't be a badge".into(),
            Self::BadgeTaken => "this card is somebody else's badge already".into(),
            Self::BadgeTwice => "this card stands in this file twice".into(),
            Self::Namesake(number) => format!(
                "{number} has that name already. If it is the same person, put that number in the column \"id\"; if not, give an e-mail address"
            ),
            Self::NamesakeWithoutEmail(number) => format!(
                "{number} has that name and no e-mail address. If it is the same person, put that number in the column \"id\"; if not, give {number} an address of their own first"
            ),
            Self::MemberTwice(number) => format!("{number} stands in this file twice"),
            Self::NameTwice => "this name stands in this file twice: give each an e-mail address".into(),
            Self::NobodysId => "no member has this id".into(),
            Self::NoId(text) => format!("{text:?} is no member id: write a number such as M-0142, or leave it empty"),
            Self::NumberTooHigh(number, highest) => format!("{number} is too high: member numbers end at {highest}"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english())
    }
}
