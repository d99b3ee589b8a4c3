//! The text layer of a page: glyphs in the order they are drawn, gathered into words.
//!
//! Only what can be seen counts. Text that does not run from left to right is left out: watermarks
//! and print along the margin.

use super::{
    exact,
    visible::{Drawn, Sight},
};
use domain::document::{Region, Word};
use hayro::{
    hayro_interpret::{
        BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
        InterpreterCache, InterpreterSettings, SoftMask,
        font::{Glyph, GlyphRun, PositionedGlyph},
        hayro_cmap::BfString,
        interpret_page,
        util::TransformExt,
    },
    hayro_syntax::page::Page as PdfPage,
};
use kurbo::{BezPath, Point, Rect};

/// The most glyphs of a page; a page full of small print has some 20,000.
const MOST_GLYPHS: usize = 200_000;
/// A wider gap than this parts two words, in heights of the line.
const WORD_GAP: f64 = 0.18;
/// A step back by more than this starts a word elsewhere, in heights of the line.
const STEP_BACK: f64 = 0.7;
/// A baseline that moves more than this starts another line, in heights of the line.
const BASELINE_STEP: f64 = 0.35;
/// How much of a line's height is above and below the baseline.
const ABOVE_BASELINE: f64 = 0.8;
const BELOW_BASELINE: f64 = 0.2;
/// Width of a glyph whose font does not tell it, in thousandths of its size.
const USUAL_WIDTH: f32 = 500.0;
/// Share of undecodable characters from which a text layer is garbage.
const GARBAGE_PERCENT: usize = 15;

/// A glyph on the page: where its baseline starts and ends, and how tall its font is.
#[derive(Debug, Clone, PartialEq)]
struct Placed {
    text: String,
    from: Point,
    to: Point,
    height: f64,
}

/// A glyph, and whether it can be seen.
struct Seen {
    letter: Placed,
    sight: Sight,
}

/// The text layer of a page, and what is drawn beside it.
pub struct Layer {
    /// The words that can be seen.
    pub words: Vec<Word>,
    /// Where pictures and drawings are, in points.
    pub shapes: Vec<Rect>,
    /// Whether nothing but glyphs can be read on the page.
    pub is_all: bool,
}

/// Reads a page's text layer.
pub fn layer(page: &PdfPage<'_>) -> Layer {
    let (width, height) = page.render_dimensions();
    let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let cache = InterpreterCache::new();
    let mut context = Context::new(
        page.initial_transform(true).to_kurbo(),
        area,
        &cache,
        page.xref(),
        InterpreterSettings::default(),
    );
    let mut letters = Letters::default();
    interpret_page(page, &mut context, &mut letters);
    let Letters { seen, drawn } = letters;
    let visible = |one: &Seen| match one.sight {
        Sight::Plain => true,
        Sight::InPicture => drawn.shows(middle(&one.letter)),
        Sight::Hidden => false,
    };
    let seen = seen.into_iter().filter(visible).map(|one| one.letter);
    let words = gather(seen.filter(|letter| area.contains(letter.from)));
    Layer { words, shapes: drawn.shapes(), is_all: !drawn.may_hold_letters() }
}

/// Returns the middle of a glyph: half its width on, and a third of its height above the baseline.
fn middle(letter: &Placed) -> Point {
    Point::new(letter.from.x.midpoint(letter.to.x), letter.from.y - letter.height / 3.0)
}

/// Returns whether the words are a text worth reading: enough letters, few of them undecodable.
pub fn is_good(words: &[Word], fewest: usize) -> bool {
    let characters = || words.iter().flat_map(|word| word.text.chars());
    let letters = characters().filter(|character| character.is_alphanumeric()).count();
    let garbage = characters().filter(|character| is_garbage(*character)).count();
    let limit = letters.saturating_mul(GARBAGE_PERCENT).checked_div(100).unwrap_or_default();
    letters >= fewest && garbage <= limit && is_language(characters())
}

/// Returns whether most of a word of several glyphs is undecodable.
pub fn is_undecodable(word: &Word) -> bool {
    let garbage = word.text.chars().filter(|character| is_garbage(*character)).count();
    garbage >= 3 && garbage.saturating_mul(2) > word.text.chars().count()
}

fn is_garbage(character: char) -> bool {
    matches!(character, '\u{fffd}' | '\u{e000}'..='\u{f8ff}' | '\0'..='\u{1f}' | '\u{80}'..='\u{9f}')
}

