//! Which kind of workbook a container holds: archives and compound files are told by what is in
//! them, never by a name.

use domain::document::FileType;
use std::io::Cursor;
use zip::ZipArchive;

const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// Entries of a compound file's directory begin at multiples of this.
const DIRECTORY_STEP: usize = 128;
const ODS: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// Returns the type of a workbook; nothing for other archives and compound files.
#[must_use]
pub fn of_workbook(bytes: &[u8]) -> Option<FileType> {
    if bytes.starts_with(COMPOUND) {
        return of_compound(bytes);
    }
    if !bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    // The first member says the type of an OpenDocument, stored as it is.
    let head = bytes.get(..bytes.len().min(200)).unwrap_or_default();
    if head.windows(ODS.len()).any(|window| window == ODS) {
        return Some(FileType::Ods);
    }
    let archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    archive.index_for_name("xl/workbook.xml").map(|_| FileType::Xlsx)
}

/// Returns whether a workbook of the newer kind is wrapped in a password.
#[must_use]
pub fn is_locked(bytes: &[u8]) -> bool {
    bytes.starts_with(COMPOUND)
}

fn of_compound(bytes: &[u8]) -> Option<FileType> {
    let has = |name: &str| {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.extend([0, 0]);
        bytes.chunks(DIRECTORY_STEP).any(|chunk| chunk.starts_with(&entry))
    };
    if has("Workbook") || has("Book") {
        return Some(FileType::Xls);
    }
    has("EncryptedPackage").then_some(FileType::Xlsx)
}
