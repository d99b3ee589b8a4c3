//! Errors as HTTP clients see them: problem details (RFC 9457) with a stable `type`.
//!
//! Never the text of an error from inside: what a client can act on is all that is told.

use crate::cli::chain;
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use ports::{blobs::BlobError, store::StoreError};
use serde::Serialize;

/// What went wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The request does not have the form it needs; says which.
    Malformed(String),
    /// No token, or not the right one.
    Unauthorized,
    /// The request is understood and refused; says why.
    Forbidden(&'static str),
    /// There is nothing under this address.
    NotFound,
    /// The address exists, the method does not.
    MethodNotAllowed,
    /// The body is larger than this many bytes.
    TooLarge(usize),
    /// The body is of a type that is not read here; says which are.
    UnsupportedMediaType(&'static str),
    /// The request took too long.
    Timeout,
    /// The request cannot be carried out now; trying again later may help.
    Unavailable,
    /// Something that the client cannot help.
    Internal,
}

/// The body of a problem.
#[derive(Debug, Serialize)]
struct Details {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    detail: String,
}

impl Problem {
    /// Makes a problem of a request that lacks something or has it wrong.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::Malformed(detail.into())
    }

    /// Returns the status, the stable word of the type and the title.
    const fn class(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Malformed(_) => {
                (StatusCode::BAD_REQUEST, "malformed", "The request is malformed")
            }
            Self::Unauthorized => {
                (StatusCode::UNAUTHORIZED, "unauthorized", "A valid token is needed")
            }
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden", "The request is refused"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "There is nothing here"),
            Self::MethodNotAllowed => (
                StatusCode::METHOD_NOT_ALLOWED,
                "method-not-allowed",
                "This method is not offered here",
            ),
            Self::TooLarge(_) => {
                (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The request is too large")
            }
            Self::UnsupportedMediaType(_) => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "This content type is not read here",
            ),
            Self::Timeout => (StatusCode::GATEWAY_TIMEOUT, "timeout", "The request took too long"),
            Self::Unavailable => {
                (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Billhook is not ready")
            }
            Self::Internal => {
                (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something broke on our side")
            }
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::Malformed(detail) => detail.clone(),
            Self::Unauthorized => {
                "Send the API token in the header `Authorization: Bearer TOKEN`.".to_owned()
            }
            Self::Forbidden(why) => (*why).to_owned(),
            Self::NotFound => "No such address, or nothing is stored under it.".to_owned(),
            Self::MethodNotAllowed => "The header `Allow` names the methods.".to_owned(),
            Self::TooLarge(limit) => format!("At most {limit} bytes are taken."),
            Self::UnsupportedMediaType(which) => (*which).to_owned(),
            Self::Timeout => "Nothing was lost; ask again.".to_owned(),
            Self::Unavailable => {
                "Storage does not answer as it should; send the same again in a moment.".to_owned()
            }
            Self::Internal => "The log holds more under this request's id.".to_owned(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, word, title) = self.class();
        let body = Details {
            kind: format!("urn:billhook:problem:{word}"),
            title,
            status: status.as_u16(),
            detail: self.detail(),
        };
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(
                    header::WWW_AUTHENTICATE,
                    HeaderValue::from_static("Bearer realm=\"billhook\""),
                );
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            }
            _ => {}
        }
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::warn!(error = chain(&error), "the database did not serve a request");
        match error {
            StoreError::Unavailable(_) | StoreError::Conflict => Self::Unavailable,
            _ => Self::Internal,
        }
    }
}

impl From<BlobError> for Problem {
    fn from(error: BlobError) -> Self {
        tracing::warn!(error = chain(&error), "the blob store did not serve a request");
        match error {
            BlobError::Unavailable(_) | BlobError::Refused(_) => Self::Unavailable,
            BlobError::Damaged => Self::Internal,
        }
    }
}
