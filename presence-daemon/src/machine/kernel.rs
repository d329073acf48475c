//! What stands between us and the readers: the kernel's own drivers, polkit, libccid.

use super::{Finding, below};
use crate::remedy::machine as remedy;
use std::fs;
use std::path::Path;
use voisins_shared::language::Language;

/// The kernel's own drivers for an ACR122U; they take it before pcscd can.
const NFC_DRIVERS: [&str; 3] = ["pn533_usb", "pn533", "nfc"];

/// pcscd asks polkit if it brought this file: Debian 13's does, Debian 12's is built without.
const POLICY: &str = "/usr/share/polkit-1/actions/org.debian.pcsc-lite.policy";
/// Ours, from the package or by hand.
const RULES: [&str; 2] = ["/usr/share/polkit-1/rules.d/60-voisins-pcsc.rules", "/etc/polkit-1/rules.d/60-voisins-pcsc.rules"];

const LIBCCID: &str = "/etc/libccid_Info.plist";
/// `DRIVER_OPTION_CCID_EXCHANGE_AUTHORIZED`, as that file explains.
const ESCAPE_ALLOWED: u32 = 0x01;

/// Whether the kernel's drivers keep an ACR122U from pcscd.
#[must_use]
pub fn drivers(root: &Path, language: Language) -> Option<Finding> {
    let modules = fs::read_to_string(below(root, "/proc/modules")).unwrap_or_default();
    let loaded = |driver: &&str| modules.lines().any(|line| line.split(' ').next() == Some(driver));
    let found: Vec<&str> = NFC_DRIVERS.into_iter().filter(loaded).collect();
    (!found.is_empty()).then(|| Finding::wrong("kernel", remedy::nfc_drivers(&found, language)))
}

/// Whether polkit lets the service use pcscd.
#[must_use]
pub fn polkit(root: &Path, language: Language) -> Option<Finding> {
    if !below(root, POLICY).exists() {
        return None;
    }
    Some(match RULES.iter().find(|rule| below(root, rule).exists()) {
        Some(rule) => Finding::well("polkit", *rule),
        None => Finding::wrong("polkit", remedy::polkit(RULES[1], language)),
    })
}

/// Whether libccid passes commands on for the reader itself.
#[must_use]
pub fn escape(root: &Path, language: Language) -> Option<Finding> {
    let plist = fs::read_to_string(below(root, LIBCCID)).ok()?;
    let [french, english] = crate::remedy::LIBCCID_ESCAPE;
    let refused = match language {
        Language::Fr => french,
        Language::En => english,
    };
    Some(match driver_options(&plist).is_some_and(|options| options & ESCAPE_ALLOWED != 0) {
        true => Finding::well("libccid", "ifdDriverOptions"),
        false => Finding::wrong("libccid", refused),
    })
}

/// The value after the key: `<key>ifdDriverOptions</key> <string>0x0000</string>`.
fn driver_options(plist: &str) -> Option<u32> {
    let (_, after) = plist.split_once("<key>ifdDriverOptions</key>")?;
    let (value, _) = after.split_once("<string>")?.1.split_once("</string>")?;
    let value = value.trim();
    match value.strip_prefix("0x").or_else(|| value.strip_prefix("0X")) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => value.parse().ok(),
    }
}
