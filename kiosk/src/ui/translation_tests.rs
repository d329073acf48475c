//! Every sentence of `ui/**/*.slint` has its French, and the French is written as in Québec.

use std::collections::BTreeMap;
use std::path::Path;

const NO_BREAK_SPACE: char = '\u{a0}';

/// Component, sentence, plural.
type Key = (String, String, Option<String>);

/// The text between the quotes at the start of `rest`, and what follows it.
fn quoted(rest: &str) -> Option<(String, &str)> {
    let rest = rest.trim_start().strip_prefix('"')?;
    let mut text = String::new();
    let mut chars = rest.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((text, &rest[at + 1..])),
            '\\' => match chars.next()?.1 {
                'n' => text.push('\n'),
                other => text.push(other),
            },
            c => text.push(c),
        }
    }
    None
}

fn sentences_in(file: &Path, into: &mut BTreeMap<Key, String>) {
    let mut component = String::new();
    for line in std::fs::read_to_string(file).unwrap().lines() {
        let code = line.trim_start_matches("export ");
        if let Some(name) = code.strip_prefix("component ").or_else(|| code.strip_prefix("global ")) {
            component = name.split([' ', '{']).next().unwrap().to_owned();
        }
        for (at, _) in line.match_indices("@tr(") {
            let (sentence, rest) = quoted(&line[at + 4..]).expect("a sentence follows @tr(");
            let plural = rest.trim_start().strip_prefix('|').and_then(quoted).map(|(plural, _)| plural);
            into.insert((component.clone(), sentence, plural), file.display().to_string());
        }
    }
}

fn sentences(folder: &Path, into: &mut BTreeMap<Key, String>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sentences(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "slint") {
            sentences_in(&path, into);
        }
    }
}

fn translations(text: &str) -> BTreeMap<Key, Vec<String>> {
    let mut all = BTreeMap::new();
    // the first block is the file's head
    for block in text.split("\n\n").skip(1).filter(|block| !block.trim().is_empty()) {
        let (mut key, mut french) = ((String::new(), String::new(), None), vec![]);
        for line in block.lines() {
            let (word, rest) = line.split_once(' ').unwrap();
            let (text, _) = quoted(rest).unwrap();
            match word {
                "msgctxt" => key.0 = text,
                "msgid" => key.1 = text,
                "msgid_plural" => key.2 = Some(text),
                _ => french.push(text),
            }
        }
        assert!(all.insert(key.clone(), french).is_none(), "{key:?} is there twice");
    }
    all
}

fn french() -> BTreeMap<Key, Vec<String>> {
    translations(include_str!("../../lang/fr/LC_MESSAGES/kiosk.po"))
}

#[test]
fn every_sentence_has_its_french_and_nothing_is_left_over() {
    let mut sentences = BTreeMap::new();
    self::sentences(&Path::new(env!("CARGO_MANIFEST_DIR")).join("ui"), &mut sentences);
    assert!(sentences.len() > 50, "{}", sentences.len());
    let mut french = french();
    for (key, file) in sentences {
        let texts = french.remove(&key).unwrap_or_else(|| panic!("{file}: {key:?} has no French"));
        assert_eq!(texts.len(), if key.2.is_some() { 2 } else { 1 }, "{key:?}");
        assert!(texts.iter().all(|text| !text.trim().is_empty()), "{key:?} is empty in French");
        for text in &texts {
            let places = |text: &str| text.matches('{').count();
            assert_eq!(places(text), places(key.2.as_ref().unwrap_or(&key.1)), "{text}: as many places as in English");
        }
    }
    assert!(french.is_empty(), "no longer said: {:?}", french.keys());
}

/// What is wrong with a French text, if anything.
fn fault(text: &str) -> Option<&'static str> {
    let before = |mark: char| -> Vec<Option<char>> {
        text.char_indices().filter(|(_, c)| *c == mark).map(|(at, _)| text[..at].chars().next_back()).collect()
    };
    if "!?;".chars().any(|mark| before(mark).iter().any(|c| c.is_some_and(char::is_whitespace))) {
        return Some("no space before ! ? ;");
    }
    if before(':').iter().any(|c| *c != Some(NO_BREAK_SPACE)) {
        return Some("a no-break space before :");
    }
    if before('»').iter().any(|c| *c != Some(NO_BREAK_SPACE)) || text.contains("« ") || text.replace("«\u{a0}", "").contains('«')
    {
        return Some("no-break spaces inside « »");
    }
    if text.contains('\'') {
        return Some("the apostrophe is ’");
    }
    if text.contains('—') || text.contains("...") || text.contains('"') {
        return Some("no em dash, … as one letter, « » as quotes");
    }
    None
}

#[test]
fn the_french_is_written_as_in_quebec() {
    for (key, texts) in french() {
        for text in texts {
            assert_eq!(fault(&text), None, "{key:?}: {text}");
        }
    }
}

#[test]
fn the_rules_find_faults() {
    for bad in ["Bonjour !", "Code:", "Code :", "« mot »", "l'écran", "oui — non", "Vraiment ?", "attendez..."] {
        assert!(fault(bad).is_some(), "{bad}");
    }
    for good in ["Bonjour!", "Code\u{a0}:", "«\u{a0}mot\u{a0}»", "l’écran", "Connexion…", "page {}/{}"] {
        assert_eq!(fault(good), None, "{good}");
    }
}
