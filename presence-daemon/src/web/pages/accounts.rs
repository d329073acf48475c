//! Who may open the pages: all accounts, for a manager.

use crate::deed::{About, AccountNo, Deed};
use crate::pipeline::pages::accounts::{Ask, DeskAccount, Reply};
use crate::pipeline::pages::{PageAsk, PageReply};
use crate::web::Web;
use crate::web::access::Role;
use crate::web::frame::{Caller, Change, Frame, Manager, Nothing, Page, Said, done};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::{get, post};
use serde::Deserialize;

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/accounts", get(accounts).post(invite))
        .route("/accounts/{account}/remove", post(remove))
        .route("/accounts/{account}/sessions", post(end_sessions))
}

#[derive(Template)]
#[template(path = "accounts.html")]
struct AccountsPage {
    frame: Frame,
    /// Each with how many sessions it has.
    accounts: Vec<(DeskAccount, usize)>,
    /// A link that was made just now, and what whoever uses it may do.
    link: Option<(String, String)>,
    own: String,
    said: Option<String>,
}

/// What is shown besides the list.
#[derive(Default)]
struct Beside {
    link: Option<(String, String)>,
    said: Option<String>,
}

async fn accounts(Manager(caller): Manager, Query(said): Query<Said>) -> Page {
    let said = said.text(caller.t, &["accounts-removed", "accounts-sessions-ended"]);
    all(&caller, StatusCode::OK, Beside { link: None, said }).await
}

/// The answer of this room.
pub(super) async fn told(caller: &Caller, ask: Ask) -> Result<Reply, crate::web::frame::Failed> {
    match caller.page(PageAsk::Accounts(ask)).await? {
        PageReply::Accounts(reply) => Ok(reply),
        _ => Err(caller.gone()),
    }
}

async fn all(caller: &Caller, status: StatusCode, Beside { link, said }: Beside) -> Page {
    let Reply::List { accounts } = told(caller, Ask::List).await? else { return Err(caller.gone()) };
    let now = crate::clock::since_boot();
    let counted = |account: DeskAccount| {
        let sessions = caller.web.access().open_of(&account.name, now).len();
        (account, sessions)
    };
    let accounts = accounts.into_iter().map(counted).collect();
    let (frame, own) = (caller.frame("accounts"), caller.session.account.clone());
    caller.show(status, &AccountsPage { frame, accounts, link, own, said })
}

#[derive(Deserialize)]
struct Wished {
    role: Role,
}

/// A link is shown once: it stands on no page that could be loaded again.
async fn invite(headers: HeaderMap, Change(caller, Wished { role }): Change<Wished>) -> Page {
    let Reply::Link { link } = told(&caller, Ask::Invite { role }).await? else { return Err(caller.gone()) };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let link = format!("{}/setup/{link}", caller.web.origin_for(host));
    let may = caller.t.say(&format!("accounts-role-{}", role.as_str()));
    all(&caller, StatusCode::OK, Beside { link: Some((link, may)), said: None }).await
}

async fn remove(Path(account): Path<i64>, Change(caller, Nothing {}): Change<Nothing>) -> Page {
    match told(&caller, Ask::Remove { account: AccountNo(account) }).await? {
        Reply::Removed { name } => {
            caller.web.access().close_all(&name);
            Ok(done("/accounts", "accounts-removed"))
        }
        Reply::Not(why) => {
            let said = Some(caller.t.say(&why));
            all(&caller, StatusCode::CONFLICT, Beside { link: None, said }).await
        }
        _ => Err(caller.gone()),
    }
}

async fn end_sessions(Path(account): Path<i64>, Change(caller, Nothing {}): Change<Nothing>) -> Page {
    let Reply::List { accounts } = told(&caller, Ask::List).await? else { return Err(caller.gone()) };
    let Some(found) = accounts.into_iter().find(|known| known.number == AccountNo(account)) else {
        let said = Some(caller.t.say("accounts-gone"));
        return all(&caller, StatusCode::NOT_FOUND, Beside { link: None, said }).await;
    };
    caller.write(Deed::SessionsEnded, Some(About::Account(found.number))).await?;
    if found.name == caller.session.account {
        caller.web.access().close_others(&caller.session);
    } else {
        caller.web.access().close_all(&found.name);
    }
    Ok(done("/accounts", "accounts-sessions-ended"))
}
