//! Which skills a text may mean, while it is typed.

use voisins_shared::language::Language;
use voisins_shared::matching::{Concepts, Index, normalize};

/// So many fit over the keyboard.
const MOST: usize = 4;

/// The names of concepts for what is typed, in the language shown: those that begin so, then those it means in other words. What
/// somebody has already is not among them.
pub fn of(text: &str, language: Language, has: &[String]) -> Vec<String> {
    let typed = folded(text);
    if typed.is_empty() {
        return vec![];
    }
    let concepts = Concepts::built_in();
    let mut begin: Vec<&str> =
        concepts.iter().map(|(_, concept)| concept.label(language)).filter(|name| begins(name, &typed)).collect();
    begin.sort_by_cached_key(|name| (name.chars().count(), name.to_lowercase()));
    let meant = Index::new(concepts.clone(), []).search(text).concepts;
    let mut names: Vec<String> = vec![];
    for name in begin.into_iter().chain(meant.iter().map(|id| concepts.label(*id, language))) {
        if names.len() < MOST && !name.is_empty() && !has.iter().chain(&names).any(|other| folded(other) == folded(name)) {
            names.push(name.to_owned());
        }
    }
    names
}

fn folded(text: &str) -> String {
    normalize::words(text).into_iter().map(|word| word.folded).collect::<Vec<_>>().join(" ")
}

fn begins(name: &str, typed: &str) -> bool {
    folded(name).starts_with(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_so_comes_first_then_what_is_meant_in_the_language_shown() {
        let french = of("compta", Language::Fr, &[]);
        assert!(french[0].starts_with("Compta") && french.len() <= 4, "{french:?}");
        assert!(of("accountant", Language::Fr, &[]).iter().any(|name| name.contains("omptab")));
        assert!(of("", Language::Fr, &[]).is_empty());
    }

    #[test]
    fn what_somebody_has_is_not_suggested_again() {
        let first = of("compta", Language::Fr, &[])[0].clone();
        assert!(!of("compta", Language::Fr, std::slice::from_ref(&first)).contains(&first));
    }
}
