//! Pictures are unpacked again and looked at by the colours of their pixels.

use super::*;
use image::RgbaImage;
use paper::{ACCENT, BELOW};
use proptest::prelude::*;

fn bar(label: &str, value: &str) -> Bar {
    Bar { label: label.to_owned(), value: value.parse().unwrap(), printed: value.to_owned() }
}

fn chart(layout: Layout, bars: &[(&str, &str)]) -> Chart {
    Chart {
        title: "Spending by month, 2025".to_owned(),
        unit: "EUR".to_owned(),
        layout,
        bars: bars.iter().map(|(label, value)| bar(label, value)).collect(),
        language: Language::En,
        right_to_left: false,
    }
}

fn picture(chart: &Chart) -> RgbaImage {
    let bytes = chart_png(chart).unwrap();
    image::load_from_memory_with_format(&bytes, image::ImageFormat::Png).unwrap().to_rgba8()
}

/// The stretches of columns of pixels that hold a colour, each with its top and bottom.
fn stretches(picture: &RgbaImage, (r, g, b): paper::Ink) -> Vec<[u32; 4]> {
    let mut found: Vec<[u32; 4]> = Vec::new();
    for x in 0..picture.width() {
        let is_ink = |y: &u32| picture.get_pixel(x, *y).0[..3] == [r, g, b];
        let mut rows = (0..picture.height()).filter(is_ink);
        let Some(top) = rows.next() else { continue };
        let bottom = rows.next_back().unwrap_or(top);
        match found.last_mut() {
            Some(last) if last[1].abs_diff(x) == 1 => {
                *last = [last[0], x, last[2].min(top), last[3].max(bottom)];
            }
            _ => found.push([x, x, top, bottom]),
        }
    }
    // The smoothed edge of something darker may happen to have the colour.
    found.retain(|[left, right, ..]| left.abs_diff(*right) > 4);
    found
}

#[test]
fn columns_are_as_high_as_their_values() {
    let picture =
        picture(&chart(Layout::OverTime, &[("May", "100"), ("Jun", "50"), ("Jul", "25")]));
    assert_eq!(picture.dimensions(), (1280, 960));
    let bars = stretches(&picture, ACCENT);
    let heights: Vec<u32> = bars.iter().map(|[_, _, top, bottom]| bottom - top).collect();
    assert_eq!(heights.len(), 3, "{bars:?}");
    assert!(heights[0].abs_diff(heights[1] * 2) <= 5, "{heights:?}");
    assert!(heights[0].abs_diff(heights[2] * 4) <= 10, "{heights:?}");
    assert!(heights[0] > 500, "{heights:?}");
}

#[test]
fn bars_by_group_are_sorted_and_as_long_as_their_values() {
    let groups = [("Shell", "50"), ("Aldi", "200"), ("Adobe", "100")];
    let picture = picture(&chart(Layout::ByGroup, &groups));
    let [left, right, top, bottom] = stretches(&picture, ACCENT)[0];
    let end = |y: u32| {
        let is_bar = |x: &u32| picture.get_pixel(*x, y).0[..3] == [ACCENT.0, ACCENT.1, ACCENT.2];
        (left..=right).rfind(is_bar).unwrap()
    };
    let row = (bottom - top) / 3;
    let lengths = [0, 1, 2].map(|at| end(top + row * at + row / 2) - left);
    assert!(lengths[0].abs_diff(lengths[1] * 2) <= 6, "{lengths:?}");
    assert!(lengths[0].abs_diff(lengths[2] * 4) <= 12, "{lengths:?}");
}

#[test]
fn credit_notes_hang_below_zero_in_a_lighter_colour() {
    let picture = picture(&chart(Layout::OverTime, &[("May", "100"), ("Jun", "-50")]));
    let (above, below) = (stretches(&picture, ACCENT)[0], stretches(&picture, BELOW)[0]);
    assert!(below[2].abs_diff(above[3]) <= 6, "{above:?} {below:?}");
    assert!((above[3] - above[2]).abs_diff((below[3] - below[2]) * 2) <= 6);
    assert!(below[0] > above[1]);
}

#[test]
fn from_right_to_left_the_first_column_is_on_the_right() {
    let bars = [("مايو", "100"), ("يونيو", "10")];
    let arabic = Chart { right_to_left: true, ..chart(Layout::OverTime, &bars) };
    let found = stretches(&picture(&arabic), ACCENT);
    assert!(found[0][3] - found[0][2] < found[1][3] - found[1][2], "{found:?}");
}

