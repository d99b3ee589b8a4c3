//! The data folder: made, locked by one server at a time, with the generated API token in it.

use super::{SetupError, clock};
use crate::config::Config;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::{
    ffi::OsString,
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The right to work in a data folder and on the database in it, or on a database alone; ends when it is
/// dropped, or with the process.
#[derive(Debug)]
pub struct FolderLock {
    _files: Vec<File>,
}

/// Makes the data folder, for its owner only, if it is missing.
///
/// # Errors
///
/// [`SetupError`] if it cannot be made or is no folder.
pub fn make_data_dir(config: &Config) -> Result<(), SetupError> {
    let path = &config.data_dir;
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| {
        SetupError::new(
            format!("the data folder {} cannot be made: {error}", path.display()),
            "set BILLHOOK_DATA_DIR to a folder that you may write to",
        )
    })
}

/// Locks the data folder for this process, and the database where it is a file: two folders can name
/// the same one.
///
/// # Errors
///
/// [`SetupError`] if another process holds one of them, or a lock file cannot be written.
pub fn lock_data_dir(config: &Config) -> Result<FolderLock, SetupError> {
    make_data_dir(config)?;
    let folder = &config.data_dir;
    let own = lock(
        &folder.join("lock"),
        &format!("the data folder {}", folder.display()),
        &folder.display().to_string(),
        "stop that one first, or give this one a folder of its own with --data-dir",
    )?;
    let database = lock_database(config.database_url.expose_secret())?;
    Ok(FolderLock { _files: std::iter::once(own).chain(database._files).collect() })
}

/// Locks a database that is a file for this process; there is nothing to lock of another, or where its
/// folder is missing.
///
/// # Errors
///
/// [`SetupError`] if another process holds it, or the lock file cannot be written.
pub fn lock_database(url: &str) -> Result<FolderLock, SetupError> {
    let Some((folder, mut name)) = database_file(url) else {
        return Ok(FolderLock { _files: Vec::new() });
    };
    let shown = folder.join(&name);
    name.push(".lock");
    let file = lock(
        &folder.join(name),
        &format!("the folder of the database {}", shown.display()),
        &format!("the database {}", shown.display()),
        "stop that one first, or name another file in DATABASE_URL",
    )?;
    Ok(FolderLock { _files: vec![file] })
}

/// Returns the folder and the name of a database that is a file, by whichever way it is named.
pub fn database_file(url: &str) -> Option<(PathBuf, OsString)> {
    let path = store::file(url)?;
    let path = path.canonicalize().unwrap_or(path);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new(".")).canonicalize().ok()?;
    Some((folder, path.file_name()?.to_owned()))
}

fn lock(path: &Path, place: &str, held: &str, hint: &str) -> Result<File, SetupError> {
    let file = OpenOptions::new().create(true).append(true).open(path).map_err(|error| {
        SetupError::new(
            format!("{place} cannot be written to: {error}"),
            "check its permissions, or set BILLHOOK_DATA_DIR to another folder",
        )
    })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(SetupError::new(format!("another billhook is using {held}"), hint))
        }
        Err(TryLockError::Error(error)) => Err(SetupError::new(
            format!("{place} cannot be locked: {error}"),
            "use a folder on a disk of this machine",
        )),
    }
}

/// Returns the bearer token of the HTTP API: the owner's choice, else the one in the data folder,
/// made if it is missing.
///
/// # Errors
///
/// [`SetupError`] if it can neither be read nor written.
pub fn api_token(config: &Config) -> Result<SecretString, SetupError> {
    if let Some(token) = &config.api_token {
        return Ok(token.clone());
    }
    let path = config.data_dir.join("api-token");
    read_or_make(&path).map_err(|error| {
        SetupError::new(
            format!("the API token in {} cannot be read or written: {error}", path.display()),
            "check the permissions of the data folder, or set BILLHOOK_API_TOKEN",
        )
    })
}

fn read_or_make(path: &Path) -> io::Result<SecretString> {
    match std::fs::read_to_string(path) {
        Ok(text) if !text.trim().is_empty() => return Ok(text.trim().to_owned().into()),
        Ok(_) => std::fs::remove_file(path)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let token = new_token();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    writeln!(options.open(path)?, "{}", token.expose_secret())?;
    Ok(token)
}

/// An identifier holds fewer random bits than a token should, so several are hashed together.
fn new_token() -> SecretString {
    let clock = clock();
    let mut hash = Sha256::new();
    for _ in 0..4 {
        hash.update(clock.new_id());
    }
    hex::encode(hash.finalize()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;

    fn config(folder: &tempfile::TempDir) -> Config {
        let path = folder.path().join("data");
        let path = path.to_str().unwrap();
        Config::load(&Sources::of_environment(&[("BILLHOOK_DATA_DIR", path)])).unwrap()
    }

    #[test]
    fn a_folder_is_locked_by_one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(&folder);
        let first = lock_data_dir(&config).unwrap();
        let second = lock_data_dir(&config).unwrap_err();
        assert!(second.what.starts_with("another billhook is using"), "{}", second.what);
        drop(first);
        assert!(lock_data_dir(&config).is_ok());
    }

    #[test]
    fn a_database_is_locked_by_one_at_a_time_whichever_folder_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = config(&folder);
        let lock = lock_data_dir(&first).unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let url = format!("sqlite://{}", path("data/../data/billhook.db"));
        let other = [("BILLHOOK_DATA_DIR", &*path("other")), ("DATABASE_URL", &url)];
        let other = Config::load(&Sources::of_environment(&other)).unwrap();
        let error = lock_data_dir(&other).unwrap_err();
        assert!(error.what.starts_with("another billhook is using the database"), "{}", error.what);
        drop(lock);
        assert!(lock_data_dir(&other).is_ok());
    }

    #[test]
    fn a_token_is_made_once_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(&folder);
        make_data_dir(&config).unwrap();
        let first = api_token(&config).unwrap();
        assert_eq!(first.expose_secret().len(), 64);
        assert_eq!(api_token(&config).unwrap().expose_secret(), first.expose_secret());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |name: &str| {
                config.data_dir.join(name).metadata().unwrap().permissions().mode() & 0o777
            };
            assert_eq!(mode("api-token"), 0o600);
            assert_eq!(mode(""), 0o700);
        }
    }

    #[test]
    fn a_folder_that_is_a_file_is_said_so() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(&folder);
        std::fs::write(&config.data_dir, "").unwrap();
        let error = make_data_dir(&config).unwrap_err();
        assert!(error.what.contains("cannot be made"), "{}", error.what);
        assert!(error.hint.contains("BILLHOOK_DATA_DIR"));
    }
}
