//! A member's visiting card as a file: vCard 4.0 (RFC 6350), with all that the manager knows of how to reach them. Pure.

use crate::directory::Member;

/// A line is folded after so many octets (RFC 6350, section 3.2).
const LONGEST_LINE: usize = 75;

/// The card of one member.
#[must_use]
pub fn vcard(member: &Member) -> String {
    let words: Vec<&str> = member.name.split_whitespace().collect();
    let (given, family) = words.split_first().map_or(("", String::new()), |(given, family)| (*given, family.join(" ")));
    let mut lines = vec!["BEGIN:VCARD".to_owned(), "VERSION:4.0".to_owned(), format!("UID:urn:uuid:{}", member.id)];
    lines.push(format!("FN:{}", escaped(&member.name)));
    lines.push(format!("N:{};{};;;", escaped(&family), escaped(given)));
    let texts = [("TITLE", &member.title), ("EMAIL", &member.email), ("TEL;VALUE=text", &member.phone), ("URL", &member.website)];
    for (property, value) in texts {
        lines.extend(value.iter().map(|value| format!("{property}:{}", escaped(value))));
    }
    lines.extend(member.languages.iter().map(|language| format!("LANG:{}", escaped(language))));
    if !member.skills.is_empty() {
        let skills: Vec<String> = member.skills.iter().map(|skill| escaped(skill)).collect();
        lines.push(format!("CATEGORIES:{}", skills.join(",")));
    }
    lines.push("END:VCARD".to_owned());
    lines.iter().map(|line| folded(line)).collect()
}

/// A line in pieces, cut between letters and never inside one.
fn folded(line: &str) -> String {
    let (mut out, mut length) = (String::new(), 0);
    for letter in line.chars() {
        if length + letter.len_utf8() > LONGEST_LINE {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(letter);
        length += letter.len_utf8();
    }
    out + "\r\n"
}

/// A text value (RFC 6350, section 3.4): no letter of it can end it or begin another line.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '\\' | ',' | ';' => out.extend(['\\', letter]),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::tests::member;

    #[test]
    fn rfc6350_a_card_holds_what_reaches_somebody_and_no_text_breaks_out_of_its_line() {
        let mut anne = member(1, "Anne de Vries; \nEND:VCARD", &[]);
        anne.phone = Some("+1 514 555-0101".into());
        anne.skills = vec!["é".repeat(60)];
        let card = vcard(&anne);
        assert!(card.starts_with("BEGIN:VCARD\r\nVERSION:4.0\r\n") && card.ends_with("END:VCARD\r\n"), "{card}");
        assert_eq!(card.lines().filter(|line| *line == "END:VCARD").count(), 1, "{card}");
        assert!(card.contains("EMAIL:m1@example.org\r\n") && card.contains("TEL;VALUE=text:+1 514 555-0101\r\n"));
        assert!(card.split("\r\n").all(|line| line.len() <= LONGEST_LINE));
    }
}
