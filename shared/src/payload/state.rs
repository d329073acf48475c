//! Retained documents: what is, as a whole.

use super::{V, Weekday, weekday};
use crate::member::MemberId;
use crate::name::{KioskName, ReaderName, SiteName};
use crate::visit::Availability;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Whether the daemon is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum State {
    Online,
    Offline,
}

/// `status`; the offline one is the will. It names its session, because a will can arrive after the next birth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    #[allow(missing_docs)]
    pub v: V,
    /// Online or offline.
    pub state: State,
    /// The daemon's connection that says so.
    pub session: Uuid,
}

/// `status/session`: the daemon's birth. A will of another session is to be ignored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    #[allow(missing_docs)]
    pub v: V,
    /// New at each connection to the broker.
    pub session: Uuid,
    /// The same for the life of the database.
    pub installation: Uuid,
    /// The site's name.
    pub site: SiteName,
    /// The site's name as people write it ("Espace Voisins").
    pub title: String,
    /// The site's IANA time zone.
    pub time_zone: String,
    /// The manager's pages, once there are any.
    pub admin: Option<String>,
    /// Version of the daemon.
    pub version: String,
}

/// How a reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReaderState {
    /// Not heard of yet.
    Starting,
    /// Reads cards.
    Ready,
    /// Not plugged, or its driver does not see it.
    Absent,
    /// There, but failing; or the service behind it is down.
    Failed,
}

/// `reader/{reader}/status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderStatus {
    #[allow(missing_docs)]
    pub v: V,
    #[allow(missing_docs)]
    pub reader: ReaderName,
    #[allow(missing_docs)]
    pub state: ReaderState,
    /// What is wrong and what to do, in English, for managers and integrations.
    pub reason: Option<String>,
    /// The kiosk it stands beside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<KioskName>,
}

/// People, told apart by whether they tapped lately (see `fresh_for` in the daemon's config).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Count {
    /// Here now.
    pub fresh: u32,
    /// Not seen for a while, but not checked out either.
    pub passed: u32,
}

/// `occupancy`: exact numbers, under access control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occupancy {
    #[allow(missing_docs)]
    pub v: V,
    #[allow(missing_docs)]
    pub session: Uuid,
    /// Rises within a session; an older document is to be dropped.
    pub rev: u64,
    /// Members, shown or hidden.
    pub members: Count,
    /// Guests.
    pub guests: Count,
    /// People whose visit began today, those still here included.
    pub today: u32,
}

/// A number that hides small groups: under 5 it is the text `"<5"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OpenCount {
    /// Five or more.
    Exact(u32),
    /// `"<5"`.
    Few(Few),
}

/// The one text an [`OpenCount`] can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Few {
    /// Fewer than five, perhaps none.
    #[serde(rename = "<5")]
    UnderFive,
}

impl From<u32> for OpenCount {
    fn from(n: u32) -> Self {
        if n < 5 { Self::Few(Few::UnderFive) } else { Self::Exact(n) }
    }
}

/// `open/occupancy`: for all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenOccupancy {
    #[allow(missing_docs)]
    pub v: V,
    /// Everybody here now.
    pub present: OpenCount,
}

/// How to reach a member, if they share it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Contact {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
}

/// A member as they agreed to be shown; a field they keep to themselves is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct DirectoryMember {
    pub id: MemberId,
    /// Always there: without consent to the name a member is not in the directory.
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pronouns: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interests: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub looking_for: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The days they usually come.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "weekday::known")]
    pub usual_days: Vec<Weekday>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// The hash of `photo/{member}`, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
    /// Whether the lobby screen may show them. It reads [`Lobby`], which says more; this stays because the wire is frozen.
    #[serde(default)]
    pub lobby: bool,
}

/// `directory`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directory {
    #[allow(missing_docs)]
    pub v: V,
    #[allow(missing_docs)]
    pub session: Uuid,
    /// Rises within a session; an older document is to be dropped.
    pub rev: u64,
    /// In no meaning order.
    pub members: Vec<DirectoryMember>,
}

/// Someone who is here and agreed to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresentMember {
    /// Stands in the directory.
    pub member: MemberId,
    /// Tapped within `fresh_for`; else *passé·e aujourd'hui*.
    pub fresh: bool,
    /// What they said of being disturbed.
    #[serde(default)]
    pub availability: Availability,
    /// Since when, only if they share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
}

/// `presence`: who is here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    #[allow(missing_docs)]
    pub v: V,
    #[allow(missing_docs)]
    pub session: Uuid,
    /// Rises within a session; an older document is to be dropped.
    pub rev: u64,
    /// The latest to tap first; the fresh before the others.
    pub present: Vec<PresentMember>,
    /// Members here who are counted but not shown.
    pub hidden: Count,
    /// Guests.
    pub guests: Count,
    /// People whose visit began today, those still here included.
    pub today: u32,
}

/// Someone on the lobby screen: what they agreed to show there, and nothing that leads to another document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LobbyNeighbour {
    /// First name and initial ("Hanneke V."); no two in a document are the same.
    pub name: String,
    /// One or two letters for the face.
    pub initials: String,
    /// Which of the eight colours the face has (see [`colour`](crate::member::colour)).
    pub colour: u8,
    /// Only if they show them in the lobby.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
    /// Tapped within `fresh_for`; else *passé·e aujourd'hui*.
    pub fresh: bool,
    /// What they said of being disturbed.
    #[serde(default)]
    pub availability: Availability,
}

/// What somebody looks for, on the lobby screen: only a need that was put up with a name, of an author who is shown there, or the
/// space's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LobbyNeed {
    /// Its author's name as the lobby shows it; absent for the space.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[allow(missing_docs)]
    pub text: String,
}

/// An event of today, on the lobby screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct LobbyEvent {
    /// Without a title: "Qui mange ici à midi?".
    #[serde(default)]
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    pub starts: Timestamp,
    /// It takes the whole day.
    #[serde(default)]
    pub all_day: bool,
    /// Everybody who said *J'en suis*.
    #[serde(default)]
    pub going: u32,
}

/// `lobby`: all that a lobby screen shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lobby {
    #[allow(missing_docs)]
    pub v: V,
    #[allow(missing_docs)]
    pub session: Uuid,
    /// Rises within a session; an older document is to be dropped.
    pub rev: u64,
    /// The latest to tap first; the fresh before the others.
    pub present: Vec<LobbyNeighbour>,
    /// Members and guests here who are counted but not shown in the lobby.
    pub hidden: Count,
    /// What is looked for; each in its turn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<LobbyNeed>,
    /// What happens today and isn't over, the next first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<LobbyEvent>,
    /// Everybody here now, shown or not.
    pub fresh: u32,
    /// People whose visit began today, those still here included.
    pub today: u32,
}
