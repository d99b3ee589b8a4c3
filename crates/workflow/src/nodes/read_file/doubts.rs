//! What a person is shown of doubtful fields: a picture of the place.

use super::Paper;
use crate::{replies::Reply, scene::Scene, turn::TurnError};
use domain::{
    document::{ContentHash, Notice, Page, Region},
    invoice::Finding,
    message::NewFile,
    reading::Reading,
};
use ports::documents::Place;
use sha2::{Digest, Sha256};

/// A label begins at most so far before its value, in heights of the value.
const LABEL: i32 = 24;

/// Returns a picture of the place of the weightiest doubt that has one.
pub async fn cutout(
    scene: &Scene<'_>,
    paper: &Paper<'_>,
    reading: &Reading,
    findings: &[Finding],
) -> Result<Option<NewFile>, TurnError> {
    let mut places = findings.iter().filter_map(|finding| place(paper, reading, finding));
    let Some(place) = places.next() else { return Ok(None) };
    let picture = scene.tools.documents.cutout(paper.bytes.clone(), place).await?;
    Ok(picture.map(|bytes| NewFile {
        name: "please-check.jpg".to_owned(),
        media_type: "image/jpeg".to_owned(),
        hash: ContentHash(Sha256::digest(&bytes).into()),
        bytes: bytes.to_vec(),
    }))
}

/// Returns where the value stands that a finding doubts.
fn place(paper: &Paper<'_>, reading: &Reading, finding: &Finding) -> Option<Place> {
    let evidence = match finding {
        Finding::TotalUnsure
        | Finding::TotalUnproven
        | Finding::NetAndTax { .. }
        | Finding::Lines { .. }
        | Finding::CurrencyAssumed => reading.gross.as_ref().map(|claim| &claim.evidence),
        Finding::TaxByRate { .. } => reading.tax.as_ref().map(|claim| &claim.evidence),
        Finding::DateUnsure | Finding::DateAmbiguous { .. } | Finding::DateUnlikely => {
            reading.issue_date.as_ref().map(|claim| &claim.evidence)
        }
        Finding::VendorUnsure => reading.vendor.as_ref().map(|claim| &claim.evidence),
        Finding::NumberUnsure => reading.number.as_ref().map(|claim| &claim.evidence),
        Finding::VendorMissing
        | Finding::DateMissing
        | Finding::Due { .. }
        | Finding::PageTotal { .. }
        | Finding::PageNumber { .. }
        | Finding::PageDate { .. } => None,
    }?;
    let page = evidence.page?;
    let at = usize::try_from(page).ok()?.checked_sub(1)?;
    let sheet = paper.pages.get(at)?;
    let region = evidence.region.filter(is_a_place)?;
    Some(Place::on(page, sheet, with_label(sheet, region)))
}

/// Widens a place by the words before it on its row, so that its label is shown whole.
fn with_label(sheet: &Page, place: Region) -> Region {
    let height = place.bottom.saturating_sub(place.top);
    let reach = place.left.saturating_sub(height.saturating_mul(LABEL));
    let middle = place.top.midpoint(place.bottom);
    let before = sheet.words.iter().map(|word| word.region).filter(|word| {
        let on_row = (word.top..word.bottom).contains(&middle);
        on_row && word.right <= place.left && word.left >= reach
    });
    Region { left: before.map(|word| word.left).fold(place.left, i32::min), ..place }
}

fn is_a_place(region: &Region) -> bool {
    region.right > region.left && region.bottom > region.top
}

/// Returns what is to be said of a picture that could be read all the same. Several receipts are
/// a question of their own, and a picture that ends below the total lacks nothing.
pub fn noticed(notices: &[Notice]) -> impl Iterator<Item = Reply> {
    notices
        .iter()
        .filter(|notice| !matches!(notice, Notice::SeveralReceipts | Notice::EndsInText))
        .map(|notice| Reply::Noticed { notice: *notice })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::document::{TextSource, Word};

    #[test]
    fn a_label_is_shown_whole_and_what_stands_far_off_is_not() {
        let at = |left, right, top| Region { left, right, top, bottom: top + 900 };
        let word = |text: &str, region| Word { text: text.to_owned(), region, confidence: 100 };
        let words = vec![
            word("Seite", at(1_000, 4_000, 10_000)),
            word("Gesamtbetrag", at(38_000, 45_000, 10_050)),
            word("EUR", at(45_500, 47_000, 10_050)),
            word("MwSt", at(37_000, 40_000, 8_000)),
            word("451,69", at(51_000, 54_500, 10_000)),
        ];
        let source = TextSource::TextLayer;
        let sheet = Page { width: 59_500, height: 84_200, source, words };
        let place = at(51_000, 54_500, 10_000);
        assert_eq!(with_label(&sheet, place), Region { left: 38_000, ..place });
    }
}
