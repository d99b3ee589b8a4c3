//! The other side of the sandbox: limits itself, reads an errand and one file from standard input,
//! answers on standard output, ends.

use ports::documents::Place;
use serde::{Deserialize, Serialize};
use std::{
    io::{BufRead, Read, Write},
    process::ExitCode,
};

/// The exit code of a child that could not limit itself and therefore read nothing.
pub const LIMITS_REFUSED: u8 = 70;

/// The most bytes of the line that tells the errand.
const LONGEST_LINE: u64 = 1024;

/// What a child is sent for: the first line of what it is given, as JSON; the file follows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Errand {
    /// Words with places, or an e-invoice.
    Words,
    /// Pages as pictures.
    Pictures,
    /// A place on a page as a picture.
    Cutout(Place),
}

impl Errand {
    /// Returns the line that tells a child.
    ///
    /// # Errors
    ///
    /// None that is known; a place can always be written.
    pub fn line(self) -> std::io::Result<String> {
        Ok(format!("{}\n", serde_json::to_string(&self)?))
    }

    /// Reads the line; nothing if the parent has no errand.
    fn read(input: &mut impl BufRead) -> std::io::Result<Option<Self>> {
        let mut line = String::new();
        input.take(LONGEST_LINE).read_line(&mut line)?;
        if line.is_empty() { Ok(None) } else { Ok(Some(serde_json::from_str(&line)?)) }
    }
}

/// Runs as the child, with this many threads at most.
#[must_use]
pub fn run_child(threads: usize) -> ExitCode {
    if let Err(error) = limits::lower() {
        eprintln!("error: the process cannot limit itself: {error}");
        return ExitCode::from(LIMITS_REFUSED);
    }
    match answer(threads) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn answer(threads: usize) -> std::io::Result<()> {
    let limits = documents::Limits {
        threads,
        before_pixels: limits::one_more_page,
        names_vendor: offline::invoice::names_vendor,
        ..documents::Limits::default()
    };
    let mut input = std::io::stdin().lock();
    let Some(errand) = Errand::read(&mut input)? else { return Ok(()) };
    let mut bytes = Vec::new();
    // One byte more than allowed is enough to see that the file is too large.
    let most = u64::try_from(limits.bytes).unwrap_or(u64::MAX).saturating_add(1);
    input.take(most).read_to_end(&mut bytes)?;
    let mut out = std::io::stdout().lock();
    match errand {
        Errand::Words => {
            serde_json::to_writer(&mut out, &documents::read(&bytes, &limits))?;
        }
        Errand::Pictures => {
            for picture in documents::pictures(&bytes, &limits) {
                let length = u32::try_from(picture.len()).map_err(std::io::Error::other)?;
                out.write_all(&length.to_be_bytes())?;
                out.write_all(&picture)?;
            }
        }
        Errand::Cutout(Place { page, width, height, source, region }) => {
            let cut = documents::Cut { page, width, height, source, region };
            out.write_all(&documents::cutout(&bytes, &cut, &limits).unwrap_or_default())?;
        }
    }
    out.flush()
}

#[cfg(unix)]
mod limits {
    //! What the kernel holds the child to.

    use rlimit::Resource;
    use std::io;

    const MEBIBYTE: u64 = 1024 * 1024;
    /// Seconds of processor time for any file.
    const SECONDS: u64 = 10;
    /// Seconds more for each page that is read from its pixels: three times what the densest scan
    /// that we know takes on a machine of today (9.7 s), for slower ones.
    const SECONDS_A_PAGE: u64 = 30;
    /// Seconds that no file may have: what two threads can spend before the parent's clock ends it.
    const MOST_SECONDS: u64 = 180;

    /// Lowers the limits of this process for good: processor time, memory, core and other files.
    pub fn lower() -> io::Result<()> {
        let (_, hard) = Resource::CPU.get()?;
        Resource::CPU.set(SECONDS.min(hard), MOST_SECONDS.min(hard))?;
        to(Resource::CORE, 0)?;
        to(Resource::FSIZE, 0)?;
        to(Resource::NOFILE, 32)?;
        // What is taken and written to; the second is for what is only mapped, as the program is.
        let memory = to(Resource::DATA, MEBIBYTE.saturating_mul(512))
            .and_then(|()| to(Resource::AS, MEBIBYTE.saturating_mul(2048)));
        match memory {
            // Other systems than Linux do not limit address space.
            Err(error) if cfg!(target_os = "linux") => Err(error),
            _ => Ok(()),
        }
    }

    /// Allows the time for one more page that is read from its pixels; where that fails, the time
    /// there is must do.
    pub fn one_more_page() {
        if let Ok((soft, hard)) = Resource::CPU.get() {
            let _ = Resource::CPU.set(soft.saturating_add(SECONDS_A_PAGE).min(hard), hard);
        }
    }

    fn to(resource: Resource, most: u64) -> io::Result<()> {
        let (_, hard) = resource.get()?;
        let limit = most.min(hard);
        resource.set(limit, limit)
    }
}

#[cfg(not(unix))]
mod limits {
    //! Other systems have no such limits: there the parent's clock is the only one.

    /// Does nothing.
    #[expect(clippy::unnecessary_wraps, reason = "the same shape as on Unix")]
    pub fn lower() -> std::io::Result<()> {
        Ok(())
    }

    /// Does nothing.
    pub const fn one_more_page() {}
}
