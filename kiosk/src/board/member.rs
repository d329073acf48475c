//! A member's card over home or over the search: open until somebody closes it, until nobody touches the screen for a minute, or until
//! there is nothing of it to show any more.

use super::Board;
use voisins_shared::member::MemberId;

impl Board {
    /// Whose card is open.
    #[must_use]
    pub fn member(&self) -> Option<MemberId> {
        self.member
    }

    /// A touch on somebody. Who left the directory meanwhile is not shown.
    pub(super) fn open_member(&mut self, member: MemberId) {
        self.member = Some(member);
        self.settle_member();
    }

    /// Closes the card of somebody who took their consent back, and any card when names leave the screen.
    pub(super) fn settle_member(&mut self) {
        let names = self.connection.keeps_names();
        let roster = &self.roster;
        self.member.take_if(|member| !names || roster.member(*member).is_none());
    }
}
