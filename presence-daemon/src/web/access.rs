//! Who may see the pages: sessions and how often a password may be tried. Pure: time comes in as the time since boot; tokens are chance
//! from the rim. Sessions live in memory: a daemon that starts anew asks everybody to sign in again.

use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::time::Duration;

/// A session that nobody used for so long is over (ASVS 5.0, 7.3).
const IDLE: Duration = Duration::from_secs(30 * 60);
/// A session is over after so long in any case.
const LONGEST: Duration = Duration::from_secs(12 * 3600);
/// So many wrong passwords are free; each one more doubles the wait.
const FREE_TRIES: u32 = 5;
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);
/// Whoever has not tried for so long is forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(3600);
/// After a right password the code has to come within.
const HALFWAY: Duration = Duration::from_secs(5 * 60);
/// So many codes may be tried after one right password.
const CODES: u32 = 5;
/// So many forms of a session are remembered.
const SPENT: usize = 1000;
/// So many who try are remembered: the rest of a flood shares one wait.
const REMEMBERED: usize = 10_000;

/// 32 bytes of chance, as 64 hexadecimal digits; what is kept is their digest.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A token of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(hex(&bytes))
    }

    /// What a cookie or a form holds.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The digest by which a token is known.
#[must_use]
pub fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// All of it.
    Manager,
    /// Looks at presence and numbers; changes nothing, and sees nothing that members keep to themselves.
    Viewer,
}

impl Role {
    /// All.
    pub const ALL: [Self; 2] = [Self::Manager, Self::Viewer];

    /// The word in the database, in forms and at the end of its text's key.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Manager => "manager",
            Self::Viewer => "viewer",
        }
    }

    /// What such a word says.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

/// Somebody who has signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The account.
    pub account: String,
    /// What it may do.
    pub role: Role,
    /// Stands in every form: a form without it wasn't on our page (CSRF).
    pub form: String,
    began: Duration,
    used: Duration,
    /// A number to name it by on a page, which opens nothing.
    pub id: u64,
    /// Its token, digested.
    key: [u8; 32],
    /// Forms that were carried out: sent again, they do nothing again.
    spent: BTreeSet<String>,
}

/// Sessions and tries.
#[derive(Debug, Default)]
pub struct Access {
    sessions: BTreeMap<[u8; 32], Session>,
    /// How many sessions there were.
    opened: u64,
    /// Whose password was right and who owe a code still.
    halfway: BTreeMap<[u8; 32], Halfway>,
    tries: BTreeMap<Key, Tries>,
}

/// A right password, and so many codes tried after it.
#[derive(Debug, Clone)]
struct Halfway {
    account: String,
    since: Duration,
    codes: u32,
}

/// A session as its owner is shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// To end it by.
    pub id: u64,
    /// How long ago it began.
    pub began: Duration,
    /// How long ago it was used.
    pub used: Duration,
}

/// Whose tries are counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Account(String),
    From(IpAddr, String),
    TheRest,
}

#[derive(Debug, Clone, Copy)]
struct Tries {
    wrong: u32,
    last: Duration,
}

impl Tries {
    fn wait(self) -> Duration {
        let over = self.wrong.saturating_sub(FREE_TRIES);
        if self.wrong < FREE_TRIES { Duration::ZERO } else { Duration::from_secs(1 << over.min(20)).min(LONGEST_WAIT) }
    }
}

impl Access {
    /// Begins a session.
    pub fn open(&mut self, account: &str, role: Role, token: &Token, form: &Token, now: Duration) {
        self.sessions.retain(|_, session| !session.is_over(now));
        let (key, spent) = (digest(token.text()), BTreeSet::new());
        self.opened += 1;
        let id = self.opened;
        let session =
            Session { account: account.to_owned(), role, form: form.text().to_owned(), began: now, used: now, id, key, spent };
        self.sessions.insert(key, session);
    }

    /// The session of a cookie's token; using it keeps it alive.
    pub fn session(&mut self, token: &str, now: Duration) -> Option<Session> {
        let session = self.sessions.get_mut(&digest(token)).filter(|session| !session.is_over(now))?;
        session.used = now;
        Some(session.clone())
    }

    /// Whether a session lasts, without being used: a page that listens is nobody's act.
    #[must_use]
    pub fn lasts(&self, session: &Session, now: Duration) -> bool {
        self.sessions.get(&session.key).is_some_and(|held| !held.is_over(now))
    }

    /// The session of a cookie's token, without using it.
    #[must_use]
    pub fn peek(&self, token: &str, now: Duration) -> Option<Session> {
        self.sessions.get(&digest(token)).filter(|session| !session.is_over(now)).cloned()
    }

    /// Whether a form was carried out before in this session.
    #[must_use]
    pub fn is_spent(&self, session: &Session, once: &str) -> bool {
        self.sessions.get(&session.key).is_some_and(|held| held.spent.contains(once))
    }

    /// A form was carried out.
    pub fn spend(&mut self, session: &Session, once: &str) {
        if let Some(held) = self.sessions.get_mut(&session.key).filter(|held| held.spent.len() < SPENT) {
            held.spent.insert(once.chars().take(36).collect());
        }
    }

