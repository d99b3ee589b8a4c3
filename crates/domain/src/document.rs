//! What a file holds once it is decoded: pages of words with their places.
//!
//! Places are whole numbers, so that this crate stays free of floats: hundredths of a point for a
//! PDF page, hundredths of a pixel for a picture (upright, as it was read).

use crate::{dates::Date, reading::Reading};
use rust_decimal::Decimal;
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
    /// A spreadsheet of Office Open XML.
    Xlsx,
    /// A spreadsheet of the older binary kind.
    Xls,
    /// An OpenDocument spreadsheet.
    Ods,
    /// Values separated by commas, semicolons or tabs.
    Csv,
    /// A signed file (`.p7m`), whose content is inside.
    Signed,
    /// A picture as telephones store it; AVIF, in the same envelope, is not read.
    Heic,
    /// Anything else: archives, films, office files, programs.
    Other,
}

impl FileType {
    /// Returns whether it is a picture that can be decoded.
    #[must_use]
    pub const fn is_picture(self) -> bool {
        matches!(
            self,
            Self::Jpeg | Self::Png | Self::Webp | Self::Gif | Self::Tiff | Self::Bmp | Self::Heic
        )
    }

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
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Xls => "application/vnd.ms-excel",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Csv => "text/csv",
            Self::Signed => "application/pkcs7-mime",
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

/// A cell of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text, also where it looks like a number.
    Text(String),
    /// A number of the spreadsheet, as a person would see it (no binary noise).
    Number(Decimal),
    /// A date of the spreadsheet.
    Date(Date),
}

/// A sheet of a spreadsheet, or a file of separated values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// The sheet's name; empty for separated values.
    pub name: String,
    /// The rows from the top, cells from the left; rows may differ in length.
    pub rows: Vec<Vec<Cell>>,
}

/// Why a file gave nothing to read. Each is a reply to the user, not an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// Not a kind of file that Billhook reads.
    Unsupported,
    /// No bytes at all.
    Empty,
    /// More bytes than the limit allows.
    TooManyBytes,
    /// More pages than the limit allows.
    TooManyPages,
    /// More rows or columns of a table than the limit allows.
    TooManyRows,
    /// A workbook whose formulas have no values: no spreadsheet program has calculated them.
    Uncalculated,
    /// An archive, as newer spreadsheets are, that holds more than the limit allows.
    UnpacksTooLarge,
    /// More pixels than the limit allows.
    TooManyPixels,
    /// A password is needed to open it.
    Encrypted,
    /// The bytes do not follow the format they claim.
    Broken,
    /// Opened, but no text was found and nothing tells why.
    NoText,
    /// A picture without sharp edges: shaken or out of focus.
    Blurred,
    /// A picture too dark to tell letters from paper.
    Dark,
    /// A picture that ends before the total: text runs into its edge.
    CutOff,
    /// The bytes end too early, so that a part of the picture is missing.
    Incomplete,
    /// There is text in a script that the built-in reader does not know.
    OtherScript,
    /// It took too long or too much memory.
    TooHard,
}

impl Obstacle {
    /// Returns whether there is something on the picture that better eyes than the built-in reader's may
    /// still read. Where nothing or hardly anything is seen, a claim would have nothing to stand on.
    #[must_use]
    pub const fn is_for_eyes(self) -> bool {
        matches!(self, Self::Blurred | Self::OtherScript)
    }
}

/// What was noticed about a file that could be read all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// More than one receipt lies on the picture.
    SeveralReceipts,
    /// The file holds more e-invoices than the one that was read.
    MoreInvoices,
    /// Lines of text run into the left or right edge of the picture.
    CutOff,
    /// A line of text runs into the lower edge of the picture; that matters where there is no total.
    EndsInText,
    /// The bytes end too early: a part of the picture is missing.
    Incomplete,
    /// Some of the text is in a script that the built-in reader does not know.
    PartlyOtherScript,
    /// The picture is not sharp; letters may be wrong.
    Soft,
}

/// What a picture looks like: two pictures of the same page differ in few of its bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Fingerprint(pub u64);

impl Fingerprint {
    /// Returns in how many of the 64 bits two fingerprints differ.
    #[must_use]
    pub const fn distance(self, other: Self) -> u32 {
        (self.0 ^ other.0).count_ones()
    }
}

/// What was found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// What the file is by its content.
    pub file_type: FileType,
    /// The pages; empty for XML, tables and wherever there is an obstacle.
    pub pages: Vec<Page>,
    /// The tables of a spreadsheet or of separated values.
    #[serde(default)]
    pub tables: Vec<Table>,
    /// The e-invoice it is or carries, exact.
    pub einvoice: Option<Reading>,
    /// An XML document that is none of the invoices: the name of its root element.
    pub other_xml: Option<String>,
    /// What the first page looks like, for pictures and scanned pages.
    #[serde(default)]
    pub fingerprint: Option<Fingerprint>,
    /// What was noticed about it.
    #[serde(default)]
    pub notices: Vec<Notice>,
    /// Why nothing could be read.
    pub obstacle: Option<Obstacle>,
}

impl Contents {
    /// Makes empty contents of a type.
    #[must_use]
    pub const fn of(file_type: FileType) -> Self {
        Self {
            file_type,
            pages: Vec::new(),
            tables: Vec::new(),
            einvoice: None,
            other_xml: None,
            fingerprint: None,
            notices: Vec::new(),
            obstacle: None,
        }
    }

    /// Makes the contents of a file that could not be read.
    #[must_use]
    pub const fn unreadable(file_type: FileType, obstacle: Obstacle) -> Self {
        let mut contents = Self::of(file_type);
        contents.obstacle = Some(obstacle);
        contents
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
