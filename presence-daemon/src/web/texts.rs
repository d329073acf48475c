//! What the pages say, in French and English, from `lang/*/*.ftl, a file for each room of the pages` (Project Fluent).

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::borrow::Borrow;
use std::fmt;
use std::sync::LazyLock;
use unic_langid::LanguageIdentifier;
use voisins_shared::language::Language;

/// The texts of one language.
pub struct Texts {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

/// The files of both languages.
macro_rules! rooms {
    ($($room:literal),* $(,)?) => {
        const FILES: [&[&str]; 2] = [
            &[$(include_str!(concat!("../../lang/fr/", $room, ".ftl"))),*],
            &[$(include_str!(concat!("../../lang/en/", $room, ".ftl"))),*],
        ];
    };
}

rooms![
    "frame",
    "presence",
    "door",
    "todo",
    "needs",
    "introductions",
    "members",
    "moderation",
    "readers",
    "passes",
    "contacts",
    "events",
    "visits",
    "muster",
    "journal",
    "accounts",
    "account",
    "settings",
    "member",
    "badges",
    "import",
    "farewell",
    "welcome",
    "fiche",
    "found",
    "mail",
    "month",
];

static FRENCH: LazyLock<Texts> = LazyLock::new(|| Texts::read(Language::Fr, FILES[0]));
static ENGLISH: LazyLock<Texts> = LazyLock::new(|| Texts::read(Language::En, FILES[1]));

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Texts({:?})", self.language)
    }
}

