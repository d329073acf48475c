//! Who may open the pages: all accounts, for a manager.

use crate::broker::made::Rights;
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
        .route("/accounts/broker", post(make_broker))
        .route("/accounts/broker/remove", post(remove_broker))
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
    /// On the private broker; none: there is no such.
    broker: Option<Vec<(String, Rights)>>,
    /// A name on the broker and its password, made just now.
    made: Option<(String, String)>,
    own: String,
    said: Option<String>,
}

/// What is shown besides the list.
#[derive(Default)]
struct Beside {
    link: Option<(String, String)>,
    made: Option<(String, String)>,
    said: Option<String>,
}

async fn accounts(Manager(caller): Manager, Query(said): Query<Said>) -> Page {
    let said = said.text(caller.t, &["accounts-removed", "accounts-sessions-ended", "accounts-broker-removed"]);
    all(&caller, StatusCode::OK, Beside { said, ..Beside::default() }).await
}

/// The answer of this room.
pub(super) async fn told(caller: &Caller, ask: Ask) -> Result<Reply, crate::web::frame::Failed> {
    match caller.page(PageAsk::Accounts(ask)).await? {
        PageReply::Accounts(reply) => Ok(reply),
        _ => Err(caller.gone()),
    }
}

async fn all(caller: &Caller, status: StatusCode, Beside { link, made, said }: Beside) -> Page {
    let Reply::List { accounts, broker } = told(caller, Ask::List).await? else { return Err(caller.gone()) };
    let now = crate::clock::since_boot();
    let counted = |account: DeskAccount| {
        let sessions = caller.web.access().open_of(&account.name, now).len();
        (account, sessions)
    };
    let accounts = accounts.into_iter().map(counted).collect();
    let (frame, own) = (caller.frame("accounts"), caller.session.account.clone());
    caller.show(status, &AccountsPage { frame, accounts, link, broker, made, own, said })
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
    all(&caller, StatusCode::OK, Beside { link: Some((link, may)), ..Beside::default() }).await
}

async fn remove(Path(account): Path<i64>, Change(caller, Nothing {}): Change<Nothing>) -> Page {
    match told(&caller, Ask::Remove { account: AccountNo(account) }).await? {
        Reply::Removed { name } => {
            caller.web.access().close_all(&name);
            Ok(done("/accounts", "accounts-removed"))
        }
        Reply::Not(why) => {
            let said = Some(caller.t.say(&why));
            all(&caller, StatusCode::CONFLICT, Beside { said, ..Beside::default() }).await
        }
        _ => Err(caller.gone()),
    }
}

async fn end_sessions(Path(account): Path<i64>, Change(caller, Nothing {}): Change<Nothing>) -> Page {
    let Reply::List { accounts, .. } = told(&caller, Ask::List).await? else { return Err(caller.gone()) };
    let Some(found) = accounts.into_iter().find(|known| known.number == AccountNo(account)) else {
        let said = Some(caller.t.say("accounts-gone"));
        return all(&caller, StatusCode::NOT_FOUND, Beside { said, ..Beside::default() }).await;
    };
    caller.write(Deed::SessionsEnded, Some(About::Account(found.number))).await?;
    if found.name == caller.session.account {
        caller.web.access().close_others(&caller.session);
    } else {
        caller.web.access().close_all(&found.name);
    }
    Ok(done("/accounts", "accounts-sessions-ended"))
}

#[derive(Deserialize)]
struct OnTheBroker {
    name: String,
    rights: Rights,
}

/// A password is shown once, too.
async fn make_broker(Change(caller, OnTheBroker { name, rights }): Change<OnTheBroker>) -> Page {
    let name = name.trim().to_owned();
    match told(&caller, Ask::MakeBroker { name: name.clone(), rights }).await? {
        Reply::BrokerMade { password } => {
            all(&caller, StatusCode::OK, Beside { made: Some((name, password.0)), ..Beside::default() }).await
        }
        Reply::Not(why) => {
            let said = Some(caller.t.say(&why));
            all(&caller, StatusCode::BAD_REQUEST, Beside { said, ..Beside::default() }).await
        }
        _ => Err(caller.gone()),
    }
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

async fn remove_broker(Change(caller, Named { name }): Change<Named>) -> Page {
    match told(&caller, Ask::RemoveBroker { name }).await? {
        Reply::Done => Ok(done("/accounts", "accounts-broker-removed")),
        _ => {
            let said = Some(caller.t.say("accounts-gone"));
            all(&caller, StatusCode::NOT_FOUND, Beside { said, ..Beside::default() }).await
        }
    }
}
