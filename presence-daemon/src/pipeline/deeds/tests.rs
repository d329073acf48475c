//! What stands in the journal after commands of every sort, and who may come in by which code.

use super::*;
use crate::config::Config;
use crate::house::House;
use crate::web::access::Role;
use crate::web::second_step;
use std::path::Path;
use tempfile::TempDir;

fn open(folder: &Path, clock: &str) -> Pipeline {
    let text = format!("site = 'a'\nstate = '{}'\n{clock}", folder.display());
    let (outgoing, _) = tokio::sync::mpsc::unbounded_channel();
    Pipeline::new(House::open(Config::parse(&text, Path::new("test")).unwrap()).unwrap(), outgoing)
}

fn fresh() -> (TempDir, Pipeline) {
    let folder = tempfile::tempdir().unwrap();
    let mut pipeline = open(folder.path(), "clock = 'always'");
    pipeline.house.store_mut().set_manager("anne", "hash", Role::Manager, false).unwrap();
    (folder, pipeline)
}

/// The lines of the journal: account, deed, how often.
fn lines(folder: &TempDir) -> Vec<(Option<i64>, Deed, u32)> {
    let reports = crate::store::Reports::open(&crate::house::database(folder.path())).unwrap();
    let wanted = crate::store::journal::Wanted { at_most: 100, ..Default::default() };
    let line =
        |line: crate::store::journal::Line| (line.managed.account.map(|account| account.0), line.managed.deed, line.managed.times);
    reports.journal(wanted).unwrap().into_iter().rev().map(line).collect()
}

fn anne() -> By {
    By::Account("anne".to_owned())
}

const CSV: &str = "name,email\nDora Ng,dora@example.org\n";

#[test]
fn whoever_changes_something_stands_in_the_journal_and_whoever_looks_or_fails_does_not() {
    let (folder, mut pipeline) = fresh();
    let import = |dry_run| Ask::Import { csv: CSV.into(), dry_run };
    pipeline.carry_out(import(true), &By::CommandLine);
    pipeline.carry_out(import(false), &By::CommandLine);
    pipeline.carry_out(Ask::Status, &anne());
    pipeline.carry_out(Ask::Needs, &anne());
    pipeline.carry_out(Ask::Need(control::Need::Close { need: NeedId(Uuid::from_u128(1)) }), &anne());
    pipeline.carry_out(Ask::Export, &anne());
    pipeline.carry_out(Ask::Pass(Pass::List { member: Some("Dora Ng".into()) }), &anne());
    let post = Ask::Need(control::Need::Post {
        member: None,
        text: "Photos".into(),
        skills: vec![],
        audience: voisins_shared::need::Audience::Named,
        passes: None,
    });
    pipeline.carry_out(post, &By::Account("gone".into()));
    let expected = [
        (None, Deed::MembersImported, 1),
        (Some(1), Deed::MembersExported, 1),
        (Some(1), Deed::HistorySeen, 1),
        (None, Deed::NeedPosted, 1),
    ];
    assert_eq!(lines(&folder), expected);
    let bodies = pipeline.house.store().verify().unwrap();
    assert!(bodies.events >= 5);
}

#[test]
fn a_flood_of_refused_sign_ins_is_a_line_each_ten_minutes_with_how_many_there_were() {
    let (folder, mut pipeline) = fresh();
    let mut now = pipeline.house.now();
    for guess in 0..10_000_u32 {
        let name = if guess % 2 == 0 { "anne" } else { "nobody" };
        pipeline.sign_in_refused(name, &now).unwrap();
    }
    now.since_boot += Duration::from_secs(599);
    pipeline.tell_refused(&now);
    assert_eq!(lines(&folder), [(Some(1), Deed::SignInRefused, 1), (None, Deed::SignInRefused, 1)]);
    now.since_boot += Duration::from_secs(1);
    pipeline.tell_refused(&now);
    pipeline.tell_refused(&now);
    assert_eq!(lines(&folder)[2..], [(None, Deed::SignInRefused, 4999), (Some(1), Deed::SignInRefused, 4999)]);
}

fn page(pipeline: &mut Pipeline, ask: accounts::Ask) -> accounts::Reply {
    match pipeline.carry_out(Ask::Page(PageAsk::Accounts(ask)), &anne()) {
        Reply::Page(PageReply::Accounts(reply)) => reply,
        other => panic!("{other:?}"),
    }
}

