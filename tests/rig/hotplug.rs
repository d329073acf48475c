//! Readers that are plugged in and pulled out while pcscd runs.
//!
//! pcscd, its driver and libudev are the real ones. `libumockdev-preload` (Debian package `umockdev`) shows them a `/sys` and hotplug
//! messages of our own; a mount namespace puts our driver where pcscd looks for USB drivers.

use crate::card::Card;
use crate::pcscd::{Pcscd, driver};
use crate::virtual_reader::VirtualReader;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// As which USB device our driver is known to pcscd: an ACR122U.
const VENDOR: &str = "072f";
const PRODUCT: &str = "2200";
const NAME: &str = "ACS ACR122U PICC Interface";
/// In Debian's library path.
const PRELOAD: &str = "libumockdev-preload.so.0";

/// A private pcscd and a USB of its own.
#[derive(Debug)]
pub struct Hotplug {
    /// pcscd, which runs.
    pub pcscd: Pcscd,
    root: PathBuf,
    messages: u64,
}

/// A reader that is plugged in.
#[derive(Debug)]
pub struct Plugged {
    /// The reader.
    pub reader: VirtualReader,
    port: String,
    bus: u8,
    device: u8,
}

impl Hotplug {
    /// Starts a pcscd with nothing plugged in.
    #[must_use]
    #[track_caller]
    pub fn start() -> Self {
        let pcscd = Pcscd::with_config(|_| (String::new(), Vec::new()));
        let folder = pcscd.folder();
        let root = folder.join("umockdev");
        fs::create_dir_all(root.join("sys/bus/usb/devices")).expect("a folder");
        write_bundle(&folder.join("drivers"));
        let preamble = format!(
            "mount --bind {folder}/drivers /usr/lib/pcsc/drivers\n\
             export VOISINS_IFD_DIR={folder} UMOCKDEV_DIR={root} LD_PRELOAD={PRELOAD}\n",
            folder = folder.display(),
            root = root.display()
        );
        let namespace = namespace();
        let client_env = [("LD_PRELOAD", OsStr::new(PRELOAD)), ("UMOCKDEV_DIR", root.as_os_str())];
        let mut pcscd = pcscd.wrapped(&namespace, preamble, client_env);
        pcscd.start();
        let mut hotplug = Self { pcscd, root, messages: 0 };
        hotplug.wait_until_listening();
        hotplug
    }

    /// Plugs a reader into that port, as that device. Returns when pcscd serves it.
    #[track_caller]
    pub fn plug(&mut self, port: &str, bus: u8, device: u8) -> Plugged {
        self.plug_with(port, bus, device, None)
    }

    /// The same, with a card on it.
    #[track_caller]
    pub fn plug_with(&mut self, port: &str, bus: u8, device: u8, card: Option<Card>) -> Plugged {
        let reader = VirtualReader::new(&self.pcscd.folder().join(format!("{bus:03}-{device:03}.sock")));
        if let Some(card) = card {
            reader.insert(card);
        }
        let plugged = Plugged { reader, port: port.to_owned(), bus, device };
        self.write_device(&plugged);
        self.announce("add", &plugged);
        plugged.reader.wait_until_open();
        plugged
    }

    /// Pulls it out. Returns when pcscd has let go of it.
    #[track_caller]
    pub fn unplug(&mut self, plugged: Plugged) {
        let _ = fs::remove_file(self.root.join("sys/bus/usb/devices").join(&plugged.port));
        let _ = fs::remove_file(self.root.join("sys/bus/usb/devices").join(plugged.interface()));
        let _ = fs::remove_dir_all(self.sys(&plugged.path()));
        self.announce("remove", &plugged);
        plugged.reader.wait_until_closed();
    }

    fn sys(&self, path: &str) -> PathBuf {
        PathBuf::from(format!("{}/sys{path}", self.root.display()))
    }

    fn write_device(&self, plugged: &Plugged) {
        let [device, interface] = [plugged.path(), plugged.interface_path()];
        let [bus_number, device_number] = [plugged.bus.to_string(), plugged.device.to_string()];
        self.write(
            &device,
            &plugged.properties("usb_device"),
            &[
                ("busnum", &bus_number),
                ("devnum", &device_number),
                ("idVendor", VENDOR),
                ("idProduct", PRODUCT),
                ("bDeviceClass", "00"),
                ("manufacturer", "ACS"),
                ("product", "ACR122U PICC Interface"),
            ],
        );
        let class = [("bInterfaceNumber", "00"), ("bInterfaceClass", "0b")];
        self.write(&interface, &plugged.properties("usb_interface"), &class);
    }

    fn write(&self, path: &str, properties: &[(&str, String)], attributes: &[(&str, &str)]) {
        let folder = self.sys(path);
        fs::create_dir_all(&folder).expect("a folder");
        let uevent: String = properties.iter().map(|(key, value)| format!("{key}={value}\n")).collect();
        for (file, text) in attributes.iter().copied().chain([("uevent", uevent.as_str())]) {
            fs::write(folder.join(file), text).expect("an attribute");
        }
        let bus = self.root.join("sys/bus/usb");
        symlink(&bus, folder.join("subsystem")).expect("a link");
        symlink(&folder, bus.join("devices").join(folder.file_name().expect("a name"))).expect("a link");
    }

