//! XML bytes to text: UTF-8, UTF-16 in both orders, and Latin-1 where the document says so.

/// Returns the text of an XML document; what cannot be decoded becomes U+FFFD.
#[must_use]
pub fn to_text(bytes: &[u8]) -> String {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        [0xff, 0xfe, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        [b'<', 0, ..] => utf_16(bytes, u16::from_le_bytes),
        [0, b'<', ..] => utf_16(bytes, u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) if says_latin(bytes) => bytes.iter().copied().map(latin).collect(),
            Err(_) => String::from_utf8_lossy(bytes).into_owned(),
        },
    }
}

fn utf_16(bytes: &[u8], order: fn([u8; 2]) -> u16) -> String {
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .filter_map(|pair| <[u8; 2]>::try_from(pair).ok())
        .map(order)
        .collect();
    String::from_utf16_lossy(&units)
}

fn says_latin(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(200)).unwrap_or_default();
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    ["iso-8859-1", "iso-8859-15", "windows-1252", "latin1"].iter().any(|name| head.contains(name))
}

/// Returns the letter of a byte: Windows-1252 where it differs for printed text; the rest of
/// Latin-1 is the same in Unicode.
#[must_use]
pub fn latin(byte: u8) -> char {
    match byte {
        0x80 => '€',
        0x91 => '‘',
        0x92 => '’',
        0x93 => '“',
        0x94 => '”',
        0x96 => '–',
        0x97 => '—',
        other => char::from(other),
    }
}

#[cfg(test)]
mod tests {
    use super::to_text;

    #[test]
    fn every_usual_encoding_gives_the_same_text() {
        let text = "<a>Käse</a>";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(to_text(text.as_bytes()), text);
        assert_eq!(to_text(&[&[0xef, 0xbb, 0xbf], text.as_bytes()].concat()), text);
        assert_eq!(to_text(&[vec![0xff, 0xfe], little.clone()].concat()), text);
        assert_eq!(to_text(&[vec![0xfe, 0xff], big].concat()), text);
        assert_eq!(to_text(&little), text);
    }

    #[test]
    fn latin_is_read_where_it_is_declared() {
        assert_eq!(
            to_text(b"<?xml version='1.0' encoding='ISO-8859-1'?><a>K\xe4se</a>"),
            "<?xml version='1.0' encoding='ISO-8859-1'?><a>Käse</a>"
        );
    }
}
