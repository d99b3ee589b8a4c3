//! Whether a sentence is about invoices at all, and whether a plan can say what it asks.

use super::{
    filters::Bound,
    kinds,
    names::Side,
    piece::{Parsed, Piece, has},
    rank::is_more,
    settled, telling,
    token::Kind,
    unanswered::{asks_for_the_cheapest, asks_who_bought, orders_to_pay},
    word::{Role, Word},
};
use domain::{names::fold, question::Filters};
use ports::model::Sentence;

/// Returns whether one thing is held against another that is no stretch of days.
pub(super) fn compares(parsed: &Parsed, bound: &Bound) -> bool {
    let free = parsed.pieces.iter().zip(&bound.used).filter(|(_, used)| !**used);
    free.into_iter().any(|(piece, _)| piece.is_any(&[Word::Over, Word::Under]))
}

/// Words that are about invoices wherever they stand.
const BUSINESS: [Word; 25] = [
    Word::Document,
    Word::Spend,
    Word::Income,
    Word::Bought,
    Word::OweMe,
    Word::Owe,
    Word::Unpaid,
    Word::Overdue,
    Word::Vendor,
    Word::Customer,
    Word::Tax,
    Word::Total,
    Word::Average,
    Word::Received,
    Word::Sent,
    Word::Item,
    Word::Due,
    Word::Category,
    Word::Price,
    Word::Largest,
    Word::Smallest,
    Word::Paid,
    Word::Quantity,
    Word::Draft,
    Word::Cancelled,
];

/// Returns whether anything in it is about invoices.
pub(super) fn is_business(parsed: &Parsed, sentence: &Sentence, bound: &Bound) -> bool {
    let (filters, names) = (&bound.filters, &sentence.names);
    let is_known = |typed: &String| {
        let typed = fold(typed);
        let mut book = names.vendors.iter().chain(&names.customers);
        book.any(|name| fold(name).contains(&typed))
    };
    // "How much at Shell?" is about invoices if Shell is in one.
    let asks_of_somebody = has(&parsed.pieces, &[Word::HowMuch, Word::HowMany])
        && filters.vendor.iter().chain(&filters.customer).any(is_known);
    let asks_of_a_time = has(&parsed.pieces, &[Word::HowMuch])
        && (filters.date_from.is_some() || filters.date_to.is_some());
    let asks_for_all = has(&parsed.pieces, &[Word::Show])
        && has(&parsed.pieces, &[Word::All])
        && !filters.vendor.is_empty();
    // "show those of Vodafone": of somebody in the book there are invoices
    let asks_for_those = has(&parsed.pieces, &[Word::Show])
        && filters.vendor.iter().chain(&filters.customer).any(is_known);
    // "anything from Metro this month?"
    let asks_for_any = parsed.pieces.windows(2).any(|two| {
        matches!(two, [any, from] if any.is(Word::Which) && from.is(Word::From) && !from.is(Word::For))
    }) && !filters.vendor.is_empty();
    let amounts = filters.min.is_some() || filters.max.is_some();
    let asks_of_amounts = amounts && says_no_more(parsed, bound);
    // "rent for the last three months"
    let dated = filters.date_from != filters.date_to;
    // "Bahn 2026", where Deutsche Bahn is in the book
    let named =
        !filters.category.is_empty() || bound.is_of_bills || filters.vendor.iter().any(is_known);
    let asks_of_a_kind = named && dated && says_no_more(parsed, bound);
    let two = has(&parsed.pieces, &[Word::Compare])
        && filters.vendor.len() > 1
        && (filters.date_from.is_some() || filters.vendor.iter().all(is_known));
    let holds = two || bound.against.is_some() && filters.direction.is_some();
    // "how much for fuel": of a kind there may be bills
    let led = [Word::For, Word::About, Word::Spend, Word::From];
    let asks_of_money_for_a_kind = has(&parsed.pieces, &[Word::HowMuch])
        && parsed.pieces.windows(2).any(|pair| {
            matches!(pair, [lead, kind] if lead.is_any(&led) && kinds::kind_of(kind).is_some())
        });
    asks_of_a_time
        || asks_of_money_for_a_kind
        || holds
        || asks_of_a_kind
        || is_stretch_alone(parsed, sentence, bound)
        || is_name_alone(parsed, sentence)
        || asks_of_amounts
        || asks_for_all
        || asks_for_those
        || asks_for_any
        || has(&parsed.pieces, &BUSINESS)
        || filters.number.is_some()
        || asks_of_somebody
}