#[test]
fn the_same_chart_gives_the_same_bytes() {
    let one = chart(Layout::ByGroup, &[("A", "1"), ("B", "2")]);
    assert_eq!(chart_png(&one).unwrap(), chart_png(&one).unwrap());
    let other = Chart { language: Language::De, title: "Ausgaben".to_owned(), ..one.clone() };
    assert_ne!(chart_png(&one).unwrap(), chart_png(&other).unwrap());
}

#[test]
fn nothing_one_thing_and_zeros_make_a_picture() {
    for layout in [Layout::OverTime, Layout::ByGroup] {
        assert!(stretches(&picture(&chart(layout, &[])), ACCENT).is_empty());
        let one = stretches(&picture(&chart(layout, &[("May", "42")])), ACCENT);
        assert_eq!(one.len(), 1);
        let zeros = stretches(&picture(&chart(layout, &[("May", "0"), ("June", "0.00")])), ACCENT);
        assert!(zeros.is_empty());
    }
}

#[test]
fn too_many_bars_leave_out_the_earliest_and_the_smallest() {
    let many: Vec<(String, String)> = (1..=50).map(|n| (n.to_string(), n.to_string())).collect();
    let pairs: Vec<(&str, &str)> = many.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let kept = |layout, from: usize| (chart(layout, &pairs), chart(layout, &pairs[from..]));
    for (all, some) in [kept(Layout::OverTime, 14), kept(Layout::ByGroup, 38)] {
        assert_eq!(chart_png(&all).unwrap(), chart_png(&some).unwrap());
    }
}

/// Fails if anything is drawn at the edge of a picture.
fn assert_has_white_edges(picture: &RgbaImage) {
    let (width, height) = picture.dimensions();
    let sides = [0, 7, width.saturating_sub(8), width.saturating_sub(1)];
    let ends = [0, 7, height.saturating_sub(8), height.saturating_sub(1)];
    let columns = sides.into_iter().flat_map(|x| (0..height).map(move |y| (x, y)));
    let rows = ends.into_iter().flat_map(|y| (0..width).map(move |x| (x, y)));
    for (x, y) in columns.chain(rows) {
        assert!(picture.get_pixel(x, y).0 == [255; 4], "drawn at {x},{y}");
    }
}

#[test]
fn hostile_texts_stay_within_the_picture() {
    let texts = [
        "x".repeat(10_000),
        "</text><script>&lt;]]>&#0;\"'".to_owned(),
        "a\u{0}b\u{1b}[31m\u{202e}c\u{fffd}\u{10ffff}\r\n\t\u{2029}\u{200d}".to_owned(),
        "e\u{301}\u{301}\u{301}\u{489}\u{489}".repeat(300),
        "شركة الاختبار ١٢٣ (Ltd) חברה בע״מ".repeat(20),
        "株式会社テスト 🧾👩‍👩‍👧 नमस्ते क्षत्रिय".repeat(20),
        "\u{fdfd}".repeat(50),
        String::new(),
    ];
    for (text, layout) in
        texts.iter().flat_map(|text| [(text, Layout::OverTime), (text, Layout::ByGroup)])
    {
        let bars = ["1", "-1", "79228162514264337593543950335", "0.0000000000000000000000000001"];
        let bars = bars.map(|value| Bar { printed: text.clone(), ..bar(text, value) });
        let hostile = Chart {
            title: text.clone(),
            unit: text.clone(),
            bars: bars.iter().cycle().take(12).cloned().collect(),
            ..chart(layout, &[])
        };
        assert_has_white_edges(&picture(&hostile));
        assert_has_white_edges(&picture(&Chart { right_to_left: true, ..hostile }));
    }
}

prop_compose! {
    fn any_bar()(
        label in "\\PC{0,60}",
        printed in "(\\PC{0,30})|(-?[0-9]{1,12}\\.[0-9]{2} EUR)",
        number in any::<i64>(),
        scale in 0_u32..=28,
    ) -> Bar {
        Bar { label, value: Decimal::new(number, scale), printed }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]
    #[test]
    fn no_chart_is_refused(
        title in any::<String>(),
        unit in "\\PC{0,12}",
        bars in prop::collection::vec(any_bar(), 0..40),
        by_group in any::<bool>(),
        right_to_left in any::<bool>(),
        language in 0..Language::ALL.len(),
    ) {
        let layout = if by_group { Layout::ByGroup } else { Layout::OverTime };
        let language = Language::ALL[language];
        let picture = picture(&Chart { title, unit, layout, bars, language, right_to_left });
        assert_has_white_edges(&picture);
    }
}
