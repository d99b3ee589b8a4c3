//! Points, boxes that need not be level, and the smallest box around a set of points.
#![expect(
    clippy::as_conversions,
    reason = "sizes of pictures are far below the precision of the floats they become"
)]

/// A point in pixels: x to the right, y down.
pub type Point = (f32, f32);

/// The corners of a line of text: top left, top right, bottom right, bottom left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quad(pub [Point; 4]);

impl Quad {
    /// Returns the longer one of the upper and lower edge.
    pub fn width(&self) -> f32 {
        let [a, b, c, d] = self.0;
        distance(a, b).max(distance(d, c))
    }

    /// Returns the longer one of the left and right edge.
    pub fn height(&self) -> f32 {
        let [a, b, c, d] = self.0;
        distance(a, d).max(distance(b, c))
    }

    /// Returns the angle of the upper edge in radians, clockwise from level.
    pub fn angle(&self) -> f32 {
        let [a, b, ..] = self.0;
        (b.1 - a.1).atan2(b.0 - a.0)
    }

    /// Returns the same box elsewhere.
    pub fn moved(&self, (right, down): Point) -> Self {
        Self(self.0.map(|(x, y)| (x + right, y + down)))
    }

    /// Returns the point at a share of the width and of the height.
    pub fn at(&self, across: f32, down: f32) -> Point {
        let [a, b, c, d] = self.0;
        between(between(a, b, across), between(d, c, across), down)
    }
}

/// Returns the point at a place in hundredths of a pixel.
pub fn pixels(x: i32, y: i32) -> Point {
    (x as f32 / 100.0, y as f32 / 100.0)
}

/// Returns the point at a share of the way between two.
fn between(from: Point, to: Point, share: f32) -> Point {
    (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share)
}

fn distance(a: Point, b: Point) -> f32 {
    (b.0 - a.0).hypot(b.1 - a.1)
}

/// Turns a point around a centre by an angle in radians, clockwise.
pub fn turned(point: Point, centre: Point, angle: f32) -> Point {
    let (sine, cosine) = angle.sin_cos();
    let (x, y) = (point.0 - centre.0, point.1 - centre.1);
    (centre.0 + x * cosine - y * sine, centre.1 + x * sine + y * cosine)
}

/// Returns the angle that half of the text, by length, does not exceed; nought without text, and
/// where all lines in a row would not rise by half their height: a short line's box is no level.
pub fn median_angle(quads: &[Quad]) -> f32 {
    let mut lines: Vec<&Quad> =
        quads.iter().filter(|quad| quad.width() > 2.0 * quad.height()).collect();
    lines.sort_by(|one, other| one.angle().total_cmp(&other.angle()));
    let half = lines.iter().map(|line| line.width()).sum::<f32>() / 2.0;
    let heights_long: f32 = lines.iter().map(|line| line.width() / line.height().max(1.0)).sum();
    let mut reached = 0.0;
    for line in lines {
        reached += line.width();
        if reached >= half {
            let angle = line.angle();
            return if angle.abs() * heights_long < 0.5 { 0.0 } else { angle };
        }
    }
    0.0
}

/// Below this share of a picture, text fills but a small part of it.
const SMALL_PART: f32 = 0.4;
/// The part is made of whole pieces, of which a side has this many, so that a picture that was
/// saved anew has the same part.
const PIECES: f32 = 32.0;

