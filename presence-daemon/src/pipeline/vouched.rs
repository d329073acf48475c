//! Who came in without a badge today, for the manager's eyes: with names.

use crate::clock::Now;
use crate::house::House;
use crate::presence::Vouch;
use crate::store::{StoreError, Vouched};
use voisins_shared::member::MemberId;

/// The guests whom a member vouched for, a line each: since when, the name, who vouched, and what the name that was typed meant.
pub(super) fn guests(house: &House, now: &Now) -> Result<String, StoreError> {
    lines(house, now, |vouched| {
        let says = match vouched.vouch {
            Vouch::Member => return None,
            Vouch::Guest => "",
            Vouch::Unknown => "  (said to be a member: no member has this name)",
            Vouch::Ambiguous => "  (said to be a member: several have this name)",
            Vouch::Suspended => "  (said to be a member: this one is suspended)",
        };
        Some((vouched.name.clone().unwrap_or_else(|| "-".to_owned()), says))
    })
}

/// The members who came without a badge, a line each: since when, who, who vouched.
pub(super) fn declared(house: &House, now: &Now) -> Result<String, StoreError> {
    lines(house, now, |vouched| (vouched.vouch == Vouch::Member).then(|| (name(house, vouched.member), "")))
}

fn lines(house: &House, now: &Now, says: impl Fn(&Vouched) -> Option<(String, &'static str)>) -> Result<String, StoreError> {
    let policy = house.presence().policy();
    let today = now.wall.map(|wall| policy.day_of(wall));
    let line = |vouched: &Vouched| {
        let (who, says) = says(vouched)?;
        let at = vouched.at.map_or("--:--".to_owned(), |at| policy.local(at).strftime("%H:%M").to_string());
        let left = if vouched.left { "  left" } else { "" };
        Some(format!("{at}  {who}  vouched for by {}{left}{says}\n", name(house, Some(vouched.by))))
    };
    Ok(house.store().vouched(today)?.iter().filter_map(line).collect())
}

fn name(house: &House, member: Option<MemberId>) -> String {
    let known = member.and_then(|member| house.directory().member(member));
    known.map_or("?".to_owned(), |member| format!("{} {}", member.number, member.name))
}
