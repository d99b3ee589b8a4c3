//! What keeps a file, or a row of a list, from being read, in words.

use domain::document::Obstacle;
use ports::tables::Lack;

/// Returns whether the file is at fault. A file of another kind and a picture on which nothing can be made
/// out were looked at, and that is what was seen.
pub const fn is_failure(obstacle: Obstacle) -> bool {
    match obstacle {
        Obstacle::Empty
        | Obstacle::TooManyBytes
        | Obstacle::TooManyPages
        | Obstacle::TooManyPixels
        | Obstacle::TooManyRows
        | Obstacle::Uncalculated
        | Obstacle::UnpacksTooLarge
        | Obstacle::Encrypted
        | Obstacle::Broken
        | Obstacle::Incomplete
        | Obstacle::TooHard => true,
        Obstacle::Unsupported
        | Obstacle::Blurred
        | Obstacle::Dark
        | Obstacle::CutOff
        | Obstacle::OtherScript
        | Obstacle::NoText => false,
    }
}

/// Says why a row of a list was left out.
pub const fn lack(why: Lack) -> &'static str {
    match why {
        Lack::Total => "this row has no total",
        Lack::UnreadableTotal => "the total of this row is no number",
        Lack::Date => "this row has no date that can be read",
        Lack::OtherKind => "this row is not an invoice",
        Lack::SharedNumber => "another row has the same number and another total",
    }
}

/// Says what keeps a file from being read.
pub const fn sentence(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::Unsupported => {
            "this kind of file cannot be read; send a PDF, a picture, XML (also signed) or a spreadsheet"
        }
        Obstacle::Empty => "the file is empty",
        Obstacle::TooManyBytes => "the file is larger than 16 MiB",
        Obstacle::TooManyPages => "the document has more than 20 pages",
        Obstacle::TooManyRows => "the sheet has more than 10,000 rows or 200 columns",
        Obstacle::Uncalculated => "the formulas of the workbook have no values",
        Obstacle::UnpacksTooLarge => "the file unpacks to more than 128 MiB or 2,000 parts",
        Obstacle::TooManyPixels => "the picture has more than 40 megapixels",
        Obstacle::Blurred => "the picture is too blurred to read; take it again",
        Obstacle::Dark => "the picture is too dark to read; take it again",
        Obstacle::CutOff => {
            "the picture is cut off before the total; take it again with the whole page on it"
        }
        Obstacle::Incomplete => "the file is incomplete; send it again",
        Obstacle::OtherScript => "the text is in a script that is not read yet",
        Obstacle::Encrypted => "the file needs a password",
        Obstacle::Broken => "the file is damaged",
        Obstacle::NoText => "no text was found in the file",
        Obstacle::TooHard => "the file took too long or too much memory to read",
    }
}
