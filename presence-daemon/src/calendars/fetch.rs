//! A calendar over HTTPS: with a limit in time and size, and asked only whether it has changed.

use super::read::LONGEST_FILE;
use crate::https;
use std::time::Duration;

/// A whole fetch may take so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The server said something else than the calendar.
    #[error("the server answered {0}: open the address in a browser, and copy it anew from the calendar's settings")]
    Status(u16),
    /// The network or the server failed.
    #[error("{0}. Is there network? What was read before stays")]
    Failed(#[from] ureq::Error),
}

/// What came of a fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// The calendar, and the tag by which the server knows this version.
    New(Vec<u8>, Option<String>),
    /// As before.
    Unchanged,
}

/// The client.
#[derive(Debug, Clone)]
pub struct Client(ureq::Agent);

impl Default for Client {
    fn default() -> Self {
        Self::new(true)
    }
}

impl Client {
    /// `https_only`: but for tests, which have a server of their own.
    fn new(https_only: bool) -> Self {
        Self(https::client(PATIENCE).https_only(https_only).max_redirects(5).build().into())
    }

    /// Fetches a calendar, unless it is still the version that `tag` names.
    ///
    /// # Errors
    /// [`FetchError`].
    pub fn fetch(&self, url: &str, tag: Option<&str>) -> Result<Fetched, FetchError> {
        let mut request = self.0.get(url).header("Accept", "text/calendar");
        if let Some(tag) = tag {
            request = request.header("If-None-Match", tag);
        }
        let mut response = request.call()?;
        match response.status().as_u16() {
            200 => {
                let tag = response.headers().get("ETag").and_then(|tag| tag.to_str().ok()).map(str::to_owned);
                let limit = u64::try_from(LONGEST_FILE).unwrap_or(u64::MAX);
                Ok(Fetched::New(response.body_mut().with_config().limit(limit).read_to_vec()?, tag))
            }
            304 => Ok(Fetched::Unchanged),
            other => Err(FetchError::Status(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::io::{BufRead as _, BufReader, Write as _};

    /// A server that gives these answers one after the other, and then what it was asked.
    fn serves(answers: Vec<Vec<u8>>) -> (String, std::thread::JoinHandle<Vec<String>>) {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/a.ics", listener.local_addr().unwrap());
        let serve = move || {
            let one = |answer: Vec<u8>| {
                let (mut stream, _) = listener.accept().unwrap();
                let lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
                let asked: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
                // who has heard enough may hang up
                let _ = stream.write_all(&answer);
                asked.join("\n")
            };
            answers.into_iter().map(one).collect()
        };
        (url, std::thread::spawn(serve))
    }

    #[test]
    fn a_feed_is_fetched_and_then_asked_only_whether_it_has_changed() {
        let first = b"HTTP/1.1 200 OK\r\nETag: \"one\"\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc".to_vec();
        let then = b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n".to_vec();
        let gone = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec();
        let (url, server) = serves(vec![first, then, gone]);
        let client = Client::new(false);
        let tag = Some("\"one\"".to_owned());
        assert_eq!(client.fetch(&url, None).unwrap(), Fetched::New(b"abc".to_vec(), tag.clone()));
        assert_eq!(client.fetch(&url, tag.as_deref()).unwrap(), Fetched::Unchanged);
        assert!(client.fetch(&url, None).unwrap_err().to_string().starts_with("the server answered 404"));
        assert!(server.join().unwrap()[1].to_lowercase().contains("if-none-match: \"one\""));
    }

    #[test]
    fn a_feed_that_is_too_long_is_not_taken() {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", LONGEST_FILE + 1);
        let (url, server) = serves(vec![[head.into_bytes(), vec![b'a'; LONGEST_FILE + 1]].concat()]);
        assert!(matches!(Client::new(false).fetch(&url, None), Err(FetchError::Failed(_))));
        server.join().unwrap();
    }

    #[test]
    fn an_address_without_https_is_not_fetched() {
        assert!(matches!(Client::default().fetch("http://localhost/a.ics", None), Err(FetchError::Failed(_))));
    }
}
