//! Measures of a picture's brightness: how dark, how sharp, and how many sheets of paper lie on it.
#![expect(
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "loops over the pixels of a small picture; every index is below its size"
)]

use super::scale;
use image::{GrayImage, RgbImage, imageops};

/// The longer side at which brightness and sharpness are measured, in pixels.
const MEASURED_SIDE: u32 = 1600;
/// A contrast below this, of 255, is that of blank paper.
const LEAST_CONTRAST: u8 = 16;
/// The longer side at which sheets are told apart, in pixels.
const SHEETS_SIDE: u32 = 160;
/// A sheet covers at least this share of the picture, of 100.
const SHEET: usize = 8;

/// A picture without colours, made small.
pub struct Grey {
    picture: GrayImage,
    /// The width of the picture that it was made from.
    full_width: u32,
}

impl Grey {
    /// Makes it from a picture.
    pub fn of(picture: &RgbImage) -> Self {
        Self { picture: scale::grey(picture, MEASURED_SIDE), full_width: picture.width() }
    }

    /// Returns the brightness, of 255, that a share of the pixels, of 100, does not exceed.
    pub fn brightness(&self, percent: usize) -> u8 {
        percentile(self.picture.iter().copied(), percent * 10)
    }

    /// Returns how steep the steepest edges are: 100 if the picture's whole contrast lies between
    /// two pixels. Print in focus has 40 and more, letters that blur into each other 10. Nothing
    /// where there is hardly any ink to tell.
    pub fn sharpness(&self) -> Option<u32> {
        let contrast = self.brightness(99).abs_diff(self.brightness(1));
        if contrast < LEAST_CONTRAST {
            return None;
        }
        let width = self.picture.width().max(1) as usize;
        let rows: Vec<&[u8]> = self.picture.as_raw().chunks_exact(width).collect();
        let steps = rows.array_windows().flat_map(|[above, row, below]| {
            let across = row.array_windows().map(|[left, _, right]| right.abs_diff(*left));
            let down = above.iter().zip(*below).map(|(upper, lower)| lower.abs_diff(*upper));
            across.zip(down.skip(1)).flat_map(<[u8; 2]>::from)
        });
        let steepest = percentile(steps, 995);
        Some(u32::from(steepest) * 100 / u32::from(contrast))
    }

    /// Returns how many of the places, in pixels of the full picture, lie on each sheet of paper:
    /// bright parts of a size that darker ground keeps apart.
    pub fn lines_by_sheet(&self, places: &[(f32, f32)]) -> Vec<usize> {
        let (width, height) = self.picture.dimensions();
        let small = SHEETS_SIDE as f32 / width.max(height).max(1) as f32;
        let side = |length: u32| ((length as f32 * small) as u32).max(1);
        let thumbnail = imageops::thumbnail(&self.picture, side(width), side(height));
        let sheets = bright_parts(&thumbnail);
        let scale = thumbnail.width() as f32 / self.full_width.max(1) as f32;
        let mut counts = vec![0; sheets.len()];
        for (x, y) in places {
            let place = ((x * scale) as usize, (y * scale) as usize);
            let holds = |sheet: &Sheet| {
                (sheet.from.0..=sheet.to.0).contains(&place.0)
                    && (sheet.from.1..=sheet.to.1).contains(&place.1)
            };
            let around = (0..sheets.len()).filter(|at| holds(&sheets[*at]));
            if let Some(at) = around.min_by_key(|at| sheets[*at].pixels) {
                counts[at] += 1;
            }
        }
        counts
    }
}

/// The box around a bright part.
struct Sheet {
    from: (usize, usize),
    to: (usize, usize),
    pixels: usize,
}

/// Returns the value that a share, of 1000, does not exceed.
fn percentile(values: impl Iterator<Item = u8>, share: usize) -> u8 {
    let mut counts = [0_usize; 256];
    values.for_each(|value| counts[usize::from(value)] += 1);
    let wanted = counts.iter().sum::<usize>() * share / 1000;
    let mut below = 0;
    (0..=u8::MAX)
        .find(|value| {
            below += counts[usize::from(*value)];
            below > wanted
        })
        .unwrap_or(u8::MAX)
}

