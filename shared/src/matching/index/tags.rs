//! What members wrote, each text once.

use super::LANGUAGE;
use std::collections::HashMap;
use std::sync::Arc;

/// A text that members wrote, once for all who wrote it.
#[derive(Debug)]
pub(super) struct Tag {
    pub text: Arc<str>,
    pub weight: f32,
    pub members: Vec<(u32, f32)>,
}

/// Languages stand among the tags by their code, apart from any text.
const LANGUAGE_MARK: char = '\u{1}';

pub(super) fn language_code(tag: &str) -> Option<&str> {
    tag.strip_prefix(LANGUAGE_MARK)
}

#[derive(Default)]
pub(super) struct Tags {
    pub tags: Vec<Tag>,
    places: HashMap<Box<str>, usize>,
}

impl Tags {
    pub fn add(&mut self, text: &str, member: u32, field: f32) {
        let text: String = text.chars().filter(|c| !c.is_control()).collect();
        if text.trim().is_empty() {
            return;
        }
        self.insert(text, member, field);
    }

    pub fn add_language(&mut self, code: &str, member: u32) {
        self.insert(format!("{LANGUAGE_MARK}{}", code.trim().to_lowercase()), member, LANGUAGE);
    }

    fn insert(&mut self, text: String, member: u32, field: f32) {
        let at = *self.places.entry(text.as_str().into()).or_insert_with(|| {
            self.tags.push(Tag { text: text.into(), weight: 0.0, members: Vec::new() });
            self.tags.len() - 1
        });
        let members = &mut self.tags[at].members;
        match members.last_mut() {
            Some((last, known)) if *last == member => *known = known.max(field),
            _ => members.push((member, field)),
        }
    }
}
