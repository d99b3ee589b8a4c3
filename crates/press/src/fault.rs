//! Why a file was not made.

/// Why a file was not made. The same values fail again: there is nothing to wait for.
#[derive(Debug, thiserror::Error)]
pub enum PressFault {
    /// The typesetter refused the page; its words, which quote nothing of the invoice.
    #[error("the page cannot be laid out: {0}")]
    Layout(String),
    /// The values do not fit the format, such as too many rows for a sheet.
    #[error("the file cannot be written")]
    Write(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl PressFault {
    pub(crate) fn write(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Write(Box::new(source))
    }
}