    /// Tells all that listen for hotplug messages, the interface first when it goes, last when it comes.
    fn announce(&mut self, action: &str, plugged: &Plugged) {
        let mut news = [(plugged.path(), "usb_device"), (plugged.interface_path(), "usb_interface")];
        if action == "remove" {
            news.reverse();
        }
        for (path, kind) in news {
            self.messages += 1;
            let mut properties = format!("ACTION={action}\0DEVPATH={path}\0SUBSYSTEM=usb\0SEQNUM={}\0", self.messages);
            for (key, value) in plugged.properties(kind) {
                properties += &format!("{key}={value}\0");
            }
            let message = udev_message("usb", kind, &properties);
            let sender = UnixDatagram::unbound().expect("a socket");
            for listener in listeners(&self.root) {
                let _ = sender.send_to(&message, listener);
            }
        }
    }

    /// Waits until pcscd hears hotplug messages.
    #[track_caller]
    fn wait_until_listening(&mut self) {
        for _ in 0..2000 {
            if !listeners(&self.root).is_empty() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        panic!("pcscd doesn't listen for hotplug messages: is the Debian package umockdev installed?");
    }
}

/// The sockets that stand in for the kernel's, one for each that listens.
fn listeners(root: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("event"))).collect()
}

impl Plugged {
    fn path(&self) -> String {
        format!("/devices/usb{}/{}", self.bus, self.port)
    }

    fn interface(&self) -> String {
        format!("{}:1.0", self.port)
    }

    fn interface_path(&self) -> String {
        format!("{}/{}", self.path(), self.interface())
    }

    fn properties(&self, kind: &'static str) -> Vec<(&'static str, String)> {
        let model = format!("{}/{}/214", VENDOR.trim_start_matches('0'), PRODUCT);
        let mut properties = vec![("DEVTYPE", kind.to_owned()), ("PRODUCT", model)];
        match kind {
            "usb_device" => properties.extend([
                ("DEVNAME", format!("/dev/bus/usb/{:03}/{:03}", self.bus, self.device)),
                ("BUSNUM", format!("{:03}", self.bus)),
                ("DEVNUM", format!("{:03}", self.device)),
            ]),
            _ => properties.push(("INTERFACE", "11/0/0".to_owned())),
        }
        properties
    }
}

/// The words before a command that give it mounts of its own. In a chroot whose root is no mount point util-linux can't cut the mounts
/// off from the others' (EINVAL); there they are left as they are.
fn namespace() -> Vec<&'static str> {
    let mut words = vec!["unshare", "--mount"];
    if !rustix::process::geteuid().is_root() {
        words.insert(1, "--map-root-user");
    }
    let works = |words: &[&str]| {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).arg("true").stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    };
    if !works(&words) {
        words.extend(["--propagation", "unchanged"]);
    }
    words
}

/// A pcscd driver bundle: what pcscd needs to know that the driver is for this USB device.
fn write_bundle(drivers: &Path) {
    let contents = drivers.join("voisins.bundle/Contents");
    fs::create_dir_all(contents.join("Linux")).expect("a folder");
    fs::copy(driver(), contents.join("Linux/libvoisins_ifd.so")).expect("the driver");
    let array = |key, value| format!("<key>{key}</key><array><string>{value}</string></array>\n");
    let plist = [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\"><dict>\n".to_owned(),
        "<key>CFBundleExecutable</key><string>libvoisins_ifd.so</string>\n".to_owned(),
        "<key>ifdCapabilities</key><string>0x00000000</string>\n".to_owned(),
        array("ifdVendorID", format!("0x{VENDOR}")),
        array("ifdProductID", format!("0x{PRODUCT}")),
        array("ifdFriendlyName", NAME.to_owned()),
        "</dict></plist>\n".to_owned(),
    ];
    fs::write(contents.join("Info.plist"), plist.concat()).expect("Info.plist");
}

/// A message as udevd sends it to those that listen with libudev: `struct monitor_netlink_header` of systemd's
/// `libsystemd/sd-device/device-monitor.c`, version 0xfeedcafe, then the properties.
fn udev_message(subsystem: &str, kind: &str, properties: &str) -> Vec<u8> {
    const HEADER: u32 = 40;
    let mut message = b"libudev\0".to_vec();
    message.extend(0xFEED_CAFE_u32.to_be_bytes());
    for number in [HEADER, HEADER, properties.len() as u32] {
        message.extend(number.to_ne_bytes());
    }
    for hash in [murmur_hash_2(subsystem.as_bytes()), murmur_hash_2(kind.as_bytes()), 0, 0] {
        message.extend(hash.to_be_bytes());
    }
    message.extend(properties.as_bytes());
    message
}

/// MurmurHash2 with seed 0, by which libudev has the kernel filter messages.
fn murmur_hash_2(bytes: &[u8]) -> u32 {
    const M: u32 = 0x5BD1_E995;
    let (words, rest) = bytes.as_chunks::<4>();
    let mut hash = bytes.len() as u32;
    for word in words {
        let k = u32::from_le_bytes(*word).wrapping_mul(M);
        hash = hash.wrapping_mul(M) ^ (k ^ k >> 24).wrapping_mul(M);
    }
    if !rest.is_empty() {
        for (i, byte) in rest.iter().enumerate() {
            hash ^= u32::from(*byte) << (8 * i);
        }
        hash = hash.wrapping_mul(M);
    }
    hash = (hash ^ hash >> 13).wrapping_mul(M);
    hash ^ hash >> 15
}