/// "Over 100", "anything above 500 from Ikea": beside what narrows invoices down there are only words that
/// ask or point.
fn says_no_more(parsed: &Parsed, bound: &Bound) -> bool {
    let asks = [
        Word::Which,
        Word::What,
        Word::Show,
        Word::All,
        Word::Only,
        Word::It,
        Word::Stop,
        Word::Please,
        Word::Hello,
        Word::Descending,
        Word::Ascending,
    ];
    let every = |piece: &Piece| piece.roles.iter().any(|role| matches!(role, Role::Every(_)));
    let free = parsed.pieces.iter().zip(&bound.used).filter(|(_, used)| !**used);
    free.map(|(piece, _)| piece)
        .all(|piece| piece.kind == Kind::Mark || piece.is_any(&asks) || every(piece))
}

/// "Etisalat", "groceries": nothing but a name of the book asks for its invoices.
fn is_name_alone(parsed: &Parsed, sentence: &Sentence) -> bool {
    let stored = |name: &str| sentence.names.categories.iter().any(|known| known == name);
    let of_book = |piece: &Piece| {
        piece.known.is_some()
            || piece.roles.iter().any(|role| matches!(role, Role::Category(name) if stored(name)))
    };
    let mut said = parsed.pieces.iter().filter(|piece| piece.kind != Kind::Mark);
    said.next().is_some_and(of_book) && said.next().is_none()
}

/// "First week of October", "March 2024": nothing but a stretch of days asks for the invoices of it.
/// A single day, a year in digits and what is yet to come may be anything.
fn is_stretch_alone(parsed: &Parsed, sentence: &Sentence, bound: &Bound) -> bool {
    let (from, to) = (bound.filters.date_from, bound.filters.date_to);
    let begun = from.is_some_and(|from| from <= sentence.today);
    let of_calendar =
        |role: &Role| matches!(role, Role::Month(_) | Role::Unit(_) | Role::Season(_));
    let named = parsed.pieces.iter().flat_map(|piece| &piece.roles).any(of_calendar);
    let only = Filters { date_from: from, date_to: to, ..Filters::default() };
    // "money in for September" is more than an article
    let free = parsed.pieces.iter().zip(&bound.used).filter(|(_, used)| !**used);
    let small = free.filter(|(piece, _)| piece.kind != Kind::Mark).all(|(piece, _)| {
        piece.is(Word::Stop) && piece.text.chars().count() <= 4 || piece.is(Word::Show)
    });
    begun && small && to.is_some() && from != to && named && bound.filters == only
}

/// "How much does a flight to Rome cost": what something costs anybody, and not what one paid.
pub(super) fn asks_the_world(parsed: &Parsed, bound: &Bound) -> bool {
    let pieces = &parsed.pieces;
    // "Did Bob pay?" asks whether somebody else paid us
    let others = pieces.first().is_some_and(|piece| piece.is(Word::Do))
        && has(pieces, &[Word::Spend])
        && !has(pieces, &[Word::We, Word::HowMuch])
        && bound.against.is_none()
        && !bound.filters.vendor.is_empty();
    let mine = [Word::We, Word::Me, Word::Bought, Word::Document];
    // "can you order me a taxi": nobody bought anything
    let wishes = has(pieces, &[Word::Bought])
        && !has(pieces, &[Word::We, Word::HowMuch, Word::HowMany, Word::Which, Word::What])
        && pieces.first().is_some_and(|piece| piece.is_any(&[Word::Please, Word::Do]));
    // "cuánto vale el dólar hoy"
    let rate = has(pieces, &[Word::Costs])
        && !bound.filters.currency.is_empty()
        && bound.filters.vendor.is_empty()
        && bound.filters.category.is_empty()
        && !has(pieces, &mine);
    // "what's the price of gold": it is, and it was on no bill
    let unit = pieces.iter().any(|piece| piece.is(Word::Price) && piece.folded.starts_with("unit"));
    let price = has(pieces, &[Word::Price])
        && pieces
            .first()
            .is_some_and(|piece| piece.is_any(&[Word::Which, Word::What, Word::HowMuch]))
        && !unit
        && !has(pieces, &mine)
        && !has(pieces, &[Word::Average, Word::Largest, Word::Smallest, Word::Spend])
        && !bound.filters.item.is_empty()
        && bound.filters.vendor.is_empty()
        && bound.filters.date_from.is_none();
    // "how much is my car worth"
    let worth = pieces.iter().any(|piece| piece.folded == "worth")
        && !has(pieces, &[Word::Document, Word::Spend, Word::Bought, Word::Show, Word::All]);
    others
        || worth
        || earns(parsed)
        || telling::tells(parsed)
        || orders_an_invoice(parsed)
        || asks_to_choose(parsed, bound)
        || asks_of_the_program(parsed)
        || orders_to_pay(parsed)
        || asks_twice(parsed)
        || since_a_paper(parsed)
        || recurs(parsed)
        || asks_for_the_cheapest(parsed)
        || asks_who_bought(parsed)
        || rate
        || wishes
        || price
        || has(pieces, &[Word::Costs])
            && !bound.filters.item.is_empty()
            && !bound.is_of_bills
            && !has(pieces, &mine)
}

