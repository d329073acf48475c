//! The pages as they go out, and what of them changed as server-sent events: parts of the page, rendered here, each with its id.
//! Without a script the pages are as right as when they were loaded.

#![allow(clippy::disallowed_methods, reason = "a rim: the pages are of now")]

use super::introduce::Introduce;
use super::values::{self, Figure, SiteRow};
use super::{Board, sites::Sites};
use crate::web::texts::Texts;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::mpsc::{Sender, channel};
use tokio_stream::wrappers::ReceiverStream;
use voisins_shared::member::MemberId;
use voisins_shared::name::SiteName;

/// These pages, and no others, run our one script and listen to us.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// What comes in one go is shown in one go.
const TOGETHER: Duration = Duration::from_millis(25);
/// The clock goes on even if nobody comes or goes.
const MINUTE: Duration = Duration::from_secs(60);
/// How soon a page goes silent after its session.
const ASKED: Duration = Duration::from_secs(2);

/// Whether a page may go on listening.
pub type Lasts = Box<dyn Fn() -> bool + Send>;

/// How a page is looked at.
#[derive(Debug, Clone)]
pub struct Look {
    #[allow(missing_docs)]
    pub t: &'static Texts,
    /// Where the page's own addresses begin: `/presence`, `/sites/mile-end`.
    pub base: String,
    /// Where the manager's pages are, as far as whoever looks knows better than the site: empty on those pages themselves.
    pub admin: Option<String>,
}

/// A part of a page: its id and its HTML.
type Part = (String, String);

/// The connection in words, for the side bar.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "presence_link.html")]
pub struct LinkPart {
    /// In words.
    pub said: String,
    /// Whether it stands.
    pub stands: bool,
}

#[derive(Template)]
#[template(path = "presence_stale.html")]
struct Stale<'a> {
    board: &'a values::Board,
}

#[derive(Template)]
#[template(path = "presence_figures.html")]
struct Figures<'a> {
    figures: &'a [Figure],
}

#[derive(Template)]
#[template(path = "presence_who.html")]
struct Who<'a> {
    t: &'static Texts,
    board: &'a values::Board,
    base: &'a str,
}

#[derive(Template)]
#[template(path = "presence_today.html")]
struct Today<'a> {
    t: &'static Texts,
    board: &'a values::Board,
}

#[derive(Template)]
#[template(path = "presence_weeks.html")]
struct Weeks<'a> {
    t: &'static Texts,
    board: &'a values::Board,
}

#[derive(Template)]
#[template(path = "presence_introduce.html")]
struct ToIntroduce<'a> {
    t: &'static Texts,
    board: &'a values::Board,
}

#[derive(Template)]
#[template(path = "presence_lists.html")]
struct Lists<'a> {
    t: &'static Texts,
    board: &'a values::Board,
}

#[derive(Template)]
#[template(path = "presence_sites.html")]
struct SitesPart<'a> {
    t: &'static Texts,
    rows: &'a [SiteRow],
}

#[derive(Template)]
#[template(path = "presence_site.html")]
struct SitePart<'a> {
    t: &'static Texts,
    row: &'a SiteRow,
}

/// The connection, as the side bar says it.
#[must_use]
pub fn link(board: &Board, t: &'static Texts) -> LinkPart {
    link_of(&board.sites(), t)
}

fn link_of(sites: &Sites, t: &'static Texts) -> LinkPart {
    let (said, stands) = values::link(sites, t);
    LinkPart { said, stands }
}

/// The values of a site's page; `None` for a site that nobody has heard of.
#[must_use]
pub fn site(board: &Board, name: &SiteName, look: &Look) -> Option<values::Board> {
    // its photos are wanted from now on
    let _ = board.inner.wanted.send(name.clone());
    values_of(board, name, look)
}

fn values_of(board: &Board, name: &SiteName, look: &Look) -> Option<values::Board> {
    // a copy of the state: the index takes longer than a message may wait
    let site = board.sites().get(name)?.clone();
    let introduce: Option<Introduce> = board.neighbours().introduce(name, &site.roster, look.t.language());
    let said = site.roster.session().and_then(|session| session.admin.clone());
    let admin = look.admin.clone().or(said).or(board.inner.admin.clone());
    // a broker's word is no reason to run a script
    let admin = admin.filter(|url| url.is_empty() || url.starts_with("http://") || url.starts_with("https://"));
    Some(values::board(name, &site, introduce, admin.map(|url| url.trim_end_matches('/').to_owned()), Timestamp::now(), look.t))
}

