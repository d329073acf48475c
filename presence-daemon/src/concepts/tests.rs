//! Small invented files in the official layout.

use super::*;
use voisins_shared::matching::{Group, Index, Profile};

const FR: &str = include_str!("fixtures/skills_fr.csv");
const EN: &str = include_str!("fixtures/skills_en.csv");
const BROADER: &str = include_str!("fixtures/broader.csv");

fn sources(fr: &str, en: &str, broader: &str) -> Sources {
    let source = |name: &str, text: &str| vec![(name.to_owned(), text.as_bytes().to_vec())];
    Sources { fr: source("skills_fr.csv", fr), en: source("skills_en.csv", en), broader: source("broader.csv", broader) }
}

fn imported() -> Imported {
    import(&sources(FR, EN, BROADER)).unwrap()
}

#[test]
fn rows_of_both_languages_become_one_concept_each() {
    let imported = imported();
    assert_eq!((imported.added, imported.widening, imported.retired, imported.broader), (18, 1, 1, 3));
    let text = "[\"a03\"]\nfr = \"accorder des clavecins\"\nen = \"tune harpsichords\"\nfr_also = [\"accordage de clavecin\", \
                \"accordeuse de clavecins\"]\nen_also = [\"harpsichord tuning\", \"harpsichord tuner\"]\nbroader = [\"a01\"]\n";
    assert!(imported.toml.contains(text), "{}", imported.toml);
    assert!(!imported.toml.contains("a20"), "what is not released is left out");
}

#[test]
fn a_concept_that_is_known_gives_its_words_to_the_one_that_is_there() {
    let imported = imported();
    let entry = imported.toml.split("\n\n").find(|entry| entry.starts_with("[\"a01\"]")).unwrap();
    assert!(entry.contains("extends = \"accounting\""), "{entry}");
    assert!(entry.contains("accountancy work") && !entry.contains("\"comptable\""), "what is known is not there twice: {entry}");
    assert!(!entry.contains("broader"), "it has that one's place: {entry}");
    let (known, widened) = (Concepts::built_in(), Concepts::widened(&[("esco.toml", &imported.toml)]).unwrap());
    assert_eq!(widened.len(), known.len() + imported.added);
    let accounting = widened.find("accounting").unwrap();
    assert_eq!(widened.find("a01"), Some(accounting));
    assert!(widened.get(accounting).unwrap().narrower.contains(&widened.find("a03").unwrap()));
    assert_eq!(widened.named("accountancy work", Language::En), [accounting].into());
}

#[test]
fn what_the_built_in_concepts_find_is_found_all_the_same_and_more_beside_it() {
    let toml = imported().toml;
    let widened = std::sync::Arc::new(Concepts::widened(&[("esco.toml", &toml)]).unwrap());
    let skills = ["Comptabilité", "Vannière", "Harpsichord tuning", "WordPress"].map(|skill| [skill.to_owned()]);
    let index = |concepts| Index::new(concepts, skills.iter().map(|skills| Profile { skills, ..Profile::default() }));
    let (before, after) = (index(Concepts::built_in()), index(widened));
    let first = |index: &Index, query: &str| index.search(query).hits.into_iter().next().map(|hit| (hit.profile, hit.group));
    for query in ["accountant", "comtable", "faire mes impôts", "my website is down", "compta"] {
        assert_eq!(first(&after, query), first(&before, query), "{query}");
    }
    assert_eq!(first(&before, "basket weaver"), None);
    assert_eq!(first(&after, "basket weaver"), Some((1, Group::CanHelp)));
    assert_eq!(first(&after, "accorder des clavecins"), Some((2, Group::CanHelp)));
}

#[track_caller]
fn check(fr: &str, en: &str, expected: &str) {
    let error = import(&sources(fr, en, "conceptUri,broaderUri\n")).map(|_| ()).unwrap_err().to_string();
    assert!(error.starts_with(expected), "{error}\nshould begin with\n{expected}");
}

const HEADER: &str = "conceptType,conceptUri,preferredLabel,altLabels\n";

fn rows(rows: &[&str]) -> String {
    rows.iter().fold(HEADER.to_owned(), |text, row| text + row + "\n")
}

#[test]
fn a_mistake_is_named_with_its_file_line_and_column() {
    let good = rows(&["K,http://x/a,souffler,"]);
    check("", &good, "skills_fr.csv: line 1, column conceptUri: the header has no such column");
    check(
        "conceptUri;preferredLabel;altLabels\n",
        &good,
        "skills_fr.csv: line 1, column conceptUri: the header has no such column",
    );
    check("conceptUri,preferredLabel\n", &good, "skills_fr.csv: line 1, column altLabels: ");
    check(&good, HEADER, "skills_fr.csv: line 2, column conceptUri: no English file has \"http://x/a\". Give the same files");
    check(HEADER, &good, "skills_en.csv: line 2, column conceptUri: no French file has \"http://x/a\"");
    let twice = rows(&["K,http://x/a,souffler,\"un\ndeux\"", "K,http://x/a,souffler,"]);
    check(&twice, &good, "skills_fr.csv: line 4, column conceptUri: \"http://x/a\" stands in skills_fr.csv, line 2 already");
    check(&rows(&["K,http://x/a, ,"]), &good, "skills_fr.csv: line 2, column preferredLabel: it is empty. Write the French name");
    check(&rows(&["K,,souffler,"]), &good, "skills_fr.csv: line 2, column conceptUri: it is empty");
    check(&rows(&["K,http://x/a"]), &good, "skills_fr.csv: line 2: this row has 2 cells, the header has 4");
    let odd = rows(&["K,http://x/a b,souffler,"]);
    check(&odd, &odd, "skills_fr.csv: line 2, column conceptUri: \"http://x/a b\" ends in no name");
    let same = rows(&["K,http://x/a,souffler,", "K,http://y/a,tailler,"]);
    check(&same, &same, "skills_fr.csv: line 3, column conceptUri: \"http://y/a\" and \"http://x/a\" end in the same name");
}

#[test]
fn a_file_in_another_encoding_is_told_with_its_line() {
    let mut latin = Sources { en: sources(FR, EN, BROADER).en, ..Sources::default() };
    latin.fr = vec![("skills_fr.csv".into(), [HEADER.as_bytes(), b"K,http://x/a,comptabilit\xe9,\n"].concat())];
    let error = import(&latin).unwrap_err().to_string();
    assert_eq!(error, "skills_fr.csv: line 2: this row is not UTF-8. Save the file as \"CSV UTF-8\"");
}

#[test]
fn concepts_that_are_kinds_of_each_other_are_told() {
    let both = rows(&["K,http://x/a,souffler,", "K,http://x/b,tailler,"]);
    let circle = "conceptUri,broaderUri\nhttp://x/a,http://x/b\nhttp://x/b,http://x/a\n";
    let error = import(&sources(&both, &both, circle)).unwrap_err().to_string();
    assert!(error.contains("a concept is a kind of itself: a → b → a"), "{error}");
}

#[test]
fn a_label_with_quotes_and_odd_characters_comes_out_as_it_went_in() {
    let odd = rows(&["K,http://x/a,\"dire \"\"non\"\" \\ \u{7}encore\",\"\u{7f}mot\""]);
    let imported = import(&sources(&odd, &odd, "conceptUri,broaderUri\n")).unwrap();
    let concepts = Concepts::parse(&[("x.toml", &imported.toml)]).unwrap();
    assert_eq!(concepts.label(concepts.find("a").unwrap(), Language::Fr), "dire \"non\" \\ encore");
}
