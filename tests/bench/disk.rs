//! What decide, record (one transaction of SQLite, synced) and apply take by themselves: the daemon's own code on the database that the
//! chain is measured on, before the daemon opens it.

use crate::numbers::{Sample, milliseconds};
use crate::{Outcome, stop};
use presence_daemon::authentic::Proof;
use presence_daemon::clock::since_boot;
use presence_daemon::config::Role;
use presence_daemon::house::House;
use presence_daemon::presence::Input;
use voisins_shared::name::ReaderName;
use voisins_shared::uid::Uid;
use voisins_tests::world::uid;

/// As many as the taps have by default.
const TIMES: usize = 500;
/// The first ones fill caches.
const UNCOUNTED: usize = 20;

/// A card held to the reader, up to where it would be told.
pub fn tap(house: &mut House, reader: &ReaderName, role: Role, member: usize) -> Outcome<()> {
    let (card, now) = (house.card(&Uid::new(&uid(member))?, Proof::Uid), house.now());
    let tap = Input::Tap { reader: reader.clone(), role, card, dice: 0 };
    house.handle(&tap, &now, None)?;
    Ok(())
}

/// Departures and arrivals in turn, in a house where everybody of `members` is: they are afterwards, too.
pub fn alone(house: &mut House, reader: &ReaderName, members: usize) -> Outcome<Sample> {
    let mut times = Vec::with_capacity(TIMES);
    for time in 0..UNCOUNTED + TIMES {
        stop::check()?;
        let before = since_boot();
        // each twice: out, and in again
        tap(house, reader, Role::Toggle, time / 2 % members)?;
        times.push(milliseconds(before, since_boot()));
    }
    Ok(Sample::new(times.into_iter().skip(UNCOUNTED)))
}
