//! How far two words are apart, and how far is still the same word.
//!
//! A word that no lexicon knows is compared with hundreds of others, so nothing here takes memory from
//! the heap.

/// What stands for any distance above two.
const FAR: usize = 3;
/// The most letters of a word that is compared.
const LONGEST: usize = 40;
/// The distances of the beginnings of a word, the empty one first.
type Row = [usize; LONGEST + 1];

/// Returns how many slips a word of so many letters may hold; nothing for a short one. Two slips make
/// another word as easily as they spoil one, so what holds them is asked about.
pub(super) const fn allowed(letters: usize) -> Option<usize> {
    match letters {
        0..=3 => None,
        _ => Some(1),
    }
}

/// Returns the number of letters to insert, delete, replace or swap with their neighbour.
///
/// Three stands for anything above two.
pub(super) fn distance(one: &str, other: &str) -> usize {
    let (mut room, mut other_room) = (['\0'; LONGEST], ['\0'; LONGEST]);
    let (Some(one), Some(other)) = (letters(one, &mut room), letters(other, &mut other_room))
    else {
        return FAR;
    };
    if one.len().abs_diff(other.len()) >= FAR {
        return FAR;
    }
    let mut before_last: Row = [FAR; LONGEST + 1];
    let mut last: Row = std::array::from_fn(|place| place);
    let get = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(FAR);
    for (i, a) in one.iter().enumerate() {
        let mut left = i.saturating_add(1);
        let mut row: Row = [left; LONGEST + 1];
        for ((j, b), cell) in other.iter().enumerate().zip(row.iter_mut().skip(1)) {
            let replaced = get(&last, j).saturating_add(usize::from(a != b));
            let deleted = get(&last, j.saturating_add(1)).saturating_add(1);
            let mut best = replaced.min(left.saturating_add(1)).min(deleted);
            let swapped = i > 0
                && j > 0
                && other.get(j.saturating_sub(1)) == Some(a)
                && one.get(i.saturating_sub(1)) == Some(b);
            if swapped {
                best = best.min(get(&before_last, j.saturating_sub(1)).saturating_add(1));
            }
            (*cell, left) = (best, best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    get(&last, other.len()).min(FAR)
}

/// Writes the letters of a word to a place of its caller; nothing if there are too many.
fn letters<'room>(word: &str, room: &'room mut [char; LONGEST]) -> Option<&'room [char]> {
    let mut count = 0_usize;
    for letter in word.chars() {
        *room.get_mut(count)? = letter;
        count = count.saturating_add(1);
    }
    room.get(..count)
}

/// Returns whether a finger may have slipped: "changed" is no slip of "charged", for `n` and `r` lie
/// apart and sound apart. Only letters that stand for one another are looked at.
pub(super) fn is_slip(typed: &str, meant: &str) -> bool {
    if typed.chars().count() != meant.chars().count() {
        return true;
    }
    let apart: Vec<(char, char)> =
        typed.chars().zip(meant.chars()).filter(|(one, other)| one != other).collect();
    let swapped = matches!(apart.as_slice(), [(a, b), (c, d)] if a == d && b == c);
    swapped || apart.iter().all(|(one, other)| lie_together(*one, *other))
}

/// Returns whether two letters lie side by side on a keyboard, or sound alike.
fn lie_together(one: char, other: char) -> bool {
    const ROWS: [&str; 4] = ["qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm"];
    const ALIKE: [&str; 7] = ["aeiouy", "ckq", "sz", "bpvfw", "dt", "gj", "mn"];
    if !one.is_ascii() || !other.is_ascii() {
        return true;
    }
    let beside = |row: &&str| {
        let place = |letter: char| row.find(letter);
        place(one).zip(place(other)).is_some_and(|(a, b)| a.abs_diff(b) == 1)
    };
    let alike = |sounds: &&str| sounds.contains(one) && sounds.contains(other);
    // the next row begins a little to the right
    let column = |letter: char| {
        ROWS.iter().enumerate().find_map(|(row, keys)| Some((row, keys.find(letter)?)))
    };
    let above = column(one).zip(column(other)).is_some_and(|((row, a), (next, b))| {
        row.max(1).abs_diff(next.max(1)) == 1 && a.abs_diff(b) <= 1
    });
    ROWS.iter().any(beside) || ALIKE.iter().any(alike) || above
}

/// Returns what a word with letters in a row may stand for: "hellooo" is "hello".
pub(super) fn unstretched(word: &str) -> Vec<String> {
    let chars: Vec<char> = word.chars().collect();
    if !chars.windows(3).any(|run| matches!(run, [a, b, c] if a == b && b == c)) {
        return Vec::new();
    }
    let shortened = |to: usize| {
        let runs = chars.chunk_by(|one, other| one == other);
        let kept = runs.flat_map(|run| {
            let length = if run.len() > 2 { to } else { run.len() };
            run.iter().take(length)
        });
        kept.collect::<String>()
    };
    vec![shortened(2), shortened(1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted_up_to_two() {
        assert_eq!(distance("invoice", "invoice"), 0);
        assert_eq!(distance("invioce", "invoice"), 1, "neighbours swapped");
        assert_eq!(distance("invoic", "invoice"), 1);
        assert_eq!(distance("invvoice", "invoice"), 1);
        assert_eq!(distance("imvoise", "invoice"), 2);
        assert_eq!(distance("inv", "invoice"), FAR);
        assert_eq!(distance("amazon", "abroad"), FAR);
        assert_eq!(distance("", "ab"), 2);
        assert_eq!(distance(&"x".repeat(LONGEST + 1), &"x".repeat(LONGEST)), FAR);
    }

    #[test]
    fn a_finger_slips_to_a_key_beside_or_to_a_letter_that_sounds_alike() {
        for (typed, meant) in [
            ("unpsid", "unpaid"),
            ("recieved", "received"),
            ("expences", "expenses"),
            ("bils", "bills"),
        ] {
            assert!(is_slip(typed, meant), "{typed}");
        }
        for (typed, meant) in [("changed", "charged"), ("vestidos", "vencidos"), ("tiles", "times")]
        {
            assert!(!is_slip(typed, meant), "{typed}");
        }
    }
}
