//! PDF files with an e-invoice inside: every usual name and place, compressed, in object streams,
//! and those whose attachment is something else.
#![expect(clippy::arithmetic_side_effects, reason = "lengths and offsets of small files")]

use crate::{
    einvoices::{CII, UBL},
    pdfs::{LETTER, page_of, stream},
};
use documents::{Limits, read};
use domain::document::{Contents, TextSource};

/// Writes bytes as a stream that is packed (stored blocks of zlib) and then spelled in hex, as
/// text has to be in these tests.
fn packed(dictionary: &str, content: &[u8]) -> String {
    let mut zlib = vec![0x78, 0x01];
    let mut chunks = content.chunks(60_000).peekable();
    while let Some(chunk) = chunks.next() {
        let length = u16::try_from(chunk.len()).unwrap();
        zlib.push(u8::from(chunks.peek().is_none()));
        zlib.extend(length.to_le_bytes());
        zlib.extend((!length).to_le_bytes());
        zlib.extend(chunk);
    }
    let (a, b) = content.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (a + b) % 65_521)
    });
    zlib.extend((b << 16 | a).to_be_bytes());
    let hex: String = zlib.iter().map(|byte| format!("{byte:02x}")).collect();
    stream(&format!("{dictionary} /Filter [/ASCIIHexDecode /FlateDecode]"), &(hex + ">"))
}

fn contents(file: &[u8]) -> Contents {
    read(file, &Limits::default())
}

/// A page that has one file attached, linked from the catalogue.
fn attached(name: &str, relationship: &str, file: &str) -> Vec<u8> {
    let specification = format!(
        "<< /Type /Filespec /F ({name}) /UF ({name}) /AFRelationship /{relationship} \
         /EF << /F 6 0 R /UF 6 0 R >> >>"
    );
    page_of(LETTER, "/AF [7 0 R]", &[file, &specification])
}

#[test]
fn every_name_and_relationship_of_the_real_world_is_found() {
    let file = packed("/Type /EmbeddedFile /Subtype /text#2Fxml", CII.as_bytes());
    for (name, relationship) in [
        ("factur-x.xml", "Data"),
        ("factur-x.xml", "Alternative"),
        ("zugferd-invoice.xml", "Alternative"),
        ("ZUGFeRD-invoice.xml", "Alternative"),
        ("xrechnung.xml", "Source"),
        ("Rechnung 9.xml", "Unspecified"),
        ("attachment", "Supplement"),
    ] {
        let found = contents(&attached(name, relationship, &file));
        let number = found.einvoice.and_then(|reading| reading.number).unwrap();
        assert_eq!(number.value, "RE-9", "{name}");
        assert_eq!(found.pages[0].source, TextSource::TextLayer);
        assert_eq!(found.pages[0].words.len(), 8);
    }
}

#[test]
fn a_name_tree_of_several_levels_is_followed() {
    let file = packed("/Type /EmbeddedFile", UBL.as_bytes());
    let names = "/Names << /EmbeddedFiles 7 0 R >>";
    let found = contents(&page_of(
        LETTER,
        names,
        &[
            &file,
            "<< /Kids [8 0 R] >>",
            "<< /Limits [(a) (b)] /Names [(a.xml) 9 0 R] >>",
            "<< /Type /Filespec /UF (a.xml) /EF << /UF 6 0 R >> >>",
        ],
    ));
    assert_eq!(found.einvoice.unwrap().number.unwrap().value, "2025-17");
}

#[test]
fn a_specification_in_an_object_stream_is_found() {
    let inner = "<< /Type /Filespec /F (factur-x.xml) /EF << /F 6 0 R >> >>";
    let objects = packed("/Type /ObjStm /N 1 /First 5", format!("8 0  {inner}").as_bytes());
    let file = packed("/Type /EmbeddedFile", CII.as_bytes());
    let mut text = page_of(LETTER, "/AF [8 0 R]", &[&file, &objects]);
    let end = text.windows(7).rposition(|window| window == b"trailer").unwrap();
    text.truncate(end);
    let offset = |object: &str| {
        let mark = format!("{object} 0 obj");
        text.windows(mark.len()).position(|window| window == mark.as_bytes()).unwrap()
    };
    let place = |kind: u8, at: usize, index: u8| {
        [vec![kind], u32::try_from(at).unwrap().to_be_bytes().to_vec(), vec![index]].concat()
    };
    let mut table = place(0, 0, 0);
    for object in ["1", "2", "3", "4", "5", "6", "7"] {
        table.extend(place(1, offset(object), 0));
    }
    table.extend(place(2, 7, 0));
    let start = text.len();
    table.extend(place(1, start, 0));
    let table = packed("/Type /XRef /Size 10 /W [1 4 1] /Root 1 0 R", &table);
    text.extend(format!("9 0 obj\n{table}\nendobj\nstartxref\n{start}\n%%EOF\n").into_bytes());
    assert_eq!(contents(&text).einvoice.unwrap().number.unwrap().value, "RE-9");
}

#[test]
fn of_several_attachments_the_invoice_is_taken() {
    let terms = stream("/Type /EmbeddedFile", "Terms of business");
    let other = stream("/Type /EmbeddedFile", "<?xml version='1.0'?><Timesheet><Day/></Timesheet>");
    let invoice = packed("/Type /EmbeddedFile", UBL.as_bytes());
    let found = contents(&page_of(
        LETTER,
        "/AF [9 0 R 10 0 R 11 0 R]",
        &[
            &terms,
            &other,
            &invoice,
            "<< /Type /Filespec /F (terms.txt) /EF << /F 6 0 R >> >>",
            "<< /Type /Filespec /F (hours.xml) /EF << /F 7 0 R >> >>",
            "<< /Type /Filespec /F (invoice.xml) /EF << /F 8 0 R >> >>",
        ],
    ));
    assert!(found.einvoice.is_some());
    assert_eq!(found.other_xml, None);
}

#[test]
fn an_order_with_its_data_is_an_order_and_other_data_says_nothing_of_the_page() {
    let order = CII.replace("CrossIndustryInvoice", "SCRDMCCBDACIOMessageStructure");
    let found = contents(&attached("order-x.xml", "Data", &packed("", order.as_bytes())));
    assert_eq!((found.einvoice, found.other_xml.as_deref()), (None, Some("Order-X")));
    let hours = stream("", "<?xml version='1.0'?><Timesheet><Day/></Timesheet>");
    let found = contents(&attached("hours.xml", "Supplement", &hours));
    assert_eq!((found.einvoice, found.other_xml), (None, None));
    assert_eq!(found.pages[0].words.len(), 8);
}

#[test]
fn an_attachment_that_is_damaged_leaves_the_page() {
    let found = contents(&attached("factur-x.xml", "Data", &stream("", "<rsm:Cross")));
    assert_eq!((found.einvoice, found.obstacle), (None, None));
    assert_eq!(found.pages[0].words.len(), 8);
}