/// "How much does Amazon make", "how much did Anna spend": what somebody else did, and not with us.
fn earns(parsed: &Parsed) -> bool {
    const EARN: [&str; 18] = [
        "sell", "sells", "sold", "verkauft", "vend", "vende", "verkoopt", "make", "made", "earn",
        "earned", "spend", "gana", "gano", "gagne", "guadagna", "verdient", "ganha",
    ];
    // "amazon spend by month" asks for ours
    let asks = has(&parsed.pieces, &[Word::HowMuch, Word::What, Word::Which, Word::Do]);
    let earn =
        |piece: &Piece| EARN.contains(&piece.folded.as_str()) && (asks || piece.folded != "spend");
    let named = |piece: &Piece| {
        piece.is_unknown() && piece.is_capital()
            || piece.known.as_ref().is_some_and(|known| known.side != Side::Category)
    };
    let mut pairs = parsed.pieces.windows(2);
    !has(&parsed.pieces, &[Word::We, Word::Me])
        && pairs.any(|pair| {
            matches!(pair, [one, other] if named(one) && (earn(other) || other.folded == "pay")
                || earn(one) && named(other))
        })
}

/// "Invoices that Bob has paid", "bills from Uber we have paid", "facturas que pagó Bob": which ones they
/// are, and no news of a payment.
pub(super) fn looks_for_paid_papers(parsed: &Parsed) -> bool {
    let pieces = &parsed.pieces;
    let papers = |piece: &Piece| piece.is(Word::Document) && piece.is_plural(parsed.code);
    let small = [Word::Stop, Word::Please, Word::Hello, Word::And, Word::All];
    let leads = pieces.iter().find(|piece| !piece.is_any(&small) || papers(piece));
    let numbered = pieces.iter().any(|piece| matches!(piece.kind, Kind::Number | Kind::Code));
    let orders = [Word::Mark, Word::Cancel, Word::Reopen, Word::Is];
    settled::of(pieces, parsed.code).is_some()
        || leads.is_some_and(papers)
            && has(pieces, &[Word::PaidUs, Word::WePaid])
            && !numbered
            && !has(pieces, &orders)
}

/// "How many bills and how much were they", "what did I pay Shell and what did I pay Aral": two
/// questions.
fn asks_twice(parsed: &Parsed) -> bool {
    let plain = |word: Word, other: Word| {
        let only = |piece: &&Piece| piece.is(word) && !piece.is_any(&[other, Word::What]);
        parsed.pieces.iter().filter(only).count()
    };
    let both = plain(Word::HowMuch, Word::HowMany) > 0 && plain(Word::HowMany, Word::HowMuch) > 0;
    let count = |words: &[Word]| parsed.pieces.iter().filter(|piece| piece.is_any(words)).count();
    let verbs = count(&[Word::Spend, Word::Income, Word::Bought]);
    let lists = has(&parsed.pieces, &[Word::Show]) && has(&parsed.pieces, &[Word::Document]);
    let total = parsed.pieces.windows(2).any(|pair| {
        matches!(pair, [and, total] if and.is(Word::And) && total.is(Word::Total)
            && !and.is(Word::Total))
    });
    // "tax and total for October"
    let figures = [Word::Tax, Word::Net, Word::Total, Word::HowMany, Word::Average];
    let figure = |piece: &Piece| figures.into_iter().find(|word| piece.is(*word));
    let two_figures = parsed.pieces.windows(3).any(|three| {
        matches!(three, [one, and, other] if and.is(Word::And)
            && figure(one).is_some() && figure(other).is_some() && figure(one) != figure(other))
    });
    // "the biggest bill per vendor": one of each
    let best_of_each = has(&parsed.pieces, &[Word::Per])
        && has(&parsed.pieces, &[Word::Largest, Word::Smallest])
        && parsed
            .pieces
            .iter()
            .any(|piece| piece.is(Word::Document) && !piece.is_plural(parsed.code));
    // "vendors and what I spent on them"
    let names = parsed.pieces.first().is_some_and(|piece| {
        piece.is_any(&[Word::Vendor, Word::Customer]) && piece.is_plural(parsed.code)
    });
    let also = parsed.pieces.windows(2).any(|pair| {
        matches!(pair, [and, much] if and.is(Word::And) && much.is_any(&[Word::HowMuch, Word::What, Word::Which]))
    });
    names && also
        || two_figures
        || best_of_each
        || both
        || count(&[Word::HowMuch]) > 1 && verbs > 1
        || lists && total
}

