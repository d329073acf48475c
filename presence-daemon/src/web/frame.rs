//! What every page has around it: who asks, in which language, under which menu; and how a form comes in.
//!
//! A room of the pages is a file below `pages/`: its routes, its values, its handlers. It takes [`SignedIn`] or [`Manager`] to be read
//! and [`Own`] or [`Change`] for what it changes, so that no handler can forget to ask who it is.

use super::access::{Role, Session};
use super::texts::Texts;
use super::{Problem, Spoken, Web};
use crate::control::{Ask, By, Reply};
use crate::deed::{About, Deed};
use crate::pipeline::pages::{PageAsk, PageReply, journal};
use askama::Template;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Rows on a page.
pub const ON_A_PAGE: usize = 50;

/// What a handler gives.
pub type Page = Result<Response, Failed>;

/// A page that was not made, in the language it was asked in.
#[derive(Debug)]
pub struct Failed(pub &'static Texts, pub Problem);

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        problem(self.0, &self.1)
    }
}

/// The menu: which entry, where it leads, what it says, and whether it is for managers only.
const MENU: &[(&str, &str, &str, bool)] = &[
    ("presence", "/presence", "nav-presence", false),
    ("todo", "/", "nav-todo", true),
    ("members", "/members", "nav-members", true),
    ("badges", "/badges", "nav-badges", true),
    ("visits", "/visits", "nav-visits", true),
    ("muster", "/muster", "nav-muster", true),
    ("needs", "/needs", "nav-needs", true),
    ("introductions", "/introductions", "nav-introductions", true),
    ("contacts", "/contacts", "nav-contacts", true),
    ("events", "/events", "nav-events", true),
    ("passes", "/passes", "nav-passes", true),
    ("moderation", "/moderation", "nav-moderation", true),
    ("month", "/month", "nav-month", true),
    ("readers", "/readers", "nav-readers", true),
    ("mail", "/mail", "nav-mail", true),
    ("journal", "/journal", "nav-journal", true),
    ("accounts", "/accounts", "nav-accounts", true),
    ("settings", "/settings", "nav-settings", true),
    ("account", "/account", "nav-account", false),
];

/// The page that an account of this role comes in by: what there is to do, or who is here.
pub fn home(role: Role) -> &'static str {
    match role {
        Role::Manager => "/",
        Role::Viewer => "/presence",
    }
}

/// What stands around every page behind the door.
#[derive(Debug)]
pub struct Frame {
    pub t: &'static Texts,
    /// The site's name as people write it.
    pub title: String,
    /// Which entry of the menu is open.
    pub here: &'static str,
    /// The session's token for forms.
    pub form: String,
    pub role: Role,
}

impl Frame {
    pub fn lang(&self) -> &'static str {
        self.t.language().code()
    }

    /// The entries of the menu that this account may open: where to, the key of its text, whether it is open.
    pub fn menu(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> + '_ {
        let may = |managers: bool| !managers || self.role == Role::Manager;
        MENU.iter().filter(move |entry| may(entry.3)).map(|(name, path, key, _)| (*path, *key, *name == self.here))
    }
}

/// Whoever has signed in, and what they speak.
#[derive(Debug, Clone)]
pub struct Caller {
    pub web: Web,
    pub t: &'static Texts,
    pub session: Session,
}

impl Caller {
    pub fn frame(&self, here: &'static str) -> Frame {
        let Self { web, t, session } = self;
        Frame { t, title: web.title.clone(), here, form: session.form.clone(), role: session.role }
    }

    /// Why a page was not made, in the caller's language.
    pub fn failed(&self, problem: Problem) -> Failed {
        Failed(self.t, problem)
    }

    /// Asks the pipeline in the account's name.
    pub async fn ask(&self, ask: Ask) -> Result<Reply, Failed> {
        let by = By::Account(self.session.account.clone());
        self.web.ask(ask, by).await.map_err(|problem| self.failed(problem))
    }

    /// Asks the pipeline for a page's values.
    pub async fn page(&self, ask: PageAsk) -> Result<PageReply, Failed> {
        match self.ask(Ask::Page(ask)).await? {
            Reply::Page(reply) => Ok(reply),
            _ => Err(self.gone()),
        }
    }

    /// An answer that makes no sense.
    pub fn gone(&self) -> Failed {
        self.failed(Problem::Gone)
    }

    /// A form's token is its session's, or it wasn't on our page. For forms with files; the others come by [`Own`] and [`Change`].
    pub fn held(&self, form: &str) -> Result<(), Failed> {
        if self.session.form == form { Ok(()) } else { Err(self.failed(Problem::Replayed)) }
    }

    /// Has the journal tell what no command of its own stands for: history that was shown, an export, sessions that were ended. First
    /// this, then the page.
    pub async fn write(&self, deed: Deed, about: Option<About>) -> Result<(), Failed> {
        self.page(PageAsk::Journal(journal::Ask::Write { deed, about })).await.map(drop)
    }

