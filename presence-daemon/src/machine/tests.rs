//! Made-up machines.

use super::keyboards::{Keyboard, find};
use super::*;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use tempfile::TempDir;
use voisins_shared::language::Language;

struct Made(TempDir);

impl Made {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(self, path: &str, text: &str) -> Self {
        let path = below(self.0.path(), path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn mode(self, path: &str, mode: u32) -> Self {
        fs::set_permissions(below(self.0.path(), path), fs::Permissions::from_mode(mode)).unwrap();
        self
    }

    fn link(self, path: &str, target: &str) -> Self {
        let path = below(self.0.path(), path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(target, path).unwrap();
        self
    }

    fn input(self, event: &str, name: &str, keys: &str, leds: &str) -> Self {
        let at = |file: &str| format!("/sys/class/input/{event}/device/{file}");
        self.file(&at("name"), &format!("{name}\n"))
            .file(&at("capabilities/key"), &format!("{keys}\n"))
            .file(&at("capabilities/led"), &format!("{leds}\n"))
            .file(&at("capabilities/rel"), "0\n")
    }

    /// What is found about `what`, in English.
    #[track_caller]
    fn says(&self, config: &str, what: &str) -> (bool, String) {
        let config = Config::parse(&format!("language = \"en\"\n{config}"), "test".as_ref()).unwrap();
        let findings = look(self.0.path(), &config);
        let found = findings.iter().find(|finding| finding.what.contains(what));
        found.map(|finding| (finding.is_well, finding.says.clone())).unwrap_or_else(|| panic!("nothing on {what}: {findings:?}"))
    }

    fn count(&self, config: &str) -> usize {
        look(self.0.path(), &Config::parse(config, "test".as_ref()).unwrap()).len()
    }
}

const PCSC: &str = "[[reader]]\nname = \"cafe\"\n";
const ACR122U: &str = "[[reader]]\nname = \"cafe\"\n[reader.feedback]\nacr122u = true\n";
const WEDGE: &str =
    "[[reader]]\nname = \"atelier\"\nkind = \"keyboard\"\nkeyboard = { device = \"/dev/input/by-id/usb-Sycreader-event-kbd\" }\n";
const LIGHTS: &str = "[[reader]]\nname = \"cafe\"\nkind = \"scripted\"\nfeedback = { green = 17 }\n";
const LINE: &str = "[[reader]]\nname = \"entree\"\nkind = \"pn532\"\nlink = \"uart:/dev/serial0\"\n";
/// A whole keyboard, as a laptop has it.
const ALL_KEYS: &str = "402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe";

#[test]
fn a_machine_without_anything_has_nothing_to_say() {
    assert_eq!(Made::new().count(PCSC), 0);
}

#[test]
fn the_kernels_own_drivers_are_told_with_what_to_write() {
    let made =
        Made::new().file("/proc/modules", "nfc 143360 1 pn533, Live 0x0\npn533 53248 1 pn533_usb, Live 0x0\nnfcx 1 0 - Live\n");
    let (is_well, says) = made.says(PCSC, "kernel");
    assert!(!is_well && says.contains("blacklist pn533\nblacklist nfc\n") && says.contains("modprobe -r pn533 nfc"), "{says}");
    assert_eq!(made.count(WEDGE), 1, "only pcscd's readers care, and the missing device is told");
}

#[test]
fn debian_13s_pcscd_needs_our_rule_and_debian_12s_does_not() {
    assert_eq!(Made::new().file("/etc/debian_version", "12.8").count(PCSC), 0);
    let trixie = Made::new().file("/usr/share/polkit-1/actions/org.debian.pcsc-lite.policy", "");
    let (is_well, says) = trixie.says(PCSC, "polkit");
    assert!(!is_well && says.contains("/etc/polkit-1/rules.d/60-voisins-pcsc.rules"), "{says}");
    let ruled = trixie.file("/usr/share/polkit-1/rules.d/60-voisins-pcsc.rules", "");
    assert!(ruled.says(PCSC, "polkit").0);
}

#[test]
fn libccids_escape_option_is_read() {
    let plist = |value: &str| {
        Made::new().file("/etc/libccid_Info.plist", &format!("<key>ifdDriverOptions</key>\n\t<string>{value}</string>\n"))
    };
    for (value, allowed) in [("0x0000", false), ("0x0001", true), ("0x0005", true), ("4", false), ("?", false)] {
        assert_eq!(plist(value).says(ACR122U, "libccid").0, allowed, "{value}");
    }
    assert_eq!(plist("0x0000").count(PCSC), 0, "nobody asked for light and sound");
}

#[test]
fn devices_are_listed_with_the_group_that_opens_them() {
    let groups = |members: &str| {
        let id = rustix::process::getgid().as_raw();
        let made = Made::new().file("/etc/group", &format!("root:x:99999:\ngpio:x:{id}:{members}\n"));
        made.file("/dev/gpiomem", "").mode("/dev/gpiomem", 0o660).file("/dev/gpiochip0", "").mode("/dev/gpiochip0", 0o660)
    };
    let (is_well, says) = groups("").says(LIGHTS, "gpiomem");
    assert!(!is_well && says.contains("usermod -aG gpio voisins"), "{says}");
    assert!(groups("pi,voisins").says(LIGHTS, "gpiomem").0);
    let idle = groups("").file("/dev/i2c-1", "").mode("/dev/i2c-1", 0o660).file("/dev/tty1", "");
    let (is_well, says) = idle.says(PCSC, "/dev/i2c-1");
    assert!(is_well && says.contains("usermod -aG gpio voisins"), "not needed, so not wrong: {says}");
    assert_eq!(idle.count(PCSC), 1);
}

#[test]
fn a_unit_that_gets_no_devices_is_told_with_its_drop_in() {
    let made = Made::new().file("/usr/lib/systemd/system/voisins-daemon.service", "[Service]\nPrivateDevices=yes\n");
    let (is_well, says) = made.says(WEDGE, "voisins-daemon.service");
    assert!(!is_well && says.contains("DeviceAllow=char-input r"), "{says}");
    assert_eq!(made.count(PCSC), 0, "pcscd's readers need none");
    assert!(!says.contains("gpio"), "a group that this machine may not have keeps the service from starting");
    let made = made.file("/etc/systemd/system/voisins-daemon.service.d/spi.conf", "[Service]\nPrivateDevices=no\n");
    assert!(!made.says(WEDGE, "voisins-daemon.service").0, "for another reader");
    let drop_in = "[Service]\nPrivateDevices=no\nDeviceAllow=char-input r\nSupplementaryGroups=input\n";
    let open = made.file("/etc/systemd/system/voisins-daemon.service.d/devices.conf", drop_in);
    assert_eq!(open.count(WEDGE), 1, "only the device that is missing");
}

#[test]
fn the_bus_or_line_of_a_reader_on_the_header_is_looked_at_once_and_let_in_by_its_own_name() {
    assert!(!Made::new().says(LINE, "/dev/serial0").0, "it is missing");
    let made = Made::new().file("/dev/ttyAMA0", "").mode("/dev/ttyAMA0", 0o660).link("/dev/serial0", "ttyAMA0");
    let id = rustix::process::getgid().as_raw();
    let made = made.file("/etc/group", &format!("dialout:x:{id}:\n"));
    let (is_well, says) = made.says(LINE, "/dev/serial0");
    assert!(!is_well && says.contains("usermod -aG dialout voisins"), "{says}");
    assert_eq!(made.count(LINE), 2, "the line, and the device that it points to");
    let made = made.file("/usr/lib/systemd/system/voisins-daemon.service", "[Service]\nPrivateDevices=yes\n");
    let (is_well, says) = made.says(LINE, "voisins-daemon.service");
    assert!(!is_well && says.contains("DeviceAllow=/dev/ttyAMA0 rw\nSupplementaryGroups=dialout"), "{says}");
    let drop_in = "[Service]\nPrivateDevices=no\nDeviceAllow=/dev/ttyAMA0 rw\nSupplementaryGroups=dialout\n";
    let made = made.file("/etc/systemd/system/voisins-daemon.service.d/devices.conf", drop_in);
    assert!(made.says(LINE, "/dev/serial0").0, "the service has the group by its drop-in");
    let adapter = LINE.replace("/dev/serial0", "/dev/serial/by-id/usb-FTDI");
    let made = Made::new().link("/dev/serial/by-id/usb-FTDI", "../../ttyUSB0").file("/dev/ttyUSB0", "");
    let made = made.file("/usr/lib/systemd/system/voisins-daemon.service", "[Service]\nPrivateDevices=yes\n");
    let (_, says) = made.says(&adapter, "voisins-daemon.service");
    assert!(says.contains("DeviceAllow=char-ttyUSB rw"), "{says}");
}

#[test]
fn two_readers_of_a_kind_are_told_apart_by_where_they_hang() {
    let made = Made::new()
        .input("event2", "Reader", "10000ffc", "0")
        .input("event3", "Reader", "10000ffc", "0")
        .link("/dev/input/by-id/usb-Reader-event-kbd", "../event3")
        .link("/dev/input/by-path/usb-1.1-event-kbd", "../event2")
        .link("/dev/input/by-path/usb-1.2-event-kbd", "../event3");
    let devices: Vec<_> = find(made.0.path()).into_iter().filter_map(|keyboard| keyboard.device).collect();
    assert_eq!(devices, ["1.1", "1.2"].map(|port| PathBuf::from(format!("/dev/input/by-path/usb-{port}-event-kbd"))));
}

#[test]
fn input_devices_that_can_type_numbers_are_told_by_the_name_for_the_config() {
    let made = Made::new()
        .input("event0", "AT Translated Set 2 keyboard", ALL_KEYS, "7")
        .input("event1", "Power Button", "10000000000000 0", "0")
        .input("event2", "Sycreader RFID Technology Co., Ltd SYC ID&IC USB Reader", "10000ffc", "0")
        .link("/dev/input/by-id/usb-Sycreader-event-kbd", "../event2")
        .link("/dev/input/by-path/platform-i8042-serio-0-event-kbd", "../event0");
    let found = find(made.0.path());
    let reader = Keyboard {
        name: "Sycreader RFID Technology Co., Ltd SYC ID&IC USB Reader".into(),
        device: Some(PathBuf::from("/dev/input/by-id/usb-Sycreader-event-kbd")),
        keys: 11,
        lamps: false,
        pointer: false,
    };
    assert_eq!(found.len(), 2);
    assert_eq!(found[1], reader);
    assert!(found[0].lamps && found[0].keys > 80);
    assert_eq!(found[0].device.as_deref(), Some(Path::new("/dev/input/by-path/platform-i8042-serio-0-event-kbd")));
    let (_, says) = made.says(PCSC, "keyboard");
    assert!(says.contains("unplug it to see which disappears"), "{says}");
}

#[test]
fn every_finding_is_in_both_languages() {
    let made = Made::new()
        .file("/proc/modules", "nfc 1 0 - Live\n")
        .file("/usr/share/polkit-1/actions/org.debian.pcsc-lite.policy", "")
        .file("/etc/libccid_Info.plist", "")
        .file("/usr/lib/systemd/system/voisins-daemon.service", "PrivateDevices=yes\n")
        .input("event2", "Reader", "10000ffc", "0");
    let text = format!("{ACR122U}[[reader]]\nname = \"b\"\nkind = \"scripted\"\nfeedback = {{ green = 17 }}\n");
    let says = |language: Language| {
        let config = Config { language, ..Config::parse(&text, "test".as_ref()).unwrap() };
        look(made.0.path(), &config).into_iter().map(|finding| finding.says).collect::<Vec<_>>()
    };
    let (french, english) = (says(Language::Fr), says(Language::En));
    assert_eq!((french.len(), english.len()), (7, 7));
    for (french, english) in french.into_iter().zip(english) {
        assert_ne!(french, english);
        assert!(!french.contains(" :") && !french.contains('\'') && !french.contains(" ;"), "{french}");
    }
}
