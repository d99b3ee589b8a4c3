//! Numbers that a narrow cell wraps: `3567/2017-` and `18` below it.

use super::lines::{Layout, height, share_column};
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