/// Returns each connected bright part that is large enough for a sheet.
fn bright_parts(picture: &GrayImage) -> Vec<Sheet> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let pixels = picture.as_raw();
    let parting = parting(pixels);
    let mut seen = vec![false; pixels.len()];
    let mut sheets = Vec::new();
    for start in 0..pixels.len() {
        let mut sheet = Sheet { from: (usize::MAX, usize::MAX), to: (0, 0), pixels: 0 };
        let mut open = vec![start];
        while let Some(at) = open.pop() {
            if seen[at] || pixels[at] <= parting {
                continue;
            }
            seen[at] = true;
            let (x, y) = (at % width, at / width);
            sheet.from = (sheet.from.0.min(x), sheet.from.1.min(y));
            sheet.to = (sheet.to.0.max(x), sheet.to.1.max(y));
            sheet.pixels += 1;
            open.extend((x > 0).then(|| at - 1));
            open.extend((x + 1 < width).then_some(at + 1));
            open.extend((y > 0).then(|| at - width));
            open.extend((y + 1 < height).then_some(at + width));
        }
        if sheet.pixels * 100 >= pixels.len() * SHEET {
            sheets.push(sheet);
        }
    }
    sheets
}

/// Returns the brightness that parts dark from bright best (Otsu: the greatest variance between
/// the two).
fn parting(pixels: &[u8]) -> u8 {
    let mut counts = [0_f64; 256];
    pixels.iter().for_each(|value| counts[usize::from(*value)] += 1.0);
    let (total, sum) = (pixels.len() as f64, pixels.iter().map(|v| f64::from(*v)).sum::<f64>());
    let (mut dark, mut dark_sum) = (0.0, 0.0);
    let mut best = (0.0, 0);
    for value in 0..=u8::MAX {
        dark += counts[usize::from(value)];
        dark_sum += counts[usize::from(value)] * f64::from(value);
        let bright = total - dark;
        if dark == 0.0 || bright == 0.0 {
            continue;
        }
        let apart = dark_sum / dark - (sum - dark_sum) / bright;
        let variance = dark * bright * apart * apart;
        if variance > best.0 {
            best = (variance, value);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    fn stripes() -> RgbImage {
        RgbImage::from_fn(300, 200, |x, y| {
            let ink = (40..260).contains(&x) && (x / 4) % 2 == 0 && (y / 12) % 2 == 0;
            Rgb([if ink { 30 } else { 240 }; 3])
        })
    }

    #[test]
    fn stripes_are_sharp_and_blurred_stripes_are_not() {
        assert!(Grey::of(&stripes()).sharpness().unwrap() > 90);
        assert!(Grey::of(&imageops::fast_blur(&stripes(), 6.0)).sharpness().unwrap() < 25);
    }

    #[test]
    fn blank_paper_is_neither_sharp_nor_blurred() {
        assert_eq!(Grey::of(&RgbImage::from_pixel(50, 50, Rgb([250; 3]))).sharpness(), None);
    }

    #[test]
    fn brightness_is_a_percentile() {
        let grey = Grey::of(&stripes());
        assert_eq!((grey.brightness(1), grey.brightness(99)), (30, 240));
        assert_eq!(Grey::of(&RgbImage::new(1, 1)).brightness(99), 0);
    }

    #[test]
    fn two_papers_on_a_table_are_two_sheets() {
        let table = RgbImage::from_fn(400, 300, |x, y| {
            let left = (20..170).contains(&x) && (20..280).contains(&y);
            let right = (220..380).contains(&x) && (40..250).contains(&y);
            Rgb([if left || right { 230 } else { 70 }; 3])
        });
        let places = [(30.0, 30.0), (100.0, 100.0), (300.0, 100.0), (195.0, 100.0)];
        assert_eq!(Grey::of(&table).lines_by_sheet(&places), [2, 1]);
    }

    #[test]
    fn a_page_that_fills_the_picture_is_one_sheet() {
        let places = [(50.0, 50.0), (250.0, 150.0)];
        assert_eq!(Grey::of(&stripes()).lines_by_sheet(&places), [2]);
    }
}
