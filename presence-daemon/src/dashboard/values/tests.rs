use super::*;
use voisins_shared::demo;
use voisins_shared::language::Language;
use voisins_shared::topic::Topic;

fn at(text: &str) -> Timestamp {
    format!("{text}[America/Toronto]").parse::<jiff::Zoned>().unwrap().timestamp()
}

/// The demonstration's site, as its messages tell it.
fn site(now: Timestamp) -> (SiteName, Sites) {
    let mut sites = Sites::default();
    sites.connected();
    for (topic, payload) in demo::messages(9, 4, |_, _| vec![0xFF, 0xD8]) {
        sites.heard(&format!("voisins/{}/{topic}", demo::SITE), &payload, now);
    }
    (SiteName::new(demo::SITE).unwrap(), sites)
}

const NOON: &str = "2026-10-23T12:20:00";

#[test]
fn a_site_is_told_in_the_language_that_is_asked_for() {
    let now = at(NOON);
    let (name, sites) = site(now);
    let shown = |language| board(&name, sites.get(&name).unwrap(), None, None, now, Texts::of(language));
    let french = shown(Language::Fr);
    assert_eq!((&*french.figures[0].name, &*shown(Language::En).figures[0].name), ("Ici maintenant", "Here now"));
    let rows = french.rows.unwrap();
    let site = sites.get(&name).unwrap();
    assert_eq!(rows.len(), site.roster.present().count());
    assert!(rows.iter().all(|row| !row.name.is_empty() && !row.initials.is_empty()));
    assert_eq!(french.figures[0].number, site.roster.fresh().to_string());
    assert_eq!(french.stale, None);
}

#[test]
fn names_leave_after_a_quarter_of_an_hour_without_news_and_numbers_stay() {
    let now = at(NOON);
    let (name, mut sites) = site(now);
    sites.lost(now);
    let shown = |minutes| {
        let later = now + SignedDuration::from_mins(minutes);
        board(&name, sites.get(&name).unwrap(), None, None, later, Texts::of(Language::Fr))
    };
    let soon = shown(14);
    assert!(soon.rows.is_some() && soon.stale.as_deref() == Some("Pas de nouvelles depuis 12\u{a0}h\u{a0}20"), "{:?}", soon.stale);
    let late = shown(16);
    assert!(late.rows.is_none() && late.needs.is_empty() && late.figures[0].number != "0");
    let (said, stands) = link(&sites, Texts::of(Language::Fr));
    assert!(!stands && said.starts_with("MQTT coupé depuis"), "{said}");
}

#[test]
fn many_sites_are_a_row_each_and_only_those_with_news_are_added_up() {
    let now = at(NOON);
    let (_, mut sites) = site(now);
    let messages = demo::messages(9, 4, |_, _| vec![0xFF, 0xD8]);
    for (topic, payload) in &messages {
        sites.heard(&format!("voisins/autre/{topic}"), payload, now);
    }
    let both = all(&sites, now, Texts::of(Language::Fr));
    assert_eq!((both.rows.len(), both.rows[0].here), (2, both.rows[1].here));
    assert_eq!(both.figures[1].number, (2 * both.rows[0].here).to_string());
    let (_, status) = messages.iter().find(|(topic, _)| *topic == Topic::Status).unwrap();
    let offline = String::from_utf8(status.clone()).unwrap().replace("online", "offline");
    sites.heard("voisins/autre/status", offline.as_bytes(), now);
    let one = all(&sites, now, Texts::of(Language::Fr));
    assert_eq!(one.figures[1].number, one.rows[0].here.to_string());
    assert_eq!(one.rows.iter().filter(|row| row.stale.is_some()).count(), 1);
}
