//! PDF documents: the text layer where it is good, pixels where it is not, and attached e-invoices.
//!
//! Nothing in the file is executed or fetched; annotations, forms and scripts are not looked at.

mod attachments;
mod letterhead;
mod letters;
mod logo;
mod visible;

use super::{
    einvoice, fingerprint,
    image::shrink,
    look,
    ocr::{LineReader, TextReader},
};
use crate::{Limits, preflight};
use domain::{
    document::{Contents, FileType, Fingerprint, Notice, Obstacle, Page, Region, TextSource, Word},
    reading::Reading,
};
use hayro::{
    RenderCache, RenderSettings,
    hayro_interpret::{InterpreterSettings, util::TransformExt},
    hayro_syntax::{LoadPdfError, Pdf, page::Page as PdfPage},
    vello_cpu::{
        Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit,
        color::palette::css::WHITE,
    },
};
use image::RgbImage;
use kurbo::Rect;

/// Resolution at which a page is read from pixels, in pixels an inch.
const READING_DPI: f32 = 150.0;
/// Longer side of a rendered page: beyond it the resolution falls, as for posters.
const LONGEST_RENDER: f32 = 2600.0;
/// Beside pictures and drawings a text layer with fewer letters than this may be a stamp on a scan.
const FEWEST_LETTERS: usize = 30;
/// From so many words on that have no letters a page is looked at; fewer may be bullets.
const FEWEST_GAPS: usize = 3;
/// Points in an inch.
const POINTS: f32 = 72.0;

/// Reads the words of all pages, and the e-invoice inside if there is one.
#[must_use]
pub fn read(bytes: &[u8], limits: &Limits) -> Contents {
    let pdf = match open(bytes) {
        Ok(pdf) => pdf,
        Err(obstacle) => return Contents::unreadable(FileType::Pdf, obstacle),
    };
    let (einvoice, other_xml) = attached(&pdf);
    let mut contents = Contents { einvoice, other_xml, ..Contents::of(FileType::Pdf) };
    let mut unread = None;
    if pdf.pages().len() <= limits.pages {
        for seen in pages(&pdf, contents.einvoice.is_some(), limits) {
            if contents.pages.is_empty() {
                contents.fingerprint = seen.fingerprint;
            }
            contents.pages.push(seen.page);
            contents.notices.extend(seen.notices);
            unread = unread.or(seen.obstacle);
        }
        contents.notices.sort_unstable();
        contents.notices.dedup();
    } else if contents.einvoice.is_none() {
        contents.obstacle = Some(Obstacle::TooManyPages);
    }
    if contents.einvoice.is_none() && look::is_other_script(&contents.pages) {
        contents.obstacle = Some(Obstacle::OtherScript);
        contents.pages.clear();
        return contents;
    }
    let nothing = contents.pages.iter().all(|page| page.words.is_empty());
    if nothing && contents.einvoice.is_none() && contents.obstacle.is_none() {
        contents.obstacle = unread.or(Some(Obstacle::NoText));
        contents.pages.clear();
    }
    contents
}

/// Returns the first pages as pictures.
#[must_use]
pub fn pictures(bytes: &[u8], limits: &Limits) -> Vec<RgbImage> {
    let Ok(pdf) = open(bytes) else { return Vec::new() };
    let cache = RenderCache::new();
    let pages = pdf.pages().iter().take(limits.pictures);
    pages
        .filter_map(|page| {
            Some(shrink(render(page, &cache, READING_DPI / POINTS)?, limits.picture_side))
        })
        .collect()
}

/// Returns one page, counted from 1, as a picture of the resolution it is read in.
#[must_use]
pub fn picture(bytes: &[u8], page: u32, limits: &Limits) -> Option<RgbImage> {
    let at = usize::try_from(page).ok()?.checked_sub(1).filter(|at| *at < limits.pages)?;
    let pdf = open(bytes).ok()?;
    render(pdf.pages().get(at)?, &RenderCache::new(), READING_DPI / POINTS)
}

/// Returns the e-invoice among the attachments, else the name of another business document that
/// the page is the picture of; any other XML says nothing of the page.
fn attached(pdf: &Pdf) -> (Option<Reading>, Option<String>) {
    let mut other = None;
    for file in attachments::all(pdf) {
        let contents = einvoice::read(&file);
        if contents.einvoice.is_some() {
            return (contents.einvoice, None);
        }
        other = other.or(contents.other_xml.filter(|name| name == einvoice::ORDER_X));
    }
    (None, other)
}

