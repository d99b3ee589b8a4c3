//! Reads each file in a child process of its own, which limits itself before it looks at a byte.
//!
//! Whatever happens in there (a crash, an endless loop, a bomb) ends the child and nothing else;
//! the file then counts as too hard to read. A child reads one file, so that no file can leave
//! anything behind for the next; the next child is started as soon as one was used, and waits.

mod child;

pub use child::{Errand, LIMITS_REFUSED, run_child};

use async_trait::async_trait;
use bytes::{Buf, Bytes};
use domain::document::{Contents, Obstacle};
use ports::documents::{Documents, DocumentsError, Place};
use std::{
    path::PathBuf,
    process::Stdio,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, Command},
    sync::Semaphore,
};

/// How long a child may take before it is killed.
const WALL: Duration = Duration::from_secs(90);
/// How long a child waits for a file before it is let go.
const IDLE: Duration = Duration::from_secs(60);
/// The most bytes that a child may answer.
const MAX_ANSWER_BYTES: u64 = 64 * 1024 * 1024;

/// Starts children of this executable.
pub struct Sandbox {
    program: PathBuf,
    arguments: Vec<String>,
    wall: Duration,
    idle: Duration,
    /// How many files are read at once, and how many children wait at most.
    most: usize,
    places: Semaphore,
    waiting: Waiting,
}

/// The children that wait for a file, the youngest last.
#[derive(Clone, Default)]
struct Waiting(Arc<Mutex<Vec<(Instant, Child)>>>);

impl Waiting {
    fn children(&self) -> MutexGuard<'_, Vec<(Instant, Child)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the youngest child that is still there.
    fn take(&self) -> Option<Child> {
        let mut children = self.children();
        while let Some((_, mut child)) = children.pop() {
            if matches!(child.try_wait(), Ok(None)) {
                return Some(child);
            }
        }
        None
    }

    /// Lets go of the children that have waited so long; dropping one ends it.
    fn let_go(&self, idle: Duration) {
        self.children().retain(|(since, _)| since.elapsed() < idle);
    }
}

impl Sandbox {
    /// Makes a sandbox with one place for each core, whose children have this many threads each.
    ///
    /// # Errors
    ///
    /// An I/O error if the path of this executable is not known.
    pub fn new(threads: usize) -> std::io::Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            program: own_executable()?,
            arguments: vec!["read-document".to_owned(), format!("--threads={threads}")],
            wall: WALL,
            idle: IDLE,
            most: cores,
            places: Semaphore::new(cores),
            waiting: Waiting::default(),
        })
    }

    /// Returns what the child answers; nothing if it did not end well.
    async fn ask(&self, bytes: &[u8], errand: Errand) -> Result<Option<Bytes>, DocumentsError> {
        let _place = self.places.acquire().await.map_err(unavailable)?;
        let mut child = match self.waiting.take() {
            Some(child) => child,
            None => self.start().map_err(unavailable)?,
        };
        let line = errand.line().map_err(unavailable)?;
        let answered =
            tokio::time::timeout(self.wall, converse(&mut child, &[line.as_bytes(), bytes])).await;
        self.have_one_waiting();
        let Ok((answer, Ok(status))) = answered else {
            end(child).await;
            tracing::warn!("a document took too long or answered too much and was given up");
            return Ok(None);
        };
        if status.code() == Some(i32::from(LIMITS_REFUSED)) {
            return Err(unavailable(std::io::Error::other("the child could not limit itself")));
        }
        if !status.success() {
            tracing::warn!(%status, "a document ended the process that read it");
            return Ok(None);
        }
        Ok(Some(answer))
    }

    /// Starts the child of the next file, which is let go if none comes.
    fn have_one_waiting(&self) {
        if self.waiting.children().len() >= self.most {
            return;
        }
        // Where none can be started now, the next file tries again and says so.
        let Ok(child) = self.start() else { return };
        self.waiting.children().push((Instant::now(), child));
        let (waiting, idle) = (self.waiting.clone(), self.idle);
        tokio::spawn(async move {
            tokio::time::sleep(idle).await;
            waiting.let_go(idle);
        });
    }

    fn start(&self) -> std::io::Result<Child> {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .env_clear()
            // Each arena of the allocator takes 64 MiB of the child's limited address space.
            .env("MALLOC_ARENA_MAX", "2")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        // Ctrl-C on a terminal reaches the whole group: the child must not die of it, or the
        // document would count as too hard.
        #[cfg(unix)]
        command.process_group(0);
        command.spawn()
    }
}

