//! How much of a file is read before it is called too large.

use domain::document::Page;

/// The limits of reading one file.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The most bytes of a file.
    pub bytes: usize,
    /// The most pages of a document.
    pub pages: usize,
    /// The most pixels of a picture, checked before any memory is taken for it.
    pub pixels: u64,
    /// The pixels that a picture is scaled down to before it is read.
    pub reading_pixels: u32,
    /// The most pictures that are made for a vision model.
    pub pictures: usize,
    /// The longer side of those pictures, in pixels.
    pub picture_side: u32,
    /// The most rows of all tables of a file.
    pub rows: usize,
    /// The most columns of a table.
    pub columns: usize,
    /// The most members of an archive.
    pub members: usize,
    /// The most bytes that an archive may unpack to, counted before anything is kept.
    pub unpacked: u64,
    /// The most threads that read letters.
    pub threads: usize,
    /// Called before each page that is read from its pixels, which takes a hundred times as long
    /// as any other.
    pub before_pixels: fn(),
    /// Whether the text of the first page of a PDF says who sent it; where it does not, the
    /// pictures in its head are read too.
    pub names_vendor: fn(&Page) -> bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 16 * 1024 * 1024,
            pages: 20,
            pixels: 40_000_000,
            reading_pixels: 3200 * 2400,
            pictures: 4,
            picture_side: 1600,
            rows: 10_000,
            columns: 200,
            members: 2_000,
            unpacked: 128 * 1024 * 1024,
            threads: 2,
            before_pixels: || {},
            names_vendor: |_| true,
        }
    }
}
