//! Searching as people do.

use super::*;
use crate::demo::PEOPLE;

struct House {
    index: Index,
}

fn house() -> House {
    let owned: Vec<[Vec<String>; 3]> = PEOPLE
        .iter()
        .map(|person| [person.skills, person.interests, person.languages].map(|list| list.iter().map(|&t| t.to_owned()).collect()))
        .collect();
    let profiles = PEOPLE.iter().zip(&owned).map(|(person, [skills, interests, languages])| Profile {
        title: Some(person.title),
        skills,
        interests,
        languages,
    });
    House { index: Index::new(Concepts::built_in(), profiles) }
}

impl House {
    #[track_caller]
    fn check(&self, query: &str, name: &str) {
        let found = self.index.search(query);
        let first = found.hits.first().unwrap_or_else(|| panic!("nobody for {query:?}"));
        assert_eq!((PEOPLE[first.profile].name, first.group), (name, Group::CanHelp), "{query:?}: {first:?}");
        assert!(!self.index.why(first).is_empty(), "{query:?}");
    }
}

#[test]
fn comptable_accountant_tax_return_and_comtable_find_the_same_neighbour() {
    let house = house();
    for query in ["comptable", "accountant", "tax return", "comtable", "COMPTABILITÉ", "faire mes impôts", "compta"] {
        house.check(query, "Gisèle Tanguay");
    }
}

#[test]
fn an_italian_speaker_and_someone_for_a_logo_are_found_in_either_language() {
    let house = house();
    for query in ["italien", "italian", "Italian speaker", "someone who speaks italian", "parler italien", "itallien"] {
        house.check(query, "Chiara Bellini");
    }
    for query in ["logo", "dessiner un logo", "design a logo", "logos", "d’un logo"] {
        house.check(query, "Maude Archambault");
    }
}

#[test]
fn whoever_fits_far_less_than_the_best_is_not_said_to_help() {
    let house = house();
    let found = house.index.search("logo desing");
    let video = PEOPLE.iter().position(|person| person.name == "Félix-Antoine Vaillancourt").unwrap();
    assert!(found.hits.iter().all(|hit| hit.profile != video || hit.group == Group::Neighbouring), "{found:?}");
}

#[test]
fn whatever_is_typed_nothing_breaks() {
    let house = house();
    let long = "comptable ".repeat(1_000);
    for query in ["", " ", "\u{0}\u{7}\u{1b}", "محاسب", "🎈🎈🎈", "''’’", "??????", "\u{202e}abc", &long, &"é".repeat(10_000)]
    {
        for hit in house.index.search(query).hits {
            assert!(hit.score > 0.0 && hit.profile < PEOPLE.len(), "{query:?}");
        }
    }
    let isolates = ["\u{2067}comptable\u{2069}", "\u{200f}comptable\u{200e}", "\u{feff}comptable", "compt\u{200d}able 👩‍🎨"];
    isolates.iter().for_each(|query| drop(house.index.search(query)));
    for query in ["🎨 comptable 🎨", "comptable\u{0}", "\u{2067}comptable\u{2069}", "comptable\u{202e}"] {
        house.check(query, "Gisèle Tanguay");
    }
    for nothing in ["", "zzzqq", "xkcdw"] {
        assert!(house.index.search(nothing).hits.is_empty(), "{nothing}");
    }
    let empty = Index::new(Concepts::built_in(), []);
    assert!(empty.is_empty() && empty.search("comptable").hits.is_empty());
    assert!(!empty.search("comptable").concepts.is_empty(), "what it was understood as is told all the same");
}

#[test]
fn a_field_that_is_not_shared_finds_nobody() {
    let profile = Profile { title: Some("Comptable"), ..Profile::default() };
    let index = Index::new(Concepts::built_in(), [profile, Profile::default()]);
    assert_eq!(index.search("comptable").hits.iter().map(|hit| hit.profile).collect::<Vec<_>>(), [0]);
}

#[test]
fn a_skill_that_reads_like_a_languages_code_is_said_as_it_is_written() {
    let (skills, languages) = (["AR".to_owned()], ["ar".to_owned()]);
    let concepts = Concepts::built_in();
    let profiles = [Profile { skills: &skills, ..Profile::default() }, Profile { languages: &languages, ..Profile::default() }];
    let index = Index::new(concepts.clone(), profiles);
    let why = |query: &str, profile: usize| {
        let hit = index.search(query).hits.into_iter().find(|hit| hit.profile == profile).unwrap();
        index.why(&hit)[0].text(&concepts, crate::language::Language::En).to_owned()
    };
    assert_eq!((why("AR", 0), why("arabe", 1)), ("AR".to_owned(), "Arabic".to_owned()));
}

#[test]
fn a_neighbouring_field_is_no_promise() {
    let skills = ["Tenue de livres".to_owned()];
    let index = Index::new(Concepts::built_in(), [Profile { skills: &skills, ..Profile::default() }]);
    let found = index.search("bookkeeper");
    assert_eq!(found.hits[0].group, Group::CanHelp);
    let interests = ["comptabilité".to_owned()];
    let index = Index::new(Concepts::built_in(), [Profile { interests: &interests, ..Profile::default() }]);
    assert_eq!(index.search("accountant").hits[0].group, Group::Neighbouring, "an interest is something to talk about");
}

#[test]
fn whatever_a_member_wrote_nothing_breaks() {
    let skills: Vec<String> = ["", " ", "\u{202e}sirop", "🎈", "محاسبة", "\u{0}\u{1b}[2J", "de la"].map(str::to_owned).into();
    let long = ["logo ".repeat(10_000)];
    let profiles = [Profile { skills: &skills, ..Profile::default() }, Profile { skills: &long, ..Profile::default() }];
    let index = Index::new(Concepts::built_in(), profiles);
    let first = |query: &str| index.search(query).hits.first().map(|hit| hit.profile);
    assert_eq!((first("محاسبة"), first("logo")), (Some(0), Some(1)));
}

#[test]
fn an_abbreviation_in_capitals_is_no_small_word() {
    let skills = ["IT".to_owned()];
    let index = Index::new(Concepts::built_in(), [Profile { skills: &skills, ..Profile::default() }]);
    assert_eq!(index.search("computer help").hits.first().map(|hit| hit.group), Some(Group::CanHelp));
    assert!(index.search("help").hits.is_empty(), "and a small one alone says nothing");
}

#[test]
fn what_was_searched_before_changes_nothing() {
    let one = house().index;
    for query in ["comptable", "traduire en italien", "", "logo desing", "zzzqq", "comptable", "fr", "réparer mon vélo"] {
        assert_eq!(one.search(query), house().index.search(query), "{query:?}");
    }
}
