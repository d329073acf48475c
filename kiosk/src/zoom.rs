//! The size of the text as a zoom of the whole picture: words, faces and what is touched grow together, and the layout is that of a
//! smaller screen.
//!
//! Slint's scale factor does it, so that text and photos are drawn at their size and not enlarged. The platform's own factor is kept
//! as the base, whenever it changes.

use slint::Window;
use slint::platform::WindowEvent;
use std::cell::Cell;
use voisins_shared::payload::TextSize;

/// The least, in logical pixels, in which every screen lays out.
pub const LEAST: (f32, f32) = (690.0, 416.0);

/// How much larger a text size is, on a screen of `size` logical pixels: never so much that a screen no longer fits.
#[must_use]
pub fn factor(text_size: TextSize, size: (f32, f32)) -> f32 {
    let wanted = match text_size {
        TextSize::Normal => 1.0,
        TextSize::Large => 1.25,
        TextSize::Largest => 1.5_f32,
    };
    wanted.min(size.0 / LEAST.0).min(size.1 / LEAST.1).max(1.0)
}

/// The zoom of a window.
#[derive(Debug, Default)]
pub struct Zoom {
    /// Physical pixels for a logical one, as the platform says.
    base: Cell<f32>,
    /// The factor that was set here.
    set: Cell<f32>,
}

impl Zoom {
    /// Brings the window to a text size. Slint's change handlers run later, so nothing is called back from here.
    pub fn show(&self, window: &Window, text_size: TextSize) {
        let (size, now) = (window.size(), window.scale_factor());
        if size.width == 0 || size.height == 0 || now <= 0.0 {
            return; // not shown yet
        }
        if !same(now, self.set.get()) {
            self.base.set(now); // the platform changed it
        }
        let base = self.base.get();
        let unscaled = size.to_logical(base);
        let wanted = base * factor(text_size, (unscaled.width, unscaled.height));
        self.set.set(wanted);
        if !same(now, wanted) {
            window.dispatch_event(WindowEvent::ScaleFactorChanged { scale_factor: wanted });
            window.dispatch_event(WindowEvent::Resized { size: size.to_logical(wanted) });
        }
    }
}

fn same(a: f32, b: f32) -> bool {
    (a - b).abs() < 1e-4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(size: (f32, f32), expected: [f32; 3]) {
        assert_eq!(TextSize::ALL.map(|text_size| factor(text_size, size)), expected);
    }

    #[test]
    fn a_small_panel_grows_as_far_as_every_screen_still_fits() {
        check((1280.0, 800.0), [1.0, 1.25, 1.5]);
        check((1024.0, 600.0), [1.0, 1.25, 600.0 / 416.0]);
        check((800.0, 480.0), [1.0, 480.0 / 416.0, 480.0 / 416.0]);
        check((690.0, 416.0), [1.0, 1.0, 1.0]);
        check((480.0, 320.0), [1.0, 1.0, 1.0]);
    }
}
