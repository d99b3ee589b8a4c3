//! Does a picture end before the total? Then what was taken for it is a price, or a piece of it.

use domain::{
    document::{Notice, Obstacle, Page, TextSource},
    reading::{Claim, Reading, Standing},
};
use rust_decimal::Decimal;

/// A total without both its decimals may go on behind the right edge, where less than this part of
/// its height is between them: there is no room for another letter.
const ROOM_FOR_A_LETTER: i32 = 3;
/// So many decimals have most totals.
const DECIMALS: u32 = 2;

/// Returns why a reading says too little to be kept: its picture is cut off, or was not sent to its
/// end, and no total is told by its label.
#[must_use]
pub fn obstacle(reading: &Reading, pages: &[Page], notices: &[Notice]) -> Option<Obstacle> {
    let has = |notice: Notice| notices.contains(&notice);
    let total = reading.gross.as_ref();
    let proven = total.is_some_and(|total| total.evidence.standing() == Standing::Verified);
    let told = total.is_some_and(|total| total.evidence.standing() != Standing::Doubtful);
    if has(Notice::Incomplete) && !proven {
        return Some(Obstacle::Incomplete);
    }
    if !reading.is_invoice() {
        return None;
    }
    let is_piece = !proven && total.is_some_and(|total| runs_off(total, pages));
    let ends_early = has(Notice::CutOff) || has(Notice::EndsInText);
    (is_piece || (ends_early && !told)).then_some(Obstacle::CutOff)
}

/// Returns whether a total may be a piece of one that goes on behind the right edge of a picture.
fn runs_off(total: &Claim<Decimal>, pages: &[Page]) -> bool {
    let at = total.evidence.page.and_then(|page| usize::try_from(page).ok()?.checked_sub(1));
    let page = at.and_then(|at| pages.get(at)).filter(|page| page.source == TextSource::Pixels);
    page.zip(total.evidence.region).is_some_and(|(page, region)| {
        let room = page.width.saturating_sub(region.right).saturating_mul(ROOM_FOR_A_LETTER);
        total.value.scale() < DECIMALS && room <= region.bottom.saturating_sub(region.top)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        document::Region,
        reading::{Evidence, Origin, ReadKind},
    };

    fn reading(confidence: u8, right: i32) -> Reading {
        let mut evidence = Evidence::of(Origin::Pixels, confidence, "total label");
        evidence.page = Some(1);
        evidence.region = Some(Region { left: 50_000, top: 0, right, bottom: 1_000 });
        let mut reading = Reading::of_kind(ReadKind::Receipt, evidence.clone());
        reading.gross = Some(Claim::new(Decimal::new(390, 2), evidence));
        reading
    }

    fn found(reading: &Reading, notices: &[Notice]) -> Option<Obstacle> {
        let source = TextSource::Pixels;
        let page = Page { width: 100_000, height: 100_000, source, words: Vec::new() };
        obstacle(reading, &[page], notices)
    }

    #[test]
    fn a_picture_that_ends_before_the_total_is_cut_off() {
        let missing = Reading { gross: None, ..reading(75, 60_000) };
        for reading in [&missing, &reading(25, 60_000)] {
            assert_eq!(found(reading, &[Notice::EndsInText]), Some(Obstacle::CutOff));
            assert_eq!(found(reading, &[Notice::CutOff]), Some(Obstacle::CutOff));
            assert_eq!(found(reading, &[]), None);
        }
        assert_eq!(found(&reading(75, 60_000), &[Notice::EndsInText, Notice::CutOff]), None);
    }

    #[test]
    fn a_total_that_runs_into_the_edge_is_a_piece_unless_sums_prove_it() {
        let with = |confidence, right, total| {
            let mut reading = reading(confidence, right);
            reading.gross.as_mut().unwrap().value = total;
            found(&reading, &[])
        };
        let (piece, whole) = (Decimal::from(45), Decimal::new(4_510, 2));
        assert_eq!(with(85, 99_700, piece), Some(Obstacle::CutOff));
        assert_eq!(with(99, 99_700, piece), None);
        assert_eq!(with(85, 98_000, piece), None);
        assert_eq!(with(85, 99_700, whole), None);
    }

    #[test]
    fn a_file_that_was_not_sent_to_its_end_needs_a_proven_total() {
        let is_lost = Some(Obstacle::Incomplete);
        assert_eq!(found(&reading(85, 60_000), &[Notice::Incomplete]), is_lost);
        assert_eq!(found(&reading(99, 60_000), &[Notice::Incomplete]), None);
        let evidence = Evidence::of(Origin::Pixels, 90, "kind by its words");
        let nothing = Reading::of_kind(ReadKind::NotInvoice, evidence);
        assert_eq!(found(&nothing, &[Notice::Incomplete]), is_lost);
        assert_eq!(found(&nothing, &[Notice::CutOff, Notice::EndsInText]), None);
    }
}
