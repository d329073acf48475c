//! The command line. stdout carries results, stderr progress and logs. Exit 0 done, 1 failed (with what to do), 2 wrong usage.

mod between;
mod check;
mod event;
mod people;
mod personalise;
mod roll;

use anyhow::{Context as _, bail};
use clap::{Args, Parser, Subcommand};
use presence_daemon::app::{self, WithoutBroker};
use presence_daemon::concepts::{self, Sources};
use presence_daemon::config::Config;
use presence_daemon::control::{self, Ask, ControlError, Desk, Person, Reply, WireUid};
use presence_daemon::dashboard;
use presence_daemon::dashboard::address::{Address, Password};
use presence_daemon::demo;
use presence_daemon::desk;
use presence_daemon::directory::BadgeState;
use presence_daemon::house::House;
use presence_daemon::matching::Matcher;
use presence_daemon::pipeline::TapOutcome;
use presence_daemon::presence::PairingCode;
use presence_daemon::reader::rpi_bus::Header;
use presence_daemon::remedy;
use presence_daemon::web;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use voisins_shared::language::Language;
use voisins_shared::name::ReaderName;
use voisins_shared::need::{Audience, NeedId};
use voisins_shared::uid::Uid;

/// Reads badges, decides who is here, writes it down, tells the house.
#[derive(Debug, Parser)]
#[command(name = "presence-daemon", version)]
struct Cli {
    /// The config file.
    #[arg(long, global = true, env = "VOISINS_CONFIG", default_value = "/etc/voisins/daemon.toml")]
    config: PathBuf,
    #[command(subcommand)]
    command: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Run the daemon (the default).
    Run,
    /// Run a demonstration: everything by itself, nothing left behind.
    Demo(DemoArgs),
    /// Present a card to a reader, as if it had been held there.
    Tap {
        reader: ReaderName,
        /// In hexadecimal, such as 04A1B2C3D4E5F6.
        #[arg(value_parser = Uid::from_hex)]
        uid: Uid,
        #[arg(long)]
        json: bool,
    },
    /// Members in and out as CSV.
    #[command(subcommand)]
    Members(Members),
    /// Badges.
    #[command(subcommand)]
    Badge(Badge),
    /// What people look for.
    #[command(subcommand)]
    Need(Need),
    /// The manager's pages.
    #[command(subcommand)]
    Web(WebCommand),
    /// Day passes: bought, corrected, listed. Nothing of them is ever taken back, only corrected.
    #[command(subcommand)]
    Pass(desk::Pass),
    /// What was reported, hidden or waits: the manager's desk.
    #[command(subcommand)]
    Moderate(desk::Moderate),
    /// How much neighbours helped each other, by month.
    Measures,
    /// Two who are brought together, and what came of it.
    #[command(subcommand)]
    Introduction(between::Introduction),
    /// Notes that you have to look at.
    #[command(subcommand)]
    Note(between::Note),
    /// Your network outside the house.
    #[command(subcommand)]
    Contact(between::Contact),
    /// What happens in the house.
    #[command(subcommand)]
    Event(event::Event),
    /// Guests.
    #[command(subcommand)]
    Guest(Guest),
    /// Visits.
    #[command(subcommand, visible_alias = "visit")]
    Visits(Visit),
    /// Who may be in the building: the evacuation list. An aid, never the only roll call.
    Muster(roll::Muster),
    /// All that is kept of a member, as JSON on stdout.
    Export {
        /// An id, a number such as M-0142, an e-mail address or a unique name.
        member: String,
    },
    /// Forget a member for good: record, photo, badges, words, and the name in the history. It is not asked again.
    Erase {
        /// An id, a number such as M-0142, an e-mail address or a unique name.
        member: String,
    },
    /// Who of a members' CSV can help with what: measures the search on your own members, consent and presence aside.
    Match(MatchArgs),
    /// More words for the search.
    #[command(subcommand)]
    Concepts(ConceptsCommand),
    /// Who is here, live in a browser: of one site or of many, read from a broker. Changes nothing.
    Dashboard(DashboardArgs),
    /// Evacuation mode.
    #[command(subcommand)]
    Evacuation(control::Evacuation),
    /// Look at everything, and say what is wrong and what to do.
    Check,
}

#[derive(Debug, Args)]
struct DemoArgs {
    /// No window, even if there is a display.
    #[arg(long)]
    headless: bool,
    /// One line of JSON on stdout once all is ready, and no taps by itself.
    #[arg(long)]
    json: bool,
    /// Where the picture goes if there is no window.
    #[arg(long, default_value = "voisins-demo.png")]
    png: PathBuf,
}

