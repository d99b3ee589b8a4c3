//! Numbers that English says in several words: "forty two", "two hundred fifty", "fifteen hundred".

use super::{
    piece::Piece,
    word::{Role, Word},
};

/// Joins the words of one number.
pub(super) fn apply(pieces: &mut Vec<Piece>, plain: &str) {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces.drain(..) {
        let sum = joined.last().and_then(|last| together(said(last)?, said(&piece)?));
        match (sum, joined.last_mut()) {
            (Some(sum), Some(last)) => {
                last.end = piece.end;
                last.text = plain.get(last.start..last.end).unwrap_or_default().to_owned();
                last.folded = domain::names::fold(&last.text);
                last.roles = vec![Role::Number(sum)];
            }
            _ => joined.push(piece),
        }
    }
    *pieces = joined;
}

/// Returns the number that a word says, if it says nothing else.
fn said(piece: &Piece) -> Option<u32> {
    match piece.roles.as_slice() {
        [Role::Number(number)] => Some(*number),
        [Role::Number(number), Role::Word(Word::Stop)] if piece.folded != "one" => Some(*number),
        _ => None,
    }
}

/// Returns what two words come to, if they are one number.
fn together(one: u32, other: u32) -> Option<u32> {
    let digit = (1..10).contains(&other);
    let tens = one % 100 >= 20 && one.is_multiple_of(10);
    match other {
        100 if (1..100).contains(&one) => one.checked_mul(100),
        1000 if (1..1000).contains(&one) => one.checked_mul(1000),
        _ if digit && tens => one.checked_add(other),
        _ if other < 100 && one.is_multiple_of(100) && one >= 100 => one.checked_add(other),
        _ if other < 1000
            && other.is_multiple_of(100)
            && one.is_multiple_of(1000)
            && one >= 1000 =>
        {
            one.checked_add(other)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::together;

    #[test]
    fn words_of_one_number_are_put_together() {
        for (words, sum) in [
            (vec![40, 2], Some(42)),
            (vec![15, 100], Some(1500)),
            (vec![2, 100, 50], Some(250)),
            (vec![200, 50, 5], Some(255)),
            (vec![1, 1000, 200], Some(1200)),
            (vec![3, 5], None),
            (vec![12, 13], None),
        ] {
            let mut words = words.into_iter();
            let first = words.next();
            let found = words.fold(first, |sum, word| together(sum?, word));
            assert_eq!(found, sum);
        }
    }
}
