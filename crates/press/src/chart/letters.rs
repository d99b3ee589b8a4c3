//! Texts as rows of letters: joined as their script wants it, measured before they are drawn.
//!
//! A text may mix scripts and directions. It is cut where the direction turns and where another
//! font must help out, each piece is shaped alone, and the pieces stand in the order of the eye.

use crate::{fonts, printable};
use rustybuzz::{
    Direction, Face, UnicodeBuffer,
    ttf_parser::{self, GlyphId},
};
use tiny_skia::{Path, PathBuilder};
use unicode_bidi::BidiInfo;
use unicode_segmentation::UnicodeSegmentation;

/// No text of a chart is longer, in characters; what follows would be cut by its room anyway.
const LONGEST: usize = 200;
/// How far a mark may stand from its letter, in ems; piles of marks end there.
const MARK_REACH: f32 = 0.6;

/// Where the fonts of Latin letters stand in [`fonts::ALL`].
const REGULAR: usize = 0;
const STRONG: usize = 1;

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// The size of the letters in pixels.
    pub size: f32,
    /// Whether it is semi-bold, where the font has that.
    pub strong: bool,
}

/// A text on one line, laid out.
#[derive(Debug, Clone)]
pub struct Line {
    /// How wide it is, in pixels.
    pub width: f32,
    /// The size of its letters in pixels.
    pub size: f32,
    glyphs: Vec<Glyph>,
}

#[derive(Debug, Clone, Copy)]
struct Glyph {
    id: GlyphId,
    face: usize,
    x: f32,
    y: f32,
}

/// The fonts of the executable, ready to shape texts.
pub struct Letters {
    faces: Vec<Face<'static>>,
}

impl Letters {
    /// Opens the fonts.
    #[must_use]
    pub fn open() -> Self {
        let faces = fonts::ALL.into_iter().filter_map(|bytes| Face::from_slice(bytes, 0));
        Self { faces: faces.collect() }
    }

    /// Lays a stranger's text out on one line, cut with an ellipsis where the room ends.
    #[must_use]
    pub fn fitted(&self, text: &str, style: Style, room: f32) -> Line {
        let text = printable::shortened(&printable::unbroken(text), LONGEST);
        let whole = self.line(&text, style);
        if whole.width <= room {
            return whole;
        }
        let clusters: Vec<&str> = text.graphemes(true).collect();
        let cut = |kept: usize| {
            let head: String = clusters.iter().take(kept).copied().collect();
            self.line(&format!("{}…", head.trim_end()), style)
        };
        let (mut fits, mut overflows) = (0_usize, clusters.len());
        while overflows.saturating_sub(fits) > 1 {
            let middle = fits.midpoint(overflows);
            if cut(middle).width <= room { fits = middle } else { overflows = middle }
        }
        cut(fits)
    }

    /// Lays a stranger's text out on at most two lines, broken between words.
    #[must_use]
    pub fn wrapped(&self, text: &str, style: Style, room: f32) -> Vec<Line> {
        let text = printable::unbroken(text);
        if text.is_empty() {
            return Vec::new();
        }
        let fits = |head: &str| self.line(head, style).width <= room;
        let spaces = text.match_indices(' ').take(LONGEST);
        let breaks: Vec<(&str, &str)> = spaces
            .map(|(at, _)| text.split_at(at))
            .take_while(|(head, _)| head.len() <= LONGEST && fits(head))
            .collect();
        match breaks.last() {
            Some((head, rest)) if !fits(&printable::shortened(&text, LONGEST)) => {
                vec![self.line(head, style), self.fitted(rest, style, room)]
            }
            _ => vec![self.fitted(&text, style, room)],
        }
    }

    /// Lays out a text that is known to be short and printable.
    #[must_use]
    pub fn line(&self, text: &str, style: Style) -> Line {
        let style = Style { strong: style.strong && self.is_strong(text), ..style };
        let mut line = Line { width: 0.0, size: style.size, glyphs: Vec::new() };
        let bidi = BidiInfo::new(text, None);
        for paragraph in &bidi.paragraphs {
            let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for run in runs {
                let leftwards = levels.get(run.start).is_some_and(|level| level.is_rtl());
                let mut pieces = self.pieces(text.get(run).unwrap_or_default(), style);
                if leftwards {
                    pieces.reverse();
                }
                for (face, piece) in pieces {
                    self.shape(&mut line, face, &piece, leftwards);
                }
            }
        }
        line
    }

    /// Returns the outlines of a line whose first letter begins at a place on the base line.
    #[must_use]
    pub fn outline(&self, line: &Line, x: f32, y: f32) -> Option<Path> {
        let mut pen = Pen { path: PathBuilder::new(), x, y, scale: 1.0 };
        for glyph in &line.glyphs {
            let Some(face) = self.faces.get(glyph.face) else { continue };
            pen.x = x + glyph.x;
            pen.y = y - glyph.y;
            pen.scale = scale(face, line.size);
            // Nothing is returned for a space, which has no outline.
            let _box = face.outline_glyph(glyph.id, &mut pen);
        }
        pen.path.finish()
    }

    /// Only one font is semi-bold; a text that needs another too would look patched together.
    fn is_strong(&self, text: &str) -> bool {
        let strong = self.faces.get(STRONG);
        let has = |letter| strong.is_some_and(|face| face.glyph_index(letter).is_some());
        text.chars().all(|letter| !letter.is_alphanumeric() || has(letter))
    }

