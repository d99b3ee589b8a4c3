//! Names in the pictures of a page of text: the letterhead, where the text names no vendor.

use super::{
    super::{fields::Placed, lines::height},
    FLOOR,
    contender::Contender,
    mend,
    signs::{Scene, Sign},
};

/// How sure such a name is; its letters are not exact.
const SURE: u8 = 60;
/// Letters of a name are at least so high, in hundredths of the highest ones in the picture.
const LARGE: i32 = 45;

/// Returns whether the letters of a contender were read from pixels on a page of text.
pub const fn is_pictured(one: &Contender) -> bool {
    one.confidence < 100
}

/// What the name of a company in exact letters may be worth less than a name in a picture.
const EXACT: i32 = 2500;

/// Returns whether the text has the name of a company that is nearly as good as any: a picture
/// often bears but a part of it.
pub fn names_company(scene: &Scene<'_>, scored: &[(i32, &Contender)]) -> bool {
    let first = scored.first().map_or(0, |(score, _)| *score);
    scored.iter().find(|(_, one)| !is_pictured(one)).is_some_and(|(score, one)| {
        let signs = scene.signs(one);
        let seller = signs.contains(&Sign::LegalForm) && !signs.contains(&Sign::UnderCustomer);
        seller && score.saturating_add(EXACT) >= first
    })
}

/// Returns the best name in a picture: the legal form of a company or a domain tells it, else the
/// size of its letters.
pub fn best(scene: &Scene<'_>, scored: &[(i32, &Contender)]) -> Option<Placed<String>> {
    let pictured = || scored.iter().filter(|(_, one)| is_pictured(one));
    let highest = pictured().map(|(_, one)| letters(scene, one)).max()?;
    let named = |one: &Contender| {
        let signs = scene.signs(one);
        let told = [Sign::LegalForm, Sign::OwnsDomain].iter().any(|sign| signs.contains(sign));
        let other = [Sign::UnderCustomer, Sign::Address, Sign::Scrap];
        let large = letters(scene, one).saturating_mul(100) >= highest.saturating_mul(LARGE);
        (told || large) && !other.iter().any(|sign| signs.contains(sign))
    };
    let (_, chosen) = pictured().find(|(score, one)| *score > FLOOR && named(one))?;
    Some(scene.placed(whole(scene, scored, chosen), true, (SURE, "vendor in a picture")))
}

/// Returns the name of a picture on both of its lines: letters of one size are one name.
pub fn whole<'a>(
    scene: &Scene<'_>,
    scored: &[(i32, &'a Contender)],
    chosen: &'a Contender,
) -> &'a Contender {
    let holds = |one: &Contender| {
        is_pictured(one) && scene.is_double(one) && one.name.contains(&chosen.name)
    };
    let both = scored.iter().find(|(_, one)| is_pictured(chosen) && holds(one));
    both.map_or(chosen, |(_, one)| one)
}

/// Returns whether a name is spaced out, as lines about the trade are: `B R OO D`.
pub fn is_spaced(name: &str) -> bool {
    let words = name.split(' ').count();
    let short = name.split(' ').filter(|word| word.chars().count() <= 2).count();
    words >= 4 && short.saturating_mul(2) > words
}

/// Returns the height of the letters of a name, which may stand on two lines.
fn letters(scene: &Scene<'_>, one: &Contender) -> i32 {
    let lines = if scene.is_double(one) { 2 } else { 1 };
    height(one.region).checked_div(lines).unwrap_or_default()
}

impl Scene<'_> {
    /// Returns a chosen name in its place; a misread letter of one that was seen is put right.
    pub fn placed(
        &self,
        chosen: &Contender,
        seen: bool,
        (confidence, rule): (u8, &'static str),
    ) -> Placed<String> {
        let value = match seen {
            true => mend::mended(&chosen.name, &self.domains),
            false => chosen.name.clone(),
        };
        let page = self.layout.lines.get(chosen.at).map_or(1, |line| line.page);
        Placed { value, page, region: chosen.region, confidence, rule }
    }
}
