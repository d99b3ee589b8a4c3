//! Pictures: every format, every way up, and those in which there is nothing to read.

use documents::{Limits, pictures, read};
use domain::document::{Contents, FileType, Notice, Obstacle, TextSource, Word};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, imageops};
use std::io::Cursor;

const RECEIPT: &[u8] = include_bytes!("../fixtures/receipt.jpg");
const TURNED: &[u8] = include_bytes!("../fixtures/receipt_turned.jpg");
const SKEWED: &[u8] = include_bytes!("../fixtures/receipt_skewed.jpg");
/// The same receipt as a telephone stores it, made of the one above by an encoder.
const HEIC: &[u8] = include_bytes!("../fixtures/receipt.heic");
/// The same receipt in the inks of a printing press, as picture programs of print shops save it.
const CMYK: &[u8] = include_bytes!("../fixtures/receipt_cmyk.jpg");
/// A receipt in Cyrillic letters, drawn by us.
const CYRILLIC: &[u8] = include_bytes!("../fixtures/receipt_cyrillic.jpg");

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn words(bytes: &[u8]) -> Vec<Word> {
    let contents = read(bytes, &Limits::default());
    assert_eq!(contents.obstacle, None);
    assert!(contents.pages.iter().all(|page| page.source == TextSource::Pixels));
    contents.pages.into_iter().flat_map(|page| page.words).collect()
}

fn word<'w>(words: &'w [Word], text: &str) -> &'w Word {
    words.iter().find(|word| word.text == text).unwrap_or_else(|| panic!("{text}: {words:?}"))
}

/// Asserts that the total stands in its line, right of its label and above the last line.
fn assert_is_the_receipt(words: &[Word]) {
    let (label, total) = (word(words, "TOTAL"), word(words, "10.95"));
    assert!(total.region.left > label.region.right);
    assert!(total.region.top < label.region.bottom && label.region.top < total.region.bottom);
    assert!(word(words, "Thank").region.top > total.region.bottom);
    assert!(total.confidence > 80);
}

#[test]
fn a_photo_of_a_receipt_becomes_words_in_their_places() {
    assert_is_the_receipt(&words(RECEIPT));
}

#[test]
fn a_photo_that_lies_on_its_side_is_turned() {
    assert_is_the_receipt(&words(TURNED));
}

#[test]
fn a_photo_upside_down_is_turned() {
    let picture = image::load_from_memory(RECEIPT).unwrap().rotate180();
    assert_is_the_receipt(&words(&encoded(&picture, ImageFormat::Png)));
}

#[test]
fn a_skewed_photo_is_made_level() {
    assert_is_the_receipt(&words(SKEWED));
}

#[test]
fn a_photo_as_a_telephone_stores_it_is_read() {
    let contents = read(HEIC, &Limits::default());
    assert_eq!(contents.file_type, FileType::Heic);
    assert_is_the_receipt(&words(HEIC));
    let pictures = pictures(HEIC, &Limits { picture_side: 64, ..Limits::default() });
    assert_eq!(image::load_from_memory(&pictures[0]).unwrap().height(), 64);
}

#[test]
fn f83_f85_a_telephone_s_photo_that_is_too_large_or_broken_is_said_so() {
    let small = Limits { pixels: 1_000, ..Limits::default() };
    assert_eq!(read(HEIC, &small).obstacle, Some(Obstacle::TooManyPixels));
    for length in (32..HEIC.len()).step_by(61) {
        let contents = read(&HEIC[..length], &Limits::default());
        assert!(contents.obstacle.is_some(), "{length}");
    }
    let envelope = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
    assert_eq!(read(envelope, &Limits::default()).obstacle, Some(Obstacle::Broken));
}

#[test]
fn a_small_receipt_on_the_glass_of_a_scanner_is_read_as_closely_as_a_photo_of_it() {
    let small = receipt();
    let mut glass = RgbImage::from_pixel(2400, 3200, Rgb([38, 36, 40]));
    imageops::replace(&mut glass, &small, 1900, 0);
    let contents = read_picture(glass);
    let page = &contents.pages[0];
    assert_eq!(page.width, 2400 * 100, "places are those of the whole picture");
    assert_is_the_receipt(&page.words);
    assert!(!contents.notices.contains(&Notice::CutOff));
}

