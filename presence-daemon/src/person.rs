//! A member's record as the manager writes it: checked field by field, and brought together with what somebody else wrote meanwhile.
//! Pure.

use crate::directory::{Directory, Member, Standing};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;
use voisins_shared::language::Language;
use voisins_shared::member::{MemberId, MemberNumber};
use voisins_shared::payload::TextSize;

/// As long as a cell of the members' CSV.
const LONGEST: usize = 200;
/// More than anybody has of skills, interests or languages.
const MOST_ENTRIES: usize = 30;

/// The fields of a member as a form has them; what is empty isn't there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct Fields {
    pub name: String,
    pub title: String,
    pub pronouns: String,
    pub languages: Vec<String>,
    pub skills: Vec<String>,
    pub interests: Vec<String>,
    pub looking_for: Vec<String>,
    pub email: String,
    pub phone: String,
    pub website: String,
    pub table: String,
    pub screen_language: String,
}

/// A field that can't be kept, and the key of the text that says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Wrong {
    pub field: String,
    pub what: String,
}

/// A field that somebody else changed since it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Meanwhile {
    pub field: String,
    pub before: String,
    pub now: String,
    /// The form changes the same field to something else.
    pub clashes: bool,
}

/// The fields' names, on forms and in the members' file.
pub const NAMES: [&str; 12] = [
    "name",
    "title",
    "pronouns",
    "languages",
    "skills",
    "interests",
    "looking_for",
    "email",
    "phone",
    "website",
    "table",
    "screen_language",
];

