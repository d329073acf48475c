//! What the kernel writes for each key: `struct input_event` (linux/input.h). Pure.

/// The bytes of one: a time of two machine words, type, code, value.
pub const SIZE: usize = TIME + 8;
const TIME: usize = 2 * size_of::<usize>();

/// `EV_SYN` and `SYN_DROPPED` (Documentation/input/event-codes.rst): the kernel had to drop events, nobody read them in time.
const EV_SYN: u16 = 0;
const SYN_DROPPED: u16 = 3;
/// `EV_KEY`, whose value is 0 for a key that is let go, 1 for one that is pressed, 2 for one that repeats because it is held.
const EV_KEY: u16 = 1;
const PRESSED: i32 = 1;

/// What matters of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A key was pressed: its code, which is its place on the keyboard and not a character.
    Pressed(u16),
    /// Events are missing here.
    Dropped,
}

/// The events among these bytes; the kernel hands over whole ones only.
///
/// # Errors
/// So many bytes at the end are no whole event.
pub fn decode(bytes: &[u8]) -> Result<impl Iterator<Item = Event> + '_, usize> {
    let (events, rest) = bytes.as_chunks::<SIZE>();
    match rest.len() {
        0 => Ok(events.iter().filter_map(event)),
        more => Err(more),
    }
}

fn event(bytes: &[u8; SIZE]) -> Option<Event> {
    let [k0, k1, c0, c1, v @ ..] = *bytes.last_chunk::<8>()?;
    let (kind, code, value) = (u16::from_ne_bytes([k0, k1]), u16::from_ne_bytes([c0, c1]), i32::from_ne_bytes(v));
    match (kind, code, value) {
        (EV_KEY, code, PRESSED) => Some(Event::Pressed(code)),
        (EV_SYN, SYN_DROPPED, _) => Some(Event::Dropped),
        _ => None,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// As the kernel writes it.
    pub fn encoded(kind: u16, code: u16, value: i32) -> Vec<u8> {
        [&[0x5A; TIME][..], &kind.to_ne_bytes(), &code.to_ne_bytes(), &value.to_ne_bytes()].concat()
    }

    #[test]
    fn only_keys_that_are_pressed_and_losses_count() {
        let stream = [
            encoded(4, 4, 0x7001E), // EV_MSC, MSC_SCAN
            encoded(EV_KEY, 2, 1),
            encoded(EV_SYN, 0, 0),
            encoded(EV_KEY, 2, 2),
            encoded(EV_KEY, 2, 0),
            encoded(EV_SYN, SYN_DROPPED, 0),
            encoded(EV_KEY, 28, 1),
        ];
        let events: Vec<Event> = decode(&stream.concat()).unwrap().collect();
        assert_eq!(events, [Event::Pressed(2), Event::Dropped, Event::Pressed(28)]);
    }

    #[test]
    fn half_an_event_is_an_error() {
        assert_eq!(decode(&encoded(1, 2, 1)[..SIZE - 1]).err(), Some(SIZE - 1));
        assert_eq!(decode(&[]).map(Iterator::count), Ok(0));
    }
}
