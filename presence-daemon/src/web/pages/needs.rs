//! The open needs, who could help, and bringing them together.

use crate::control::{self, Ask, Desk, Reply};
use crate::pipeline::pages::needs::{Ask as NeedsAsk, Candidate, DeskNeed, Reply as NeedsReply};
use crate::pipeline::pages::{PageAsk, PageReply};
use crate::store::ClosedNeed;
use crate::web::Web;

use crate::web::frame::{Caller, Change, Frame, Manager, Nothing, ON_A_PAGE, Page, Said, done};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::routing::{get, post};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use voisins_shared::need::{Audience, LONGEST_NEED, NeedId, SKILLS_OF_A_NEED};

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/needs", get(needs).post(post_need))
        .route("/needs/closed", get(closed))
        .route("/needs/{need}", get(need))
        .route("/needs/{need}/edit", post(edit_need))
        .route("/needs/{need}/close", post(close_need))
        .route("/needs/{need}/fulfil", post(fulfil_need))
        .route("/needs/{need}/propose", post(propose))
}

#[derive(Template)]
#[template(path = "needs.html")]
struct NeedsPage {
    frame: Frame,
    needs: Vec<DeskNeed>,
    typed: PostNeed,
    once: String,
    said: Option<String>,
}

#[derive(Template)]
#[template(path = "need.html")]
struct NeedPage {
    frame: Frame,
    need: DeskNeed,
    candidates: Vec<Candidate>,
    asker: String,
    said: Option<String>,
}

async fn needs(Manager(caller): Manager, Query(said): Query<Said>) -> Page {
    let said = said.text(caller.t, &["post-done", "need-closed", "need-met", "need-edited"]);
    all_needs(&caller, (StatusCode::OK, said), PostNeed::default()).await
}

async fn all_needs(caller: &Caller, (status, said): (StatusCode, Option<String>), typed: PostNeed) -> Page {
    match caller.page(PageAsk::Needs(NeedsAsk::List)).await? {
        PageReply::Needs(NeedsReply::List { needs }) => {
            let (frame, once) = (caller.frame("needs"), uuid::Uuid::new_v4().to_string());
            caller.show(status, &NeedsPage { frame, needs, typed, once, said })
        }
        _ => Err(caller.gone()),
    }
}

#[derive(Deserialize, Default)]
struct PostNeed {
    text: String,
    #[serde(default)]
    skills: String,
    #[serde(default)]
    passes: String,
    /// For whom; nobody: for the space itself.
    #[serde(default)]
    member: String,
    #[serde(default)]
    audience: String,
    /// Of the form: sent twice, it is done once.
    #[serde(default)]
    once: String,
}

async fn post_need(Change(caller, typed): Change<PostNeed>) -> Page {
    let skills = skills(&typed.skills);
    let member = Some(typed.member.trim().to_owned()).filter(|member| !member.is_empty());
    // for a member the most private, unless they said otherwise
    let audience = match (&member, Audience::from_text(&typed.audience)) {
        (None, _) => Audience::Named,
        (Some(_), audience) => audience.unwrap_or(Audience::Coordination),
    };
    let passes = match typed.passes.trim() {
        "" => None,
        // what is no number is refused like one that is too large
        passes => Some(passes.parse().unwrap_or(u32::MAX)),
    };
    let ask = Ask::Need(control::Need::Post { member, text: typed.text.clone(), skills, audience, passes });
    if caller.web.access().is_spent(&caller.session, &typed.once) {
        return Ok(done("/needs", "post-done"));
    }
    match caller.ask(ask).await? {
        Reply::Text(_) => {
            caller.web.access().spend(&caller.session, &typed.once);
            Ok(done("/needs", "post-done"))
        }
        _ => {
            let for_member = !typed.member.trim().is_empty();
            let key = if for_member { "post-bad-for" } else { "post-bad" };
            let limits = [("longest", LONGEST_NEED.into()), ("skills", SKILLS_OF_A_NEED.into())];
            let said = (StatusCode::BAD_REQUEST, Some(caller.t.with(key, &limits)));
            all_needs(&caller, said, typed).await
        }
    }
}

async fn need(Manager(caller): Manager, Path(need): Path<NeedId>) -> Page {
    one_need(&caller, need, (StatusCode::OK, None), String::new()).await
}

