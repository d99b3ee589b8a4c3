//! What files invoices under a category without an order: "all Lidl bills are groceries".

use super::{
    correct::Reader,
    names::Side,
    period::Towards,
    piece::Piece,
    token::Kind,
    word::{Role, Word},
};
use domain::{dates::Date, money::Currency};

impl Reader<'_> {
    /// The one day that is said; "since yesterday" is yesterday, "in May" is none.
    pub(super) fn day_of_payment(&self) -> Option<Date> {
        let today = self.sentence.today;
        let found = self.calendar(Towards::Past).all().into_iter().filter(|found| {
            // "the invoice of 3 May" is not when it was paid
            let of_paper =
                found.first.checked_sub(1).and_then(|at| self.pieces.get(at)).is_some_and(
                    |piece| piece.is(Word::Of) && !piece.is_any(&[Word::At, Word::For]),
                );
            let one = found.from == found.to && !of_paper
                || found.to == Some(today)
                    && self.pieces.get(found.first).is_some_and(|piece| piece.is(Word::Since));
            one && !self.is_target(found.first)
        });
        found
            .max_by_key(|found| (!self.is_filler(found), std::cmp::Reverse(found.first)))
            .and_then(|found| found.from)
    }

    /// Everything behind "note:", or behind "ponle de nota" where the number stands before it.
    pub(super) fn note(&self) -> Option<String> {
        let at = self.position(&[Word::Note])?;
        let colon = self.pieces.iter().skip(at).position(|piece| piece.is_mark(":\""));
        let first = match colon {
            Some(colon) => at.saturating_add(colon).saturating_add(1),
            // "a la 203 ponle de nota entregado en mano": behind the number there is only the note
            None => {
                let numbered = |piece: &Piece| matches!(piece.kind, Kind::Number | Kind::Code);
                let (before, after) = self.pieces.split_at(at);
                let led = before.iter().any(numbered) && !after.iter().any(numbered);
                Some(at.saturating_add(1)).filter(|_| led && self.says(&[Word::Mark]))?
            }
        };
        let start = self.pieces.get(first)?.start;
        let text = self.parsed.plain.get(start..)?.trim().trim_matches('"').to_owned();
        (!text.is_empty()).then_some(text)
    }

    /// "Change the date of 33 to 5 November": the day of the invoice itself.
    pub(super) fn dated(&self) -> Option<Date> {
        let others = [Word::Due, Word::DueDate, Word::Paid, Word::WePaid, Word::PaidUs];
        let many = |piece: &Piece| piece.is(Word::Document) && piece.is_plural(self.parsed.code);
        let one = !self.says(&[Word::All]) && !self.pieces.iter().any(many);
        let asks = self.pieces.iter().any(|piece| piece.is_mark("?؟"));
        let told = self.says(&[Word::Is]) && self.says(&[Word::Document, Word::It]) && !asks;
        let ordered = one
            && self.says(&[Word::Dated])
            && (self.says(&[Word::Mark]) || told)
            && !self.says(&others);
        let one_day = |towards: Towards| {
            let found = self.calendar(towards).all();
            let mut days = found.into_iter().filter(|found| !self.is_target(found.first));
            let day = days.next().filter(|found| ordered && found.from == found.to)?;
            day.to.filter(|_| days.next().is_none())
        };
        // without a year it is the one that is nearest
        let today = self.sentence.today;
        let away = |day: &Date| {
            today.since(*day).map_or(i32::MAX, |span| span.get_days().saturating_abs())
        };
        [Towards::Past, Towards::Future].into_iter().filter_map(one_day).min_by_key(away)
    }

    /// "88 is due in 10 days": counted from today.
    pub(super) fn days_ahead(&self) -> Option<Date> {
        let calendar = self.calendar(Towards::Future);
        (0..self.pieces.len()).find_map(|at| calendar.within(at)).map(|(day, _)| day)
    }

    /// "The currency of 12 is dollars", "change 12 to dollars": a currency, and no amount beside it.
    pub(super) fn currency(&self) -> Option<Currency> {
        let at = self.pieces.iter().position(|piece| piece.currency().is_some())?;
        let before = self.pieces.get(..at).unwrap_or_default().iter().rev();
        let lead = before.clone().find(|piece| !piece.is(Word::Stop) || piece.is(Word::To));
        let led = lead.is_some_and(|piece| piece.is_any(&[Word::To, Word::Stop]));
        let bare = before.clone().next().is_some_and(|piece| piece.value.is_none())
            && self.pieces.get(at.saturating_add(1)).is_none_or(|piece| piece.value.is_none());
        let numbers = self.pieces.iter().filter(|piece| piece.value.is_some()).count();
        let others = [Word::Total, Word::Amount, Word::Paid, Word::Create, Word::Bill];
        let changed = led && bare && numbers < 2 && self.says(&[Word::Mark]) && !self.says(&others);
        let named = self.says(&[Word::CurrencyNoun]);
        // "88 was in dollars"
        let small = [Word::Stop, Word::Document, Word::NumberLabel];
        let mut said = self.pieces.iter().skip_while(|piece| piece.is_any(&small));
        let numbered =
            said.next().is_some_and(|piece| piece.value.is_some() || piece.kind == Kind::Code);
        let told = numbered
            && said.next().is_some_and(|piece| piece.is(Word::Is))
            && said.all(|piece| piece.currency().is_some() || piece.is(Word::Stop));
        self.pieces.get(at).filter(|_| named || changed || told)?.currency()
    }

    /// "33 is from Lidl", "la 33 es de Lidl": who wrote the invoice that is named first.
    pub(super) fn comes_from(&self) -> Option<String> {
        let small = [Word::Stop, Word::Document, Word::NumberLabel];
        let mut said = self.pieces.iter().skip_while(|piece| piece.is_any(&small));
        let numbered = said.next().is_some_and(|piece| piece.value.is_some_and(|v| v.is_integer()));
        let is = said.next().is_some_and(|piece| piece.is(Word::Is));
        let from = said.next().is_some_and(|piece| piece.is_any(&[Word::From, Word::Of]));
        let name = said.find(|piece| !piece.is(Word::Stop))?;
        let stored = name.known.as_ref().filter(|known| known.side == Side::Vendor)?;
        let asks = self.pieces.iter().any(|piece| piece.is_mark("?؟"));
        (numbered && is && from && !asks).then(|| stored.name.clone())
    }

    /// "All Lidl bills are groceries", "invoice 12 is travel": the sentence ends with the category.
    pub(super) fn states_category(&self) -> bool {
        let asks = [Word::Which, Word::What, Word::Who, Word::HowMuch, Word::HowMany, Word::Show];
        let mut pieces = self.pieces.iter().rev().filter(|piece| piece.kind != Kind::Mark);
        let small = [Word::Stop, Word::Latest, Word::Last];
        let begins = self.pieces.iter().find(|piece| !piece.is_any(&small) || piece.is(Word::All));
        let begins = begins.is_some_and(|piece| {
            piece.is_any(&[Word::All, Word::Document]) && !piece.is_any(&asks)
                || piece.value.is_some()
                || piece.kind == Kind::Code
        });
        if self.files_without_verb() {
            return true;
        }
        // "sont du transport"
        let article = |piece: &&Piece| piece.is_any(&[Word::Stop, Word::Of]) && !piece.is(Word::Is);
        pieces.next().is_some_and(is_category)
            && pieces.by_ref().find(|piece| !article(piece)).is_some_and(|piece| {
                piece.is(Word::Is) && !piece.is(Word::Has) || piece.folded == "c est"
            })
            && begins
            && !self.pieces.iter().any(|piece| piece.is_mark("?؟"))
    }

    /// "Everything from Uber into the category Transport": no verb, and nothing that is asked for.
    /// "Alles von Uber in der Kategorie" says where it is already.
    fn files_without_verb(&self) -> bool {
        let mut pieces = self.pieces.iter().rev().filter(|piece| piece.kind != Kind::Mark);
        let (name, noun) = (pieces.next(), pieces.next());
        let lead = pieces.find(|piece| !piece.is(Word::All));
        let filed = name.is_some_and(is_category)
            && noun.is_some_and(|noun| noun.is(Word::Category))
            && lead.is_some_and(|lead| lead.is(Word::Stop) && lead.folded != "der");
        let asks = [
            Word::HowMuch,
            Word::HowMany,
            Word::Show,
            Word::Spend,
            Word::Income,
            Word::Document,
            Word::Item,
            Word::Bought,
            Word::Total,
            Word::We,
        ];
        let all = self.pieces.first().is_some_and(|piece| piece.is(Word::All));
        filed && all && !self.says(&asks) && !self.pieces.iter().any(|piece| piece.is_mark("?؟"))
    }
}

fn is_category(piece: &Piece) -> bool {
    let stored = piece.known.as_ref().map(|known| known.side);
    stored == Some(Side::Category)
        || piece.roles.iter().any(|role| matches!(role, Role::Category(_)))
}

/// Returns where the first of two categories stands of which the second is set: "from travel to software".
pub(super) fn old_category(pieces: &[Piece]) -> Option<usize> {
    pieces
        .windows(4)
        .position(|four| {
            matches!(four, [from, old, to, new] if from.is(Word::From) && is_category(old)
            && to.is(Word::To) && is_category(new))
        })?
        .checked_add(1)
}

/// Returns a word with a large first letter.
pub(super) fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
