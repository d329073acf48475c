//! A member's photo: looked at, sent, taken away.

use super::card::{back, load};
use super::does;
use crate::photo::{self, LARGEST_SIDE, LONGEST_PHOTO, PhotoError};
use crate::pipeline::pages::members::Ask;
use crate::pipeline::pages::members::card::Card;
use crate::web::frame::{Caller, Change, Frame, Manager, Nothing, Page};
use crate::web::texts::Texts;
use crate::web::upload::{File, PATIENCE, file};
use crate::web::{Problem, Web};
use askama::Template;
use axum::Router;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{DefaultBodyLimit, Multipart, Path};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use axum::routing::{get, post};

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/members/{member}/photo", get(photo).post(send).layer(DefaultBodyLimit::max(PATIENCE)))
        .route("/members/{member}/photo/remove", post(remove))
        .route("/members/{member}/picture", get(picture))
}

#[derive(Template)]
#[template(path = "member_photo.html")]
struct PhotoPage {
    frame: Frame,
    card: Card,
    trouble: Option<String>,
}

async fn photo(Manager(caller): Manager, Path(member): Path<String>) -> Page {
    page(&caller, &member, StatusCode::OK, None).await
}

async fn page(caller: &Caller, member: &str, status: StatusCode, trouble: Option<String>) -> Page {
    let card = load(caller, member).await?;
    caller.show(status, &PhotoPage { frame: caller.frame("members"), card, trouble })
}

async fn send(Manager(caller): Manager, Path(member): Path<String>, form: Result<Multipart, MultipartRejection>) -> Page {
    let bytes = match file(&caller, form, LONGEST_PHOTO).await? {
        File::Whole(bytes) => bytes,
        File::TooLarge => return page(&caller, &member, StatusCode::PAYLOAD_TOO_LARGE, Some(too_large(caller.t))).await,
        File::Missing => {
            return page(&caller, &member, StatusCode::UNPROCESSABLE_ENTITY, Some(caller.t.say("member-photo-none"))).await;
        }
    };
    // a picture is decoded where nobody waits, and few at once: each takes some memory
    match caller.web.hashing(move || photo::read(&bytes)).await.map_err(|problem| caller.failed(problem))? {
        Ok(jpeg) => {
            does(&caller, Ask::Photo { member: member.clone(), jpeg: Some(jpeg.into_bytes()) }).await?;
            Ok(back(&member, "member-photo-kept"))
        }
        Err(PhotoError::TooLong | PhotoError::TooLarge) => {
            page(&caller, &member, StatusCode::UNPROCESSABLE_ENTITY, Some(too_large(caller.t))).await
        }
        Err(PhotoError::Unreadable) => {
            page(&caller, &member, StatusCode::UNPROCESSABLE_ENTITY, Some(caller.t.say("member-photo-bad"))).await
        }
    }
}

fn too_large(t: &Texts) -> String {
    t.with("member-photo-large", &[("mib", (LONGEST_PHOTO >> 20).into()), ("pixels", u64::from(LARGEST_SIDE).into())])
}

async fn remove(Path(member): Path<String>, Change(caller, Nothing {}): Change<Nothing>) -> Page {
    does(&caller, Ask::Photo { member: member.clone(), jpeg: None }).await?;
    Ok(back(&member, "member-photo-removed"))
}

/// The picture itself, for the manager's eyes.
async fn picture(Manager(caller): Manager, Path(member): Path<String>) -> Page {
    let id = load(&caller, &member).await?.id;
    let jpeg = caller.web.read(move |reports| reports.photo(id)).await.map_err(|problem| caller.failed(problem))?;
    let jpeg = jpeg.ok_or_else(|| caller.failed(Problem::Missing))?;
    Ok(([(header::CONTENT_TYPE, "image/jpeg")], jpeg).into_response())
}
