//! Numbers that a narrow cell wraps: `3567/2017-` and `18` below it.

use super::{
    candidates::{Candidates, Label},
    lexicon::Role,
    lines::{Layout, Line, height, share_column},
    numbers::UNDER_TITLE,
    parted,
    written::{id, whole_id},
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

/// Returns the number that stands below a label, unless it follows a label of its own there.
#[must_use]
pub fn below(
    layout: &Layout,
    candidates: &Candidates,
    (at, label): (usize, Region),
) -> Option<(String, Region)> {
    // The lines of another column may stand between the two.
    let lines = layout.lines.iter().enumerate().skip(at.checked_add(1)?).take(2);
    let mut near = lines.take_while(|(_, line)| {
        line.region.top.saturating_sub(label.bottom) <= height(label).saturating_mul(3)
    });
    let shared = |line: &Line| line.tokens.iter().any(|token| share_column(token.region, label));
    let (below, line) = near.find(|(_, line)| shared(line))?;
    let named = |at: usize| {
        let of_cell = |label: &&Label| {
            let cells = (line.tokens.get(label.from), line.tokens.get(at));
            matches!(cells, (Some(own), Some(token)) if own.cell == token.cell)
        };
        let before = candidates.labels_at(below).iter().filter(|label| label.to <= at);
        let own =
            |label: &Label| matches!(label.role, Role::OtherNumber | Role::TaxId | Role::Ignore);
        before.filter(of_cell).any(own)
    };
    let mut under =
        line.tokens.iter().enumerate().filter(|(_, token)| share_column(token.region, label));
    under.find_map(|(at, token)| {
        let value = whole_id(line, at, 0).filter(|_| !named(at))?;
        Some((value, token.region))
    })
}

/// Returns the number in the same part of the cell below as its label.
#[must_use]
pub fn below_part(layout: &Layout, at: usize, label: &Label) -> Option<(String, Region)> {
    let part = parted::below(layout, at, label.from)?;
    let line = layout.lines.get(part.line)?;
    (part.from..part.to)
        .find_map(|at| Some((whole_id(line, at, part.from)?, line.tokens.get(at)?.region)))
}

/// Returns the number below a title that a `#` marks as one.
#[must_use]
pub fn hash_below(layout: &Layout, at: usize, title: Region) -> Option<((String, Region), i32)> {
    let line = layout.lines.get(at.checked_add(1)?)?;
    let cells = line.cell_spans();
    let cell = cells.iter().find(|cell| share_column(cell.region, title))?;
    let mut tokens = line.tokens.iter().take(cell.to).skip(cell.from);
    let first = tokens.clone().next().filter(|token| token.text.starts_with('#'))?;
    let found = tokens.find_map(|token| Some((id(&token.text)?, token.region)));
    found.filter(|(_, region)| region.left >= first.region.left).map(|found| (found, 0))
}
