//! A browser as the manager's pages see one: cookies, forms, an origin. Plain HTTP/1.1, a connection a request.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// A page that came back.
#[derive(Debug, Clone)]
pub struct Page {
    /// The status code.
    pub status: u16,
    /// The headers, names in small letters.
    pub headers: Vec<(String, String)>,
    /// The HTML.
    pub text: String,
}

impl Page {
    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value of the first field of that name.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    #[track_caller]
    pub fn field(&self, name: &str) -> String {
        let rest = self.text.split(&format!("name=\"{name}\" value=\"")).nth(1).expect("a field");
        rest.split('"').next().expect("its value").to_owned()
    }

    /// The token that stands in its forms.
    ///
    /// # Panics
    /// If it has no form.
    #[must_use]
    #[track_caller]
    pub fn form(&self) -> String {
        self.field("form")
    }
}

/// How plain forms are sent.
const FORM: &str = "application/x-www-form-urlencoded";
/// Between the parts of a form with a file.
const PART: &str = "----voisins";

/// One browser.
#[derive(Debug, Clone)]
pub struct Browser {
    /// Such as `http://127.0.0.1:4711`.
    pub origin: String,
    cookie: Option<String>,
    /// What it says as `Origin`, if anything; after a page that wants no referrer a browser says `null`.
    pub says: Option<String>,
    secretive: bool,
    /// What it says as `Accept-Language`.
    pub language: String,
}

impl Browser {
    /// A browser that knows nobody.
    #[must_use]
    pub fn at(origin: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            cookie: None,
            says: Some(origin.to_owned()),
            secretive: false,
            language: "fr-CA,fr;q=0.9".to_owned(),
        }
    }

    /// Opens a page.
    ///
    /// # Panics
    /// If nobody serves it.
    #[track_caller]
    pub fn get(&mut self, path: &str) -> Page {
        self.send("GET", path, FORM, b"")
    }

    /// Opens a page with headers of its own, as a program would; the status of what comes back.
    ///
    /// # Panics
    /// If nobody serves it.
    #[must_use]
    #[track_caller]
    pub fn status_with(&self, path: &str, headers: &[(&str, &str)]) -> u16 {
        let host = self.origin.strip_prefix("http://").expect("plain HTTP");
        let mut stream = TcpStream::connect(host).expect("somebody who listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        stream.write_all(format!("GET {path} HTTP/1.1\r\nConnection: close\r\n{headers}\r\n").as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status")
    }

    /// Opens a page that goes on, and gives what comes of it, as it comes.
    ///
    /// # Panics
    /// If nobody serves it.
    #[must_use]
    #[track_caller]
    pub fn listen(&self, path: &str) -> TcpStream {
        let host = self.origin.strip_prefix("http://").expect("plain HTTP");
        let mut stream = TcpStream::connect(host).expect("somebody who listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
        let cookie = self.cookie.as_deref().unwrap_or_default();
        let head = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("sent");
        stream
    }

    /// Sends a form: names and values.
    ///
    /// # Panics
    /// If nobody serves it.
    #[track_caller]
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        self.send("POST", path, FORM, body.join("&").as_bytes())
    }

    /// Sends a form with a file.
    ///
    /// # Panics
    /// If nobody serves it.
    #[track_caller]
    pub fn post_file(&mut self, path: &str, fields: &[(&str, &str)], (name, bytes): (&str, &[u8])) -> Page {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--{PART}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.as_bytes());
        }
        let head = format!("--{PART}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a\"\r\n\r\n");
        body.extend([head.as_bytes(), bytes, format!("\r\n--{PART}--\r\n").as_bytes()].concat());
        self.send("POST", path, &format!("multipart/form-data; boundary={PART}"), &body)
    }

    #[track_caller]
    fn send(&mut self, method: &str, path: &str, kind: &str, body: &[u8]) -> Page {
        let host = self.origin.strip_prefix("http://").expect("plain HTTP");
        let mut stream = TcpStream::connect(host).expect("somebody who listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAccept-Language: {}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n",
            self.language,
            body.len()
        );
        let says = if self.secretive { Some("null".to_owned()) } else { self.says.clone() };
        for (name, value) in [("Cookie", &self.cookie), ("Origin", &says)] {
            if let Some(value) = value {
                head += &format!("{name}: {value}\r\n");
            }
        }
        // who has heard enough may answer before all of it is sent
        let _ = stream.write_all(&[format!("{head}\r\n").as_bytes(), body].concat());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, text) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        let page = Page { status, headers: head.lines().skip(1).filter_map(header).collect(), text: text.to_owned() };
        self.secretive = page.header("referrer-policy") == Some("no-referrer");
        if let Some(cookie) = page.header("set-cookie") {
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        page
    }
}

fn encoded(value: &str) -> String {
    value.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
