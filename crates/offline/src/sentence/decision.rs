//! Questions that want a yes or a no: "is it worth buying from Lidl", "have I paid the rent?".
//!
//! A sum is no answer to them. Where they ask whether somebody was paid, his invoices are: they say
//! which of them are.

use super::{
    filters::Binder,
    piece::{Parsed, Piece, has},
    token::Kind,
    word::{Role, Word},
};
use domain::question::{Field, Filters, Metric, Order, OrderBy, QueryPlan, StatusFilter};

/// What a question wants to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// What its plan says.
    Figure,
    /// Whether something was paid: the invoices tell.
    Papers,
    /// A yes or a no that no plan gives.
    Yes,
}

/// Returns what a question wants to know, by how it begins.
pub(super) fn wanted(parsed: &Parsed, plan: &QueryPlan, compares: bool) -> Wanted {
    let sums = plan.metric == Metric::Sum && plan.group_by.is_none();
    if is_judged(parsed, plan) {
        return Wanted::Yes;
    }
    if asks_whether_paid(parsed, plan) {
        return Wanted::Papers;
    }
    let figures = [
        Word::HowMuch,
        Word::HowMany,
        Word::Total,
        Word::Average,
        Word::Which,
        Word::What,
        Word::Show,
        Word::Amount,
    ];
    let at = parsed.pieces.iter().position(|piece| !is_small(piece)).unwrap_or_default();
    let said = parsed.pieces.get(at..).unwrap_or_default();
    let (first, rest) = (said.first(), said.get(1..).unwrap_or_default());
    // where the verb does not come first, only the mark tells: "¿he pagado el alquiler?"
    let marked = first.is_some_and(|piece| piece.is(Word::WePaid))
        && parsed.pieces.iter().any(|piece| piece.is_mark("?"));
    let decides = marked || first.is_some_and(|piece| begins_a_decision(piece, parsed.code));
    // "is it worth buying from Lidl" has a word of sums
    let is = first.is_some_and(|piece| piece.is(Word::Is));
    let sums_up = if is { has(rest, &[Word::HowMuch]) } else { has(rest, &figures) };
    // "did we pay all bills"
    let paid = has(&parsed.pieces, &[Word::Spend, Word::WePaid, Word::Paid]);
    let all = has(&parsed.pieces, &[Word::All]) && plan.metric == Metric::List;
    let looks = has(&parsed.pieces, &[Word::Show, Word::Which, Word::What]);
    let named = names_somebody(&plan.filters) || plan.filters.number.is_some();
    if decides && paid && all && !looks && !named {
        return Wanted::Yes;
    }
    if !sums || compares || !decides || sums_up {
        return Wanted::Figure;
    }
    let paid = has(&parsed.pieces, &[Word::Spend, Word::WePaid, Word::Paid, Word::PaidUs]);
    if paid && names_somebody(&plan.filters) { Wanted::Papers } else { Wanted::Yes }
}

/// "Are my invoices legal?": what they are like is asked, and not which ones there are.
fn is_judged(parsed: &Parsed, plan: &QueryPlan) -> bool {
    let mut said = parsed.pieces.iter().skip_while(|piece| is_small(piece));
    let is = said.next().is_some_and(|piece| piece.is(Word::Is) && !piece.is(Word::Which));
    let whose = [Word::We, Word::Document, Word::All];
    let ours = said.next().is_some_and(|piece| piece.is_any(&whose));
    let filters = &plan.filters;
    // "are all my bills paid" does not ask for those that are
    let stands = !filters.status.is_empty() && filters.status != [StatusFilter::Paid]
        || filters.number.is_some();
    is && ours && !stands && plan.metric == Metric::List
}

