//! The USB port a reader hangs on: it stays the same when the reader is plugged in again, which names and numbers don't.

use pcsc::{Attribute, Context, Disposition, Protocols, ShareMode};
use std::ffi::CStr;
use std::fs;
use std::path::Path;

/// Where Linux lists what is on the USB.
pub const USB_DEVICES: &str = "/sys/bus/usb/devices";

/// `SCARD_ATTR_CHANNEL_ID` (PC/SC part 3, 3.1.4): the upper half for USB; libccid puts bus and device into the lower.
const USB: u32 = 0x0020;

/// Asks the reader of that name; libccid ≥ 1.4.32 knows. None: it doesn't say.
pub fn usb_port(context: &Context, reader: &CStr) -> Option<String> {
    let direct = context.connect(reader, ShareMode::Direct, Protocols::UNDEFINED).ok()?;
    let mut buffer = [0; 16];
    let channel =
        direct.get_attribute(Attribute::ChannelId, &mut buffer).ok().and_then(|id| Some(u32::from_ne_bytes(id.try_into().ok()?)));
    let _ = direct.disconnect(Disposition::LeaveCard);
    port_at(channel?, Path::new(USB_DEVICES))
}

/// Finds the device of that channel among `devices`.
fn port_at(channel: u32, devices: &Path) -> Option<String> {
    let [device, bus, ..] = channel.to_le_bytes();
    if channel >> 16 != USB {
        return None;
    }
    let number = |folder: &Path, file: &str| fs::read_to_string(folder.join(file)).ok()?.trim().parse::<u8>().ok();
    fs::read_dir(devices).ok()?.flatten().find_map(|entry| {
        let folder = entry.path();
        let is_it = number(&folder, "busnum") == Some(bus) && number(&folder, "devnum") == Some(device);
        is_it.then(|| entry.file_name().into_string().ok()).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_found_by_bus_and_device() {
        let devices = tempfile::tempdir().unwrap();
        for (port, bus, device) in [("usb1", "1\n", "1\n"), ("1-1", "1\n", "2\n"), ("1-1.2", "1\n", "9\n"), ("2-1", "2\n", "9\n")] {
            let folder = devices.path().join(port);
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join("busnum"), bus).unwrap();
            fs::write(folder.join("devnum"), device).unwrap();
        }
        fs::create_dir(devices.path().join("1-1:1.0")).unwrap();
        assert_eq!(port_at(0x0020_0109, devices.path()).as_deref(), Some("1-1.2"));
        assert_eq!(port_at(0x0020_0209, devices.path()).as_deref(), Some("2-1"));
        assert_eq!(port_at(0x0020_0103, devices.path()), None);
        assert_eq!(port_at(0x0001_0109, devices.path()), None, "not USB");
        assert_eq!(port_at(0x0020_0109, Path::new("/nonexistent")), None);
    }
}
