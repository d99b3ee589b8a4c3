//! How far two words are apart, and how far is still the same word.

/// Returns how many slips a word of so many letters may hold; nothing for a short one.
pub(super) const fn allowed(letters: usize) -> Option<usize> {
    match letters {
        0..=3 => None,
        4..=7 => Some(1),
        _ => Some(2),
    }
}

/// Returns the number of letters to insert, delete, replace or swap with their neighbour.
///
/// Three stands for anything above two.
pub(super) fn distance(one: &str, other: &str) -> usize {
    const FAR: usize = 3;
    let one: Vec<char> = one.chars().collect();
    let other: Vec<char> = other.chars().collect();
    if one.len().abs_diff(other.len()) >= FAR || one.len() > 40 || other.len() > 40 {
        return FAR;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i.saturating_add(1)];
        for (j, b) in other.iter().enumerate() {
            let get = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(FAR);
            let replaced = get(&last, j).saturating_add(usize::from(a != b));
            let inserted = get(&row, j).saturating_add(1);
            let deleted = get(&last, j.saturating_add(1)).saturating_add(1);
            let mut best = replaced.min(inserted).min(deleted);
            let swapped = i > 0
                && j > 0
                && other.get(j.saturating_sub(1)) == Some(a)
                && one.get(i.saturating_sub(1)) == Some(b);
            if swapped {
                best = best.min(get(&before_last, j.saturating_sub(1)).saturating_add(1));
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(FAR).min(FAR)
}
