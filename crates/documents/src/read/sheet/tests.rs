//! Workbooks of our own making, honest and hostile, and separated values as programs save them.

use super::{kind, read, separated};
use crate::{Limits, file_type};
use domain::{
    dates::date,
    document::{Cell, FileType, Obstacle, Table},
};
use rstest::rstest;
use rust_decimal::Decimal;
use std::io::{Cursor, Write};
use zip::{ZipWriter, write::SimpleFileOptions};

fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook with one visible and one hidden sheet; the body is the rows of the visible one.
fn xlsx(rows: &str) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let book = format!(
        r#"<workbook xmlns="{MAIN}" xmlns:r="{RELATION}"><sheets><sheet name="List" sheetId="1" r:id="rId1"/><sheet name="Old" sheetId="2" state="hidden" r:id="rId2"/></sheets></workbook>"#
    );
    let relations = format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{RELATION}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{RELATION}/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="{RELATION}/styles" Target="styles.xml"/></Relationships>"#
    );
    let root = format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let styles = format!(
        r#"<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#
    );
    let sheet = |rows: &str| {
        format!(
            r#"<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData></worksheet>"#
        )
    };
    let hidden = r#"<row r="1"><c r="A1"><v>9</v></c></row>"#;
    archive(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet(rows).as_bytes()),
        ("xl/worksheets/sheet2.xml", sheet(hidden).as_bytes()),
    ])
}

fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet><table:table table:name="List">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    writer.start_file("mimetype", stored).unwrap();
    writer.write_all(b"application/vnd.oasis.opendocument.spreadsheet").unwrap();
    writer.start_file("content.xml", SimpleFileOptions::default()).unwrap();
    writer.write_all(content.as_bytes()).unwrap();
    writer.finish().unwrap().into_inner()
}

