//! A pcscd driver (IFD handler) for tests: one reader is one unix socket, and whoever listens there plays the reader and its card.
//!
//! - Event-driven: pcscd waits in this driver instead of polling, so that a card shows within a millisecond.
//! - The reader has the name that the test gave it (`FRIENDLYNAME` in reader.conf, or the bundle's `Info.plist`).
//! - It is found at `DEVICENAME /dev/null:SOCKET`, or, plugged in at run time, at `$VOISINS_IFD_DIR/BUS-DEVICE.sock`.
//! - What can't be had from the stock virtual reader: a mute card, a card pulled in the middle of an APDU, an answer that never
//!   comes, a reader that fails but stays listed, control commands.
//!
//! [`frame`] is what goes over the socket; `cable` is one reader; this file is the C edge, and the only one with unsafe code.
#![allow(unsafe_code, reason = "pcscd calls a driver through C, with raw pointers")]

mod cable;
pub mod frame;
pub mod ifd;

use cable::Cable;
use frame::Kind;
use ifd::*;
use std::collections::BTreeMap;
use std::ffi::{CStr, OsStr, c_char, c_int};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long a card may take to answer; then the driver reports what a real one does after its RF timeout.
const APDU_LIMIT: Duration = Duration::from_secs(3);
/// How long the reader may take to answer.
const CONTROL_LIMIT: Duration = Duration::from_secs(1);
/// The folder of the sockets of readers that are plugged in at run time.
const HOTPLUG_FOLDER: &str = "VOISINS_IFD_DIR";
/// `SCARD_ATTR_CHANNEL_ID` of USB (PC/SC part 3, 3.1.4): 0x0020, bus, device.
const CHANNEL_USB: u32 = 0x0020;

struct Plugged {
    cable: Arc<Cable>,
    /// Bus and device.
    usb: Option<(u8, u8)>,
}

/// By pcscd's logical unit number.
static READERS: Mutex<BTreeMap<Dword, Plugged>> = Mutex::new(BTreeMap::new());

fn cable(lun: Dword) -> Option<Arc<Cable>> {
    let readers = READERS.lock().unwrap_or_else(PoisonError::into_inner);
    readers.get(&lun).map(|plugged| Arc::clone(&plugged.cable))
}

/// Opens a reader by its device name.
///
/// # Safety
/// `name` is a C string or null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IFDHCreateChannelByName(lun: Dword, name: *const c_char) -> ResponseCode {
    if name.is_null() {
        return IFD_COMMUNICATION_ERROR;
    }
    // SAFETY: not null, and pcscd hands over a C string that outlives this call.
    let name = unsafe { CStr::from_ptr(name) }.to_bytes();
    let Some((socket, usb)) = locate(name) else { return IFD_COMMUNICATION_ERROR };
    let Some(cable) = Cable::plug_in(&socket) else { return IFD_COMMUNICATION_ERROR };
    READERS.lock().unwrap_or_else(PoisonError::into_inner).insert(lun, Plugged { cable, usb });
    IFD_SUCCESS
}

/// `/dev/null:SOCKET`, or `usb:072f/2200:libudev:0:/dev/bus/usb/001/004` → `$VOISINS_IFD_DIR/001-004.sock`, bus 1, device 4.
fn locate(name: &[u8]) -> Option<(PathBuf, Option<(u8, u8)>)> {
    if !name.starts_with(b"usb:") {
        let colon = name.iter().position(|b| *b == b':')?;
        return Some((PathBuf::from(OsStr::from_bytes(&name[colon + 1..])), None));
    }
    let mut parts = std::str::from_utf8(name).ok()?.rsplit('/');
    let (device, bus) = (parts.next()?, parts.next()?);
    let folder = std::env::var_os(HOTPLUG_FOLDER)?;
    let socket = Path::new(&folder).join(format!("{bus}-{device}.sock"));
    Some((socket, bus.parse().ok().zip(device.parse().ok())))
}

/// Opening by number is for serial readers: not offered.
#[unsafe(no_mangle)]
pub extern "C" fn IFDHCreateChannel(_lun: Dword, _channel: Dword) -> ResponseCode {
    IFD_COMMUNICATION_ERROR
}

