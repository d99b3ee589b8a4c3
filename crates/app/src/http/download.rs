//! Files on their way to a client.
//!
//! Nothing that is served can act: types are never guessed by the client, and whatever could hold
//! a script is only ever saved, not shown.

use super::problem::Problem;
use axum::{
    body::Body,
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::{StreamExt, stream};
use ports::blobs::{BlobError, Outflow};

/// What a served file may do, should a browser open it.
const NOTHING_AT_ALL: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// A file to be served.
pub(super) struct Download {
    /// The name to save it under.
    pub(super) name: String,
    /// Its media type.
    pub(super) media_type: String,
    /// Its bytes.
    pub(super) content: Outflow,
    /// Whether its bytes may be kept by the client; only where the address is private to it.
    pub(super) keep: bool,
}

impl Download {
    /// Answers a GET with the file and a HEAD with its headers alone. The first bytes are waited for: a
    /// small file that is damaged is an error, of a large one the connection ends before the file.
    pub(super) async fn answer(mut self, method: &Method) -> Result<Response, Problem> {
        let length = self.content.size;
        let body = if method == Method::HEAD {
            Body::empty()
        } else {
            let first = self.content.chunks.next().await.transpose()?;
            Body::from_stream(stream::iter(first.map(Ok)).chain(self.content.chunks))
        };
        let kind = HeaderValue::from_str(&self.media_type)
            .unwrap_or(HeaderValue::from_static("application/octet-stream"));
        let disposition = HeaderValue::from_str(&disposition(&self.name))
            .unwrap_or(HeaderValue::from_static("attachment"));
        let caching = if self.keep { "private, max-age=86400, immutable" } else { "no-store" };
        let mut response = (StatusCode::OK, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, kind);
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        headers.insert(header::CONTENT_DISPOSITION, disposition);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(NOTHING_AT_ALL));
        Ok(response)
    }
}

/// Looks at the first bytes of a file and returns their media type, with the whole file.
///
/// # Errors
///
/// [`BlobError`] if they do not come.
pub(super) async fn typed(mut content: Outflow) -> Result<(&'static str, Outflow), BlobError> {
    let first = content.chunks.next().await.transpose()?.unwrap_or_default();
    let kind = type_of(&first);
    let chunks = stream::iter([Ok(first)]).chain(content.chunks).boxed();
    Ok((kind, Outflow { chunks, ..content }))
}

/// Returns the media type of bytes by what they begin with: pictures that a page may show, PDF,
/// and nothing else.
fn type_of(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        [b'%', b'P', b'D', b'F', ..] => "application/pdf",
        _ => "application/octet-stream",
    }
}

/// Returns the header that names a file (RFC 6266): a plain name for old clients, and the exact
/// one, percent-encoded (RFC 8187), where that differs.
fn disposition(name: &str) -> String {
    let plain: String =
        name.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    if plain == name {
        return format!("attachment; filename=\"{plain}\"");
    }
    let exact: String = name.bytes().map(encoded).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}")
}

fn is_plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || " -_.,+()#".contains(letter)
}

fn encoded(byte: u8) -> String {
    let letter = char::from(byte);
    if letter.is_ascii_alphanumeric() || "-._~".contains(letter) {
        return letter.to_string();
    }
    format!("%{byte:02X}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_name_needs_no_second_form() {
        assert_eq!(disposition("INV-2026-001.pdf"), "attachment; filename=\"INV-2026-001.pdf\"");
    }

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        let header = disposition("a\"; filename=\"evil.exe\r\nX: é.pdf");
        assert!(!header.contains('\r') && !header.contains('\n'));
        assert_eq!(header.matches('"').count(), 2);
        assert!(header.ends_with("%0D%0AX%3A%20%C3%A9.pdf"));
    }

    #[test]
    fn types_are_told_by_content() {
        assert_eq!(type_of(b"%PDF-1.7"), "application/pdf");
        assert_eq!(type_of(b"<html>"), "application/octet-stream");
        assert_eq!(type_of(b""), "application/octet-stream");
    }
}
