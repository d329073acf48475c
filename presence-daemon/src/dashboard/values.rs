//! What the pages show of a site, in words and numbers. Pure: the time goes in.

use super::charts::{self, Svg};
use super::introduce::Introduce;
use super::sites::{Link, Site, Sites};
use super::week::{self, People, Week};
use crate::web::texts::Texts;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use voisins_shared::member::{MemberId, colour, initials};
use voisins_shared::name::SiteName;
use voisins_shared::payload::{Count, ReaderState};
use voisins_shared::visit::Availability;

/// Names leave the page when nothing was heard for so long, as they leave the kiosks.
const NAMES_FOR: SignedDuration = SignedDuration::from_mins(15);

/// A number with what it counts and a word beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    pub name: String,
    pub number: String,
    pub beside: String,
}

/// Somebody who is here and agreed to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub member: MemberId,
    pub name: String,
    pub initials: String,
    pub colour: u8,
    /// The hash of their photo, if it came.
    pub photo: Option<String>,
    pub title: String,
    pub since: String,
    pub state: String,
    /// The class of the state: here, open, quiet or passed.
    pub class: &'static str,
}

/// One line of a list: what, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub what: String,
    pub said: String,
    /// Something to look after.
    pub wrong: bool,
}

/// A chart, and its numbers for who can't see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    pub svg: Svg,
    pub head: Vec<String>,
    pub rows: Vec<(String, Vec<String>)>,
}

/// All of one site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    pub title: String,
    /// Why it can't be believed, if so.
    pub stale: Option<String>,
    /// The manager's pages; empty on those pages themselves, none where nobody knows.
    pub admin: Option<String>,
    pub figures: Vec<Figure>,
    /// Who is here; none if nobody was heard of for so long that names had to go.
    pub rows: Option<Vec<Row>>,
    /// "et 3 personnes sans nom".
    pub others: Option<String>,
    pub today: Chart,
    /// Some of today is estimated.
    pub estimated: bool,
    pub week: Chart,
    pub months: Chart,
    pub needs: Vec<Line>,
    pub readers: Vec<Line>,
    pub introduce: Option<Introduce>,
}

/// One site in the list of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteRow {
    pub name: SiteName,
    pub title: String,
    pub here: u32,
    pub today: u32,
    pub stale: Option<String>,
    pub readers_down: usize,
}

/// Many sites together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct All {
    pub figures: Vec<Figure>,
    pub rows: Vec<SiteRow>,
}

/// Everybody here now: by the numbers, which come before any name.
fn here(site: &Site) -> (u32, u32) {
    match (site.roster.presence(), site.roster.occupancy()) {
        (None, Some(occupancy)) => {
            let passed = occupancy.members.passed.saturating_add(occupancy.guests.passed);
            (occupancy.members.fresh.saturating_add(occupancy.guests.fresh), passed)
        }
        (presence, _) => {
            let shown = presence.map_or(0, |presence| presence.present.iter().filter(|present| !present.fresh).count());
            let hidden = presence.map_or(0, |presence| presence.hidden.passed.saturating_add(presence.guests.passed));
            (site.roster.fresh(), u32::try_from(shown).unwrap_or(u32::MAX).saturating_add(hidden))
        }
    }
}

fn came(site: &Site) -> u32 {
    site.roster.presence().map(|presence| presence.today).or(site.roster.occupancy().map(|o| o.today)).unwrap_or(0)
}

fn zone(site: &Site) -> TimeZone {
    site.roster.session().and_then(|session| TimeZone::get(&session.time_zone).ok()).unwrap_or(TimeZone::UTC)
}

fn title(name: &SiteName, site: &Site) -> String {
    site.roster.session().map_or_else(|| name.to_string(), |session| session.title.clone())
}

/// "Pas de nouvelles depuis 10 h 42", with the day if it was another one.
fn stale(site: &Site, now: Timestamp, t: &Texts) -> Option<String> {
    let (since, zone) = (site.stale?.to_zoned(zone(site)), zone(site));
    let time = t.language().time(since.time());
    let moment =
        if since.date() == now.to_zoned(zone).date() { time } else { format!("{}, {time}", t.language().date(since.date())) };
    Some(t.with("presence-stale", &[("since", moment.into())]))
}

