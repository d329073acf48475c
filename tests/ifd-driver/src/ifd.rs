//! The words of pcsc-lite's `ifdhandler.h` (IFD handler API 3.0), as far as this driver speaks them.

use std::ffi::{c_long, c_uchar, c_ulong};

/// `DWORD`: `unsigned long` in pcsc-lite.
pub type Dword = c_ulong;
/// `RESPONSECODE`.
pub type ResponseCode = c_long;
/// `UCHAR`.
pub type Uchar = c_uchar;

/// `SCARD_IO_HEADER`.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct ScardIoHeader {
    /// Protocol, 0 or 1 for T=0 and T=1.
    pub protocol: Dword,
    /// Not used.
    pub length: Dword,
}

/// No error.
pub const IFD_SUCCESS: ResponseCode = 0;
/// Tag unknown.
pub const IFD_ERROR_TAG: ResponseCode = 600;
/// Not supported.
pub const IFD_ERROR_NOT_SUPPORTED: ResponseCode = 606;
/// Power up failed: how a mute card shows.
pub const IFD_ERROR_POWER_ACTION: ResponseCode = 608;
/// The reader can't be reached.
pub const IFD_COMMUNICATION_ERROR: ResponseCode = 612;
/// The card didn't answer in time.
pub const IFD_RESPONSE_TIMEOUT: ResponseCode = 613;
/// A card is in the field.
pub const IFD_ICC_PRESENT: ResponseCode = 615;
/// No card is in the field.
pub const IFD_ICC_NOT_PRESENT: ResponseCode = 616;
/// The reader is gone.
pub const IFD_NO_SUCH_DEVICE: ResponseCode = 617;
/// The caller's buffer is too small.
pub const IFD_ERROR_INSUFFICIENT_BUFFER: ResponseCode = 618;

/// The card's ATR.
pub const TAG_IFD_ATR: Dword = 0x0303;
/// The same, as an attribute of PC/SC part 3 (`SCARD_ATTR_ATR_STRING`).
pub const SCARD_ATTR_ATR_STRING: Dword = 0x0009_0303;
/// Where the reader hangs (`SCARD_ATTR_CHANNEL_ID`).
pub const SCARD_ATTR_CHANNEL_ID: Dword = 0x0002_0110;
/// Several slots may be used at once.
pub const TAG_IFD_SLOT_THREAD_SAFE: Dword = 0x0FAC;
/// The driver may be called from several threads.
pub const TAG_IFD_THREAD_SAFE: Dword = 0x0FAD;
/// Slots of a reader.
pub const TAG_IFD_SLOTS_NUMBER: Dword = 0x0FAE;
/// Readers this driver can serve.
pub const TAG_IFD_SIMULTANEOUS_ACCESS: Dword = 0x0FAF;
/// The function that ends one wait of the next.
pub const TAG_IFD_STOP_POLLING_THREAD: Dword = 0x0FB2;
/// The function that waits for an event.
pub const TAG_IFD_POLLING_THREAD_WITH_TIMEOUT: Dword = 0x0FB3;

/// Power up.
pub const IFD_POWER_UP: Dword = 500;
/// Power down.
pub const IFD_POWER_DOWN: Dword = 501;
/// Warm reset.
pub const IFD_RESET: Dword = 502;

/// Asked by pcscd itself when a client connects (PC/SC part 10); no feature is offered.
pub const CM_IOCTL_GET_FEATURE_REQUEST: Dword = 0x4200_0D48;
