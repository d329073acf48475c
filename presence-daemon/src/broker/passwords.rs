//! Mosquitto's password file, `user:$7$iterations$salt$hash`: PBKDF2-HMAC-SHA-512 (RFC 8018, 5.2) with salt and hash in base64, as
//! mosquitto_passwd(1) writes it. Written here because that program can't tell whether a file already holds the right passwords.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha512;
use std::fmt::Write as _;

/// As mosquitto_passwd: the passwords are random, so stretching adds nothing.
const ITERATIONS: u32 = 101;
const SALT_LENGTH: usize = 12;

/// Whether the file has exactly these accounts with these passwords.
pub fn hold(file: &str, accounts: &[(String, String)]) -> bool {
    file.lines().count() == accounts.len()
        && accounts.iter().all(|(user, password)| {
            file.lines().any(|line| line.split_once(':').is_some_and(|(name, hash)| name == user && verifies(hash, password)))
        })
}

/// The file for these accounts.
pub fn hash_all(accounts: &[(String, String)]) -> String {
    let mut file = String::new();
    for (user, password) in accounts {
        let mut salt = [0; SALT_LENGTH];
        getrandom::fill(&mut salt).expect("the system's random numbers");
        let hash = STANDARD.encode(pbkdf2(password.as_bytes(), &salt, ITERATIONS));
        let _ = writeln!(file, "{user}:$7${ITERATIONS}${}${hash}", STANDARD.encode(salt));
    }
    file
}

fn verifies(hash: &str, password: &str) -> bool {
    let parts: Vec<&str> = hash.split('$').collect();
    let ["", "7", iterations, salt, hash] = parts[..] else { return false };
    let (Ok(iterations), Ok(salt), Ok(hash)) = (iterations.parse(), STANDARD.decode(salt), STANDARD.decode(hash)) else {
        return false;
    };
    pbkdf2(password.as_bytes(), &salt, iterations)[..] == hash[..]
}

/// One block, which is as long as the hash that Mosquitto keeps.
fn pbkdf2(password: &[u8], salt: &[u8], iterations: u32) -> [u8; 64] {
    let keyed = Hmac::<Sha512>::new_from_slice(password).expect("HMAC takes keys of any length");
    let mut mac = keyed.clone();
    mac.update(salt);
    mac.update(&1u32.to_be_bytes());
    let mut round: [u8; 64] = mac.finalize().into_bytes().into();
    let mut sum = round;
    for _ in 1..iterations {
        let mut mac = keyed.clone();
        mac.update(&round);
        round = mac.finalize().into_bytes().into();
        sum.iter_mut().zip(round).for_each(|(sum, byte)| *sum ^= byte);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    fn accounts(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(user, password)| ((*user).to_owned(), (*password).to_owned())).collect()
    }

    #[test]
    fn what_mosquitto_passwd_writes_is_understood() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("passwords");
        std::fs::write(&path, "daemon:secret\nkiosk-cafe:autre é\n").unwrap();
        assert!(Command::new("mosquitto_passwd").arg("-U").arg(&path).status().unwrap().success());
        let file = std::fs::read_to_string(&path).unwrap();
        assert!(hold(&file, &accounts(&[("daemon", "secret"), ("kiosk-cafe", "autre é")])), "{file}");
        assert!(!hold(&file, &accounts(&[("daemon", "secret"), ("kiosk-cafe", "other")])));
        assert!(!hold(&file, &accounts(&[("daemon", "secret")])), "one account too many");
    }

    #[test]
    fn what_we_write_is_understood_too() {
        let list = accounts(&[("daemon", "secret"), ("open", "x")]);
        let file = hash_all(&list);
        assert!(hold(&file, &list));
        assert!(!file.contains("secret"));
        assert!(!hold("daemon:$7$101$$\nopen:x\n", &list));
        assert!(!hold("", &list));
    }
}
