//! "Krause hat am Montag bezahlt": German and Dutch take apart what others say in one go.

use super::{
    names::Side,
    piece::{Piece, has},
    token::Kind,
    word::{Role, Word},
};

/// What somebody has not done.
const VERBS: [&str; 8] =
    ["paid", "bezahlt", "gezahlt", "betaald", "pagado", "paye", "pagato", "pagou"];

/// The most pieces between both halves.
const REACH: usize = 9;

/// Turns what somebody else "has … paid" into money for us, and what we "have … paid" into what we did.
pub(super) fn apply(pieces: &mut [Piece]) {
    been_in_french(pieces);
    spent_in_german(pieces);
    away(pieces);
    told_of_us(pieces);
    got(pieces);
    paid_to_us(pieces);
    owed_in_dutch(pieces);
    owed_in_german(pieces);
    due_to_us(pieces);
    paid_by_name(pieces);
    billed_in_french(pieces);
    owed_by_whom(pieces);
    if has(pieces, &[Word::We, Word::PaidUs, Word::OweMe, Word::Unpaid]) {
        return;
    }
    let Some(at) = pieces.iter().position(|piece| piece.is(Word::Has)) else { return };
    if at == 0 {
        return;
    }
    let rest = pieces.iter_mut().skip(at.saturating_add(1)).take(REACH);
    if let Some(paid) = rest.into_iter().find(|piece| piece.is(Word::Paid)) {
        paid.roles.push(Role::Word(Word::PaidUs));
    }
}

/// "N'ont pas encore été réglées" is no summer.
fn been_in_french(pieces: &mut [Piece]) {
    let been = |at: usize, piece: &Piece, paid: &Piece| {
        piece.folded == "ete"
            && (paid.is(Word::Paid) || paid.is(Word::Unpaid) || paid.is(Word::Cancelled))
            && at > 0
    };
    let places: Vec<usize> = pieces
        .windows(2)
        .enumerate()
        .filter(|(at, pair)| matches!(pair, [piece, paid] if been(*at, piece, paid)))
        .map(|(at, _)| at)
        .collect();
    for at in places {
        if let Some(piece) = pieces.get_mut(at) {
            piece.roles = vec![Role::Word(Word::Stop)];
        }
    }
}

/// "Haal 31 weg", "mach 31 weg": both halves say that it is to go.
fn away(pieces: &mut [Piece]) {
    const TAKE: [&str; 6] = ["haal", "doe", "mach", "nimm", "tu", "nehmt"];
    let last = pieces.iter().rev().find(|piece| piece.kind != Kind::Mark);
    let apart = last.is_some_and(|piece| piece.folded == "weg");
    let verb = pieces.iter_mut().find(|piece| TAKE.contains(&piece.folded.as_str()));
    if let Some(verb) = verb.filter(|_| apart) {
        verb.roles = vec![Role::Word(Word::Cancel)];
    }
}

/// "Wo geben wir am meisten aus": the verb that is taken apart.
fn spent_in_german(pieces: &mut [Piece]) {
    const GIVE: [&str; 4] = ["gebe", "geben", "gab", "gaben"];
    let last = pieces.iter().rev().find(|piece| piece.kind != Kind::Mark);
    let apart = last.is_some_and(|piece| piece.folded == "aus");
    let verb = pieces.iter_mut().find(|piece| {
        piece.folded.split(' ').any(|word| GIVE.contains(&word)) && !piece.is(Word::Spend)
    });
    if let Some(verb) = verb.filter(|_| apart) {
        verb.roles.push(Role::Word(Word::Spend));
    }
}

