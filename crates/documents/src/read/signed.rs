//! Signed files (`.p7m`): what is inside a CMS envelope, in DER or BER, plain or as base64 text.
//!
//! Signatures are not checked: an invoice is believed for what it says, signed or not.

use base64::{Engine, engine::general_purpose::STANDARD};
use std::borrow::Cow;

/// The object identifier of signed content (RFC 5652, section 5.1), as an element.
const SIGNED: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
/// How far into a file that identifier stands, after the outermost head.
const SIGNED_WITHIN: usize = 24;
/// How deep elements may be nested.
const DEEPEST: usize = 16;

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const OCTETS_IN_PARTS: u8 = 0x24;
const IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const WRAPPED: u8 = 0xa0;

/// Returns whether a file is signed content, by its first bytes.
#[must_use]
pub fn is_signed(bytes: &[u8]) -> bool {
    let names_it = |head: &[u8]| head.windows(SIGNED.len()).any(|window| window == SIGNED);
    let head = bytes.get(..SIGNED_WITHIN.min(bytes.len())).unwrap_or_default();
    if head.first() == Some(&SEQUENCE) {
        return names_it(head);
    }
    let text = bytes.get(..bytes.len().min(256)).unwrap_or_default();
    from_base64(text).is_some_and(|head| {
        head.first() == Some(&SEQUENCE) && names_it(head.get(..SIGNED_WITHIN).unwrap_or(&head))
    })
}

/// Returns the content of signed content; nothing where there is none or it cannot be followed.
#[must_use]
pub fn content(bytes: &[u8]) -> Option<Vec<u8>> {
    let bytes = match bytes.first() {
        Some(&SEQUENCE) => Cow::Borrowed(bytes),
        _ => Cow::Owned(from_base64(bytes)?),
    };
    let envelope = element(&bytes, DEEPEST)?.of(SEQUENCE)?;
    let kind = element(envelope.inside, DEEPEST)?.of(IDENTIFIER)?;
    let wrapped = element(kind.after, DEEPEST)?.of(WRAPPED)?;
    let signed = element(wrapped.inside, DEEPEST)?.of(SEQUENCE)?;
    let version = element(signed.inside, DEEPEST)?.of(INTEGER)?;
    let digests = element(version.after, DEEPEST)?.of(SET)?;
    let held = element(digests.after, DEEPEST)?.of(SEQUENCE)?;
    let held_kind = element(held.inside, DEEPEST)?.of(IDENTIFIER)?;
    let content = element(held_kind.after, DEEPEST)?.of(WRAPPED)?;
    let mut joined = Vec::new();
    join(content.inside, DEEPEST, &mut joined)?;
    Some(joined)
}

/// Decodes base64 text, of which armour lines and a last incomplete group are left out.
fn from_base64(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('-'));
    let mut letters: String = lines.collect();
    while !letters.len().is_multiple_of(4) {
        letters.pop();
    }
    STANDARD.decode(letters).ok()
}

/// A tag, what it holds, and what follows.
struct Element<'a> {
    tag: u8,
    inside: &'a [u8],
    after: &'a [u8],
}

impl Element<'_> {
    fn of(self, tag: u8) -> Option<Self> {
        (self.tag == tag).then_some(self)
    }
}

/// Reads the first element; its length may be given, or its end be marked by two zeros.
fn element(bytes: &[u8], depth: usize) -> Option<Element<'_>> {
    let depth = depth.checked_sub(1)?;
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    if tag & 0x1f == 0x1f {
        return None;
    }
    if first == 0x80 {
        let mut at = rest;
        while !at.starts_with(&[0, 0]) {
            at = element(at, depth)?.after;
        }
        let length = rest.len().checked_sub(at.len())?;
        return Some(Element { tag, inside: rest.get(..length)?, after: at.get(2..)? });
    }
    let (length, rest) = match first {
        short @ ..0x80 => (usize::from(short), rest),
        long => {
            let (digits, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            let add = |sum: usize, digit: &u8| sum.checked_mul(256)?.checked_add((*digit).into());
            (digits.iter().try_fold(0, add)?, rest)
        }
    };
    let (inside, after) = rest.split_at_checked(length)?;
    Some(Element { tag, inside, after })
}

/// Puts together bytes that may come in parts.
fn join(bytes: &[u8], depth: usize, joined: &mut Vec<u8>) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    let mut at = bytes;
    while !at.is_empty() {
        let part = element(at, depth)?;
        match part.tag {
            OCTETS => joined.extend_from_slice(part.inside),
            OCTETS_IN_PARTS => join(part.inside, depth, joined)?,
            _ => return None,
        }
        at = part.after;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// An element with its length.
    fn short(tag: u8, inside: &[u8]) -> Vec<u8> {
        let length = u16::try_from(inside.len()).unwrap().to_be_bytes();
        [&[tag, 0x82], length.as_slice(), inside].concat()
    }

    /// An element whose end is marked.
    fn open(tag: u8, inside: &[u8]) -> Vec<u8> {
        [&[tag, 0x80], inside, &[0, 0]].concat()
    }

    /// Signed content without certificates and signatures.
    fn signed(content: &[u8], wrap: fn(u8, &[u8]) -> Vec<u8>) -> Vec<u8> {
        let plain = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
        let held = wrap(SEQUENCE, &[plain.to_vec(), wrap(WRAPPED, content)].concat());
        let version = vec![2, 1, 1];
        let inner = wrap(SEQUENCE, &[version, short(SET, &[]), held, short(SET, &[])].concat());
        wrap(SEQUENCE, &[SIGNED.to_vec(), wrap(WRAPPED, &inner)].concat())
    }

    #[test]
    fn content_is_found_with_lengths_with_marked_ends_and_as_text() {
        let whole = signed(&short(OCTETS, b"<a/>"), short);
        let parts = [short(OCTETS, b"<a"), short(OCTETS, b"/>")].concat();
        let in_parts = signed(&open(OCTETS_IN_PARTS, &parts), open);
        let text = STANDARD.encode(&whole).into_bytes();
        let armoured = [b"-----BEGIN PKCS7-----\n", text.as_slice(), b"\n-----END PKCS7-----\n"];
        for file in [whole, in_parts, text.clone(), armoured.concat()] {
            assert!(is_signed(&file));
            assert_eq!(content(&file).as_deref(), Some(b"<a/>".as_slice()));
        }
    }

    #[test]
    fn what_is_cut_off_or_signed_elsewhere_has_no_content() {
        let whole = signed(&short(OCTETS, b"<a/>"), short);
        assert_eq!(content(&whole[..40]), None);
        assert_eq!(content(&signed(&short(0x13, b"<a/>"), short)), None);
        assert!(!is_signed(b"0 plain text that begins like a sequence"));
        assert!(!is_signed(b"MIIB, a name of four letters and more text"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let file = [&[SEQUENCE, 0x80], SIGNED, &[WRAPPED, 0x80, SEQUENCE, 0x80], &bytes];
            let found = content(&file.concat());
            prop_assert!(found.is_none_or(|found| found.len() <= bytes.len()));
        }
    }
}
