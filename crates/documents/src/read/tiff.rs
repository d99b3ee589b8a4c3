//! The pages of a TIFF file (TIFF 6.0, section 2): a chain of directories, each a picture.

/// Bytes of a directory's entry.
const ENTRY: usize = 12;
/// The tag that tells what a picture is for; bit 0 marks a smaller copy of another one.
const NEW_SUBFILE_TYPE: u16 = 254;
/// More directories than this are a loop or an attack.
const MOST_DIRECTORIES: usize = 1000;

/// Returns where the pages' directories stand, in order, without smaller copies.
///
/// Empty where the file is no classic TIFF; the decoder then sees to it as it is.
#[must_use]
pub fn directories(bytes: &[u8]) -> Vec<u32> {
    let Some(file) = Tiff::open(bytes) else { return Vec::new() };
    let mut found: Vec<u32> = Vec::new();
    let mut copies: Vec<u32> = Vec::new();
    let mut next = file.long(4);
    while let Some(at) = next.filter(|at| *at != 0) {
        let known = found.len().saturating_add(copies.len());
        if known >= MOST_DIRECTORIES || found.contains(&at) || copies.contains(&at) {
            break;
        }
        let Some((is_copy, following)) = file.directory(at) else { break };
        if is_copy {
            copies.push(at)
        } else {
            found.push(at)
        }
        next = following;
    }
    found
}

/// Returns the file with the picture of a directory in first place.
#[must_use]
pub fn starting_at(bytes: &[u8], directory: u32) -> Vec<u8> {
    let mut file = bytes.to_vec();
    let offset =
        if bytes.starts_with(b"II") { directory.to_le_bytes() } else { directory.to_be_bytes() };
    if let Some(place) = file.get_mut(4..8) {
        place.copy_from_slice(&offset);
    }
    file
}

struct Tiff<'b> {
    bytes: &'b [u8],
    is_little_endian: bool,
}

impl<'b> Tiff<'b> {
    fn open(bytes: &'b [u8]) -> Option<Self> {
        let is_little_endian = bytes.starts_with(b"II*\0");
        (is_little_endian || bytes.starts_with(b"MM\0*"))
            .then_some(Self { bytes, is_little_endian })
    }

    /// Returns whether a directory holds a smaller copy, and where the next one stands.
    fn directory(&self, at: u32) -> Option<(bool, Option<u32>)> {
        let at = usize::try_from(at).ok()?;
        let first = at.checked_add(2)?;
        let end = usize::from(self.short(at)?).checked_mul(ENTRY)?.checked_add(first)?;
        let is_copy = (first..end).step_by(ENTRY).any(|entry| {
            self.short(entry) == Some(NEW_SUBFILE_TYPE)
                && entry.checked_add(8).and_then(|value| self.long(value)).is_some_and(is_odd)
        });
        Some((is_copy, self.long(end)))
    }

    fn short(&self, at: usize) -> Option<u16> {
        let bytes = self.bytes.get(at..)?.first_chunk()?;
        let read = if self.is_little_endian { u16::from_le_bytes } else { u16::from_be_bytes };
        Some(read(*bytes))
    }

    fn long(&self, at: usize) -> Option<u32> {
        let bytes = self.bytes.get(at..)?.first_chunk()?;
        let read = if self.is_little_endian { u32::from_le_bytes } else { u32::from_be_bytes };
        Some(read(*bytes))
    }
}

const fn is_odd(value: u32) -> bool {
    value & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of directories, each with the one entry that tells what its picture is for.
    fn file(kinds: &[u32], last_leads_to: u32) -> Vec<u8> {
        let mut bytes = b"MM\0*\0\0\0\x08".to_vec();
        let following = (26..).step_by(18).take(kinds.len().saturating_sub(1));
        for (kind, next) in kinds.iter().zip(following.chain([last_leads_to])) {
            bytes.extend([0, 1, 0, 254, 0, 4, 0, 0, 0, 1]);
            bytes.extend(kind.to_be_bytes());
            bytes.extend(next.to_be_bytes());
        }
        bytes
    }

    #[test]
    fn smaller_copies_are_no_pages() {
        assert_eq!(directories(&file(&[0, 1, 2], 0)), [8, 44]);
    }

    #[test]
    fn a_chain_that_bites_its_tail_ends() {
        assert_eq!(directories(&file(&[0, 0], 8)), [8, 26]);
    }

    #[test]
    fn a_chain_that_leads_nowhere_ends() {
        assert_eq!(directories(&file(&[0], 90_000)), [8]);
        assert!(directories(b"MM\0*\0\0\xff\xff").is_empty());
        assert!(directories(b"GIF89a").is_empty());
    }

    #[test]
    fn a_page_is_put_first() {
        let bytes = file(&[0, 0], 0);
        assert_eq!(directories(&starting_at(&bytes, 26)), [26]);
    }
}
