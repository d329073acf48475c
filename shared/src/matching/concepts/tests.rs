//! The concept files, good and bad.

use super::*;

#[test]
fn the_built_in_concepts_are_at_least_500_and_in_both_languages() {
    let concepts = Concepts::built_in();
    assert!(concepts.len() >= 500, "{}", concepts.len());
    for (id, concept) in concepts.iter() {
        assert!(Language::ALL.iter().all(|language| !concepts.label(id, *language).is_empty()), "{}", concept.id());
    }
    assert!(concepts.iter().any(|(_, concept)| concept.sensitive));
    let italian = concepts.language("it").unwrap();
    assert_eq!(concepts.label(italian, Language::En), "Italian");
}

fn error(files: &[(&str, &str)]) -> String {
    Concepts::parse(files).map(|_| ()).unwrap_err().to_string()
}

#[test]
fn a_duplicate_a_cycle_and_a_reference_to_nothing_are_told() {
    let a = "[a]\nfr = 'A'\nen = 'A'\n";
    assert_eq!(
        error(&[("one.toml", a), ("two.toml", a)]),
        "two.toml: the concept \"a\" stands in one.toml already. Join the two, or give one another id"
    );
    assert!(error(&[("one.toml", &format!("{a}{a}"))]).starts_with("one.toml:4: duplicate key"));
    let text = "[a]\nfr='A'\nen='A'\nbroader=['b']\n[b]\nfr='B'\nen='B'\nbroader=['c']\n[c]\nfr='C'\nen='C'\nbroader=['b']\n";
    assert_eq!(error(&[("x.toml", text)]), "a concept is a kind of itself: b → c → b. Take one `broader` of these away");
    let text = "[a]\nfr='A'\nen='A'\nrelated=['z']\n";
    assert_eq!(error(&[("x.toml", text)]), "x.toml: \"a\" names \"z\" as related, and there is no such concept");
    assert!(error(&[("x.toml", "[a]\nfr='A'\n")]).contains("missing field `en`"));
    assert!(error(&[("x.toml", "[a]\nfr='A'\nen='A'\nlabel='A'\n")]).starts_with("x.toml:4: unknown field `label`"));
}

#[test]
fn words_for_a_concept_that_is_there_widen_it_and_its_id_means_it() {
    let base = "[a]\nfr='Horlogerie'\nen='Clockmaking'\n";
    let more = "[x1]\nextends='a'\nfr='horloger'\nen='clockmaker'\n[x2]\nfr='Clepsydres'\nen='Water clocks'\nbroader=['x1','a']\n";
    let concepts = Concepts::parse(&[("base.toml", base), ("more.toml", more)]).unwrap();
    let (a, x2) = (concepts.find("a").unwrap(), concepts.find("x2").unwrap());
    assert_eq!((concepts.len(), concepts.find("x1")), (2, Some(a)));
    assert_eq!(concepts.named("Horlogers", Language::Fr), [a].into());
    assert_eq!(concepts.get(x2).unwrap().broader, [a], "the same one twice is one");
    assert_eq!(concepts.get(a).unwrap().narrower, [x2]);
}

#[test]
fn a_file_that_widens_in_a_way_that_makes_no_sense_is_told() {
    let widened = |text: &str| Concepts::widened(&[("x.toml", text)]).map(|_| ()).unwrap_err().to_string();
    let entry = |more: &str| format!("[x]\nfr='X'\nen='X'\n{more}");
    assert_eq!(widened(&entry("extends='no-such'")), "x.toml: \"x\" names \"no-such\" as extends, and there is no such concept");
    assert!(widened(&entry("extends='accounting'\nbroader=['tax']")).starts_with("x.toml: \"x\" extends another concept"));
    assert!(widened(&entry("extends='x'")).starts_with("x.toml: \"x\" extends \"x\", which extends another itself"));
    assert!(
        widened("[accounting]\nfr='X'\nen='X'\n").starts_with("x.toml: the concept \"accounting\" stands in money.toml already")
    );
    assert!(widened(&entry("broader=['x']")).contains("a kind of itself: x → x"));
    assert!(widened("{").starts_with("x.toml:1: "));
}

#[test]
fn a_text_names_concepts_in_any_inflection_but_not_by_half_of_it() {
    let concepts = Concepts::built_in();
    let named = |text: &str| {
        concepts.named(text, Language::Fr).into_iter().filter_map(|id| concepts.get(id)).map(Concept::id).collect::<Vec<_>>()
    };
    assert!(named("Déclaration de revenus").iter().eq(named("déclarations de revenus").iter()));
    assert_eq!(named("plombier"), ["plumbing"]);
    assert!(named("plombier zingueur des toits").is_empty() && named("").is_empty() && named("de la").is_empty());
}