impl Fields {
    /// A member's, as they stand.
    #[must_use]
    pub fn of(member: &Member) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        Self {
            name: member.name.clone(),
            title: text(&member.title),
            pronouns: text(&member.pronouns),
            languages: member.languages.clone(),
            skills: member.skills.clone(),
            interests: member.interests.clone(),
            looking_for: member.looking_for.clone(),
            email: text(&member.email),
            phone: text(&member.phone),
            website: text(&member.website),
            table: text(&member.table),
            screen_language: member.screen_language.map_or("", Language::code).to_owned(),
        }
    }

    /// Without spaces around anything and without what is empty or there twice: as it is compared and kept.
    #[must_use]
    pub fn tidied(&self) -> Self {
        let text = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let list = |list: &[String]| {
            let mut seen = BTreeSet::new();
            list.iter().map(|entry| text(entry)).filter(|entry| !entry.is_empty() && seen.insert(entry.clone())).collect()
        };
        Self {
            name: text(&self.name),
            title: text(&self.title),
            pronouns: text(&self.pronouns),
            languages: list(&self.languages),
            skills: list(&self.skills),
            interests: list(&self.interests),
            looking_for: list(&self.looking_for),
            email: text(&self.email),
            phone: text(&self.phone),
            website: text(&self.website),
            table: text(&self.table),
            screen_language: text(&self.screen_language),
        }
    }

    /// The values by the fields' names, which are those of the members' file; lists as people read them.
    #[must_use]
    pub fn named(&self) -> [(&'static str, String); 12] {
        let values = [
            self.name.clone(),
            self.title.clone(),
            self.pronouns.clone(),
            self.languages.join(", "),
            self.skills.join(", "),
            self.interests.join(", "),
            self.looking_for.join(", "),
            self.email.clone(),
            self.phone.clone(),
            self.website.clone(),
            self.table.clone(),
            self.screen_language.clone(),
        ];
        let mut values = values.into_iter();
        NAMES.map(|name| (name, values.next().unwrap_or_default()))
    }

    /// All that can't be kept, for a member or for somebody new.
    #[must_use]
    pub fn wrong(&self, directory: &Directory, of: Option<MemberId>) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        let mut say = |field: &str, what: &str| wrong.push(Wrong { field: field.to_owned(), what: what.to_owned() });
        if self.name.is_empty() {
            say("name", "member-wrong-empty");
        }
        for (field, value) in [
            ("name", &self.name),
            ("title", &self.title),
            ("pronouns", &self.pronouns),
            ("email", &self.email),
            ("phone", &self.phone),
            ("website", &self.website),
            ("table", &self.table),
        ] {
            bad_text(value).into_iter().for_each(|what| say(field, what));
        }
        for (field, list) in [
            ("languages", &self.languages),
            ("skills", &self.skills),
            ("interests", &self.interests),
            ("looking_for", &self.looking_for),
        ] {
            list.iter().find_map(|entry| bad_entry(entry)).into_iter().for_each(|what| say(field, what));
            if list.len() > MOST_ENTRIES {
                say(field, "member-wrong-many");
            }
        }
        if !self.email.is_empty() && !is_email(&self.email) {
            say("email", "member-wrong-email");
        }
        let same = |member: &Member| member.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(&self.email));
        if directory.members().any(|member| Some(member.id) != of && same(member)) {
            say("email", "member-wrong-taken");
        }
        if !self.website.is_empty() && !is_website(&self.website) {
            say("website", "member-wrong-website");
        }
        if !self.screen_language.is_empty() && Language::from_code(&self.screen_language).is_none() {
            say("screen_language", "member-wrong-language");
        }
        wrong
    }

    /// A member with these fields.
    #[must_use]
    pub fn onto(&self, member: Member) -> Member {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Member {
            name: self.name.clone(),
            title: text(&self.title),
            pronouns: text(&self.pronouns),
            languages: self.languages.clone(),
            skills: self.skills.clone(),
            interests: self.interests.clone(),
            looking_for: self.looking_for.clone(),
            email: text(&self.email),
            phone: text(&self.phone),
            website: text(&self.website),
            table: text(&self.table),
            screen_language: Language::from_code(&self.screen_language),
            ..member
        }
    }

    /// What was typed on what was read, where something else stands now: fields that only the other one changed are theirs, the rest is
    /// as typed; and what they changed.
    #[must_use]
    pub fn over(&self, read: &Self, now: &Self) -> (Self, Vec<Meanwhile>) {
        let mut merged = self.clone();
        let mut changes = Vec::new();
        let all = read.named().into_iter().zip(now.named()).zip(self.named());
        for (((field, before), (_, now_there)), (_, typed)) in all {
            if before == now_there {
                continue;
            }
            if typed == before {
                merged.take(field, now);
            }
            let clashes = typed != before && typed != now_there;
            changes.push(Meanwhile { field: field.to_owned(), before, now: now_there, clashes });
        }
        (merged, changes)
    }

    fn take(&mut self, field: &str, from: &Self) {
        match field {
            "name" => self.name.clone_from(&from.name),
            "title" => self.title.clone_from(&from.title),
            "pronouns" => self.pronouns.clone_from(&from.pronouns),
            "languages" => self.languages.clone_from(&from.languages),
            "skills" => self.skills.clone_from(&from.skills),
            "interests" => self.interests.clone_from(&from.interests),
            "looking_for" => self.looking_for.clone_from(&from.looking_for),
            "email" => self.email.clone_from(&from.email),
            "phone" => self.phone.clone_from(&from.phone),
            "website" => self.website.clone_from(&from.website),
            "table" => self.table.clone_from(&from.table),
            _ => self.screen_language.clone_from(&from.screen_language),
        }
    }
}

/// Somebody new, who is counted and not shown until they agree.
#[must_use]
pub fn newcomer(id: Uuid, number: MemberNumber) -> Member {
    Member {
        id: MemberId(id),
        number,
        name: String::new(),
        title: None,
        pronouns: None,
        languages: vec![],
        skills: vec![],
        interests: vec![],
        looking_for: vec![],
        email: None,
        phone: None,
        website: None,
        table: None,
        screen_language: None,
        text_size: TextSize::default(),
        authentic_only: false,
        standing: Standing::Active,
        consents: BTreeSet::new(),
        asked: false,
        photo: None,
    }
}

