//! What a person reads when something is wrong: what it is, and what to do, in French and English, in one place. (What a member sees
//! on the kiosk is in the kiosk's translation files.)

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
            "Lecteur introuvable. Branchez-le, ou corrigez pcsc_name dans la configuration (presence-daemon check en fait la liste)",
            "Reader not found. Plug it in, or correct pcsc_name in the config (presence-daemon check lists the readers)",
        ],
        Down::NotAnswering => [
            "Le lecteur est branché mais ne répond pas. Débranchez-le, attendez 5 s et rebranchez-le",
            "The reader is plugged in but does not answer. Unplug it, wait 5 s and plug it in again",
        ],
        Down::Ambiguous => [
            "Plusieurs lecteurs correspondent. Donnez à chacun un pcsc_name ou un usb_port dans la configuration",
            "Several readers match. Give each a pcsc_name or a usb_port in the config",
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
        ];
        let texts =
            |language| all.map(|why| reader_down(why, language)).into_iter().chain([not_recorded(language), second_tap(language)]);
        for (french, english) in texts(Language::Fr).zip(texts(Language::En)) {
            assert_ne!(french, english);
            assert!(!french.contains(" :") && !french.contains('\'') && !french.contains(" !"), "{french}");
        }
    }
}
