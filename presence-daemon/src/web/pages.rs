//! The pages.

use super::access::Session;
use super::texts::Texts;
use super::{Problem, SignedIn, Spoken, Web, chance, password, seconds, tries_from};
use crate::clock::since_boot;
use crate::control::{Ask, Desk, Reply};
use crate::pipeline::pages::{Candidate, DeskIntroduction, DeskMember, DeskNeed, PageAsk, PageReply};
use askama::Template;
use axum::extract::{ConnectInfo, Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use std::net::SocketAddr;
use voisins_shared::need::{Audience, LONGEST_NEED, NeedId, SKILLS_OF_A_NEED};

/// Members on a page.
const ON_A_PAGE: usize = 50;
/// The longest name of an account, in characters.
const LONGEST_NAME: usize = 40;

type Page = Result<Response, Failed>;

/// A page that was not made, in the language it was asked in.
pub struct Failed(&'static Texts, Problem);

impl axum::response::IntoResponse for Failed {
    fn into_response(self) -> Response {
        problem(self.0, &self.1)
    }
}

/// What stands around every page behind the door.
struct Frame {
    t: &'static Texts,
    title: String,
    /// Which entry of the menu is open.
    here: &'static str,
    /// The session's token for forms.
    form: String,
}

impl Frame {
    fn new(t: &'static Texts, web: &Web, session: &Session, here: &'static str) -> Self {
        Self { t, title: web.title.clone(), here, form: session.form.clone() }
    }

    fn lang(&self) -> &'static str {
        self.t.language().code()
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    t: &'static Texts,
    what: String,
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    t: &'static Texts,
    title: String,
    name: String,
    said: Option<String>,
}

#[derive(Template)]
#[template(path = "setup.html")]
struct SetupPage {
    t: &'static Texts,
    link: String,
    name: String,
    least: usize,
    said: Option<String>,
}

#[derive(Template)]
#[template(path = "todo.html")]
struct TodoPage {
    frame: Frame,
    here: u32,
    today: usize,
    needs: usize,
    unanswered: usize,
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

#[derive(Template)]
#[template(path = "introductions.html")]
struct IntroductionsPage {
    frame: Frame,
    introductions: Vec<DeskIntroduction>,
    said: Option<String>,
}

#[derive(Template)]
#[template(path = "members.html")]
struct MembersPage {
    frame: Frame,
    members: Vec<DeskMember>,
    found: usize,
    search: String,
    page: usize,
    pages: usize,
}

fn show(t: &'static Texts, status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        // a template that can't be filled is one of ours: a test renders each
        Err(_) => problem(t, &Problem::Gone),
    }
}

/// Says what is wrong and what to do.
pub fn problem(t: &'static Texts, problem: &Problem) -> Response {
    let what = t.say(match problem {
        Problem::SignIn => return Redirect::to("/login").into_response(),
        Problem::Gone => "error-gone",
        Problem::Busy => "error-busy",
        Problem::Replayed => "error-replayed",
        Problem::Missing => "error-missing",
    });
    let html = ProblemPage { t, what }.render().unwrap_or_default();
    (problem.status(), Html(html)).into_response()
}

/// A form's token is its session's.
fn held(session: &Session, form: &str) -> Result<(), Problem> {
    if session.form == form { Ok(()) } else { Err(Problem::Replayed) }
}

pub async fn login(State(web): State<Web>, Spoken(t): Spoken) -> Response {
    show(t, StatusCode::OK, &LoginPage { t, title: web.title, name: String::new(), said: None })
}

#[derive(Deserialize)]
pub struct Credentials {
    name: String,
    password: String,
}

pub async fn sign_in(
    State(web): State<Web>,
    Spoken(t): Spoken,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(credentials): Form<Credentials>,
) -> Page {
    let Credentials { name, password } = credentials;
    let name: String = name.trim().chars().take(LONGEST_NAME).collect();
    let account = name.to_lowercase();
    let again =
        |status, said| Ok(show(t, status, &LoginPage { t, title: web.title.clone(), name: name.clone(), said: Some(said) }));
    let from = tries_from(&web, from.ip(), &headers);
    let tried = web.access().try_once(from, &account, since_boot());
    if let Err(wait) = tried {
        let left = i64::try_from(seconds(wait)).unwrap_or(i64::MAX);
        return again(StatusCode::TOO_MANY_REQUESTS, t.with("login-wait", &[("seconds", left.into())]));
    }
    let failed = |problem| Failed(t, problem);
    let PageReply::Account { hash } = web.page(PageAsk::Account { name: account.clone() }).await.map_err(failed)? else {
        return Err(failed(Problem::Gone));
    };
    let right = web.hashing(move || password::is_right(&password, hash.as_deref())).await.map_err(failed)?;
    if !right {
        tracing::info!("a sign-in to the manager's pages was refused");
        return again(StatusCode::FORBIDDEN, t.say("login-wrong"));
    }
    web.access().was_right(from, &account);
    enter(&web, &account, t)
}

/// Begins a session, with a token that nobody knew before.
fn enter(web: &Web, account: &str, t: &'static Texts) -> Page {
    let (Some(token), Some(form)) = (chance(), chance()) else { return Err(Failed(t, Problem::Gone)) };
    web.access().open(account, &token, &form, since_boot());
    Ok(([(header::SET_COOKIE, web.set_cookie(token.text()))], Redirect::to("/")).into_response())
}

#[derive(Deserialize)]
pub struct Pressed {
    form: String,
}

pub async fn sign_out(
    State(web): State<Web>,
    Spoken(t): Spoken,
    SignedIn(session): SignedIn,
    headers: HeaderMap,
    Form(Pressed { form }): Form<Pressed>,
) -> Page {
    held(&session, &form).map_err(|problem| Failed(t, problem))?;
    if let Some(token) = web.token(&headers) {
        web.access().close(token);
    }
    Ok(([(header::SET_COOKIE, web.set_cookie(""))], Redirect::to("/login")).into_response())
}

pub async fn setup(Spoken(t): Spoken, Path(link): Path<String>) -> Response {
    show(t, StatusCode::OK, &SetupPage { t, link, name: String::new(), least: password::LEAST, said: None })
}

pub async fn claim(
    State(web): State<Web>,
    Spoken(t): Spoken,
    Path(link): Path<String>,
    Form(Credentials { name, password }): Form<Credentials>,
) -> Page {
    let name = name.trim().to_lowercase();
    let again = |status, said: String| {
        let page = SetupPage { t, link: link.clone(), name: name.clone(), least: password::LEAST, said: Some(said) };
        Ok(show(t, status, &page))
    };
    if !(1..=LONGEST_NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return again(StatusCode::BAD_REQUEST, t.say("setup-name"));
    }
    if !password::is_fit(&password) {
        let limits = [("least", password::LEAST.into()), ("most", password::MOST.into())];
        return again(StatusCode::BAD_REQUEST, t.with("setup-weak", &limits));
    }
    let failed = |problem| Failed(t, problem);
    // a link that is none costs no password's time
    if !matches!(web.page(PageAsk::Lives { link: link.clone() }).await.map_err(failed)?, PageReply::Claimed { done: true }) {
        return again(StatusCode::FORBIDDEN, t.say("setup-none"));
    }
    let hash = web.hashing(move || password::hash(&password)).await.map_err(failed)?.ok_or(failed(Problem::Gone))?;
    let claim = PageAsk::Claim { link: link.clone(), name: name.clone(), hash };
    match web.page(claim).await.map_err(failed)? {
        PageReply::Claimed { done: true } => {
            web.access().close_all(&name);
            enter(&web, &name, t)
        }
        _ => again(StatusCode::FORBIDDEN, t.say("setup-none")),
    }
}

pub async fn todo(State(web): State<Web>, Spoken(t): Spoken, SignedIn(session): SignedIn) -> Page {
    match web.page(PageAsk::Overview).await {
        Ok(PageReply::Overview { here, today, needs, unanswered }) => {
            let frame = Frame::new(t, &web, &session, "todo");
            Ok(show(t, StatusCode::OK, &TodoPage { frame, here, today, needs, unanswered }))
        }
        _ => Err(Failed(t, Problem::Gone)),
    }
}

/// What was done just now, told on the page that follows.
#[derive(Deserialize)]
pub struct Said {
    said: Option<String>,
}

impl Said {
    /// Only what we say ourselves.
    fn text(self, t: &Texts) -> Option<String> {
        const OURS: [&str; 4] = ["post-done", "need-closed", "need-met", "propose-done"];
        self.said.filter(|said| OURS.contains(&said.as_str())).map(|said| t.say(&said))
    }
}

/// Goes on to a page that can be loaded again without doing anything again.
fn done(path: &str, said: &str) -> Response {
    Redirect::to(&format!("{path}?said={said}")).into_response()
}

pub async fn needs(State(web): State<Web>, Spoken(t): Spoken, SignedIn(session): SignedIn, Query(said): Query<Said>) -> Page {
    all_needs(&web, t, &session, (StatusCode::OK, said.text(t)), PostNeed::default()).await
}

async fn all_needs(
    web: &Web,
    t: &'static Texts,
    session: &Session,
    (status, said): (StatusCode, Option<String>),
    typed: PostNeed,
) -> Page {
    match web.page(PageAsk::Needs).await {
        Ok(PageReply::Needs { needs }) => {
            let frame = Frame::new(t, web, session, "needs");
            Ok(show(t, status, &NeedsPage { frame, needs, typed, once: uuid::Uuid::new_v4().to_string(), said }))
        }
        _ => Err(Failed(t, Problem::Gone)),
    }
}

#[derive(Deserialize, Default)]
pub struct PostNeed {
    form: String,
    text: String,
    #[serde(default)]
    skills: String,
    #[serde(default)]
    passes: String,
    /// Of the form: sent twice, it is done once.
    #[serde(default)]
    once: String,
}

pub async fn post_need(
    State(web): State<Web>,
    Spoken(t): Spoken,
    SignedIn(session): SignedIn,
    Form(typed): Form<PostNeed>,
) -> Page {
    let failed = |problem| Failed(t, problem);
    held(&session, &typed.form).map_err(failed)?;
    let skills = typed.skills.split(',').map(|skill| skill.trim().to_owned()).filter(|skill| !skill.is_empty()).collect();
    let passes = match typed.passes.trim() {
        "" => None,
        // what is no number is refused like one that is too large
        passes => Some(passes.parse().unwrap_or(u32::MAX)),
    };
    let ask = Ask::PostNeed { member: None, text: typed.text.clone(), skills, audience: Audience::Named, passes };
    if web.access().is_spent(&session, &typed.once) {
        return Ok(done("/needs", "post-done"));
    }
    match web.ask(ask).await.map_err(failed)? {
        Reply::Text(_) => {
            web.access().spend(&session, &typed.once);
            Ok(done("/needs", "post-done"))
        }
        _ => {
            let limits = [("longest", LONGEST_NEED.into()), ("skills", SKILLS_OF_A_NEED.into())];
            let said = (StatusCode::BAD_REQUEST, Some(t.with("post-bad", &limits)));
            all_needs(&web, t, &session, said, typed).await
        }
    }
}

pub async fn need(State(web): State<Web>, Spoken(t): Spoken, SignedIn(session): SignedIn, Path(need): Path<NeedId>) -> Page {
    one_need(&web, t, &session, need, (StatusCode::OK, None), String::new()).await
}

async fn one_need(
    web: &Web,
    t: &'static Texts,
    session: &Session,
    need: NeedId,
    (status, said): (StatusCode, Option<String>),
    asker: String,
) -> Page {
    match web.page(PageAsk::Need { need, language: t.language() }).await {
        Ok(PageReply::Need { need: Some(need), candidates }) => {
            let frame = Frame::new(t, web, session, "needs");
            Ok(show(t, status, &NeedPage { frame, need, candidates, asker, said }))
        }
        Ok(PageReply::Need { need: None, .. }) => {
            let said = (StatusCode::NOT_FOUND, Some(t.say("need-gone")));
            all_needs(web, t, session, said, PostNeed::default()).await
        }
        _ => Err(Failed(t, Problem::Gone)),
    }
}

#[derive(Deserialize)]
pub struct Chosen {
    form: String,
    /// A member's id, or a contact's number.
    helper: String,
    /// Who would meet them, for a need of the space.
    #[serde(default)]
    asker: String,
}

/// The manager brings two together.
pub async fn propose(
    State(web): State<Web>,
    Spoken(t): Spoken,
    SignedIn(session): SignedIn,
    Path(need): Path<NeedId>,
    Form(Chosen { form, helper, asker }): Form<Chosen>,
) -> Page {
    let failed = |problem| Failed(t, problem);
    held(&session, &form).map_err(failed)?;
    let who = Some(asker.trim().to_owned()).filter(|asker| !asker.is_empty());
    match web.ask(Ask::Desk(Desk::Propose { need: Some(need), asker: who, helper })).await.map_err(failed)? {
        Reply::Text(_) => Ok(done("/introductions", "propose-done")),
        // pressed twice, or something has changed since the page was made: it says what now
        _ => one_need(&web, t, &session, need, (StatusCode::CONFLICT, Some(t.say("propose-not"))), asker).await,
    }
}

/// A need was met: it comes down, and what was offered for it is paid, once.
pub async fn fulfil_need(
    State(web): State<Web>,
    Spoken(t): Spoken,
    SignedIn(session): SignedIn,
    Path(need): Path<NeedId>,
    Form(Chosen { form, helper, .. }): Form<Chosen>,
) -> Page {
    let failed = |problem| Failed(t, problem);
    held(&session, &form).map_err(failed)?;
    match web.ask(Ask::FulfilNeed { need, by: helper }).await.map_err(failed)? {
        Reply::Done => Ok(done("/needs", "need-met")),
        _ => one_need(&web, t, &session, need, (StatusCode::CONFLICT, Some(t.say("need-gone"))), String::new()).await,
    }
}

pub async fn introductions(
    State(web): State<Web>,
    Spoken(t): Spoken,
    SignedIn(session): SignedIn,
    Query(said): Query<Said>,
) -> Page {
    match web.page(PageAsk::Introductions { at_most: 4 * ON_A_PAGE }).await {
        Ok(PageReply::Introductions { introductions }) => {
            let frame = Frame::new(t, &web, &session, "introductions");
            Ok(show(t, StatusCode::OK, &IntroductionsPage { frame, introductions, said: said.text(t) }))
        }
        _ => Err(Failed(t, Problem::Gone)),
    }
}

pub async fn close_need(
    State(web): State<Web>,
    Spoken(t): Spoken,
    SignedIn(session): SignedIn,
    Path(need): Path<NeedId>,
    Form(Pressed { form }): Form<Pressed>,
) -> Page {
    let failed = |problem| Failed(t, problem);
    held(&session, &form).map_err(failed)?;
    match web.ask(Ask::CloseNeed { need }).await.map_err(failed)? {
        Reply::Done => Ok(done("/needs", "need-closed")),
        _ => {
            let said = (StatusCode::NOT_FOUND, Some(t.say("need-gone")));
            all_needs(&web, t, &session, said, PostNeed::default()).await
        }
    }
}

#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    page: usize,
}

pub async fn members(
    State(web): State<Web>,
    Spoken(t): Spoken,
    SignedIn(session): SignedIn,
    Query(Wanted { q: search, page }): Query<Wanted>,
) -> Page {
    let page = page.clamp(1, 10_000);
    let ask = PageAsk::Members { search: search.clone(), from: (page - 1) * ON_A_PAGE, at_most: ON_A_PAGE };
    match web.page(ask).await {
        Ok(PageReply::Members { members, found }) => {
            let pages = found.div_ceil(ON_A_PAGE).max(1);
            let frame = Frame::new(t, &web, &session, "members");
            Ok(show(t, StatusCode::OK, &MembersPage { frame, members, found, search, page, pages }))
        }
        _ => Err(Failed(t, Problem::Gone)),
    }
}