/// "Is the Uber bill paid?", "está pagada la factura de Uber?": the verb beside the word that says so.
fn asks_whether_paid(parsed: &Parsed, plan: &QueryPlan) -> bool {
    let pieces = &parsed.pieces;
    let paid = |piece: &Piece| piece.is(Word::Paid) && !piece.is(Word::Unpaid);
    let mark = pieces.iter().any(|piece| piece.is_mark("?؟"));
    let mut said = pieces.iter().skip_while(|piece| is_small(piece));
    let first = said.next().is_some_and(|piece| begins_a_decision(piece, parsed.code));
    let beside =
        pieces.windows(2).any(|pair| matches!(pair, [is, piece] if is.is(Word::Is) && paid(piece)));
    let looks = [Word::Show, Word::Which, Word::What, Word::Who, Word::HowMany, Word::HowMuch];
    plan.metric == Metric::List
        && plan.filters.status == [StatusFilter::Paid]
        && names_somebody(&plan.filters)
        && (first || mark && beside)
        && !has(pieces, &looks)
}

impl Binder<'_> {
    /// "Is 310 paid", "la 310 ya está pagada?": the one number of a question about where it stands.
    pub(super) fn is_asked_whether(&self, at: usize) -> bool {
        const ONE: [&str; 8] = ["is", "was", "has", "ist", "wurde", "est", "la", "die"];
        let standing =
            [Word::Paid, Word::Unpaid, Word::Overdue, Word::Cancelled, Word::Draft, Word::Due];
        let others = [Word::Document, Word::Item, Word::HowMuch, Word::HowMany, Word::Mark];
        let mark = self.pieces.iter().any(|piece| piece.is_mark("?؟"));
        let lead = self.before(at);
        let led = lead.is_some_and(|piece| {
            ONE.contains(&piece.folded.as_str()) || self.code == "pt" && piece.folded == "a"
        });
        let first = at == 1 || at == 2 && self.piece(0).is_some_and(is_small);
        let verb = lead.is_some_and(|piece| piece.is(Word::Is));
        let next = self.piece(at.saturating_add(1));
        let counts = next.is_some_and(|next| {
            next.currency().is_some()
                || next.roles.iter().any(|role| matches!(role, Role::Unit(_) | Role::Month(_)))
        });
        let when = has(self.pieces, &[Word::When]);
        let whole = self.piece(at).and_then(|piece| piece.value).is_some_and(|v| v.is_integer());
        let numbers = self.pieces.iter().filter(|piece| piece.value.is_some()).count();
        whole
            && numbers == 1
            && !counts
            && (when || led && first && (mark || verb))
            && has(self.pieces, &standing)
            && !has(self.pieces, &others)
    }
}

/// Returns the plan that shows the invoices of one that sums them up, whether they are paid or not.
pub(super) fn papers(mut plan: QueryPlan) -> QueryPlan {
    let newest = Order { by: OrderBy::IssueDate, descending: true };
    plan.filters.status.retain(|status| *status != StatusFilter::Paid);
    QueryPlan { metric: Metric::List, field: Field::Invoice, order: Some(newest), ..plan }
}

fn names_somebody(filters: &Filters) -> bool {
    !filters.vendor.is_empty() || !filters.customer.is_empty() || !filters.category.is_empty()
}

/// "Is …", "did …", "have I …": the verb stands first.
pub(super) fn begins_a_decision(piece: &Piece, code: &str) -> bool {
    let verbs: &[&str] = match code {
        "en" => &[
            "should", "must", "shall", "have", "has", "had", "did", "do", "does", "was", "were",
            "am", "are", "is",
        ],
        "de" => &[
            "muss", "mussen", "soll", "sollte", "habe", "hab", "haben", "hat", "wurde", "wurden",
            "ist", "sind",
        ],
        "fr" => &["dois", "doit", "ai", "avons", "a", "as", "est"],
        "nl" => &["moet", "moeten", "heb", "hebben", "heeft", "is", "zijn", "werd"],
        "ar" => &["هل"],
        "hi" => &["kya", "क्या"],
        _ => &[],
    };
    let head = piece.folded.split(' ').next().unwrap_or_default();
    // "à combien s'élèvent" begins with no verb
    if piece.is(Word::HowMuch) {
        return false;
    }
    piece.is_any(&[Word::Is, Word::Do]) && !piece.is(Word::What) || verbs.contains(&head)
}

fn is_small(piece: &Piece) -> bool {
    piece.kind == Kind::Mark
        || piece.is_any(&[Word::Hello, Word::Please, Word::And, Word::Yes])
            && !piece.is_any(&[Word::Is, Word::Do, Word::WePaid])
}
