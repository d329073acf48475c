//! Badges that prove themselves, in a whole world: written by the daemon's command, enrolled at its reader.

use crate::authentic_card::Chip;
use crate::card::Card;
use crate::world::{World, name, wait_until};
use presence_daemon::control::{self, Ask, Reply};

impl World {
    /// Writes a new card at the first reader, and makes it a member's badge, which has proved itself when this returns.
    #[track_caller]
    pub fn enrol(&self, member: usize, chip: &Chip) {
        let reader = &self.pcscd.readers[0];
        let codes = || match control::ask(&self.state(), &Ask::Status) {
            Ok(Reply::Status { pairings, .. }) => pairings,
            other => panic!("the daemon runs: {other:?}"),
        };
        let others = codes();
        reader.insert(Card::of(chip));
        let written = self.command(&["badge", "personalise", "--yes"]);
        assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
        reader.remove();
        let code = wait_until("a code for the card", || {
            reader.tap(Card::of(chip));
            codes().into_iter().find(|code| !others.contains(code))
        });
        let enrolled = self.command(&["badge", "enrol", &code.to_string(), &name(member)]);
        assert!(enrolled.status.success(), "{}", String::from_utf8_lossy(&enrolled.stderr));
        wait_until("it is their badge, and has proved itself", || {
            let proved = self.number("SELECT count(*) FROM badge WHERE authentic = 1") > 0;
            if !proved {
                reader.tap(Card::of(chip));
            }
            proved.then_some(())
        });
    }
}
