//! Text against what it stands on: at least 4.5:1, marks at least 3:1 (WCAG 2.2, 1.4.3 and 1.4.11), from the tokens and from pictures.

use super::measure::measure;
use super::sizes::staged;
use super::*;
use kiosk::generated::Theme;
use kiosk::view_model::avatar::COLOURS;
use slint::Color;

/// WCAG 2.2: relative luminance.
fn luminance((r, g, b): (u8, u8, u8)) -> f64 {
    let linear = |channel: u8| {
        let channel = f64::from(channel) / 255.0;
        if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

fn contrast(a: (u8, u8, u8), b: (u8, u8, u8)) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn rgb(colour: Color) -> (u8, u8, u8) {
    (colour.red(), colour.green(), colour.blue())
}

#[test]
fn the_standards_examples_come_out() {
    assert!((contrast((0, 0, 0), (255, 255, 255)) - 21.0).abs() < 1e-9);
    assert!((contrast((0x77, 0x77, 0x77), (255, 255, 255)) - 4.48).abs() < 0.01);
}

#[test]
fn every_text_of_the_tokens_has_4_5_and_every_mark_3() {
    headless();
    let window = KioskWindow::new().unwrap();
    let theme = Theme::get(&window);
    for dark in [false, true] {
        theme.set_dark(dark);
        let (paper, card, ink, muted) = (theme.get_paper(), theme.get_card(), theme.get_ink(), theme.get_muted());
        let (accent, accent_soft) = (theme.get_accent(), theme.get_accent_soft());
        let (here, here_soft, quiet, quiet_soft) =
            (theme.get_here(), theme.get_here_soft(), theme.get_quiet(), theme.get_quiet_soft());
        let (chip, chip_ink) = (theme.get_chip(), theme.get_chip_ink());
        let texts = [
            ("ink on paper", ink, paper),
            ("ink on a card", ink, card),
            ("ink on a chip or a soft button", ink, chip),
            ("ink on the column's welcome", ink, accent_soft),
            ("ink on the notice of missing news", ink, quiet_soft),
            ("paper on a dark button or line", paper, ink),
            ("muted on paper", muted, paper),
            ("muted on a card", muted, card),
            ("muted on a pressed card", muted, chip),
            ("muted on the column's welcome", muted, accent_soft),
            ("muted on the notice of missing news", muted, quiet_soft),
            ("accent on paper", accent, paper),
            ("accent on a card", accent, card),
            ("accent on its soft ground", accent, accent_soft),
            ("here on paper", here, paper),
            ("here on a card", here, card),
            ("here on a pressed card", here, chip),
            ("here on its soft ground", here, here_soft),
            ("do not disturb on paper", quiet, paper),
            ("do not disturb on a card", quiet, card),
            ("do not disturb on a pressed card", quiet, chip),
            ("do not disturb on its soft ground", quiet, quiet_soft),
            ("a skill", chip_ink, chip),
        ];
        let marks = [
            ("present", here, card),
            ("present, beside the column's words", here, paper),
            ("do not disturb", theme.get_quiet_dot(), card),
            ("no news", theme.get_stale(), card),
            ("no news, in its notice", theme.get_stale(), quiet_soft),
            ("the time left", accent, chip),
            ("a switch that is off", muted, card),
            ("the field that is typed in", accent, paper),
        ];
        let least = texts.iter().map(|pair| (4.5, pair)).chain(marks.iter().map(|pair| (3.0, pair)));
        for (least, (what, front, ground)) in least {
            let is = contrast(rgb(*front), rgb(*ground));
            assert!(is >= least, "{what}, dark {dark}: {is:.2}");
        }
    }
    for colour in COLOURS {
        let [_, r, g, b] = colour.to_be_bytes();
        let is = contrast((r, g, b), (255, 255, 255));
        assert!(is >= 4.5, "initials on {colour:06X}: {is:.2}");
    }
}

/// What can't be pressed now is paler, as the standard allows. Letters are thin: their edges are mixed with the ground, and the middle of a stroke has the ink.
#[test]
fn what_is_drawn_has_the_contrast_that_the_tokens_promise() {
    for dark in [false, true] {
        for screen in SCREENS {
            let kiosk = staged(&Shot { dark, ..shot(screen) }, false);
            let measured = measure(kiosk.window());
            let picture = kiosk.window().window().take_snapshot().unwrap();
            let (width, height, pixels) = (picture.width() as usize, picture.height() as usize, picture.as_slice());
            // what a dialog dims is not there to be read
            let top = measured.said.iter().filter(|said| said.line > 0.0).map(|said| said.layer).max().unwrap_or(0);
            for said in measured
                .said
                .iter()
                .filter(|said| said.layer == top && said.enabled && said.text.chars().any(char::is_alphanumeric))
            {
                let mut counts = std::collections::BTreeMap::<(u8, u8, u8), usize>::new();
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                let at = |length: f32| length.max(0.0) as usize;
                for y in at(said.drawn.y)..at(said.drawn.bottom()).min(height) {
                    for x in at(said.drawn.x)..at(said.drawn.right()).min(width) {
                        let pixel = pixels[y * width + x];
                        *counts.entry((pixel.r, pixel.g, pixel.b)).or_default() += 1;
                    }
                }
                let Some((&ground, _)) = counts.iter().max_by_key(|(_, count)| **count) else { continue };
                let is = counts.keys().map(|&colour| contrast(colour, ground)).fold(1.0, f64::max);
                assert!(is >= 4.5, "{:?} of {screen:?}, dark {dark}: {is:.2}", said.text);
            }
        }
    }
}
