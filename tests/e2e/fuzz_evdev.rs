//! Streams of input events with something wrong in them.

use presence_daemon::config::{ByteOrder, KeyboardConfig, NumberFormat};
use presence_daemon::reader::keyboard::event::{Event, decode};
use presence_daemon::reader::keyboard::typing::{Typed, Typing};
use voisins_tests::fuzz;
use voisins_tests::wedge::{key, stream};

const ENTER: u16 = 28;
const DECIMAL: &[u8] = b"0077705923";

fn typed(typing: &mut Typing, bytes: &[u8]) -> Vec<Typed> {
    let Ok(events) = decode(bytes) else { return Vec::new() };
    let handle = |event| match event {
        Event::Pressed(key) => typing.press(key),
        Event::Dropped => {
            typing.spoil();
            None
        }
    };
    events.filter_map(handle).collect()
}

/// Whatever was typed: only UIDs of their three lengths come out, and after a pause the next good number is read.
#[test]
fn soak_fuzz_streams_of_input_events() {
    let good = stream(DECIMAL.iter().copied().map(key).chain([ENTER]));
    let hex = stream([11, 5, 30, 2, 48, 3, 46, 4, ENTER]);
    let pad = stream([82, 82, 71, 71, 71, 82, 76, 73, 80, 81, 96]);
    let dropped = [&good[..], &[0; 2 * size_of::<usize>()], &[0, 0, 3, 0, 0, 0, 0, 0], &good].concat();
    let config = |format, ends_after_ms: Option<i64>| KeyboardConfig {
        device: "/dev/input/by-id/a".into(),
        format,
        byte_order: ByteOrder::AsRead,
        ends_after: ends_after_ms.map(jiff::SignedDuration::from_millis),
    };
    let configs = [config(NumberFormat::Decimal, None), config(NumberFormat::Hex, None), config(NumberFormat::Decimal, Some(100))];
    fuzz::run("evdev streams", &[&good, &hex, &pad, &dropped], |bytes| {
        for config in &configs {
            let mut typing = Typing::new(config);
            let mut out = typed(&mut typing, bytes);
            out.extend(typing.pause());
            for typed in out {
                assert!(!matches!(typed, Typed::Card(uid) if ![4, 7, 10].contains(&uid.as_bytes().len())));
            }
            assert!(!typing.has_begun());
            let next = if config.format == NumberFormat::Hex { &hex } else { &good };
            assert!(matches!(typed(&mut typing, next)[..], [Typed::Card(_)]));
        }
    });
}
