//! What was found out of place: looked at and dealt with, from a phone in two touches.

use crate::control::{Ask, Desk, Reply as Answer};
use crate::desk::{Moderate, TextSort};
use crate::pipeline::pages::moderation::{Ask as DeskAsk, DeskNote, DeskText, Person, Reply};
use crate::pipeline::pages::{PageAsk, PageReply, todo};
use crate::web::Web;
use crate::web::frame::{Caller, Change, Frame, Manager, Page, Said, done};
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::routing::get;
use serde::Deserialize;
use uuid::Uuid;
use voisins_shared::note::NoteId;

pub fn routes() -> Router<Web> {
    Router::new().route("/moderation", get(desk).post(act))
}

#[derive(Template)]
#[template(path = "moderation.html")]
struct ModerationPage {
    frame: Frame,
    texts: Vec<DeskText>,
    notes: Vec<DeskNote>,
    paused: Vec<Person>,
    approves_first: bool,
    said: Option<String>,
}

impl ModerationPage {
    fn state(&self, text: &DeskText) -> &'static str {
        match (text.waits, text.hidden) {
            (true, _) => "moderation-waits",
            (_, true) => "moderation-hidden",
            _ => "moderation-shown",
        }
    }
}

/// What was done, in the words of the page.
const SAID: [&str; 8] = [
    "moderation-did-hide",
    "moderation-did-restore",
    "moderation-did-approve",
    "moderation-did-pause",
    "moderation-did-resume",
    "moderation-did-settle",
    "moderation-did-approve-first",
    "moderation-did-show-at-once",
];

async fn desk(Manager(caller): Manager, Query(said): Query<Said>) -> Page {
    let said = said.text(caller.t, &SAID);
    show(&caller, StatusCode::OK, said).await
}

async fn show(caller: &Caller, status: StatusCode, said: Option<String>) -> Page {
    match caller.page(PageAsk::Moderation(DeskAsk::Desk)).await? {
        PageReply::Moderation(Reply::Desk { texts, notes, paused, approves_first }) => {
            let frame = caller.frame("moderation");
            caller.show(status, &ModerationPage { frame, texts, notes, paused, approves_first, said })
        }
        _ => Err(caller.gone()),
    }
}

/// Which button.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Act {
    Hide,
    Restore,
    Approve,
    Pause,
    Resume,
    Settle,
    ApproveFirst,
    ShowAtOnce,
}

impl Act {
    fn said(self) -> &'static str {
        SAID[self as usize]
    }
}

#[derive(Deserialize)]
struct Pressed {
    act: Act,
    /// Of a text.
    #[serde(default)]
    of: Option<TextSort>,
    #[serde(default)]
    id: Option<Uuid>,
    #[serde(default)]
    member: Option<String>,
}

async fn act(Change(caller, Pressed { act, of, id, member }): Change<Pressed>) -> Page {
    let text = of.zip(id);
    let ask = match (act, text, member) {
        (Act::Hide, Some((of, id)), _) => Ask::Moderate(Moderate::Hide { of, id }),
        (Act::Restore, Some((of, id)), _) => Ask::Moderate(Moderate::Restore { of, id }),
        (Act::Approve, Some((of, id)), _) => Ask::Moderate(Moderate::Approve { of, id }),
        (Act::Pause, _, Some(member)) => Ask::Moderate(Moderate::Pause { member }),
        (Act::Resume, _, Some(member)) => Ask::Moderate(Moderate::Resume { member }),
        (Act::Settle, ..) if id.is_some() => Ask::Desk(Desk::SettleNote { note: NoteId(id.unwrap_or_default()) }),
        (Act::ApproveFirst | Act::ShowAtOnce, ..) => Ask::Moderate(Moderate::ApproveFirst { on: act == Act::ApproveFirst }),
        _ => return Err(caller.failed(crate::web::Problem::Unreadable)),
    };
    match caller.ask(ask).await? {
        Answer::Text(_) | Answer::Done => {
            if act == Act::Hide {
                seen(&caller, id).await?;
            }
            Ok(done("/moderation", act.said()))
        }
        // it is over, or somebody else was quicker: the page shows how it is now
        _ => show(&caller, StatusCode::CONFLICT, Some(caller.t.say("moderation-gone"))).await,
    }
}

/// Hidden by hand, a text has been looked at: the inbox tells it again only if it is reported again.
async fn seen(caller: &Caller, id: Option<Uuid>) -> Result<(), crate::web::frame::Failed> {
    if let PageReply::Moderation(Reply::Desk { texts, .. }) = caller.page(PageAsk::Moderation(DeskAsk::Desk)).await?
        && let Some(text) = texts.iter().find(|text| Some(text.id) == id)
    {
        caller.page(PageAsk::Todo(todo::Ask::Settle { mark: text.mark() })).await?;
    }
    Ok(())
}
