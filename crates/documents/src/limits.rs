//! How much of a file is read before it is called too large.

/// The limits of reading one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// The most threads that read letters.
    pub threads: usize,
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
            threads: 2,
        }
    }
}
