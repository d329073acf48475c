//! A member's visiting card: vCard 4.0 (RFC 6350) of what they share, as short as a code on a screen needs it. Pure.
//!
//! No id, no badge, nothing that isn't already on the card.

use std::fmt::Write as _;
use voisins_shared::payload::{Contact, DirectoryMember};

/// A line is folded after so many octets (RFC 6350, section 3.2).
const LONGEST_LINE: usize = 75;
/// Digits of an international number (ITU-T E.164); fewer than this is no number of a person.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// What may be left out, from the first to go: a trade and a sorting name before a way to reach somebody.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Whole,
    Title,
    Sorting,
    Website,
    Phone,
    Email,
}

/// How the card's lines get shorter: only optional ones first, then whole ways to reach somebody.
const OPTIONAL: [Part; 3] = [Part::Whole, Part::Title, Part::Sorting];
const REACH: [Part; 3] = [Part::Website, Part::Phone, Part::Email];

/// The card in at most one of `rooms` octets, tried in order: everything first, then without optional lines; ways to reach somebody go
/// last, and only when no room is larger. `None` if they share no way to reach them, or none fits.
#[must_use]
pub fn vcard(member: &DirectoryMember, rooms: &[usize]) -> Option<String> {
    let contact = member.contact.as_ref()?;
    let reach = Reach::of(contact);
    let fits = |part: Part, room: usize| Some(text(member, &reach, part)?).filter(|card| card.len() <= room);
    let optional = rooms.iter().find_map(|&room| OPTIONAL.into_iter().find_map(|part| fits(part, room)));
    optional.or_else(|| REACH.into_iter().find_map(|part| fits(part, rooms.last().copied()?)))
}

/// The ways to reach somebody, each as the rest of its line.
struct Reach {
    email: Option<String>,
    phone: Option<String>,
    website: Option<String>,
}

impl Reach {
    fn of(contact: &Contact) -> Self {
        Self {
            email: contact.email.as_deref().map(escaped).filter(|email| !email.is_empty()).map(|email| format!("EMAIL:{email}")),
            phone: contact.phone.as_deref().and_then(phone),
            website: contact.website.as_deref().and_then(website).map(|url| format!("URL:{url}")),
        }
    }
}

/// The card without what goes up to `left_out`; none without a way to reach somebody.
fn text(member: &DirectoryMember, reach: &Reach, left_out: Part) -> Option<String> {
    let name = member.name.split_whitespace().collect::<Vec<_>>();
    let (given, family) = name.split_first()?;
    let mut card = String::new();
    line(&mut card, "BEGIN:VCARD");
    line(&mut card, "VERSION:4.0");
    line(&mut card, &format!("FN:{}", escaped(&name.join(" "))));
    if left_out < Part::Sorting {
        line(&mut card, &format!("N:{};{};;;", escaped(&family.join(" ")), escaped(given)));
    }
    let title = member.title.as_deref().map(escaped).filter(|title| !title.is_empty() && left_out < Part::Title);
    if let Some(title) = title {
        line(&mut card, &format!("TITLE:{title}"));
    }
    let ways = [(&reach.email, Part::Email), (&reach.phone, Part::Phone), (&reach.website, Part::Website)];
    let mut ways = ways.into_iter().filter(|(_, part)| left_out < *part).filter_map(|(way, _)| way.as_ref()).peekable();
    ways.peek()?;
    ways.for_each(|way| line(&mut card, way));
    line(&mut card, "END:VCARD");
    Some(card)
}

/// Adds a line, folded between letters and never inside one.
fn line(card: &mut String, text: &str) {
    let mut length = 0;
    for letter in text.chars() {
        if length + letter.len_utf8() > LONGEST_LINE {
            card.push_str("\r\n ");
            length = 1;
        }
        card.push(letter);
        length += letter.len_utf8();
    }
    card.push_str("\r\n");
}

/// A text value (RFC 6350, section 3.4): no letter of it can end it or begin another line.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    let text = text.trim().replace("\r\n", "\n");
    for letter in text.chars() {
        match letter {
            '\\' | ',' | ';' => out.extend(['\\', letter]),
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push_str("\\n"),
            '\t' => out.push(' '),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// An international number is a link to call (RFC 3966); any other is text, since its area is anybody's guess.
fn phone(phone: &str) -> Option<String> {
    let phone = phone.trim();
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let is_number = |rest: &str| rest.chars().all(|c| c.is_ascii_digit() || " \u{a0}\u{202f}.-()".contains(c));
    match phone.strip_prefix('+') {
        Some(rest) if is_number(rest) && DIGITS.contains(&digits.len()) => Some(format!("TEL;VALUE=uri:tel:+{digits}")),
        _ => Some(escaped(phone)).filter(|text| !text.is_empty()).map(|text| format!("TEL:{text}")),
    }
}

/// A web address as a URI; none if it isn't one.
fn website(website: &str) -> Option<String> {
    let website = website.trim();
    let lower = website.to_ascii_lowercase();
    let has_scheme = lower.starts_with("https://") || lower.starts_with("http://");
    let bad = |c: char| c.is_whitespace() || c.is_control() || "\"<>\\^`{|}".contains(c);
    if website.is_empty() || website.contains(bad) || (!has_scheme && website.contains("://")) {
        return None;
    }
    let mut url = if has_scheme { String::new() } else { "https://".to_owned() };
    for letter in website.chars() {
        if letter.is_ascii() {
            url.push(letter);
        } else {
            for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(url, "%{byte:02X}");
            }
        }
    }
    Some(url)
}

#[cfg(test)]
mod tests;
