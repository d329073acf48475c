//! A lobby screen's board: it hears of nothing but the document made for it, and no touch does anything.

use super::{Board, Now};
use voisins_shared::config::ScreenSurface;
use voisins_shared::payload::{LobbyEvent, LobbyNeed};
use voisins_shared::topic::Topic;

impl Board {
    /// The same for another surface.
    #[must_use]
    pub fn with_surface(self, surface: ScreenSurface) -> Self {
        Self { surface, ..self }
    }

    /// Whether nobody touches this screen.
    #[must_use]
    pub fn is_lobby(&self) -> bool {
        self.surface == ScreenSurface::Lobby
    }

    /// Whether a message is for this screen. What a lobby screen's account may not read must not show if the rules are wrong.
    pub(super) fn hears(&self, topic: &Topic) -> bool {
        !self.is_lobby() || matches!(topic, Topic::Status | Topic::Session | Topic::Lobby | Topic::Evacuation)
    }

    /// How many neighbours the lobby screen shows.
    pub(super) fn lobby_count(&self) -> usize {
        self.roster.lobby().map_or(0, |lobby| lobby.present.len())
    }

    /// What the lobby's bar shows now: one need after the other, and the next event of today. Nothing once names leave the screen.
    #[must_use]
    pub fn lobby_bar(&self, now: Now) -> (Option<&LobbyNeed>, Option<&LobbyEvent>) {
        let lobby = self.roster.lobby().filter(|_| self.is_lobby() && self.connection.is_worth_showing());
        let Some(lobby) = lobby else { return (None, None) };
        let turn = usize::try_from(self.turns(now)).unwrap_or(0);
        (lobby.needs.get(turn % lobby.needs.len().max(1)), lobby.events.first())
    }
}
