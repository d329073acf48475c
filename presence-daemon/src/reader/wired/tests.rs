use super::*;
use std::sync::mpsc::{Receiver, channel};

/// A chip that does what a script says; the script's end is the chip's.
struct Scripted {
    set_ups: VecDeque<Result<(), Fault>>,
    looks: VecDeque<Result<Seen, Fault>>,
    done: std::sync::mpsc::Sender<&'static str>,
}

impl Chip for Scripted {
    fn set_up(&mut self) -> Result<(), Fault> {
        let _ = self.done.send("set up");
        self.set_ups.pop_front().unwrap_or(Ok(()))
    }

    fn look(&mut self) -> Result<Seen, Fault> {
        self.looks.pop_front().unwrap_or(Err(Fault::Silent))
    }

    fn reset_field(&mut self) -> Result<(), Fault> {
        let _ = self.done.send("field reset");
        Ok(())
    }
}

type Script = (Vec<Result<(), Fault>>, Vec<Result<Seen, Fault>>);

/// A reader whose bus opens to these chips, one after the other; then it opens no more.
fn reader(chips: impl IntoIterator<Item = Script>) -> (WiredReader, Receiver<&'static str>) {
    let (done, does) = channel();
    let mut chips: VecDeque<Script> = chips.into_iter().collect();
    let open = move || match chips.pop_front() {
        Some((set_ups, looks)) => {
            let chip = Scripted { set_ups: set_ups.into(), looks: looks.into(), done: done.clone() };
            Ok(Box::new(chip) as Box<dyn Chip>)
        }
        None => Err(NotOpened("no more chips".into())),
    };
    (WiredReader::new(ReaderName::new("porte").unwrap(), Box::new(open)), does)
}

/// What the reader tells until its bus opens no more; a loss is a word of its own.
fn told(reader: &mut WiredReader) -> Vec<String> {
    let stop = Stop::default();
    let mut told = Vec::new();
    loop {
        match reader.next_event(&stop) {
            Ok(Some(ReaderEvent::Ready { .. })) => told.push("ready".to_owned()),
            Ok(Some(ReaderEvent::Down { why, .. })) => told.push(format!("down {why:?}")),
            Ok(Some(ReaderEvent::Card { uid, found_lying, .. })) => {
                told.push(format!("{} {}", if found_lying { "lying" } else { "card" }, uid.as_bytes()[3]));
            }
            Ok(Some(ReaderEvent::Unreadable { .. })) => told.push("unreadable".to_owned()),
            Ok(Some(ReaderEvent::Removed { .. })) => told.push("removed".to_owned()),
            Ok(None) => unreachable!("nobody asked it to stop"),
            Err(ReaderError::Wired(WiredError::Open(_))) => return told,
            Err(error) => told.push(format!("lost: {error}")),
        }
    }
}

fn card(n: u8) -> Result<Seen, Fault> {
    Ok(Seen::Card(Uid::new(&[4, 0, 0, n]).unwrap()))
}

const NOTHING: Result<Seen, Fault> = Ok(Seen::Nothing);

#[track_caller]
fn check(chips: impl IntoIterator<Item = Script>, expected: &[&str]) {
    assert_eq!(told(&mut reader(chips).0), expected);
}

#[test]
fn a_card_is_told_once_when_it_comes_and_once_when_it_left() {
    let looks = vec![NOTHING, card(1), card(1), NOTHING, NOTHING, card(2)];
    let expected = ["ready", "card 1", "removed", "card 2", "down ChipSilent", "lost: reader on the header", "down NoBus"];
    check([(vec![], looks)], &expected);
}

#[test]
fn two_looks_that_fail_are_told_to_nobody_and_three_in_a_row_are() {
    let silent = || Err(Fault::Silent);
    let looks = vec![NOTHING, silent(), silent(), card(1), silent(), silent(), silent()];
    check([(vec![], looks)], &["ready", "card 1", "down ChipSilent", "lost: reader on the header", "down NoBus"]);
}

#[test]
fn a_failed_look_sets_the_chip_up_again() {
    let (mut reader, does) = reader([(vec![], vec![NOTHING, Err(Fault::Forgotten), card(1)])]);
    let _ = told(&mut reader);
    drop(reader);
    // at first, after the one that forgot, and after each silence at the script's end but the last
    assert_eq!(does.iter().filter(|what| *what == "set up").count(), 4);
}

#[test]
fn a_chip_that_can_not_be_set_up_is_told() {
    let looks = vec![NOTHING, Err(Fault::Silent)];
    let expected = ["ready", "down ChipSilent", "lost: reader on the header", "down NoBus"];
    check([(vec![Ok(()), Err(Fault::Silent), Err(Fault::Silent)], looks)], &expected);
    let wrong = vec![Err(Fault::WrongChip("an MFRC522")); 3];
    check([(wrong, vec![])], &["down WrongChip", "lost: reader on the header", "down NoBus"]);
}

#[test]
fn a_loss_is_told_once_though_it_lasts() {
    let broken = || (vec![Err(Fault::Silent); 3], vec![]);
    let lost = "lost: reader on the header";
    check([broken(), broken(), broken()], &["down ChipSilent", lost, lost, lost, "down NoBus"]);
}

#[test]
fn a_card_that_lies_there_through_a_loss_is_found_lying_and_one_that_left_is_removed() {
    let dies = |looks: Vec<Result<Seen, Fault>>| (vec![Ok(()), Err(Fault::Silent), Err(Fault::Silent)], looks);
    let lost = "lost: reader on the header";
    let chips = [dies(vec![NOTHING, card(1)]), dies(vec![card(1)]), dies(vec![NOTHING, NOTHING])];
    let expected = [
        "ready",
        "card 1",
        "down ChipSilent",
        lost,
        "ready",
        "lying 1",
        "down ChipSilent",
        lost,
        "ready",
        "removed",
        "down ChipSilent",
        lost,
        "down NoBus",
    ];
    check(chips, &expected);
}

#[test]
fn the_field_is_switched_off_before_a_card_is_called_gone() {
    let (mut reader, does) = reader([(vec![], vec![NOTHING, card(1), NOTHING, card(1), NOTHING, NOTHING])]);
    assert_eq!(told(&mut reader)[..3], ["ready", "card 1", "removed"]);
    drop(reader);
    assert_eq!(does.iter().filter(|what| *what == "field reset").count(), 2);
}

#[test]
fn a_stop_is_heard_between_two_looks() {
    let (mut reader, _) = reader([(vec![], vec![NOTHING; 100])]);
    let stop = Stop::default();
    assert_eq!(reader.next_event(&stop).unwrap(), Some(ReaderEvent::Ready { reader: ReaderName::new("porte").unwrap() }));
    stop.ask();
    assert_eq!(reader.next_event(&stop).unwrap(), None);
}
