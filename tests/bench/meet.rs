//! Who can help whom at a tap: 2,000 members, 500 open needs, 200 people in the house.

use crate::numbers::{Chance, Sample, milliseconds};
use crate::table::{Aim, Table};
use crate::{Outcome, search};
use jiff::Timestamp;
use presence_daemon::clock::{BootId, Now, since_boot};
use presence_daemon::community::{Community, Draft, Need};
use presence_daemon::config::Config;
use presence_daemon::directory::{Directory, Member, Standing};
use presence_daemon::neighbours::{Here, Neighbours};
use presence_daemon::policy::Policy;
use presence_daemon::presence::{Presence, PresenceEvent, Subject, VisitId, What};
use std::path::Path;
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::matching::Concepts;
use voisins_shared::member::{Field, MemberNumber, Surface};
use voisins_shared::need::{Audience, NeedId};
use voisins_shared::payload::{DirectoryMember, TextSize};
use voisins_shared::visit::OpenedBy;

const MEMBERS: usize = 2_000;
const NEEDS: u128 = 500;
const HERE: usize = 200;
/// A tap's match takes no longer than this, in milliseconds.
const AIM: f64 = 5.0;
/// Nor an arrival's shared interest.
const INTEREST_AIM: f64 = 1.0;
/// What members are interested in, three each.
const INTERESTS: [&str; 12] = [
    "vélo d’hiver",
    "échecs",
    "photographie",
    "monnaie locale",
    "escalade",
    "jardinage",
    "cuisine",
    "chorale",
    "jeux de société",
    "randonnée",
    "vinyles",
    "poterie",
];

/// What was measured.
#[derive(Debug)]
pub struct Measured {
    taps: Sample,
    posts: Sample,
    interests: Sample,
    learnt: f64,
    found: usize,
}

fn member(n: usize, DirectoryMember { id, name, title, skills, .. }: DirectoryMember) -> Member {
    let number = u32::try_from(n).unwrap_or(u32::MAX);
    Member {
        id,
        number: MemberNumber(number),
        name,
        title,
        pronouns: None,
        languages: vec!["fr".to_owned()],
        skills,
        interests: (0..3).map(|at| INTERESTS[(n + at * (1 + n % 5)) % INTERESTS.len()].to_owned()).collect(),
        looking_for: vec![],
        email: None,
        phone: None,
        website: None,
        table: None,
        screen_language: None,
        text_size: TextSize::default(),
        authentic_only: false,
        standing: Standing::Active,
        consents: [Field::Name, Field::Skills, Field::Title, Field::Interests].map(|field| (field, Surface::Kiosk)).into(),
        asked: true,
        photo: None,
    }
}

/// Measures it.
pub fn measure(seed: u64) -> Outcome<Measured> {
    let mut chance = Chance::new(seed);
    let members: Vec<Member> = search::members(MEMBERS, seed).into_iter().enumerate().map(|(n, shown)| member(n, shown)).collect();
    let wall: Timestamp = "2026-10-23T14:00:00Z".parse()?;
    let now = Now { boot: BootId(Uuid::nil()), since_boot: Duration::from_secs(60), wall: Some(wall) };
    let config = Config::parse("site = 'bench'", Path::new("bench"))?;
    let mut presence = Presence::new(Policy::new(&config)?);
    for (n, member) in members.iter().take(HERE).enumerate() {
        let (visit, subject) = (VisitId(n as u64 + 1), Subject::Member(member.id));
        let what = What::CheckedIn { visit, subject, reader: None, by: OpenedBy::Tap };
        presence.apply(&PresenceEvent { at: now, what });
    }
    let mut need = |n: u128| {
        let author = members.get(usize::try_from(chance.below(2 * HERE as u64)).unwrap_or_default()).map(|member| member.id);
        let text = search::QUERIES[usize::try_from(n).unwrap_or_default() % search::QUERIES.len()].to_owned();
        let draft = Draft { text, skills: vec![] };
        let id = NeedId(Uuid::from_u128(n + 1));
        Need::new(id, author, draft, Audience::Named, now)
    };
    let all: Vec<Need> = (0..NEEDS).map(&mut need).collect();
    let directory = Directory::new(members.clone(), []);
    let community = Community::restore(all.iter().skip(1).cloned(), []);
    let mut neighbours = Neighbours::new(Concepts::built_in());
    let begun = since_boot();
    neighbours.learn(&directory, &community);
    let learnt = milliseconds(begun, since_boot());
    // a need that is new: each in turn is unknown to who learnt all the others
    let mut posts = Vec::new();
    for left_out in 0..100 {
        let without = all.iter().enumerate().filter(|(n, _)| *n != left_out).map(|(_, need)| need.clone());
        neighbours.follow(&Community::restore(without, []));
        let community = Community::restore(all.iter().cloned(), []);
        let begun = since_boot();
        neighbours.follow(&community);
        posts.push(milliseconds(begun, since_boot()));
    }
    let community = Community::restore(all, []);
    neighbours.follow(&community);
    let (mut taps, mut found) = (Vec::new(), 0);
    for member in members.iter().take(HERE).cycle().take(5 * HERE) {
        let here = Here { presence: &presence, directory: &directory, community: &community, now: &now };
        let begun = since_boot();
        found += neighbours.meetings(member.id, &here).len();
        taps.push(milliseconds(begun, since_boot()));
    }
    let mut interests = Vec::new();
    for member in members.iter().take(HERE).cycle().take(5 * HERE) {
        let here = Here { presence: &presence, directory: &directory, community: &community, now: &now };
        let begun = since_boot();
        found += usize::from(neighbours.shared_interest(member.id, &here).is_some());
        interests.push(milliseconds(begun, since_boot()));
    }
    Ok(Measured { taps: Sample::new(taps), posts: Sample::new(posts), interests: Sample::new(interests), learnt, found })
}

/// Prints it.
pub fn report(table: &mut Table, measured: &Measured) {
    table.section(format!("neighbours: {MEMBERS} members, {NEEDS} open needs, {HERE} people here"));
    let aim = Aim::new("p99 < 5 ms", measured.taps.percentile(99) < AIM);
    table.times("who can help whom, at a tap", &measured.taps, None, Some(aim));
    let aim = Aim::new("p99 < 1 ms", measured.interests.percentile(99) < INTEREST_AIM);
    table.times("an interest shared with somebody here", &measured.interests, None, Some(aim));
    table.times("a new need finds who could help", &measured.posts, None, None);
    table.value("all needs and members learnt anew", format!("{:.0} ms", measured.learnt), None);
    table.note(format!("{} meetings and shared interests were found in {} taps.", measured.found, measured.taps.len()));
}
