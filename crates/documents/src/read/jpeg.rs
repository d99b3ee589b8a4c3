//! Whether a JPEG file was sent to its end: decoders show what there is of it, and grey for the rest.

/// Marks the end of a picture.
const END: u8 = 0xD9;

/// Returns whether the picture has its end mark. Whatever stands behind it is not looked at, nor is
/// the small picture that a header may hold.
pub fn is_whole(bytes: &[u8]) -> bool {
    let mut at = 2_usize;
    loop {
        let Some((mark, after)) = next_mark(bytes, at) else { return false };
        match mark {
            END => return true,
            // These have no length: a stuffed byte, restarts, a start.
            0x00 | 0x01 | 0xD0..=0xD8 => at = after,
            _ => match behind(bytes, after) {
                Some(next) => at = next,
                None => return false,
            },
        }
    }
}

/// Returns the next mark from a place on, and the place after it.
fn next_mark(bytes: &[u8], from: usize) -> Option<(u8, usize)> {
    let rest = bytes.get(from..)?;
    let at = rest.windows(2).position(|pair| matches!(pair, [0xFF, mark] if *mark != 0xFF))?;
    let mark = *rest.get(at.checked_add(1)?)?;
    Some((mark, from.checked_add(at)?.checked_add(2)?))
}

/// Returns the place behind a part that begins with its length.
fn behind(bytes: &[u8], at: usize) -> Option<usize> {
    let [high, low] = bytes.get(at..at.checked_add(2)?)? else { return None };
    at.checked_add(usize::from(u16::from_be_bytes([*high, *low])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{RgbImage, codecs::jpeg::JpegEncoder};

    fn jpeg() -> Vec<u8> {
        let picture = RgbImage::from_fn(64, 64, |x, y| {
            image::Rgb([u8::try_from((x ^ y) & 255).unwrap(), 90, 200])
        });
        let mut bytes = Vec::new();
        JpegEncoder::new(&mut bytes).encode_image(&picture).unwrap();
        bytes
    }

    #[test]
    fn a_picture_without_its_end_is_not_whole() {
        let whole = jpeg();
        assert!(is_whole(&whole));
        for length in [0, 2, 3, 20, whole.len() / 3, whole.len() / 2, whole.len() - 2] {
            assert!(!is_whole(&whole[..length]), "{length}");
        }
    }

    #[test]
    fn what_stands_behind_the_end_or_in_a_header_does_not_count() {
        let whole = jpeg();
        let mut moving = whole.clone();
        moving.extend(b"a film of two seconds");
        assert!(is_whole(&moving));
        // A small picture in a part of the header, and the pixels of the large one missing.
        let length = u16::try_from(whole.len() + 2).unwrap().to_be_bytes();
        let mut cut = vec![0xFF, 0xD8, 0xFF, 0xE1, length[0], length[1]];
        cut.extend(&whole);
        cut.extend(&whole[2..whole.len() / 2]);
        assert!(!is_whole(&cut));
    }
}