#[test]
fn every_picture_format_is_opened() {
    let picture = image::load_from_memory(RECEIPT).unwrap();
    let limits = Limits { picture_side: 64, ..Limits::default() };
    for format in [
        ImageFormat::Png,
        ImageFormat::Jpeg,
        ImageFormat::WebP,
        ImageFormat::Tiff,
        ImageFormat::Bmp,
        ImageFormat::Gif,
    ] {
        let pictures = pictures(&encoded(&picture, format), &limits);
        assert_eq!(pictures.len(), 1, "{format:?}");
    }
}

#[test]
fn f90_the_inks_of_a_press_and_sixteen_bits_are_read_like_any_other_picture() {
    let contents = read(CMYK, &Limits::default());
    assert_is_the_receipt(&contents.pages[0].words);
    let deep = image::load_from_memory(RECEIPT).unwrap().to_luma16();
    let contents = read(&encoded(&deep.into(), ImageFormat::Png), &Limits::default());
    assert_is_the_receipt(&contents.pages[0].words);
}

#[test]
fn f90_pictures_for_a_model_are_small_upright_and_without_metadata() {
    let side = 50_u8;
    let exif = [
        b"\xff\xe1\x00\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(),
        &[6, 0, 0, 0, 0, 0, 0],
    ]
    .concat();
    let plain = encoded(&RgbImage::new(80, side.into()).into(), ImageFormat::Jpeg);
    let marked = [&plain[..2], &exif, &plain[2..]].concat();
    let limits = Limits { picture_side: 40, ..Limits::default() };
    let pictures = pictures(&marked, &limits);
    let shown = image::load_from_memory(&pictures[0]).unwrap();
    assert_eq!((shown.width(), shown.height()), (25, 40));
    assert!(!pictures[0].windows(4).any(|window| window == b"Exif"));
}

#[test]
fn a_blank_page_has_no_text() {
    let blank = RgbImage::from_pixel(300, 400, Rgb([250, 250, 250]));
    assert_eq!(
        read(&encoded(&blank.into(), ImageFormat::Png), &Limits::default()),
        Contents::unreadable(FileType::Png, Obstacle::NoText)
    );
}

#[test]
fn a_picture_with_too_many_pixels_is_refused_before_it_is_decoded() {
    let limits = Limits { pixels: 1000, ..Limits::default() };
    let contents = read(RECEIPT, &limits);
    assert_eq!(contents, Contents::unreadable(FileType::Jpeg, Obstacle::TooManyPixels));
}

fn receipt() -> RgbImage {
    image::load_from_memory(RECEIPT).unwrap().into_rgb8()
}

fn read_picture(picture: RgbImage) -> Contents {
    read(&encoded(&picture.into(), ImageFormat::Png), &Limits::default())
}

#[test]
fn a_picture_out_of_focus_is_called_blurred() {
    let contents = read_picture(imageops::fast_blur(&receipt(), 12.0));
    assert_eq!(contents.obstacle, Some(Obstacle::Blurred));
}

#[test]
fn a_picture_without_light_is_called_dark() {
    let mut picture = receipt();
    picture.iter_mut().for_each(|sample| *sample /= 24);
    assert_eq!(read_picture(picture).obstacle, Some(Obstacle::Dark));
}

#[test]
fn letters_of_another_alphabet_are_named_and_not_guessed() {
    let contents = read(CYRILLIC, &Limits::default());
    assert_eq!(contents.obstacle, Some(Obstacle::OtherScript));
}

#[test]
fn two_receipts_on_a_table_are_noticed_and_one_is_not() {
    let one = receipt();
    let (width, height) = one.dimensions();
    let mut table = RgbImage::from_pixel(width * 2 + 60, height + 40, Rgb([70, 60, 50]));
    imageops::overlay(&mut table, &one, 20, 20);
    assert_eq!(read_picture(table.clone()).notices, []);
    imageops::overlay(&mut table, &one, i64::from(width) + 40, 20);
    assert_eq!(read_picture(table).notices, [Notice::SeveralReceipts]);
}

#[test]
fn lines_that_run_into_the_edge_are_noticed() {
    let picture = receipt();
    let (width, height) = picture.dimensions();
    let part = imageops::crop_imm(&picture, width / 4, 0, width * 3 / 4, height).to_image();
    assert_eq!(read_picture(part).notices, [Notice::CutOff]);
    assert_eq!(read_picture(picture).notices, []);
}

