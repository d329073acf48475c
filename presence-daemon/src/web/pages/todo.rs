//! What the coordination has to do.

use crate::inbox::{Item, Leads, Mark, Sort, Value};
use crate::pipeline::pages::todo::{Ask, Inbox, Reply, Told};
use crate::pipeline::pages::{PageAsk, PageReply};
use crate::web::Web;
use crate::web::frame::{Change, Frame, Manager, Page, Said, done};
use crate::web::texts::Texts;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::routing::{get, post};
use fluent_bundle::FluentValue;
use jiff::civil::{Date, DateTime};

/// More than anybody does in a day; the rest is counted.
const SHOWN: usize = 200;

pub fn routes() -> Router<Web> {
    Router::new().route("/", get(todo)).route("/todo/settle", post(settle))
}

#[derive(Template)]
#[template(path = "todo.html")]
struct TodoPage {
    frame: Frame,
    inbox: Inbox,
    lines: Vec<Line>,
    said: Option<String>,
}

/// An item in words.
struct Line {
    sentence: String,
    since: Option<String>,
    urgent: bool,
    path: String,
    /// What following the link does.
    go: String,
    settles: Option<Mark>,
}

impl TodoPage {
    /// How many more there are.
    fn more(&self) -> usize {
        self.inbox.all.saturating_sub(self.lines.len())
    }
}

async fn todo(Manager(caller): Manager, Query(said): Query<Said>) -> Page {
    let ask = Ask::Inbox { language: caller.t.language(), at_most: SHOWN };
    let PageReply::Todo(Reply::Inbox(inbox)) = caller.page(PageAsk::Todo(ask)).await? else { return Err(caller.gone()) };
    let lines = inbox.items.iter().map(|told| line(caller.t, told, inbox.day)).collect();
    let said = said.text(caller.t, &["todo-settled"]);
    caller.show(StatusCode::OK, &TodoPage { frame: caller.frame("todo"), inbox: *inbox, lines, said })
}

async fn settle(Change(caller, mark): Change<Mark>) -> Page {
    caller.page(PageAsk::Todo(Ask::Settle { mark })).await?;
    Ok(done("/", "todo-settled"))
}

fn line(t: &Texts, Told { item, since }: &Told, today: Option<Date>) -> Line {
    Line {
        sentence: sentence(t, item),
        since: since.map(|since| moment(t, since, today)),
        urgent: item.sort.is_urgent(),
        path: path(&item.leads),
        go: t.say(&format!("todo-go-{}", item.sort.as_str())),
        settles: item.settles.clone(),
    }
}

/// An item as a sentence.
pub fn sentence(t: &Texts, item: &Item) -> String {
    let value = |value: &Value| match value {
        Value::Text(text) => FluentValue::from(text.clone()),
        Value::Number(number) => FluentValue::from(*number),
    };
    let values: Vec<(&str, FluentValue<'_>)> = item.values.iter().map(|(name, of)| (&**name, value(of))).collect();
    let nothing_to_read = |value: &Value| matches!(value, Value::Text(text) if text.is_empty());
    let key = match item.sort {
        // its calendar no longer has it
        Sort::TextReported if item.values.iter().any(|(_, value)| nothing_to_read(value)) => "todo-is-text-gone".to_owned(),
        sort => format!("todo-is-{}", sort.as_str()),
    };
    t.with(&key, &values)
}

/// Today the time, else the day.
pub fn moment(t: &Texts, at: DateTime, today: Option<Date>) -> String {
    match today == Some(at.date()) {
        true => t.with("todo-since-time", &[("time", t.language().time(at.time()).into())]),
        false => t.day("todo-since-day", "day", &at.date()),
    }
}

fn path(leads: &Leads) -> String {
    match leads {
        Leads::Badges => "/badges".to_owned(),
        Leads::Visits => "/visits/guests".to_owned(),
        Leads::Readers => "/readers".to_owned(),
        Leads::Moderation => "/moderation".to_owned(),
        Leads::Need(need) => format!("/needs/{need}"),
        Leads::Passes(number) => format!("/passes/{number}"),
        Leads::Introductions => "/introductions".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use voisins_shared::language::Language;

    #[test]
    fn every_sort_has_its_sentence_and_its_button_in_both_languages() {
        for (sort, language) in Sort::ALL.into_iter().flat_map(|sort| Language::ALL.map(|language| (sort, language))) {
            let t = Texts::of(language);
            for key in [format!("todo-is-{}", sort.as_str()), format!("todo-go-{}", sort.as_str())] {
                assert_ne!(t.say(&key), key);
            }
        }
    }

    #[test]
    fn a_barred_badge_says_which_and_whose() {
        let text = |name: &str, text: &str| (name.to_owned(), Value::Text(text.to_owned()));
        for (state, words) in [("lost", "perdu"), ("retired", "retiré"), ("suspended", "en pause"), ("not_asked", "des numéros")]
        {
            let values = vec![text("who", "Anne"), text("state", state)];
            let item = Item { sort: Sort::BarredBadge, since: None, values, leads: Leads::Badges, settles: None };
            let says = sentence(Texts::of(Language::Fr), &item);
            assert!(says.contains(words) && says.contains("Anne"), "{says}");
        }
    }
}
