//! Device files of the Pi's header and of serial lines, and whether the service may open them.

use super::{Finding, below};
use crate::config::{Config, ReaderKind};
use crate::remedy::machine as remedy;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The account the service runs under.
const SERVICE: &str = "voisins";
/// Where the machine's owner may widen the unit.
const DROP_INS: &str = "/etc/systemd/system/voisins-daemon.service.d";
const UNITS: [&str; 2] = ["/etc/systemd/system/voisins-daemon.service", "/usr/lib/systemd/system/voisins-daemon.service"];

/// What a device file of the Pi's header or of a serial line is called; the pins' are told only where the config uses some.
const HEADER: [&str; 6] = ["i2c-", "spidev", "serial0", "ttyAMA", "ttyUSB", "ttyACM"];
/// The pins' own: all chips of pins, and their registers, on a Pi 5 and on older ones.
const PINS: &str = "/dev/gpiochip0";
const REGISTERS: [&str; 2] = ["/dev/gpiomem0", "/dev/gpiomem"];

/// Whether a file may be used, by its mode and its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rights {
    mode: u32,
    group: u32,
}

/// Lists them, and what is missing for those that the config needs.
#[must_use]
pub fn look(root: &Path, config: &Config) -> Vec<Finding> {
    let language = config.language;
    let groups = Groups::read(root);
    let (keyboards, links, pins) = (keyboards(config), links(config), pins(root, config));
    let needed: Vec<PathBuf> = keyboards.iter().chain(&links).chain(&pins).cloned().collect();
    let mut listed = present(root);
    for path in needed.iter().filter(|path| below(root, path).exists()) {
        if !listed.contains(path) {
            listed.push(path.clone());
        }
    }
    let mut findings = Vec::new();
    for path in listed {
        let Ok(rights) = fs::metadata(below(root, &path)).map(|found| Rights { mode: found.mode(), group: found.gid() }) else {
            continue;
        };
        let what = path.display().to_string();
        let group = groups.name(rights.group);
        findings.push(match groups.allow(rights) {
            true => Finding::well(what, remedy::may_open(&group, language)),
            false if needed.contains(&path) => Finding::wrong(what, remedy::join(&group, language)),
            false => Finding::well(what, remedy::join(&group, language)),
        });
    }
    for missing in needed.iter().filter(|path| !below(root, path).exists()) {
        findings.push(Finding::wrong(missing.display().to_string(), remedy::no_device(language)));
    }
    let drop_in = drop_in(root, &groups, &keyboards, &links, &pins);
    if !needed.is_empty() && closed_unit(root, &drop_in) {
        findings.push(Finding::wrong("voisins-daemon.service", remedy::closed_unit(DROP_INS, &drop_in, language)));
    }
    findings
}

/// The devices of readers that type.
fn keyboards(config: &Config) -> Vec<PathBuf> {
    let keyboards = config.readers.iter().filter(|reader| reader.kind == ReaderKind::Keyboard);
    keyboards.filter_map(|reader| Some(reader.keyboard.as_ref()?.device.clone())).collect()
}

/// The buses and serial lines of readers on the header.
fn links(config: &Config) -> Vec<PathBuf> {
    config.readers.iter().filter_map(|reader| Some(reader.link.as_ref()?.device())).collect()
}

/// The device files without which lights and buzzers on pins can't work.
fn pins(root: &Path, config: &Config) -> Vec<PathBuf> {
    let mut feedback = config.readers.iter().filter_map(|reader| reader.feedback.as_ref());
    if !feedback.any(|feedback| feedback.pins().next().is_some()) {
        return Vec::new();
    }
    let [newer, older] = REGISTERS;
    let registers = if below(root, newer).exists() { newer } else { older };
    vec![PathBuf::from(PINS), PathBuf::from(registers)]
}