#[test]
fn a_picture_that_ends_in_the_middle_of_a_line_is_noticed() {
    let picture = receipt();
    let whole = read_picture(picture.clone());
    let total = whole.pages[0].words.iter().find(|word| word.text == "10.95").unwrap().region;
    let cut = u32::try_from((total.top + 2 * total.bottom) / 300).unwrap();
    let part = imageops::crop_imm(&picture, 0, 0, picture.width(), cut).to_image();
    assert!(read_picture(part).notices.contains(&Notice::EndsInText));
    assert!(!whole.notices.contains(&Notice::EndsInText));
}

#[test]
fn a_photo_that_was_not_sent_to_its_end_is_noticed() {
    let half = &RECEIPT[..RECEIPT.len() * 2 / 3];
    assert!(read(half, &Limits::default()).notices.contains(&Notice::Incomplete));
    assert!(!read(RECEIPT, &Limits::default()).notices.contains(&Notice::Incomplete));
}

#[test]
fn a_receipt_ten_times_as_long_as_wide_keeps_its_print() {
    let one = receipt();
    let (width, height) = one.dimensions();
    let copies = (width * 10).div_ceil(height);
    let mut long = RgbImage::from_pixel(width, height * copies, Rgb([255, 255, 255]));
    for at in 0..copies {
        imageops::overlay(&mut long, &one, 0, i64::from(at * height));
    }
    let contents = read_picture(long);
    let totals = contents.pages[0].words.iter().filter(|word| word.text == "10.95").count();
    assert_eq!(totals, usize::try_from(copies).unwrap());
}

/// A TIFF file of the same picture twice: the second directory is a copy of the first one.
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "offsets into a small file that was made right here"
)]
fn two_pages() -> Vec<u8> {
    let mut bytes = encoded(&receipt().into(), ImageFormat::Tiff);
    assert!(bytes.starts_with(b"II"));
    let long = |bytes: &[u8], at: usize| {
        usize::try_from(u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())).unwrap()
    };
    let first = long(&bytes, 4);
    let entries = usize::from(u16::from_le_bytes(bytes[first..first + 2].try_into().unwrap()));
    let end = first + 2 + entries * 12;
    let directory = bytes[first..end + 4].to_vec();
    let second = u32::try_from(bytes.len()).unwrap();
    bytes.extend(directory);
    bytes[end..end + 4].copy_from_slice(&second.to_le_bytes());
    bytes
}

#[test]
fn every_page_of_a_tiff_file_is_read() {
    let contents = read(&two_pages(), &Limits::default());
    assert_eq!(contents.pages.len(), 2);
    contents.pages.iter().for_each(|page| assert_is_the_receipt(&page.words));
}

#[test]
fn a_tiff_file_of_too_many_pages_is_refused() {
    let contents = read(&two_pages(), &Limits { pages: 1, ..Limits::default() });
    assert_eq!(contents, Contents::unreadable(FileType::Tiff, Obstacle::TooManyPages));
}

#[test]
fn a_word_is_cut_out_so_that_it_can_be_read_whichever_way_the_picture_lies() {
    for picture in [RECEIPT, TURNED, SKEWED] {
        let contents = read(picture, &Limits::default());
        let page = &contents.pages[0];
        let region = word(&page.words, "10.95").region;
        let (width, height, source) = (page.width, page.height, page.source);
        let cut = documents::Cut { page: 1, width, height, source, region };
        let jpeg = documents::cutout(picture, &cut, &Limits::default()).unwrap();
        let shown = image::load_from_memory(&jpeg).unwrap();
        assert!(shown.width() <= 800 && shown.height() < shown.width());
        assert!(words(&jpeg).iter().any(|word| word.text.contains("10.95")));
    }
}

#[test]
fn the_same_picture_sent_again_by_a_messenger_has_nearly_the_same_fingerprint() {
    let seen = |bytes: &[u8]| read(bytes, &Limits::default()).fingerprint.unwrap();
    let picture = image::load_from_memory(RECEIPT).unwrap();
    let smaller = picture.resize(700, 700, imageops::FilterType::Triangle);
    assert!(seen(RECEIPT).distance(seen(&encoded(&smaller, ImageFormat::Jpeg))) <= 6);
    assert!(seen(RECEIPT).distance(seen(SKEWED)) > 12);
}
