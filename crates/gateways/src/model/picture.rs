//! What a picture costs before it is sent: its size, its tokens, and how closely it must be seen.

use super::capability::PictureTokens;

/// How closely a model looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// A glance of 512 pixels: enough for a page whose words are sent as text.
    Low,
    /// Close enough to read letters.
    High,
}

/// A picture of a page, in pixels; taken for one whose size cannot be told.
const PAGE: (u32, u32) = (1_536, 1_536);

/// Returns width and height of a JPEG from its frame header, without decoding it.
#[must_use]
pub fn size(jpeg: &[u8]) -> Option<(u32, u32)> {
    let mut rest = jpeg.strip_prefix(&[0xFF, 0xD8])?;
    loop {
        let [0xFF, marker, high, low, segment @ ..] = rest else { return None };
        // The start of a frame is C0 to CF, but for the tables C4, C8 and CC among them.
        if matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC) {
            let [_, top, bottom, left, right, ..] = segment else { return None };
            let height = u32::from(u16::from_be_bytes([*top, *bottom]));
            let width = u32::from(u16::from_be_bytes([*left, *right]));
            return Some((width, height));
        }
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        rest = segment.get(length.checked_sub(2)?..)?;
    }
}

/// Returns how many tokens a picture takes.
#[must_use]
pub fn tokens(jpeg: &[u8], detail: Detail, counting: PictureTokens) -> u64 {
    let (width, height) = size(jpeg).unwrap_or(PAGE);
    match counting {
        PictureTokens::Tiles { fixed, .. } if detail == Detail::Low => fixed,
        PictureTokens::Tiles { fixed, tile } => {
            fixed.saturating_add(tile.saturating_mul(tiles(width, height)))
        }
        PictureTokens::Patches { tenths } => {
            let (width, height) = match detail {
                Detail::Low => fitted(width, height, 512),
                Detail::High => (width, height),
            };
            let patches =
                u64::from(width.div_ceil(32)).saturating_mul(u64::from(height.div_ceil(32)));
            patches.saturating_mul(tenths).div_ceil(10)
        }
    }
}

/// Returns the tiles of 512 pixels that a picture is cut into.
fn tiles(width: u32, height: u32) -> u64 {
    let (width, height) = fitted(width, height, 2_048);
    let shorter = width.min(height).max(1);
    let scaled = |side: u32| {
        if shorter <= 768 {
            return side;
        }
        let side = u64::from(side).saturating_mul(768).checked_div(u64::from(shorter));
        u32::try_from(side.unwrap_or_default()).unwrap_or(u32::MAX)
    };
    let (width, height) = (scaled(width), scaled(height));
    u64::from(width.div_ceil(512)).saturating_mul(u64::from(height.div_ceil(512)))
}

/// Returns a size scaled down so that its longer side fits; never up.
fn fitted(width: u32, height: u32, longest: u32) -> (u32, u32) {
    let longer = width.max(height);
    if longer <= longest {
        return (width, height);
    }
    let scaled = |side: u32| {
        let side = u64::from(side).saturating_mul(u64::from(longest));
        u32::try_from(side.checked_div(u64::from(longer)).unwrap_or_default()).unwrap_or(longest)
    };
    (scaled(width), scaled(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINI: PictureTokens = PictureTokens::Tiles { fixed: 2_833, tile: 5_667 };

    /// A frame header behind a segment of another kind.
    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x04, 1, 2];
        bytes.extend([0xFF, 0xC0, 0x00, 0x0B, 8]);
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes.extend([1, 1, 0x11, 0]);
        bytes
    }

    #[test]
    fn the_size_of_a_picture_is_in_its_frame_header() {
        assert_eq!(size(&jpeg(1_200, 1_600)), Some((1_200, 1_600)));
        for broken in [&b""[..], b"\xFF\xD8", b"GIF89a", &jpeg(1, 1)[..12]] {
            assert_eq!(size(broken), None, "{broken:?}");
        }
    }

    #[test]
    fn tiles_are_counted_as_the_price_list_says() {
        // A photo of a phone is four tiles, whatever its resolution.
        for (width, height) in [(3_000, 4_000), (1_152, 1_536), (768, 1_024)] {
            assert_eq!(tokens(&jpeg(width, height), Detail::High, MINI), 25_501);
        }
        assert_eq!(tokens(&jpeg(1_152, 1_536), Detail::Low, MINI), 2_833);
        assert_eq!(tokens(&jpeg(500, 500), Detail::High, MINI), 8_500);
        assert_eq!(tokens(b"no picture", Detail::High, MINI), 25_501);
    }

    #[test]
    fn patches_are_counted_one_by_one() {
        let patches = PictureTokens::Patches { tenths: 12 };
        assert_eq!(tokens(&jpeg(1_152, 1_536), Detail::High, patches), 2_074);
        assert_eq!(tokens(&jpeg(1_152, 1_536), Detail::Low, patches), 231);
    }
}
