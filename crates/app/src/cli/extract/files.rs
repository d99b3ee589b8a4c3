//! Which files are meant: files, folders with all that is below them, and patterns.

use super::super::failure::Failure;
use std::path::{Path, PathBuf};

/// How deep folders are walked.
const MAX_DEPTH: usize = 64;
/// Endings that documents have. In a folder nothing else is looked at; a file that is named
/// itself is read whatever its ending.
const ENDINGS: [&str; 17] = [
    "pdf", "jpg", "jpeg", "jpe", "png", "webp", "gif", "tif", "tiff", "bmp", "heic", "xml", "p7m",
    "xlsx", "xls", "ods", "csv",
];

/// Returns the files that the arguments mean: in the order of the arguments, those of a folder or
/// pattern sorted by path, each path once.
///
/// A path that does not exist and is no pattern is kept, so that its failure is reported in its
/// place.
///
/// # Errors
///
/// [`Failure`] for a pattern that is wrong and where nothing at all is meant.
pub fn expand(arguments: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for argument in arguments {
        if argument.is_dir() {
            files.extend(below(argument));
        } else if !argument.exists() && is_pattern(argument) {
            files.extend(matching(argument)?);
        } else {
            files.push(argument.clone());
        }
    }
    let mut known = std::collections::HashSet::new();
    files.retain(|file| known.insert(file.clone()));
    if files.is_empty() {
        return Err(Failure::new(
            "no documents were found there",
            "name files, folders that hold PDFs or pictures, or patterns such as '2025/*.pdf'",
        ));
    }
    Ok(files)
}

fn is_pattern(path: &Path) -> bool {
    path.to_str().is_some_and(|text| text.contains(['*', '?', '[']))
}

fn matching(pattern: &Path) -> Result<Vec<PathBuf>, Failure> {
    let text = pattern.to_string_lossy();
    let paths = glob::glob(&text).map_err(|error| {
        Failure::usage(format!("`{text}` is no pattern: {error}"), "use *, ?, ** and [a-z]")
    })?;
    let mut files = Vec::new();
    // What may not be looked into holds nothing for us.
    for path in paths.flatten() {
        if path.is_dir() {
            files.extend(below(&path));
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

/// Returns the documents of a folder and of those below it, sorted; hidden ones are left out and
/// links to folders are not followed, as they may lead in a circle.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![(folder.to_owned(), 0_usize)];
    while let Some((folder, depth)) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            tracing::warn!("a folder may not be read and is left out");
            continue;
        };
        for entry in entries.flatten().filter(|entry| !is_hidden(&entry.file_name())) {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder && depth < MAX_DEPTH {
                folders.push((entry.path(), depth.saturating_add(1)));
            } else if is_document(&entry.path()) {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    files
}

fn is_hidden(name: &std::ffi::OsStr) -> bool {
    name.as_encoded_bytes().first() == Some(&b'.')
}

fn is_document(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    let known = ending.is_some_and(|ending| ENDINGS.iter().any(|e| ending.eq_ignore_ascii_case(e)));
    known && path.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("2025/may")).unwrap();
        std::fs::create_dir_all(folder.path().join(".git")).unwrap();
        let names =
            ["b.PDF", "a.jpg", "notes.txt", "2025/may/c.xml", "2025/z.png", ".git/d.png", ".e.pdf"];
        for name in names {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        folder
    }

    fn names(folder: &tempfile::TempDir, arguments: &[&str]) -> Vec<String> {
        let arguments: Vec<PathBuf> =
            arguments.iter().map(|argument| folder.path().join(argument)).collect();
        let files = expand(&arguments).unwrap();
        let name = |file: &PathBuf| file.strip_prefix(folder.path()).unwrap().display().to_string();
        files.iter().map(name).collect()
    }

    #[test]
    fn a_folder_means_the_documents_below_it_in_order() {
        let folder = tree();
        assert_eq!(names(&folder, &[""]), ["2025/may/c.xml", "2025/z.png", "a.jpg", "b.PDF"]);
    }

    #[test]
    fn a_pattern_means_what_it_matches() {
        let folder = tree();
        assert_eq!(names(&folder, &["*.jpg", "**/*.xml"]), ["a.jpg", "2025/may/c.xml"]);
    }

    #[test]
    fn a_named_file_is_kept_whatever_it_is_and_once() {
        let folder = tree();
        let named = ["notes.txt", "gone.pdf", "a.jpg", "a.jpg"];
        assert_eq!(names(&folder, &named), ["notes.txt", "gone.pdf", "a.jpg"]);
    }

    #[test]
    fn a_name_with_a_bracket_is_a_file_before_it_is_a_pattern() {
        let folder = tree();
        std::fs::write(folder.path().join("bill [1].pdf"), "x").unwrap();
        assert_eq!(names(&folder, &["bill [1].pdf"]), ["bill [1].pdf"]);
    }

    #[test]
    fn nothing_at_all_is_said() {
        let folder = tempfile::tempdir().unwrap();
        assert!(expand(&[folder.path().to_owned()]).is_err());
        assert!(expand(&[folder.path().join("*.pdf")]).is_err());
        assert!(expand(&[folder.path().join("[.pdf")]).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_in_a_circle_is_not_followed() {
        let folder = tree();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("2025/again")).unwrap();
        assert_eq!(names(&folder, &["2025"]), ["2025/may/c.xml", "2025/z.png"]);
    }
}