fn code(pipeline: &mut Pipeline, code: &str) -> door::Code {
    let ask = door::Ask::Code { name: "anne".into(), code: code.into() };
    match pipeline.carry_out(Ask::Page(PageAsk::Door(ask)), &By::Nobody) {
        Reply::Page(PageReply::Door(door::Reply::Code(code))) => code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_code_opens_once_a_recovery_code_once_and_without_the_time_only_a_recovery_code_does() {
    let (folder, mut pipeline) = fresh();
    let name = || "anne".to_owned();
    assert_eq!(code(&mut pipeline, "123456"), door::Code::Wrong, "there is no second step");
    page(&mut pipeline, accounts::Ask::DrawStep { name: name(), anew: true });
    let secret = pipeline.house.store().step("anne").unwrap().unwrap().secret;
    let wall = pipeline.house.now().wall.unwrap();
    // the code of the next 30 seconds is taken too: none of this test's depends on the second
    let at = |steps: i64| {
        let second = wall.as_second() + 30 * steps;
        (0..1_000_000).map(|n| format!("{n:06}")).find(|code| {
            let wall = jiff::Timestamp::from_second(second).unwrap();
            second_step::check(&secret, code, wall) == Some(second.unsigned_abs() / 30)
        })
    };
    let (this, next) = (at(0).unwrap(), at(1).unwrap());
    let wrong = page(&mut pipeline, accounts::Ask::ConfirmStep { name: name(), code: "000".into() });
    assert!(matches!(wrong, accounts::Reply::Not(_)), "{wrong:?}");
    assert_eq!(code(&mut pipeline, &this), door::Code::Wrong, "it doesn't count yet");
    let accounts::Reply::Recovery { codes } = page(&mut pipeline, accounts::Ask::ConfirmStep { name: name(), code: this.clone() })
    else {
        panic!("a right code")
    };
    let codes: Vec<&str> = codes.0.split(' ').collect();
    assert_eq!(codes.len(), second_step::CODES);
    assert_eq!(code(&mut pipeline, &this), door::Code::Wrong, "replayed");
    assert_eq!(code(&mut pipeline, &next), door::Code::Right);
    assert_eq!(code(&mut pipeline, &next), door::Code::Wrong, "replayed");
    assert_eq!(code(&mut pipeline, codes[3]), door::Code::Right);
    assert_eq!(code(&mut pipeline, codes[3]), door::Code::Wrong, "once");
    assert!(matches!(page(&mut pipeline, accounts::Ask::DrawStep { name: name(), anew: true }), accounts::Reply::Not(_)));
    drop(pipeline);
    // after a restart, with a clock that nobody has set yet
    let mut pipeline = open(folder.path(), "clock = 'file'\nclock_file = '/nonexistent'");
    assert_eq!(code(&mut pipeline, &next), door::Code::NoTime);
    assert_eq!(code(&mut pipeline, codes[3]), door::Code::Wrong, "used before");
    assert_eq!(code(&mut pipeline, &codes[4].to_uppercase()), door::Code::Right);
    let deeds: Vec<Deed> = lines(&folder).into_iter().map(|(_, deed, _)| deed).collect();
    assert_eq!(deeds, [Deed::SecondStepOn, Deed::RecoveryUsed, Deed::RecoveryUsed]);
    let bodies = pipeline.house.store().verify().unwrap();
    assert_eq!(bodies.events, 3);
}

#[test]
fn a_link_makes_one_account_of_its_role_and_takes_nobody_s_name() {
    let (folder, mut pipeline) = fresh();
    let accounts::Reply::Link { link } = page(&mut pipeline, accounts::Ask::Invite { role: Role::Viewer }) else {
        panic!("a link")
    };
    let mut claim = |link: &str, name: &str| {
        let ask = door::Ask::Claim { link: link.into(), name: name.into(), hash: "h".into() };
        matches!(
            pipeline.carry_out(Ask::Page(PageAsk::Door(ask)), &By::Nobody),
            Reply::Page(PageReply::Door(door::Reply::Claimed { done: true }))
        )
    };
    assert!(!claim(&link, "Anne"), "it would be hers");
    assert!(claim(&link, "paul"));
    assert!(!claim(&link, "zoe"), "used");
    let paul = pipeline.house.store().manager("paul").unwrap().unwrap();
    assert_eq!((paul.role, pipeline.house.store().manager("anne").unwrap().unwrap().password), (Role::Viewer, "hash".into()));
    assert_eq!(lines(&folder), [(Some(1), Deed::LinkMade, 1), (Some(2), Deed::LinkUsed, 1)]);
}