/// The connection to the broker, in words: and whether it stands.
pub fn link(sites: &Sites, t: &Texts) -> (String, bool) {
    match sites.link() {
        Link::Connecting => (t.say("presence-link-connecting"), false),
        Link::Connected(None) => (t.say("presence-link"), true),
        Link::Connected(Some(took)) => {
            let milliseconds = usize::try_from(took.as_millis()).unwrap_or(usize::MAX).max(1);
            (t.count("presence-link-took", "ms", milliseconds), true)
        }
        Link::Lost(since) => {
            let since = t.language().time(since.to_zoned(TimeZone::system()).time());
            (t.with("presence-link-lost", &[("since", since.into())]), false)
        }
    }
}

/// The list of all sites.
pub fn all(sites: &Sites, now: Timestamp, t: &Texts) -> All {
    let row = |(name, site): (&SiteName, &Site)| SiteRow {
        name: name.clone(),
        title: title(name, site),
        here: here(site).0,
        today: came(site),
        stale: stale(site, now, t),
        readers_down: site.readers_down(),
    };
    let rows: Vec<SiteRow> = sites.iter().map(row).collect();
    let live = || rows.iter().filter(|row| row.stale.is_none());
    let sum = |of: fn(&SiteRow) -> u32| live().map(of).fold(0_u32, u32::saturating_add).to_string();
    let figure = |name: &str, number: String, beside: String| Figure { name: t.say(name), number, beside };
    let down: usize = rows.iter().map(|row| row.readers_down).sum();
    let figures = vec![
        figure("presence-sites", rows.len().to_string(), t.count("presence-sites-live", "count", live().count())),
        figure("presence-here", sum(|row| row.here), String::new()),
        figure("presence-today", sum(|row| row.today), String::new()),
        figure("presence-readers-down", down.to_string(), String::new()),
    ];
    All { figures, rows }
}

/// All of one site. `introduce` is found beside it, since it takes an index.
pub fn board(
    name: &SiteName,
    site: &Site,
    introduce: Option<Introduce>,
    admin: Option<String>,
    now: Timestamp,
    t: &Texts,
) -> Board {
    let zone = zone(site);
    let day = now.to_zoned(zone.clone()).date();
    let typical = week::typical(&site.roster, day, &zone);
    let today = week::today(&site.roster, now, &zone);
    let months = week::months(&site.roster, day);
    let names = site.stale.is_none_or(|since| now.duration_since(since) < NAMES_FOR);
    Board {
        title: title(name, site),
        stale: stale(site, now, t),
        admin,
        figures: figures(site, t),
        rows: names.then(|| rows(site, &zone, t)),
        others: others(site, t),
        estimated: today.estimated,
        today: today_chart(&today, here(site).0, typical.0[week::weekday(day.weekday())].as_ref(), t),
        week: week_chart(&typical, day, t),
        months: months_chart(&months, t),
        needs: if names { needs(site, now, t) } else { vec![] },
        readers: readers(site, t),
        introduce: introduce.filter(|_| names),
    }
}

fn figures(site: &Site, t: &Texts) -> Vec<Figure> {
    let count = |key: &str, n: u32| t.with(key, &[("count", n.into())]);
    let (here, passed) = here(site);
    let today = came(site);
    let left = today.saturating_sub(here.saturating_add(passed));
    let needs = site.roster.needs();
    let of_space = u32::try_from(needs.iter().filter(|need| need.space).count()).unwrap_or(u32::MAX);
    let month = site.roster.months().first();
    let introduced = month.map_or(0, |month| month.introduced);
    let project = month.map_or(0, |month| month.led_to_project);
    let figure = |name: &str, number: u32, beside| Figure { name: t.say(name), number: number.to_string(), beside };
    vec![
        figure("presence-here", here, count("presence-passed", passed)),
        figure("presence-today", today, count("presence-left", left)),
        figure("presence-needs", u32::try_from(needs.len()).unwrap_or(u32::MAX), count("presence-of-space", of_space)),
        figure("presence-introduced", introduced, count("presence-led", project)),
    ]
}

fn rows(site: &Site, zone: &TimeZone, t: &Texts) -> Vec<Row> {
    let row = |(present, member): (&voisins_shared::payload::PresentMember, &voisins_shared::payload::DirectoryMember)| {
        let (key, class) = match present.availability {
            _ if !present.fresh => ("presence-state-passed", "passed"),
            Availability::Here => ("presence-state-here", "here"),
            Availability::Open => ("presence-state-open", "here"),
            Availability::DoNotDisturb => ("presence-state-quiet", "quiet"),
        };
        let since = present.since.map(|since| t.language().time(since.to_zoned(zone.clone()).time()));
        Row {
            member: member.id,
            name: member.name.clone(),
            initials: initials(&member.name),
            colour: colour(member.id),
            photo: member.photo.clone().filter(|_| site.roster.photo(member.id).is_some()),
            title: member.title.clone().unwrap_or_default(),
            since: since.unwrap_or_default(),
            state: t.say(key),
            class,
        }
    };
    site.roster.present().map(row).collect()
}

