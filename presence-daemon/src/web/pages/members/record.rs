//! A member's record: added, written anew. Two managers at once lose nothing: the second is told what the first has changed.

use super::{ask, card};
use crate::person::{Fields, Meanwhile, Wrong};
use crate::pipeline::pages::members::{Ask, Reply};
use crate::web::frame::{Caller, Change, Failed, Frame, Manager, Page};
use crate::web::{Problem, Web};
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::get;
use serde::Deserialize;

/// Empty lines for more entries of a list.
const MORE: usize = 2;

pub fn routes() -> Router<Web> {
    Router::new().route("/members/new", get(new)).route("/members/{member}/edit", get(edit))
}

#[derive(Template)]
#[template(path = "member_edit.html")]
struct EditPage {
    frame: Frame,
    /// Whose; none for somebody new.
    number: Option<String>,
    typed: Fields,
    /// As it was read, for the form.
    read: String,
    once: String,
    wrong: Vec<Wrong>,
    meanwhile: Vec<Meanwhile>,
    concepts: Vec<String>,
}

/// A text of the form: its name, the label, the value, the type of input, what helps a browser to fill it in.
type Text = (&'static str, String, String, &'static str, &'static str);

impl EditPage {
    fn label(&self, field: &str) -> String {
        self.frame.t.say(&format!("member-field-{}", field.replace('_', "-")))
    }

    fn wrong_of(&self, field: &str) -> Option<String> {
        self.wrong.iter().find(|wrong| wrong.field == field).map(|wrong| self.frame.t.say(&wrong.what))
    }

    fn texts(&self) -> Vec<Text> {
        let Fields { name, title, pronouns, email, phone, website, table, .. } = &self.typed;
        let all = [
            ("name", name, "text"),
            ("title", title, "text"),
            ("pronouns", pronouns, "text"),
            ("email", email, "email"),
            ("phone", phone, "tel"),
            ("website", website, "text"),
            ("table", table, "text"),
        ];
        all.map(|(field, value, kind)| (field, self.label(field), value.clone(), kind, "off")).to_vec()
    }

    /// The lists: name, label, entries with some room for more, the list of suggestions.
    fn lists(&self) -> Vec<(&'static str, String, Vec<String>, &'static str)> {
        let Fields { languages, skills, interests, looking_for, .. } = &self.typed;
        let all = [
            ("skills", skills, "concepts"),
            ("interests", interests, "concepts"),
            ("looking_for", looking_for, "concepts"),
            ("languages", languages, "codes"),
        ];
        all.map(|(field, list, suggestions)| {
            let room = list.iter().cloned().chain(std::iter::repeat_n(String::new(), MORE)).collect();
            (field, self.label(field), room, suggestions)
        })
        .to_vec()
    }

    fn action(&self) -> String {
        self.number.as_ref().map_or("/members".to_owned(), |number| format!("/members/{number}"))
    }
}

/// The form as it comes back.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Typed {
    name: String,
    title: String,
    pronouns: String,
    languages: Vec<String>,
    skills: Vec<String>,
    interests: Vec<String>,
    looking_for: Vec<String>,
    email: String,
    phone: String,
    website: String,
    table: String,
    screen_language: String,
    /// What was read, as JSON.
    read: String,
    once: String,
}

impl Typed {
    fn fields(&self) -> Fields {
        Fields {
            name: self.name.clone(),
            title: self.title.clone(),
            pronouns: self.pronouns.clone(),
            languages: self.languages.clone(),
            skills: self.skills.clone(),
            interests: self.interests.clone(),
            looking_for: self.looking_for.clone(),
            email: self.email.clone(),
            phone: self.phone.clone(),
            website: self.website.clone(),
            table: self.table.clone(),
            screen_language: self.screen_language.clone(),
        }
        .tidied()
    }
}

async fn new(Manager(caller): Manager) -> Page {
    show(&caller, StatusCode::OK, Form::default()).await
}

async fn edit(Manager(caller): Manager, Path(member): Path<String>) -> Page {
    let card = card::load(&caller, &member).await?;
    let form = Form { number: Some(card.number), read: card.fields.clone(), typed: card.fields, ..Form::default() };
    show(&caller, StatusCode::OK, form).await
}

#[derive(Default)]
struct Form {
    number: Option<String>,
    typed: Fields,
    read: Fields,
    once: Option<String>,
    wrong: Vec<Wrong>,
    meanwhile: Vec<Meanwhile>,
}

async fn show(caller: &Caller, status: StatusCode, form: Form) -> Page {
    let Reply::Concepts(concepts) = ask(caller, Ask::Concepts { language: caller.t.language() }).await? else {
        return Err(caller.gone());
    };
    let Form { number, typed, read, once, wrong, meanwhile } = form;
    let read = serde_json::to_string(&read).map_err(|_| caller.gone())?;
    let once = once.unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
    let frame = caller.frame("members");
    caller.show(status, &EditPage { frame, number, typed, read, once, wrong, meanwhile, concepts })
}

/// Somebody new: sent twice, they are added once.
pub(super) async fn add(Change(caller, typed): Change<Typed>) -> Page {
    if caller.web.access().is_spent(&caller.session, &typed.once) {
        return Ok(crate::web::frame::done("/members", "member-added"));
    }
    let fields = typed.fields();
    match ask(&caller, Ask::Save { member: None, typed: Box::new(fields.clone()), read: Box::default() }).await? {
        Reply::Saved { number } => {
            caller.web.access().spend(&caller.session, &typed.once);
            Ok(crate::web::frame::done(&format!("/members/{number}/welcome"), "member-added"))
        }
        Reply::Wrong(wrong) => {
            let form = Form { typed: fields, once: Some(typed.once), wrong, ..Form::default() };
            show(&caller, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
        _ => Err(caller.gone()),
    }
}

pub(super) async fn save(Path(member): Path<String>, Change(caller, typed): Change<Typed>) -> Page {
    let read: Fields = serde_json::from_str(&typed.read).map_err(|_| caller.failed(Problem::Unreadable))?;
    let number = card::load(&caller, &member).await?.number;
    let fields = typed.fields();
    let save = Ask::Save { member: Some(number.clone()), typed: Box::new(fields.clone()), read: Box::new(read.clone()) };
    match ask(&caller, save).await? {
        Reply::Saved { number } => Ok(card::back(&number, "member-saved")),
        Reply::Wrong(wrong) => {
            let form = Form { number: Some(number), typed: fields, read, wrong, ..Form::default() };
            show(&caller, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
        Reply::Meanwhile { typed, read, changes } => {
            let form = Form { number: Some(number), typed: *typed, read: *read, meanwhile: changes, ..Form::default() };
            show(&caller, StatusCode::CONFLICT, form).await
        }
        Reply::Gone => Err::<_, Failed>(caller.failed(Problem::Missing)),
        _ => Err(caller.gone()),
    }
}
