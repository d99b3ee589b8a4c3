//! The blocks of parties on a page: under which head a name stands, and what stands around it.

use super::{
    super::{
        candidates::Label,
        lexicon::{Role, lexicon},
        lines::{Line, height, share_column},
        places::ends_address,
    },
    contender::Contender,
    name::name_in,
    signs::{BLOCK, Scene, heads_block},
};
use domain::{document::Region, names::fold};

impl Scene<'_> {
    /// Returns whether a name stands right below that of a company in its block: the person to ask
    /// for, or a department.
    pub fn is_below_company(&self, one: &Contender) -> bool {
        let above = one.at.checked_sub(1).and_then(|at| self.layout.lines.get(at));
        let near = above.filter(|line| {
            let gap = one.region.top.saturating_sub(line.region.bottom);
            gap < height(one.region) && height(line.region) < height(one.region).saturating_mul(2)
        });
        let cells = near.map(Line::cells).unwrap_or_default();
        let aligned =
            |region: Region| region.left.saturating_sub(one.region.left).abs() < height(one.region);
        !lexicon().has_legal_form(&one.name)
            && cells.iter().any(|(text, region)| {
                aligned(*region) && lexicon().legal_form_words(text) > 0 && name_in(text).is_some()
            })
    }

    /// Returns whether a label says that a contender buys.
    #[must_use]
    pub fn buys(&self, one: &Contender) -> bool {
        // Heads of two columns over one text say nothing.
        let above = one.at.checked_sub(1).map_or(&[][..], |at| self.candidates.labels_at(at));
        let seller = |label: &Label| {
            label.role == Role::Vendor
                && label.weight >= 6
                && share_column(label.region, one.column)
        };
        let headed = matches!(self.block_head(one), Some((Role::Customer, 0 | 1)));
        headed && !above.iter().any(seller)
    }

    /// Returns whether a name holds that of a customer.
    #[must_use]
    pub fn is_customer(&self, one: &Contender) -> bool {
        let folded = format!(" {} ", fold(&one.name));
        self.customers.iter().any(|name| folded.contains(&format!(" {name} ")))
    }

    /// Returns whether the line below a name says for whom there a letter is: `z. Hd. Frau Weber`.
    #[must_use]
    pub fn is_attended(&self, one: &Contender) -> bool {
        const SIGNS: [&str; 10] = [
            "z hd",
            "zhd",
            "zu handen",
            "attn",
            "t a v",
            "tav",
            "a l attention",
            "alla c a",
            "a la atencion",
            "a att",
        ];
        let below = one.at.checked_add(1).and_then(|at| self.layout.lines.get(at));
        let cells = below.map(Line::cells).unwrap_or_default();
        let mut own = cells.iter().filter(|(_, region)| share_column(*region, one.region));
        own.any(|(text, _)| {
            let folded = format!("{} ", fold(text));
            SIGNS.iter().any(|sign| folded.starts_with(&format!("{sign} ")))
        })
    }

    /// Returns whether a label says surely that a contender sells.
    #[must_use]
    pub fn is_seller(&self, one: &Contender) -> bool {
        let sure = |at: usize| self.candidates.has(at, Role::Vendor, 7);
        let under = matches!(self.block_head(one), Some((Role::Vendor, 1)));
        (one.sold && sure(one.at)) || (under && one.at.checked_sub(1).is_some_and(sure))
    }

    /// Returns the label of a party that a cell stands under or behind, with the lines between.
    pub fn block_head(&self, one: &Contender) -> Option<(Role, usize)> {
        if one.sold {
            return Some((Role::Vendor, 0));
        }
        // A block of labelled rows is longer than an address.
        let depth = if one.named { BLOCK.saturating_mul(2) } else { BLOCK };
        (0..=depth.min(one.at)).take_while(|back| !self.is_past_address(one, *back)).find_map(
            |back| {
                let at = one.at.checked_sub(back)?;
                let line = self.layout.lines.get(at)?;
                let heads =
                    self.candidates.labels_at(at).iter().filter(|label| heads_block(line, label));
                let mut near = heads.filter(|label| {
                    if back == 0 {
                        label.region.right <= one.region.left.saturating_add(200)
                            && !has_value(line, label, one.region)
                    } else {
                        share_column(label.region, one.column)
                    }
                });
                near.next_back().map(|label| (label.role, self.rows_apart(one, back)))
            },
        )
    }

    /// Returns how many lines lie between a name and the head of its block, without the labelled
    /// rows that may come first: `Seller:`, `Number: 4711`, `Hill Foods`.
    fn rows_apart(&self, one: &Contender, back: usize) -> usize {
        let labelled = |at: usize| {
            let cells = self.layout.lines.get(at).map(Line::cells).unwrap_or_default();
            let mut own = cells.iter().filter(|(_, region)| share_column(*region, one.column));
            own.any(|(text, _)| text.split_once(':').is_some_and(|(_, rest)| !rest.is_empty()))
        };
        let between = (1..back).filter_map(|up| one.at.checked_sub(up));
        back.saturating_sub(between.filter(|at| labelled(*at)).count())
    }

    /// Returns whether an address has ended above a name that stands in a row of its own: what
    /// heads the block above is not about it.
    fn is_past_address(&self, one: &Contender, back: usize) -> bool {
        let line = back.checked_sub(1).and_then(|next| one.at.checked_sub(next));
        let above = line.filter(|at| *at < one.at).and_then(|at| self.layout.lines.get(at));
        let cells = above.map(Line::cells).unwrap_or_default();
        cells.iter().any(|(text, region)| share_column(*region, one.column) && ends_address(text))
    }
}

/// Returns whether a label has its value in its own cell, and a name stands in another: `Attn: Jo
/// Hill` says nothing about what is printed on the right.
fn has_value(line: &Line, label: &Label, name: Region) -> bool {
    let cells = line.cell_spans();
    let own = cells.iter().find(|cell| (cell.from..cell.to).contains(&label.from));
    own.is_some_and(|cell| label.to < cell.to && cell.region.right < name.left)
}