/// Returns whether vowels are as frequent among Latin letters as in any language written with
/// them; in text whose letters are mapped to others they are not.
fn is_language(characters: impl Iterator<Item = char>) -> bool {
    let (mut latin, mut vowels) = (0_usize, 0_usize);
    for character in characters.filter(char::is_ascii_alphabetic) {
        latin = latin.saturating_add(1);
        if "aeiouyAEIOUY".contains(character) {
            vowels = vowels.saturating_add(1);
        }
    }
    let percent = vowels.saturating_mul(100).checked_div(latin).unwrap_or(40);
    latin < 100 || (18..=70).contains(&percent)
}

/// Returns points as hundredths, never negative.
#[expect(clippy::as_conversions, reason = "float to integer saturates")]
pub fn hundredths(points: f64) -> i32 {
    (points.max(0.0) * 100.0).round() as i32
}

fn gather(letters: impl Iterator<Item = Placed>) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut current: Option<Placed> = None;
    for letter in without_echoes(letters) {
        let blank = letter.text.chars().all(|c| c.is_whitespace() || c.is_control());
        if blank || current.as_ref().is_some_and(|word| !follows(word, &letter)) {
            words.extend(current.take().map(finish));
        }
        match &mut current {
            _ if blank => {}
            Some(word) => {
                word.text.push_str(&letter.text);
                word.to = letter.to;
                word.height = word.height.max(letter.height);
            }
            None => current = Some(letter),
        }
    }
    words.extend(current.map(finish));
    without_shadows(words)
}

/// A glyph this close to the same one is its shadow, in heights of the line; two thin letters in a
/// row are farther apart.
const ECHO: f64 = 0.12;
/// How many glyphs back a shadow is looked for: programs draw it glyph by glyph or run by run.
const ECHO_REACH: usize = 120;

/// Drops glyphs drawn again almost in place, as some programs do to make them bold.
fn without_echoes(letters: impl Iterator<Item = Placed>) -> Vec<Placed> {
    let mut kept: Vec<Placed> = Vec::new();
    for letter in letters {
        let reach = ECHO * letter.height;
        let echo = |other: &Placed| {
            other.text == letter.text
                && (other.from.x - letter.from.x).abs() <= reach
                && (other.from.y - letter.from.y).abs() <= reach
        };
        if !kept.iter().rev().take(ECHO_REACH).any(echo) {
            kept.push(letter);
        }
    }
    kept
}

fn follows(word: &Placed, letter: &Placed) -> bool {
    let height = word.height.max(letter.height);
    let gap = letter.from.x - word.to.x;
    (letter.from.y - word.to.y).abs() <= BASELINE_STEP * height
        && gap <= WORD_GAP * height
        && gap >= -STEP_BACK * height
}

fn finish(word: Placed) -> Word {
    let region = Region {
        left: hundredths(word.from.x),
        top: hundredths(word.from.y - ABOVE_BASELINE * word.height),
        right: hundredths(word.to.x.max(word.from.x)),
        bottom: hundredths(word.from.y + BELOW_BASELINE * word.height),
    };
    exact(word.text, region)
}

/// Drops words drawn again almost in place, as some programs do to make them bold.
fn without_shadows(words: Vec<Word>) -> Vec<Word> {
    const ALMOST: u32 = 150;
    let mut kept: Vec<Word> = Vec::with_capacity(words.len());
    for word in words {
        let near = |other: &&Word| {
            other.text == word.text
                && other.region.left.abs_diff(word.region.left) <= ALMOST
                && other.region.top.abs_diff(word.region.top) <= ALMOST
        };
        if kept.iter().rev().take(100).find(near).is_none() {
            kept.push(word);
        }
    }
    kept
}

/// Collects glyphs, and what is drawn below and above them.
#[derive(Default)]
struct Letters {
    seen: Vec<Seen>,
    drawn: Drawn,
}

impl Letters {
    #[expect(clippy::arithmetic_side_effects, reason = "geometry of floats, which cannot overflow")]
    fn push(&mut self, glyph: &PositionedGlyph<'_>, properties: &DrawProps<'_>, mode: &DrawMode) {
        let place = properties.transform * glyph.transform();
        let width = match &**glyph {
            Glyph::Outline(outline) => outline.advance_width(),
            Glyph::Type3(drawn) => drawn.advance_width(),
        };
        let from = place * Point::ZERO;
        let to = place * Point::new(f64::from(width.unwrap_or(USUAL_WIDTH)), 0.0);
        let height = (place * Point::new(0.0, 1000.0) - from).hypot();
        let level = (to.y - from.y).abs() <= 0.1 * (to.x - from.x).abs().max(height);
        if level && to.x >= from.x && height.is_finite() && self.seen.len() < MOST_GLYPHS {
            let letter = Placed { text: text_of(glyph), from, to, height: height.max(1.0) };
            let sight = self.drawn.sight(glyph, (middle(&letter), height), (properties, mode));
            self.seen.push(Seen { letter, sight });
        }
    }
}

