//! A server of PostgreSQL that one test has for itself: to be stopped in the middle, to be started
//! again, or to run out of space.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
};
use tempfile::TempDir;
use tokio::process::Command;

/// A server with its data in a folder of its own; it ends with its value.
#[derive(Debug)]
pub struct OwnPostgres {
    programs: PathBuf,
    folder: TempDir,
    port: u16,
}

impl OwnPostgres {
    /// Starts an empty server; nothing where PostgreSQL is not installed, or may not be started.
    pub async fn start() -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let programs = programs()?;
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Self { programs, folder, port };
        server.give(server.folder.path()).await;
        let rows = server.rows().display().to_string();
        let made = ["-D", &rows, "-A", "trust", "-U", "billhook", "-E", "UTF8", "--no-sync"];
        if !server.run("initdb", &made).await {
            return None;
        }
        server.begin().await;
        Some(server)
    }

    /// Returns the address of its database.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://billhook@127.0.0.1:{}/postgres", self.port)
    }

    /// Returns a folder that the server may write into.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts it, and returns once it takes connections.
    pub async fn begin(&self) {
        assert!(self.control(&["start", "-o", &self.options()]).await, "the server does not start");
    }

    /// Ends it without a word to anybody, as a power cut does.
    pub async fn end_at_once(&self) {
        assert!(self.control(&["stop", "-m", "immediate"]).await, "the server does not end");
    }

    /// Gives a folder to the user that the server runs as.
    pub async fn give(&self, folder: &Path) {
        if is_root() {
            let mut give = Command::new("chown");
            assert!(give.arg(USER).arg(folder).status().await.unwrap().success());
        }
    }

    fn rows(&self) -> PathBuf {
        self.folder.path().join("rows")
    }

    fn options(&self) -> String {
        format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off",
            self.port
        )
    }

    async fn control(&self, what: &[&str]) -> bool {
        let (rows, log) = (self.rows(), self.folder.path().join("log"));
        let (rows, log) = (rows.display().to_string(), log.display().to_string());
        self.run("pg_ctl", &[&["-D", &rows, "-l", &log, "-w"], what].concat()).await
    }

    async fn run(&self, program: &str, arguments: &[&str]) -> bool {
        let mut command = Command::from(as_its_user(&self.programs.join(program)));
        command.args(arguments).current_dir(self.folder.path());
        // The server lives on: it must not hold what a caller waits for.
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().await.is_ok_and(|status| status.success())
    }
}

impl Drop for OwnPostgres {
    fn drop(&mut self) {
        let mut command = as_its_user(&self.programs.join("pg_ctl"));
        command.arg("-D").arg(self.rows()).args(["stop", "-m", "immediate"]);
        command.current_dir("/").stdout(Stdio::null()).stderr(Stdio::null());
        let _ = command.status();
    }
}

/// The server refuses to run as root.
const USER: &str = "postgres";

#[cfg(unix)]
fn is_root() -> bool {
    let own = std::fs::metadata("/proc/self");
    own.is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

fn as_its_user(program: &Path) -> std::process::Command {
    if is_root() {
        let mut command = std::process::Command::new("runuser");
        command.args(["-u", USER, "--"]).arg(program);
        command
    } else {
        std::process::Command::new(program)
    }
}

/// Returns the folder of the server's programs, which Debian does not put where others are looked for.
fn programs() -> Option<PathBuf> {
    let looked_for = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&looked_for).collect();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    folders.extend(versions.map(|version| version.path().join("bin")));
    folders
        .into_iter()
        .find(|folder| folder.join("pg_ctl").is_file() && folder.join("initdb").is_file())
}