    /// Cuts a text where another font must take over; each piece with the place of its font.
    fn pieces(&self, text: &str, style: Style) -> Vec<(usize, String)> {
        let mut pieces: Vec<(usize, String)> = Vec::new();
        for cluster in text.graphemes(true) {
            let before = pieces.last().map(|(face, _)| *face);
            let Some(face) = self.face_for(cluster, before, style) else { continue };
            match pieces.last_mut() {
                Some((last, piece)) if *last == face => piece.push_str(cluster),
                _ => pieces.push((face, cluster.to_owned())),
            }
        }
        pieces
    }

    /// Returns the font of a letter with its marks: spaces and signs stay in the one before them.
    ///
    /// A letter that none has is an empty box, as on pages; emoji and other signs are left out.
    fn face_for(&self, cluster: &str, before: Option<usize>, style: Style) -> Option<usize> {
        let letter = cluster.chars().next()?;
        let own = if style.strong { STRONG } else { REGULAR };
        let stays = before.filter(|_| !letter.is_alphanumeric());
        let order = stays.into_iter().chain([own]).chain(0..self.faces.len());
        let has = |face: &usize| {
            self.faces.get(*face).is_some_and(|face| face.glyph_index(letter).is_some())
        };
        order.into_iter().find(has).or_else(|| letter.is_alphanumeric().then_some(own))
    }

    fn shape(&self, line: &mut Line, at: usize, text: &str, leftwards: bool) {
        let Some(face) = self.faces.get(at) else { return };
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_direction(if leftwards {
            Direction::RightToLeft
        } else {
            Direction::LeftToRight
        });
        let shaped = rustybuzz::shape(face, &[], buffer);
        let scale = scale(face, line.size);
        for (glyph, place) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            let (x, y) = (pixels(place.x_offset, scale), pixels(place.y_offset, scale));
            if y.abs() <= MARK_REACH * line.size {
                let id = GlyphId(u16::try_from(glyph.glyph_id).unwrap_or_default());
                line.glyphs.push(Glyph { id, face: at, x: line.width + x, y });
            }
            line.width += pixels(place.x_advance, scale);
        }
    }
}

/// Returns the pixels of one unit of a font.
fn scale(face: &Face<'_>, size: f32) -> f32 {
    size / f32::from(ttf_parser::Face::units_per_em(face).max(1))
}

/// Distances in a font fit in 16 bits; a broken one counts for nothing.
fn pixels(units: i32, scale: f32) -> f32 {
    f32::from(i16::try_from(units).unwrap_or_default()) * scale
}

/// Draws outlines of a font, whose y grows upwards, into a picture, whose y grows downwards.
struct Pen {
    path: PathBuilder,
    x: f32,
    y: f32,
    scale: f32,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, self.y - y * self.scale)
    }
}

impl ttf_parser::OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Style = Style { size: 20.0, strong: false };

    fn ids(text: &str) -> Vec<(usize, u16)> {
        let line = Letters::open().line(text, PLAIN);
        line.glyphs.iter().map(|glyph| (glyph.face, glyph.id.0)).collect()
    }

    #[test]
    fn every_font_is_opened() {
        assert_eq!(Letters::open().faces.len(), fonts::ALL.len());
    }

    #[test]
    fn what_is_too_long_ends_in_an_ellipsis_within_its_room() {
        let letters = Letters::open();
        let cut = letters.fitted("A very long name of a vendor", PLAIN, 120.0);
        assert!(cut.width <= 120.0 && cut.width > 90.0, "{}", cut.width);
        let dots = letters.line("…", PLAIN).glyphs[0].id;
        assert_eq!(cut.glyphs.last().unwrap().id, dots);
        let arabic = letters.fitted("شركة النور للتجارة العامة والمقاولات", PLAIN, 120.0);
        // Read from the right, the end is on the left.
        assert_eq!(arabic.glyphs.first().unwrap().id, letters.line("…ا", PLAIN).glyphs[1].id);
        assert!(arabic.width <= 120.0);
    }

    #[test]
    fn scripts_may_be_mixed_in_one_text() {
        let mixed = ids("Café النور 24 שלום (शर्मा एंड संस)");
        assert!(mixed.iter().all(|(_, id)| *id != 0), "{mixed:?}");
        let faces: Vec<usize> = mixed.iter().map(|(face, _)| *face).collect();
        assert!([0, 2, 3, 4].iter().all(|face| faces.contains(face)), "{faces:?}");
    }

    #[test]
    fn hindi_letters_are_joined_and_reordered() {
        assert_eq!(ids("क्ष").len(), 1);
        let (short_i, ka) = (ids("कि"), ids("क"));
        // The sign is spoken after its letter and written before it.
        assert!(short_i.len() == 2 && short_i[1] == ka[0], "{short_i:?}");
    }

    #[test]
    fn letters_without_a_font_are_boxes_and_signs_are_left_out() {
        assert_eq!(ids("株"), [(0, 0)]);
        assert_eq!(ids("Bar 🧾"), ids("Bar "));
    }

    #[test]
    fn long_texts_take_two_lines_and_no_more() {
        let letters = Letters::open();
        assert_eq!(letters.wrapped("Short", PLAIN, 100.0).len(), 1);
        assert_eq!(letters.wrapped("", PLAIN, 100.0).len(), 0);
        let lines = letters.wrapped(&"word ".repeat(100), PLAIN, 100.0);
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| line.width <= 100.0));
        let lines = letters.wrapped(&"x".repeat(5000), PLAIN, 100.0);
        assert!(lines.len() == 1 && lines[0].width <= 100.0);
    }

    #[test]
    fn piles_of_marks_stay_on_their_line() {
        let line = Letters::open().line(&format!("e{}", "\u{301}".repeat(50)), PLAIN);
        assert!(line.glyphs.iter().all(|glyph| glyph.y.abs() <= MARK_REACH * 20.0));
    }
}