/// What the unit lacks. Only groups that are needed: one that doesn't exist would keep the service from starting.
fn drop_in(root: &Path, groups: &Groups, keyboards: &[PathBuf], links: &[PathBuf], pins: &[PathBuf]) -> String {
    let mut lines = vec!["[Service]".to_owned(), "PrivateDevices=no".to_owned()];
    for link in links {
        lines.push(format!("DeviceAllow={} rw", allowed(root, link)));
        lines.extend(fs::metadata(below(root, link)).ok().map(|found| format!("SupplementaryGroups={}", groups.name(found.gid()))));
    }
    if !keyboards.is_empty() {
        lines.extend(["DeviceAllow=char-input r", "SupplementaryGroups=input"].map(str::to_owned));
    }
    if let [_, registers] = pins {
        lines.push("DeviceAllow=char-gpiochip rw".to_owned());
        lines.push(format!("DeviceAllow={} rw", registers.display()));
        lines.push("SupplementaryGroups=gpio".to_owned());
    }
    lines.join("\n")
}

/// A device as systemd takes it: by its own name, which /dev/serial0 only points to; and an adapter on the USB by its kind, because it may
/// come later, or under another number.
fn allowed(root: &Path, link: &Path) -> String {
    let target = fs::read_link(below(root, link)).unwrap_or_else(|_| link.to_path_buf());
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    match ["ttyUSB", "ttyACM"].into_iter().find(|kind| name.starts_with(kind)) {
        Some(kind) => format!("char-{kind}"),
        None => format!("/dev/{name}"),
    }
}

fn present(root: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(below(root, "/dev")).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut found: Vec<PathBuf> =
        names.filter(|name| HEADER.iter().any(|start| name.starts_with(start))).map(|name| Path::new("/dev").join(name)).collect();
    found.sort();
    found
}

/// Whether systemd keeps a device from the service: a packaged unit, and no drop-in that says what this one would.
fn closed_unit(root: &Path, drop_in: &str) -> bool {
    let Some(unit) = UNITS.iter().find_map(|unit| fs::read_to_string(below(root, unit)).ok()) else { return false };
    let said = drop_ins(root);
    let lacks = |line: &str| !said.iter().any(|said| said == line);
    let devices = drop_in.lines().filter(|line| line.starts_with("PrivateDevices=") || line.starts_with("DeviceAllow="));
    unit.lines().any(|line| line.trim() == "PrivateDevices=yes") && devices.into_iter().any(lacks)
}

/// The lines of the drop-ins there are.
fn drop_ins(root: &Path) -> Vec<String> {
    let entries = fs::read_dir(below(root, DROP_INS)).into_iter().flatten().flatten();
    let texts = entries.filter_map(|entry| fs::read_to_string(entry.path()).ok());
    texts.flat_map(|text| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>()).collect()
}

/// `/etc/group`, and the groups of the service.
struct Groups {
    named: Vec<(u32, String, bool)>,
}

impl Groups {
    fn read(root: &Path) -> Self {
        let text = fs::read_to_string(below(root, "/etc/group")).unwrap_or_default();
        let given: Vec<String> =
            drop_ins(root).iter().filter_map(|line| line.strip_prefix("SupplementaryGroups=").map(str::to_owned)).collect();
        let is_given = |name: &str| given.iter().any(|line| line.split_whitespace().any(|given| given == name));
        let group = |line: &str| {
            let mut parts = line.split(':');
            let (name, _, id, members) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
            let is_ours = name == SERVICE || is_given(name) || members.split(',').any(|member| member == SERVICE);
            Some((id.parse().ok()?, name.to_owned(), is_ours))
        };
        Self { named: text.lines().filter_map(group).collect() }
    }

    fn name(&self, id: u32) -> String {
        let named = self.named.iter().find(|(known, ..)| *known == id);
        named.map_or_else(|| id.to_string(), |(_, name, _)| name.clone())
    }

    /// Whether the service may read such a file: as anybody, or by its groups.
    fn allow(&self, rights: Rights) -> bool {
        let by_group = self.named.iter().any(|(id, _, is_ours)| *id == rights.group && *is_ours);
        rights.mode & 0o004 != 0 || (by_group && rights.mode & 0o040 != 0)
    }
}
