//! Forms with files: read in pieces, cut at the limit, kept under their hash.

use super::problem::Problem;
use crate::compose::AppState;
use axum::extract::{
    FromRequest, Multipart, Request,
    multipart::{Field, MultipartError},
};
use bytes::{Bytes, BytesMut};
use domain::{
    document::ContentHash,
    message::{Attachment, AttachmentSource},
};
use sha2::{Digest, Sha256};

/// The most bytes of one file.
pub(super) const MAX_FILE: usize = 20 * 1024 * 1024;
/// The most bytes of a request that carries files; leaves room for base64.
pub(super) const MAX_BODY: usize = 32 * 1024 * 1024;
/// The most files of one message.
const MAX_FILES: usize = 10;
/// The most bytes of a field that is no file.
const MAX_FIELD: usize = 64 * 1024;
/// The most characters of a file name that are kept.
const MAX_NAME: usize = 200;

/// A file as it was sent.
#[derive(Debug)]
pub(super) struct Upload {
    /// The name its sender gave it.
    pub(super) name: String,
    /// The media type its sender gave it.
    pub(super) claimed_type: String,
    /// Its bytes.
    pub(super) bytes: Bytes,
}

/// A form with files, as far as its fields are known here; unknown ones are passed over.
#[derive(Debug, Default)]
pub(super) struct Form {
    /// `text`.
    pub(super) text: String,
    /// `from`.
    pub(super) from: Option<String>,
    /// `button`.
    pub(super) button: Option<String>,
    /// `key`: the sender's own name for this message, so that sending it again is harmless.
    pub(super) key: Option<String>,
    /// `wait`, in seconds.
    pub(super) wait: Option<String>,
    /// `file`, as often as it comes.
    pub(super) files: Vec<Upload>,
}

impl Form {
    /// Reads a multipart body.
    ///
    /// # Errors
    ///
    /// [`Problem`] if it is none, is cut short, or holds too much.
    pub(super) async fn read(request: Request) -> Result<Self, Problem> {
        let mut parts = Multipart::from_request(request, &())
            .await
            .map_err(|_| Problem::malformed("The multipart body has no boundary."))?;
        let mut form = Self::default();
        while let Some(field) = parts.next_field().await.map_err(|error| broken(&error))? {
            form.take(field).await?;
        }
        Ok(form)
    }

    async fn take(&mut self, field: Field<'_>) -> Result<(), Problem> {
        match field.name().unwrap_or_default() {
            "file" => {
                if self.files.len() >= MAX_FILES {
                    return Err(Problem::malformed(format!("At most {MAX_FILES} files at once.")));
                }
                let name = file_name(field.file_name().unwrap_or_default());
                let claimed_type = field.content_type().unwrap_or_default().to_owned();
                self.files.push(Upload {
                    name,
                    claimed_type,
                    bytes: bytes_of(field, MAX_FILE).await?,
                });
            }
            "text" => self.text = text_of(field).await?,
            "from" => self.from = Some(text_of(field).await?),
            "button" => self.button = Some(text_of(field).await?),
            "key" => self.key = Some(text_of(field).await?),
            "wait" => self.wait = Some(text_of(field).await?),
            _ => {
                bytes_of(field, MAX_FIELD).await?;
            }
        }
        Ok(())
    }
}

/// Keeps files and returns them as attachments of a message.
///
/// # Errors
///
/// [`Problem::Unavailable`] if they could not be kept.
pub(super) async fn keep(
    state: &AppState,
    uploads: Vec<Upload>,
) -> Result<Vec<Attachment>, Problem> {
    let mut kept = Vec::with_capacity(uploads.len());
    for Upload { name, claimed_type, bytes } in uploads {
        let hash = state.ports.blobs.put(bytes).await?;
        kept.push(Attachment { source: AttachmentSource::Stored(hash), name, claimed_type });
    }
    Ok(kept)
}

/// Keeps files again that were deleted for somebody else between [`keep`] and the moment at which the
/// message was stored, from which on it is known who has them.
///
/// # Errors
///
/// [`Problem::Unavailable`] if they could not be kept.
pub(super) async fn still_kept(state: &AppState, files: &[Bytes]) -> Result<(), Problem> {
    for bytes in files {
        let hash = ContentHash(Sha256::digest(bytes).into());
        if state.ports.blobs.size(hash).await?.is_none() {
            state.ports.blobs.put(bytes.clone()).await?;
        }
    }
    Ok(())
}

/// Returns the last part of a name, without what could be mistaken for a path or a command.
pub(super) fn file_name(raw: &str) -> String {
    let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|letter| !letter.is_control()).take(MAX_NAME).collect()
}

async fn bytes_of(mut field: Field<'_>, limit: usize) -> Result<Bytes, Problem> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
        if bytes.len().saturating_add(chunk.len()) > limit {
            return Err(Problem::TooLarge(limit));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

async fn text_of(field: Field<'_>) -> Result<String, Problem> {
    let bytes = bytes_of(field, MAX_FIELD).await?;
    String::from_utf8(bytes.to_vec()).map_err(|_| Problem::malformed("A field is not UTF-8 text."))
}

fn broken(error: &MultipartError) -> Problem {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::TooLarge(MAX_BODY);
    }
    Problem::malformed("The multipart body cannot be read to its end.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_no_path_and_no_control_characters() {
        assert_eq!(file_name("../../etc/passwd"), "passwd");
        assert_eq!(file_name("C:\\bills\\may\r\n.pdf"), "may.pdf");
        assert_eq!(file_name("Rechnung März.pdf"), "Rechnung März.pdf");
    }
}