/// Returns left, top, width and height of the part of a picture that holds all of its text with
/// some margin, or nothing if that is not a small one.
pub fn small_part(quads: &[Quad], (width, height): (u32, u32)) -> Option<(u32, u32, u32, u32)> {
    let (across, down) = (width as f32 / PIECES, height as f32 / PIECES);
    let corners = || quads.iter().flat_map(|quad| quad.0);
    let low = |least: f32, at: f32, piece: f32| least.min((at / piece).floor() - 1.0);
    let high = |most: f32, at: f32, piece: f32| most.max((at / piece).ceil() + 1.0);
    let left = corners().fold(f32::MAX, |least, (x, _)| low(least, x, across)).max(0.0);
    let top = corners().fold(f32::MAX, |least, (_, y)| low(least, y, down)).max(0.0);
    let right = corners().fold(0.0, |most, (x, _)| high(most, x, across)).min(PIECES);
    let bottom = corners().fold(0.0, |most, (_, y)| high(most, y, down)).min(PIECES);
    let share = (right - left) * (bottom - top) / PIECES.powi(2);
    if quads.is_empty() || share >= SMALL_PART {
        return None;
    }
    let at = |pieces: f32, piece: f32| (pieces * piece) as u32;
    let (x, y) = (at(left, across), at(top, down));
    Some((x, y, at(right, across).saturating_sub(x), at(bottom, down).saturating_sub(y)))
}

/// A box at any angle: its centre, half its extents, and the direction of the first extent.
#[derive(Debug, Clone, Copy)]
pub struct Slanted {
    pub centre: Point,
    pub along: f32,
    pub across: f32,
    pub direction: Point,
}

impl Slanted {
    /// Returns the smallest box around points, or nothing for fewer than two different ones.
    pub fn around(points: Vec<Point>) -> Option<Self> {
        let hull = hull(points);
        let following = hull.iter().cycle().skip(1);
        hull.iter()
            .zip(following)
            .filter(|(a, b)| distance(**a, **b) > 1e-6)
            .map(|(a, b)| {
                let length = distance(*a, *b);
                Self::along(&hull, ((b.0 - a.0) / length, (b.1 - a.1) / length))
            })
            .min_by(|one, other| one.area().total_cmp(&other.area()))
    }

    /// Returns the smallest box in one direction.
    fn along(hull: &[Point], u: Point) -> Self {
        let mut low = (f32::MAX, f32::MAX);
        let mut high = (f32::MIN, f32::MIN);
        for p in hull {
            let (along, across) = (p.0 * u.0 + p.1 * u.1, p.1 * u.0 - p.0 * u.1);
            low = (low.0.min(along), low.1.min(across));
            high = (high.0.max(along), high.1.max(across));
        }
        let middle = (f32::midpoint(low.0, high.0), f32::midpoint(low.1, high.1));
        Self {
            centre: (middle.0 * u.0 - middle.1 * u.1, middle.0 * u.1 + middle.1 * u.0),
            along: (high.0 - low.0) / 2.0,
            across: (high.1 - low.1) / 2.0,
            direction: u,
        }
    }

    fn area(&self) -> f32 {
        self.along * self.across
    }

    /// Returns whether a point is inside or at most half a pixel outside.
    pub fn holds(&self, point: Point) -> bool {
        let (x, y) = (point.0 - self.centre.0, point.1 - self.centre.1);
        let u = self.direction;
        (x * u.0 + y * u.1).abs() <= self.along + 0.5
            && (y * u.0 - x * u.1).abs() <= self.across + 0.5
    }

    /// Returns the box grown on all sides by its area over its edge, times a ratio.
    ///
    /// The detector marks the core of a line only; this gives the letters their full height.
    pub fn grown(mut self, ratio: f32) -> Self {
        let by = self.along * self.across * ratio / (self.along + self.across).max(1e-6);
        self.along += by;
        self.across += by;
        self
    }

    /// Returns the corners, with the upper edge as level as it can be.
    pub fn corners(&self) -> Quad {
        let (mut u, mut along, mut across) = (self.direction, self.along, self.across);
        if u.0.abs() < u.1.abs() {
            u = (-u.1, u.0);
            (along, across) = (across, along);
        }
        if u.0 < 0.0 {
            u = (-u.0, -u.1);
        }
        let corner = |a: f32, b: f32| {
            (
                self.centre.0 + a * along * u.0 - b * across * u.1,
                self.centre.1 + a * along * u.1 + b * across * u.0,
            )
        };
        Quad([corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)])
    }
}