/// Closes a reader.
#[unsafe(no_mangle)]
pub extern "C" fn IFDHCloseChannel(lun: Dword) -> ResponseCode {
    let plugged = READERS.lock().unwrap_or_else(PoisonError::into_inner).remove(&lun);
    if let Some(plugged) = plugged {
        plugged.cable.unplug();
    }
    IFD_SUCCESS
}

extern "C" fn wait_for_event(lun: Dword, timeout_ms: c_int) -> ResponseCode {
    let limit = Duration::from_millis(timeout_ms.try_into().unwrap_or(0));
    cable(lun).map_or(IFD_NO_SUCH_DEVICE, |cable| cable.wait(limit))
}

extern "C" fn stop_waiting(lun: Dword) -> ResponseCode {
    if let Some(cable) = cable(lun) {
        cable.stop_waiting();
    }
    IFD_SUCCESS
}

/// Answers what pcscd asks about the driver and the reader.
///
/// # Safety
/// `length` points to the size of `value`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IFDHGetCapabilities(lun: Dword, tag: Dword, length: *mut Dword, value: *mut Uchar) -> ResponseCode {
    let answer: Vec<u8> = match tag {
        TAG_IFD_SLOTS_NUMBER | TAG_IFD_THREAD_SAFE | TAG_IFD_SLOT_THREAD_SAFE => vec![1],
        TAG_IFD_SIMULTANEOUS_ACCESS => vec![16],
        TAG_IFD_POLLING_THREAD_WITH_TIMEOUT => {
            let function: extern "C" fn(Dword, c_int) -> ResponseCode = wait_for_event;
            (function as usize).to_ne_bytes().to_vec()
        }
        TAG_IFD_STOP_POLLING_THREAD => {
            let function: extern "C" fn(Dword) -> ResponseCode = stop_waiting;
            (function as usize).to_ne_bytes().to_vec()
        }
        TAG_IFD_ATR | SCARD_ATTR_ATR_STRING => match cable(lun) {
            Some(cable) => cable.atr(),
            None => return IFD_COMMUNICATION_ERROR,
        },
        SCARD_ATTR_CHANNEL_ID => match usb(lun) {
            Some((bus, device)) => (CHANNEL_USB << 16 | u32::from(bus) << 8 | u32::from(device)).to_ne_bytes().to_vec(),
            None => return IFD_ERROR_TAG,
        },
        _ => return IFD_ERROR_TAG,
    };
    // SAFETY: pcscd hands over a buffer and its length.
    unsafe { put(&answer, value, length) }
}

fn usb(lun: Dword) -> Option<(u8, u8)> {
    READERS.lock().unwrap_or_else(PoisonError::into_inner).get(&lun)?.usb
}

/// Nothing can be set.
#[unsafe(no_mangle)]
pub extern "C" fn IFDHSetCapabilities(_lun: Dword, _tag: Dword, _length: Dword, _value: *const Uchar) -> ResponseCode {
    IFD_ERROR_NOT_SUPPORTED
}

/// Any protocol will do.
#[unsafe(no_mangle)]
pub extern "C" fn IFDHSetProtocolParameters(
    _lun: Dword,
    _protocol: Dword,
    _flags: Uchar,
    _: Uchar,
    _: Uchar,
    _: Uchar,
) -> ResponseCode {
    IFD_SUCCESS
}

/// Powers the card.
///
/// # Safety
/// `length` points to the size of `atr`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IFDHPowerICC(lun: Dword, action: Dword, atr: *mut Uchar, length: *mut Dword) -> ResponseCode {
    let Some(cable) = cable(lun) else { return IFD_NO_SUCH_DEVICE };
    let answer = match action {
        IFD_POWER_UP => cable.power_up(Kind::PowerUp),
        IFD_RESET => cable.power_up(Kind::Reset),
        IFD_POWER_DOWN => {
            cable.power_down();
            Ok(Vec::new())
        }
        _ => return IFD_ERROR_NOT_SUPPORTED,
    };
    // SAFETY: pcscd hands over a buffer and its length.
    unsafe { put_or_code(answer, atr, length) }
}

