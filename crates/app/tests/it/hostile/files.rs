//! Hostile files, written byte by byte.

#![expect(clippy::arithmetic_side_effects, reason = "the numbers are chosen here and small")]

/// Writes a PDF of objects, the first being the catalogue; without cross references, as in many a
/// real file.
pub fn pdf(objects: &[String]) -> Vec<u8> {
    pdf_with(objects, "")
}

/// The same with more in its trailer.
pub fn pdf_with(objects: &[String], trailer: &str) -> Vec<u8> {
    let mut text = "%PDF-1.4\n".to_owned();
    for (number, object) in (1..).zip(objects) {
        text.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    text.push_str(&format!("trailer\n<< /Root 1 0 R {trailer} >>\n%%EOF\n"));
    text.into_bytes()
}

pub fn stream(dictionary: &str, content: &str) -> String {
    format!("<< {dictionary} /Length {} >>\nstream\n{content}\nendstream", content.len())
}

/// Returns the objects of one page with this drawing; `more` stands in the page's dictionary.
pub fn page(drawing: &str, more: &str) -> Vec<String> {
    vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
             /Resources << /Font << /F1 5 0 R >> >> {more} >>"
        ),
        stream("", drawing),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ]
}

/// Returns a page whose drawing is these packed bytes.
pub fn pdf_of_bytes(filters: &str, packed: &[u8]) -> Vec<u8> {
    let head = "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n\
                << /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page \
                /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>\nendobj\n";
    let mut file = head.as_bytes().to_vec();
    file.extend(format!("4 0 obj\n<< {filters} /Length {} >>\nstream\n", packed.len()).bytes());
    file.extend(packed);
    file.extend(b"\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n");
    file
}

/// Returns that many zeros, packed as tightly as the format allows (RFC 1950 and 1951): one zero,
/// then "the last byte 258 times again", thirteen bits each.
pub fn deflated_zeros(count: usize) -> Vec<u8> {
    let mut bits = Bits { bytes: vec![0x78, 0x9c], free: 0 };
    bits.put(0b1, 1); // the last block
    bits.put(0b01, 2); // with fixed codes
    bits.put_code(0b0011_0000, 8); // the byte zero
    for _ in 0..count / 258 {
        bits.put_code(0b1100_0101, 8); // a length of 258
        bits.put_code(0, 5); // a distance of one
    }
    bits.put_code(0, 7); // the end
    // The checksum of so many zeros: the sum stays 1 and is added up for each of them.
    let total = u32::try_from((count / 258 * 258 + 1) % 65_521).unwrap();
    bits.bytes.extend((total << 16 | 1).to_be_bytes());
    bits.bytes
}

struct Bits {
    bytes: Vec<u8>,
    free: u32,
}

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        for at in 0..count {
            if self.free == 0 {
                self.bytes.push(0);
                self.free = 8;
            }
            let bit = u8::try_from(value >> at & 1).unwrap() << (8 - self.free);
            *self.bytes.last_mut().unwrap() |= bit;
            self.free -= 1;
        }
    }

    /// Codes stand with their most significant bit first.
    fn put_code(&mut self, code: u32, count: u32) {
        self.put(code.reverse_bits() >> (32 - count), count);
    }
}

/// Returns a grey PNG that declares these sides, with more chunks before its pixels.
pub fn png(width: u32, height: u32, chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    chunk(&mut file, b"IHDR", &head);
    for (name, content) in chunks {
        chunk(&mut file, name, content);
    }
    let bytes =
        usize::try_from(width).unwrap().saturating_add(1) * usize::try_from(height).unwrap();
    chunk(&mut file, b"IDAT", &deflated_zeros(bytes.min(1_000_000) + 258));
    chunk(&mut file, b"IEND", b"");
    file
}

fn chunk(file: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) {
    file.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
    let named = [name.as_slice(), content].concat();
    file.extend(&named);
    file.extend(crc(&named).to_be_bytes());
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1))
        })
    })
}

/// Returns a GIF of blank pictures that each fill a screen of these sides.
pub fn gif(width: u16, height: u16, pictures: usize) -> Vec<u8> {
    let sides = [width.to_le_bytes(), height.to_le_bytes()].concat();
    let mut file = [b"GIF89a".as_slice(), &sides, &[0x80, 0, 0, 255, 255, 255, 0, 0, 0]].concat();
    // "Begin anew, zero, end" in codes of three bits.
    let picture = [&[0x2c, 0, 0, 0, 0][..], &sides, &[0, 2, 2, 0x44, 0x01, 0]].concat();
    for _ in 0..pictures {
        file.extend(&picture);
    }
    file.push(0x3b);
    file
}

/// Returns a grey TIFF that declares these sides and holds one strip of nothing.
pub fn tiff(width: u32, height: u32) -> Vec<u8> {
    let entries: [(u16, u32); 8] = [
        (256, width),
        (257, height),
        (258, 8),
        (259, 1),
        (262, 1),
        (273, 8),
        (278, height),
        (279, 8),
    ];
    let mut file = b"II*\0\x08\0\0\0".to_vec();
    file.extend(u16::try_from(entries.len()).unwrap().to_le_bytes());
    for (tag, value) in entries {
        file.extend(tag.to_le_bytes());
        file.extend([4, 0, 1, 0, 0, 0]);
        file.extend(value.to_le_bytes());
    }
    file.extend([0; 4]);
    file
}

/// Returns the head of a true-colour bitmap of these sides.
pub fn bmp(width: u32, height: u32) -> Vec<u8> {
    let mut file = b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    file.extend(width.to_le_bytes());
    file.extend(height.to_le_bytes());
    file.extend([1, 0, 24, 0]);
    file.resize(70, 0);
    file
}

/// Returns a lossless WebP that declares these sides.
pub fn webp(width: u32, height: u32) -> Vec<u8> {
    let sides = ((width - 1) | (height - 1) << 14).to_le_bytes();
    let content = [b"VP8L\x0a\0\0\0\x2f".as_slice(), &sides, &[0; 5]].concat();
    let length = u32::try_from(content.len() + 4).unwrap().to_le_bytes();
    [b"RIFF".as_slice(), &length, b"WEBP", &content].concat()
}
