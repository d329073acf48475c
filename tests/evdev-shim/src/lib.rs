//! Makes a named pipe an input device for the program it is preloaded into (`LD_PRELOAD`): the questions of evdev (`ioctl` of type
//! 'E', linux/input.h) are answered for pipes as the kernel answers them for a keyboard with digits, A to F, Enter and Space. All else
//! goes on to the kernel. Machines that build have no `/dev/uinput`; so nothing but these answers is made up in the daemon.
//!
//! While a pipe is taken (`EVIOCGRAB`), a file `PIPE.grabbed` lies beside it.
#![allow(unsafe_code, reason = "it stands in for a function of libc, which is called with raw pointers")]

use libc::{EINVAL, ENOENT, S_IFIFO, S_IFMT, SYS_ioctl, c_int, c_ulong, c_void};
use std::fs;
use std::path::PathBuf;

/// The bits of a request (asm-generic/ioctl.h): number 0–7, type 8–15, size 16–29.
const TYPE_EVDEV: c_ulong = b'E' as c_ulong;
const EVIOCGVERSION: c_ulong = 0x01;
const EVIOCGID: c_ulong = 0x02;
const EVIOCGNAME: c_ulong = 0x06;
const EVIOCGUNIQ: c_ulong = 0x08;
const EVIOCGPROP: c_ulong = 0x09;
const EVIOCGBIT: c_ulong = 0x20;
const EVIOCGBIT_KEY: c_ulong = 0x21;
const EVIOCGRAB: c_ulong = 0x90;

const EV_SYN: usize = 0;
const EV_KEY: usize = 1;
/// 1 to 0, Enter, A to F, left Shift, Space.
const KEYS: [usize; 19] = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 28, 30, 48, 46, 32, 18, 33, 42, 57];

/// In libc's place.
///
/// # Safety
/// As libc's: what `argument` has to point to depends on the request.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ioctl(fd: c_int, request: c_ulong, argument: *mut c_void) -> c_int {
    if request >> 8 & 0xFF != TYPE_EVDEV || !is_pipe(fd) {
        // SAFETY: the caller's promise, handed on unchanged.
        return unsafe { libc::syscall(SYS_ioctl, fd, request, argument) as c_int };
    }
    let size = (request >> 16 & 0x3FFF) as usize;
    let bits: &[usize] = match request & 0xFF {
        EVIOCGRAB => return grab(fd, !argument.is_null()),
        EVIOCGBIT => &[EV_SYN, EV_KEY],
        EVIOCGBIT_KEY => &KEYS,
        EVIOCGVERSION | EVIOCGID | EVIOCGPROP => &[],
        EVIOCGNAME..=EVIOCGUNIQ => return fail(ENOENT),
        _ => return fail(EINVAL),
    };
    let mut answer = vec![0u8; size];
    for bit in bits.iter().filter(|bit| *bit / 8 < size) {
        answer[bit / 8] |= 1 << (bit % 8);
    }
    // SAFETY: these requests say how large the buffer is that they point to.
    unsafe { std::ptr::copy_nonoverlapping(answer.as_ptr(), argument.cast::<u8>(), size) };
    size as c_int
}

fn is_pipe(fd: c_int) -> bool {
    // SAFETY: all zeros is a valid `stat`, and fstat writes into one of ours.
    let (found, status) = unsafe {
        let mut status: libc::stat = std::mem::zeroed();
        (libc::fstat(fd, &raw mut status) == 0, status)
    };
    found && status.st_mode & S_IFMT == S_IFIFO
}

fn grab(fd: c_int, takes: bool) -> c_int {
    let Ok(path) = fs::read_link(format!("/proc/self/fd/{fd}")) else { return fail(EINVAL) };
    let mark = PathBuf::from(format!("{}.grabbed", path.display()));
    let marked = if takes { fs::write(mark, "") } else { fs::remove_file(mark) };
    marked.map_or(fail(EINVAL), |()| 0)
}

fn fail(error: c_int) -> c_int {
    // SAFETY: libc's own variable of this thread.
    unsafe { *libc::__errno_location() = error };
    -1
}
