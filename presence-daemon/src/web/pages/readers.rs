//! The readers, the screens and the machine: how they are, and what to do.

use crate::pipeline::pages::readers::{Ask, DeskKiosk, DeskReader, Reply};
use crate::pipeline::pages::{PageAsk, PageReply};
use crate::web::Web;
use crate::web::frame::{Change, Frame, Manager, Nothing, Page, Said, done};
use crate::web::texts::Texts;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::routing::{get, post};
use jiff::civil::DateTime;
use std::collections::BTreeMap;

pub fn routes() -> Router<Web> {
    Router::new().route("/readers", get(readers)).route("/readers/check", post(check))
}

/// Less than this is soon full: the database, its backups and the log grow.
const LITTLE: u64 = 500 * 1024 * 1024;

#[derive(Template)]
#[template(path = "readers.html")]
struct ReadersPage {
    frame: Frame,
    readers: Vec<DeskReader>,
    kiosks: Vec<DeskKiosk>,
    taps: BTreeMap<String, DateTime>,
    connected: bool,
    clock_known: bool,
    checked: Option<(DateTime, bool)>,
    /// Megabytes on the disk that holds the database.
    free: Option<u64>,
    said: Option<String>,
}

impl ReadersPage {
    fn moment(&self, key: &str, at: &DateTime) -> String {
        at_moment(self.frame.t, key, *at)
    }

    fn is_little(&self) -> bool {
        self.free.is_some_and(|free| free * 1024 * 1024 < LITTLE)
    }
}

/// "mercredi 23 octobre, 10 h 26".
fn at_moment(t: &Texts, key: &str, at: DateTime) -> String {
    let (day, time) = (t.language().date(at.date()), t.language().time(at.time()));
    t.with(key, &[("day", day.into()), ("time", time.into())])
}

async fn readers(Manager(caller): Manager, Query(said): Query<Said>) -> Page {
    let ask = PageAsk::Readers(Ask::State { language: caller.t.language() });
    let PageReply::Readers(Reply::State { readers, kiosks, connected, clock_known, checked }) = caller.page(ask).await? else {
        return Err(caller.gone());
    };
    let taps = caller.web.read(|reports| reports.last_taps()).await.map_err(|problem| caller.failed(problem))?;
    let zone = &caller.web.zone;
    let taps = taps.into_iter().map(|(reader, at)| (reader, at.to_zoned(zone.clone()).datetime())).collect();
    let (frame, free) = (caller.frame("readers"), free(&caller.web));
    let said = said.text(caller.t, &["readers-checked"]);
    caller.show(StatusCode::OK, &ReadersPage { frame, readers, kiosks, taps, connected, clock_known, checked, free, said })
}

fn free(web: &Web) -> Option<u64> {
    let disk = rustix::fs::statvfs(web.database.parent()?).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize) / (1024 * 1024))
}

/// Reads the database through, which takes a while, beside the writer.
async fn check(Change(caller, Nothing {}): Change<Nothing>) -> Page {
    let well = caller.web.read(|reports| reports.is_whole()).await.unwrap_or(false);
    caller.page(PageAsk::Readers(Ask::Checked { well })).await?;
    Ok(done("/readers", "readers-checked"))
}
