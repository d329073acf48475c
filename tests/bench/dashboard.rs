//! `bench --dashboard`: 1,000 sites with 200 people each on a real broker, and one dashboard that watches them all.

use crate::numbers::{Sample, milliseconds};
use crate::table::{Aim, Table};
use crate::{Outcome, load, search, stop};
use presence_daemon::clock::since_boot;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::name::SiteName;
use voisins_shared::payload::{Count, Directory, Occupancy, Presence, PresentMember, Session, State, Status, V, encode};
use voisins_shared::topic::{Topic, Topics};
use voisins_shared::visit::Availability;
use voisins_tests::broker::{Mosquitto, Peer};
use voisins_tests::pcscd::{built, child_command};
use voisins_tests::world::LIMIT;

const SITES: usize = 1_000;
const HERE: usize = 200;
const CHANGES: u64 = 100;
/// From the start until all sites are right, in milliseconds.
const LIVE: f64 = 5_000.0;
/// From a change to the browser, in milliseconds.
const SHOWN: f64 = 200.0;
/// In MB.
const MEMORY: f64 = 300.0;

/// What was measured.
#[derive(Debug)]
pub struct Measured {
    live: f64,
    shown: Sample,
    page: usize,
    memory: f64,
}

/// The dashboard while it runs.
struct Running {
    child: Child,
    url: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start(port: u16) -> Outcome<Running> {
    let mut command = child_command(&[]);
    command.arg(built("presence-daemon")).args(["dashboard", "--broker"]).arg(format!("mqtt://127.0.0.1:{port}"));
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let mut url = String::new();
    BufReader::new(child.stdout.take().ok_or("no stdout")?).read_line(&mut url)?;
    Ok(Running { child, url: url.trim().to_owned() })
}

/// A page as plain HTTP/1.0: no chunks, the connection ends with it.
fn open(url: &str, path: &str) -> Outcome<TcpStream> {
    let host = url.strip_prefix("http://").ok_or("plain HTTP")?;
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(LIMIT))?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {host}\r\nAccept-Language: fr\r\n\r\n")?;
    Ok(stream)
}

fn get(url: &str, path: &str) -> Outcome<String> {
    let mut text = String::new();
    open(url, path)?.read_to_string(&mut text)?;
    Ok(text)
}

/// The retained documents of one site; `today` is the number that changes.
struct Site {
    topics: Topics,
    session: Uuid,
    present: Vec<PresentMember>,
}

impl Site {
    fn new(n: usize, members: &[voisins_shared::payload::DirectoryMember]) -> Outcome<Self> {
        let session = Uuid::from_u128(n as u128 + 1);
        let here = |member: &voisins_shared::payload::DirectoryMember| PresentMember {
            member: member.id,
            fresh: true,
            availability: Availability::Here,
            since: None,
        };
        Ok(Self {
            topics: Topics::of(&SiteName::new(&format!("site-{n:04}"))?),
            session,
            present: members.iter().map(here).collect(),
        })
    }

    fn presence(&self, rev: u64, today: u32) -> Vec<u8> {
        let (session, present) = (self.session, self.present.clone());
        encode(&Presence { v: V, session, rev, present, hidden: Count::default(), guests: Count::default(), today })
    }

    fn documents(&self, site: SiteName, members: &[voisins_shared::payload::DirectoryMember]) -> [(Topic, Vec<u8>); 5] {
        let session = self.session;
        let born = Session {
            v: V,
            session,
            installation: session,
            title: format!("Espace {site}"),
            site,
            time_zone: "America/Toronto".to_owned(),
            admin: None,
            version: "0".to_owned(),
        };
        let members_here = Count { fresh: HERE as u32, passed: 0 };
        let occupancy = Occupancy { v: V, session, rev: 1, members: members_here, guests: Count::default(), today: 0 };
        [
            (Topic::Session, encode(&born)),
            (Topic::Status, encode(&Status { v: V, state: State::Online, session })),
            (Topic::Occupancy, encode(&occupancy)),
            (Topic::Directory, encode(&Directory { v: V, session, rev: 1, members: members.to_vec() })),
            (Topic::Presence, self.presence(1, 0)),
        ]
    }
}

/// Measures it.
pub fn measure(seed: u64) -> Outcome<Measured> {
    let broker = Mosquitto::start("max_queued_messages 100000\n");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let members = search::members(HERE, seed);
    let peer = runtime.block_on(Peer::connect(broker.port, None))?;
    for n in 0..SITES {
        stop::check()?;
        let (site, name) = (Site::new(n, &members)?, SiteName::new(&format!("site-{n:04}"))?);
        for (topic, payload) in site.documents(name, &members) {
            runtime.block_on(peer.publish(&site.topics.name(&topic), payload, true));
        }
    }
    let begun = since_boot();
    let dashboard = start(broker.port)?;
    let live = format!("{SITES}");
    // a row says that its site is live, with everybody who is here
    let row = format!("<td class=\"time\">{HERE}</td>");
    while get(&dashboard.url, "/")?.matches(&row).count() < SITES {
        if since_boot() > begun + LIMIT {
            return Err(format!("the dashboard does not show {live} sites within {LIMIT:?}").into());
        }
        stop::pause(Duration::from_millis(20))?;
    }
    let live = milliseconds(begun, since_boot());
    let site = Site::new(SITES / 2, &members)?;
    let path = format!("/sites/site-{:04}", SITES / 2);
    let page = get(&dashboard.url, &path)?.len();
    let mut events = open(&dashboard.url, &format!("{path}/live"))?;
    hear(&mut events, "p-lists")?;
    let mut shown = Vec::new();
    for change in 0..CHANGES {
        stop::check()?;
        // a number that stands nowhere else
        let today = 10_000 + u32::try_from(change)?;
        let begun = since_boot();
        runtime.block_on(peer.publish(&site.topics.name(&Topic::Presence), site.presence(2 + change, today), true));
        hear(&mut events, &format!(">{today}<"))?;
        shown.push(milliseconds(begun, since_boot()));
    }
    let memory = load::pss(dashboard.child.id())?;
    Ok(Measured { live, shown: Sample::new(shown), page, memory })
}

/// Reads events until this came.
fn hear(events: &mut TcpStream, wanted: &str) -> Outcome<()> {
    let (mut heard, mut buffer) = (String::new(), vec![0; 1 << 16]);
    while !heard.contains(wanted) {
        let read = events.read(&mut buffer)?;
        if read == 0 {
            return Err("the events ended".into());
        }
        heard.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
    Ok(())
}

/// Prints it.
pub fn report(table: &mut Table, measured: &Measured) {
    table.section(format!("dashboard: {SITES} sites with {HERE} people each on one broker"));
    let aim = Aim::new("< 5 s", measured.live < LIVE);
    table.value("from the start until every site is shown", format!("{:.0} ms", measured.live), Some(aim));
    let aim = Aim::new("p99 < 200 ms", measured.shown.percentile(99) < SHOWN);
    table.times("from a change to the browser", &measured.shown, None, Some(aim));
    table.value("memory (PSS)", format!("{:.0} MB", measured.memory), Some(Aim::new("< 300 MB", measured.memory < MEMORY)));
    table.value("a site's page", format!("{} kB", measured.page / 1000), None);
}
