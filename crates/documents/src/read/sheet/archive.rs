//! What an archive would unpack to, counted before anything of it is used.

use crate::Limits;
use domain::document::Obstacle;
use std::io::{self, Cursor, Read};
use zip::ZipArchive;

/// Checks an archive against the limits: members, bytes as declared, then bytes as they are.
///
/// # Errors
///
/// [`Obstacle::UnpacksTooLarge`] beyond a limit, [`Obstacle::Encrypted`] if a member is locked,
/// [`Obstacle::Broken`] if it cannot be unpacked.
pub fn check(bytes: &[u8], limits: &Limits) -> Result<(), Obstacle> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Obstacle::Broken)?;
    if archive.len() > limits.members {
        return Err(Obstacle::UnpacksTooLarge);
    }
    let mut declared = 0_u64;
    for at in 0..archive.len() {
        let member = archive.by_index_raw(at).map_err(|_| Obstacle::Broken)?;
        if member.encrypted() {
            return Err(Obstacle::Encrypted);
        }
        declared = declared.saturating_add(member.size());
    }
    if declared > limits.unpacked {
        return Err(Obstacle::UnpacksTooLarge);
    }
    // A member may say less than it holds.
    let mut left = limits.unpacked;
    for at in 0..archive.len() {
        let member = archive.by_index(at).map_err(|_| Obstacle::Broken)?;
        let mut some = member.take(left.saturating_add(1));
        let held = io::copy(&mut some, &mut io::sink()).map_err(|_| Obstacle::Broken)?;
        left = left.checked_sub(held).ok_or(Obstacle::UnpacksTooLarge)?;
    }
    Ok(())
}
