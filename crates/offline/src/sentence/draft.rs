//! An invoice that a sentence asks for: customer, items, tax, discount, dates, number.
//!
//! Terms such as tax and due date are taken out first; what is left is a customer and items.

use super::{
    draft_account,
    draft_party::without_customer,
    items,
    piece::{Parsed, Piece},
    token::Kind,
    word::{Role, Word},
};
use domain::{dates::Unit, draft::Draft};
use ports::model::Sentence;

/// "For" in Arabic, written as the first letter of the name.
const ARABIC_FOR: char = 'ل';

/// Returns the invoice that is asked for; fields that are not said stay missing. Nothing if a part
/// of the sentence found no place in it.
pub(super) fn draft(parsed: &Parsed, sentence: &Sentence) -> Option<Draft> {
    read(parsed, sentence).filter(|(_, is_whole)| *is_whole).map(|(draft, _)| draft)
}

/// Returns the invoice that is most likely asked for, whatever else the sentence says.
pub(super) fn attempt(parsed: &Parsed, sentence: &Sentence) -> Option<Draft> {
    read(parsed, sentence).map(|(draft, _)| draft)
}

fn read(parsed: &Parsed, sentence: &Sentence) -> Option<(Draft, bool)> {
    if has_signed_number(&parsed.plain) {
        return None;
    }
    let mut maker = Maker::new(parsed, sentence);
    maker.terms();
    maker.party();
    let lines = items::read(&maker);
    let draft = Draft { items: lines.items, ..maker.draft.clone() };
    let is_whole = lines.is_whole
        && maker.is_whole
        && maker.has_one_currency()
        && !maker.is_of_another_kind()
        && !maker.offers_a_choice()
        && (draft.items.is_empty() && maker.says_only_money()
            || draft_account::holds_all_numbers(&maker, &draft));
    let empty = draft.customer.is_none() && draft.items.is_empty();
    let named = super::piece::has(&parsed.pieces, &[Word::Document, Word::Bill, Word::Create]);
    (!empty || named).then_some((draft, is_whole))
}

/// Returns whether a number stands behind a minus of its own. Nobody sells less than nothing, and
/// what is meant (a credit, a discount, a dash) is not guessed.
fn has_signed_number(plain: &str) -> bool {
    let signed = plain.match_indices('-').filter(|(at, _)| {
        let before = plain.get(..*at).unwrap_or_default().chars().next_back();
        let mut after = plain.get(at.saturating_add(1)..).unwrap_or_default().chars();
        let is_amount = after.next().is_some_and(|c| c.is_ascii_digit() || "€$£¥".contains(c));
        before.is_some_and(|c| c == ' ' || "€$£¥".contains(c)) && is_amount
    });
    signed.count() > 0
}

pub(super) struct Maker<'a> {
    pub(super) plain: &'a str,
    pub(super) pieces: &'a [Piece],
    pub(super) sentence: &'a Sentence,
    pub(super) used: Vec<bool>,
    pub(super) draft: Draft,
    /// Whether everything that was read has a place.
    pub(super) is_whole: bool,
    /// Whether the prices are said to hold their tax.
    pub(super) is_gross: bool,
}

impl<'a> Maker<'a> {
    pub(super) fn new(parsed: &'a Parsed, sentence: &'a Sentence) -> Self {
        Self {
            plain: &parsed.plain,
            pieces: &parsed.pieces,
            sentence,
            used: vec![false; parsed.pieces.len()],
            draft: Draft::empty(sentence.currency, sentence.today),
            is_whole: true,
            is_gross: false,
        }
    }