#[async_trait]
impl Documents for Sandbox {
    async fn read(&self, bytes: Bytes) -> Result<Contents, DocumentsError> {
        let answer = self.ask(&bytes, Errand::Words).await?;
        let contents = answer.and_then(|answer| serde_json::from_slice(&answer).ok());
        Ok(contents.unwrap_or_else(|| {
            Contents::unreadable(documents::file_type(&bytes), Obstacle::TooHard)
        }))
    }

    async fn pictures(&self, bytes: Bytes) -> Result<Vec<Bytes>, DocumentsError> {
        let answer = self.ask(&bytes, Errand::Pictures).await?;
        Ok(answer.map(unpack).unwrap_or_default())
    }

    async fn cutout(&self, bytes: Bytes, place: Place) -> Result<Option<Bytes>, DocumentsError> {
        let answer = self.ask(&bytes, Errand::Cutout(place)).await?;
        Ok(answer.filter(|picture| !picture.is_empty()))
    }
}

/// Hands errand and file in while the answer is taken out, so that neither side waits for the other.
async fn converse(
    child: &mut Child,
    parts: &[&[u8]],
) -> (Bytes, std::io::Result<std::process::ExitStatus>) {
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let hand_in = async {
        if let Some(mut stdin) = stdin {
            for part in parts {
                // A child that has seen enough closes its end; its answer tells the rest.
                let _ = stdin.write_all(part).await;
            }
        }
    };
    let take_out = async {
        let mut answer = Vec::new();
        if let Some(stdout) = stdout {
            let _ = stdout.take(MAX_ANSWER_BYTES).read_to_end(&mut answer).await;
        }
        answer
    };
    let ((), answer) = tokio::join!(hand_in, take_out);
    // Having dropped our end, a child with more to say is ended by its next write.
    (answer.into(), child.wait().await)
}

async fn end(mut child: Child) {
    if let Err(error) = child.kill().await {
        tracing::warn!(%error, "a reading process could not be ended");
    }
}

/// Pictures stand behind their lengths, four bytes each, most significant first.
fn unpack(mut answer: Bytes) -> Vec<Bytes> {
    let mut pictures = Vec::new();
    while let Ok(length) = answer.try_get_u32() {
        let Ok(length) = usize::try_from(length) else { break };
        if answer.len() < length {
            break;
        }
        pictures.push(answer.split_to(length));
    }
    pictures
}

/// The file behind this link is the running program, even after an update has replaced it.
fn own_executable() -> std::io::Result<PathBuf> {
    let link = PathBuf::from("/proc/self/exe");
    if link.exists() { Ok(link) } else { std::env::current_exe() }
}

fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> DocumentsError {
    DocumentsError::Unavailable(Box::new(error))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use domain::document::{FileType, Region, TextSource};

    fn shell(script: &str) -> Sandbox {
        Sandbox {
            program: PathBuf::from("/bin/sh"),
            arguments: vec!["-c".to_owned(), script.to_owned()],
            wall: Duration::from_millis(300),
            idle: IDLE,
            most: 1,
            places: Semaphore::new(1),
            waiting: Waiting::default(),
        }
    }

    const PLACE: Place = Place {
        page: 0,
        width: 1,
        height: 1,
        source: TextSource::TextLayer,
        region: Region { left: 0, top: 0, right: 1, bottom: 1 },
    };

    /// Returns the process that answers.
    async fn process_of(sandbox: &Sandbox) -> Option<u32> {
        let answer = sandbox.cutout(Bytes::from_static(b"x"), PLACE).await.unwrap()?;
        str::from_utf8(&answer).ok()?.parse().ok()
    }

    fn waiting_processes(sandbox: &Sandbox) -> Vec<Option<u32>> {
        sandbox.waiting.children().iter().map(|(_, child)| child.id()).collect()
    }

    #[tokio::test]
    async fn the_next_file_finds_a_process_that_waits_and_each_reads_one() {
        let sandbox = shell("read errand; cat > /dev/null; printf $$");
        assert!(waiting_processes(&sandbox).is_empty(), "none before the first file");
        let first = process_of(&sandbox).await;
        let waiting = waiting_processes(&sandbox);
        let second = process_of(&sandbox).await;
        assert!(first.is_some() && first != second);
        assert_eq!(waiting, [second]);
    }

    #[tokio::test]
    async fn a_process_that_waits_in_vain_is_let_go_and_one_that_died_is_not_asked() {
        let sandbox = Sandbox { idle: Duration::ZERO, ..shell("read errand; printf $$") };
        process_of(&sandbox).await.unwrap();
        while !waiting_processes(&sandbox).is_empty() {
            tokio::task::yield_now().await;
        }
        let sandbox = shell("read errand; printf $$");
        process_of(&sandbox).await.unwrap();
        sandbox.waiting.children().iter_mut().for_each(|(_, child)| drop(child.start_kill()));
        while matches!(sandbox.waiting.children()[0].1.try_wait(), Ok(None)) {
            tokio::task::yield_now().await;
        }
        assert!(process_of(&sandbox).await.is_some());
    }

    #[tokio::test]
    async fn f80_other_files_are_read_while_one_hangs() {
        let script = "read errand; case $errand in *ictures*) exec sleep 30;; *) printf $$;; esac";
        let sandbox = Sandbox {
            wall: Duration::from_secs(5),
            most: 2,
            places: Semaphore::new(2),
            ..shell(script)
        };
        let hanging = sandbox.pictures(Bytes::from_static(b"x"));
        let others = async {
            for _ in 0..3 {
                assert!(process_of(&sandbox).await.is_some());
            }
        };
        tokio::select! {
            biased;
            _ = hanging => panic!("the others waited for it"),
            () = others => {}
        }
    }

    async fn obstacle(script: &str) -> Option<Obstacle> {
        let contents = shell(script).read(Bytes::from_static(b"%PDF-1.7")).await.unwrap();
        assert!(contents.pages.is_empty());
        contents.obstacle
    }

    #[tokio::test]
    async fn a_child_that_crashes_makes_the_file_too_hard() {
        assert_eq!(obstacle("kill -SEGV $$").await, Some(Obstacle::TooHard));
        assert_eq!(obstacle("exit 1").await, Some(Obstacle::TooHard));
    }

    #[tokio::test]
    async fn f05_a_child_that_hangs_or_never_stops_computing_is_ended() {
        assert_eq!(obstacle("exec sleep 30").await, Some(Obstacle::TooHard));
        assert_eq!(obstacle("read errand; while :; do :; done").await, Some(Obstacle::TooHard));
    }

    #[tokio::test]
    async fn f06_a_child_without_memory_ends_alone_and_the_next_file_is_read() {
        // Looks for the end of a line that has none, in memory.
        let greedy = "ulimit -v 65536; exec tail -n 1 /dev/zero";
        let script =
            format!("read errand; case $errand in *ictures*) {greedy};; *) printf $$;; esac");
        let sandbox = Sandbox { wall: Duration::from_secs(30), ..shell(&script) };
        let begun = Instant::now();
        let pictures = sandbox.pictures(Bytes::from_static(b"x")).await.unwrap();
        assert!(pictures.is_empty());
        assert!(begun.elapsed() < Duration::from_secs(20), "it ended by itself");
        assert!(process_of(&sandbox).await.is_some());
    }

    #[tokio::test]
    async fn a_child_that_talks_nonsense_makes_the_file_too_hard() {
        assert_eq!(obstacle("echo hello").await, Some(Obstacle::TooHard));
    }

    #[tokio::test]
    async fn what_a_child_says_is_believed_if_it_ends_well() {
        let said = Contents::unreadable(FileType::Png, Obstacle::NoText);
        let script = format!("echo '{}'", serde_json::to_string(&said).unwrap());
        assert_eq!(obstacle(&script).await, Some(Obstacle::NoText));
    }

    #[tokio::test]
    async fn a_child_that_cannot_limit_itself_reads_nothing() {
        let script = format!("exit {LIMITS_REFUSED}");
        assert!(shell(&script).read(Bytes::new()).await.is_err());
    }

    #[tokio::test]
    async fn a_child_sees_nothing_of_the_environment() {
        let sandbox = shell("test -z \"$HOME$CARGO_MANIFEST_DIR\" && printf '\\0\\0\\0\\1x'");
        let pictures = sandbox.pictures(Bytes::from_static(b"y")).await.unwrap();
        assert_eq!(pictures, vec![Bytes::from_static(b"x")]);
    }

    #[test]
    fn half_a_picture_is_left_out() {
        let packed = Bytes::from_static(b"\0\0\0\x02ab\0\0\0\x09abc");
        assert_eq!(unpack(packed), vec![Bytes::from_static(b"ab")]);
        assert!(unpack(Bytes::from_static(b"\0\0")).is_empty());
    }
}
