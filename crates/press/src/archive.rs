//! Several files as one ZIP archive.

use crate::PressFault;
use std::{
    collections::HashSet,
    io::{Cursor, Seek, Write},
};
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

/// Returns files as one archive, by name and content; a name that is there already gets a number.
/// The same files give the same bytes: no time is stamped.
///
/// # Errors
///
/// [`PressFault::Write`] if the archive cannot be written.
pub fn zip(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, PressFault> {
    let mut archive = Archive::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.add(name, bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// An archive that is written file after file, so that one larger than the memory can be made.
pub struct Archive<W: Write + Seek> {
    writer: ZipWriter<W>,
    taken: HashSet<String>,
}

impl<W: Write + Seek> Archive<W> {
    /// Begins an archive.
    pub fn new(out: W) -> Self {
        Self { writer: ZipWriter::new(out), taken: HashSet::new() }
    }

    /// Adds a file, as [`zip`] does.
    ///
    /// # Errors
    ///
    /// [`PressFault::Write`] if it cannot be written.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), PressFault> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        let name = free(&mut self.taken, name);
        self.writer.start_file(name, options).map_err(PressFault::write)?;
        self.writer.write_all(bytes).map_err(PressFault::write)
    }

    /// Ends the archive and returns what it was written to.
    ///
    /// # Errors
    ///
    /// [`PressFault::Write`] if its directory cannot be written.
    pub fn finish(self) -> Result<W, PressFault> {
        self.writer.finish().map_err(PressFault::write)
    }
}

fn free(taken: &mut HashSet<String>, name: &str) -> String {
    let mut free = name.to_owned();
    let mut number = 2_u32;
    while !taken.insert(free.clone()) {
        free = match name.rsplit_once('.') {
            Some((stem, ending)) => format!("{stem}-{number}.{ending}"),
            None => format!("{name}-{number}"),
        };
        number = number.saturating_add(1);
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_out_as_they_went_in_and_no_name_twice() {
        let files = [("a.pdf", "one"), ("a.pdf", "two"), ("b", "three")]
            .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
        let bytes = zip(&files).unwrap();
        assert_eq!(bytes, zip(&files).unwrap());
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut names: Vec<String> = (0..archive.len())
            .map(|at| archive.by_index(at).unwrap().name().unwrap().into_owned())
            .collect();
        names.sort_unstable();
        assert_eq!(names, ["a-2.pdf", "a.pdf", "b"]);
    }
}