/// "Was wurde mir im Oktober bezahlt", "wie viel hat mir Anna bezahlt": the money came to us.
fn paid_to_us(pieces: &mut [Piece]) {
    const WAS: [&str; 8] = ["wurde", "wurden", "werd", "werden", "hat", "haben", "heeft", "hebben"];
    const US: [&str; 5] = ["mir", "uns", "mij", "me", "ons"];
    let is = |words: &[&str], piece: &Piece| words.contains(&piece.folded.as_str());
    // "wie viel hat Anna mir bezahlt": a name may stand between
    let named = |piece: &Piece| piece.known.is_some() || piece.is_unknown();
    let us = pieces.iter().position(|piece| is(&WAS, piece)).filter(|was| {
        let behind = pieces.get(was.saturating_add(1)..).unwrap_or_default();
        behind.iter().find(|piece| !named(piece)).is_some_and(|piece| is(&US, piece))
    });
    let Some(at) = us else { return };
    let rest = pieces.iter_mut().skip(at.saturating_add(1)).take(REACH);
    if let Some(paid) = rest.into_iter().find(|piece| piece.is(Word::Paid)) {
        paid.roles = vec![Role::Word(Word::Income), Role::Word(Word::Collected)];
    }
}

/// "Wie is mij het meest schuldig": it is owed to us, whatever stands between.
fn owed_in_dutch(pieces: &mut [Piece]) {
    const US: [&str; 3] = ["mij", "me", "ons"];
    let us = pieces.iter().position(|piece| US.contains(&piece.folded.as_str()));
    let Some(at) = us else { return };
    let rest = pieces.iter_mut().skip(at).take(REACH);
    if let Some(owed) = rest.into_iter().find(|piece| piece.folded == "schuldig") {
        owed.roles = vec![Role::Word(Word::OweMe)];
    }
}

/// "Was muss ich nächste Woche zahlen": what is to be paid, whatever stands between.
fn owed_in_german(pieces: &mut [Piece]) {
    const MUST: [&str; 4] = ["muss", "mussen", "muss ich", "mussen wir"];
    const PAY: [&str; 4] = ["zahlen", "bezahlen", "begleichen", "uberweisen"];
    let is = |words: &[&str], piece: &Piece| words.contains(&piece.folded.as_str());
    let last = pieces.iter().rposition(|piece| piece.kind != Kind::Mark);
    // "was muss Bob noch zahlen"
    let ours = |at: usize| {
        pieces.get(at..).unwrap_or_default().iter().take(2).any(|piece| {
            piece.is(Word::We) || piece.folded.ends_with(" ich") || piece.folded.ends_with(" wir")
        })
    };
    let must = pieces.iter().position(|piece| is(&MUST, piece)).filter(|at| ours(*at));
    let (Some(must), Some(last)) = (must, last) else { return };
    if !pieces.get(last).is_some_and(|piece| is(&PAY, piece)) {
        return;
    }
    for (at, word) in [(must, Word::Stop), (last, Word::Owe)] {
        if let Some(piece) = pieces.get_mut(at) {
            piece.roles = vec![Role::Word(word)];
        }
    }
}

/// "How many open bills has Anna got": he has them, and was sent none by us.
fn got(pieces: &mut [Piece]) {
    let mut rest = pieces
        .iter_mut()
        .skip_while(|piece| !["has", "have", "hasn't", "haven't"].contains(&piece.folded.as_str()));
    if rest.next().is_some()
        && let Some(got) = rest.take(REACH).find(|piece| piece.folded == "got")
    {
        got.roles = vec![Role::Word(Word::Stop)];
    }
}

/// "Ich habe Bob bezahlt" tells; "habe ich Bob bezahlt" and "was ich Bob bezahlt habe" ask.
fn told_of_us(pieces: &mut [Piece]) {
    const HAVE: [&str; 5] = ["habe", "hab", "haben", "heb", "hebben"];
    let asks = [Word::HowMuch, Word::HowMany, Word::Which, Word::Who, Word::When, Word::Show];
    let tells = matches!(pieces, [we, have, rest @ ..] if we.is(Word::We)
        && HAVE.contains(&have.folded.as_str())
        && !has(rest, &asks)
        && !has(rest, &[Word::Not, Word::Unpaid, Word::Total])
        && !rest.iter().any(|piece| piece.is_mark("?")));
    // "Vodafone hab ich gestern überwiesen"
    let second = pieces.windows(2).position(|pair| {
        matches!(pair, [have, we] if HAVE.contains(&have.folded.as_str()) && we.is(Word::We))
            || matches!(pair, [both, _] if both.folded.split_once(' ').is_some_and(|(have, _)| HAVE.contains(&have)))
    });
    let fronted = second.filter(|at| *at > 0).is_some_and(|at| {
        let front = pieces.get(..at).unwrap_or_default();
        front.iter().any(|piece| piece.known.is_some() || piece.is(Word::Document))
            && !has(pieces, &asks)
            && !has(pieces, &[Word::Not, Word::Unpaid, Word::Total, Word::What, Word::Relative])
            && !pieces.iter().any(|piece| {
                piece.is_mark("?") || piece.is(Word::Document) && piece.is_plural("de")
            })
    });
    let tells = tells || fronted;
    let mut words = pieces.iter_mut().rev().skip_while(|piece| piece.is_mark(".,!"));
    if let Some(paid) = words.next().filter(|paid| tells && paid.is(Word::Paid)) {
        paid.roles = vec![Role::Word(Word::WePaid)];
    }
}

