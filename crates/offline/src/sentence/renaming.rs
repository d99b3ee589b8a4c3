//! Another name for a vendor or a customer: of one invoice, or of all that are his.

use super::{correct::Reader, piece::Piece, token::Kind, word::Word};
use domain::{correction::NewValues, names::fold};

/// Words that ask for a place, or for the vendor of something.
const WHERE: [&str; 7] = ["where", "wo", "donde", "ou", "dove", "waar", "onde"];

impl Reader<'_> {
    /// "The vendor of 12 is Shell", "change the customer of 7 to Anna", "rename vendor Lidl to Aldi on all
    /// invoices".
    pub(super) fn renamed(&self) -> Option<(Word, String)> {
        if let Some(vendor) = self.comes_from() {
            return Some((Word::Vendor, vendor));
        }
        // "where is invoice 12" names nobody
        let noun = |word: Word| {
            self.pieces
                .iter()
                .position(|piece| piece.is(word) && !WHERE.contains(&piece.folded.as_str()))
        };
        let (at, field) = [Word::Vendor, Word::Customer]
            .into_iter()
            .find_map(|word| Some((noun(word)?, word)))?;
        let end = self.end_of_name();
        let said = self.pieces.get(..end)?;
        let leads = |piece: &Piece| piece.is_any(&[Word::To, Word::Is]) || piece.is_mark(":");
        // Dutch puts its verb last: "leverancier van 61 moet IKEA zijn"
        let verb_last = said.iter().rposition(|piece| piece.kind != Kind::Mark).filter(|at| {
            let verb = said.get(*at).is_some_and(|piece| piece.is(Word::Is));
            verb && said.get(..*at).is_some_and(|before| before.iter().any(leads))
        });
        let said = said.get(..verb_last.unwrap_or(end)).unwrap_or_default();
        let to = said.iter().rposition(leads)?;
        let first = said.get(to.saturating_add(1)).filter(|_| to > at)?;
        // "to Parker LLC thx"
        let talk = |piece: &&Piece| {
            piece.kind == Kind::Mark || piece.is_any(&[Word::Thanks, Word::Please, Word::Mark])
        };
        let last = said.iter().rev().find(|piece| !talk(piece))?;
        let name = self.parsed.plain.get(first.start..last.end)?.trim();
        (!name.is_empty() && first.value.is_none()).then(|| (field, name.to_owned()))
    }

    /// Returns where "on all invoices" begins at the end of a sentence, else where that ends.
    fn end_of_name(&self) -> usize {
        let whole = self.pieces.len();
        let small = [Word::All, Word::Document, Word::We, Word::Of, Word::Stop];
        let belongs = |piece: &&Piece| piece.is_any(&small) || piece.kind == Kind::Mark;
        let tail = self.pieces.iter().rev().take_while(belongs).count();
        let from = whole.saturating_sub(tail);
        let tail = self.pieces.get(from..).unwrap_or_default();
        let says = |word: Word| tail.iter().any(|piece| piece.is(word));
        if !(says(Word::All) && says(Word::Document)) {
            return whole;
        }
        let leads = [Word::At, Word::For, Word::From, Word::About, Word::Of, Word::To];
        let lead = from
            .checked_sub(1)
            .filter(|at| self.pieces.get(*at).is_some_and(|piece| piece.is_any(&leads)));
        lead.unwrap_or(from)
    }

    /// Returns whether a name stands somewhere else than in the new name: "Blue" of "rename Lidl to Blue
    /// Café" is nobody's, "Shell" of "rename Shell to Shell Station" is.
    pub(super) fn is_beside_new_name(&self, name: &str, set: &NewValues) -> bool {
        let Some(new) = set.vendor.as_ref().or(set.customer.as_ref()) else { return true };
        let plain = &self.parsed.plain;
        let rest = plain.rfind(new.as_str()).and_then(|at| {
            let behind = plain.get(at.saturating_add(new.len())..)?;
            Some(format!("{} {behind}", plain.get(..at)?))
        });
        rest.is_none_or(|rest| fold(&rest).contains(&fold(name)))
    }

    /// "Rename vendor Lidl to Aldi": somebody, and no single paper of his.
    pub(super) fn renames_somebody(&self, set: &NewValues) -> bool {
        (set.vendor.is_some() || set.customer.is_some()) && !self.says(&[Word::Document])
    }
}
