//! Where a broker is, and who we are there: `mqtt://user:password@host:1883`.

use crate::broker::read_password;
use std::path::PathBuf;

/// A broker, as a URL names it.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// Host name or address (IPv6 in brackets).
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// The account; none for a broker that lets everybody in.
    pub user: Option<String>,
    /// Its password.
    pub password: Password,
}

/// Where a password comes from.
#[derive(Clone, PartialEq, Eq)]
pub enum Password {
    /// There is none.
    None,
    /// From the URL or the environment.
    Text(String),
    /// The first line of a file, read anew at each attempt.
    File(PathBuf),
}

/// The password is never told.
impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Address({}:{}, {:?})", self.host, self.port, self.user)
    }
}

/// Why a URL names no broker.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}. Write the broker as mqtt://USER@HOST:1883")]
pub struct AddressError(&'static str);

impl Address {
    /// Reads a URL.
    ///
    /// # Errors
    /// [`AddressError`], without the password.
    pub fn read(url: &str) -> Result<Self, AddressError> {
        let rest = url.strip_prefix("mqtt://").ok_or(AddressError("only mqtt:// is known"))?;
        let rest = rest.trim_end_matches('/');
        let (account, place) = rest.rsplit_once('@').map_or((None, rest), |(account, place)| (Some(account), place));
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().map_err(|_| AddressError("its port is no number"))?),
            _ => (place, 1883),
        };
        if host.is_empty() || host.contains(['/', '?', '#']) {
            return Err(AddressError("it names no host"));
        }
        let plain = |text: &str| decoded(text).ok_or(AddressError("a % in it is followed by no two hexadecimal digits"));
        let (user, password) = match account.map(|account| account.split_once(':').unwrap_or((account, ""))) {
            None => (None, Password::None),
            Some((user, "")) => (Some(plain(user)?), Password::None),
            Some((user, password)) => (Some(plain(user)?), Password::Text(plain(password)?)),
        };
        Ok(Self { host: host.to_owned(), port, user, password })
    }

    /// The password as it is now.
    ///
    /// # Errors
    /// What reading its file says.
    pub fn password(&self) -> std::io::Result<Option<String>> {
        match &self.password {
            Password::None => Ok(None),
            Password::Text(text) => Ok(Some(text.clone())),
            Password::File(path) => read_password(path).map(Some),
        }
    }
}

/// Percent-encoding undone.
fn decoded(text: &str) -> Option<String> {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let [first, more @ ..] = rest {
        rest = more;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = std::str::from_utf8(more.get(..2)?).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = more.get(2..)?;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broker_is_named_by_a_url() {
        let whole = Address::read("mqtt://managers:p%40s%3As@[::1]:2883/").unwrap();
        assert_eq!((&*whole.host, whole.port, whole.user.as_deref()), ("[::1]", 2883, Some("managers")));
        assert!(whole.password == Password::Text("p@s:s".to_owned()));
        assert!(!format!("{whole:?}").contains("p@s"));
        let bare = Address::read("mqtt://broker.example").unwrap();
        assert!((bare.port, bare.user, bare.password) == (1883, None, Password::None));
        for bad in ["broker", "http://a", "mqtt://", "mqtt://a:b", "mqtt://u:%zz@a", "mqtt://u:%4@a"] {
            assert!(Address::read(bad).is_err(), "{bad}");
        }
    }
}
