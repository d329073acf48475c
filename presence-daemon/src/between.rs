//! The commands of the linking agent's desk: introductions, notes to look at, the network.

use clap::Subcommand;
use jiff::civil::Date;
use presence_daemon::contacts::{About, ContactId};
use presence_daemon::control::Desk;
use uuid::Uuid;
use voisins_shared::introduction::IntroductionId;
use voisins_shared::need::NeedId;
use voisins_shared::note::NoteId;

#[derive(Debug, Subcommand)]
pub enum Introduction {
    /// Propose two to each other: both are asked at the kiosk, when they next look there.
    Propose {
        /// What it is about; its author is asked, unless --asker says whom.
        #[arg(long, value_name = "ID", required_unless_present = "asker")]
        need: Option<Uuid>,
        /// A member (an id, a number, an e-mail address or a unique name), or a contact such as C-3.
        #[arg(long, value_name = "MEMBER|C-N")]
        helper: String,
        /// Who would meet them.
        #[arg(long, value_name = "MEMBER")]
        asker: Option<String>,
    },
    /// All introductions, the latest first: id, since when, how it stands, who and what they answered, what it led to.
    List,
    /// Ask nobody any more. Who had accepted is told after the five days, as if nobody had answered.
    Close { id: Uuid },
    /// Never bring these two together: no match, no introduction, no shared interest. Nobody is told.
    Avoid { one: String, other: String },
    /// Let these two be brought together again.
    Allow { one: String, other: String },
}

#[derive(Debug, Subcommand)]
pub enum Note {
    /// What waits for you: notes that were reported, and "I know somebody" for needs without a name.
    Reports,
    /// You have looked at a note: its words are forgotten.
    Settle { id: Uuid },
}

#[derive(Debug, Subcommand)]
pub enum Contact {
    /// Keep somebody of your network who agreed to be asked. Shown to nobody before an introduction is made.
    Add {
        #[arg(long)]
        name: String,
        /// What they can help with; may be given several times.
        #[arg(long = "skill", value_name = "SKILL")]
        skills: Vec<String>,
        /// An e-mail address or a telephone number.
        #[arg(long)]
        reach: String,
        /// How you know them.
        #[arg(long)]
        source: String,
        /// The day on which they agreed, such as 2026-11-20.
        #[arg(long, value_name = "DATE")]
        agreed: Option<Date>,
    },
    /// All contacts: number, name, skills, how to reach them, source, since when.
    List,
    /// Forget a contact, such as C-3.
    Remove {
        #[arg(value_parser = contact)]
        id: ContactId,
    },
}

fn contact(text: &str) -> Result<ContactId, String> {
    ContactId::parse(text).ok_or_else(|| "write a contact's number, such as C-3".to_owned())
}

impl From<Introduction> for Desk {
    fn from(command: Introduction) -> Self {
        match command {
            Introduction::Propose { need, helper, asker } => Self::Propose { need: need.map(NeedId), asker, helper },
            Introduction::List => Self::Introductions,
            Introduction::Close { id } => Self::CloseIntroduction { introduction: IntroductionId(id) },
            Introduction::Avoid { one, other } => Self::Avoid { pair: [one, other] },
            Introduction::Allow { one, other } => Self::Allow { pair: [one, other] },
        }
    }
}

impl From<Note> for Desk {
    fn from(command: Note) -> Self {
        match command {
            Note::Reports => Self::Notes,
            Note::Settle { id } => Self::SettleNote { note: NoteId(id) },
        }
    }
}

impl From<Contact> for Desk {
    fn from(command: Contact) -> Self {
        match command {
            Contact::Add { name, skills, reach, source, agreed } => {
                Self::AddContact { about: About { name, skills, reach, source }, agreed_on: agreed }
            }
            Contact::List => Self::Contacts,
            Contact::Remove { id } => Self::RemoveContact { contact: id },
        }
    }
}
