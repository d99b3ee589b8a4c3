//! What a file holds once it is decoded: pages of words with their places.
//!
//! Places are whole numbers, so that this crate stays free of floats: hundredths of a point for a
//! PDF page, hundredths of a pixel for a picture (upright, as it was read).

use crate::reading::Reading;
use serde::{Deserialize, Serialize};

/// What a file is, by its content and never by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileType {
    /// A PDF document.
    Pdf,
    /// A JPEG picture.
    Jpeg,
    /// A PNG picture.
    Png,
    /// A WebP picture.
    Webp,
    /// A GIF picture.
    Gif,
    /// A TIFF picture.
    Tiff,
    /// A BMP picture.
    Bmp,
    /// An XML document.
    Xml,
    /// A picture that cannot be read here yet.
    Heic,
    /// Anything else: archives, films, office files, programs.
    Other,
}

impl FileType {
    /// Returns the media type to serve the bytes with.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
            Self::Tiff => "image/tiff",
            Self::Bmp => "image/bmp",
            Self::Xml => "application/xml",
            Self::Heic => "image/heic",
            Self::Other => "application/octet-stream",
        }
    }
}

/// A place on a page, in hundredths of a point or pixel; the origin is the top left corner.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Region {
    /// Left edge.
    pub left: i32,
    /// Top edge.
    pub top: i32,
    /// Right edge; not before the left one.
    pub right: i32,
    /// Bottom edge; not above the top one.
    pub bottom: i32,
}

/// A word as it stands on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// The text, without white space, never empty.
    pub text: String,
    /// Where it stands.
    pub region: Region,
    /// How sure its letters are, 0 to 100; 100 for a text layer.
    pub confidence: u8,
}

/// Where the words of a page come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextSource {
    /// The document's own text layer: exact.
    TextLayer,
    /// Read from pixels: may be wrong.
    Pixels,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Width in hundredths of a point or pixel.
    pub width: i32,
    /// Height in hundredths of a point or pixel.
    pub height: i32,
    /// Where the words come from.
    pub source: TextSource,
    /// The words, in no promised order.
    pub words: Vec<Word>,
}

/// Why a file gave nothing to read. Each is a reply to the user, not an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// Not a kind of file that Billhook reads.
    Unsupported,
    /// No bytes at all.
    Empty,
    /// More bytes, pages or pixels than the limits allow.
    TooLarge,
    /// A password is needed to open it.
    Encrypted,
    /// The bytes do not follow the format they claim.
    Broken,
    /// Opened, but no text was found: blank, blurred, dark or another script.
    NoText,
    /// It took too long or too much memory.
    TooHard,
}

/// What was found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// What the file is by its content.
    pub file_type: FileType,
    /// The pages; empty for XML and wherever there is an obstacle.
    pub pages: Vec<Page>,
    /// The e-invoice it is or carries, exact.
    pub einvoice: Option<Reading>,
    /// An XML document that is none of the invoices: the name of its root element.
    pub other_xml: Option<String>,
    /// Why nothing could be read.
    pub obstacle: Option<Obstacle>,
}

impl Contents {
    /// Makes the contents of a file that could not be read.
    #[must_use]
    pub const fn unreadable(file_type: FileType, obstacle: Obstacle) -> Self {
        Self {
            file_type,
            pages: Vec::new(),
            einvoice: None,
            other_xml: None,
            obstacle: Some(obstacle),
        }
    }
}

/// The SHA-256 of a file's bytes: its name in the blob store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContentHash(pub [u8; 32]);

impl std::fmt::Display for ContentHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl From<ContentHash> for String {
    fn from(hash: ContentHash) -> Self {
        hash.to_string()
    }
}

/// The text is not 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a content hash has 64 hexadecimal digits")]
pub struct NotAHash;

impl TryFrom<String> for ContentHash {
    type Error = NotAHash;
    fn try_from(text: String) -> Result<Self, NotAHash> {
        text.parse()
    }
}

impl std::str::FromStr for ContentHash {
    type Err = NotAHash;
    fn from_str(text: &str) -> Result<Self, NotAHash> {
        if text.len() != 64 || !text.is_ascii() {
            return Err(NotAHash);
        }
        let mut bytes = [0; 32];
        for (byte, at) in bytes.iter_mut().zip((0_usize..).step_by(2)) {
            let digits = text.get(at..).and_then(|rest| rest.get(..2)).ok_or(NotAHash)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| NotAHash)?;
        }
        Ok(Self(bytes))
    }
}
