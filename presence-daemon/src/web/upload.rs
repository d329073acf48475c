//! Forms with a file: the token first, then the file, never more of it than is wanted.

use super::Problem;
use super::frame::{Caller, Failed};
use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError, MultipartRejection};
use axum::http::StatusCode;

/// A file that came.
#[derive(Debug)]
pub enum File {
    /// All of it.
    Whole(Vec<u8>),
    /// More than is wanted; it was read to its end, so that the browser shows what is answered.
    TooLarge,
    /// None was chosen.
    Missing,
}

/// What is read to its end beyond what is wanted, so that a browser gets its answer.
pub const PATIENCE: usize = 8 << 20;

/// Reads the file of a form, whose token comes first.
pub async fn file(caller: &Caller, form: Result<Multipart, MultipartRejection>, most: usize) -> Result<File, Failed> {
    let mut form = form.map_err(|_| caller.failed(Problem::Unreadable))?;
    let cut = |error: MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => caller.failed(Problem::TooLong),
        _ => caller.failed(Problem::Unreadable),
    };
    let mut held = false;
    while let Some(field) = form.next_field().await.map_err(cut)? {
        match field.name() {
            Some("form") => {
                caller.held(&field.text().await.map_err(cut)?)?;
                held = true;
            }
            // nobody's file is read before it is known whose it is
            Some("file") if held => return read(field, most).await.map_err(cut),
            _ if held => {}
            _ => return Err(caller.failed(Problem::Replayed)),
        }
    }
    if held { Ok(File::Missing) } else { Err(caller.failed(Problem::Unreadable)) }
}

async fn read(mut field: Field<'_>, most: usize) -> Result<File, MultipartError> {
    let (mut bytes, mut too_large) = (Vec::new(), false);
    while let Some(chunk) = field.chunk().await? {
        too_large |= bytes.len() + chunk.len() > most;
        if too_large {
            bytes.clear();
        } else {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok(match (too_large, bytes.is_empty()) {
        (true, _) => File::TooLarge,
        (false, true) => File::Missing,
        (false, false) => File::Whole(bytes),
    })
}
