//! What the typesetter may see: one design, its words, one sheet of texts, our fonts.
//!
//! There is no file system, no package index, no network and no clock behind it; whatever else a
//! design asks for is denied.

use crate::fonts;
use std::sync::OnceLock;
use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};

const DESIGN: &str = include_str!("../../designs/invoice.typ");
const LABELS: &str = include_str!("../../designs/labels.json");

/// The part that is the same for every page; made once.
struct Shelf {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    design: Source,
    labels: (FileId, Bytes),
    sheet: FileId,
}

/// One sheet of texts on its way through the typesetter.
pub struct Desk {
    shelf: &'static Shelf,
    sheet: Bytes,
}

impl Desk {
    /// Lays a sheet out, given as JSON.
    ///
    /// Returns nothing if a name inside the executable is no path, which a test rules out.
    #[must_use]
    pub fn with(sheet: Vec<u8>) -> Option<Self> {
        static SHELF: OnceLock<Option<Shelf>> = OnceLock::new();
        let shelf = SHELF.get_or_init(Shelf::fill).as_ref()?;
        Some(Self { shelf, sheet: Bytes::new(sheet) })
    }
}

impl Shelf {
    fn fill() -> Option<Self> {
        let fonts: Vec<Font> =
            fonts::ALL.into_iter().flat_map(|bytes| Font::iter(Bytes::new(bytes))).collect();
        Some(Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            design: Source::new(id("invoice.typ")?, DESIGN.to_owned()),
            labels: (id("labels.json")?, Bytes::new(LABELS.as_bytes())),
            sheet: id("sheet.json")?,
        })
    }
}

fn id(name: &str) -> Option<FileId> {
    let path = VirtualPath::new(name).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.shelf.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shelf.book
    }

    fn main(&self) -> FileId {
        self.shelf.design.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main() { Ok(self.shelf.design.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.shelf.sheet {
            Ok(self.sheet.clone())
        } else if id == self.shelf.labels.0 {
            Ok(self.shelf.labels.1.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shelf.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::tenant::Language;

    #[test]
    fn every_language_has_every_label() {
        let labels: serde_json::Value = serde_json::from_str(LABELS).unwrap();
        let keys = |language: Language| -> Vec<String> {
            labels[language.code()].as_object().unwrap().keys().cloned().collect()
        };
        for language in Language::ALL.map(Language::on_paper) {
            assert_eq!(keys(language), keys(Language::En), "{language:?}");
        }
    }

    #[test]
    fn nothing_but_our_own_files_can_be_read() {
        let desk = Desk::with(Vec::new()).unwrap();
        let other = id("../../../etc/passwd").or_else(|| id("etc/passwd")).unwrap();
        assert!(matches!(desk.file(other), Err(FileError::AccessDenied)));
        assert!(matches!(desk.source(other), Err(FileError::AccessDenied)));
        assert_eq!(desk.today(None), None);
    }

    #[test]
    fn every_font_file_holds_one_face() {
        let desk = Desk::with(Vec::new()).unwrap();
        assert_eq!(desk.shelf.fonts.len(), fonts::ALL.len());
    }
}
