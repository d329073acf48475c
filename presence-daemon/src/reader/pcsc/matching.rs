//! Which reader of pcscd is which reader of the config. Pure.

use super::usb_port::UsbPlace;
use crate::config::ReaderConfig;
use crate::reader::Down;

/// A reader that pcscd knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its PC/SC name, such as "ACS ACR122U PICC Interface 00 00".
    pub name: String,
    /// Where on the USB it is, where that is known.
    pub usb: Option<UsbPlace>,
}

/// For each reader of the config the one of `listed` that it is, by position.
pub fn matching(config: &[ReaderConfig], listed: &[Listed]) -> Vec<Result<usize, Down>> {
    let candidates: Vec<Vec<usize>> =
        config.iter().map(|reader| (0..listed.len()).filter(|i| matches(reader, &listed[*i])).collect()).collect();
    let wanted_by = |reader: usize| candidates.iter().filter(|candidates| candidates.contains(&reader)).count();
    candidates
        .iter()
        .map(|candidates| match candidates[..] {
            [] => Err(Down::NotPlugged),
            [only] if wanted_by(only) == 1 => Ok(only),
            _ => Err(Down::Ambiguous),
        })
        .collect()
}

/// Whether the name alone allows it. The ports of such readers have to be asked for.
///
/// A name in the config may be a part, such as "ACR122U", or the whole with its numbers: then only the slot's counts, which is fixed.
pub fn name_matches(reader: &ReaderConfig, name: &str) -> bool {
    let (model, slot) = split(name);
    let is_named = reader.pcsc_name.as_ref().is_none_or(|wanted| {
        let (part, wanted_slot) = split(wanted);
        model.to_lowercase().contains(&part.to_lowercase()) && wanted_slot.is_none_or(|wanted| Some(wanted) == slot)
    });
    // Debian's virtual reader lies about on machines that run tests: only a config that names it means it
    let is_virtual = model.starts_with("Virtual PCD") && reader.pcsc_name.is_none();
    is_named && !is_virtual && !is_sam(model)
}

fn matches(reader: &ReaderConfig, listed: &Listed) -> bool {
    let usb = listed.usb.as_ref();
    name_matches(reader, &listed.name)
        && reader.usb_port.as_ref().is_none_or(|port| usb.is_some_and(|usb| usb.port == *port))
        && reader.usb_serial.as_ref().is_none_or(|serial| usb.is_some_and(|usb| usb.serial.as_ref() == Some(serial)))
}

/// Whether a reader of that name has to be asked for its place on the USB to know which of the config it is.
pub fn needs_place(config: &[ReaderConfig], name: &str) -> bool {
    let by_place = |reader: &&ReaderConfig| reader.usb_port.is_some() || reader.usb_serial.is_some();
    config.iter().filter(by_place).any(|reader| name_matches(reader, name))
}

/// Model and slot: pcsc-lite puts two hexadecimal numbers after a name, the reader's, in the order of plugging, and the slot's.
fn split(name: &str) -> (&str, Option<&str>) {
    let is_number = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit());
    let mut parts = name.trim().rsplitn(3, ' ');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(slot), Some(number), Some(model)) if is_number(slot) && is_number(number) => (model, Some(slot)),
        _ => (name.trim(), None),
    }
}

