//! A real S3 server in this process: it checks every signature and keeps its files in a folder.

mod mood;

pub use mood::Mood;

use hyper::{Request, body::Incoming, service::service_fn};
use mood::Moods;
use s3s::{
    auth::SimpleAuth,
    service::{S3Service, S3ServiceBuilder},
};
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};

/// The bucket that is there.
pub const BUCKET: &str = "papers";
/// The key that opens it.
pub const KEY: &str = "key";
/// The secret of the key.
pub const SECRET: &str = "secret";

/// A server with one bucket, which ends with the test.
#[derive(Debug)]
pub struct S3StandIn {
    folder: TempDir,
    address: String,
    moods: Arc<Moods>,
    server: JoinHandle<()>,
}

impl S3StandIn {
    /// Starts a server with an empty bucket.
    ///
    /// # Errors
    ///
    /// Those of the system.
    pub async fn start() -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        std::fs::create_dir(folder.path().join(BUCKET))?;
        let files = s3s_fs::FileSystem::new(folder.path());
        let files = files.map_err(|_| io::Error::other("the folder cannot be served"))?;
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
        let service = builder.build();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let moods = Arc::new(Moods::default());
        let felt = Arc::clone(&moods);
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let stream = hyper_util::rt::TokioIo::new(stream);
                let server = hyper::server::conn::http1::Builder::new();
                let answer = answer(service.clone(), Arc::clone(&felt));
                // A caller that hangs up in the middle is no fault of the server.
                tokio::spawn(server.serve_connection(stream, answer));
            }
        });
        Ok(Self { folder, address, moods, server })
    }

    /// Changes how it treats what it is asked from now on.
    pub fn feel(&self, mood: Mood) {
        self.moods.set(mood);
    }

    /// Returns how many calls have met a mood other than a fair one.
    #[must_use]
    pub fn spoilt(&self) -> u64 {
        self.moods.spoilt()
    }

    /// Returns the address of the server.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Returns the files that are kept, wherever they are in the bucket.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        walk(&self.folder.path().join(BUCKET), &mut found);
        found
    }
}

/// Returns how each call of a connection is answered.
fn answer(
    service: S3Service,
    moods: Arc<Moods>,
) -> impl hyper::service::HttpService<Incoming, ResBody = s3s::Body, Future: Send> + Send {
    service_fn(move |call: Request<Incoming>| {
        let (service, moods) = (service.clone(), Arc::clone(&moods));
        async move { moods.answer(&service, call.map(Into::into)).await }
    })
}

impl Drop for S3StandIn {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
    {
        if path.is_dir() {
            walk(&path, found);
        } else {
            found.push(path);
        }
    }
}
