//! What is taken out: all members, one of them in three forms, all visits.

use super::card::load;
use crate::control::{Ask as Command, Reply as Answer};
use crate::deed::{About, Deed};
use crate::vcard::vcard;
use crate::web::frame::{Caller, Failed, Manager, Page};
use crate::web::{Problem, Web};
use axum::Router;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/members/export.csv", get(members))
        .route("/members/visits.csv", get(visits))
        .route("/members/{member}/export.json", get(json))
        .route("/members/{member}/export.csv", get(csv))
        .route("/members/{member}/card.vcf", get(card))
}

/// A file to keep.
fn file(sort: &'static str, name: &str, text: String) -> Response {
    let keep = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, sort.to_owned()), (header::CONTENT_DISPOSITION, keep)], text).into_response()
}

const CSV: &str = "text/csv; charset=utf-8";

async fn export(caller: &Caller) -> Result<String, Failed> {
    match caller.ask(Command::Export).await? {
        Answer::Text(text) => Ok(text),
        _ => Err(caller.gone()),
    }
}

async fn members(Manager(caller): Manager) -> Page {
    // spreadsheets take it for UTF-8 by the mark at its beginning; an import knows it
    Ok(file(CSV, "membres.csv", format!("\u{feff}{}", export(&caller).await?)))
}

async fn visits(Manager(caller): Manager) -> Page {
    caller.write(Deed::VisitsExported, None).await?;
    let text = caller.web.read(|reports| reports.visits_csv()).await.map_err(|problem| caller.failed(problem))?;
    Ok(file(CSV, "visites.csv", format!("\u{feff}{text}")))
}

async fn json(Manager(caller): Manager, Path(member): Path<String>) -> Page {
    let card = load(&caller, &member).await?;
    caller.write(Deed::MemberExported, Some(About::Member(card.id))).await?;
    let all = caller.web.read(move |reports| reports.all_of(card.id)).await.map_err(|problem| caller.failed(problem))?;
    let all = all.ok_or_else(|| caller.failed(Problem::Missing))?;
    let text = serde_json::to_string_pretty(&all).map_err(|_| caller.gone())?;
    Ok(file("application/json", &format!("{}.json", card.number), text + "\n"))
}

async fn csv(Manager(caller): Manager, Path(member): Path<String>) -> Page {
    let card = load(&caller, &member).await?;
    let all = export(&caller).await?;
    // quoted cells hold no line breaks: an import refuses them
    let theirs = all.lines().enumerate().filter(|(at, line)| *at == 0 || line.starts_with(&format!("{},", card.number)));
    let text: String = theirs.map(|(_, line)| format!("{line}\n")).collect();
    Ok(file(CSV, &format!("{}.csv", card.number), format!("\u{feff}{text}")))
}

async fn card(Manager(caller): Manager, Path(member): Path<String>) -> Page {
    let card = load(&caller, &member).await?;
    caller.write(Deed::MemberExported, Some(About::Member(card.id))).await?;
    let nobody = crate::person::newcomer(card.id.0, voisins_shared::member::MemberNumber(0));
    Ok(file("text/vcard; charset=utf-8", &format!("{}.vcf", card.number), vcard(&card.fields.onto(nobody))))
}