/// "Monthly bills": those that come every month, or what they come to by month?
fn recurs(parsed: &Parsed) -> bool {
    const FIGURES: [Word; 8] = [
        Word::HowMuch,
        Word::HowMany,
        Word::Total,
        Word::Average,
        Word::Spend,
        Word::Income,
        Word::Tax,
        Word::Net,
    ];
    let every = |piece: &Piece| piece.roles.iter().any(|role| matches!(role, Role::Every(_)));
    let paper = |piece: &Piece| piece.is(Word::Document) && piece.is_plural(parsed.code);
    let beside = |pair: &[Piece]| {
        matches!(pair, [one, other]
            if every(one) && paper(other) || paper(one) && every(other) && !other.text.contains(' '))
    };
    !has(&parsed.pieces, &FIGURES) && parsed.pieces.windows(2).any(beside)
}

/// "Since my last invoice": since the day of it, which no plan knows.
fn since_a_paper(parsed: &Parsed) -> bool {
    let pieces = &parsed.pieces;
    let money = has(pieces, &[Word::Spend, Word::Income, Word::HowMuch, Word::Total]);
    pieces.iter().enumerate().any(|(at, piece)| {
        let since = piece.is_any(&[Word::Since, Word::EverSince])
            || piece.is(Word::From) && !piece.is_any(&[Word::Of, Word::At]) && money;
        let rest = pieces.get(at.saturating_add(1)..).unwrap_or_default().iter();
        let mut rest = rest.skip_while(|piece| {
            piece.is_any(&[Word::Stop, Word::We]) && !piece.is_any(&[Word::Latest, Word::Last])
        });
        let last = rest.next().is_some_and(|piece| piece.is_any(&[Word::Latest, Word::Last]));
        let paper = rest
            .find(|piece| !piece.is_any(&[Word::We]))
            .is_some_and(|piece| piece.is(Word::Document) && !piece.is_plural(parsed.code));
        since && last && paper && money
    })
}

/// "Invoice Greg for what he ordered": an order, though not one that is understood.
fn orders_an_invoice(parsed: &Parsed) -> bool {
    let mut said = parsed.pieces.iter().skip_while(|piece| piece.is(Word::Please));
    let (verb, name, lead) = (said.next(), said.next(), said.next());
    let named = |piece: &Piece| {
        piece.is_unknown() && piece.is_capital()
            || piece.known.as_ref().is_some_and(|known| known.side != Side::Category)
    };
    let order = verb.is_some_and(|verb| verb.is(Word::Bill) && !verb.is_plural(parsed.code));
    // "factura a todos por octubre"
    let all = |piece: Option<&Piece>| {
        piece.is_some_and(|piece| piece.is(Word::All) && !piece.is(Word::Stop))
    };
    let to_all = all(name) || name.is_some_and(|to| to.is(Word::To)) && all(lead);
    let most = has(&parsed.pieces, &[Word::Document]) && parsed.pieces.len() > 3;
    let what = order && name.is_some_and(named) && has(&parsed.pieces, &[Word::What, Word::Which]);
    what || order && to_all && most
        || order
            && name.is_some_and(named)
            && lead.is_some_and(|lead| lead.is(Word::For) && !lead.is_any(&[Word::From, Word::Of]))
}

/// "Is it cheaper at Metro or at Makro": one of two is wanted, and no list of both.
fn asks_to_choose(parsed: &Parsed, bound: &Bound) -> bool {
    let asks =
        parsed.pieces.first().is_some_and(|piece| piece.is(Word::Is) && !piece.is(Word::What));
    let more = parsed.pieces.iter().any(is_more);
    // "did I spend more at Lidl or at Aldi" is answered by both
    let two = more && bound.filters.vendor.len() > 1 && bound.filters.category.is_empty();
    let two = two && has(&parsed.pieces, &[Word::Spend, Word::Costs]);
    (asks || more) && has(&parsed.pieces, &[Word::Or]) && !two
}

/// "Do you sell my receipts": what the program does, and not what stands in it.
fn asks_of_the_program(parsed: &Parsed) -> bool {
    const FINDS: [&str; 8] = ["have", "see", "know", "find", "got", "show", "list", "remember"];
    const ASKS: [&str; 6] = ["do", "did", "does", "will", "would", "are"];
    let said: Vec<&str> = parsed.pieces.iter().map(|piece| piece.folded.as_str()).take(3).collect();
    // "what did I do yesterday", "cosa ho fatto ieri"
    let did = parsed.pieces.windows(2).any(|pair| {
        matches!(pair, [us, verb] if us.is(Word::We) && ["do", "fatto"].contains(&verb.folded.as_str()))
    });
    did && !has(&parsed.pieces, &[Word::Document])
        || matches!(said.as_slice(), [verb, "you", then] if ASKS.contains(verb) && !FINDS.contains(then))
}