    /// Ends one.
    pub fn close(&mut self, token: &str) {
        self.sessions.remove(&digest(token));
    }

    /// Ends all of an account: its password was changed.
    pub fn close_all(&mut self, account: &str) {
        self.sessions.retain(|_, session| session.account != account);
        self.halfway.retain(|_, halfway| halfway.account != account);
    }

    /// Ends one of an account's sessions, by its number.
    pub fn close_one(&mut self, account: &str, id: u64) {
        self.sessions.retain(|_, session| session.account != account || session.id != id);
    }

    /// Ends all of an account but this one.
    pub fn close_others(&mut self, session: &Session) {
        self.sessions.retain(|key, other| other.account != session.account || *key == session.key);
        self.halfway.retain(|_, halfway| halfway.account != session.account);
    }

    /// An account's living sessions, the latest used first.
    #[must_use]
    pub fn open_of(&self, account: &str, now: Duration) -> Vec<Open> {
        let of = self.sessions.values().filter(|session| session.account == account && !session.is_over(now));
        let ago = |then: Duration| now.saturating_sub(then);
        let mut open: Vec<Open> =
            of.map(|session| Open { id: session.id, began: ago(session.began), used: ago(session.used) }).collect();
        open.sort_by_key(|session| (session.used, session.id));
        open
    }

    /// The password was right; a code is owed still.
    pub fn wait_for_code(&mut self, account: &str, token: &Token, now: Duration) {
        self.halfway.retain(|_, halfway| now.saturating_sub(halfway.since) < HALFWAY);
        // whoever gets here knows a password: so many at once is one of them trying all codes
        if self.halfway.len() < REMEMBERED {
            self.halfway.insert(digest(token.text()), Halfway { account: account.to_owned(), since: now, codes: 0 });
        }
    }

    /// Whose code it may be, counted; none after too long or too many.
    pub fn code_of(&mut self, token: &str, now: Duration) -> Option<String> {
        let key = digest(token);
        let halfway = self.halfway.get_mut(&key)?;
        halfway.codes += 1;
        if halfway.codes > CODES || now.saturating_sub(halfway.since) >= HALFWAY {
            self.halfway.remove(&key);
            return None;
        }
        Some(halfway.account.clone())
    }

    /// The code was right: this password counts no more.
    pub fn code_was_right(&mut self, token: &str) {
        self.halfway.remove(&digest(token));
    }

    /// Counts a try before the password is looked at, so that many at once are no way round; or says how long to wait. Nobody is locked
    /// out for ever. `from`: whose address is known.
    ///
    /// # Errors
    /// How long no password may be tried.
    pub fn try_once(&mut self, from: Option<IpAddr>, account: &str, now: Duration) -> Result<(), Duration> {
        self.tries.retain(|_, tries| now.saturating_sub(tries.last) < FORGOTTEN_AFTER);
        let keys = self.keys(from, account);
        let wait = keys.iter().map(|key| self.left(key, now)).max().unwrap_or_default();
        if !wait.is_zero() {
            return Err(wait);
        }
        for key in keys {
            let tries = self.tries.entry(key).or_insert(Tries { wrong: 0, last: now });
            (tries.wrong, tries.last) = (tries.wrong.saturating_add(1), now);
        }
        Ok(())
    }

    /// The password was right: what was tried before is forgotten.
    pub fn was_right(&mut self, from: Option<IpAddr>, account: &str) {
        for key in self.keys(from, account) {
            self.tries.remove(&key);
        }
    }

    /// The account by itself, since many addresses are no way round, and with the address; what no longer fits shares one count.
    fn keys(&self, from: Option<IpAddr>, account: &str) -> Vec<Key> {
        let by_account = Key::Account(account.to_owned());
        let by_both = from.map(|from| Key::From(from, account.to_owned()));
        let known = |key: &Key| self.tries.contains_key(key) || self.tries.len() < REMEMBERED;
        let mut keys: Vec<Key> =
            [Some(by_account), by_both].into_iter().flatten().map(|key| if known(&key) { key } else { Key::TheRest }).collect();
        keys.dedup();
        keys
    }

    fn left(&self, key: &Key, now: Duration) -> Duration {
        let Some(tries) = self.tries.get(key) else { return Duration::ZERO };
        // a stranger elsewhere can't keep an account's owner out for more than a minute
        let longest = if matches!(key, Key::From(..)) { LONGEST_WAIT } else { Duration::from_secs(60) };
        (tries.last + tries.wait().min(longest)).saturating_sub(now)
    }
}

impl Open {
    /// Minutes since it began.
    #[must_use]
    pub fn began_minutes(&self) -> usize {
        usize::try_from(self.began.as_secs() / 60).unwrap_or(usize::MAX)
    }

    /// Minutes since it was used.
    #[must_use]
    pub fn used_minutes(&self) -> usize {
        usize::try_from(self.used.as_secs() / 60).unwrap_or(usize::MAX)
    }
}

impl Session {
    fn is_over(&self, now: Duration) -> bool {
        now.saturating_sub(self.used) >= IDLE || now.saturating_sub(self.began) >= LONGEST
    }
}

#[cfg(test)]
mod tests;
