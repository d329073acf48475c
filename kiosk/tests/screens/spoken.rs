//! What a screen reader goes through, in its order: what is touched has a role and words, nothing is said twice in a row, and what is
//! written is there to be read. What lies under a dialog stays in the tree (Slint has no modal group, and a role can't change), so the
//! dialog comes last, whole.

use super::measure::{Measured, measure};
use super::sizes::staged;
use super::*;
use i_slint_core::items::AccessibleRole as Role;

/// The tree as lines: two spaces a level, the role, the words, and whether it is on.
fn lines(measured: &Measured) -> Vec<String> {
    measured
        .spoken
        .iter()
        .map(|spoken| {
            let on = match (spoken.checkable, spoken.checked) {
                (true, Some(true)) => " [on]",
                (true, _) => " [off]",
                _ => "",
            };
            format!("{}{:?} {:?}{on}", "  ".repeat(spoken.depth), spoken.role, spoken.label)
        })
        .collect()
}

#[test]
fn a_screen_reader_hears_everything_once_and_in_order() {
    let mut faults = vec![];
    for screen in SCREENS {
        for size in [SIZES[0], SIZES[1]] {
            for language in Language::ALL {
                let measured = measure(staged(&Shot { size, language, ..shot(screen) }, false).window());
                let mut fail = |fault: String| faults.push(format!("{screen:?} {size} {language:?}: {fault}"));
                for spoken in &measured.spoken {
                    if matches!(spoken.role, Role::Button | Role::Switch | Role::Image) && spoken.label.trim().is_empty() {
                        fail(format!("a {:?} without words", spoken.role));
                    }
                    if spoken.role == Role::Switch && !(spoken.checkable && spoken.checked.is_some()) {
                        fail(format!("{:?} does not say whether it is on", spoken.label));
                    }
                }
                for pair in measured.spoken.windows(2) {
                    // people may have one word in two places; what is touched says its words itself
                    let is_text = pair.iter().all(|spoken| spoken.role == Role::Text);
                    if !is_text && !pair[0].label.is_empty() && pair[0].label == pair[1].label && pair[0].layer == pair[1].layer {
                        fail(format!("{:?} twice in a row, as {:?} and {:?}", pair[0].label, pair[0].role, pair[1].role));
                    }
                }
                // a text is heard by itself or in the words of what it stands on
                for said in measured.said.iter().filter(|said| said.touched.is_none() && said.text.chars().any(char::is_alphabetic))
                {
                    if !measured.spoken.iter().any(|spoken| spoken.label.contains(said.text.as_str()))
                        && said.text.chars().count() > 2
                    {
                        fail(format!("{:?} is never said", said.text));
                    }
                }
                // what lies on top is heard last
                if measured.spoken.windows(2).any(|pair| pair[1].layer < pair[0].layer) {
                    fail("what lies below is heard after what lies over it".to_owned());
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

const GREETING: &[&str] = &[
    r#"Text "Bonjour Maude!""#,
    r#"Text "Arrivée notée · 9 personnes ici""#,
    r#"Button "Ici" [on]"#,
    r#"Button "Ouvert·e aux questions" [off]"#,
    r#"Button "Ne pas déranger" [off]"#,
    r#"Button "Je repars""#,
    r#"Button "Fermer""#,
];
const CHOICES: &[&str] = &[
    r#"Text "Ma fiche""#,
    r#"Text "Maude Archambault""#,
    r#"Text "Passages restants\u{a0}: 4""#,
    r#"Button "Ce qui se voit" [off]"#,
    r#"Button "Mes choix" [on]"#,
    r#"Text "Mes compétences""#,
    r#"Text "Logo""#,
    r#"Button "Retirer Logo""#,
    r#"Text "Identité visuelle""#,
    r#"Button "Retirer Identité visuelle""#,
    r#"Button "Ajouter une compétence""#,
    r#"Text "Langue""#,
    r#"Button "Français" [on]"#,
    r#"Button "English" [off]"#,
    r#"Text "Taille du texte""#,
    r#"Button "Texte normal" [on]"#,
    r#"Button "Grand texte" [off]"#,
    r#"Button "Très grand texte" [off]"#,
    r#"Text "Disponibilité""#,
    r#"Button "Ici" [on]"#,
    r#"Button "Ouvert·e aux questions" [off]"#,
    r#"Button "Ne pas déranger" [off]"#,
    r#"Button "Annuler""#,
    r#"Text """#,
    r#"Button "Fermer""#,
];

#[test]
fn a_greeting_and_a_page_of_ma_fiche_are_heard_so() {
    let heard = [ScreenName::Arrival, ScreenName::Choices].map(|screen| {
        let measured = measure(staged(&shot(screen), false).window());
        let top = measured.spoken.iter().map(|spoken| spoken.layer).max();
        let lines = lines(&measured).into_iter().zip(&measured.spoken);
        lines.filter(|(_, spoken)| Some(spoken.layer) == top).map(|(line, _)| line).collect::<Vec<_>>()
    });
    assert_eq!(heard, [GREETING, CHOICES]);
}
