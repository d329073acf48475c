//! What `presence-daemon check` says of the machine.

use crate::machine::keyboards::Keyboard;
use voisins_shared::language::Language;

/// The kernel's NFC drivers are loaded.
#[must_use]
pub fn nfc_drivers(loaded: &[&str], language: Language) -> String {
    let (names, lines) = (loaded.join(" "), loaded.iter().map(|name| format!("blacklist {name}")).collect::<Vec<_>>().join("\n"));
    match language {
        Language::Fr => format!(
            "les pilotes NFC du noyau ({names}) prennent un ACR122U avant pcscd. Écrivez dans /etc/modprobe.d/blacklist-nfc.conf\u{a0}:\n{lines}\npuis modprobe -r {names} et systemctl restart pcscd"
        ),
        Language::En => format!(
            "the kernel’s NFC drivers ({names}) take an ACR122U before pcscd can. Write to /etc/modprobe.d/blacklist-nfc.conf:\n{lines}\nthen modprobe -r {names} and systemctl restart pcscd"
        ),
    }
}

/// polkit would refuse the service.
#[must_use]
pub fn polkit(rule: &str, language: Language) -> String {
    match language {
        Language::Fr => format!(
            "ce pcscd demande à polkit, qui refuse les services. Copiez la règle 60-voisins-pcsc.rules vers {rule}\u{a0}; polkit la lit aussitôt"
        ),
        Language::En => format!(
            "this pcscd asks polkit, which refuses services. Copy the rule 60-voisins-pcsc.rules to {rule}; polkit reads it at once"
        ),
    }
}

/// The service may open a device.
#[must_use]
pub fn may_open(group: &str, language: Language) -> String {
    match language {
        Language::Fr => format!("le service peut l’ouvrir (groupe {group})"),
        Language::En => format!("the service may open it (group {group})"),
    }
}

/// The service may not open a device until it is in a group.
#[must_use]
pub fn join(group: &str, language: Language) -> String {
    match language {
        Language::Fr => format!("le service ne peut pas encore l’ouvrir\u{a0}: usermod -aG {group} voisins, puis redémarrez-le"),
        Language::En => format!("the service may not open it yet: usermod -aG {group} voisins, then restart it"),
    }
}

/// A device of the config is not there.
#[must_use]
pub fn no_device(language: Language) -> String {
    match language {
        Language::Fr => "la configuration le nomme, mais il n’est pas là. Branchez-le, ou corrigez son nom",
        Language::En => "the config names it, but it is not there. Plug it in, or correct its name",
    }
    .to_owned()
}

/// systemd keeps all devices from the service.
#[must_use]
pub fn closed_unit(folder: &str, lines: &str, language: Language) -> String {
    match language {
        Language::Fr => format!(
            "systemd ne donne aucun périphérique au service. Écrivez dans {folder}/devices.conf\u{a0}:\n{lines}\npuis systemctl daemon-reload et systemctl restart voisins-daemon"
        ),
        Language::En => format!(
            "systemd gives the service no device. Write to {folder}/devices.conf:\n{lines}\nthen systemctl daemon-reload and systemctl restart voisins-daemon"
        ),
    }
}

/// An input device that may be a reader.
#[must_use]
pub fn keyboard(found: &Keyboard, language: Language) -> String {
    let Keyboard { name, device, keys, lamps, pointer } = found;
    let is_like_a_keyboard = *pointer || *lamps;
    let device = device.as_ref().map(|device| format!("device = {device:?}"));
    match language {
        Language::Fr => {
            let device = device.unwrap_or_else(|| "sans nom durable (udev)".to_owned());
            let like = match is_like_a_keyboard {
                true => {
                    "il se dit clavier complet (voyants ou pointeur), ce que font aussi beaucoup de lecteurs\u{a0}: débranchez-le pour voir lequel disparaît d’ici"
                }
                false => "sans voyants ni pointeur\u{a0}: sans doute un lecteur",
            };
            format!("{name:?} peut taper des numéros ({keys} touches)\u{a0}; {like}. Pour [reader.keyboard]\u{a0}: {device}")
        }
        Language::En => {
            let device = device.unwrap_or_else(|| "no lasting name (udev)".to_owned());
            let like = match is_like_a_keyboard {
                true => {
                    "it says it is a whole keyboard (lamps or a pointer), as many readers do: unplug it to see which disappears here"
                }
                false => "without lamps or a pointer: probably a reader",
            };
            format!("{name:?} can type numbers ({keys} keys); {like}. For [reader.keyboard]: {device}")
        }
    }
}