async fn one_need(caller: &Caller, need: NeedId, (status, said): (StatusCode, Option<String>), asker: String) -> Page {
    match caller.page(PageAsk::Needs(NeedsAsk::One { need, language: caller.t.language() })).await? {
        PageReply::Needs(NeedsReply::One { need: Some(need), candidates }) => {
            let frame = caller.frame("needs");
            caller.show(status, &NeedPage { frame, need, candidates, asker, said })
        }
        PageReply::Needs(NeedsReply::One { need: None, .. }) => {
            let said = (StatusCode::NOT_FOUND, Some(caller.t.say("need-gone")));
            all_needs(caller, said, PostNeed::default()).await
        }
        _ => Err(caller.gone()),
    }
}

#[derive(Deserialize)]
struct Chosen {
    /// A member's id, or a contact's number.
    helper: String,
    /// Who would meet them, for a need of the space.
    #[serde(default)]
    asker: String,
}

/// The manager brings two together.
async fn propose(Path(need): Path<NeedId>, Change(caller, Chosen { helper, asker }): Change<Chosen>) -> Page {
    let who = Some(asker.trim().to_owned()).filter(|asker| !asker.is_empty());
    match caller.ask(Ask::Desk(Desk::Propose { need: Some(need), asker: who, helper })).await? {
        Reply::Text(_) => Ok(done("/introductions", "propose-done")),
        // pressed twice, or something has changed since the page was made: it says what now
        _ => one_need(&caller, need, (StatusCode::CONFLICT, Some(caller.t.say("propose-not"))), asker).await,
    }
}

/// A need was met: it comes down, and what was offered for it is paid, once.
async fn fulfil_need(Path(need): Path<NeedId>, Change(caller, Chosen { helper, .. }): Change<Chosen>) -> Page {
    match caller.ask(Ask::Need(control::Need::Fulfil { need, by: helper })).await? {
        Reply::Done => Ok(done("/needs", "need-met")),
        _ => one_need(&caller, need, (StatusCode::CONFLICT, Some(caller.t.say("need-gone"))), String::new()).await,
    }
}

async fn close_need(Path(need): Path<NeedId>, Change(caller, Nothing {}): Change<Nothing>) -> Page {
    match caller.ask(Ask::Need(control::Need::Close { need })).await? {
        Reply::Done => Ok(done("/needs", "need-closed")),
        _ => {
            let said = (StatusCode::NOT_FOUND, Some(caller.t.say("need-gone")));
            all_needs(&caller, said, PostNeed::default()).await
        }
    }
}

fn skills(typed: &str) -> Vec<String> {
    typed.split(',').map(|skill| skill.trim().to_owned()).filter(|skill| !skill.is_empty()).collect()
}

#[derive(Deserialize)]
struct Edited {
    text: String,
    #[serde(default)]
    skills: String,
    audience: Audience,
}

/// Written anew by the coordination; whoever saw the old words is told of the new ones.
async fn edit_need(Path(need): Path<NeedId>, Change(caller, typed): Change<Edited>) -> Page {
    let (text, skills, audience) = (Some(typed.text), Some(skills(&typed.skills)), Some(typed.audience));
    match caller.ask(Ask::Need(control::Need::Edit { need, text, skills, audience })).await? {
        Reply::Done => Ok(done("/needs", "need-edited")),
        _ => {
            let limits = [("longest", LONGEST_NEED.into()), ("skills", SKILLS_OF_A_NEED.into())];
            let said = (StatusCode::BAD_REQUEST, Some(caller.t.with("post-bad", &limits)));
            one_need(&caller, need, said, String::new()).await
        }
    }
}

#[derive(Template)]
#[template(path = "closed_needs.html")]
struct ClosedPage {
    frame: Frame,
    needs: Vec<ClosedNeed>,
    zone: TimeZone,
    page: usize,
    pages: usize,
}

impl ClosedPage {
    fn day(&self, at: &Option<Timestamp>) -> String {
        at.as_ref().map_or_else(|| "-".to_owned(), |at| at.to_zoned(self.zone.clone()).date().to_string())
    }
}

#[derive(Deserialize)]
struct Turned {
    #[serde(default)]
    page: usize,
}

/// What became of the needs there were. Their words are gone.
async fn closed(Manager(caller): Manager, Query(Turned { page }): Query<Turned>) -> Page {
    let page = page.clamp(1, 10_000);
    let found = caller.web.read(move |reports| reports.closed_needs((page - 1) * ON_A_PAGE, ON_A_PAGE)).await;
    let (needs, all) = found.map_err(|problem| caller.failed(problem))?;
    let (frame, zone, pages) = (caller.frame("needs"), caller.web.zone.clone(), all.div_ceil(ON_A_PAGE).max(1));
    caller.show(StatusCode::OK, &ClosedPage { frame, needs, zone, page, pages })
}
