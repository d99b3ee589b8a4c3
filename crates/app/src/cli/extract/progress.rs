//! A bar for people; programs that read standard error get one line where something was wrong.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{cell::Cell, io::IsTerminal};

/// How far a run over many files is.
pub struct Progress {
    bar: ProgressBar,
    files: usize,
    failed: Cell<usize>,
}

impl Progress {
    /// Begins; the bar is shown on a terminal, and for more than one file.
    #[must_use]
    pub fn new(files: usize) -> Self {
        let shown = std::io::stderr().is_terminal() && files > 1;
        let bar = if shown { bar(files) } else { ProgressBar::hidden() };
        Self { bar, files, failed: Cell::new(0) }
    }

    /// Takes the bar away while something is printed.
    pub fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }

    /// Counts a file.
    pub fn step(&self, failed: bool) {
        self.failed.set(self.failed.get().saturating_add(failed.into()));
        if self.failed.get() > 0 {
            self.bar.set_message(format!(", {} not read", self.failed.get()));
        }
        self.bar.inc(1);
    }

    /// Ends; returns whether all files could be read, and says how many could not.
    #[must_use]
    pub fn finish(&self) -> bool {
        self.bar.finish_and_clear();
        let failed = self.failed.get();
        if failed > 0 {
            eprintln!("{failed} of {} files could not be read.", self.files);
        }
        failed == 0
    }
}

fn bar(files: usize) -> ProgressBar {
    let files = u64::try_from(files).unwrap_or(u64::MAX);
    let bar = ProgressBar::with_draw_target(Some(files), ProgressDrawTarget::stderr());
    let style =
        ProgressStyle::with_template("{bar:30} {pos}/{len} files, {per_sec}{msg}, {eta} left");
    style.map_or(bar.clone(), |style| bar.with_style(style))
}
