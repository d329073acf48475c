//! Passwords of the pages: argon2id, as OWASP's minimum asks for (19 MiB, two passes, one lane).

use super::texts::Texts;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use std::collections::BTreeSet;

/// The shortest password, in characters.
pub const LEAST: usize = 12;
/// The longest, in bytes: what is longer costs time and gains nothing.
pub const MOST: usize = 256;
/// A password with fewer different characters is one that everybody tries.
const DIFFERENT: usize = 5;
/// What lies side by side on keyboards and in the alphabet.
const ROWS: [&str; 9] = [
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "qwertzuiopasdfghjklyxcvbnm",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
    "1a2b3c4d5e6f7g8h9i",
];
/// Words that stand for no secret at all, without what is said around them.
const NO_SECRETS: [&str; 12] = [
    "motdepasse",
    "password",
    "passw0rd",
    "voisins",
    "coworking",
    "bienvenue",
    "welcome",
    "administrateur",
    "administrator",
    "coordination",
    "letmein",
    "iloveyou",
];

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weak {
    /// Too short, or so long that it is an attack.
    Length,
    /// Among the first that anybody tries.
    Guessed,
}

impl Weak {
    /// What to do about it.
    #[must_use]
    pub fn text(self, t: &Texts) -> String {
        match self {
            Self::Length => t.with("setup-weak", &[("least", LEAST.into()), ("most", MOST.into())]),
            Self::Guessed => t.say("setup-guessed"),
        }
    }
}

fn argon2id() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None).unwrap_or(Params::DEFAULT))
}

/// Whether a password can be taken for this account.
///
/// # Errors
/// Why not.
pub fn is_fit(password: &str, account: &str) -> Result<(), Weak> {
    if password.chars().count() < LEAST || password.len() > MOST {
        return Err(Weak::Length);
    }
    if is_guessed(&password.to_lowercase(), &account.to_lowercase()) { Err(Weak::Guessed) } else { Ok(()) }
}

/// Of the commonest passwords hardly any has 12 characters. Those that have are runs of keys, repetitions, or a known word with a little
/// around it: so these are refused by what they are, not by a list.
fn is_guessed(password: &str, account: &str) -> bool {
    let letters: Vec<char> = password.chars().collect();
    if letters.iter().collect::<BTreeSet<_>>().len() < DIFFERENT {
        return true;
    }
    let repeats = |of: usize| letters.iter().zip(letters.iter().skip(of)).all(|(one, next)| one == next);
    if (1..=letters.len() / 2).any(repeats) {
        return true;
    }
    // pairs that lie side by side, one way or the other: nearly all of them is a run
    let beside = |pair: &[char]| {
        let (pair, back) = (String::from_iter(pair), String::from_iter(pair.iter().rev()));
        ROWS.iter().any(|row| row.contains(&pair) || row.contains(&back))
    };
    if letters.windows(2).filter(|pair| beside(pair)).count() * 5 >= (letters.len() - 1) * 4 {
        return true;
    }
    // what is left of a known word is too little to be a secret
    let mut rest = password.replace(|c: char| !c.is_alphanumeric(), "");
    for word in NO_SECRETS.iter().copied().chain([account]).filter(|word| word.chars().count() >= 3) {
        rest = rest.replace(word, "");
    }
    rest.chars().count() < DIFFERENT
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
        let fit = |password: &str| is_fit(password, "anne");
        assert_eq!(fit("éàèùôîçâêœïë"), Ok(()));
        assert_eq!(fit("éàèùôîçâêœï"), Err(Weak::Length));
        assert_eq!(fit(&"une phrase ".repeat(30)), Err(Weak::Length));
        assert_eq!(fit("soixante-quatre caractères et plus, dits comme on parle, pour l’exemple"), Ok(()));
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for guessed in [
            "123456789012",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "passwordpassword",
            "Password1234",
            "motdepasse2026",
            "qwertyuiop123",
            "azertyuiop12",
            "anneanneanne",
            "anne-anne-2026",
            "Coordination1!",
            "Voisins2026!!",
            "1q2w3e4r5t6y",
            "987654321098",
            "abcdefghijkl",
            "coordination",
            "1qaz2wsx3edc",
        ] {
            assert_eq!(is_fit(guessed, "anne"), Err(Weak::Guessed), "{guessed}");
        }
        for fit in
            ["quatre mots pour la porte", "un tout nouveau mot", "correct horse battery", "xK7!pq2Lm9#v", "la voisine du 3e étage"]
        {
            assert_eq!(is_fit(fit, "anne"), Ok(()), "{fit}");
        }
    }
}