fn bad_text(text: &str) -> Option<&'static str> {
    match text {
        text if text.chars().any(char::is_control) => Some("member-wrong-control"),
        text if text.chars().count() > LONGEST => Some("member-wrong-long"),
        _ => None,
    }
}

/// A `;` parts the entries of a list in the members' CSV.
fn bad_entry(entry: &str) -> Option<&'static str> {
    bad_text(entry).or_else(|| entry.contains(';').then_some("member-wrong-semicolon"))
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !text.contains(' '))
}

fn is_website(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let bare = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")).unwrap_or(&lower);
    bare.contains('.') && !bare.contains("://") && !lower.contains(|c: char| c.is_whitespace() || "\"<>\\".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::tests::member;
    use voisins_shared::member::Field;

    fn anne() -> Fields {
        Fields::of(&member(1, "Anne Tremblay", &[Field::Name]))
    }

    fn directory() -> Directory {
        Directory::new([member(1, "Anne Tremblay", &[]), member(2, "Benoît Lavoie", &[])], [])
    }

    #[test]
    fn a_field_that_cannot_be_kept_is_named_and_every_one_of_them() {
        #[track_caller]
        fn check(change: impl Fn(&mut Fields), expected: &[(&str, &str)]) {
            let mut fields = anne();
            change(&mut fields);
            let of = Some(MemberId(Uuid::from_u128(1)));
            let wrong = fields.tidied().wrong(&directory(), of);
            let found: Vec<_> = wrong.iter().map(|wrong| (wrong.field.as_str(), wrong.what.as_str())).collect();
            assert_eq!(found, expected);
        }
        check(|_| {}, &[]);
        check(|f| f.name = "  ".into(), &[("name", "member-wrong-empty")]);
        check(|f| f.title = "x".repeat(201), &[("title", "member-wrong-long")]);
        check(|f| f.phone = "514\u{7}".into(), &[("phone", "member-wrong-control")]);
        check(|f| f.email = "anne at example".into(), &[("email", "member-wrong-email")]);
        check(|f| f.email = "M2@example.org".into(), &[("email", "member-wrong-taken")]);
        check(|f| f.skills.push("a; b".into()), &[("skills", "member-wrong-semicolon")]);
        check(|f| f.website = "javascript:alert(1)".into(), &[("website", "member-wrong-website")]);
        check(|f| f.screen_language = "de".into(), &[("screen_language", "member-wrong-language")]);
        check(|f| f.interests = (0..31).map(|n| n.to_string()).collect(), &[("interests", "member-wrong-many")]);
        check(
            |f| (f.name, f.email) = (String::new(), "x".into()),
            &[("name", "member-wrong-empty"), ("email", "member-wrong-email")],
        );
    }

    #[test]
    fn what_is_read_and_written_back_changes_nothing() {
        let member = member(1, "Anne Tremblay", &[Field::Name]);
        assert_eq!(Fields::of(&member).tidied().onto(member.clone()), member);
    }

    #[test]
    fn two_who_write_at_once_lose_nothing_and_the_second_is_told() {
        let read = anne();
        let mut first = read.clone();
        (first.phone, first.title) = ("514 555-0101".into(), "Fiscalité".into());
        let mut second = read.clone();
        (second.table, second.title) = ("Fond".into(), "Compta".into());
        let (merged, told) = second.over(&read, &first);
        assert_eq!((&*merged.phone, &*merged.table, &*merged.title), ("514 555-0101", "Fond", "Compta"));
        let told: Vec<_> = told.iter().map(|m| (m.field.as_str(), m.now.as_str(), m.clashes)).collect();
        assert_eq!(told, [("title", "Fiscalité", true), ("phone", "514 555-0101", false)]);
        assert_eq!(second.over(&read, &read), (second.clone(), vec![]));
    }
}
