//! What a member changes on their phone, and what a badge says to one.

use super::{ChangeError, House, Written};
use crate::authentic::sun::{Message, Verdict, verify};
use crate::clock::Now;
use crate::directory::BadgeState;
use crate::profile::ProfileError;
use crate::profile::own::{self, OwnChange};
use crate::store::StoreError;
use voisins_shared::member::MemberId;
use voisins_shared::topic::Topic;

impl House {
    /// Makes a change that a member asked for on their phone.
    ///
    /// # Errors
    /// [`ChangeError`]: nothing was written.
    pub fn change_own(&mut self, member: MemberId, change: &OwnChange, now: &Now) -> Result<Written, ChangeError> {
        let member = self.directory.member(member).ok_or(ProfileError::Unknown)?;
        let change = own::change(member, change, self.today(now))?;
        Ok(self.save(change, None)?)
    }

    /// Keeps a member's own photo, or takes it away.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was written.
    pub fn keep_photo(&mut self, member: MemberId, photo: Option<&[u8]>) -> Result<Written, StoreError> {
        let dirty = vec![Topic::Directory, Topic::Photo(member)];
        let recorded = match photo {
            Some(photo) => self.store.save_photo(member, photo, &dirty)?,
            None => self.store.remove_photo(member, &dirty)?,
        };
        self.directory = self.store.directory()?;
        Ok(Written { recorded, dirty })
    }

    /// Notes whether a member wants to be written to.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was written.
    pub fn agree_to_mail(&mut self, member: MemberId, agreed: bool, now: &Now) -> Result<(), StoreError> {
        let today = self.today(now).to_string();
        self.store.agree_to_mail(member, agreed, &today)
    }

    /// Takes what a badge said to a phone: it is good for one time.
    ///
    /// # Errors
    /// [`StoreError`]: it was not taken, and may be used again.
    pub fn said_to_phone(&mut self, message: &Message) -> Result<Verdict, StoreError> {
        let Ok(read) = verify(message, &self.site_keys) else { return Ok(Verdict::Forged) };
        let mut digests = self.keys.macs(&read.uid);
        let badge = self.directory.badge_of(&digests);
        if let Some((own, _)) = badge {
            // by the digest that the badge is known by, and is forgotten by
            digests.sort_by_key(|digest| *digest != own);
        }
        if !self.store.take_read(&digests, read.count)? {
            return Ok(Verdict::Replayed);
        }
        let lost = badge.is_some_and(|(_, badge)| badge.state == BadgeState::Lost);
        Ok(if lost { Verdict::Lost } else { Verdict::Genuine })
    }
}
