//! What a person reads when something is wrong: what it is, and what to do, in French and English, in one place. (What a member sees
//! on the kiosk is in the kiosk's translation files.)

pub mod badge;
pub mod machine;

use crate::feedback::ShowError;
use crate::reader::Down;
use voisins_shared::language::Language;

/// Why a reader can't be used, and what to do.
#[must_use]
pub fn reader_down(why: Down, language: Language) -> &'static str {
    let [french, english] = match why {
        Down::NoPcscd => [
            "Le service de lecteurs (pcscd) ne répond pas. Démarrez-le\u{a0}: systemctl start pcscd.socket",
            "The reader service (pcscd) does not answer. Start it: systemctl start pcscd.socket",
        ],
        Down::AccessDenied => [
            "Le service de lecteurs (pcscd) refuse l’accès. Installez la règle polkit 60-voisins-pcsc.rules, puis redémarrez pcscd",
            "The reader service (pcscd) denies access. Install the polkit rule 60-voisins-pcsc.rules, then restart pcscd",
        ],
        Down::NotPlugged => [
            "Lecteur introuvable. Branchez-le, ou corrigez pcsc_name, usb_port, usb_serial ou device dans la configuration (presence-daemon check en fait la liste)",
            "Reader not found. Plug it in, or correct pcsc_name, usb_port, usb_serial or device in the config (presence-daemon check lists the readers)",
        ],
        Down::NotAnswering => [
            "Le lecteur est branché mais ne répond pas. Débranchez-le, attendez 5 s et rebranchez-le",
            "The reader is plugged in but does not answer. Unplug it, wait 5 s and plug it in again",
        ],
        Down::Ambiguous => [
            "Plusieurs lecteurs correspondent. Donnez à chacun un pcsc_name, un usb_port ou un usb_serial dans la configuration",
            "Several readers match. Give each a pcsc_name, a usb_port or a usb_serial in the config",
        ],
        Down::NoRight => [
            "Le service n’a pas le droit d’ouvrir le lecteur. Ajoutez-le au groupe du périphérique (input pour un clavier)\u{a0}: usermod -aG input voisins, puis redémarrez-le",
            "The service may not open the reader. Add it to the device’s group (input for a keyboard): usermod -aG input voisins, then restart it",
        ],
        Down::NotTyping => [
            "Ce périphérique ne tape pas de numéros (il lui manque des chiffres ou la touche Entrée). Corrigez device dans la configuration (presence-daemon check en fait la liste)",
            "This device types no numbers (it lacks digits or the Enter key). Correct device in the config (presence-daemon check lists them)",
        ],
        Down::Taken => [
            "Un autre programme garde ce lecteur pour lui. Arrêtez-le (fuser -v sur le périphérique le nomme)",
            "Another program keeps this reader for itself. Stop it (fuser -v on the device names it)",
        ],
        Down::TypedOn => [
            "Quelqu’un tape sur ce clavier\u{a0}: ce n’est pas un lecteur, il a été rendu. Corrigez device dans la configuration, ou réglez le lecteur pour n’envoyer que des chiffres et Entrée, puis rebranchez-le",
            "Somebody types on this keyboard: it is no reader and was given back. Correct device in the config, or set the reader to send digits and Enter only, then plug it in again",
        ],
        Down::NoBus => [
            "Le bus du lecteur ne s’ouvre pas. Activez I2C, SPI ou le port série (raspi-config, Interface Options), vérifiez link dans la configuration, et donnez au service le droit d’y accéder (daemon.example.toml dit comment)",
            "The reader’s bus can’t be opened. Turn on I2C, SPI or the serial port (raspi-config, Interface Options), check link in the config, and give the service the right to use it (daemon.example.toml says how)",
        ],
        Down::ChipSilent => [
            "Le bus est ouvert, mais aucun lecteur n’y répond. Vérifiez les fils, le 3,3 V, et sur un PN532 les deux petits interrupteurs qui choisissent le bus\u{a0}; puis coupez et remettez le courant",
            "The bus is open, but no reader answers on it. Check the wires, the 3.3 V, and on a PN532 the two small switches that choose the bus; then turn the power off and on",
        ],
        Down::WrongChip => [
            "Une autre puce répond à la place du lecteur. Vérifiez kind et link dans la configuration, et les fils",
            "Another chip answers in the reader’s place. Check kind and link in the config, and the wires",
        ],
    };
    match language {
        Language::Fr => french,
        Language::En => english,
    }
}

