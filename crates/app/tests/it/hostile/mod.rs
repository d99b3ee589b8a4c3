//! Files meant to break the reader, given to the real child process: each ends in an answer of its
//! own, within limits that are set from outside here, as the kernel counts.
//!
//! A child that dies of a limit costs one file, which is what the sandbox is for; the tests say
//! where a refusal must be the child's own.

pub mod files;
mod served;

use domain::document::{Contents, Obstacle};
use files::{deflated_zeros, gif, page, pdf, png, stream, tiff};
use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

const MEBIBYTE: usize = 1024 * 1024;
/// What a refusal may take: seconds of processor time, mebibytes of memory of its own.
const REFUSAL: (usize, usize) = (2, 64);
/// What the reading of any file may take.
const READING: (usize, usize) = (10, 512);

/// Reads a file in a child that the kernel holds to these limits.
fn child(bytes: &[u8], (seconds, mebibytes): (usize, usize)) -> Output {
    let script = format!(
        "ulimit -t {seconds}; ulimit -d {}; exec \"$0\" read-document",
        mebibytes.saturating_mul(1024)
    );
    let mut command = Command::new("/bin/sh");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_billhook")]).env_clear();
    command.env("MALLOC_ARENA_MAX", "2");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let bytes = [b"\"Words\"\n", bytes].concat();
    // A child that has seen enough closes its end.
    let hand_in = std::thread::spawn(move || drop(stdin.write_all(&bytes)));
    let output = child.wait_with_output().unwrap();
    hand_in.join().unwrap();
    output
}

