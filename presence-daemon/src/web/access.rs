//! Who may see the pages: sessions and how often a password may be tried. Pure: time comes in as the time since boot; tokens are chance
//! from the rim. Sessions live in memory: a daemon that starts anew asks everybody to sign in again.

use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
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

/// Somebody who has signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The account.
    pub account: String,
    /// Stands in every form: a form without it wasn't on our page (CSRF).
    pub form: String,
    began: Duration,
    used: Duration,
}

/// Sessions and tries.
#[derive(Debug, Default)]
pub struct Access {
    sessions: BTreeMap<[u8; 32], Session>,
    tries: BTreeMap<(Option<IpAddr>, String), Tries>,
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
    pub fn open(&mut self, account: &str, token: &Token, form: &Token, now: Duration) {
        self.sessions.retain(|_, session| !session.is_over(now));
        let session = Session { account: account.to_owned(), form: form.text().to_owned(), began: now, used: now };
        self.sessions.insert(digest(token.text()), session);
    }

    /// The session of a cookie's token; using it keeps it alive.
    pub fn session(&mut self, token: &str, now: Duration) -> Option<Session> {
        let session = self.sessions.get_mut(&digest(token)).filter(|session| !session.is_over(now))?;
        session.used = now;
        Some(session.clone())
    }

    /// Ends one.
    pub fn close(&mut self, token: &str) {
        self.sessions.remove(&digest(token));
    }

    /// Ends all of an account: its password was changed.
    pub fn close_all(&mut self, account: &str) {
        self.sessions.retain(|_, session| session.account != account);
    }

    /// How long a password may not be tried, by this address for this account. Nobody is locked out for ever.
    #[must_use]
    pub fn wait(&self, from: IpAddr, account: &str, now: Duration) -> Duration {
        let tried = |key: (Option<IpAddr>, String)| self.tries.get(&key).copied();
        let left = |tries: Tries| (tries.last + tries.wait()).saturating_sub(now);
        // the account by itself, too: many addresses are no way round, but a stranger can't keep its owner out for more than a minute
        let by_account = tried((None, account.to_owned())).map(|tries| left(tries).min(Duration::from_secs(60)));
        let by_address = tried((Some(from), account.to_owned())).map(left);
        by_account.max(by_address).unwrap_or_default()
    }

    /// A password was tried.
    pub fn tried(&mut self, from: IpAddr, account: &str, right: bool, now: Duration) {
        self.tries.retain(|_, tries| now.saturating_sub(tries.last) < FORGOTTEN_AFTER);
        for key in [(Some(from), account.to_owned()), (None, account.to_owned())] {
            if right {
                self.tries.remove(&key);
            } else if self.tries.contains_key(&key) || self.tries.len() < REMEMBERED {
                let tries = self.tries.entry(key).or_insert(Tries { wrong: 0, last: now });
                (tries.wrong, tries.last) = (tries.wrong.saturating_add(1), now);
            }
        }
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
        access.open("anne", &token, &form, at(0));
        assert_eq!(access.session(token.text(), at(1799)).map(|session| session.form), Some(form.text().to_owned()));
        assert!(access.session(token.text(), at(1799 + 1800)).is_none(), "unused");
        access.open("anne", &token, &form, at(0));
        assert!((0..12 * 3600).step_by(600).all(|seconds| access.session(token.text(), at(seconds)).is_some()));
        assert!(access.session(token.text(), at(12 * 3600)).is_none(), "a day's work");
        assert!(access.session("", at(1)).is_none() && access.session("0", at(1)).is_none());
    }

    #[test]
    fn a_changed_password_ends_all_sessions_of_its_account() {
        let (mut access, form) = (Access::default(), Token::new([9; 32]));
        let tokens = [Token::new([1; 32]), Token::new([2; 32]), Token::new([3; 32])];
        for (token, account) in tokens.iter().zip(["anne", "anne", "paul"]) {
            access.open(account, token, &form, at(0));
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
            assert_eq!(access.wait(HERE, "anne", at(10)), Duration::ZERO);
            access.tried(HERE, "anne", false, at(10));
        }
        assert_eq!(access.wait(HERE, "anne", at(10)), at(1));
        for _ in 0..40 {
            access.tried(HERE, "anne", false, at(10));
        }
        assert_eq!(access.wait(HERE, "anne", at(10)), LONGEST_WAIT);
        assert_eq!(access.wait(THERE, "anne", at(10)), at(60), "its owner, from elsewhere");
        assert_eq!(access.wait(HERE, "paul", at(10)), Duration::ZERO, "another account");
        assert_eq!(access.wait(HERE, "anne", at(10) + LONGEST_WAIT), Duration::ZERO);
        access.tried(HERE, "anne", true, at(2000));
        assert_eq!(access.wait(HERE, "anne", at(2000)), Duration::ZERO);
    }

    #[test]
    fn ten_thousand_guesses_get_at_most_500_an_hour() {
        let (mut access, mut evaluated) = (Access::default(), 0);
        for guess in 0..10_000 {
            let now = Duration::from_millis(guess * 360);
            let from = IpAddr::V4(std::net::Ipv4Addr::from(u32::try_from(guess % 500).unwrap_or(0) + 1));
            if access.wait(from, "anne", now).is_zero() {
                access.tried(from, "anne", false, now);
                evaluated += 1;
            }
        }
        assert!(evaluated <= 500, "{evaluated}");
    }

    #[test]
    fn a_flood_of_names_fills_no_memory() {
        let mut access = Access::default();
        for n in 0..20_000 {
            access.tried(HERE, &n.to_string(), false, at(1));
        }
        assert!(access.tries.len() <= REMEMBERED);
    }
}
