//! The USB port a reader hangs on, and its serial number: they stay the same when the reader is plugged in again, which names and
//! numbers don't.

use pcsc::{Attribute, Context, Disposition, Protocols, ShareMode};
use std::ffi::CStr;
use std::fs;
use std::path::Path;

/// Where Linux lists what is on the USB.
pub const USB_DEVICES: &str = "/sys/bus/usb/devices";

/// `SCARD_ATTR_CHANNEL_ID` (PC/SC part 3, 3.1.4): the upper half for USB; libccid puts bus and device into the lower.
const USB: u32 = 0x0020;

/// Where on the USB a reader is, and which it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsbPlace {
    /// Its port, such as "1-1.2".
    pub port: String,
    /// Its serial number, where it has one: an ACR122U has none.
    pub serial: Option<String>,
}

/// Asks the reader of that name; libccid ≥ 1.4.32 knows. None: it doesn't say.
pub fn usb_place(context: &Context, reader: &CStr) -> Option<UsbPlace> {
    let direct = context.connect(reader, ShareMode::Direct, Protocols::UNDEFINED).ok()?;
    let mut buffer = [0; 16];
    let channel =
        direct.get_attribute(Attribute::ChannelId, &mut buffer).ok().and_then(|id| Some(u32::from_ne_bytes(id.try_into().ok()?)));
    let _ = direct.disconnect(Disposition::LeaveCard);
    place_at(channel?, Path::new(USB_DEVICES))
}

/// Finds the device of that channel among `devices`.
fn place_at(channel: u32, devices: &Path) -> Option<UsbPlace> {
    let [device, bus, ..] = channel.to_le_bytes();
    if channel >> 16 != USB {
        return None;
    }
    let text = |folder: &Path, file: &str| fs::read_to_string(folder.join(file)).ok().map(|text| text.trim().to_owned());
    let number = |folder: &Path, file: &str| text(folder, file)?.parse::<u8>().ok();
    fs::read_dir(devices).ok()?.flatten().find_map(|entry| {
        let folder = entry.path();
        let is_it = number(&folder, "busnum") == Some(bus) && number(&folder, "devnum") == Some(device);
        let port = entry.file_name().into_string().ok().filter(|_| is_it)?;
        Some(UsbPlace { port, serial: text(&folder, "serial").filter(|serial| !serial.is_empty()) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn port_and_serial_number_are_found_by_bus_and_device() {
        let devices = tempfile::tempdir().unwrap();
        for (port, bus, device) in [("usb1", "1\n", "1\n"), ("1-1", "1\n", "2\n"), ("1-1.2", "1\n", "9\n"), ("2-1", "2\n", "9\n")] {
            let folder = devices.path().join(port);
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join("busnum"), bus).unwrap();
            fs::write(folder.join("devnum"), device).unwrap();
        }
        fs::create_dir(devices.path().join("1-1:1.0")).unwrap();
        fs::write(devices.path().join("2-1/serial"), "RR171-016325\n").unwrap();
        let place = |port: &str, serial: Option<&str>| Some(UsbPlace { port: port.to_owned(), serial: serial.map(str::to_owned) });
        assert_eq!(place_at(0x0020_0109, devices.path()), place("1-1.2", None));
        assert_eq!(place_at(0x0020_0209, devices.path()), place("2-1", Some("RR171-016325")));
        assert_eq!(place_at(0x0020_0103, devices.path()), None);
        assert_eq!(place_at(0x0001_0109, devices.path()), None, "not USB");
        assert_eq!(place_at(0x0020_0109, Path::new("/nonexistent")), None);
    }
}