fn others(site: &Site, t: &Texts) -> Option<String> {
    let presence = site.roster.presence()?;
    let all = |count: Count| count.fresh.saturating_add(count.passed);
    let (hidden, guests) = (all(presence.hidden), all(presence.guests));
    let count = |key: &str, n: u32| (n > 0).then(|| t.with(key, &[("count", n.into())]));
    let said: Vec<String> = [count("presence-hidden", hidden), count("presence-guests", guests)].into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(" · "))
}

fn told(people: People) -> String {
    people.map_or_else(|| "<5".to_owned(), |people| people.to_string())
}

fn today_chart(today: &week::Today, here: u32, usual: Option<&[People; 24]>, t: &Texts) -> Chart {
    let row = |hour: usize| {
        let now = (hour == today.hour).then(|| here.to_string());
        let said = now.or_else(|| today.over[hour].filter(|_| hour < today.hour).map(told)).unwrap_or_default();
        let usual = usual.map(|usual| told(usual[hour])).unwrap_or_default();
        (t.language().time(jiff::civil::time(i8::try_from(hour).unwrap_or(0), 0, 0, 0)), vec![said, usual])
    };
    let head = ["presence-hour", "presence-people", "presence-usual"].map(|key| t.say(key)).into();
    Chart { svg: charts::today(today, here, usual, &t.say("presence-curve-label")), head, rows: (6..23).map(row).collect() }
}

fn days(t: &Texts) -> [String; 7] {
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(|day| t.say(&format!("presence-day-{day}")))
}

fn week_chart(week: &Week, today: jiff::civil::Date, t: &Texts) -> Chart {
    let names = days(t);
    let shown = (8..20).step_by(2);
    let head = [t.say("presence-day")].into_iter().chain(shown.clone().map(|hour| format!("{hour}h"))).collect();
    let row = |(day, hours): (usize, &Option<[People; 24]>)| {
        let hours = hours.as_ref()?;
        Some((names[day].clone(), shown.clone().map(|hour| told(hours[hour])).collect()))
    };
    let rows = week.0.iter().enumerate().filter_map(row).collect();
    Chart { svg: charts::week(week, &names, today, &t.say("presence-week-label")), head, rows }
}

fn months_chart(months: &[week::MonthOfDays], t: &Texts) -> Chart {
    let names: Vec<String> = months.iter().map(|month| t.say(&format!("presence-month-{}", month.month.first().month()))).collect();
    let row = |month: &week::MonthOfDays| {
        let estimated = if month.estimated { t.say("presence-estimated") } else { String::new() };
        (month.month.to_string(), vec![told(month.fullest), estimated])
    };
    let head = ["presence-month", "presence-people", "presence-note"].map(|key| t.say(key)).into();
    Chart { svg: charts::months(months, &names, &t.say("presence-months-label")), head, rows: months.iter().map(row).collect() }
}

fn needs(site: &Site, now: Timestamp, t: &Texts) -> Vec<Line> {
    let line = |need: &voisins_shared::payload::PublishedNeed| {
        let author = need.author.and_then(|author| site.roster.member(author)).map(|member| member.name.clone());
        let by = author.unwrap_or_else(|| t.say(if need.space { "presence-need-space" } else { "presence-need-unnamed" }));
        let days = need.posted.map(|posted| now.duration_since(posted).as_hours().max(0) / 24);
        let since = days.map(|days| t.with("presence-need-days", &[("count", days.into())]));
        let said = [Some(by), since].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        Line { what: need.text.clone(), said, wrong: false }
    };
    site.roster.needs().iter().map(line).collect()
}

fn readers(site: &Site, t: &Texts) -> Vec<Line> {
    let line = |reader: &voisins_shared::payload::ReaderStatus| {
        let (key, wrong) = match reader.state {
            ReaderState::Ready => ("presence-reader-ready", false),
            ReaderState::Starting => ("presence-reader-starting", false),
            ReaderState::Absent => ("presence-reader-absent", true),
            ReaderState::Failed => ("presence-reader-failed", true),
        };
        Line { what: reader.reader.to_string(), said: t.say(key), wrong }
    };
    site.roster.readers().map(line).collect()
}

#[cfg(test)]
mod tests;