#[derive(Debug, Args)]
struct DashboardArgs {
    /// Such as mqtt://managers@broker:1883. A password in it is seen in the list of processes: better --broker-password-file, or
    /// $VOISINS_BROKER_PASSWORD.
    #[arg(long, value_name = "URL", value_parser = Address::read)]
    broker: Address,
    /// The password of the broker's account, in the first line of a file.
    #[arg(long, value_name = "FILE")]
    broker_password_file: Option<PathBuf>,
    /// Where browsers find it.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    listen: std::net::SocketAddr,
    /// What a browser must know, in the first line of a file; needed for any address but this machine's own.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// For a browser that speaks neither French nor English.
    #[arg(long, value_name = "fr|en", default_value = "fr")]
    lang: Language,
}

impl DashboardArgs {
    fn options(self) -> dashboard::Options {
        let Self { mut broker, broker_password_file, listen, password_file, lang } = self;
        if let Some(file) = broker_password_file {
            broker.password = Password::File(file);
        } else if let (Password::None, Ok(text)) = (&broker.password, std::env::var("VOISINS_BROKER_PASSWORD")) {
            broker.password = Password::Text(text);
        }
        dashboard::Options { broker, listen, password: password_file, language: lang }
    }
}

#[derive(Debug, Args)]
struct MatchArgs {
    /// The members, in the columns of an import (`-`: stdin).
    #[arg(long, value_name = "FILE.csv")]
    members: PathBuf,
    /// Many queries, `lang TAB query` a line: one JSON object a line comes out, in order.
    #[arg(long, value_name = "FILE.tsv", conflicts_with_all = ["lang", "json", "query"])]
    queries: Option<PathBuf>,
    /// A concept file that widens the built-in ones; may be given several times.
    #[arg(long, value_name = "FILE.toml")]
    concepts: Vec<PathBuf>,
    /// The language of the explanation.
    #[arg(long, value_name = "fr|en", default_value = "fr")]
    lang: Language,
    /// One JSON object.
    #[arg(long)]
    json: bool,
    /// What is needed, in French or English.
    #[arg(required_unless_present = "queries")]
    query: Option<String>,
}

