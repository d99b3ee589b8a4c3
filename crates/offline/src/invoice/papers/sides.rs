//! Where a picture may be cut in two: along gaps that no word reaches into.

use domain::document::{Page, Region, Word};

/// A side has at least so many words.
const FEWEST_WORDS: usize = 10;
/// So many gaps are tried each way, the widest first.
const MOST_GAPS: usize = 4;
/// A gap is at least this wide, in heights of a word: lines of a table are nearer to one another.
const WIDEST_SPACE: i32 = 2;

/// Two sides of a picture.
pub struct Sides {
    /// The left and the right one, or the upper and the lower one.
    pub parts: [Part; 2],
    /// Whether they lie beside one another.
    pub beside: bool,
}

/// A side, as a page of its own.
pub struct Part {
    /// Its words, moved to where its own page begins.
    pub page: Page,
    left: i32,
    top: i32,
}

impl Part {
    fn of(page: &Page, words: Vec<Word>, left: i32, top: i32, (width, height): (i32, i32)) -> Self {
        let moved = |mut word: Word| {
            word.region = shifted(word.region, left.saturating_neg(), top.saturating_neg());
            word
        };
        let words = words.into_iter().map(moved).collect();
        Self { page: Page { width, height, source: page.source, words }, left, top }
    }

    /// Returns where a place on the side is on the whole picture.
    pub fn put_back(&self, region: Region) -> Region {
        shifted(region, self.left, self.top)
    }
}

fn shifted(region: Region, right: i32, down: i32) -> Region {
    Region {
        left: region.left.saturating_add(right),
        top: region.top.saturating_add(down),
        right: region.right.saturating_add(right),
        bottom: region.bottom.saturating_add(down),
    }
}

/// Returns the ways to cut a picture in two: first those that leave its sides beside one another.
pub fn of(page: &Page) -> Vec<Sides> {
    let beside = gaps(page, |region| (region.left, region.right));
    let above = gaps(page, |region| (region.top, region.bottom));
    let upright = beside.into_iter().filter_map(|at| cut(page, at, true));
    let level = above.into_iter().filter_map(|at| cut(page, at, false));
    upright.chain(level).collect()
}

/// Returns the middles of the widest gaps that no word reaches into, in one direction.
fn gaps(page: &Page, span: impl Fn(Region) -> (i32, i32)) -> Vec<i32> {
    let mut heights: Vec<i32> =
        page.words.iter().map(|word| word.region.bottom.saturating_sub(word.region.top)).collect();
    heights.sort_unstable();
    let usual = heights.get(heights.len() / 2).copied().unwrap_or_default();
    let mut spans: Vec<(i32, i32)> = page.words.iter().map(|word| span(word.region)).collect();
    spans.sort_unstable();
    let mut reached = spans.first().map_or(0, |(_, to)| *to);
    let mut gaps = Vec::new();
    for (from, to) in spans {
        let wide = from.saturating_sub(reached);
        if wide >= usual.saturating_mul(WIDEST_SPACE).max(1) {
            gaps.push((wide, reached.midpoint(from)));
        }
        reached = reached.max(to);
    }
    gaps.sort_unstable_by_key(|(wide, _)| std::cmp::Reverse(*wide));
    gaps.into_iter().take(MOST_GAPS).map(|(_, at)| at).collect()
}

fn cut(page: &Page, at: i32, beside: bool) -> Option<Sides> {
    let is_first = |word: &Word| if beside { word.region.left < at } else { word.region.top < at };
    let (first, second): (Vec<Word>, Vec<Word>) = page.words.iter().cloned().partition(is_first);
    if first.len().min(second.len()) < FEWEST_WORDS {
        return None;
    }
    let (width, height) = (page.width, page.height);
    let (one, other, (left, top)) = if beside {
        ((at, height), (width.saturating_sub(at), height), (at, 0))
    } else {
        ((width, at), (width, height.saturating_sub(at)), (0, at))
    };
    let parts = [Part::of(page, first, 0, 0, one), Part::of(page, second, left, top, other)];
    Some(Sides { parts, beside })
}
