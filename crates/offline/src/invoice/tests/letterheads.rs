//! Who issued a page, on letterheads, bills and receipts of many shapes.

use super::*;

/// A page of the file with who issued it.
struct Letter {
    vendor: String,
    rows: Vec<String>,
    pixels: bool,
}

fn letters() -> Vec<Letter> {
    let mut letters: Vec<Letter> = Vec::new();
    for line in include_str!("letterheads.txt").lines().filter(|line| !line.starts_with('#')) {
        match line.split_once(' ').filter(|(mark, _)| matches!(*mark, "=" | "~")) {
            Some((mark, vendor)) => letters.push(Letter {
                vendor: vendor.to_owned(),
                rows: Vec::new(),
                pixels: mark == "~",
            }),
            None => letters.extend_last(line),
        }
    }
    letters
}

trait ExtendLast {
    fn extend_last(&mut self, line: &str);
}

impl ExtendLast for Vec<Letter> {
    fn extend_last(&mut self, line: &str) {
        if let Some(last) = self.last_mut() {
            last.rows.push(line.to_owned());
        }
    }
}

impl Letter {
    /// Prints the rows; those with a `^` in letters of twice the size.
    fn sheets(&self) -> Sheets {
        let mut printed = sheets(&[]);
        let page = &mut printed.pages[0];
        page.source = if self.pixels { TextSource::Pixels } else { TextSource::TextLayer };
        let mut top = 2_000_i32;
        for row in &self.rows {
            let (size, text) = row.strip_prefix('^').map_or((1, row.as_str()), |text| (2, text));
            let mut left = 2_000_i32;
            for word in text.split(' ') {
                let width = i32::try_from(word.chars().count()).unwrap() * 600 * size;
                let region = Region { left, top, right: left + width, bottom: top + 1_000 * size };
                if !word.is_empty() {
                    page.words.push(Word { text: word.to_owned(), region, confidence: 97 });
                }
                left += width + 600 * size;
            }
            top += 600 + 1_000 * size;
        }
        printed
    }
}

/// Returns whether two names are one but for case, marks and a legal form that one of them lacks.
fn same(one: &str, other: &str) -> bool {
    let plain = |text: &str| domain::names::fold(text).replace(' ', "");
    let (one, other) = (plain(one), plain(other));
    one == other
        || one.len().min(other.len()) >= 5 && (one.contains(&other) || other.contains(&one))
}

#[test]
fn the_issuer_of_a_page_is_found_wherever_it_stands() {
    let letters = letters();
    assert!(letters.len() >= 40);
    let mut wrong = Vec::new();
    let (mut sure, mut falsely_sure) = (0_u32, Vec::new());
    for letter in &letters {
        let reading = read(&letter.sheets());
        let claim = reading.vendor.as_ref();
        let name = claim.map(|claim| claim.value.clone()).unwrap_or_default();
        let right = letter.vendor.split(" | ").any(|vendor| same(vendor, &name));
        if reading.vendor.is_some() && is_sure(&reading.vendor) {
            sure += 1;
            falsely_sure.extend((!right).then(|| name.clone()));
        }
        if !right {
            wrong.push(format!("{:?}: {} read as {name}", reading.kind.value, letter.vendor));
        }
    }
    println!("{} of {} wrong, {sure} sure\n{}", wrong.len(), letters.len(), wrong.join("\n"));
    assert!(falsely_sure.is_empty(), "{falsely_sure:?}");
    assert!(wrong.len() * 20 <= letters.len(), "{}", wrong.join("\n"));
}
