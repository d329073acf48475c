//! The PIN that opens the list on the kiosk: 4 to 8 digits. It keeps passers-by out, no more: whoever may read the file reads the names.

use argon2::password_hash::PasswordHasher as _;
use argon2::{Algorithm, Argon2, Params, Version};

/// What a PIN is kept as, a PHC string: the kiosk checks against it. `None` if it isn't 4 to 8 digits, or there is no chance for the salt.
#[must_use]
pub fn hash(pin: &str) -> Option<String> {
    if !is_fit(pin) {
        return None;
    }
    // light: 8 digits are guessed quickly whatever it costs, and a small machine checks it while somebody waits
    let argon2id = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(4 * 1024, 3, 1, None).unwrap_or(Params::DEFAULT));
    argon2id.hash_password(pin.as_bytes()).ok().map(|hash| hash.to_string())
}

/// Whether it is a PIN.
#[must_use]
pub fn is_fit(pin: &str) -> bool {
    (4..=8).contains(&pin.len()) && pin.bytes().all(|digit| digit.is_ascii_digit())
}
