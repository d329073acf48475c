//! The journal: who did what, and when.

use crate::deed::{About, AccountNo, Deed};
use crate::store::journal::{Line, Wanted};
use crate::web::Web;
use crate::web::frame::{Frame, Manager, ON_A_PAGE, Page};
use crate::web::texts::Texts;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::routing::get;
use jiff::tz::TimeZone;
use serde::Deserialize;

pub fn routes() -> Router<Web> {
    Router::new().route("/journal", get(journal))
}

#[derive(Template)]
#[template(path = "journal.html")]
struct JournalPage {
    frame: Frame,
    lines: Vec<Told>,
    /// Every account that is or was: number, name, whether it is no more, whether its lines are the ones that are shown.
    accounts: Vec<(i64, String, bool, bool)>,
    of: String,
    newest: bool,
    /// Where older lines go on.
    older: Option<i64>,
}

/// A line in words.
struct Told {
    when: String,
    sure: bool,
    who: String,
    gone: bool,
    what: String,
    about: String,
}

#[derive(Deserialize)]
struct Asked {
    /// An account's number; nothing: all.
    #[serde(default)]
    of: String,
    before: Option<i64>,
}

async fn journal(Manager(caller): Manager, Query(Asked { of, before }): Query<Asked>) -> Page {
    let account = of.parse().ok().map(AccountNo);
    // one more than is shown tells whether there are older ones
    let wanted = Wanted { account, before, at_most: ON_A_PAGE + 1 };
    let read = caller.web.read(move |reports| Ok((reports.journal(wanted)?, reports.accounts_ever()?))).await;
    let (mut lines, accounts) = read.map_err(|problem| caller.failed(problem))?;
    let older = lines.get(ON_A_PAGE).and(lines.get(ON_A_PAGE - 1)).map(|line| line.seq);
    lines.truncate(ON_A_PAGE);
    let lines = lines.iter().map(|line| told(line, caller.t, &caller.web.zone)).collect();
    let accounts = accounts.into_iter().map(|(number, name, gone)| (number.0, name, gone, account == Some(number))).collect();
    let of = account.map(|account| account.0.to_string()).unwrap_or_default();
    let frame = caller.frame("journal");
    caller.show(StatusCode::OK, &JournalPage { frame, lines, accounts, of, newest: before.is_none(), older })
}

fn told(line: &Line, t: &Texts, zone: &TimeZone) -> Told {
    let managed = &line.managed;
    let (who, gone) = match (&line.who, managed.deed) {
        (Some((name, gone)), _) => (name.clone(), *gone),
        (None, Deed::SignInRefused) => (t.say("journal-stranger"), false),
        (None, _) => (t.say("journal-machine"), false),
    };
    let mut what = t.say(&format!("journal-deed-{}", managed.deed.as_str()));
    if managed.times > 1 {
        what = t.with("journal-times", &[("what", what.into()), ("count", managed.times.into())]);
    }
    let id = |id: String| id.chars().take(8).collect::<String>();
    let about = match (&line.whom, managed.about) {
        (Some(whom), _) => whom.clone(),
        (None, Some(About::Member(_))) => t.say("journal-erased"),
        (None, Some(About::Need(need))) => t.with("journal-need", &[("id", id(need.to_string()).into())]),
        (None, Some(About::Event(event))) => t.with("journal-event", &[("id", id(event.0.to_string()).into())]),
        (None, Some(About::Introduction(found))) => t.with("journal-introduction", &[("id", id(found.to_string()).into())]),
        (None, Some(About::Note(note))) => t.with("journal-note", &[("id", id(note.0.to_string()).into())]),
        (None, Some(About::Contact(contact))) => t.with("journal-contact", &[("id", contact.to_string().into())]),
        (None, Some(About::Badge(badge))) => t.with("journal-badge", &[("id", badge.into())]),
        (None, Some(About::Account(account))) => t.with("journal-account", &[("id", account.0.into())]),
        (None, None) => String::new(),
    };
    Told { when: t.moment(line.at, zone), sure: line.sure, who, gone, what, about }
}

#[cfg(test)]
mod tests {
    use super::*;
    use voisins_shared::language::Language;

    #[test]
    fn every_deed_has_words_in_both_languages() {
        for language in Language::ALL {
            let t = Texts::of(language);
            for deed in Deed::ALL {
                let key = format!("journal-deed-{}", deed.as_str());
                assert_ne!(t.say(&key), key);
            }
        }
    }
}
