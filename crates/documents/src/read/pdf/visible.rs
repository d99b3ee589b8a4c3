//! Whether a reader of the page can see a glyph: its ink against what lies below it, what is drawn
//! over it, and where the page is cut off.
//!
//! Text that nobody sees may be meant for programs alone, so it does not count. The one exception is
//! what scanners add to their pictures: it is invisible because the picture shows it.

use hayro::hayro_interpret::{
    BlendMode, DrawMode, DrawProps, Image, ImageDrawProps, Paint, font::Glyph,
};
use kurbo::{BezPath, Point, Rect, Shape};

/// Ink that differs less than this from what is below it, in any of red, green and blue, of 1,
/// cannot be seen.
const FAINT: f32 = 0.05;
/// Less than this share of the ink is no ink.
const TRANSPARENT: f32 = 0.05;
/// From this share on ink hides what is below it.
const OPAQUE: f32 = 0.98;
/// Smaller letters than this, in points, are dots.
const DOTS: f64 = 1.2;
/// Narrower or lower areas than this, in points, are lines.
const LINES: f64 = 3.0;
/// Letters may stand out by this much, in points, where the page is cut off.
const OVERHANG: f64 = 2.0;
/// A frame and its background have so few parts; what is drawn in more is a picture.
const FEW_PARTS: usize = 7;
/// A letter or an emblem that is drawn as a path has so many parts or more.
const MANY_PARTS: usize = 12;
/// The most areas that are kept; on maps and charts, which have more, all text counts.
const MOST_AREAS: usize = 4_000;

/// Red, green and blue, of 1.
type Colour = [f32; 3];

const WHITE: Colour = [1.0; 3];

/// An area that was painted: with one colour, or with several.
struct Area {
    place: Rect,
    colour: Option<Colour>,
}

/// How a glyph may be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// It can be seen.
    Plain,
    /// It cannot, unless a picture shows it.
    InPicture,
    /// It cannot.
    Hidden,
}

/// What was drawn so far.
#[derive(Default)]
pub struct Drawn {
    areas: Vec<Area>,
    /// Where pictures are.
    pictures: Vec<Rect>,
    /// Where paths of many parts are: letters and emblems that are drawn.
    drawings: Vec<Rect>,
    /// Whether a line of many parts was drawn, which may be handwriting or a letter.
    strokes: bool,
    /// What is left of the page, by cut.
    cuts: Vec<Rect>,
    /// What is left of the ink, by group.
    shares: Vec<f32>,
}

