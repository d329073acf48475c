//! Every screen in both languages, on a large and a small panel, in the three sizes of the text, with people as they are and with the
//! longest that there are: no text is cut, and everything that is touched is found by a finger.

use super::longest::lengthen;
use super::measure::{Measured, Said, measure};
use super::*;
use std::fmt::Write;

/// Looks at every screen of a panel, and says all at once what it found.
#[track_caller]
fn look_at(size: Size) {
    let mut faults = String::new();
    let mut count = 0;
    for screen in SCREENS {
        for language in Language::ALL {
            for text_size in TextSize::ALL {
                for long in [false, true] {
                    let measured = measure(staged(&Shot { size, language, text_size, ..shot(screen) }, long).window());
                    let mut fail = |fault: String| {
                        count += 1;
                        let people = if long { "longest" } else { "usual" };
                        let _ = writeln!(faults, "{screen:?} {size} {language:?} {text_size:?} {people}: {fault}");
                    };
                    if (screen == ScreenName::Tv) != measured.touched.is_empty() {
                        fail(format!("{} things are touched", measured.touched.len()));
                    }
                    read(&measured, &mut fail);
                    touch(&measured, &mut fail);
                }
            }
        }
    }
    assert!(faults.is_empty(), "{count} faults:\n{faults}");
}

pub fn staged(shot: &Shot, long: bool) -> Kiosk {
    headless();
    let window = KioskWindow::new().unwrap();
    match long {
        true => snapshot::stage_with(window, shot, &lengthen).unwrap(),
        false => snapshot::stage(window, shot).unwrap(),
    }
}

/// Why a text doesn't read well where it stands.
fn fault(said: &Said) -> Option<&'static str> {
    let (place, (wide, high)) = (said.place, said.asks);
    // figures have no tails
    let figures = said.text.chars().all(|c| c.is_ascii_digit() || c == ':');
    if place.height + 1.0
        < if figures {
            0.74 * said.line
        } else if said.elides {
            said.line
        } else {
            high
        }
    {
        return Some("is cut below");
    }
    // an ellipsis after a letter or two tells nothing
    let least = if said.elides { wide.min(2.0 * said.line) } else { wide };
    if (said.elides || !said.wraps) && place.width + 1.0 < least {
        return Some("is cut at its end");
    }
    said.touched.is_some_and(|touched| !touched.holds(&said.drawn)).then_some("leaves what it stands on")
}

fn read(measured: &Measured, fail: &mut dyn FnMut(String)) {
    for (n, said) in measured.said.iter().enumerate() {
        if let Some(fault) = fault(said) {
            fail(format!("{:?} {fault}: {:?} in a line of {}, asks {:?}", said.text, said.place, said.line, said.asks));
        }
        if !measured.window.holds(&said.drawn) {
            fail(format!("{:?} leaves the window: {:?}", said.text, said.drawn));
        }
        for other in measured.said[n + 1..].iter().filter(|other| other.layer == said.layer) {
            if said.drawn.meets(&other.drawn) {
                fail(format!("{:?} {:?} and {:?} {:?} cover each other", said.text, said.drawn, other.text, other.drawn));
            }
        }
        for touched in measured.touched.iter().filter(|touched| touched.layer == said.layer) {
            if touched.place.meets(&said.drawn) && !touched.place.holds(&said.drawn) {
                fail(format!("{:?} {:?} lies half under {:?} {:?}", said.text, said.drawn, touched.label, touched.place));
            }
        }
    }
}

fn touch(measured: &Measured, fail: &mut dyn FnMut(String)) {
    for (n, touched) in measured.touched.iter().enumerate() {
        let place = touched.place;
        if place.width < 55.9 || place.height < 55.9 {
            fail(format!("{:?} is too small: {place:?}", touched.label));
        }
        if !measured.window.holds(&place) {
            fail(format!("{:?} leaves the window: {place:?}", touched.label));
        }
        for other in measured.touched[n + 1..].iter().filter(|other| other.layer == touched.layer) {
            if place.meets(&other.place) {
                fail(format!("{:?} {place:?} and {:?} {:?} overlap", touched.label, other.label, other.place));
            }
        }
    }
}

#[test]
fn on_a_large_panel_no_text_is_cut_and_a_finger_finds_everything_in_every_size() {
    look_at(SIZES[0]);
}

#[test]
fn on_a_small_panel_no_text_is_cut_and_a_finger_finds_everything_in_every_size() {
    look_at(SIZES[1]);
}

#[test]
fn a_larger_text_is_a_larger_picture_in_as_many_pixels() {
    for (size, factors) in [(SIZES[0], [1.0, 1.25, 1.5]), (SIZES[1], [1.0, 480.0 / 416.0, 480.0 / 416.0])] {
        for (text_size, factor) in TextSize::ALL.into_iter().zip(factors) {
            let kiosk = staged(&Shot { size, text_size, ..shot(ScreenName::Home) }, false);
            let window = kiosk.window().window();
            assert!((window.scale_factor() - factor).abs() < 1e-3, "{size} {text_size:?}: {}", window.scale_factor());
            let picture = window.take_snapshot().unwrap();
            assert_eq!((picture.width(), picture.height()), (size.width, size.height));
            #[allow(clippy::cast_precision_loss)]
            let logical = size.width as f32 / factor;
            assert!((measure(kiosk.window()).window.width - logical).abs() < 1.0);
        }
    }
}

#[test]
fn a_greeting_is_read_at_the_members_size_and_the_platforms_factor_is_kept() {
    let scene = scene(&shot(ScreenName::Home));
    let window = scene.kiosk.window().window();
    let is = |factor: f32| assert!((window.scale_factor() - factor).abs() < 1e-3, "{}", window.scale_factor());
    is(1.0);
    let mut event = demo::arrival(0, 9, Form::Full);
    if let Shown::Greeting(greeting) = &mut event.shown {
        greeting.text_size = TextSize::Largest;
    }
    scene.event(&event);
    is(1.5);
    scene.press("Fermer");
    assert!(scene.kiosk.screen().dialog.is_none(), "a touch hits what is drawn");
    // another monitor
    window.dispatch_event(WindowEvent::ScaleFactorChanged { scale_factor: 1.1 });
    scene.kiosk.tick();
    let base = window.scale_factor() / 1.1;
    assert!((base - 1.0).abs() < 1e-3 || (base - 1.5).abs() < 1e-3, "{base}");
}
