//! The members: the list, and a page for each with what can be done about them.

mod badges;
mod card;
mod exports;
mod farewell;
mod import;
mod photo;
mod record;

use crate::pipeline::pages::members::{Ask, DeskMember, Reply, Shown, Sorted};
use crate::pipeline::pages::{PageAsk, PageReply};
use crate::web::frame::{Caller, Failed, Frame, Manager, ON_A_PAGE, Page, Said};
use crate::web::{Problem, Web};
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::routing::get;
use serde::Deserialize;

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/members", get(members).post(record::add))
        .merge(import::routes())
        .merge(exports::routes())
        .merge(record::routes())
        .merge(card::routes())
        .merge(badges::routes())
        .merge(photo::routes())
        .merge(farewell::routes())
}

/// Asks the members' room of the pipeline.
async fn ask(caller: &Caller, ask: Ask) -> Result<Reply, Failed> {
    match caller.page(PageAsk::Members(ask)).await? {
        PageReply::Members(reply) => Ok(reply),
        _ => Err(caller.gone()),
    }
}

/// The same where there is nothing to tell but that it is done, or that there is no such thing.
async fn does(caller: &Caller, asked: Ask) -> Result<(), Failed> {
    match ask(caller, asked).await? {
        Reply::Done => Ok(()),
        Reply::Gone => Err(caller.failed(Problem::Missing)),
        _ => Err(caller.gone()),
    }
}

#[derive(Template)]
#[template(path = "members.html")]
struct MembersPage {
    frame: Frame,
    members: Vec<DeskMember>,
    found: usize,
    wanted: Wanted,
    pages: usize,
    said: Option<String>,
}

impl MembersPage {
    /// What the list may show: the word, the key of its text, whether it is chosen.
    fn filters(&self) -> [(&'static str, String, bool); 6] {
        [Shown::Members, Shown::Here, Shown::Hidden, Shown::NoBadge, Shown::Suspended, Shown::Departed].map(|shown| {
            let text = self.frame.t.say(&format!("members-show-{}", shown.as_str().replace('_', "-")));
            (shown.as_str(), text, shown == self.wanted.show)
        })
    }

    /// The columns: the text, where its head leads, and how it is sorted now (`ascending`, `descending` or `none`).
    fn columns(&self) -> [(String, String, &'static str); 4] {
        let columns = [
            (Sorted::Name, "members-name"),
            (Sorted::Trade, "members-trade"),
            (Sorted::Number, "members-number"),
            (Sorted::Here, "members-state"),
        ];
        columns.map(|(by, key)| {
            let (is_it, down) = (self.wanted.by == by, self.wanted.down == 1);
            let order = match (is_it, down) {
                (true, false) => "ascending",
                (true, true) => "descending",
                (false, _) => "none",
            };
            let to = Wanted { by, down: u8::from(is_it && !down), page: 1, ..self.wanted.clone() };
            (self.frame.t.say(key), to.address(), order)
        })
    }

    fn turned(&self, by: isize) -> String {
        Wanted { page: self.wanted.page.saturating_add_signed(by), ..self.wanted.clone() }.address()
    }
}

#[derive(Deserialize, Clone)]
struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    show: Shown,
    #[serde(default)]
    by: Sorted,
    #[serde(default)]
    down: u8,
    #[serde(default)]
    page: usize,
}

impl Wanted {
    fn address(&self) -> String {
        let q: String = self
            .q
            .bytes()
            .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect();
        let Self { show, by, down, page, .. } = self;
        format!("/members?q={q}&show={}&by={}&down={down}&page={page}", show.as_str(), by.as_str())
    }
}

async fn members(Manager(caller): Manager, Query(mut wanted): Query<Wanted>, Query(said): Query<Said>) -> Page {
    wanted.page = wanted.page.clamp(1, 10_000);
    wanted.q = wanted.q.chars().take(200).collect();
    let Wanted { q, show, by, down, page } = wanted.clone();
    let list = Ask::List { search: q, shown: show, sorted: by, down: down == 1, from: (page - 1) * ON_A_PAGE, at_most: ON_A_PAGE };
    match ask(&caller, list).await? {
        Reply::List { members, found } => {
            let pages = found.div_ceil(ON_A_PAGE).max(1);
            let said = said.text(caller.t, &["import-done", "farewell-erased"]);
            let frame = caller.frame("members");
            caller.show(StatusCode::OK, &MembersPage { frame, members, found, wanted, pages, said })
        }
        _ => Err(caller.gone()),
    }
}
