//! A real browser: headless Chromium, driven over WebDriver (W3C) as a person drives it. It finds a field by its label and a button by
//! its words, so a page that a screen reader couldn't follow can't be walked through here either.

use crate::pcscd::child_command;
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::PrintConfiguration;
use fantoccini::{Client, ClientBuilder, Locator};
use rustix::process::{Pid, Signal, kill_process_group};
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// A desk's screen and a phone's, in CSS pixels.
pub const DESK: (u32, u32) = (1440, 900);
#[allow(missing_docs)]
pub const PHONE: (u32, u32) = (360, 740);

/// How long a page may take to show what is awaited.
const PATIENCE: Duration = Duration::from_secs(20);

/// One browser with one window.
#[derive(Debug)]
pub struct Chromium {
    client: Client,
    driver: Child,
    origin: String,
    _profile: TempDir,
    /// Held open: it would end at a word that nobody takes.
    _said: BufReader<ChildStdout>,
}

impl Chromium {
    /// Opens it, for a site and a size of its window.
    ///
    /// # Panics
    /// If Chromium or its driver isn't there, as `make test` installs them.
    pub async fn open(origin: &str, size: (u32, u32), language: &str) -> Self {
        let profile = tempfile::tempdir().expect("a temporary folder");
        let mut command = child_command(&[]);
        command.args(["chromedriver", "--port=0"]).stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0);
        let mut driver = command.spawn().expect("chromedriver (Debian package chromium-driver)");
        let mut said = BufReader::new(driver.stdout.take().expect("its output"));
        let port: u16 = said
            .by_ref()
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok())
            .expect("chromedriver says its port");
        let arguments = [
            "--headless=new".to_owned(),
            // tests also run as root, in containers
            "--no-sandbox".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--hide-scrollbars".to_owned(),
            // Chromium ends with its driver
            "--remote-debugging-pipe".to_owned(),
            format!("--window-size={},{}", size.0, size.1),
            format!("--user-data-dir={}", profile.path().display()),
            format!("--accept-lang={language}"),
        ];
        let mut options = serde_json::json!({ "args": arguments });
        if size.0 < 500 {
            options["mobileEmulation"] =
                serde_json::json!({ "deviceMetrics": { "width": size.0, "height": size.1, "pixelRatio": 2.0, "touch": true } });
        }
        let capabilities = serde_json::json!({ "browserName": "chrome", "goog:chromeOptions": options });
        let capabilities = capabilities.as_object().cloned().expect("an object");
        let client = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("Chromium (Debian package chromium) starts");
        Self { client, driver, origin: origin.to_owned(), _profile: profile, _said: said }
    }

    /// Goes to a page of the site.
    ///
    /// # Panics
    /// If there is no answer.
    pub async fn goto(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.origin)).await.expect("a page");
    }

    /// Where it is, below the site.
    ///
    /// # Panics
    /// If the browser is gone.
    pub async fn path(&self) -> String {
        let url = self.client.current_url().await.expect("an address");
        url.path().to_owned()
    }

    /// The words on the page.
    ///
    /// # Panics
    /// If the browser is gone.
    pub async fn text(&self) -> String {
        let body = self.client.find(Locator::Css("body")).await.expect("a page");
        body.text().await.expect("its words")
    }

    /// Waits until the page says something.
    ///
    /// # Panics
    /// If it doesn't.
    #[track_caller]
    pub fn sees(&self, words: &str) -> impl Future<Output = ()> {
        let path = format!("//body[contains(normalize-space(.), {})]", quoted(words));
        let place = std::panic::Location::caller();
        async move {
            if self.find(&path).await.is_err() {
                panic!("{place}: not seen: {words:?}. The page says: {}", self.text().await);
            }
        }
    }

    /// Writes in the field of that label, over what stood there.
    ///
    /// # Panics
    /// If there is no such field.
    #[track_caller]
    pub fn fill(&self, label: &str, words: &str) -> impl Future<Output = ()> {
        let label = quoted(label);
        let fields = ["input", "textarea", "select"].map(|kind| {
            format!("//label[contains(normalize-space(.), {label})]//{kind} | //{kind}[@id=//label[contains(normalize-space(.), {label})]/@for]")
        });
        let (path, words, place) = (fields.join(" | "), words.to_owned(), std::panic::Location::caller());
        async move {
            let field = self.find(&path).await.unwrap_or_else(|error| panic!("{place}: no field {label}: {error}"));
            if field.tag_name().await.expect("a field") == "select" {
                field.select_by_label(&words).await.expect("a choice");
                return;
            }
            // what a browser lets one pick (a day, a time) looks different in each
            if matches!(field.prop("type").await.expect("a field").as_deref(), Some("time" | "date")) {
                let arguments = vec![serde_json::to_value(&field).expect("an element"), words.into()];
                self.client.execute("arguments[0].value = arguments[1]", arguments).await.expect("set");
                return;
            }
            field.clear().await.expect("an empty field");
            field.send_keys(&words).await.expect("typing");
        }
    }

    /// Presses the first button or link of that name.
    ///
    /// # Panics
    /// If there is none.
    #[track_caller]
    pub fn press(&self, name: &str) -> impl Future<Output = ()> {
        let name = quoted(name);
        let path = ["button", "a", "summary"].map(|kind| format!("//{kind}[contains(normalize-space(.), {name})]")).join(" | ");
        let place = std::panic::Location::caller();
        async move {
            let button = self.find(&path).await.unwrap_or_else(|error| panic!("{place}: no button {name}: {error}"));
            button.click().await.unwrap_or_else(|error| panic!("{place}: {name} can't be pressed: {error}"));
        }
    }

    async fn find(&self, path: &str) -> Result<Element, CmdError> {
        self.client.wait().at_most(PATIENCE).for_element(Locator::XPath(path)).await
    }

    /// Whether the page is wider than its window: a phone's owner would have to push it about.
    ///
    /// # Panics
    /// If the browser is gone.
    pub async fn overflows(&self) -> bool {
        let script = "return document.documentElement.scrollWidth > document.documentElement.clientWidth";
        self.client.execute(script, vec![]).await.expect("an answer").as_bool().unwrap_or(true)
    }

    /// A picture of the window, as PNG.
    ///
    /// # Panics
    /// If it can't be taken or written.
    pub async fn picture(&self, file: &Path) {
        std::fs::write(file, self.client.screenshot().await.expect("a picture")).expect("a file");
    }

    /// The page as it would be printed: a PDF.
    ///
    /// # Panics
    /// If it can't be printed.
    pub async fn print(&self) -> Vec<u8> {
        self.client.print(PrintConfiguration::default()).await.expect("a PDF")
    }

    /// Closes it.
    pub async fn close(self) {
        let _ = self.client.clone().close().await;
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        if let Some(group) = i32::try_from(self.driver.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.driver.wait();
    }
}

/// Words in XPath, which has no escape for a quotation mark.
fn quoted(words: &str) -> String {
    if words.contains('\'') { format!("\"{words}\"") } else { format!("'{words}'") }
}