/// Returns the convex hull (Andrew's monotone chain).
fn hull(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    points.dedup();
    if points.len() < 3 {
        return points;
    }
    let mut lower = chain(points.iter());
    let mut upper = chain(points.iter().rev());
    lower.pop();
    upper.pop();
    lower.append(&mut upper);
    lower
}

fn chain<'p>(points: impl Iterator<Item = &'p Point>) -> Vec<Point> {
    let mut chain: Vec<Point> = Vec::new();
    for &point in points {
        while let [.., before, last] = chain.as_slice()
            && turn(*before, *last, point) <= 0.0
        {
            chain.pop();
        }
        chain.push(point);
    }
    chain
}

fn turn(o: Point, a: Point, b: Point) -> f32 {
    (a.0 - o.0) * (b.1 - o.1) - (a.1 - o.1) * (b.0 - o.0)
}

/// Returns half a number of pixels.
pub fn half(pixels: u32) -> f32 {
    pixels as f32 / 2.0
}

/// Returns a count as a float.
pub fn float(count: usize) -> f32 {
    count as f32
}

/// Returns a number of pixels in hundredths.
pub fn hundredths_of(pixels: u32) -> i32 {
    i32::try_from(pixels).unwrap_or(i32::MAX).saturating_mul(100)
}

/// Returns a coordinate in hundredths, never negative.
pub fn hundredths(coordinate: f32) -> i32 {
    (coordinate.max(0.0) * 100.0).round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_box_around_a_slanted_line_is_slanted() {
        let points =
            (0..100).map(|x| x as f32).flat_map(|x| [(x, x / 2.0), (x - 3.0, x / 2.0 + 6.0)]);
        let found = Slanted::around(points.collect()).unwrap();
        let quad = found.corners();
        assert!((quad.angle() - 0.5_f32.atan()).abs() < 0.02, "{}", quad.angle());
        assert!((quad.height() - 45.0_f32.sqrt()).abs() < 0.5, "{}", quad.height());
    }

    #[test]
    fn text_that_fills_a_small_part_is_that_part_with_a_margin() {
        let line = |left: f32, top: f32| {
            let (right, bottom) = (left + 90.0, top + 10.0);
            Quad([(left, top), (right, top), (right, bottom), (left, bottom)])
        };
        let part = small_part(&[line(200.0, 33.0), line(210.0, 60.0)], (320, 320));
        assert_eq!(part, Some((190, 20, 120, 60)));
        assert_eq!(small_part(&[line(0.0, 0.0), line(220.0, 300.0)], (320, 320)), None);
        assert_eq!(small_part(&[], (320, 320)), None);
    }

    #[test]
    fn one_point_has_no_box() {
        assert!(Slanted::around(vec![(1.0, 1.0), (1.0, 1.0)]).is_none());
        assert!(Slanted::around(Vec::new()).is_none());
    }

    #[test]
    fn turning_back_and_forth_is_the_same_place() {
        let there = turned((10.0, 20.0), (5.0, 5.0), 0.3);
        let back = turned(there, (5.0, 5.0), -0.3);
        assert!((back.0 - 10.0).abs() < 1e-4 && (back.1 - 20.0).abs() < 1e-4);
    }

    #[test]
    fn long_lines_decide_the_angle() {
        let level = Quad([(0.0, 0.0), (100.0, 0.0), (100.0, 10.0), (0.0, 10.0)]);
        let stray = Quad([(0.0, 0.0), (20.0, 20.0), (15.0, 25.0), (-5.0, 5.0)]);
        assert!(median_angle(&[stray, level, level]).abs() < 1e-6);
        assert!(median_angle(&[]).abs() < 1e-6);
    }

    #[test]
    fn one_short_line_tells_no_angle_but_many_do() {
        let slanted = Quad([(0.0, 0.0), (60.0, 3.0), (59.0, 23.0), (-1.0, 20.0)]);
        assert!(median_angle(&[slanted]).abs() < 1e-6);
        assert!((median_angle(&[slanted; 12]) - 0.05).abs() < 0.001);
    }
}
