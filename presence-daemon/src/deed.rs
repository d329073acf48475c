//! What is written in the journal: who did what to whom, and when. Ids and fixed words only; names are looked up when it is read. Pure.

use crate::contacts::ContactId;
use serde::{Deserialize, Serialize};
use voisins_shared::agenda::EventId;
use voisins_shared::introduction::IntroductionId;
use voisins_shared::member::MemberId;
use voisins_shared::need::NeedId;
use voisins_shared::note::NoteId;

/// The number of an account of the pages. It outlives the account, and is never given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountNo(pub i64);

/// Each deed with its word, which is also the end of its text's key.
macro_rules! deeds {
    ($($deed:ident = $word:literal),* $(,)?) => {
        /// Something that was done with the house's data.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[allow(missing_docs)]
        pub enum Deed {
            $(#[serde(rename = $word)] $deed,)*
        }

        impl Deed {
            /// All.
            pub const ALL: &[Self] = &[$(Self::$deed),*];

            /// The word in the journal.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$deed => $word,)*
                }
            }
        }
    };
}

deeds! {
    // the door
    SignedIn = "signed_in",
    SignInRefused = "sign_in_refused",
    LinkMade = "link_made",
    LinkUsed = "link_used",
    PasswordChanged = "password_changed",
    SecondStepOn = "second_step_on",
    SecondStepOff = "second_step_off",
    RecoveryMade = "recovery_made",
    RecoveryUsed = "recovery_used",
    SessionsEnded = "sessions_ended",
    AccountRemoved = "account_removed",
    BrokerAccountMade = "broker_account_made",
    BrokerAccountRemoved = "broker_account_removed",
    // members
    MembersImported = "members_imported",
    MembersExported = "members_exported",
    MemberAdded = "member_added",
    MemberChanged = "member_changed",
    MemberExported = "member_exported",
    MemberErased = "member_erased",
    MemberSuspended = "member_suspended",
    MemberResumed = "member_resumed",
    MemberDeparted = "member_departed",
    ConsentSet = "consent_set",
    PhotoSet = "photo_set",
    VisitsAnonymised = "visits_anonymised",
    HistorySeen = "history_seen",
    BadgeEnrolled = "badge_enrolled",
    BadgeChanged = "badge_changed",
    AuthenticSet = "authentic_set",
    // visits
    VisitCorrected = "visit_corrected",
    VisitsExported = "visits_exported",
    VisitAdded = "visit_added",
    VisitCancelled = "visit_cancelled",
    VisitEnded = "visit_ended",
    // the evacuation list
    ListSeen = "list_seen",
    RollCallBegun = "roll_call_begun",
    RollCallEnded = "roll_call_ended",
    PersonSafe = "person_safe",
    PinSet = "pin_set",
    EvacuationBegun = "evacuation_begun",
    EvacuationOver = "evacuation_over",
    // needs, introductions, notes
    NeedPosted = "need_posted",
    NeedEdited = "need_edited",
    NeedMet = "need_met",
    NeedClosed = "need_closed",
    IntroductionProposed = "introduction_proposed",
    IntroductionClosed = "introduction_closed",
    KeptApart = "kept_apart",
    LetMeet = "let_meet",
    NoteSettled = "note_settled",
    ContactAdded = "contact_added",
    ContactRemoved = "contact_removed",
    // passes
    PassesBought = "passes_bought",
    PassesCorrected = "passes_corrected",
    PlanSet = "plan_set",
    // moderation
    Hidden = "hidden",
    Restored = "restored",
    Approved = "approved",
    PostingPaused = "posting_paused",
    PostingResumed = "posting_resumed",
    ApprovalBegun = "approval_begun",
    ApprovalEnded = "approval_ended",
    // what happens in the house
    CalendarImported = "calendar_imported",
    CalendarForgotten = "calendar_forgotten",
    EventCancelled = "event_cancelled",
    EventPut = "event_put",
    EventChanged = "event_changed",
    EventConfirmed = "event_confirmed",
    FeedMoved = "feed_moved",
    Settled = "settled",
}

/// Whom or what a deed was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum About {
    Account(AccountNo),
    Member(MemberId),
    Badge(i64),
    Need(NeedId),
    Event(EventId),
    Introduction(IntroductionId),
    Note(NoteId),
    Contact(ContactId),
}

/// A line of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Managed {
    /// Whose deed it was; none: the command line's, or, for a refused sign-in, an account that doesn't exist.
    pub account: Option<AccountNo>,
    #[allow(missing_docs)]
    pub deed: Deed,
    #[allow(missing_docs)]
    pub about: Option<About>,
    /// So often: a flood of refused sign-ins is a few lines.
    pub times: u32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_words_of_the_journal_are_frozen_and_each_is_its_own() {
        let words: BTreeSet<&str> = Deed::ALL.iter().map(|deed| deed.as_str()).collect();
        assert_eq!(words.len(), Deed::ALL.len());
        let managed = Managed {
            account: Some(AccountNo(3)),
            deed: Deed::NeedClosed,
            about: Some(About::Need(NeedId(uuid::Uuid::nil()))),
            times: 1,
        };
        let json = serde_json::to_string(&managed).unwrap();
        // if this test fails, do not change the test: journals of years are written like this
        assert_eq!(json, r#"{"account":3,"deed":"need_closed","about":{"need":"00000000-0000-0000-0000-000000000000"},"times":1}"#);
        assert_eq!(serde_json::from_str::<Managed>(&json).unwrap(), managed);
    }
}