/// Contactless readers often show a second reader: the inner slot of a security module, where no badge can ever be.
fn is_sam(model: &str) -> bool {
    model.split(|c: char| !c.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case("sam"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ReaderKind;
    use voisins_shared::name::ReaderName;

    /// "ACR122U", "@1-1.2", "ACR122U@1-1.2", "#RR171" or "".
    fn wanted(keys: &str) -> ReaderConfig {
        let (keys, serial) = keys.split_once('#').map_or((keys, None), |(keys, serial)| (keys, Some(serial)));
        let (name, port) = keys.split_once('@').map_or((keys, None), |(name, port)| (name, Some(port)));
        ReaderConfig {
            name: ReaderName::new("porte").unwrap(),
            kind: ReaderKind::Pcsc,
            pcsc_name: (!name.is_empty()).then(|| name.to_owned()),
            usb_port: port.map(str::to_owned),
            link: None,
            usb_serial: serial.map(str::to_owned),
            keyboard: None,
            feedback: None,
            role: Default::default(),
            beside: None,
        }
    }

    /// "ACR122U", "ACR122U@1-1.2" or "ACR122U@1-1.2#RR171".
    fn listed(reader: &str) -> Listed {
        let (name, place) = reader.split_once('@').map_or((reader, None), |(name, place)| (name, Some(place)));
        let usb = place.map(|place| {
            let (port, serial) = place.split_once('#').map_or((place, None), |(port, serial)| (port, Some(serial)));
            UsbPlace { port: port.to_owned(), serial: serial.map(str::to_owned) }
        });
        Listed { name: name.to_owned(), usb }
    }

    #[track_caller]
    fn check<const N: usize>(config: [&str; N], plugged: &[&str], expected: [Result<usize, Down>; N]) {
        let config = config.map(wanted);
        let plugged: Vec<Listed> = plugged.iter().copied().map(listed).collect();
        assert_eq!(matching(&config, &plugged), expected);
    }

    const DOOR: &str = "ACS ACR1252 Dual Reader [ACR1252 Dual Reader PICC] 00 00";
    const DOOR_SAM: &str = "ACS ACR1252 Dual Reader [ACR1252 Dual Reader SAM] 01 00";
    const CAFE: &str = "ACS ACR122U PICC Interface 02 00";

    #[test]
    fn a_reader_is_found_by_a_part_of_its_name_whatever_its_number() {
        check(["ACR122U", "acr1252"], &[DOOR, CAFE], [Ok(1), Ok(0)]);
        check(["ACR122U"], &["ACS ACR122U PICC Interface 0A 00"], [Ok(0)]);
        check(["Interface 02"], &[CAFE], [Err(Down::NotPlugged)]);
        check(["ACS ACR122U PICC Interface 00 00"], &[CAFE], [Ok(0)]);
    }

    #[test]
    fn slots_of_one_reader_are_told_apart_by_its_whole_name() {
        let slots = ["ACS ACR1281 1S Dual Reader 01 00", "ACS ACR1281 1S Dual Reader 01 01"];
        check(["ACR1281"], &slots, [Err(Down::Ambiguous)]);
        check(["ACS ACR1281 1S Dual Reader 00 01"], &slots, [Ok(1)]);
    }

    #[test]
    fn a_single_reader_needs_no_name() {
        check([""], &[CAFE], [Ok(0)]);
        check([""], &[], [Err(Down::NotPlugged)]);
        check([""], &[CAFE, DOOR], [Err(Down::Ambiguous)]);
    }

    #[test]
    fn the_slot_of_a_security_module_is_no_reader() {
        check(["ACR1252"], &[DOOR, DOOR_SAM], [Ok(0)]);
        check([""], &[DOOR_SAM, DOOR], [Ok(1)]);
        check(["SAMSUNG"], &["Samsung NFC 00 00"], [Ok(0)]);
    }

    #[test]
    fn two_of_a_kind_are_told_apart_by_their_port() {
        let twins = ["ACS ACR122U PICC Interface 00 00@1-1", "ACS ACR122U PICC Interface 01 00@1-2"];
        check(["ACR122U@1-2", "ACR122U@1-1"], &twins, [Ok(1), Ok(0)]);
        check(["@1-2"], &twins, [Ok(1)]);
        check(["ACR122U@1-3"], &twins, [Err(Down::NotPlugged)]);
        check(["ACR122U"], &twins, [Err(Down::Ambiguous)]);
    }

    #[test]
    fn two_of_a_kind_are_told_apart_by_their_serial_number_wherever_they_hang() {
        let twins = ["ACS ACR1252 1S CL Reader 00 00@1-1#RR171-1", "ACS ACR1252 1S CL Reader 01 00@1-2#RR171-2"];
        check(["ACR1252#RR171-2", "#RR171-1"], &twins, [Ok(1), Ok(0)]);
        check(["#RR171-3"], &twins, [Err(Down::NotPlugged)]);
        check(["@1-1#RR171-2"], &twins, [Err(Down::NotPlugged)]);
        check(["#RR171-1"], &[CAFE], [Err(Down::NotPlugged)]);
    }

    #[test]
    fn a_reader_that_two_could_be_is_neither() {
        check(["ACR122U", "ACS"], &[CAFE], [Err(Down::Ambiguous), Err(Down::Ambiguous)]);
    }
}
