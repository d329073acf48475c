//! A member's card: what they share, in the room there is.

use super::avatar::Avatar;
use super::screen::Dot;
use super::search::{self, Presence};
use super::{qr, since, vcard};
use crate::board::{Board, Now};
use voisins_shared::member::MemberId;
use voisins_shared::payload::DirectoryMember;

/// A member's card, as a sheet at the right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberScreen {
    /// Whose.
    pub member: MemberId,
    /// They can be asked or written to here and now.
    pub can_sign: bool,
    /// A meeting comes first, then a note; else the other way round.
    pub meets: bool,
    /// The sheet's measures.
    pub sheet: Sheet,
    /// As they write it.
    pub name: String,
    /// "Développement web · il/lui · FR, EN".
    pub about: String,
    /// How they are here.
    pub presence: Presence,
    /// Where they sit; empty unless they share it.
    pub table: String,
    /// "9 h 40": here since then; empty unless they share it.
    pub since: String,
    /// "le mardi et le jeudi": of somebody who isn't here, if they share it.
    pub usual_days: String,
    /// The face.
    pub avatar: Avatar,
    /// The mark beside it.
    pub dot: Dot,
    /// Rows of skills.
    pub skills: Vec<ChipLine>,
    /// What they like to be asked about.
    pub interests: Words,
    /// What they look for.
    pub looking_for: Words,
    /// Their visiting card, if they share a way to reach them.
    pub vcard: Option<String>,
}

/// Skills in a row; those past the end of `skills` are only counted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ChipLine {
    pub skills: Vec<String>,
    pub total: usize,
}

/// A text and how many lines it may take.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Words {
    pub text: String,
    pub lines: u32,
}

/// The measures of the sheet, in logical pixels; drawn by `ui/overlays/member_overlay.slint`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sheet {
    /// Of the sheet.
    pub width: u32,
    /// The diameter of the face.
    pub face: u32,
    /// The room for the code on a side, its frame included.
    pub code: u32,
    /// What that may grow to where there is room left.
    most_code: u32,
    /// Where what follows the head begins.
    top: u32,
    /// Where it ends.
    bottom: u32,
    /// Width of its words.
    inner: u32,
    /// Beside the words, not below.
    code_beside: bool,
    title: u32,
    chip: u32,
    chip_gap: u32,
    line: u32,
    gap: u32,
    chip_font: u32,
    font: u32,
}

/// Around the code on each side.
pub const FRAME: u32 = 4;
/// Between the words and a code beside them.
const BESIDE: u32 = 20;
/// More skills than these never fit; the rest is a number.
const MOST_SKILLS: usize = 24;

impl Sheet {
    fn of(small: bool, (width, height): (u32, u32)) -> Self {
        if small {
            let sheet = width.saturating_sub(140).clamp(320, 660).min(width);
            return Self {
                width: sheet,
                face: 84,
                code: 176,
                most_code: 176,
                top: 118,
                bottom: height.saturating_sub(80),
                inner: sheet.saturating_sub(40),
                code_beside: true,
                title: 23,
                chip: 32,
                chip_gap: 6,
                line: 22,
                gap: 12,
                chip_font: 16,
                font: 17,
            };
        }
        let sheet = width.saturating_sub(200).min(760);
        Self {
            width: sheet,
            face: 120,
            code: 176,
            // 3 pixels a square for a whole card of 251 octets
            most_code: if height < 1000 { 216 } else { 288 },
            top: 188,
            bottom: height.saturating_sub(116),
            inner: sheet.saturating_sub(88),
            code_beside: false,
            title: 30,
            chip: 44,
            chip_gap: 8,
            line: 28,
            gap: 22,
            chip_font: 20,
            font: 22,
        }
    }

    /// How high a text may get.
    #[must_use]
    pub fn words_height(&self, words: &Words) -> u32 {
        words.lines * self.line
    }

    /// The width of the words.
    fn words(&self, code: bool) -> u32 {
        if code && self.code_beside { self.inner.saturating_sub(self.code + BESIDE) } else { self.inner }
    }
}

