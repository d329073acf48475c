//! The members' file: seen before it is imported, and imported as it was seen.

use super::ask;
use crate::members::preview::Preview;
use crate::pipeline::pages::members::{Ask, Reply};
use crate::web::Web;
use crate::web::frame::{Caller, Change, Frame, Manager, Page, done};
use crate::web::upload::{File, PATIENCE, file};
use askama::Template;
use axum::Router;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{DefaultBodyLimit, Multipart};
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde::Deserialize;

/// 2,000 members with all that they say of themselves are a quarter of it.
const LARGEST_FILE: usize = 4 << 20;

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/members/import", get(import).post(look).layer(DefaultBodyLimit::max(PATIENCE)))
        .route("/members/import/apply", post(apply))
}

#[derive(Template)]
#[template(path = "members_import.html")]
struct ImportPage {
    frame: Frame,
    /// What it would change, and what that is known by.
    seen: Option<(Preview, String)>,
    /// Line, column, what is wrong.
    bad: Option<(u64, String, String)>,
    trouble: Option<String>,
}

impl ImportPage {
    fn column(&self, column: &str) -> String {
        self.frame.t.say(&format!("member-field-{}", column.replace('_', "-")))
    }
}

#[derive(Default)]
struct Told {
    seen: Option<(Preview, String)>,
    bad: Option<(u64, String, String)>,
    trouble: Option<String>,
}

fn show(caller: &Caller, status: StatusCode, told: Told) -> Page {
    let Told { seen, bad, trouble } = told;
    caller.show(status, &ImportPage { frame: caller.frame("members"), seen, bad, trouble })
}

async fn import(Manager(caller): Manager) -> Page {
    show(&caller, StatusCode::OK, Told::default())
}

async fn look(Manager(caller): Manager, form: Result<Multipart, MultipartRejection>) -> Page {
    let refuse = |caller: &Caller, status, key: &str| {
        let trouble = Some(caller.t.with(key, &[("mib", (LARGEST_FILE >> 20).into())]));
        show(caller, status, Told { trouble, ..Told::default() })
    };
    let bytes = match file(&caller, form, LARGEST_FILE).await? {
        File::Whole(bytes) => bytes,
        File::TooLarge => return refuse(&caller, StatusCode::PAYLOAD_TOO_LARGE, "import-large"),
        File::Missing => return refuse(&caller, StatusCode::UNPROCESSABLE_ENTITY, "import-none"),
    };
    let Ok(csv) = String::from_utf8(bytes) else {
        return refuse(&caller, StatusCode::UNPROCESSABLE_ENTITY, "import-encoding");
    };
    // UTF-16 without letters beyond ASCII is UTF-8 too, full of zeros
    if csv.contains('\0') {
        return refuse(&caller, StatusCode::UNPROCESSABLE_ENTITY, "import-encoding");
    }
    let header = csv.lines().next().unwrap_or_default();
    if !header.contains(',') && header.contains([';', '\t']) {
        return refuse(&caller, StatusCode::UNPROCESSABLE_ENTITY, "import-commas");
    }
    let account = caller.session.account.clone();
    let told = ask(&caller, Ask::Preview { csv, account }).await?;
    tell(&caller, told, StatusCode::OK, None)
}

fn tell(caller: &Caller, told: Reply, status: StatusCode, trouble: Option<String>) -> Page {
    match told {
        Reply::Preview { preview, digest } => show(caller, status, Told { seen: Some((*preview, digest)), trouble, bad: None }),
        Reply::Bad { line, column, problem } => show(
            caller,
            StatusCode::UNPROCESSABLE_ENTITY,
            Told { bad: Some((line, column, problem.say(caller.t.language()))), ..Told::default() },
        ),
        _ => Err(caller.gone()),
    }
}

#[derive(Deserialize)]
struct Seen {
    digest: String,
}

/// What was seen, and nothing else: where something has changed since, it is shown again.
async fn apply(Change(caller, Seen { digest }): Change<Seen>) -> Page {
    if caller.web.access().is_spent(&caller.session, &digest.chars().take(36).collect::<String>()) {
        return Ok(done("/members", "import-done"));
    }
    match ask(&caller, Ask::Apply { account: caller.session.account.clone(), digest: digest.clone() }).await? {
        Reply::Imported { .. } => {
            caller.web.access().spend(&caller.session, &digest);
            Ok(done("/members", "import-done"))
        }
        Reply::Gone => {
            let trouble = Some(caller.t.say("import-gone"));
            show(&caller, StatusCode::CONFLICT, Told { trouble, ..Told::default() })
        }
        other => {
            let trouble = Some(caller.t.say("import-changed"));
            tell(&caller, other, StatusCode::CONFLICT, trouble)
        }
    }
}
