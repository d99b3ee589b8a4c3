//! How long one document takes: a photo of a receipt, a scanned page, a page with a text layer.
//!
//! Times are wall time with the default limits; the reading of pictures uses two threads, so CPU
//! time is up to twice that.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]

use criterion::{Criterion, criterion_group, criterion_main};
use documents::{Limits, pictures, read};
use std::hint::black_box;

const RECEIPT: &[u8] = include_bytes!("../tests/fixtures/receipt.jpg");
/// Lines of the page of text.
const LINES: u32 = 42;

/// Writes a PDF of one page of text, in eleven-point letters.
fn page_of_text() -> Vec<u8> {
    let lines: String = (1..=LINES)
        .map(|line| {
            format!("(Item {line}: hours of work on the roof, 3 x 80.00 = 240.00) Tj 0 -16 Td\n")
        })
        .collect();
    let content = format!("BT /F1 11 Tf 60 770 Td\n{lines}ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let body: String = (1..)
        .zip(&objects)
        .map(|(number, object)| format!("{number} 0 obj\n{object}\nendobj\n"))
        .collect();
    format!("%PDF-1.4\n{body}trailer\n<< /Root 1 0 R >>\n%%EOF\n").into_bytes()
}

fn reading(criterion: &mut Criterion) {
    let limits = Limits::default();
    let pdf = page_of_text();
    let scan = pictures(&pdf, &limits).into_iter().next().unwrap();
    let mut group = criterion.benchmark_group("read");
    group.sample_size(10);
    for (name, file) in
        [("receipt photo", RECEIPT), ("scanned page", &scan), ("page of text", &pdf)]
    {
        group.bench_function(name, |bencher| bencher.iter(|| read(black_box(file), &limits)));
    }
    group.finish();
}

criterion_group!(benches, reading);
criterion_main!(benches);
