//! One running process of the product, or of the bare server beside it.

use crate::webhook::PUBLIC;
use std::{
    collections::BTreeMap,
    net::{SocketAddr, TcpListener},
    process::Stdio,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use testkit::standin::twilio::{ACCOUNT_SID, AUTH_TOKEN, FROM};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// How long a process may take to come up.
const PATIENCE: Duration = Duration::from_secs(60);
/// Processor time is counted in hundredths of a second.
const TICKS: f64 = 100.0;

/// Which database is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// The embedded one.
    Sqlite,
    /// The server.
    Postgres,
}

impl Backend {
    /// Returns the role of a process that takes messages in, and answers none if it can be helped:
    /// one process alone has the embedded database.
    pub const fn taking_in(self) -> &'static str {
        match self {
            Self::Sqlite => "all",
            Self::Postgres => "web",
        }
    }

    /// Returns the word that selects it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    /// Returns its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// A database that nobody else uses, and the settings of processes on it.
pub struct Place {
    /// The address of the database.
    pub url: String,
    settings: BTreeMap<String, String>,
    _folder: TempDir,
}

impl Place {
    /// Makes an empty one.
    pub async fn new(backend: Backend, twilio: Option<SocketAddr>) -> Self {
        let folder = TempDir::new().unwrap();
        let data = folder.path().display().to_string();
        let url = match backend {
            Backend::Sqlite => format!("sqlite://{data}/billhook.db"),
            Backend::Postgres => testkit::postgres::fresh_schema().await.unwrap(),
        };
        let mut settings: BTreeMap<String, String> = [
            ("BILLHOOK_DATA_DIR", data.as_str()),
            ("DATABASE_URL", &url),
            ("LLM_PROVIDER", "offline"),
            ("LOG_LEVEL", "warn"),
            ("BILLHOOK_RATE_LIMIT", "0"),
            ("BILLHOOK_API_TOKEN", "a-token-for-the-benchmark"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        if let Some(address) = twilio {
            settings.extend(
                [
                    ("PUBLIC_BASE_URL", PUBLIC.to_owned()),
                    ("TWILIO_ACCOUNT_SID", ACCOUNT_SID.to_owned()),
                    ("TWILIO_AUTH_TOKEN", AUTH_TOKEN.to_owned()),
                    ("TWILIO_WHATSAPP_FROM", FROM.to_owned()),
                    ("TWILIO_API_BASE_URL", format!("http://{address}")),
                ]
                .map(|(name, value)| (name.to_owned(), value)),
            );
        }
        Self { url, settings, _folder: folder }
    }

    /// Changes a setting of processes that start later.
    pub fn set(&mut self, name: &str, value: &str) {
        self.settings.insert(name.to_owned(), value.to_owned());
    }

    /// Leaves a setting of processes that start later as the product has it.
    pub fn unset(&mut self, name: &str) {
        self.settings.remove(name);
    }

    /// Starts a process and waits until it is ready.
    pub async fn start(&self, role: &str) -> Process {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(env!("CARGO_BIN_EXE_billhook"));
        command
            .args(["serve", "--role", role])
            .env_clear()
            .envs(&self.settings)
            .env("PORT", port.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true);
        let begun = Instant::now();
        let process = Process::of(&mut command, port);
        let ready = format!("http://{}/readyz", process.address);
        while !reqwest::get(&ready).await.is_ok_and(|answer| answer.status().is_success()) {
            assert!(begun.elapsed() < PATIENCE, "the product does not come up");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Process { started_in: begun.elapsed(), ..process }
    }
}

/// A running process.
pub struct Process {
    /// Where it listens.
    pub address: SocketAddr,
    /// How long it took from its start until it was ready.
    pub started_in: Duration,
    id: u32,
    _child: Child,
}

impl Process {
    fn of(command: &mut Command, port: u16) -> Self {
        let child = command.spawn().unwrap();
        let id = child.id().unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        Self { address, started_in: Duration::ZERO, id, _child: child }
    }

    /// Starts the bare server on a database.
    pub async fn bare(url: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["ceiling", url]).stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = Self::of(&mut command, 0);
        let mut lines = BufReader::new(process._child.stdout.take().unwrap()).lines();
        let port: u16 = lines.next_line().await.unwrap().unwrap().parse().unwrap();
        process.address.set_port(port);
        process
    }

    /// Returns the processor time that it has used.
    pub fn cpu(&self) -> Cpu {
        let mut database = 0.0;
        for thread in std::fs::read_dir(format!("/proc/{}/task", self.id)).unwrap().flatten() {
            // One that has just ended is counted in the whole.
            let stat = std::fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
            if stat.contains("(sqlx-sqlite") {
                database += used_ms(&stat);
            }
        }
        let all = used_ms(&std::fs::read_to_string(format!("/proc/{}/stat", self.id)).unwrap());
        Cpu { all, database }
    }

    /// Returns the memory it holds, and the most it has held, in MB.
    pub fn memory(&self) -> (f64, f64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id)).unwrap();
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            let kib: f64 = line.trim().trim_end_matches(" kB").parse().unwrap();
            kib / 1024.0
        };
        (of("VmRSS:"), of("VmHWM:"))
    }
}

/// Processor time, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Cpu {
    /// Of all threads.
    pub all: f64,
    /// Of those that do nothing but run the embedded database.
    pub database: f64,
}

/// Returns the processor time of a line of the kernel about a process or thread.
fn used_ms(stat: &str) -> f64 {
    // The name in brackets may hold anything; the fields after it are numbered from three.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: f64 = [11, 12].iter().map(|&field| fields[field].parse::<f64>().unwrap()).sum();
    ticks * 1000.0 / TICKS
}
