//! A workbook of the binary kind (BIFF8 in a compound file), written here record by record.
#![expect(clippy::arithmetic_side_effects, reason = "lengths and offsets of small files")]

use documents::{Limits, file_type, read};
use domain::{
    dates::date,
    document::{Cell, FileType, Obstacle, Table},
};

/// A value of a cell.
enum Value<'a> {
    Text(&'a str),
    Number(f64),
    /// Days since 1900 with the format of a date.
    Day(f64),
}

fn record(kind: u16, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap();
    [&kind.to_le_bytes(), &length.to_le_bytes(), content].concat()
}

fn shorts(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// The beginning of the globals (5) or of a sheet (16).
fn beginning(of: u16) -> Vec<u8> {
    record(0x0809, &shorts(&[0x0600, of, 0x0dbb, 0x07cc, 0, 0, 6, 0]))
}

/// How cells of this number are shown: 0 is general, 14 a date.
fn format(number: u16) -> Vec<u8> {
    record(0x00e0, &shorts(&[0, number, 0, 0, 0, 0, 0, 0, 0, 0]))
}

fn cell(row: usize, column: usize, value: &Value<'_>) -> Vec<u8> {
    let place =
        |style: u16| shorts(&[u16::try_from(row).unwrap(), u16::try_from(column).unwrap(), style]);
    match value {
        Value::Text(text) => {
            let letters: Vec<u16> = text.encode_utf16().collect();
            let length = u16::try_from(letters.len()).unwrap().to_le_bytes();
            let content = [place(0), length.to_vec(), vec![1], shorts(&letters)].concat();
            record(0x0204, &content)
        }
        Value::Number(number) => record(0x0203, &[place(0), number.to_le_bytes().into()].concat()),
        Value::Day(day) => record(0x0203, &[place(1), day.to_le_bytes().into()].concat()),
    }
}

fn workbook(rows: &[&[Value<'_>]]) -> Vec<u8> {
    let name = b"Rechnungen";
    let sheet_entry = |offset: u32| {
        let length = u8::try_from(name.len()).unwrap();
        record(0x0085, &[&offset.to_le_bytes(), &[0, 0, length, 0], name.as_slice()].concat())
    };
    let end = record(0x000a, &[]);
    let styles = [format(0), format(14)].concat();
    let before = [beginning(5), record(0x0042, &shorts(&[1200])), styles].concat();
    let offset = before.len() + sheet_entry(0).len() + end.len();
    let entry = sheet_entry(u32::try_from(offset).unwrap());
    let cells = rows.iter().enumerate().flat_map(|(row, values)| {
        values.iter().enumerate().flat_map(move |(column, value)| cell(row, column, value))
    });
    [before, entry, end.clone(), beginning(16), cells.collect(), end].concat()
}

/// A member of a compound file's directory.
fn member(name: &str, kind: u8, child: u32, start: u32, size: usize) -> Vec<u8> {
    let mut letters: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let length = u16::try_from(letters.len() + 2).unwrap();
    letters.resize(64, 0);
    let none = u32::MAX.to_le_bytes();
    let size = u64::try_from(size).unwrap().to_le_bytes();
    let links = [none, none, child.to_le_bytes()].concat();
    [letters, length.to_le_bytes().into(), vec![kind, 1], links, vec![0; 36]]
        .into_iter()
        .chain([start.to_le_bytes().to_vec(), size.to_vec()])
        .flatten()
        .collect()
}

/// Puts a stream into a compound file: header, table of sectors, directory, stream.
fn compound(mut stream: Vec<u8>) -> Vec<u8> {
    const END: u32 = 0xffff_fffe;
    // Shorter streams would live among the small ones.
    stream.resize(stream.len().next_multiple_of(512).max(4096), 0);
    let sectors = u32::try_from(stream.len() / 512).unwrap();
    let mut header = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    header.resize(24, 0);
    header.extend(shorts(&[0x3e, 3, 0xfffe, 9, 6, 0, 0, 0]));
    for value in [0, 1, 1, 0, 4096, END, 0, END, 0, 0] {
        header.extend(value.to_le_bytes());
    }
    header.resize(512, 0xff);
    let mut table: Vec<u32> = vec![0xffff_fffd, END];
    table.extend((0..sectors).map(|at| if at + 1 == sectors { END } else { at + 3 }));
    let mut table: Vec<u8> = table.into_iter().flat_map(u32::to_le_bytes).collect();
    assert!(table.len() <= 512, "one sector of the table is enough for these tests");
    table.resize(512, 0xff);
    let mut directory = member("Root Entry", 5, 1, END, 0);
    directory.extend(member("Workbook", 2, u32::MAX, 2, stream.len()));
    directory.resize(512, 0);
    [header, table, directory, stream].concat()
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

#[test]
fn an_old_workbook_gives_texts_numbers_and_days() {
    let rows: [&[Value<'_>]; 2] = [
        &[
            Value::Text("Rechnungsnr."),
            Value::Text("Lieferant"),
            Value::Text("Datum"),
            Value::Text("Betrag"),
        ],
        &[
            Value::Number(17.0),
            Value::Text("Käserei Öhi"),
            Value::Day(45_730.0),
            Value::Number(1234.5),
        ],
    ];
    let file = compound(workbook(&rows));
    assert_eq!(file_type(&file), FileType::Xls);
    let found = read(&file, &Limits::default());
    let head = ["Rechnungsnr.", "Lieferant", "Datum", "Betrag"].map(text).to_vec();
    let row = vec![
        Cell::Number("17".parse().unwrap()),
        text("Käserei Öhi"),
        Cell::Date(date(2025, 3, 14)),
        Cell::Number("1234.5".parse().unwrap()),
    ];
    assert_eq!(found.tables, [Table { name: "Rechnungen".into(), rows: vec![head, row] }]);
}

#[test]
fn an_old_workbook_that_is_cut_off_is_broken_and_one_beyond_the_limits_too_large() {
    let file = compound(workbook(&[&[Value::Text("a")], &[Value::Text("b")]]));
    let cut = read(&file[..1600], &Limits::default());
    assert_eq!((cut.file_type, cut.obstacle), (FileType::Xls, Some(Obstacle::Broken)));
    let limits = Limits { rows: 1, ..Limits::default() };
    assert_eq!(read(&file, &limits).obstacle, Some(Obstacle::TooManyRows));
}
