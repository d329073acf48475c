//! What the manager does by command, as the command line reads it and the control socket carries it.

use crate::community::ledger::Plan;
use clap::Subcommand;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use voisins_shared::agenda::EventId;
use voisins_shared::need::NeedId;
use voisins_shared::payload::Reported;

/// `presence-daemon pass …`. MEMBER is an id, a number such as M-0142, an e-mail address or a unique name.
#[derive(Debug, Clone, Subcommand, Serialize, Deserialize)]
#[serde(tag = "pass", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Pass {
    /// A member bought passes.
    Buy {
        member: String,
        /// How many.
        passes: u32,
        /// The last day on which they are good, such as 2026-12-31.
        #[arg(long, value_name = "DATE")]
        until: Option<Date>,
        /// A number of your own for this sale (a UUID): the same one again writes nothing.
        #[arg(long, value_name = "UUID")]
        id: Option<Uuid>,
    },
    /// Set a balance right.
    Correct {
        member: String,
        /// What to add, such as 2 or -1.
        #[arg(allow_hyphen_values = true, value_parser = signed)]
        passes: i64,
        /// Why, for whoever reads the account later.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// A number of your own for this correction (a UUID): the same one again writes nothing.
        #[arg(long, value_name = "UUID")]
        id: Option<Uuid>,
    },
    /// Say how a member comes: with passes, or by subscription, which draws none.
    Plan {
        member: String,
        #[arg(value_parser = plan, value_name = "passes|subscription")]
        plan: Plan,
    },
    /// All balances, or the entries of one member.
    List { member: Option<String> },
    /// Who came more often than they have passes for.
    Overuse,
}

impl Pass {
    /// With a number for what must not be carried out twice.
    #[must_use]
    pub fn numbered(mut self) -> Self {
        if let Self::Buy { id, .. } | Self::Correct { id, .. } = &mut self {
            id.get_or_insert_with(Uuid::new_v4);
        }
        self
    }
}

/// `presence-daemon moderate …`.
#[derive(Debug, Clone, Subcommand, Serialize, Deserialize)]
#[serde(tag = "moderate", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Moderate {
    /// What was reported, is hidden or waits to be approved, and whose posting is paused.
    List,
    /// Take a text off every screen and topic.
    Hide { of: TextSort, id: Uuid },
    /// You have looked, and it may stand.
    Restore { of: TextSort, id: Uuid },
    /// Show a need or an event that waits (`approve_first` in the config).
    Approve { of: TextSort, id: Uuid },
    /// Pause what a member puts up for all to read.
    Pause { member: String },
    /// They may again.
    Resume { member: String },
    /// Whether what members put up waits until you have approved it, whatever `approve_first` in the config says.
    ApproveFirst {
        #[arg(value_parser = clap::builder::BoolishValueParser::new(), action = clap::ArgAction::Set)]
        on: bool,
    },
}

/// What sort of text an id names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum TextSort {
    Need,
    Event,
}

impl TextSort {
    /// The text of that id.
    #[must_use]
    pub fn text(self, id: Uuid) -> Reported {
        match self {
            Self::Need => Reported::Need { need: NeedId(id) },
            Self::Event => Reported::Event { event: EventId(id) },
        }
    }
}

fn plan(word: &str) -> Result<Plan, String> {
    Plan::from_text(word).ok_or_else(|| "write passes or subscription".to_owned())
}

fn signed(text: &str) -> Result<i64, String> {
    let typed = text.replace('\u{2212}', "-");
    typed.parse().ok().filter(|passes| *passes != 0).ok_or_else(|| "write how many to add, such as 2 or -1".to_owned())
}