fn open(bytes: &[u8]) -> Result<Pdf, Obstacle> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Obstacle::Encrypted,
        // A damaged file is repaired without its password, and then makes no sense.
        LoadPdfError::Invalid if names_encryption(bytes) => Obstacle::Encrypted,
        LoadPdfError::Invalid => Obstacle::Broken,
    })?;
    if pdf.pages().is_empty() { Err(Obstacle::Broken) } else { Ok(pdf) }
}

fn names_encryption(bytes: &[u8]) -> bool {
    const KEY: &[u8] = b"/Encrypt";
    bytes.windows(KEY.len()).any(|window| window == KEY)
}

/// A page, with what its picture showed.
struct SeenPage {
    page: Page,
    fingerprint: Option<Fingerprint>,
    notices: Vec<Notice>,
    obstacle: Option<Obstacle>,
}

impl From<Page> for SeenPage {
    fn from(page: Page) -> Self {
        Self { page, fingerprint: None, notices: Vec::new(), obstacle: None }
    }
}

/// Reads every page; pixels only where the text layer is poor and no e-invoice says it all.
fn pages(pdf: &Pdf, text_layer_only: bool, limits: &Limits) -> Vec<SeenPage> {
    let cache = RenderCache::new();
    let mut reader = None;
    pdf.pages()
        .iter()
        .enumerate()
        .map(|(at, page)| {
            let (layer, shapes, is_all) = text_layer(page);
            let fewest = if is_all { 0 } else { FEWEST_LETTERS };
            let good = text_layer_only || letters::is_good(&layer.words, fewest);
            let gaps = layer.words.iter().filter(|word| letters::is_undecodable(word)).count();
            let whole = good && (text_layer_only || gaps < FEWEST_GAPS);
            let anonymous = at == 0 && !text_layer_only && !(limits.names_vendor)(&layer);
            if whole {
                let named = if anonymous { named(page, &cache, layer, &shapes) } else { layer };
                return SeenPage::from(named);
            }
            if reader.is_none() {
                reader = TextReader::open(limits.threads);
            }
            (limits.before_pixels)();
            let seen = reader.as_ref().and_then(|reader| from_pixels(page, &cache, reader));
            match seen {
                Some(seen) if good => SeenPage::from(filled(layer, seen.page)),
                Some(seen) if !seen.page.words.is_empty() || layer.words.is_empty() => seen,
                _ => SeenPage::from(layer),
            }
        })
        .collect()
}

/// Adds the name in the pictures of the head of a page whose text names nobody.
fn named<'a>(page: &'a PdfPage<'a>, cache: &RenderCache<'a>, layer: Page, shapes: &[Rect]) -> Page {
    let marks = letterhead::marks(&layer, shapes);
    let Some(bottom) = marks.iter().map(|mark| mark.y1).reduce(f64::max) else { return layer };
    let scale = READING_DPI / POINTS;
    let Some(head) = draw(page, cache, scale, bottom) else { return layer };
    letterhead::added(layer, (&head, f64::from(scale)), &marks, LineReader::open)
}

/// Puts what pixels show in the place of the words that the text layer has no letters for, as where
/// a font lacks its table of characters; all others stay exact.
fn filled(mut layer: Page, seen: Page) -> Page {
    let (gaps, mut words): (Vec<Word>, Vec<Word>) =
        layer.words.into_iter().partition(letters::is_undecodable);
    let covers = |gap: &Word, word: &Word| {
        let (x, y) = (
            word.region.left.midpoint(word.region.right),
            word.region.top.midpoint(word.region.bottom),
        );
        let margin = gap.region.bottom.saturating_sub(gap.region.top);
        (gap.region.left.saturating_sub(margin)..=gap.region.right.saturating_add(margin))
            .contains(&x)
            && (gap.region.top..=gap.region.bottom).contains(&y)
    };
    let read = seen.words.into_iter().filter(|word| gaps.iter().any(|gap| covers(gap, word)));
    words.extend(read);
    layer.words = words;
    layer
}

/// Returns the text layer, where pictures and drawings are, and whether there is nothing but text.
fn text_layer(page: &PdfPage<'_>) -> (Page, Vec<Rect>, bool) {
    let (width, height) = page.render_dimensions();
    let letters::Layer { words, shapes, is_all } = letters::layer(page);
    let page = Page {
        width: letters::hundredths(f64::from(width)),
        height: letters::hundredths(f64::from(height)),
        source: TextSource::TextLayer,
        words,
    };
    (page, shapes, is_all)
}