/// The values of the list of all sites.
#[must_use]
pub fn all(board: &Board, t: &'static Texts) -> values::All {
    values::all(&board.sites(), Timestamp::now(), t)
}

/// A member's photo, as the site shares it.
pub fn photo(board: &Board, name: &SiteName, member: MemberId) -> Response {
    let sites = board.sites();
    // a JPEG or nothing: whatever else is on the topic stays there
    match sites.get(name).and_then(|site| site.roster.photo(member)).filter(|bytes| bytes.starts_with(&[0xFF, 0xD8])) {
        Some(jpeg) => {
            let headers = [(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "private, max-age=600")];
            (headers, jpeg.to_vec()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The one script.
pub async fn script() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")];
    (headers, include_str!("../../templates/presence.js")).into_response()
}

/// Puts our policy on an answer.
#[must_use]
pub fn with_policy(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

/// What changes of one site, for as long as somebody listens and may.
pub fn live_site(board: Board, name: SiteName, look: Look, lasts: Lasts) -> Response {
    live(board, lasts, move |board, sent| {
        let mut parts = vec![part("p-link", &link(board, look.t))];
        if let Some(values) = values_of(board, &name, &look) {
            parts.extend(site_parts(&values, &look));
        }
        parts.retain(|(id, html)| sent.insert(id.clone(), html.clone()).as_ref() != Some(html));
        parts
    })
}

/// What changes in the list of all sites.
pub fn live_all(board: Board, look: Look) -> Response {
    let mut rows: Vec<SiteRow> = Vec::new();
    live(board, Box::new(|| true), move |board, sent| {
        let (all, link) = (all(board, look.t), link(board, look.t));
        let mut parts = vec![part("p-link", &link), part("p-figures", &Figures { figures: &all.figures })];
        parts.retain(|(id, html)| sent.insert(id.clone(), html.clone()).as_ref() != Some(html));
        let names = |rows: &[SiteRow]| rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>();
        if names(&rows) == names(&all.rows) {
            let changed = all.rows.iter().zip(&rows).filter(|(new, old)| new != old);
            parts.extend(changed.map(|(row, _)| part(&format!("s-{}", row.name), &SitePart { t: look.t, row })));
        } else {
            parts.push(part("p-sites", &SitesPart { t: look.t, rows: &all.rows }));
        }
        rows = all.rows;
        parts
    })
}

fn site_parts(board: &values::Board, Look { t, base, .. }: &Look) -> Vec<Part> {
    let t = *t;
    vec![
        part("p-stale", &Stale { board }),
        part("p-figures", &Figures { figures: &board.figures }),
        part("p-who", &Who { t, board, base }),
        part("p-today", &Today { t, board }),
        part("p-weeks", &Weeks { t, board }),
        part("p-introduce", &ToIntroduce { t, board }),
        part("p-lists", &Lists { t, board }),
    ]
}

fn part(id: &str, template: &impl Template) -> Part {
    // a template that can't be filled is one of ours: a test renders each
    (id.to_owned(), template.render().unwrap_or_default())
}

/// Sends parts as they change, until nobody listens or may.
fn live(
    board: Board,
    lasts: Lasts,
    mut look: impl FnMut(&Board, &mut BTreeMap<String, String>) -> Vec<Part> + Send + 'static,
) -> Response {
    let (sender, receiver) = channel::<Result<Event, Infallible>>(16);
    let mut changes = board.inner.changes.subscribe();
    let watch = async move {
        let mut sent = BTreeMap::new();
        let mut asked = tokio::time::interval(ASKED);
        let mut minute = tokio::time::interval(MINUTE);
        while lasts() {
            changes.mark_unchanged();
            for part in look(&board, &mut sent) {
                if !send(&sender, part).await {
                    return;
                }
            }
            loop {
                tokio::select! {
                    () = sender.closed() => return,
                    changed = changes.changed() => match changed {
                        Ok(()) => break tokio::time::sleep(TOGETHER).await,
                        Err(_) => return,
                    },
                    _ = minute.tick() => break,
                    _ = asked.tick() => if !lasts() { return },
                }
            }
        }
    };
    tokio::spawn(watch);
    with_policy(Sse::new(ReceiverStream::new(receiver)).keep_alive(KeepAlive::default()).into_response())
}

async fn send(sender: &Sender<Result<Event, Infallible>>, (id, html): Part) -> bool {
    let data = serde_json::json!({ "id": id, "html": html }).to_string();
    sender.send(Ok(Event::default().event("part").data(data))).await.is_ok()
}