fn tables(bytes: &[u8]) -> Result<Vec<Table>, Obstacle> {
    let contents = crate::read(bytes, &Limits::default());
    contents.obstacle.map_or(Ok(contents.tables), Err)
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

#[test]
fn a_workbook_gives_its_visible_cells_exactly() {
    let bytes = xlsx(
        r#"<row r="1"><c r="A1" t="inlineStr"><is><t>Total</t></is></c><c r="C1"><v>0.30000000000000004</v></c></row><row r="3"><c r="A3" s="1"><v>45778</v></c><c r="B3" t="str"><v>007</v></c><c r="C3" t="e"><v>#N/A</v></c></row>"#,
    );
    assert_eq!(file_type(&bytes), FileType::Xlsx);
    let tables = tables(&bytes).unwrap();
    assert_eq!(tables.len(), 1, "the hidden sheet is left out");
    assert_eq!(tables[0].name, "List");
    assert_eq!(
        tables[0].rows,
        [
            vec![text("Total"), Cell::Empty, Cell::Number(Decimal::new(3, 1))],
            vec![],
            vec![Cell::Date(date(2025, 5, 1)), text("007")],
        ]
    );
}

#[test]
fn formulas_that_were_never_calculated_are_no_table() {
    let price = r#"<c r="A1"><v>45.5</v></c>"#;
    let row = |total: &str| xlsx(&format!(r#"<row r="1">{price}{total}</row>"#));
    let never = row(r#"<c r="B1"><f>A1*2</f><v></v></c><c r="C1"><f>A1*3</f></c>"#);
    assert_eq!(tables(&never), Err(Obstacle::Uncalculated));
    let once = row(r#"<c r="B1"><f>A1*2</f><v>91</v></c><c r="C1" t="str"><f>""</f><v></v></c>"#);
    assert_eq!(tables(&once).unwrap()[0].rows[0][1], Cell::Number(Decimal::from(91)));
    let list: String = (1..=9)
        .map(|row| format!(r#"<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>"#))
        .collect();
    let summed = xlsx(&format!(r#"{list}<row r="10"><c r="A10"><f>SUM(A1:A9)</f></c></row>"#));
    assert_eq!(tables(&summed).unwrap()[0].rows.len(), 9, "a sum below a list is not needed");
}

#[test]
fn an_open_document_gives_its_cells_exactly() {
    let bytes = ods(
        r#"<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="3"/></table:table-row><table:table-row><table:table-cell office:value-type="string"><text:p>M&#252;ller &amp; Co</text:p><office:annotation><text:p>a remark</text:p></office:annotation></table:table-cell><table:table-cell office:value-type="currency" office:value="1234.5"><text:p>1.234,50 EUR</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2025-05-01T10:00:00"/></table:table-row><table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#,
    );
    assert_eq!(file_type(&bytes), FileType::Ods);
    let tables = tables(&bytes).unwrap();
    assert_eq!(tables[0].rows.len(), 3);
    assert_eq!(
        tables[0].rows[2],
        [text("Müller & Co"), Cell::Number(Decimal::new(12345, 1)), Cell::Date(date(2025, 5, 1))]
    );
}

#[rstest]
#[case::semicolons(b"Nr;Total\n1;12,50\n2;3,00\n".to_vec())]
#[case::tabs(b"Nr\tTotal\n1\t12,50\n2\t3,00\n".to_vec())]
#[case::bars(b"Nr|Total\n1|12,50\n2|3,00\n".to_vec())]
#[case::commas_and_quotes(b"Nr,Total\n1,\"12,50\"\n2,\"3,00\"\n".to_vec())]
#[case::a_mark_and_carriage_returns(b"\xef\xbb\xbfNr;Total\r\n1;12,50\r\n2;3,00\r\n".to_vec())]
#[case::a_line_that_names_the_separator(b"sep=;\r\nNr;Total\r\n1;12,50\r\n2;3,00\r\n".to_vec())]
#[case::utf_16([vec![0xff, 0xfe], "Nr;Total\n1;12,50\n2;3,00\n".encode_utf16().flat_map(u16::to_le_bytes).collect()].concat())]
fn separated_values_are_told_from_their_content(#[case] bytes: Vec<u8>) {
    assert_eq!(file_type(&bytes), FileType::Csv);
    let expected = [
        vec![text("Nr"), text("Total")],
        vec![text("1"), text("12,50")],
        vec![text("2"), text("3,00")],
    ];
    assert_eq!(tables(&bytes).unwrap()[0].rows, expected);
}

#[test]
fn old_encodings_and_line_breaks_in_quotes_are_read() {
    let bytes = b"Firma;Betrag\nM\xfcller;\"1\n2\"\nB\xe4r;3 \x80\n";
    let rows = &tables(bytes).unwrap()[0].rows;
    assert_eq!(rows[1], [text("Müller"), text("1\n2")]);
    assert_eq!(rows[2], [text("Bär"), text("3 €")]);
}

#[rstest]
#[case::a_letter(
    "Dear Ms Miller,\n\nthank you for your letter, which came today.\nWe will answer soon, I hope.\nYours, A. Smith\n"
)]
#[case::json("{\"a\": 1,\n\"b\": 2,\n\"c\": 3,\n}")]
#[case::one_line("a,b,c")]
#[case::a_web_page("<p>a,b\n<p>c,d\n")]
fn what_is_no_table_is_none(#[case] text: &str) {
    assert!(!separated::looks_like(text.as_bytes()));
}

#[test]
fn rows_and_columns_beyond_the_limits_are_refused() {
    let limits = Limits { rows: 3, columns: 2, ..Limits::default() };
    let refused = |bytes: &[u8]| read(bytes, file_type(bytes), &limits).obstacle;
    assert_eq!(refused(b"a;b\n1;2\n3;4\n"), None);
    assert_eq!(refused(b"a;b\n1;2\n3;4\n5;6\n"), Some(Obstacle::TooManyRows));
    assert_eq!(refused(b"a;b;c\n1;2;3\n"), Some(Obstacle::TooManyRows));
    let far = xlsx(r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#);
    assert_eq!(tables(&far), Err(Obstacle::TooManyRows));
    let repeated = ods(
        r#"<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16000" office:value-type="float" office:value="1"/></table:table-row>"#,
    );
    assert_eq!(tables(&repeated), Err(Obstacle::TooManyRows));
}

#[test]
fn an_archive_that_unpacks_to_too_much_is_refused_before_it_is_read() {
    let zeros = vec![b' '; 3_000_000];
    let bomb =
        archive(&[("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", &zeros)]);
    let limits = Limits { unpacked: 1_000_000, ..Limits::default() };
    assert_eq!(read(&bomb, file_type(&bomb), &limits).obstacle, Some(Obstacle::UnpacksTooLarge));
    let names: Vec<String> = (0..40).map(|at| format!("m{at}")).collect();
    let mut members: Vec<(&str, &[u8])> = vec![("xl/workbook.xml", b"<workbook/>")];
    members.extend(names.iter().map(|name| (name.as_str(), b"".as_slice())));
    let limits = Limits { members: 20, ..Limits::default() };
    let crowd = archive(&members);
    assert_eq!(read(&crowd, file_type(&crowd), &limits).obstacle, Some(Obstacle::UnpacksTooLarge));
}

/// The declared sizes of a bomb are forged; the bytes are counted all the same.
#[test]
fn an_archive_that_lies_about_its_size_is_refused() {
    let zeros = vec![b' '; 3_000_000];
    let mut bomb = archive(&[("xl/workbook.xml", b"<workbook/>"), ("a", &zeros)]);
    let honest = 3_000_000_u32.to_le_bytes();
    let places: Vec<usize> =
        (0..bomb.len() - 4).filter(|at| bomb[*at..*at + 4] == honest).collect();
    assert!(!places.is_empty());
    for at in places {
        bomb[at..at + 4].copy_from_slice(&10_u32.to_le_bytes());
    }
    let limits = Limits { unpacked: 1_000_000, ..Limits::default() };
    let obstacle = read(&bomb, file_type(&bomb), &limits).obstacle;
    assert!(matches!(obstacle, Some(Obstacle::UnpacksTooLarge | Obstacle::Broken)), "{obstacle:?}");
}

fn compound(entry: &str) -> Vec<u8> {
    let mut bytes = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    bytes.resize(1024, 0);
    bytes.extend(entry.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(2048, 0);
    bytes
}

#[test]
fn compound_files_are_told_by_what_is_in_them() {
    assert_eq!(kind::of_workbook(&compound("Workbook")), Some(FileType::Xls));
    assert_eq!(kind::of_workbook(&compound("WordDocument")), None);
    assert_eq!(tables(&compound("Workbook")), Err(Obstacle::Broken));
    assert_eq!(tables(&compound("EncryptedPackage")), Err(Obstacle::Encrypted));
}

#[test]
fn other_archives_and_empty_workbooks_have_nothing_to_read() {
    assert_eq!(file_type(&archive(&[("word/document.xml", b"<w/>")])), FileType::Other);
    assert_eq!(tables(&xlsx("")), Err(Obstacle::NoText));
    let cut = &xlsx(r#"<row r="1"><c r="A1"><v>1</v></c></row>"#);
    assert_eq!(tables(&cut[..cut.len() / 2]), Err(Obstacle::Unsupported));
}
