//! The picture that a chart is drawn on. Places are given as for readers from left to right; for
//! the others the whole picture is mirrored, all but its letters.

use super::letters::{Letters, Line};
use crate::PressFault;
use tiny_skia::{Color, FillRule, Paint, Path, PathBuilder, Pixmap, Rect, Transform};

/// How wide a picture is, in pixels.
pub const WIDTH: u16 = 1280;
/// How far bars are rounded at their corners.
const ROUNDING: f32 = 5.0;
/// How far the patch behind a text reaches beyond it.
const PATCH: f32 = 8.0;

/// A colour: red, green and blue.
pub type Ink = (u8, u8, u8);
/// What is written.
pub const INK: Ink = (0x16, 0x20, 0x2b);
/// What is written beside it.
pub const QUIET: Ink = (0x66, 0x72, 0x7f);
/// Lines behind the bars.
pub const HAIRLINE: Ink = (0xdf, 0xe4, 0xe8);
/// The bars.
pub const ACCENT: Ink = (0x0b, 0x6b, 0x5d);
/// Bars below zero: the same, lighter.
pub const BELOW: Ink = (0x85, 0xb5, 0xae);

/// A part of the picture, in pixels from its upper left corner.
#[derive(Debug, Clone, Copy)]
pub struct Area {
    /// Where it begins.
    pub left: f32,
    /// Where it begins.
    pub top: f32,
    /// Where it ends.
    pub right: f32,
    /// Where it ends.
    pub bottom: f32,
}

impl Area {
    /// Returns its width.
    #[must_use]
    pub fn width(&self) -> f32 {
        self.right - self.left
    }

    /// Returns its height.
    #[must_use]
    pub fn height(&self) -> f32 {
        self.bottom - self.top
    }
}

/// Which part of a text stands at the place given for it.
#[derive(Debug, Clone, Copy)]
pub enum Anchor {
    /// Where reading begins.
    Start,
    /// Its middle.
    Middle,
    /// Where reading ends.
    End,
}

/// A picture being drawn.
pub struct Paper<'a> {
    pixels: Pixmap,
    letters: &'a Letters,
    mirrored: bool,
}

impl<'a> Paper<'a> {
    /// Takes a white sheet.
    ///
    /// # Errors
    ///
    /// [`PressFault::Layout`] if it has no height.
    pub fn new(letters: &'a Letters, height: u16, mirrored: bool) -> Result<Self, PressFault> {
        let mut pixels = Pixmap::new(u32::from(WIDTH), u32::from(height))
            .ok_or_else(|| PressFault::Layout("a picture needs a height".to_owned()))?;
        pixels.fill(Color::WHITE);
        Ok(Self { pixels, letters, mirrored })
    }

    /// Fills an area, however thin, with square corners.
    pub fn fill(&mut self, area: Area, ink: Ink) {
        let (left, right) = self.sides(area);
        if let Some(rect) = Rect::from_ltrb(left, area.top, right, area.bottom) {
            self.draw(&PathBuilder::from_rect(rect), ink);
        }
    }

    /// Draws a bar with rounded corners; one of no length is not seen.
    pub fn bar(&mut self, area: Area, ink: Ink) {
        let (left, right) = self.sides(area);
        if let Some(path) = rounded(Area { left, right, ..area }) {
            self.draw(&path, ink);
        }
    }

    /// Writes a line of text, with its base line at a height.
    pub fn write(&mut self, line: &Line, x: f32, y: f32, (anchor, ink): (Anchor, Ink)) {
        let x = if self.mirrored { f32::from(WIDTH) - x } else { x };
        let share = match (anchor, self.mirrored) {
            (Anchor::Start, false) | (Anchor::End, true) => 0.0,
            (Anchor::Middle, _) => 0.5,
            (Anchor::End, false) | (Anchor::Start, true) => 1.0,
        };
        if let Some(path) = self.letters.outline(line, x - line.width * share, y) {
            self.draw(&path, ink);
        }
    }

    /// Writes a line of text on a patch of white, where something is drawn behind it.
    pub fn write_over(&mut self, line: &Line, x: f32, y: f32, (anchor, ink): (Anchor, Ink)) {
        let left = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - line.width / 2.0,
            Anchor::End => x - line.width,
        };
        let (top, bottom) = (y - line.size * 0.85, y + line.size * 0.2);
        let patch = Area { left: left - PATCH, right: left + line.width + PATCH, top, bottom };
        self.fill(patch, (u8::MAX, u8::MAX, u8::MAX));
        self.write(line, x, y, (anchor, ink));
    }

    /// Returns the picture as PNG.
    ///
    /// # Errors
    ///
    /// [`PressFault::Write`] if it cannot be packed.
    pub fn png(&self) -> Result<Vec<u8>, PressFault> {
        // On a white sheet nothing shines through: three bytes a pixel say all.
        let (pixels, _) = self.pixels.data().as_chunks::<4>();
        let colours: Vec<u8> =
            pixels.iter().flat_map(|[red, green, blue, _]| [*red, *green, *blue]).collect();
        let mut packed = Vec::new();
        let mut encoder = png::Encoder::new(&mut packed, self.pixels.width(), self.pixels.height());
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_compression(png::Compression::Fast);
        let mut writer = encoder.write_header().map_err(PressFault::write)?;
        writer.write_image_data(&colours).map_err(PressFault::write)?;
        writer.finish().map_err(PressFault::write)?;
        Ok(packed)
    }

    fn sides(&self, area: Area) -> (f32, f32) {
        let width = f32::from(WIDTH);
        if self.mirrored {
            (width - area.right, width - area.left)
        } else {
            (area.left, area.right)
        }
    }

    fn draw(&mut self, path: &Path, (red, green, blue): Ink) {
        let mut paint = Paint::default();
        paint.set_color_rgba8(red, green, blue, u8::MAX);
        self.pixels.fill_path(path, &paint, FillRule::Winding, Transform::identity(), None);
    }
}

fn rounded(area: Area) -> Option<Path> {
    let Area { left, top, right, bottom } = area;
    let r = ROUNDING.min(area.width() / 2.0).min(area.height() / 2.0);
    let mut path = PathBuilder::new();
    path.move_to(left + r, top);
    path.line_to(right - r, top);
    path.quad_to(right, top, right, top + r);
    path.line_to(right, bottom - r);
    path.quad_to(right, bottom, right - r, bottom);
    path.line_to(left + r, bottom);
    path.quad_to(left, bottom, left, bottom - r);
    path.line_to(left, top + r);
    path.quad_to(left, top, left + r, top);
    path.close();
    path.finish()
}