/// Builds the card, if one is open and may be shown.
#[must_use]
pub fn build(board: &Board, small: bool, size: (u32, u32), now: Now) -> Option<MemberScreen> {
    let roster = board.roster();
    let member = roster.member(board.member()?)?;
    let present = roster.present().find(|(_, shown)| shown.id == member.id).map(|(present, _)| present);
    // no news of anybody is no news of this one
    let known = board.connection().is_online() && roster.presence().is_some();
    let presence = if known { search::of(present) } else { Presence::Unknown };
    let is_here = matches!(presence, Presence::Here | Presence::Open | Presence::DoNotDisturb);
    let mut sheet = Sheet::of(small, size);
    let card = |side: u32| vcard::vcard(member, &qr::rooms(side - 2 * FRAME));
    let has_code = card(sheet.code).is_some();
    let interests = member.interests.join(", ");
    let looking_for = member.looking_for.join(" · ");
    let wants = Wants::of(&sheet, member, [&interests, &looking_for], has_code);
    let ([rows, interest_lines, looking_lines], left) = wants.granted(&sheet, has_code);
    sheet.code = (sheet.code + left).min(sheet.most_code);
    let vcard = card(sheet.code).filter(|_| has_code);
    Some(MemberScreen {
        member: member.id,
        can_sign: board.connection().is_online(),
        meets: matches!(presence, Presence::Here | Presence::Open),
        name: member.name.clone(),
        about: about(member),
        presence,
        table: member.table.clone().filter(|_| is_here).unwrap_or_default(),
        since: since(board, present, now),
        usual_days: if is_here { String::new() } else { board.language().usual_days(&member.usual_days) },
        avatar: Avatar::of(member.id, &member.name, roster),
        dot: search::dot(presence),
        skills: chips(&member.skills, sheet.words(has_code), sheet.chip_font, rows as usize),
        interests: Words { text: interests, lines: interest_lines },
        looking_for: Words { text: looking_for, lines: looking_lines },
        vcard,
        sheet,
    })
}

/// Trade, pronouns and languages, those they share.
fn about(member: &DirectoryMember) -> String {
    // a code is written large, a word as they wrote it
    let language = |language: &String| match language.chars().count() {
        2 => language.to_uppercase(),
        _ => language.clone(),
    };
    let languages = member.languages.iter().map(language).collect::<Vec<_>>().join(", ");
    let parts = [member.title.clone().unwrap_or_default(), member.pronouns.clone().unwrap_or_default(), languages];
    parts.into_iter().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join(" · ")
}

/// How wide a text is about; rather too much than too little.
pub(super) fn width(text: &str, font: u32) -> u32 {
    // hundredths of the font's size: Chinese, Japanese, Korean and emoji are square
    let letters = text.chars().map(|c| if u32::from(c) >= 0x2E80 { 105 } else { 58 }).sum::<u32>();
    letters.saturating_mul(font) / 100
}

/// Skills in at most `rows` rows; in the last one those that may not fit are drawn as far as they do (see `widgets/chips.slint`).
fn chips(skills: &[String], room: u32, font: u32, rows: usize) -> Vec<ChipLine> {
    let mut lines = vec![];
    let mut rest = skills;
    while !rest.is_empty() && lines.len() < rows {
        let fitting = if lines.len() + 1 == rows { rest.len() } else { fitting(rest, room, font) };
        let (line, after) = rest.split_at(fitting);
        lines.push(ChipLine { skills: line.iter().take(MOST_SKILLS).cloned().collect(), total: line.len() });
        rest = after;
    }
    lines
}

/// How many of the first skills fit into a row; at least one, which may end in an ellipsis.
fn fitting(skills: &[String], room: u32, font: u32) -> usize {
    let mut used = 0;
    let fits = skills.iter().take_while(|skill| {
        used += width(skill, font) + 2 * font;
        let fits = used <= room;
        used += font / 2;
        fits
    });
    fits.count().max(1)
}

/// How many rows of skills, lines of interests and lines of what is looked for there would be, if there were room.
struct Wants([u32; 3]);

impl Wants {
    fn of(sheet: &Sheet, member: &DirectoryMember, texts: [&str; 2], code: bool) -> Self {
        let room = sheet.words(code);
        let rows = chips(&member.skills, room, sheet.chip_font, usize::MAX).len();
        let lines = |text: &str| if text.is_empty() { 0 } else { width(text, sheet.font).div_ceil(room.max(1)).max(1) };
        Self([u32::try_from(rows).unwrap_or(u32::MAX), lines(texts[0]), lines(texts[1])].map(|wanted| wanted.min(4)))
    }

    /// How many there is room for, and what is left of it: one of each, then more by turns, the skills first.
    fn granted(&self, sheet: &Sheet, code: bool) -> ([u32; 3], u32) {
        let costs = [sheet.chip + sheet.chip_gap, sheet.line, sheet.line];
        let mut granted = self.0.map(|wanted| wanted.min(1));
        let mut used: u32 = granted.iter().zip(costs).map(|(n, cost)| n * (sheet.title + cost + sheet.gap)).sum();
        if code && !sheet.code_beside {
            used += sheet.code;
        }
        let room = sheet.bottom.saturating_sub(sheet.top);
        for _ in 0..4 {
            for part in 0..3 {
                if granted[part] < self.0[part] && granted[part] > 0 && used + costs[part] <= room {
                    used += costs[part];
                    granted[part] += 1;
                }
            }
        }
        (granted, room.saturating_sub(used))
    }
}