/// The lights and the buzzer on pins don't work.
#[must_use]
pub fn no_pins(language: Language) -> &'static str {
    match language {
        Language::Fr => {
            "La lumière ou le son du lecteur ne fonctionne pas. Vérifiez les broches de [reader.feedback], le groupe gpio et les droits du service (presence-daemon check)"
        }
        Language::En => {
            "The reader’s light or sound does not work. Check the pins of [reader.feedback], the group gpio and the unit’s rights (presence-daemon check)"
        }
    }
}

/// An ACR122U showed nothing, and what to do.
#[must_use]
pub fn not_shown(error: &ShowError, language: Language) -> &'static str {
    let [french, english] = match error {
        ShowError::EscapeRefused => LIBCCID_ESCAPE,
        ShowError::Down(_) | ShowError::Pcsc(_) | ShowError::Refused(_) => [
            "L’ACR122U n’a montré ni lumière ni son\u{a0}; les passages sont notés. Si cela dure, débranchez-le, attendez 5 s et rebranchez-le",
            "The ACR122U showed no light and no sound; taps are recorded. If that goes on, unplug it, wait 5 s and plug it in again",
        ],
    };
    match language {
        Language::Fr => french,
        Language::En => english,
    }
}

/// libccid passes no commands on for the reader itself.
pub const LIBCCID_ESCAPE: [&str; 2] = [
    "L’ACR122U ne montre rien à qui retire sa carte aussitôt. Dans /etc/libccid_Info.plist mettez ifdDriverOptions à 0x0001, puis systemctl restart pcscd",
    "The ACR122U shows nothing to those who take their card away at once. Set ifdDriverOptions to 0x0001 in /etc/libccid_Info.plist, then systemctl restart pcscd",
];

/// A tap could not be written to disk.
#[must_use]
pub fn not_recorded(language: Language) -> &'static str {
    match language {
        Language::Fr => "Un passage n’a pas pu être noté et a été refusé. Vérifiez le disque (df -h, dmesg)",
        Language::En => "A tap could not be recorded and was refused. Check the disk (df -h, dmesg)",
    }
}

/// What an outcome is called on the command line of a person who enrols.
#[must_use]
pub fn second_tap(language: Language) -> &'static str {
    match language {
        Language::Fr => "Présentez la même carte encore une fois\u{a0}: cela confirme le badge",
        Language::En => "Hold the same card to the reader once more: that confirms the badge",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_remedy_is_in_both_languages_and_well_set() {
        let all = [
            Down::NoPcscd,
            Down::AccessDenied,
            Down::NotPlugged,
            Down::NotAnswering,
            Down::Ambiguous,
            Down::NoBus,
            Down::ChipSilent,
            Down::WrongChip,
            Down::NoRight,
            Down::NotTyping,
            Down::Taken,
            Down::TypedOn,
        ];
        let shows = [ShowError::EscapeRefused, ShowError::Refused(0x63)];
        let texts = |language| {
            let others = [not_recorded(language), second_tap(language), no_pins(language)];
            let shows = shows.each_ref().map(|error| not_shown(error, language));
            all.map(|why| reader_down(why, language)).into_iter().chain(others).chain(shows)
        };
        for (french, english) in texts(Language::Fr).zip(texts(Language::En)) {
            assert_ne!(french, english);
            assert!(!french.contains(" :") && !french.contains('\'') && !french.contains(" !"), "{french}");
        }
    }
}
