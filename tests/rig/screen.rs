//! A screen that nobody sees: an X server in memory, whose picture a test can look at and press.

use crate::pcscd::child_command;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use tempfile::TempDir;

/// An Xvfb on a free display.
#[derive(Debug)]
pub struct Xvfb {
    child: Child,
    display: String,
    folder: TempDir,
}

/// A picture of a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Row by row.
    pub rgb: Vec<[u8; 3]>,
}

impl Xvfb {
    /// Starts one of that size; the server picks a display that is free.
    #[must_use]
    #[track_caller]
    pub fn start(width: u32, height: u32) -> Self {
        let folder = tempfile::Builder::new().prefix("voisins-screen-").tempdir().expect("a temporary folder");
        let mut command = child_command(&[]);
        command.args(["Xvfb", "-displayfd", "1", "-nolisten", "tcp", "-screen", "0", &format!("{width}x{height}x24"), "-fbdir"]);
        let mut child = command
            .arg(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb (Debian package xvfb) starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("the display's number");
        Self { child, display: format!(":{}", line.trim()), folder }
    }

    /// Such as `:7`.
    #[must_use]
    pub fn display(&self) -> &str {
        &self.display
    }

    /// What is on it now.
    #[must_use]
    #[track_caller]
    pub fn picture(&self) -> Picture {
        let file: PathBuf = self.folder.path().join("Xvfb_screen0");
        Picture::from_xwd(&std::fs::read(file).expect("Xvfb's frame buffer"))
    }

    /// Presses and releases at a point, as a finger does.
    #[track_caller]
    pub fn press(&self, x: u32, y: u32) {
        let mut command = child_command(&[]);
        command.env("DISPLAY", &self.display).args(["xdotool", "mousemove", &x.to_string(), &y.to_string(), "click", "1"]);
        assert!(command.status().is_ok_and(|status| status.success()), "xdotool (Debian package xdotool) presses");
    }
}

impl Drop for Xvfb {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        // killed, it leaves its lock and its socket behind
        let number = self.display.trim_start_matches(':');
        let _ = std::fs::remove_file(format!("/tmp/.X{number}-lock"));
        let _ = std::fs::remove_file(format!("/tmp/.X11-unix/X{number}"));
    }
}

impl Picture {
    /// Reads an X window dump (X11/XWDFile.h): 25 big-endian words, a name, colours of 12 bytes, then 32 bits a pixel.
    #[track_caller]
    fn from_xwd(dump: &[u8]) -> Self {
        let word = |n: usize| u32::from_be_bytes(dump[n * 4..n * 4 + 4].try_into().expect("four bytes"));
        let (header, width, height, bits, stride, colours) = (word(0), word(4), word(5), word(11), word(12), word(19));
        assert_eq!(bits, 32, "bits a pixel");
        let start = (header + colours * 12) as usize;
        let row = |y: u32| &dump[start + (y * stride) as usize..][..(width * 4) as usize];
        // little-endian 0x00RRGGBB
        let rgb = (0..height).flat_map(|y| row(y).chunks_exact(4).map(|p| [p[2], p[1], p[0]]).collect::<Vec<_>>()).collect();
        Self { width, height, rgb }
    }

    /// A part of it.
    #[must_use]
    pub fn part(&self, x: u32, y: u32, width: u32, height: u32) -> Vec<[u8; 3]> {
        (y..y + height).flat_map(|y| self.rgb[(y * self.width + x) as usize..][..width as usize].to_vec()).collect()
    }

    /// How many different colours a part has: 1 is an empty wall.
    #[must_use]
    pub fn colours(&self, x: u32, y: u32, width: u32, height: u32) -> usize {
        self.part(x, y, width, height).into_iter().collect::<std::collections::BTreeSet<_>>().len()
    }
}