    pub fn show(&self, status: StatusCode, page: &impl Template) -> Page {
        Ok(show(self.t, status, page))
    }

    fn may_manage(self) -> Result<Self, Failed> {
        if self.session.role == Role::Manager { Ok(self) } else { Err(self.failed(Problem::NotAllowed)) }
    }
}

/// Whoever has signed in, in any role: for pages without members' private things.
#[derive(Debug)]
pub struct SignedIn(pub Caller);

/// A page that was opened and listens: the same, without using the session.
#[derive(Debug)]
pub struct Listens(pub Caller);

/// A manager.
#[derive(Debug)]
pub struct Manager(pub Caller);

impl FromRequestParts<Web> for SignedIn {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Failed> {
        let Ok(Spoken(t)) = Spoken::from_request_parts(parts, web).await;
        let session = web.token(&parts.headers).and_then(|token| web.access().session(token, crate::clock::since_boot()));
        let session = session.ok_or(Failed(t, Problem::SignIn))?;
        Ok(Self(Caller { web: web.clone(), t, session }))
    }
}

impl FromRequestParts<Web> for Listens {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Failed> {
        let Ok(Spoken(t)) = Spoken::from_request_parts(parts, web).await;
        let session = web.token(&parts.headers).and_then(|token| web.access().peek(token, crate::clock::since_boot()));
        let session = session.ok_or(Failed(t, Problem::SignIn))?;
        Ok(Self(Caller { web: web.clone(), t, session }))
    }
}

impl FromRequestParts<Web> for Manager {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Failed> {
        let SignedIn(caller) = SignedIn::from_request_parts(parts, web).await?;
        if parts.uri.path() == "/" && caller.session.role != Role::Manager {
            return Err(caller.failed(Problem::Elsewhere(caller.session.role)));
        }
        caller.may_manage().map(Self)
    }
}

/// A form about one's own account, from our page.
#[derive(Debug)]
pub struct Own<T>(pub Caller, pub T);

/// A manager's form, from our page.
#[derive(Debug)]
pub struct Change<T>(pub Caller, pub T);

/// A form that holds nothing but what shows that it is ours.
#[derive(Debug, Deserialize)]
pub struct Nothing {}

#[derive(Deserialize)]
struct Held {
    #[serde(default)]
    form: String,
}

impl<T: DeserializeOwned> FromRequest<Web> for Own<T> {
    type Rejection = Failed;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Failed> {
        let (mut parts, body) = request.into_parts();
        let SignedIn(caller) = SignedIn::from_request_parts(&mut parts, web).await?;
        let body = Bytes::from_request(Request::from_parts(parts, body), web).await;
        let body = body.map_err(|cut| match cut.status() {
            StatusCode::PAYLOAD_TOO_LARGE => caller.failed(Problem::TooLong),
            _ => caller.failed(Problem::Unreadable),
        })?;
        let held: Held = serde_html_form::from_bytes(&body).map_err(|_| caller.failed(Problem::Unreadable))?;
        caller.held(&held.form)?;
        let form = serde_html_form::from_bytes(&body).map_err(|_| caller.failed(Problem::Unreadable))?;
        Ok(Self(caller, form))
    }
}

impl<T: DeserializeOwned> FromRequest<Web> for Change<T> {
    type Rejection = Failed;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Failed> {
        let Own(caller, form) = Own::from_request(request, web).await?;
        Ok(Self(caller.may_manage()?, form))
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    t: &'static Texts,
    what: String,
}

/// A page as it goes out.
pub fn show(t: &'static Texts, status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        // a template that can't be filled is one of ours: a test renders each
        Err(_) => problem_with(t, &Problem::Gone),
    }
}

/// Says what is wrong and what to do.
pub fn problem(t: &'static Texts, problem: &Problem) -> Response {
    match problem {
        Problem::SignIn => Redirect::to("/login").into_response(),
        Problem::Elsewhere(role) => Redirect::to(home(*role)).into_response(),
        problem => problem_with(t, problem),
    }
}

fn problem_with(t: &'static Texts, problem: &Problem) -> Response {
    let html = ProblemPage { t, what: t.say(problem.key()) }.render().unwrap_or_default();
    (problem.status(), Html(html)).into_response()
}

/// What was done just now, told on the page that follows: `?said=`, the key of a text.
#[derive(Debug, Default, Deserialize)]
pub struct Said {
    said: Option<String>,
}

impl Said {
    /// Only what the room says itself.
    pub fn text(self, t: &Texts, ours: &[&str]) -> Option<String> {
        self.said.filter(|said| ours.contains(&said.as_str())).map(|said| t.say(&said))
    }
}

/// Goes on to a page that can be loaded again without doing anything again.
pub fn done(path: &str, said: &str) -> Response {
    Redirect::to(&format!("{path}?said={said}")).into_response()
}
