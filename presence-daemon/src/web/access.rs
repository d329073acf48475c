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
    /// Its token, digested.
    key: [u8; 32],
    /// Forms that were carried out: sent again, they do nothing again.
    spent: BTreeSet<String>,
}

/// Sessions and tries.
#[derive(Debug, Default)]
pub struct Access {
    sessions: BTreeMap<[u8; 32], Session>,
    tries: BTreeMap<Key, Tries>,
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
        let session =
            Session { account: account.to_owned(), role, form: form.text().to_owned(), began: now, used: now, key, spent };
        self.sessions.insert(key, session);
    }

    /// The session of a cookie's token; using it keeps it alive.
    pub fn session(&mut self, token: &str, now: Duration) -> Option<Session> {
        let session = self.sessions.get_mut(&digest(token)).filter(|session| !session.is_over(now))?;
        session.used = now;
        Some(session.clone())
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

impl Session {
    fn is_over(&self, now: Duration) -> bool {
        now.saturating_sub(self.used) >= IDLE || now.saturating_sub(self.began) >= LONGEST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 9));

    #[test]
    fn a_session_ends_unused_after_half_an_hour_and_after_twelve_hours_in_any_case() {
        let (mut access, token, form) = (Access::default(), Token::new([1; 32]), Token::new([2; 32]));
        access.open("anne", Role::Manager, &token, &form, at(0));
        assert_eq!(access.session(token.text(), at(1799)).map(|session| session.form), Some(form.text().to_owned()));
        assert!(access.session(token.text(), at(1799 + 1800)).is_none(), "unused");
        access.open("anne", Role::Manager, &token, &form, at(0));
        assert!((0..12 * 3600).step_by(600).all(|seconds| access.session(token.text(), at(seconds)).is_some()));
        assert!(access.session(token.text(), at(12 * 3600)).is_none(), "a day's work");
        assert!(access.session("", at(1)).is_none() && access.session("0", at(1)).is_none());
    }

    #[test]
    fn a_changed_password_ends_all_sessions_of_its_account() {
        let (mut access, form) = (Access::default(), Token::new([9; 32]));
        let tokens = [Token::new([1; 32]), Token::new([2; 32]), Token::new([3; 32])];
        for (token, account) in tokens.iter().zip(["anne", "anne", "paul"]) {
            access.open(account, Role::Viewer, token, &form, at(0));
        }
        access.close_all("anne");
        let left: Vec<bool> = tokens.iter().map(|token| access.session(token.text(), at(1)).is_some()).collect();
        assert_eq!(left, [false, false, true]);
        access.close(tokens[2].text());
        assert!(access.session(tokens[2].text(), at(1)).is_none());
    }

    #[test]
    fn wrong_passwords_have_to_wait_longer_and_longer_but_never_for_ever() {
        let mut access = Access::default();
        for _ in 0..FREE_TRIES {
            assert_eq!(access.try_once(Some(HERE), "anne", at(10)), Ok(()));
        }
        assert_eq!(access.try_once(Some(HERE), "anne", at(10)), Err(at(1)));
        let mut now = at(10);
        for _ in 0..20 {
            now = access.try_once(Some(HERE), "anne", now).err().map_or(now, |wait| now + wait);
            assert_eq!(access.try_once(Some(HERE), "anne", now), Ok(()));
        }
        assert_eq!(access.try_once(Some(HERE), "anne", now), Err(LONGEST_WAIT));
        assert_eq!(access.try_once(Some(THERE), "anne", now), Err(at(60)), "its owner, from elsewhere");
        assert_eq!(access.try_once(Some(HERE), "paul", now), Ok(()), "another account");
        assert_eq!(access.try_once(Some(THERE), "anne", now + at(60)), Ok(()));
        access.was_right(Some(THERE), "anne");
        assert_eq!(access.try_once(Some(THERE), "anne", now + at(60)), Ok(()));
    }

    #[test]
    fn ten_thousand_guesses_get_at_most_500_an_hour() {
        let (mut access, mut evaluated) = (Access::default(), 0);
        for guess in 0..10_000 {
            let now = Duration::from_millis(guess * 360);
            let from = IpAddr::V4(std::net::Ipv4Addr::from(u32::try_from(guess % 500).unwrap_or(0) + 1));
            evaluated += u32::from(access.try_once(Some(from), "anne", now).is_ok());
        }
        assert!(evaluated <= 500, "{evaluated}");
    }

    #[test]
    fn a_flood_of_names_fills_no_memory_and_hides_nobody() {
        let mut access = Access::default();
        for n in 0..20_000 {
            let _ = access.try_once(Some(HERE), &n.to_string(), at(1));
        }
        assert!(access.tries.len() <= REMEMBERED + 1);
        assert!(access.try_once(Some(THERE), "anne", at(1)).is_err(), "what isn't remembered by itself waits together");
    }
}
