//! Numbers that a narrow cell wraps: `3567/2017-` and `18` below it.

use super::{
    lines::{Layout, height, share_column},
    numbers::{UNDER_TITLE, id},
};
use domain::document::Region;

/// Returns a number with its end, which stands alone on the next line of its column where the first
/// line ends in a mark that joins.
pub fn whole(layout: &Layout, (page, region): (u32, Region), value: String) -> String {
    let tokens = || {
        let lines = layout.lines.iter().filter(|line| line.page == page);
        lines.flat_map(|line| &line.tokens)
    };
    let own = tokens().find(|token| token.region == region);
    let Some(mark) = own.and_then(|token| token.text.chars().last()) else { return value };
    if !matches!(mark, '-' | '/') {
        return value;
    }
    let under = tokens().filter(|token| {
        let gap = token.region.top.saturating_sub(region.bottom);
        let short = token.text.len() <= 8 && token.text.chars().all(|c| c.is_ascii_digit());
        let edge = token.region.left.saturating_sub(region.left).abs() < height(region);
        gap.saturating_add(height(region) / 2) >= 0
            && gap < height(region)
            && short
            && (edge || share_column(token.region, region))
    });
    let next = under.min_by_key(|token| token.region.top);
    next.map_or(value.clone(), |next| format!("{value}{mark}{}", next.text))
}

/// Returns the number in the column below a sign that has a cell of its own.
pub fn under(layout: &Layout, at: usize, sign: Region) -> Option<(String, Region)> {
    let reach = height(sign).saturating_mul(4);
    let below = (1..=UNDER_TITLE).filter_map(|down| layout.lines.get(at.checked_add(down)?));
    let near = below.take_while(|line| line.region.top.saturating_sub(sign.bottom) < reach);
    near.flat_map(|line| &line.tokens)
        .filter(|token| share_column(token.region, sign))
        .find_map(|token| Some((id(&token.text)?, token.region)))
}