fn from_pixels<'a>(
    page: &'a PdfPage<'a>,
    cache: &RenderCache<'a>,
    reader: &TextReader,
) -> Option<SeenPage> {
    let picture = render(page, cache, READING_DPI / POINTS)?;
    if preflight::obstacle(&picture).is_some() {
        return None;
    }
    let (width, height) = page.render_dimensions();
    let seen = picture.width().max(picture.height());
    let sight = reader.read(picture);
    let (obstacle, notices) = (look::obstacle(&sight), look::notices(&sight));
    let fingerprint = fingerprint::of(&sight.picture);
    let mut read = sight.page;
    let scale = f64::from(width.max(height)) / f64::from(seen.max(1));
    for word in &mut read.words {
        word.region = scaled(word.region, scale);
    }
    read.width = scaled_side(read.width, scale);
    read.height = scaled_side(read.height, scale);
    if obstacle.is_some() {
        read.words.clear();
    }
    Some(SeenPage { page: read, fingerprint, notices, obstacle })
}

/// Draws a page on white; nothing where the page has no size.
fn render<'a>(page: &'a PdfPage<'a>, cache: &RenderCache<'a>, scale: f32) -> Option<RgbImage> {
    let (width, height) = page.render_dimensions();
    let (longer, shorter) = (width.max(height), width.min(height));
    if !longer.is_finite() || shorter <= 0.0 {
        return None;
    }
    let scale = scale.min(LONGEST_RENDER / longer);
    if shorter * scale < 1.0 {
        return None;
    }
    draw(page, cache, scale, f64::from(height))
}

/// Draws a page on white from its top to a height, in points.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "float to integer saturates"
)]
fn draw<'a>(
    page: &'a PdfPage<'a>,
    cache: &RenderCache<'a>,
    scale: f32,
    height: f64,
) -> Option<RgbImage> {
    let side = |points: f64| (points * f64::from(scale)) as u16;
    let mut context = RenderContext::new(side(page.render_dimensions().0.into()), side(height));
    let transform = page.initial_transform(true).to_kurbo().then_scale(scale.into());
    let settings = (InterpreterSettings::default(), RenderSettings::default());
    hayro::render_into(page, cache, &settings.0, &settings.1, &mut context, transform);
    context.flush();
    let mut pixmap = Pixmap::new(context.width(), context.height());
    let white = RasterizerSettings { target_init: TargetInit::Clear(WHITE), ..Default::default() };
    context.render_with(&mut pixmap, &mut Resources::default(), white);
    let pixels = pixmap
        .data_as_u8_slice()
        .chunks_exact(4)
        .flat_map(|pixel| pixel.iter().take(3))
        .copied()
        .collect();
    RgbImage::from_raw(u32::from(pixmap.width()), u32::from(pixmap.height()), pixels)
}

fn scaled(region: Region, scale: f64) -> Region {
    Region {
        left: scaled_side(region.left, scale),
        top: scaled_side(region.top, scale),
        right: scaled_side(region.right, scale),
        bottom: scaled_side(region.bottom, scale),
    }
}

fn scaled_side(hundredths: i32, scale: f64) -> i32 {
    letters::hundredths(f64::from(hundredths) * scale / 100.0)
}

/// Makes a word of the text layer; such words are exact.
fn exact(text: String, region: Region) -> Word {
    Word { text, region, confidence: 100 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, left: i32) -> Word {
        exact(
            text.to_owned(),
            Region { left, top: 100, right: left.saturating_add(100), bottom: 200 },
        )
    }

    #[test]
    fn pixels_fill_the_gaps_of_a_text_layer_and_nothing_else() {
        let page = |words: Vec<Word>| Page {
            width: 10_000,
            height: 10_000,
            source: TextSource::TextLayer,
            words,
        };
        let layer = page(vec![word("Total", 100), word("\u{fffd}\u{fffd}\u{fffd}\u{fffd}", 900)]);
        let seen = page(vec![word("T0tal", 105), word("9.00", 910)]);
        let texts: Vec<String> =
            filled(layer, seen).words.into_iter().map(|word| word.text).collect();
        assert_eq!(texts, ["Total", "9.00"]);
    }
}
