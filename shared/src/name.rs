//! Names of sites, readers and kiosks: `[a-z0-9-]{1,32}`, safe in a topic, a file name and an account name.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A name that can't stand in a topic.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a valid name: use 1 to 32 of a-z, 0-9 and '-' (such as \"cafe\")")]
pub struct NameError(pub String);

fn checked(text: &str) -> Result<String, NameError> {
    let valid = (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if valid { Ok(text.to_owned()) } else { Err(NameError(text.to_owned())) }
}

macro_rules! name {
    ($(#[$doc:meta])* $type:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        impl $type {
            /// Checks and takes a name.
            ///
            /// # Errors
            /// [`NameError`] unless it is 1 to 32 of `a-z`, `0-9` and `-`.
            pub fn new(text: &str) -> Result<Self, NameError> {
                checked(text).map(Self)
            }

            /// The name as it stands in a topic.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $type {
            type Error = NameError;
            fn try_from(text: String) -> Result<Self, NameError> {
                Self::new(&text)
            }
        }

        impl std::str::FromStr for $type {
            type Err = NameError;
            fn from_str(text: &str) -> Result<Self, NameError> {
                Self::new(text)
            }
        }

        impl From<$type> for String {
            fn from(name: $type) -> String {
                name.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name! {
    /// A coworking space: the base of its topics is `voisins/{site}`.
    SiteName
}
name! {
    /// A badge reader, by its place: `porte`, `cafe`.
    ReaderName
}
name! {
    /// A screen, by its place.
    KioskName
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_safe_in_a_topic() {
        for good in ["a", "cafe", "porte-2", &"x".repeat(32)] {
            assert_eq!(SiteName::new(good).map(String::from), Ok(good.to_owned()));
        }
        for bad in ["", "Café", "a/b", "a+b", "#", "a b", "é", &"x".repeat(33)] {
            assert_eq!(SiteName::new(bad), Err(NameError(bad.to_owned())), "{bad}");
        }
    }
}
