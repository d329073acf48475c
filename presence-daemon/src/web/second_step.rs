//! The second step of a sign-in: six digits that change every 30 seconds (TOTP, RFC 6238), and recovery codes for a lost phone. Pure but
//! for chance.

use crate::house::CommandError;
use jiff::Timestamp;
use qrcodegen::{QrCode, QrCodeEcc};
use serde::{Deserialize, Serialize};
use std::fmt::{self, Write as _};
use totp_rs::{Builder, Totp};

/// So many recovery codes are given.
pub const CODES: usize = 10;
/// What recovery codes are written with: no 0, 1, 8 or 9, so that nothing is read for something else (RFC 4648's base 32).
const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// Letters in a recovery code: 80 bits.
const LETTERS_OF_A_CODE: usize = 16;
/// Light squares around a QR code, without which no phone finds it.
const QUIET: i32 = 4;

/// A text that no log shows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hushed(pub String);

impl fmt::Debug for Hushed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hushed(…)")
    }
}

fn totp(secret: &[u8], account: &str, issuer: &str) -> Option<Totp> {
    // ':' parts the two in the address
    let plain = |text: &str| text.replace(':', " ");
    Builder::new().with_secret(secret.to_vec()).with_account_name(plain(account)).with_issuer(Some(plain(issuer))).build().ok()
}

/// The 30 seconds whose code this is, now or one of the neighbouring ones; none if it is wrong. Whether they were used before is the
/// caller's to know.
#[must_use]
pub fn check(secret: &[u8; 20], code: &str, wall: Timestamp) -> Option<u64> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let fits = digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit());
    let seconds = u64::try_from(wall.as_second()).ok().filter(|_| fits)?;
    totp(secret, "voisins", "voisins")?.check(&digits, seconds)
}

/// The secret as it is typed by hand: base 32 in groups of four.
#[must_use]
pub fn text(secret: &[u8; 20]) -> String {
    totp_rs::Secret::from(secret.to_vec()).to_base32()
}

/// In groups of four.
#[must_use]
pub fn grouped(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
}

/// The secret as a QR code for the phone: the `d` of an SVG path of dark squares, and how many squares the picture has on a side.
#[must_use]
pub fn picture(secret: &str, account: &str, issuer: &str) -> Option<(String, i32)> {
    let secret = totp_rs::Secret::try_from_base32(secret).ok()?;
    let url = totp(secret.as_bytes(), account, issuer)?.to_url().ok()?;
    let code = QrCode::encode_text(&url, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    Some((path, code.size() + 2 * QUIET))
}

fn chance<const N: usize>() -> Result<[u8; N], CommandError> {
    let mut bytes = [0; N];
    let told = |error| CommandError::Impossible(format!("no random numbers from the system: {error}"));
    getrandom::fill(&mut bytes).map_err(told)?;
    Ok(bytes)
}

/// Chance that a secret is drawn with.
///
/// # Errors
/// The system gives none.
pub fn salt() -> Result<[u8; 16], CommandError> {
    chance()
}

/// New recovery codes, as they are shown, once.
///
/// # Errors
/// The system gives no chance.
pub fn recovery_codes() -> Result<Vec<String>, CommandError> {
    let code = |_| {
        let letters: [u8; LETTERS_OF_A_CODE] = chance()?;
        let letters: String = letters.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
        Ok(grouped(&letters).replace(' ', "-"))
    };
    (0..CODES).map(code).collect()
}

/// A recovery code as it is kept, whatever stands between its letters; none if what was typed can't be one.
#[must_use]
pub fn recovery_typed(code: &str) -> Option<String> {
    let letters: String = code.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    (letters.len() == LETTERS_OF_A_CODE && letters.bytes().all(|b| LETTERS.contains(&b))).then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc6238_appendix_b_sha1_cut_to_six_digits() {
        let secret = b"12345678901234567890";
        for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")] {
            let wall = Timestamp::from_second(second).unwrap();
            assert_eq!(check(secret, code, wall), Some(second.unsigned_abs() / 30), "{second}");
        }
        let wall = Timestamp::from_second(59).unwrap();
        assert_eq!(check(secret, " 287 082 ", wall), Some(1), "as a phone shows it");
        for wrong in ["287083", "", "28708", "2870820", "abcdef", "２８７０８２"] {
            assert_eq!(check(secret, wrong, wall), None, "{wrong}");
        }
        assert_eq!(check(secret, "287082", Timestamp::from_second(59 + 60).unwrap()), None, "two steps later");
    }

    #[test]
    fn recovery_codes_are_ten_and_read_however_they_are_typed() {
        let codes = recovery_codes().unwrap();
        assert_eq!(codes.len(), CODES);
        for code in &codes {
            assert_eq!(code.len(), LETTERS_OF_A_CODE + 3);
            let kept = recovery_typed(code).unwrap();
            assert_eq!(recovery_typed(&code.to_uppercase().replace('-', " ")), Some(kept));
        }
        for none in ["123456", "", "abcd-efgh-ijkl-mnop-q", "abcd-efgh-ijkl-mno1"] {
            assert_eq!(recovery_typed(none), None, "{none}");
        }
    }

    #[test]
    fn a_secret_is_a_picture_and_a_text_and_no_log_shows_it() {
        let text = text(b"12345678901234567890");
        assert_eq!(grouped(&text), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        let (path, side) = picture(&text, "anne: compta", "Espace Essai").unwrap();
        assert!(side > 30 && path.starts_with("M4 4h1v1h-1z"));
        assert_eq!(format!("{:?}", Hushed(text)), "Hushed(…)");
    }
}
