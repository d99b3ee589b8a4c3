//! What files invoices under a category without an order: "all Lidl bills are groceries".

use super::{
    correct::Reader,
    names::Side,
    piece::Piece,
    token::Kind,
    word::{Role, Word},
};

impl Reader<'_> {
    /// "All Lidl bills are groceries", "invoice 12 is travel": the sentence ends with the category.
    pub(super) fn states_category(&self) -> bool {
        let asks = [Word::Which, Word::What, Word::Who, Word::HowMuch, Word::HowMany, Word::Show];
        let mut pieces = self.pieces.iter().rev().filter(|piece| piece.kind != Kind::Mark);
        let small = [Word::Stop, Word::Latest, Word::Last];
        let begins = self.pieces.iter().find(|piece| !piece.is_any(&small) || piece.is(Word::All));
        let begins = begins.is_some_and(|piece| {
            piece.is_any(&[Word::All, Word::Document]) && !piece.is_any(&asks)
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