/// Returns what a glyph stands for, ligatures as their letters.
fn text_of(glyph: &Glyph<'_>) -> String {
    let text = match glyph.as_unicode() {
        Some(BfString::Char(character)) => character.to_string(),
        Some(BfString::String(text)) => text,
        None => '\u{fffd}'.to_string(),
    };
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            'ﬀ' => plain.push_str("ff"),
            'ﬁ' => plain.push_str("fi"),
            'ﬂ' => plain.push_str("fl"),
            'ﬃ' => plain.push_str("ffi"),
            'ﬄ' => plain.push_str("ffl"),
            '\u{ad}' => plain.push('-'),
            '\u{200b}'..='\u{200f}' | '\u{feff}' => {}
            other => plain.push(other),
        }
    }
    plain
}

impl<'a> Device<'a> for Letters {
    fn draw_glyph_run(
        &mut self,
        run: &GlyphRun<'_, 'a>,
        properties: DrawProps<'a>,
        mode: &DrawMode,
    ) {
        for glyph in run.glyphs() {
            self.push(glyph, &properties, mode);
        }
    }

    fn draw_path(&mut self, path: &BezPath, properties: DrawProps<'a>, mode: &DrawMode) {
        let Some(covered) = self.drawn.fill(path, &properties, mode) else { return };
        for one in self.seen.iter_mut().filter(|one| covered.contains(middle(&one.letter))) {
            // Programs that add the words of a picture below it paint the page white first.
            one.sight = if one.sight == Sight::Hidden { Sight::Hidden } else { Sight::InPicture };
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, properties: ImageDrawProps<'a>) {
        self.drawn.picture(&image, &properties);
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.drawn.cut(&clip.path);
    }

    fn pop_clip(&mut self) {
        self.drawn.uncut();
    }

    fn push_transparency_group(&mut self, share: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.drawn.group(share);
    }

    fn pop_transparency_group(&mut self) {
        self.drawn.ungroup();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(text: &str, x: f64, y: f64) -> Vec<Placed> {
        text.chars()
            .zip(0..)
            .map(|(character, at)| Placed {
                text: character.to_string(),
                from: Point::new(x + f64::from(at) * 5.0, y),
                to: Point::new(x + f64::from(at) * 5.0 + 5.0, y),
                height: 10.0,
            })
            .collect()
    }

    fn texts(letters: Vec<Placed>) -> Vec<String> {
        gather(letters.into_iter()).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn a_gap_a_space_and_another_line_part_words() {
        let mut all = letters("Total sum", 0.0, 20.0);
        all.extend(letters("19.00", 48.0, 20.0));
        all.extend(letters("EUR", 0.0, 40.0));
        assert_eq!(texts(all), ["Total", "sum", "19.00", "EUR"]);
    }

    #[test]
    fn a_word_drawn_twice_is_one_word() {
        let mut all = letters("Bold", 0.0, 20.0);
        all.extend(letters("Bold", 0.4, 20.0));
        all.extend(letters("Bold", 60.0, 20.0));
        assert_eq!(texts(all), ["Bold", "Bold"]);
    }

    #[test]
    fn letters_drawn_twice_one_by_one_are_one_word() {
        let (once, again) = (letters("Illegal", 0.0, 20.0), letters("Illegal", 0.4, 20.2));
        let both = once.into_iter().zip(again).flat_map(|(one, other)| [one, other]);
        assert_eq!(texts(both.collect()), ["Illegal"]);
    }

    #[test]
    fn text_of_undecodable_glyphs_is_not_good() {
        let word = |text: &str| exact(text.to_owned(), Region::default());
        let good = vec![word("Invoice for consulting in the month of March")];
        assert!(is_good(&good, 30));
        assert!(!is_good(&[word("Page 1")], 30));
        let garbage =
            vec![word(&format!("abcdefghijklmnopqrstuvwxyz12345{}", "\u{fffd}".repeat(9)))];
        assert!(!is_good(&garbage, 30));
        assert!(!is_good(&[word(&"xkcdqz".repeat(20))], 30));
    }
}