/// "Who still hasn't paid", "wie heeft er nog niet betaald": who owes us.
fn owed_by_whom(pieces: &mut [Piece]) {
    let mut said = pieces.iter_mut().skip_while(|piece| piece.kind == Kind::Mark);
    let who = said.next().is_some_and(|piece| piece.is(Word::Who));
    let verb = |piece: &Piece| VERBS.iter().any(|verb| piece.folded.ends_with(verb));
    let mut rest = said.take(REACH);
    if let Some(unpaid) = rest.find(|piece| who && piece.is(Word::Unpaid) && verb(piece)) {
        unpaid.roles = vec![Role::Word(Word::OweMe)];
    }
}

/// "Wat moet Garage Jansen mij nog betalen": he has to pay us.
fn due_to_us(pieces: &mut [Piece]) {
    const MUST: [&str; 5] = ["muss", "mussen", "moet", "moeten", "sollen"];
    const US: [&str; 5] = ["mir", "uns", "mij", "me", "ons"];
    const PAY: [&str; 3] = ["zahlen", "bezahlen", "betalen"];
    let at =
        |words: &[&str]| pieces.iter().position(|piece| words.contains(&piece.folded.as_str()));
    let Some((must, us)) = at(&MUST).zip(at(&US)) else { return };
    let pay = pieces.iter_mut().skip(us).find(|piece| PAY.contains(&piece.folded.as_str()));
    if let Some(pay) = pay.filter(|_| must < us) {
        pay.roles = vec![Role::Word(Word::OweMe)];
    }
}

/// "Hillside Dental paid today", "Bob paid everything": somebody, and nothing that he paid for.
fn paid_by_name(pieces: &mut [Piece]) {
    let verb = pieces.iter().position(|piece| piece.folded == "paid");
    let Some(at) = verb.filter(|at| *at > 0) else { return };
    let named = |piece: &Piece| {
        piece.is_unknown() && piece.is_capital()
            || piece.known.as_ref().is_some_and(|known| known.side == Side::Customer)
    };
    let (before, rest) = pieces.split_at(at);
    let timed = |piece: &Piece| {
        piece.kind == Kind::Mark
            || piece.is_any(&[Word::Today, Word::Yesterday, Word::Last, Word::This])
            || piece.roles.iter().any(|role| matches!(role, Role::Weekday(_) | Role::Unit(_)))
            || piece.is(Word::Stop) && piece.text.chars().count() < 4
            || piece.is(Word::All)
    };
    let whole = before.iter().all(named) && rest.iter().skip(1).all(timed);
    if let Some(paid) = pieces.get_mut(at).filter(|_| whole) {
        paid.roles = vec![Role::Word(Word::PaidUs)];
    }
}

/// "Facturé" with its accent is a participle, and no paper.
fn billed_in_french(pieces: &mut [Piece]) {
    const BILLED: [&str; 4] = ["facturé", "facturés", "facturée", "facturé à"];
    for piece in pieces.iter_mut() {
        if BILLED.contains(&piece.text.to_lowercase().as_str()) {
            piece.roles = vec![Role::Word(Word::Income)];
        }
    }
}
