//! Letters: to members who want them, and what waits, once a day, to the coordination. A thread of its own at the rim asks the pipeline
//! what is due, sends it, and says what became of it; a server that is down makes nobody at the door wait.
//!
//! What is queued are ids; who it is for and what it says is known when it is sent. A letter keeps its id through all tries, and the id
//! stands in its Message-ID: a server that had taken it before a power cut can tell.

mod letter;
mod post;

pub use letter::{Letter, Written, write};

use crate::config::MailConfig;
use crate::control::{Ask, By, Reply};
use crate::pipeline::Inward;
use crate::pipeline::pages::{PageAsk, PageReply, mail};
use crate::reader::Stop;
use jiff::{SignedDuration, Timestamp};
use post::{Post, PostError};
use serde::{Deserialize, Serialize};
use std::sync::mpsc::{Sender, sync_channel};
use std::time::Duration;
use tracing::{info, warn};

/// How often it is asked what is due.
const LOOK: Duration = Duration::from_secs(10);
/// The pause after the first try that failed; each one more makes it four times as long.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_mins(1);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(6);
/// A letter that could not be sent for so long is given up.
const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_hours(72);

/// Which letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Somebody said *Je peux aider*.
    Offer,
    /// An introduction waits for an answer.
    Question,
    /// Both accepted.
    Introduced,
    /// A need expires soon.
    Expires,
    /// What waits, to the coordination.
    Digest,
    /// The same, to a program.
    Webhook,
}

impl Kind {
    /// All.
    pub const ALL: [Self; 6] = [Self::Offer, Self::Question, Self::Introduced, Self::Expires, Self::Digest, Self::Webhook];

    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Offer => "offer",
            Self::Question => "question",
            Self::Introduced => "introduced",
            Self::Expires => "expires",
            Self::Digest => "digest",
            Self::Webhook => "webhook",
        }
    }

    /// The letter such a word names.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// How it stands with a letter after a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// The server has taken it.
    Sent,
    /// It is tried again then.
    Waits(Timestamp),
    /// Nobody will have it.
    GivenUp,
}

/// How it stands after a try that failed. `refused`: the server will never take it.
#[must_use]
pub fn after_failure(tries: u32, queued: Timestamp, refused: bool, now: Timestamp) -> Stands {
    let pause = (0..tries.min(8)).fold(FIRST_PAUSE, |pause, _| (pause * 4).min(LONGEST_PAUSE));
    let next = now.checked_add(pause).unwrap_or(Timestamp::MAX);
    let last = queued.checked_add(GIVEN_UP_AFTER).unwrap_or(Timestamp::MAX);
    if refused || now >= last { Stands::GivenUp } else { Stands::Waits(next.min(last)) }
}

/// Sends what is due until it is stopped.
pub fn run(config: &MailConfig, title: &str, site: &str, inward: &Sender<Inward>, stop: &Stop) {
    if !config.is_on() && config.webhook.is_none() {
        return;
    }
    let mut post = match Post::new(config, title, site) {
        Ok(post) => post,
        Err(error) => return warn!("no letters are sent: {}", voisins_shared::told::told(&error)),
    };
    let mut failing = false;
    loop {
        let due = match asked(inward, mail::Ask::Due) {
            Some(mail::Reply::Due(due)) => due,
            // the pipeline ends
            None => return,
            Some(_) => vec![],
        };
        for letter in due {
            let sent = post.send(&letter);
            tell(&sent, &mut failing);
            let result = match sent {
                Ok(()) => mail::Tried::Sent,
                Err(error) => mail::Tried::Failed { refused: error.is_of_the_letter(), why: voisins_shared::told::told(&error) },
            };
            let unreachable = matches!(&result, mail::Tried::Failed { refused: false, .. });
            if asked(inward, mail::Ask::Tried { id: letter.id, result }).is_none() {
                return;
            }
            // the others would wait for the same server
            if unreachable && letter.kind != Kind::Webhook {
                break;
            }
        }
        if stop.pause(LOOK) {
            return;
        }
    }
}

/// An outage is told once when it comes and once when it ends; to whom a letter was is told to nobody.
fn tell(sent: &Result<(), PostError>, failing: &mut bool) {
    match sent {
        Ok(()) => {
            if std::mem::take(failing) {
                info!("letters are sent again");
            }
        }
        Err(error) if error.is_of_the_letter() => {
            // never the server's own words: they name whom it was for
            warn!("a letter was refused and is given up: {error}")
        }
        Err(error) => {
            if !std::mem::replace(failing, true) {
                match error {
                    // the server's own words, which may name whom it was for
                    PostError::NotTaken(source) if source.status().is_some() => warn!("letters wait: {error}"),
                    error => warn!("letters wait: {}", voisins_shared::told::told(error)),
                }
            }
        }
    }
}

fn asked(inward: &Sender<Inward>, ask: mail::Ask) -> Option<mail::Reply> {
    let (reply, answered) = sync_channel(1);
    inward.send(Inward::Control { ask: Ask::Page(PageAsk::Mail(ask)), by: By::Nobody, reply }).ok()?;
    match answered.recv().ok()? {
        Reply::Page(PageReply::Mail(reply)) => Some(reply),
        // a disk that refuses: asked again in a while
        _ => Some(mail::Reply::Done),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_tried_again_ever_less_often_and_given_up_after_three_days() {
        let queued: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let (mut now, mut tries, mut pauses) = (queued, 0, vec![]);
        let ended = loop {
            match after_failure(tries, queued, false, now) {
                Stands::Waits(next) => {
                    pauses.push(now.duration_until(next).as_mins());
                    (now, tries) = (next, tries + 1);
                }
                other => break other,
            }
        };
        assert_eq!((ended, now), (Stands::GivenUp, "2026-11-26T12:00:00Z".parse().unwrap()));
        assert_eq!(&pauses[..6], &[1, 4, 16, 64, 256, 360]);
        assert!(pauses.len() < 25, "{pauses:?}");
        assert_eq!(after_failure(0, queued, true, queued), Stands::GivenUp, "what the server refuses isn't sent again");
    }

    #[test]
    fn the_words_in_the_database_read_back() {
        assert!(Kind::ALL.into_iter().all(|kind| Kind::from_text(kind.as_str()) == Some(kind)));
        assert_eq!(Kind::from_text("poem"), None);
    }
}
