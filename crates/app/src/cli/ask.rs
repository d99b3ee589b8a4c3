//! `billhook ask`: one message of the owner, answered like any other.
//!
//! The message goes through the inbox and the queue. A server that runs on the same data answers
//! it; where none runs, the workers run here until it is answered.

use super::failure::{Failure, chain, print};
use crate::{
    compose::{self, FolderLock},
    config::Config,
    worker,
};
use clap::Args;
use domain::{
    ids::InboundId,
    message::{ChannelKind, NewInbound, OWNER, Outbound, SentFile},
};
use ports::{
    Ports,
    store::{Accepted, JobState},
};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often the answer is looked for.
const POLL: Duration = Duration::from_millis(40);

/// What to ask.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The question, or any other message, such as "how much did I spend in May?"
    #[arg(value_name = "TEXT")]
    question: String,
    /// Print the replies as JSON, one object a line
    #[arg(long)]
    json: bool,
    /// Write files that come with the replies into this folder
    #[arg(long, value_name = "FOLDER")]
    save: Option<PathBuf>,
}

/// How replies are told.
#[derive(Debug)]
pub struct Told {
    /// As JSON, one object a line.
    pub json: bool,
    /// Where their files are written.
    pub save: Option<PathBuf>,
}

/// Asks, waits and prints the replies.
///
/// # Errors
///
/// [`Failure`] if a part cannot be set up, or no answer comes.
pub async fn run(arguments: &Arguments, config: Config) -> Result<ExitCode, Failure> {
    let text = arguments.question.replace('\0', "");
    if text.trim().is_empty() {
        return Err(Failure::usage("the question is empty", "write it in quotes"));
    }
    let told = Told { json: arguments.json, save: arguments.save.clone() };
    say(text, &told, config).await
}

/// Says something as the owner, waits and prints the replies.
///
/// # Errors
///
/// As [`run`].
pub async fn say(text: String, told: &Told, config: Config) -> Result<ExitCode, Failure> {
    let ports = compose::ports(&config, &Arc::default()).await?;
    let inbound = accept(&ports, &config, text).await?;
    let replies = answered(&ports, &config, inbound).await?;
    for reply in &replies {
        print(&if told.json { as_json(reply) } else { as_text(reply) })?;
        if let (Some(folder), Some(file)) = (&told.save, &reply.file) {
            save(&ports, folder, file).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn save(ports: &Ports, folder: &Path, file: &SentFile) -> Result<(), Failure> {
    let bytes = ports.blobs.get(file.hash).await;
    let bytes = bytes.map_err(|error| Failure::because("the file cannot be fetched", &error))?;
    let bytes = bytes.ok_or_else(|| Failure::new("the file is not there any more", ""))?;
    // The name is ours and holds no path; only its last part counts all the same.
    let name = Path::new(&file.name).file_name().unwrap_or_default();
    let path = folder.join(name);
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, bytes));
    written
        .map_err(|error| Failure::because(&format!("{} cannot be written", path.display()), &error))
}

async fn accept(ports: &Ports, config: &Config, text: String) -> Result<InboundId, Failure> {
    let message = NewInbound {
        channel: ChannelKind::Cli,
        provider_id: ports.clock.new_id().to_string(),
        from: OWNER.to_owned(),
        to: String::new(),
        profile_name: String::new(),
        text,
        button: None,
        attachments: Vec::new(),
        locale: None,
        trace: None,
        missed_since: None,
    };
    match ports.store.accept(&message, &config.habits).await {
        Ok(Accepted::New(id) | Accepted::Duplicate(id) | Accepted::Contradicted(id)) => Ok(id),
        Err(error) => Err(Failure::of_store(&error)),
    }
}

/// Waits for the replies.
async fn answered(
    ports: &Ports,
    config: &Config,
    inbound: InboundId,
) -> Result<Vec<Outbound>, Failure> {
    let ended = tokio::time::timeout(PATIENCE, job_has_ended(ports, config, inbound)).await;
    ended.map_err(|_| {
        Failure::new(
            "no answer came in time",
            "the question is kept; look at the log of the running billhook",
        )
    })??;
    ports.store.replies_to(inbound).await.map_err(|error| Failure::of_store(&error))
}

/// The lock of the data folder says whether somebody else works on the queue; he may end first.
async fn job_has_ended(ports: &Ports, config: &Config, inbound: InboundId) -> Result<(), Failure> {
    let mut workers = None;
    let state = loop {
        if workers.is_none() {
            let lock = compose::lock_data_dir(config).ok();
            workers = lock.map(|lock| Workers::start(ports, lock));
        }
        match ports.store.state_of(inbound).await {
            Ok(Some(JobState::Open)) => tokio::time::sleep(POLL).await,
            other => break other,
        }
    };
    if let Some(workers) = workers {
        workers.stop().await?;
        // Nobody else is there to look after the files of deleted data.
        if let Err(error) = worker::delete_files(ports).await {
            tracing::warn!(error = chain(&error), "files of deleted data could not be deleted yet");
        }
    }
    state.map(|_| ()).map_err(|error| Failure::of_store(&error))
}

/// Workers of this process, and the lock that gives them the queue.
struct Workers {
    running: JoinHandle<()>,
    stop: CancellationToken,
    _lock: FolderLock,
}

impl Workers {
    fn start(ports: &Ports, lock: FolderLock) -> Self {
        let stop = CancellationToken::new();
        let work = worker::run(ports.clone(), compose::no_ties(), stop.clone());
        Self { running: tokio::spawn(work), stop, _lock: lock }
    }

    async fn stop(self) -> Result<(), Failure> {
        self.stop.cancel();
        self.running.await.map_err(|error| Failure::because("the worker has failed", &error))
    }
}

fn as_text(reply: &Outbound) -> String {
    let mut text = format!("{}\n", reply.text.trim_end());
    for button in &reply.buttons {
        text.push_str(&format!("  [{}]\n", button.label));
    }
    if let Some(file) = &reply.file {
        text.push_str(&format!("  (with the file {})\n", file.name));
    }
    text
}

fn as_json(reply: &Outbound) -> String {
    let buttons: Vec<&str> = reply.buttons.iter().map(|button| button.label.as_str()).collect();
    let file = reply.file.as_ref().map(|file| {
        serde_json::json!({
            "name": file.name,
            "media_type": file.media_type,
            "sha256": file.hash,
        })
    });
    format!("{}\n", serde_json::json!({"text": reply.text, "buttons": buttons, "file": file}))
}
