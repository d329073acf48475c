//! Passwords of the pages: argon2id, as OWASP's minimum asks for (19 MiB, two passes, one lane).

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};

/// The shortest password, in characters.
pub const LEAST: usize = 12;
/// The longest, in bytes: what is longer costs time and gains nothing.
pub const MOST: usize = 256;

fn argon2id() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None).unwrap_or(Params::DEFAULT))
}

/// Whether a password is long enough, and not so long that it is an attack.
#[must_use]
pub fn is_fit(password: &str) -> bool {
    password.chars().count() >= LEAST && password.len() <= MOST
}

/// What is kept of a password, as a PHC string. `None` if the system gives no chance for the salt.
#[must_use]
pub fn hash(password: &str) -> Option<String> {
    argon2id().hash_password(password.as_bytes()).ok().map(|hash| hash.to_string())
}

/// Whether it is the password of a hash. Takes as long for an account that doesn't exist (`None`).
#[must_use]
pub fn is_right(password: &str, hash: Option<&str>) -> bool {
    if password.len() > MOST {
        return false;
    }
    match hash {
        Some(hash) => argon2id().verify_password(password.as_bytes(), hash).is_ok(),
        None => {
            let _ = self::hash(password);
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_kept_as_owasp_asks() {
        let kept = hash("un mot de passe").unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(is_right("un mot de passe", Some(&kept)));
        assert!(!is_right("un mot de passé", Some(&kept)) && !is_right("", Some(&kept)) && !is_right("x", None));
        assert_ne!(hash("un mot de passe").unwrap(), kept, "another salt");
    }

    #[test]
    fn a_password_has_12_characters_or_more() {
        assert!(is_fit("éééééééééééé") && !is_fit("ééééééééééé") && is_fit(&"x".repeat(64)) && !is_fit(&"x".repeat(257)));
    }
}
