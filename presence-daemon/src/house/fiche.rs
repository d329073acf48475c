//! What a member changes on their phone.

use super::{ChangeError, House, Written};
use crate::clock::Now;
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
}