impl Drawn {
    /// Tells how a glyph may be seen that is drawn now.
    pub fn sight(
        &self,
        glyph: &Glyph<'_>,
        (middle, height): (Point, f64),
        (properties, mode): (&DrawProps<'_>, &DrawMode),
    ) -> Sight {
        if self.cuts.last().is_some_and(|cut| !around(*cut, OVERHANG).contains(middle)) {
            return Sight::Hidden;
        }
        if matches!(mode, DrawMode::Invisible) {
            return Sight::InPicture;
        }
        // A drawn glyph brings its own colours.
        let Glyph::Outline(_) = glyph else { return Sight::Plain };
        let Paint::Color(colour) = &properties.paint else { return Sight::Plain };
        let [red, green, blue, share] = colour.to_rgba().components();
        let below = self.areas.iter().rev().find(|area| area.place.contains(middle));
        let known = self.areas.len() < MOST_AREAS;
        let below = below.map_or(Some(WHITE), |area| area.colour).filter(|_| known);
        let faint = below.is_some_and(|below| is_near([red, green, blue], below));
        let none = share * self.share() < TRANSPARENT;
        if faint || none || height < DOTS { Sight::Hidden } else { Sight::Plain }
    }

    /// Notes a filled path, and returns where it hides all that was drawn before.
    #[expect(clippy::arithmetic_side_effects, reason = "geometry of floats, which cannot overflow")]
    pub fn fill(
        &mut self,
        path: &BezPath,
        properties: &DrawProps<'_>,
        mode: &DrawMode,
    ) -> Option<Rect> {
        self.strokes |= path.elements().len() >= MANY_PARTS && !matches!(mode, DrawMode::Fill(_));
        let (DrawMode::Fill(_) | DrawMode::FillAndStroke(..)) = mode else { return None };
        let place = self.left_of((properties.transform * path).bounding_box())?;
        let plain = properties.blend_mode == BlendMode::Normal && properties.soft_mask.is_none();
        let ink = match &properties.paint {
            Paint::Color(colour) => {
                let [red, green, blue, share] = colour.to_rgba().components();
                Some(([red, green, blue], share * self.share()))
            }
            Paint::Pattern(_) => None,
        };
        let box_like = path.elements().len() <= FEW_PARTS;
        if path.elements().len() >= MANY_PARTS && self.drawings.len() < MOST_AREAS {
            self.drawings.push(place);
        }
        let opaque = plain && ink.is_some_and(|(_, share)| share >= OPAQUE);
        let colour = ink.map(|(colour, _)| colour).filter(|_| opaque && box_like);
        if ink.is_none_or(|(_, share)| share >= TRANSPARENT) {
            self.paint(Area { place, colour });
        }
        colour.map(|_| place).filter(|_| self.areas.len() < MOST_AREAS)
    }

    /// Notes a picture.
    pub fn picture(&mut self, image: &Image<'_, '_>, properties: &ImageDrawProps<'_>) {
        let size = (f64::from(image.width()), f64::from(image.height()));
        let whole = Rect::new(0.0, 0.0, size.0, size.1);
        let Some(place) = self.left_of(properties.transform.transform_rect_bbox(whole)) else {
            return;
        };
        self.paint(Area { place, colour: None });
        self.pictures.push(place);
    }

    /// Returns where pictures and drawings are.
    pub fn shapes(&self) -> Vec<Rect> {
        self.pictures.iter().chain(&self.drawings).copied().collect()
    }

    /// Returns whether letters may be drawn that are no glyphs.
    pub fn may_hold_letters(&self) -> bool {
        self.strokes || !self.pictures.is_empty() || !self.drawings.is_empty()
    }

    /// Returns whether a picture is at a point.
    pub fn shows(&self, point: Point) -> bool {
        self.pictures.iter().any(|picture| picture.contains(point))
    }

    /// Cuts the page off around a path.
    pub fn cut(&mut self, path: &BezPath) {
        let place = path.bounding_box();
        self.cuts.push(self.cuts.last().map_or(place, |cut| cut.intersect(place)));
    }

    /// Ends the last cut.
    pub fn uncut(&mut self) {
        self.cuts.pop();
    }

    /// Begins a group that lets so much of its ink through.
    pub fn group(&mut self, share: f32) {
        self.shares.push(share * self.share());
    }

    /// Ends the last group.
    pub fn ungroup(&mut self) {
        self.shares.pop();
    }

    fn share(&self) -> f32 {
        self.shares.last().copied().unwrap_or(1.0)
    }

    /// Returns what the cuts leave of an area; nothing where it is a line.
    fn left_of(&self, place: Rect) -> Option<Rect> {
        let place = self.cuts.last().map_or(place, |cut| cut.intersect(place));
        (place.width() >= LINES && place.height() >= LINES).then_some(place)
    }

    fn paint(&mut self, area: Area) {
        if self.areas.len() < MOST_AREAS {
            self.areas.push(area);
        }
    }
}

fn is_near(one: Colour, other: Colour) -> bool {
    one.iter().zip(other).all(|(one, other)| (one - other).abs() < FAINT)
}

fn around(place: Rect, by: f64) -> Rect {
    place.inflate(by, by)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ink_is_seen_only_where_it_differs_from_what_is_below() {
        assert!(is_near([1.0, 1.0, 0.97], WHITE));
        assert!(!is_near([0.8, 0.8, 0.8], WHITE));
    }
}