#[cfg(target_os = "linux")]
#[test]
fn f05_f06_a_child_limits_its_time_and_memory_before_it_sees_a_file() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_billhook"));
    command.arg("read-document").env_clear().stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.spawn().unwrap();
    let place = format!("/proc/{}/limits", child.id());
    let begun = std::time::Instant::now();
    let limit = |name: &str| {
        let limits = std::fs::read_to_string(&place).unwrap();
        let line = limits.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_whitespace().next().unwrap().to_owned()
    };
    // It has been given nothing yet. The last limit that it sets is that on addresses.
    while limit("Max address space") == "unlimited" {
        assert!(begun.elapsed().as_secs() < 60, "never limited");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert_eq!(limit("Max cpu time"), "10");
    assert_eq!(limit("Max data size"), (512 * MEBIBYTE).to_string());
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Returns what the child says of a file, which it must survive within these limits.
fn contents(name: &str, bytes: &[u8], limits: (usize, usize)) -> Contents {
    let output = child(bytes, limits);
    let why = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name} ended the child: {} {why}", output.status);
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Asserts that the child itself refuses a file, for this reason.
fn refused(name: &str, bytes: &[u8], obstacle: Obstacle) {
    assert_eq!(contents(name, bytes, REFUSAL).obstacle, Some(obstacle), "{name}");
}

/// Asserts that a file is refused for whatever reason, or ends the child before it takes more than
/// any file may: never an answer with words in it.
fn comes_to_nothing(name: &str, bytes: &[u8]) {
    let output = child(bytes, READING);
    if output.status.success() {
        let contents: Contents = serde_json::from_slice(&output.stdout).unwrap();
        let empty = contents.pages.iter().all(|page| page.words.is_empty());
        assert!(empty && contents.einvoice.is_none(), "{name}: {contents:?}");
    }
}

#[test]
fn f80_nested_arrays_do_not_end_the_process() {
    let deep = |count: usize| "[".repeat(count) + &"]".repeat(count);
    for count in [10_380, 200_000] {
        let dictionaries = "<< /A ".repeat(count) + &">>".repeat(count);
        let files = [
            ("an array in the page", pdf(&page("", &format!("/Deep {}", deep(count))))),
            ("an array in the drawing", pdf(&page(&format!("{} TJ", deep(count)), ""))),
            ("an open array", pdf(&page("", &format!("/Deep {}", "[".repeat(count))))),
            ("dictionaries", pdf(&page("", &format!("/Deep {dictionaries}")))),
            ("graphics states", pdf(&page(&"q ".repeat(count), ""))),
        ];
        for (name, file) in files {
            comes_to_nothing(&format!("{name}, {count} deep"), &file);
        }
    }
}

#[test]
fn f81_a_cross_reference_stream_without_widths_is_no_endless_loop() {
    let dictionary = "/Type /XRef /W [0 0 0] /Index [0 4294967295] /Size 4294967295 /Root 1 0 R";
    let mut file = b"%PDF-1.5\n".to_vec();
    let start = file.len();
    file.extend(format!("1 0 obj\n{}\nendobj\n", stream(dictionary, "")).bytes());
    file.extend(format!("startxref\n{start}\n%%EOF\n").bytes());
    comes_to_nothing("no widths", &file);
    let huge = "/Type /XRef /W [1 8 8] /Index [0 9223372036854775807] /Size 9 /Root 1 0 R";
    let text = format!("%PDF-1.5\n1 0 obj\n{}\nendobj\nstartxref\n9\n%%EOF\n", stream(huge, "xx"));
    comes_to_nothing("a huge index", text.as_bytes());
}

#[test]
fn f82_pages_that_lead_in_a_circle_or_are_too_many_are_refused() {
    let catalogue = "<< /Type /Catalog /Pages 2 0 R >>".to_owned();
    let circle = "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>".to_owned();
    comes_to_nothing("a circle", &pdf(&[catalogue.clone(), circle]));
    let same = format!("<< /Type /Pages /Kids [{}] /Count 100000 >>", "3 0 R ".repeat(100_000));
    let one = || "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 60 60] >>".to_owned();
    comes_to_nothing("one page 100,000 times", &pdf(&[catalogue.clone(), same, one()]));
    let kids: String = (3..5003).map(|number| format!("{number} 0 R ")).collect();
    let many = format!("<< /Type /Pages /Kids [{kids}] /Count 5000 >>");
    let objects: Vec<String> =
        [catalogue, many].into_iter().chain((0..5000).map(|_| one())).collect();
    let contents = contents("5,000 pages", &pdf(&objects), READING);
    assert_eq!(contents.obstacle, Some(Obstacle::TooManyPages));
}

#[test]
fn f82_cross_references_that_lead_in_a_circle_end() {
    let table = "xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R /Size 3 /Prev 9 >>\n";
    let text = format!("%PDF-1.4\n{table}startxref\n9\n%%EOF\n");
    comes_to_nothing("a table before itself", text.as_bytes());
}

#[test]
fn f82_streams_that_unpack_to_gigabytes_cost_no_more_than_the_limits() {
    let packed = deflated_zeros(600 * MEBIBYTE);
    comes_to_nothing("one filter", &files::pdf_of_bytes("/Filter /FlateDecode", &packed));
    // This byte doubles as a length and a value: each filter makes it sixty-four times as much.
    let lengths = vec![0x81; MEBIBYTE];
    let filters = "/Filter [/RunLengthDecode /RunLengthDecode /RunLengthDecode]";
    comes_to_nothing("filters in filters", &files::pdf_of_bytes(filters, &lengths));
}

#[test]
fn f82_a_page_of_two_hundred_inches_is_drawn_small() {
    let mut objects = page("", "/UserUnit 100");
    objects[2] = objects[2].replace("595 842", "14400 14400");
    let contents = contents("a huge page", &pdf(&objects), READING);
    assert_eq!(contents.obstacle, Some(Obstacle::NoText));
}

#[test]
fn f83_pictures_that_declare_gigabytes_are_refused_for_their_size() {
    for side in [16_384, 100_000, u32::MAX >> 1] {
        refused(&format!("png of {side}"), &png(side, side, &[]), Obstacle::TooManyPixels);
    }
    refused("gif", &gif(u16::MAX, u16::MAX, 1), Obstacle::TooManyPixels);
    refused("tiff", &tiff(60_000, 60_000), Obstacle::TooManyPixels);
    refused("bmp", &files::bmp(30_000, 30_000), Obstacle::TooManyPixels);
    refused("webp", &files::webp(16_383, 16_383), Obstacle::TooManyPixels);
}

#[test]
fn f83_a_text_of_a_gigabyte_in_a_picture_is_not_unpacked() {
    let text = [b"Comment\0\0".to_vec(), deflated_zeros(1024 * MEBIBYTE)].concat();
    let file = png(40, 40, &[(b"zTXt", &text)]);
    let obstacle = contents("zTXt", &file, REFUSAL).obstacle;
    assert!(obstacle.is_some(), "the picture itself is blank");
}

#[test]
fn f83_of_ten_thousand_pictures_in_one_only_the_first_is_looked_at() {
    let obstacle = contents("animation", &gif(64, 64, 10_000), REFUSAL).obstacle;
    assert!(obstacle.is_some(), "the first one is blank");
}

#[test]
fn f84_a_file_with_an_unknown_password_is_refused_as_such() {
    let key = "41".repeat(32);
    let dictionary = format!("<< /Filter /Standard /V 1 /R 2 /O <{key}> /U <{key}> /P -4 >>");
    let mut objects = page("BT /F1 12 Tf (secret) Tj ET", "");
    objects.push(dictionary);
    let trailer = format!("/Encrypt {} 0 R /ID [<00> <00>]", objects.len());
    refused("encrypted", &files::pdf_with(&objects, &trailer), Obstacle::Encrypted);
}

#[test]
fn f84_scripts_and_launches_in_a_pdf_change_nothing_of_what_is_read() {
    let text = "BT /F1 12 Tf 72 700 Td (Invoice 2025-17 of Corner Bakery, total 10.95 EUR) Tj ET";
    let plain = contents("plain", &pdf(&page(text, "")), READING);
    let actions = "/AA << /O << /S /Launch /F (/bin/touch) /Win << /F (calc.exe) >> >> >> \
                   /Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 99 99] \
                   /A << /S /URI /URI (http://127.0.0.1:1/seen) >> >>]";
    let mut armed = page(text, actions);
    let script = "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> \
                  /AcroForm << /XFA (<xdp/>) /Fields [] >> >>";
    armed[0] = armed[0].replacen(" >>", &format!(" {script}"), 1);
    let read = contents("armed", &pdf(&armed), READING);
    assert!(!plain.pages[0].words.is_empty());
    assert_eq!(read.pages, plain.pages);
}

#[test]
fn f85_the_content_decides_and_what_is_behind_it_is_not_looked_at() {
    let letter = pdf(&page("BT /F1 12 Tf 72 700 Td (Invoice of Corner Bakery, 10.95) Tj ET", ""));
    let archive = [letter.as_slice(), b"PK\x05\x06", &[0; 18]].concat();
    let web = [b"<html><script>alert(1)</script>".as_slice(), &letter].concat();
    for (name, file) in [("pdf and zip", archive), ("html before pdf", web)] {
        let contents = contents(name, &file, READING);
        assert_eq!(contents.file_type, domain::document::FileType::Pdf, "{name}");
    }
    let script = [gif(30, 30, 1).as_slice(), b"/*\"*/=1;alert(1)"].concat();
    assert!(contents("gif and script", &script, READING).obstacle.is_some());
}

#[test]
fn f85_every_truncation_is_answered_by_the_child_itself() {
    let scan = png(400, 400, &[(b"zTXt", b"k\0\0")]);
    let filling = "0 0 m 9 9 l S\n".repeat(900);
    let letter = pdf(&page(&filling, ""));
    for (name, file) in [("png", scan), ("pdf", letter)] {
        for length in [0, 1].into_iter().chain((1024..file.len()).step_by(1024)) {
            let contents = contents(name, &file[..length], READING);
            assert!(contents.obstacle.is_some(), "{name} of {length} bytes: {contents:?}");
        }
    }
}

#[test]
fn f86_drawings_in_markup_and_web_pages_are_no_documents() {
    let drawing = "<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>\
                   <svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script>&x;</svg>";
    let bare = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'>\
                <image xlink:href='http://169.254.169.254/latest/meta-data'/></svg>";
    let web = "<!doctype html><html><body><img src='http://127.0.0.1:1/x'></body></html>";
    for (name, text) in [("svg with an entity", drawing), ("svg", bare), ("html", web)] {
        let contents = contents(name, text.as_bytes(), REFUSAL);
        assert!(contents.pages.is_empty() && contents.einvoice.is_none(), "{name}: {contents:?}");
    }
}

#[test]
fn f87_archives_are_refused_without_being_opened() {
    let names = b"PK\x03\x04\x14\0\0\0\x08\0".repeat(10_000);
    comes_to_nothing("an archive of nothing but heads", &names);
    refused("an empty archive", &crate::papers::zip(), Obstacle::Unsupported);
}

#[test]
fn f88_entities_and_foreign_parts_are_refused_or_left_alone() {
    let ten: String = (1..10)
        .map(|n| format!("<!ENTITY e{n} '{}'>", format!("&e{};", n - 1).repeat(10)))
        .collect();
    let laughs = format!("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY e0 'lol'>{ten}]><a>&e9;</a>");
    refused("billion laughs", laughs.as_bytes(), Obstacle::Broken);
    let long = "x".repeat(100_000);
    let square = format!(
        "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x '{long}'>]><a>{}</a>",
        "&x;".repeat(100_000)
    );
    refused("quadratic", square.as_bytes(), Obstacle::Broken);
    let outside = "<?xml version='1.0'?><!DOCTYPE a SYSTEM 'http://127.0.0.1:1/a.dtd'><a/>";
    refused("a foreign DTD", outside.as_bytes(), Obstacle::Broken);
    let wide: Vec<u8> = laughs.encode_utf16().flat_map(u16::to_le_bytes).collect();
    refused("in UTF-16", &[vec![0xff, 0xfe], wide].concat(), Obstacle::Broken);
    let deep = format!("<?xml version='1.0'?>{}", "<a>".repeat(10_000));
    refused("10,000 deep", deep.as_bytes(), Obstacle::Broken);
}

#[test]
fn f88_an_invoice_takes_nothing_from_other_files() {
    let include = "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' parse='text' \
                   href='/etc/passwd'/>";
    let invoice = crate::cli::UBL.replace("Nordlicht Papier GmbH", include);
    let contents = contents("XInclude", invoice.as_bytes(), REFUSAL);
    assert!(!format!("{contents:?}").contains("root:"), "{contents:?}");
    let seven = "<?xml version='1.0' encoding='UTF-7'?>+ADwAIQ-DOCTYPE a +AFs-+AF0APg-<a/>";
    comes_to_nothing("UTF-7", seven.as_bytes());
}

#[test]
fn f89_one_byte_more_than_sixteen_mebibytes_is_too_large() {
    let mut file = pdf(&page("", ""));
    file.resize(16 * MEBIBYTE + 1, b' ');
    refused("16 MiB and a byte", &file, Obstacle::TooManyBytes);
}
