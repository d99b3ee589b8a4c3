//! Papers that are looked for by who has paid them: "bills I paid in May", "Rechnungen, die Bob bezahlt
//! hat". "I paid the bills of May" tells, and looks for nothing.

use super::{
    filters::Binder,
    piece::{Piece, has},
    token::Kind,
    word::{Role, Word},
};
use domain::{
    invoice::Direction,
    question::{DateField, StatusFilter},
};

/// Who has paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Payer {
    Us,
    Somebody,
}

/// Words for us where we are the ones who do something.
fn subjects(code: &str) -> &'static [&'static str] {
    match code {
        "en" => &["i", "we"],
        "de" => &["ich", "wir"],
        "nl" => &["ik", "wij", "we"],
        "fr" => &["je", "j", "nous", "on"],
        "es" => &["yo", "nosotros", "hemos"],
        "it" => &["io", "noi", "ho", "abbiamo"],
        "pt" => &["eu"],
        "hi" => &["maine", "humne", "मैंने", "हमने"],
        _ => &[],
    }
}

/// Returns where the payment stands that papers before it are looked for by, and who has paid.
pub(super) fn of(pieces: &[Piece], code: &str) -> Option<(usize, Payer)> {
    let orders = [Word::Mark, Word::Cancel, Word::Reopen, Word::Total, Word::Average, Word::Net];
    let verb = pieces.iter().rposition(|piece| is_payment(piece, pieces))?;
    let us = |piece: &Piece| is_subject(piece, code);
    // "habe ich" begins a question that wants a yes
    let asks =
        |piece: &Piece| piece.is_any(&[Word::Which, Word::HowMany, Word::Show]) && !us(piece);
    let several = |piece: &Piece| {
        piece.is_plural(code) || piece.folded == "belege" || pieces.iter().any(asks)
    };
    let before = pieces.get(..verb)?;
    let papers = before.iter().position(|piece| piece.is(Word::Document) && several(piece))?;
    let head = before.get(..papers)?;
    let relative = |piece: &Piece| piece.is(Word::Relative) && code == "hi";
    let tells = !head.iter().any(|piece| asks(piece) || relative(piece)) && head.iter().any(us);
    let numbered = pieces.iter().any(|piece| piece.kind == Kind::Code && piece.roles.is_empty());
    let ours = is_ours(pieces.get(verb)?) || before.iter().any(us);
    let theirs = pieces.get(verb)?.is(Word::PaidUs) && !pieces.get(verb)?.is(Word::WePaid);
    let payer = match () {
        () if ours => Payer::Us,
        () if theirs => Payer::Somebody,
        () => return None,
    };
    let fits = !tells && !numbered && !has(pieces, &orders) && !is_inverted(pieces, code);
    fits.then_some((verb, payer))
}

/// "Paid", "did … pay"; what is not paid is something else.
fn is_payment(piece: &Piece, pieces: &[Piece]) -> bool {
    let did = || pieces.iter().any(|piece| piece.folded.starts_with("did"));
    let paid = piece.is_any(&[Word::Paid, Word::WePaid, Word::PaidUs]);
    (paid || piece.folded == "pay" && did()) && !piece.is_any(&[Word::Unpaid, Word::Owe])
}

/// "I paid", "pagué"; "paid" alone says nothing of who did.
fn is_ours(verb: &Piece) -> bool {
    verb.is(Word::WePaid) && verb.folded != "paid" && !verb.is(Word::PaidUs)
}

fn is_subject(piece: &Piece, code: &str) -> bool {
    let subjects = subjects(code);
    piece.folded.split(' ').any(|word| subjects.contains(&word))
}

/// "Die Rechnungen von Uber habe ich bezahlt": told, as the verb stands before the person.
pub(super) fn is_inverted(pieces: &[Piece], code: &str) -> bool {
    const HAVE: [&str; 5] = ["habe", "hab", "haben", "heb", "hebben"];
    let papers = pieces.iter().position(|piece| piece.is(Word::Document));
    let Some((before, behind)) = papers.and_then(|at| pieces.split_at_checked(at)) else {
        return false;
    };
    let words: Vec<&str> = behind.iter().flat_map(|piece| piece.folded.split(' ')).collect();
    let inverted = words.windows(2).any(
        |pair| matches!(pair, [have, us] if HAVE.contains(have) && subjects(code).contains(us)),
    );
    let asks = [Word::Which, Word::HowMany, Word::HowMuch, Word::Show, Word::What];
    inverted
        && has(pieces, &[Word::Paid, Word::WePaid])
        && !has(before, &asks)
        && !pieces.iter().any(|piece| piece.is_mark("?"))
}

impl Binder<'_> {
    /// Narrows papers down to those that were paid, in the time that stands with the payment.
    pub(super) fn settled(&mut self) {
        let money = self.pieces.iter().any(|piece| {
            piece.is_any(&[Word::Tax, Word::HowMuch]) && !piece.is_any(&[Word::HowMany, Word::What])
        });
        let Some((at, payer)) = of(self.pieces, self.code).filter(|_| !money) else { return };
        let of_papers = self.bound.when.is_some_and(|(first, _)| self.is_of_papers(first));
        // "bills I paid late"
        self.bound.is_unclear |= self.bound.filters.status.contains(&StatusFilter::Overdue);
        let filters = &mut self.bound.filters;
        if filters.number.is_some() || !filters.status.iter().all(|s| *s == StatusFilter::Paid) {
            return;
        }
        filters.status = vec![StatusFilter::Paid];
        if payer == Payer::Us {
            filters.direction = Some(Direction::Received);
        }
        if self.bound.when.is_some() && !of_papers {
            self.bound.filters.date_field = DateField::PaidAt;
        }
        self.take(at, at.saturating_add(1));
    }

    /// "The invoices from May that we have paid": the time of the papers, and not of the payment.
    fn is_of_papers(&self, first: usize) -> bool {
        let before = self.pieces.get(..first).unwrap_or_default().iter().rev();
        let small = |piece: &&Piece| {
            piece.is_any(&[Word::From, Word::Of, Word::Stop]) && !is_subject(piece, self.code)
        };
        let timed = |piece: &Piece| piece.roles.iter().any(|role| matches!(role, Role::Unit(_)));
        let mut before = before.skip_while(|piece| small(piece) || timed(piece));
        before.next().is_some_and(|piece| piece.is(Word::Document))
    }
}
