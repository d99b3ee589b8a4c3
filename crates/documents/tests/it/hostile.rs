//! Files meant to break the reader, and honest files damaged at random: each ends in an answer.

use crate::{einvoices::UBL, pdfs::pdf};
use documents::{Limits, read};
use domain::document::{Contents, FileType, Obstacle};
use proptest::prelude::*;

fn obstacle(bytes: &[u8]) -> Option<Obstacle> {
    read(bytes, &Limits::default()).obstacle
}

fn png() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::new(20, 20);
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn samples() -> Vec<Vec<u8>> {
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 60 60] >>";
    let pages = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
    vec![UBL.as_bytes().to_vec(), pdf(&["<< /Type /Catalog /Pages 2 0 R >>", pages, page]), png()]
}

#[test]
fn nothing_is_empty_and_too_much_is_too_large() {
    assert_eq!(obstacle(b""), Some(Obstacle::Empty));
    let limits = Limits { bytes: 10, ..Limits::default() };
    assert_eq!(
        read(UBL.as_bytes(), &limits),
        Contents::unreadable(FileType::Xml, Obstacle::TooManyBytes)
    );
}

#[test]
fn what_is_not_read_here_is_unsupported() {
    assert_eq!(obstacle(b"PK\x03\x04archive"), Some(Obstacle::Unsupported));
    assert_eq!(obstacle(b"just some words"), Some(Obstacle::Unsupported));
}

#[test]
fn entities_that_multiply_are_refused() {
    let bomb = "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'bbbb'><!ENTITY c '&b;&b;&b;'>]>\
                <a>&c;</a>";
    assert_eq!(obstacle(bomb.as_bytes()), Some(Obstacle::Broken));
}

#[test]
fn ten_thousand_levels_of_elements_are_refused() {
    let deep = format!("<?xml version='1.0'?>{}", "<a>".repeat(10_000));
    assert_eq!(obstacle(deep.as_bytes()), Some(Obstacle::Broken));
}

#[test]
fn a_page_the_size_of_a_house_is_drawn_small() {
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 144000 144000] >>";
    let pages = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
    let file = pdf(&["<< /Type /Catalog /Pages 2 0 R >>", pages, page]);
    assert_eq!(obstacle(&file), Some(Obstacle::NoText));
}

#[test]
fn every_truncation_ends_in_an_answer() {
    for sample in samples() {
        for length in (0..sample.len()).step_by(7) {
            let contents = read(&sample[..length], &Limits::default());
            assert!(contents.obstacle.is_some() || contents.other_xml.is_some(), "at {length}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_files_end_in_an_answer(
        which in 0_usize..3,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut file = samples().swap_remove(which);
        for (at, byte) in damage {
            let at = at.index(file.len());
            file[at] = byte;
        }
        let contents = read(&file, &Limits::default());
        prop_assert!(contents.obstacle.is_none() || contents.pages.is_empty());
    }

    #[test]
    fn any_bytes_end_in_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let contents = read(&bytes, &Limits::default());
        prop_assert!(contents.pages.is_empty());
    }
}
