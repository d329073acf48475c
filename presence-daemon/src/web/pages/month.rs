//! The end of a month: passes, what was given for services, visits, the measures. To be read, printed, or opened in a spreadsheet.

use crate::pipeline::pages::passes::{Ask, Reply};
use crate::pipeline::pages::{PageAsk, PageReply};
use crate::store::{MonthVisits, Moved};
use crate::web::frame::{Caller, Failed, Frame, Manager, Page};
use crate::web::{Problem, Web};
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use std::collections::BTreeMap;
use voisins_shared::payload::Month;

pub fn routes() -> Router<Web> {
    Router::new().route("/month", get(this_month)).route("/month/{month}", get(month))
}

/// What moves passes, in the order of the columns.
const SORTS: [&str; 5] = ["bought", "drawn", "earned", "corrected", "expired"];

/// A member's passes in that month.
struct Line {
    number: String,
    name: String,
    moved: [i64; 5],
    /// At its end.
    balance: i64,
}

#[derive(Template)]
#[template(path = "month.html")]
struct MonthPage {
    frame: Frame,
    /// Such as `2026-10`.
    name: String,
    /// The same, as people say it.
    title: String,
    before: String,
    after: String,
    lines: Vec<Line>,
    /// Of all members, those who are erased too.
    total: [i64; 5],
    /// How often a service was paid.
    services: u32,
    earned: i64,
    balance: i64,
    hours: i64,
    assumed_hours: i64,
    visits: MonthVisits,
    measures: Month,
}

async fn this_month(Manager(caller): Manager) -> Page {
    let today = crate::clock::wall_as_seen().to_zoned(caller.web.zone.clone()).date();
    Ok(Redirect::to(&format!("/month/{}", today.strftime("%Y-%m"))).into_response())
}

async fn month(Manager(caller): Manager, Path(wanted): Path<String>) -> Page {
    let (name, as_csv) = wanted.strip_suffix(".csv").map_or((&*wanted, false), |name| (name, true));
    let first: Date = format!("{name}-01").parse().map_err(|_| caller.failed(Problem::Missing))?;
    let page = gathered(&caller, first).await?;
    if !as_csv {
        return caller.show(StatusCode::OK, &page);
    }
    let csv = csv(&page).ok_or_else(|| caller.gone())?;
    let kept_as = format!("attachment; filename=\"voisins-{name}.csv\"");
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, kept_as)], csv)
        .into_response())
}

async fn gathered(caller: &Caller, first: Date) -> Result<MonthPage, Failed> {
    let next = first.saturating_add(Span::new().months(1));
    let zone = caller.web.zone.clone();
    let begins = |day: Date| day.to_zoned(zone.clone()).map_or(Timestamp::MAX, |start| start.timestamp());
    let (from, until) = (begins(first), begins(next));
    let read = move |reports: &crate::store::Reports| {
        let (moved, since) = (reports.moved(from, until)?, reports.moved(until, Timestamp::MAX)?);
        Ok((moved, since, reports.visits_of(first, first.last_of_month())?))
    };
    let (moved, since, visits) = caller.web.read(read).await.map_err(|problem| caller.failed(problem))?;
    let PageReply::Passes(Reply::Balances { balances, months }) = caller.page(PageAsk::Passes(Ask::Balances)).await? else {
        return Err(caller.gone());
    };
    let name = first.strftime("%Y-%m").to_string();
    let of = |moved: &Moved, member: Option<&String>, sort: &str| {
        moved.get(&(member.cloned(), sort.to_owned())).map_or(0, |(passes, _)| *passes)
    };
    let line = |(member, (number, who, now)): (&String, &(String, String, i64))| {
        let moved = SORTS.map(|sort| of(&moved, Some(member), sort));
        let after: i64 = SORTS.iter().map(|sort| of(&since, Some(member), sort)).sum();
        Line { number: number.clone(), name: who.clone(), moved, balance: now - after }
    };
    let mut lines: Vec<Line> = balances.iter().map(line).collect();
    let balance = lines.iter().map(|line| line.balance).sum();
    lines.retain(|line| line.balance != 0 || line.moved.iter().any(|passes| *passes != 0));
    lines.sort_by(|a, b| a.number.cmp(&b.number));
    let all = |sort: &'static str| moved.iter().filter(move |((_, of), _)| of == sort);
    Ok(MonthPage {
        frame: caller.frame("month"),
        before: first.saturating_sub(Span::new().months(1)).strftime("%Y-%m").to_string(),
        after: next.strftime("%Y-%m").to_string(),
        total: SORTS.map(|sort| all(sort).map(|(_, (passes, _))| *passes).sum()),
        earned: all("earned").map(|(_, (passes, _))| *passes).sum(),
        hours: visits.minutes / 60,
        assumed_hours: visits.assumed_minutes / 60,
        services: all("earned").map(|(_, (_, times))| *times).sum(),
        measures: months.into_iter().find(|month| month.month == name).unwrap_or_default(),
        lines,
        balance,
        visits,
        title: caller.t.language().month(first),
        name,
    })
}

/// A line each: what it is of, whose, what, how many. A name that a spreadsheet would work out as a formula is only a name.
fn csv(page: &MonthPage) -> Option<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(vec![]);
    writer.write_record(["of", "number", "name", "what", "value"]).ok()?;
    let plain = |name: &str| if name.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{name}") } else { name.to_owned() };
    let (visits, measures) = (&page.visits, &page.measures);
    for (sort, passes) in SORTS.iter().zip(page.total) {
        writer.write_record(["passes", "", "", sort, &passes.to_string()]).ok()?;
    }
    let numbers: BTreeMap<(&str, &str), i64> = [
        (("passes", "balance"), page.balance),
        (("passes", "services"), page.services.into()),
        (("visits", "days"), visits.days.into()),
        (("visits", "members"), visits.members.into()),
        (("visits", "visits"), visits.visits.into()),
        (("visits", "guests"), visits.guests.into()),
        (("visits", "assumed"), visits.assumed.into()),
        (("visits", "minutes"), visits.minutes),
        (("visits", "assumed minutes"), visits.assumed_minutes),
        (("neighbours", "needs posted"), measures.needs_posted.into()),
        (("neighbours", "needs met"), measures.needs_met.into()),
        (("neighbours", "introductions"), measures.introduced.into()),
        (("neighbours", "led to a meeting"), measures.led_to_meeting.into()),
        (("neighbours", "led to a project"), measures.led_to_project.into()),
    ]
    .into();
    for ((of, what), value) in numbers {
        writer.write_record([of, "", "", what, &value.to_string()]).ok()?;
    }
    for line in &page.lines {
        for (sort, passes) in SORTS.iter().zip(line.moved).chain([(&"balance", line.balance)]) {
            writer.write_record(["member", &line.number, &plain(&line.name), sort, &passes.to_string()]).ok()?;
        }
    }
    writer.into_inner().ok()
}