/// Hands an APDU to the card.
///
/// # Safety
/// `command` has `command_length` bytes, `answer_length` points to the size of `answer`, `answer_header` to a header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IFDHTransmitToICC(
    lun: Dword,
    send_header: ScardIoHeader,
    command: *const Uchar,
    command_length: Dword,
    answer: *mut Uchar,
    answer_length: *mut Dword,
    answer_header: *mut ScardIoHeader,
) -> ResponseCode {
    let Some(cable) = cable(lun) else { return IFD_NO_SUCH_DEVICE };
    // SAFETY: pcscd hands over the command and its length.
    let command = unsafe { bytes(command, command_length) };
    if !answer_header.is_null() {
        // SAFETY: not null, and pcscd hands over a header to be filled in.
        unsafe { *answer_header = ScardIoHeader { protocol: send_header.protocol, length: 0 } };
    }
    // SAFETY: pcscd hands over a buffer and its length.
    unsafe { put_or_code(cable.exchange(Kind::Apdu, command, APDU_LIMIT), answer, answer_length) }
}

/// Hands a command to the reader itself.
///
/// # Safety
/// `command` has `command_length` bytes, `answer` has `answer_size`, `answer_length` can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IFDHControl(
    lun: Dword,
    code: Dword,
    command: *const Uchar,
    command_length: Dword,
    answer: *mut Uchar,
    answer_size: Dword,
    answer_length: *mut Dword,
) -> ResponseCode {
    if answer_length.is_null() {
        return IFD_COMMUNICATION_ERROR;
    }
    // SAFETY: not null, and pcscd hands over a place for the length; on entry it has to say how much room there is.
    unsafe { *answer_length = answer_size };
    let result = match cable(lun) {
        None => Err(IFD_NO_SUCH_DEVICE),
        Some(_) if code == CM_IOCTL_GET_FEATURE_REQUEST => Err(IFD_ERROR_NOT_SUPPORTED),
        Some(cable) => {
            let mut payload = (code as u32).to_be_bytes().to_vec();
            // SAFETY: pcscd hands over the command and its length.
            payload.extend(unsafe { bytes(command, command_length) });
            cable.exchange(Kind::Control, payload, CONTROL_LIMIT)
        }
    };
    // SAFETY: the length was set to the buffer's size above.
    unsafe { put_or_code(result, answer, answer_length) }
}

/// Whether a card is in the field.
#[unsafe(no_mangle)]
pub extern "C" fn IFDHICCPresence(lun: Dword) -> ResponseCode {
    cable(lun).map_or(IFD_NO_SUCH_DEVICE, |cable| cable.presence())
}

/// # Safety
/// `start` has `length` bytes, or is null.
unsafe fn bytes(start: *const Uchar, length: Dword) -> Vec<u8> {
    if start.is_null() || length == 0 {
        return Vec::new();
    }
    // SAFETY: not null, and the caller promises the length.
    unsafe { std::slice::from_raw_parts(start, length as usize) }.to_vec()
}

/// # Safety
/// As [`put`].
unsafe fn put_or_code(answer: Result<Vec<u8>, ResponseCode>, to: *mut Uchar, length: *mut Dword) -> ResponseCode {
    match answer {
        // SAFETY: the caller's promise.
        Ok(answer) => unsafe { put(&answer, to, length) },
        Err(code) => {
            if !length.is_null() {
                // SAFETY: not null, and the caller promises that it can be written.
                unsafe { *length = 0 };
            }
            code
        }
    }
}

/// Copies `answer` to `to` and sets `length`.
///
/// # Safety
/// `length` points to the size of `to`, or is null.
unsafe fn put(answer: &[u8], to: *mut Uchar, length: *mut Dword) -> ResponseCode {
    if length.is_null() {
        return IFD_SUCCESS;
    }
    // SAFETY: not null; the caller promises that it says how much room there is at `to`.
    let room = unsafe { *length } as usize;
    let fits = answer.len() <= room && (!to.is_null() || answer.is_empty());
    // SAFETY: as above.
    unsafe { *length = if fits { answer.len() as Dword } else { 0 } };
    if !fits {
        return IFD_ERROR_INSUFFICIENT_BUFFER;
    }
    if !answer.is_empty() {
        // SAFETY: `to` is not null and has room for as many bytes; the two can't overlap, `answer` is ours.
        unsafe { std::ptr::copy_nonoverlapping(answer.as_ptr(), to, answer.len()) };
    }
    IFD_SUCCESS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_is_found_by_its_device_name() {
        assert_eq!(locate(b"/dev/null:/tmp/r0.sock"), Some((PathBuf::from("/tmp/r0.sock"), None)));
        assert_eq!(locate(b"nonsense"), None);
        assert_eq!(locate(b"usb:072f/2200"), None, "no folder in the environment");
    }
}