#[derive(Debug, Subcommand)]
enum ConceptsCommand {
    /// Make a concept file of ESCO's official CSV files. What the built-in concepts know already gives them its words.
    Import {
        /// Such as skills_fr.csv; may be given several times (skills, occupations).
        #[arg(long, value_name = "FILE.csv", required = true)]
        fr: Vec<PathBuf>,
        /// The same files of the same release in English.
        #[arg(long, value_name = "FILE.csv", required = true)]
        en: Vec<PathBuf>,
        /// What is a kind of what, such as broaderRelationsSkillPillar.csv.
        #[arg(long, value_name = "FILE.csv")]
        broader: Vec<PathBuf>,
        /// The concept file, for `match --concepts` and `concepts` in a kiosk's config.
        #[arg(long, value_name = "FILE.toml")]
        out: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum Members {
    /// Take a CSV file (`-`: stdin): all of it or nothing.
    Import {
        file: PathBuf,
        /// Say what it would do, and do nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Write all members to a CSV file (`-`: stdout).
    Export { file: PathBuf },
    /// Pause a member: their badges look like unknown cards.
    Suspend { member: String },
    /// End a pause, or a departure.
    Resume { member: String },
    /// Let only badges that prove themselves count for a member, or all again.
    Authentic {
        member: String,
        #[arg(value_name = "on|off", value_parser = on_or_off, action = clap::ArgAction::Set)]
        only: bool,
    },
    /// A member leaves: badges out of use, needs closed, introductions ended, off every screen; the record stays.
    Depart {
        member: String,
        /// Why the balance of their passes is set to 0.
        #[arg(long, default_value = "")]
        reason: String,
    },
}

#[derive(Debug, Subcommand)]
enum Badge {
    /// Make the card with this pairing code a member's badge.
    Enrol {
        code: PairingCode,
        /// An id, a number such as M-0142, an e-mail address or a unique name.
        member: String,
    },
    /// A member's badges: the id of each, and whether it is active, lost, retired or suspended.
    List { member: String },
    /// A badge was lost: it looks like an unknown card from now on.
    Lost { id: i64 },
    /// A badge is out of use.
    Retire { id: i64 },
    /// Write a new NTAG 424 DNA or MIFARE DESFire, so that it can't be copied.
    Personalise(personalise::Options),
}

#[derive(Debug, Subcommand)]
enum WebCommand {
    /// A link that makes an account for the pages, or gives one a new password. It works once, for 30 minutes.
    Link,
}

#[derive(Debug, Subcommand)]
enum Need {
    /// Put up a need: of the space itself, or for a member.
    Post {
        /// At most 140 characters.
        text: String,
        /// An id, a number such as M-0142, an e-mail address or a unique name; without it, the space looks for it.
        #[arg(long = "for", value_name = "MEMBER")]
        member: Option<String>,
        /// named: on the board with the first name; unnamed: without; coordination: on no screen.
        #[arg(long, value_name = "named|unnamed|coordination", default_value = "named", value_parser = audience)]
        audience: Audience,
        /// A skill that would help; up to three.
        #[arg(long = "skill", value_name = "SKILL")]
        skills: Vec<String>,
        /// Day passes that the space gives in return, 1 to 100; only for its own needs.
        #[arg(long, conflicts_with = "member")]
        passes: Option<u32>,
    },
    /// The open needs, the latest first: id, since when, who may read it, whose, its words, who offered to help.
    List,
    /// Take a need down.
    Close { id: uuid::Uuid },
    /// Write a need anew; what is not given stays as it is.
    Edit {
        id: uuid::Uuid,
        /// At most 140 characters.
        text: Option<String>,
        #[arg(long, value_name = "named|unnamed|coordination", value_parser = audience)]
        audience: Option<Audience>,
        /// All the skills it is to name; up to three.
        #[arg(long = "skill", value_name = "SKILL")]
        skills: Vec<String>,
    },
    /// A need was met: it comes down, and what the space offered for it is paid, once.
    Fulfil {
        id: uuid::Uuid,
        /// Who met it: an id, a number such as M-0142, an e-mail address or a unique name.
        #[arg(long, value_name = "MEMBER")]
        by: String,
    },
    /// Who could help with a need: here now, usually here, other members, your network; each with what of them fits.
    Candidates { id: uuid::Uuid },
}

#[derive(Debug, Subcommand)]
enum Guest {
    /// Today's guests whom a member vouched for: since when, the name, who vouched. Names are erased at the end of the next day.
    List,
}

#[derive(Debug, Subcommand)]
enum Visit {
    /// Visits of a day, or of a member: number, day, when, who, how it began and ended.
    List(roll::Wanted),
    /// Set a visit's times right; how it was stays in its history.
    Correct(roll::Correct),
    /// A visit that never was.
    Cancel(roll::Cancel),
    /// A visit from a sheet of paper.
    Add(roll::Add),
    /// Today's members without a badge: since when, who, who vouched.
    Declared,
    /// Write all visits to a CSV file (`-`: stdout): visit, member, name, kind, day, arrived, arrived_by, left, left_by, assumed_left. Times
    /// are UTC; an end that nobody tapped stands in `assumed_left` only.
    Export { file: PathBuf },
    /// Forget whose the visits are that are older than `retention`, however many: after the daemon stopped because it was too much at once.
    Anonymise,
}

fn on_or_off(word: &str) -> Result<bool, String> {
    match word {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("write on or off".to_owned()),
    }
}

fn audience(word: &str) -> Result<Audience, String> {
    Audience::from_text(word).ok_or_else(|| "write named, unnamed or coordination".to_owned())
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    voisins_shared::log_setup::init();
    match run(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("presence-daemon: {}", voisins_shared::told::told(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let config = || Config::load(&cli.config);
    match cli.command.unwrap_or(What::Run) {
        What::Run => app::run(House::open(config()?)?, &Header, WithoutBroker::GoOn, |_| ())?,
        What::Demo(DemoArgs { headless, json, png }) => demo::run(demo::Options { headless, json, png })?,
        What::Tap { reader, uid, json } => return tap(&config()?, reader, uid, json),
        What::Members(Members::Import { file, dry_run }) => {
            let csv = read_text(&file)?;
            let reply = command(config()?, Ask::Import { csv, dry_run }).with_context(|| file.display().to_string())?;
            let Reply::Imported(imported) = reply else { bail!("an answer that makes no sense: {reply:?}") };
            let would = if dry_run { "would be: " } else { "" };
            println!("{would}added {}, updated {}, unchanged {}", imported.added, imported.updated, imported.unchanged);
        }
        What::Members(Members::Export { file }) => {
            write_text(command(config()?, Ask::Export)?, &file)?;
        }
        What::Members(Members::Suspend { member }) => people::does(config()?, Person::Suspend { member })?,
        What::Members(Members::Resume { member }) => people::does(config()?, Person::Resume { member })?,
        What::Members(Members::Authentic { member, only }) => people::does(config()?, Person::Authentic { member, only })?,
        What::Members(Members::Depart { member, reason }) => people::does(config()?, Person::Depart { member, reason })?,
        What::Visits(Visit::Export { file }) => people::export_visits(config()?, &file)?,
        What::Visits(Visit::Anonymise) => print_text(command(config()?, Ask::Person(Person::Anonymise))?)?,
        What::Export { member } => people::export(config()?, member)?,
        What::Erase { member } => people::does(config()?, Person::Erase { member })?,
        What::Badge(Badge::Enrol { code, member }) => {
            let config = config()?;
            let language = config.language;
            let reply = command(config, Ask::Enrol { code, member })?;
            let Reply::Enrolled { done } = reply else { bail!("an answer that makes no sense: {reply:?}") };
            println!("{}", if done { "enrolled" } else { remedy::second_tap(language) });
        }
        What::Badge(Badge::List { member }) => print_text(command(config()?, Ask::Badges { member })?)?,
        What::Badge(Badge::Lost { id }) => done(&command(config()?, Ask::Badge { badge: id, state: BadgeState::Lost })?)?,
        What::Badge(Badge::Retire { id }) => done(&command(config()?, Ask::Badge { badge: id, state: BadgeState::Retired })?)?,
        What::Badge(Badge::Personalise(options)) => personalise::run(&config()?, &options)?,
        What::Need(Need::Post { text, member, audience, skills, passes }) => {
            print_text(command(config()?, Ask::Need(control::Need::Post { member, text, skills, audience, passes }))?)?;
        }
        What::Need(Need::Edit { id, text, audience, skills }) => {
            let skills = (!skills.is_empty()).then_some(skills);
            done(&command(config()?, Ask::Need(control::Need::Edit { need: NeedId(id), text, skills, audience }))?)?;
        }
        What::Need(Need::Fulfil { id, by }) => {
            done(&command(config()?, Ask::Need(control::Need::Fulfil { need: NeedId(id), by }))?)?
        }
        What::Pass(pass) => print_text(command(config()?, Ask::Pass(pass.numbered()))?)?,
        What::Moderate(moderate) => print_text(command(config()?, Ask::Moderate(moderate))?)?,
        What::Measures => print_text(command(config()?, Ask::Measures)?)?,
        What::Need(Need::List) => print_text(command(config()?, Ask::Needs)?)?,
        What::Need(Need::Close { id }) => done(&command(config()?, Ask::Need(control::Need::Close { need: NeedId(id) }))?)?,
        What::Web(WebCommand::Link) => println!("{}", web::link(&config()?)?),
        What::Need(Need::Candidates { id }) => desk(config()?, Desk::Candidates { need: NeedId(id) })?,
        What::Introduction(command) => desk(config()?, command.into())?,
        What::Note(command) => desk(config()?, command.into())?,
        What::Contact(command) => desk(config()?, command.into())?,
        What::Event(asked) => event::run(config()?, asked)?,
        What::Evacuation(asked) => print_text(command(config()?, Ask::Evacuation(asked))?)?,
        What::Guest(Guest::List) => print_text(command(config()?, Ask::Guests)?)?,
        What::Visits(Visit::List(wanted)) => roll::list(&config()?, &wanted)?,
        What::Visits(Visit::Correct(correct)) => print_text(command(config()?, correct.into())?)?,
        What::Visits(Visit::Cancel(cancel)) => print_text(command(config()?, cancel.into())?)?,
        What::Visits(Visit::Add(add)) => print_text(command(config()?, add.into())?)?,
        What::Muster(muster) => roll::muster(config()?, muster)?,
        What::Visits(Visit::Declared) => print_text(command(config()?, Ask::Declared)?)?,
        What::Match(arguments) => search(&arguments)?,
        What::Concepts(ConceptsCommand::Import { fr, en, broader, out }) => import_concepts([&fr, &en, &broader], &out)?,
        What::Dashboard(arguments) => dashboard::run(arguments.options(), |url| println!("{url}"))?,
        What::Check => return Ok(check::run(&cli.config)),
    }
    Ok(ExitCode::SUCCESS)
}

/// A file, or standard input for `-`.
fn read(file: &std::path::Path) -> std::io::Result<Vec<u8>> {
    if file.as_os_str() != "-" {
        return std::fs::read(file);
    }
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes)?;
    Ok(bytes)
}

fn read_text(file: &std::path::Path) -> anyhow::Result<String> {
    let bytes = read(file).with_context(|| format!("can't read {}", file.display()))?;
    String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8: save it as \"CSV UTF-8\"", file.display()))
}

fn import_concepts(files: [&[PathBuf]; 3], out: &std::path::Path) -> anyhow::Result<()> {
    let source = |file: &PathBuf| -> anyhow::Result<concepts::Source> {
        let bytes = read(file).with_context(|| format!("can't read {}", file.display()))?;
        Ok((file.display().to_string(), bytes))
    };
    let sources = |files: &[PathBuf]| files.iter().map(source).collect::<anyhow::Result<Vec<_>>>();
    let sources = Sources { fr: sources(files[0])?, en: sources(files[1])?, broader: sources(files[2])? };
    let imported = concepts::import(&sources)?;
    std::fs::write(out, &imported.toml).with_context(|| format!("can't write {}", out.display()))?;
    println!(
        "added {}, widening built-in ones {}, names {}, broader {}, left out as not released {}",
        imported.added, imported.widening, imported.names, imported.broader, imported.retired
    );
    Ok(())
}

fn search(arguments: &MatchArgs) -> anyhow::Result<()> {
    let MatchArgs { members, queries, concepts, lang, json, query } = arguments;
    let concepts = voisins_shared::matching::read_widened(concepts)?;
    let matcher = Matcher::new(&read_text(members)?, concepts).with_context(|| members.display().to_string())?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if let Some(queries) = queries {
        for answer in matcher.answers(&read_text(queries)?).with_context(|| queries.display().to_string())? {
            writeln!(out, "{}", serde_json::to_string(&answer)?)?;
        }
    } else {
        let answer = matcher.answer(query.as_deref().unwrap_or_default(), *lang);
        if *json {
            writeln!(out, "{}", serde_json::to_string(&answer)?)?;
        } else {
            for result in answer.results {
                writeln!(out, "{:.2}  {}  {}", result.score, result.name, result.why)?;
            }
        }
    }
    Ok(out.flush()?)
}

fn print_text(reply: Reply) -> anyhow::Result<()> {
    match reply {
        Reply::Text(text) => print!("{text}"),
        reply => bail!("an answer that makes no sense: {reply:?}"),
    }
    Ok(())
}

/// A command of the linking agent's desk: it answers with a text, or is done.
fn desk(config: Config, ask: Desk) -> anyhow::Result<()> {
    match command(config, Ask::Desk(ask))? {
        Reply::Done => Ok(()),
        text => print_text(text),
    }
}

fn write_text(reply: Reply, file: &std::path::Path) -> anyhow::Result<()> {
    let Reply::Text(text) = reply else { bail!("an answer that makes no sense: {reply:?}") };
    if file.as_os_str() == "-" {
        print!("{text}");
        return Ok(());
    }
    std::fs::write(file, text).with_context(|| format!("can't write {}", file.display()))
}

fn done(reply: &Reply) -> anyhow::Result<()> {
    match reply {
        Reply::Done => Ok(()),
        other => bail!("an answer that makes no sense: {other:?}"),
    }
}

fn tap(config: &Config, reader: ReaderName, uid: Uid, json: bool) -> anyhow::Result<ExitCode> {
    match control::ask(&config.state, &Ask::Tap { reader, uid: WireUid(uid) })? {
        Reply::Tapped { outcome, seq } => {
            let word = serde_json::to_value(outcome)?;
            if json {
                println!("{}", serde_json::json!({ "outcome": word, "seq": seq }));
            } else {
                println!("{}", word.as_str().unwrap_or_default());
            }
            Ok(if outcome == TapOutcome::Failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
        }
        Reply::Error(error) => bail!(error),
        other => bail!("an answer that makes no sense: {other:?}"),
    }
}

/// Carries a command out: through the running daemon, else on the database itself, whose lock keeps a daemon away meanwhile.
fn command(config: Config, ask: Ask) -> anyhow::Result<Reply> {
    let reply = match control::ask(&config.state, &ask) {
        Err(ControlError::NotRunning { .. }) => {
            let (outgoing, _) = tokio::sync::mpsc::unbounded_channel();
            presence_daemon::pipeline::Pipeline::new(House::open(config)?, outgoing).command_once(ask)
        }
        answered => answered?,
    };
    match reply {
        Reply::Error(error) => bail!(error),
        Reply::Refused(why) => bail!(web::texts::Texts::of(Language::En).say(&why)),
        reply => Ok(reply),
    }
}