impl Texts {
    /// The texts of a language.
    #[must_use]
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Fr => &FRENCH,
            Language::En => &ENGLISH,
        }
    }

    fn read(language: Language, files: &[&str]) -> Self {
        let id = match language {
            Language::Fr => "fr-CA",
            Language::En => "en-CA",
        };
        let mut bundle = FluentBundle::new_concurrent(id.parse::<LanguageIdentifier>().into_iter().collect());
        // the browser's text direction is the page's: no marks around what is filled in
        bundle.set_use_isolating(false);
        for file in files {
            let resource = match FluentResource::try_new((*file).to_owned()) {
                // a line that can't be read is left out; a test holds all files to be whole
                Ok(resource) | Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
        }
        Self { language, bundle }
    }

    /// Which language it is.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// A text.
    #[must_use]
    pub fn say(&self, key: &str) -> String {
        self.fill(key, &FluentArgs::new())
    }

    /// A text with one number in it.
    #[must_use]
    pub fn count(&self, key: &str, name: &str, number: impl Borrow<usize>) -> String {
        self.with(key, &[(name, (*number.borrow()).into())])
    }

    /// A text with something in it.
    #[must_use]
    pub fn with(&self, key: &str, values: &[(&str, FluentValue<'_>)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set((*name).to_owned(), value.clone());
        }
        self.fill(key, &args)
    }

    /// A text with a day in it, as the language writes days.
    #[must_use]
    pub fn day(&self, key: &str, name: &str, day: &jiff::civil::Date) -> String {
        self.with(key, &[(name, self.language.date(*day).into())])
    }

    /// A moment of the past in the site's time: "mercredi 23 octobre 2026, 10 h 26".
    #[must_use]
    pub fn moment(&self, at: jiff::Timestamp, zone: &jiff::tz::TimeZone) -> String {
        let at = at.to_zoned(zone.clone());
        format!("{} {}, {}", self.language.date(at.date()), at.year(), self.language.time(at.time()))
    }

    /// "5 day passes".
    #[must_use]
    pub fn passes(&self, passes: &u32) -> String {
        self.with("need-passes", &[("count", (*passes).into())])
    }

    /// What somebody said, between the quotation marks of the language.
    #[must_use]
    pub fn quoted(&self, text: &str) -> String {
        match self.language {
            Language::Fr => format!("«\u{a0}{text}\u{a0}»"),
            Language::En => format!("“{text}”"),
        }
    }

    /// "12 of 15 safe".
    #[must_use]
    pub fn safe(&self, safe: &usize, all: &usize) -> String {
        self.with("muster-counted", &[("safe", (*safe).into()), ("all", (*all).into())])
    }

    /// "mercredi 23 octobre".
    #[must_use]
    pub fn date(&self, day: &jiff::civil::Date) -> String {
        self.language.date(*day)
    }

    /// A text with a name in it.
    #[must_use]
    pub fn name(&self, key: &str, name: &str) -> String {
        self.with(key, &[("name", name.to_owned().into())])
    }

    /// "page 2 of 5".
    #[must_use]
    pub fn page(&self, page: &usize, pages: &usize) -> String {
        self.with("page-of", &[("page", (*page).into()), ("pages", (*pages).into())])
    }

    fn fill(&self, key: &str, args: &FluentArgs<'_>) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        self.bundle.format_pattern(pattern, Some(args), &mut vec![]).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn keys(files: &[&'static str]) -> BTreeSet<&'static str> {
        let mut keys = BTreeSet::new();
        for line in files.iter().flat_map(|file| file.lines()).filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase())) {
            let key = line.split_once(" =").unwrap().0;
            assert!(keys.insert(key), "{key} is said twice");
        }
        keys
    }

    #[test]
    fn both_languages_say_the_same_things_and_nothing_is_unreadable() {
        for (french, english) in FILES[0].iter().zip(FILES[1]) {
            assert_eq!(keys(&[*french]), keys(&[*english]));
        }
        for file in FILES.concat() {
            assert!(FluentResource::try_new(file.to_owned()).is_ok(), "{file}");
        }
    }

    /// All files of ours below a folder.
    fn sources(folder: &str) -> Vec<String> {
        let mut texts = vec![];
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            match entry.is_dir() {
                true => texts.extend(sources(entry.to_str().unwrap())),
                false => texts.push(std::fs::read_to_string(entry).unwrap()),
            }
        }
        texts
    }

    #[test]
    fn whatever_a_page_says_is_in_the_files() {
        let known = keys(FILES[0]);
        let root = env!("CARGO_MANIFEST_DIR");
        let pages = [format!("{root}/templates"), format!("{root}/src/web"), format!("{root}/src/pipeline/pages")];
        let pages: Vec<String> = pages.iter().flat_map(|folder| sources(folder)).collect();
        let mut said = 0;
        for text in &pages {
            for call in ["t.say(\"", "t.count(\"", "t.with(\"", "t.day(\""] {
                for rest in text.split(call).skip(1) {
                    let key = rest.split('"').next().unwrap();
                    assert!(known.contains(key), "{key}");
                    said += 1;
                }
            }
        }
        assert!(said > 30, "{said}");
        // those that are chosen by what is shown: whatever looks like a key of ours, by its first word
        let sorts = ["candidate-", "mark-", "state-", "need-", "nav-", "error-"];
        let words = pages.iter().flat_map(|text| text.split('"').skip(1).step_by(2));
        for key in words.filter(|text| sorts.iter().any(|sort| text.starts_with(sort)) && !text.contains(['{', '.', '?', ' '])) {
            assert!(known.contains(key), "{key}");
        }
        assert!(voisins_shared::introduction::Led::ALL.iter().all(|led| known.contains(&*format!("led-{}", led.as_str()))));
    }

    #[test]
    fn french_is_written_as_in_quebec() {
        for line in FILES[0].iter().flat_map(|file| file.lines()).filter(|line| !line.starts_with('#')) {
            let text = line.split_once('=').map_or(line, |(_, text)| text);
            for bad in [" !", " ?", " ;", "\u{2014}", "'", "« ", " »", " :"] {
                let variant = text.trim_start().starts_with(['[', '*', '}']);
                assert!(variant && bad == "'" || !text.contains(bad), "{bad:?} in {line}");
            }
        }
    }

    #[test]
    fn a_number_is_told_as_the_language_tells_it() {
        assert_eq!(Texts::of(Language::Fr).count("need-offers", "count", 1), "1 personne a dit «\u{a0}Je peux aider\u{a0}»");
        assert_eq!(Texts::of(Language::En).count("need-offers", "count", 2), "2 people said “I can help”");
        // none is singular in French, and a 1 in the words would be wrong then
        assert!(FILES[0].iter().flat_map(|file| file.lines()).all(|line| !line.contains("[one]") || !line.contains(" 1 ")));
    }
}