    pub(super) fn piece(&self, at: usize) -> Option<&'a Piece> {
        self.pieces.get(at)
    }

    pub(super) fn is(&self, at: usize, words: &[Word]) -> bool {
        self.piece(at).is_some_and(|piece| piece.is_any(words))
    }

    pub(super) fn is_used(&self, at: usize) -> bool {
        self.used.get(at).copied().unwrap_or(true)
    }

    pub(super) fn take(&mut self, from: usize, end: usize) {
        self.used.iter_mut().take(end).skip(from).for_each(|used| *used = true);
    }

    /// The customer stands before a postposition, after a preposition, or after the verb.
    pub(super) fn party(&mut self) {
        let after_verb = self.after_verb();
        let owing = self.owing();
        let found = owing.or_else(|| self.labelled()).or_else(|| self.in_need());
        let found = found.or_else(|| self.before_postposition());
        let found = found.or_else(|| self.after_preposition()).or(after_verb);
        let found = found.or_else(|| self.of_the_book()).or_else(|| self.leading());
        let Some((first, end, taken_from)) = found else { return };
        // "bill Bob and Anna 100 each"
        let run = self.pieces.get(first..end).unwrap_or_default();
        let two = run.iter().filter(|piece| piece.known.is_some()).count() > 1;
        // "X को 50 किलो चीनी का": more than a name
        let counted = run.iter().any(|piece| piece.kind == Kind::Number && piece.known.is_none());
        self.is_whole &= !two && !counted && !self.passes_over_somebody(first, end);
        let mut name = self.text(first, end);
        let after_document = first.checked_sub(1).is_some_and(|at| self.is(at, &[Word::Document]));
        if after_document && let Some(bare) = name.strip_prefix(ARABIC_FOR) {
            name = without_customer(bare).to_owned();
        }
        // "bob 8-12 June": days or an amount, and no part of a name
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let range = |word: &str| word.split_once('-').is_some_and(|(a, b)| digits(a) && digits(b));
        self.is_whole &= !name.split_whitespace().any(range);
        self.draft.customer = Some(name).filter(|name| !name.is_empty());
        self.take(taken_from, end);
    }

    pub(super) fn text(&self, first: usize, end: usize) -> String {
        let pieces = self.pieces.get(first..end).unwrap_or_default();
        let (Some(one), Some(last)) = (pieces.first(), pieces.last()) else { return String::new() };
        let text = self.plain.get(one.start..last.end).unwrap_or_default();
        text.trim().trim_matches(['"', ',', ':', '\'']).trim().to_owned()
    }

    /// "New invoice, customer Müller Bau".
    fn labelled(&self) -> Option<(usize, usize, usize)> {
        let at = (0..self.pieces.len()).find(|at| {
            self.is(*at, &[Word::Customer]) && !self.is(*at, &[Word::Stop]) && !self.is_used(*at)
        })?;
        let begins = at
            .checked_sub(1)
            .is_none_or(|before| self.piece(before).is_some_and(|piece| piece.kind == Kind::Mark));
        let colon =
            usize::from(self.piece(at.saturating_add(1)).is_some_and(|piece| piece.is_mark(":")));
        let first = at.saturating_add(1).saturating_add(colon);
        let named = self
            .piece(first)
            .is_some_and(|piece| piece.known.is_some() || piece.is_unknown() && piece.is_capital());
        let end = self.name_end(first);
        (begins && named && end > first).then_some((first, end, at))
    }

    fn before_postposition(&self) -> Option<(usize, usize, usize)> {
        let at = (0..self.pieces.len()).find(|at| self.is(*at, &[Word::NamedBefore]))?;
        let first = (0..at).find(|at| {
            !self.is(*at, &[Word::Hello, Word::Please, Word::Create]) && !self.is_used(*at)
        })?;
        (first < at).then_some((first, at, first))
    }

    /// Returns name start, name end, and where the preposition stands.
    fn after_preposition(&self) -> Option<(usize, usize, usize)> {
        let leads: Vec<usize> = (0..self.pieces.len())
            .filter(|at| {
                self.is(*at, &[Word::For, Word::To]) && !self.is_used(*at) && self.before_items(*at)
            })
            .collect();
        let name = |at: usize| {
            let first = at.saturating_add(1);
            let first = if self.is(first, &[Word::Stop, Word::Customer])
                && self.piece(first).is_some_and(|piece| !piece.is_capital())
            {
                first.saturating_add(1)
            } else {
                first
            };
            let end = self.name_end(first);
            (end > first).then_some((first, end, at))
        };
        let named = |found: &(usize, usize, usize)| {
            self.piece(found.0).is_some_and(|piece| {
                piece.is_capital() || piece.known.is_some() || piece.is_unknown()
            })
        };
        let found: Vec<(usize, usize, usize)> =
            leads.into_iter().filter_map(name).filter(named).collect();
        let proper = |found: &&(usize, usize, usize)| {
            let run = self.pieces.get(found.0..found.1).unwrap_or_default();
            run.iter().any(|piece| piece.is_capital() || piece.known.is_some())
        };
        found
            .iter()
            .find(proper)
            .or_else(|| found.first().filter(|f| !self.priced(f.1) || self.is_before_items(f)))
            .copied()
    }

    /// A preposition right before a price says what it is for; a verb's own name comes first.
    fn before_items(&self, at: usize) -> bool {
        let verb_named = self.after_verb().is_some_and(|(_, end, _)| end <= at);
        !verb_named
            && !self
                .piece(at.saturating_add(1))
                .is_some_and(|piece| piece.value.is_some() || piece.currency().is_some())
    }

    fn priced(&self, at: usize) -> bool {
        self.piece(at).is_some_and(|piece| piece.currency().is_some() || piece.value.is_some())
    }

    /// "Bill Anna for", "invoice Bob 3 hours", "create invoice city library 200 bookmarks".
    fn after_verb(&self) -> Option<(usize, usize, usize)> {
        let talk =
            [Word::Hello, Word::Please, Word::Create, Word::Stop, Word::We, Word::Me, Word::WeMust];
        let behind = self.pieces.iter().any(|piece| piece.is(Word::BilledBehind));
        let mut at = 0;
        while (self.is(at, &talk) && !self.is(at, &[Word::Bill, Word::Document]))
            || self.piece(at).is_some_and(|piece| piece.is_mark(".,!"))
        {
            at = at.saturating_add(1);
        }
        if behind && !self.is(at, &[Word::Bill, Word::Document]) {
            // "stell der Pension 3 Nächte in Rechnung"
            let verb = [Word::Create, Word::Mark, Word::Please, Word::Stop, Word::Hello];
            let first = (0..self.pieces.len())
                .find(|at| !self.is(*at, &verb) || self.piece(*at).is_some_and(Piece::is_capital))
                .filter(|first| *first > 0);
            let first = first.unwrap_or_default().max(usize::from(self.is(0, &verb)));
            // "stell dem Verein 24 Gläser in Rechnung"
            let article = self.is(first, &[Word::Stop])
                && self.piece(first).is_some_and(|piece| !piece.is_capital());
            let first = if article { first.saturating_add(1) } else { first };
            let end = self.name_end(first);
            return (end > first).then_some((first, end, 0));
        }
        if let Some(named) = self.between_verb_and_document() {
            return Some(named);
        }
        if !self.is(at, &[Word::Bill, Word::Document]) {
            return None;
        }
        let mut first = at.saturating_add(1);
        while self.is_used(first) && first < self.pieces.len()
            || self.piece(first).is_some_and(|piece| piece.is_mark(":"))
        {
            first = first.saturating_add(1);
        }
        // "invoice new", "invoice banana hai" (to make): no names
        let is_order = self.is(first, &[Word::Create, Word::Is, Word::Please, Word::Show])
            && !self.piece(first).is_some_and(Piece::is_capital);
        if self.is(first, &[Word::For, Word::To]) || is_order {
            return None;
        }
        let article = self.is(first, &[Word::Stop])
            && self
                .piece(first)
                .is_some_and(|piece| !piece.is_capital() && piece.count().is_none());
        let first = if article { first.saturating_add(1) } else { first };
        let end = self.name_end(first);
        (end > first).then_some((first, end, first))
    }

    /// A name ends at a number, a price, punctuation, or a preposition that begins something else.
    fn name_end(&self, first: usize) -> usize {
        let mut at = first;
        while let Some(piece) = self.piece(at) {
            let abbreviated = piece.is_mark(".")
                && at > first
                && self.piece(at.saturating_sub(1)).is_some_and(|before| {
                    before.end == piece.start && before.text.chars().count() <= 4
                });
            let joins = piece.is_mark("&-'")
                && self.piece(at.saturating_add(1)).is_some_and(Piece::is_capital)
                || abbreviated;
            let breaks = piece.kind == Kind::Mark && !joins;
            let preposition = [
                Word::For,
                Word::To,
                Word::At,
                Word::From,
                Word::Due,
                Word::NumberLabel,
                Word::Each,
            ];
            let inside = self.piece(at.saturating_add(1)).is_some_and(Piece::is_capital)
                && piece.is_any(&[Word::Of, Word::Stop, Word::From])
                && !piece.is_any(&[Word::For]);
            let splits = at > first
                && piece.is_any(&preposition)
                && !piece.is_capital()
                && !inside
                && !self.is_within_a_small_name(at);
            let price = self.money_word(at).is_some()
                || piece.value.is_some()
                || piece.is_rough_before(self.piece(at.saturating_add(1)));
            let number_word = at > first
                && !piece.is_capital()
                && piece.count().is_some()
                && !piece.is(Word::Stop);
            let stored = self.is_behind_a_stored_name(first, at);
            if stored
                || breaks
                || splits
                || price
                || number_word
                || at > first && self.is_paper(at)
                || self.is_used(at)
            {
                break;
            }
            at = at.saturating_add(1);
        }
        while at > first
            && self.piece(at.saturating_sub(1)).is_some_and(|piece| {
                !piece.is_capital()
                    && piece.is_any(&[Word::Stop, Word::And, Word::Please, Word::Of])
            })
        {
            at = at.saturating_sub(1);
        }
        at
    }

    /// "For anna keller airport run": the name ends where the stored one does.
    fn is_behind_a_stored_name(&self, first: usize, at: usize) -> bool {
        let small = self.piece(at).is_some_and(|piece| {
            piece.kind == Kind::Word
                && piece.known.is_none()
                && !piece.is(Word::And)
                && !piece.is_capital()
        });
        let before = at.checked_sub(1).and_then(|at| self.piece(at));
        at > first && small && before.is_some_and(|piece| piece.known.is_some())
    }

    /// "Hazle a Anna una factura": the paper that he gets is no part of a name.
    fn is_paper(&self, at: usize) -> bool {
        let mut at = at;
        while self.is(at, &[Word::Stop]) && self.piece(at).is_some_and(|p| !p.is_capital()) {
            at = at.saturating_add(1);
        }
        self.piece(at).is_some_and(|p| p.is_any(&[Word::Document, Word::Bill]) && !p.is_capital())
    }

    /// "Invoice Bob 100 euros": whom and how much; what for is asked.
    fn says_only_money(&self) -> bool {
        let money = |at: usize| {
            let beside = at.checked_sub(1).into_iter().chain([at.saturating_add(1)]);
            beside.into_iter().any(|at| self.piece(at).is_some_and(|p| p.currency().is_some()))
        };
        // "una factura para Ana por 500"
        let last = self.pieces.iter().rposition(|piece| piece.kind != Kind::Mark);
        let led = |at: usize| {
            at.checked_sub(1).is_some_and(|before| self.is(before, &[Word::For, Word::At]))
                && Some(at) == last
        };
        let mut numbers = self.pieces.iter().enumerate().filter(|(_, piece)| piece.value.is_some());
        self.draft.customer.is_some() && numbers.all(|(at, _)| money(at) || led(at))
    }

    /// "Due 1 May or 1 June": one of two is not chosen here.
    fn offers_a_choice(&self) -> bool {
        (0..self.pieces.len()).any(|at| {
            let next = self.piece(at.saturating_add(1));
            self.is(at, &[Word::Or])
                && next.is_some_and(|next| next.decimal().is_some() || next.kind == Kind::Date)
        })
    }

    /// A quote or a credit note is no invoice, half of a sum no price, and "if" no order.
    fn is_of_another_kind(&self) -> bool {
        let half = |pair: &[Piece]| {
            matches!(pair, [half, of] if half.roles.contains(&Role::Unit(Unit::HalfYear))
                && of.is(Word::Of))
        };
        let large = |piece: &Piece| piece.is_capital() && piece.start > 0;
        let unless = |piece: &Piece| piece.is(Word::Later) && !piece.is(Word::Is);
        let mut free = self.pieces.iter().zip(&self.used).filter(|(_, used)| !**used);
        self.pieces.windows(2).any(half)
            || self.pieces.iter().any(|piece| piece.is(Word::OtherPaper))
            || self.pieces.iter().any(|piece| piece.is(Word::OweMe)) && !self.is_owed_to_be_billed()
            || free.any(|(piece, _)| !large(piece) && unless(piece))
    }

    /// Returns whether all money is of one currency; amounts of two are never added up.
    fn has_one_currency(&self) -> bool {
        let mut said = (0..self.pieces.len()).filter_map(|at| self.money_word(at));
        let first = said.next();
        said.all(|other| Some(other) == first)
    }
}

#[cfg(test)]
mod tests {
    use super::has_signed_number;

    #[test]
    fn a_minus_of_its_own_is_seen_and_other_dashes_are_not() {
        for text in ["invoice Bob -3 hours at 80", "3 hours at -80 €", "3 hours at €-80"] {
            assert!(has_signed_number(text), "{text}");
        }
        for text in ["INV-17 for Bob", "due 2025-08-01", "Bob - 3 hours at 80", "3-4 hours"] {
            assert!(!has_signed_number(text), "{text}");
        }
    }
}
