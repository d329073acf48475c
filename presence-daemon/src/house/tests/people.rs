//! Whoever is erased leaves nothing behind, who leaves ends what they had open, and old visits name nobody.

use super::*;
use crate::control::Person;
use crate::directory::Standing;
use crate::pipeline::pages::members::card::Stage;
use crate::pipeline::pages::members::{Ask as MembersAsk, Reply as MembersReply};
use crate::pipeline::pages::{PageAsk, PageReply};
use crate::store::Anonymised;

/// Whether a word stands anywhere in the state folder, the WAL included.
fn stands_in(folder: &Path, word: &[u8]) -> Vec<String> {
    let mut found = vec![];
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            found.extend(stands_in(&entry, word));
        } else if let Ok(bytes) = std::fs::read(&entry)
            && bytes.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word))
        {
            found.push(entry.display().to_string());
        }
    }
    found
}

impl Site {
    /// Anne in full: a photo, an address, a need, a note, passes with a reason, an answer that names her.
    fn anne_in_full(&mut self) -> (MemberId, String) {
        let anne = self.id(1);
        self.house().import("name,id,email,phone,consent\nAnne,M-0001,anne.secret@example.org,+1 514 555 0177,name;photo @ 2026-01-05 x\nBenoît,M-0002,,,name @ 2026-01-05 x\n", false).unwrap();
        self.house().set_photo(anne, &[0xFF, 0xD8, 7, 7, 7, 7, 1, 2, 3, 4]).unwrap();
        let hash: String = self.sql("SELECT hash FROM photo");
        self.all_arrive();
        self.signs(1, post("Cherche une aide rare-secret", Audience::Named));
        self.buys(1, 5, None);
        let (now, member) = (self.now(), anne);
        let step = Step::Ledger(Passes::Correct { member, passes: -2, reason: "motif-secret".into(), command: self.chance() });
        self.house().handle(&Input::Between(step), &now, None).unwrap();
        (anne, hash)
    }
}

#[test]
fn who_is_erased_leaves_nothing_behind_and_the_chain_still_verifies() {
    let mut site = Site::new();
    let (anne, hash) = site.anne_in_full();
    let state = site.folder.path().join("state");
    let words: [&[u8]; 5] = [b"anne.secret@example.org", b"555 0177", b"rare-secret", b"motif-secret", hash.as_bytes()];
    assert!(words.iter().all(|word| !stands_in(&state, word).is_empty()), "the search finds what is there");
    let (before, now) = (site.sql::<i64>("SELECT sum(arrivals) FROM occupancy_hour"), site.now());
    let here = site.house().presence().open().count();
    site.house().erase(anne, &now).unwrap();
    for word in words {
        assert_eq!(stands_in(&state, word), Vec::<String>::new());
    }
    assert_eq!(site.sql::<i64>("SELECT count(*) FROM event WHERE instr(coalesce(body, ''), 'redacted') = 0 AND subject IS NULL AND body IS NULL AND kind = 'checked_in'"), 1);
    assert!(site.house().find("M-0001").is_err() && site.house().directory().member(anne).is_none());
    assert_eq!(site.house().presence().open().count(), here, "who is in the building is still counted");
    assert_eq!(site.sql::<i64>("SELECT sum(arrivals) FROM occupancy_hour"), before);
    assert_eq!(site.sql::<i64>("SELECT count(*) FROM event WHERE kind = 'redacted'"), 1);
    assert!(site.house().store().verify().unwrap().redacted > 0);
    assert_eq!(std::fs::read_to_string(state.join("erased")).unwrap(), format!("{anne}\n"));
    site.restarts();
    // the number is never given again, not even to the last one who had it
    let dora = site.id(4);
    site.house().erase(dora, &now).unwrap();
    assert_eq!(site.house().next_number().unwrap().to_string(), "M-0005");
}

#[test]
fn an_erasure_by_command_names_one_member_or_nobody() {
    let mut site = Site::new();
    let erase = |member: &str| Ask::Person(Person::Erase { member: member.into() });
    assert!(matches!(site.command(erase("nobody")), Reply::Error(_)));
    assert!(matches!(site.command(erase("Anne")), Reply::Done));
    assert!(site.house().find("Anne").is_err());
    site.restarts();
}

#[test]
fn visits_older_than_the_retention_name_nobody_and_the_counts_stay() {
    let mut site = Site::new();
    site.arrives(1);
    let old = site.id(1);
    site.waits(24 * 60);
    site.waits(91 * 24 * 60);
    site.arrives(2);
    assert_eq!(site.sql::<i64>("SELECT count(*) FROM visit WHERE member_id IS NOT NULL"), 2);
    site.trusted = false;
    let blind = site.now();
    site.house().keep_retention(&blind);
    assert_eq!(site.sql::<i64>("SELECT count(*) FROM event WHERE body IS NULL"), 0, "not while the clock isn't known");
    site.trusted = true;
    let now = site.now();
    let arrivals: i64 = site.sql("SELECT sum(arrivals) FROM occupancy_hour");
    site.house().keep_retention(&now);
    let of_old = format!("SELECT count(*) FROM event WHERE subject = '{old}'");
    assert_eq!(site.sql::<i64>(&of_old), 0);
    assert_eq!(site.sql::<i64>("SELECT count(*) FROM visit WHERE anonymised = 1 AND member_id IS NULL"), 1);
    assert_eq!(site.sql::<i64>("SELECT sum(arrivals) FROM occupancy_hour"), arrivals);
    assert!(site.house().store().verify().is_ok());
    assert!(site.house().directory().member(old).is_some(), "the member stays");
    // the same day nothing more happens
    let redacted = site.sql::<i64>("SELECT count(*) FROM event WHERE kind = 'redacted'");
    site.house().keep_retention(&now);
    assert_eq!(site.sql::<i64>("SELECT count(*) FROM event WHERE kind = 'redacted'"), redacted);
    site.restarts();
}

#[test]
fn a_run_that_would_forget_a_tenth_at_once_is_stopped_unless_it_is_the_first() {
    let mut site = Site::new();
    site.arrives(1);
    site.waits(91 * 24 * 60);
    let now = site.now();
    assert!(matches!(site.house().anonymise(&now, false).unwrap(), Anonymised::Done { visits: 1, .. }), "the first");
    site.arrives(2);
    // a clock that is a year ahead
    site.waits(365 * 24 * 60);
    let now = site.now();
    assert!(matches!(site.house().anonymise(&now, false).unwrap(), Anonymised::TooMuch { .. }));
    assert_eq!(site.sql::<i64>("SELECT count(*) FROM visit WHERE member_id IS NOT NULL"), 1);
    assert!(matches!(site.house().anonymise(&now, true).unwrap(), Anonymised::Done { visits: 1, .. }), "as the manager says");
    assert!(matches!(site.house().anonymise(&now, true).unwrap(), Anonymised::Nothing | Anonymised::Done { visits: 0, .. }));
}

#[test]
fn who_leaves_ends_what_they_had_open_and_can_come_back() {
    let mut site = Site::new();
    let (anne, _) = site.anne_in_full();
    assert!(matches!(site.command(Ask::Person(Person::Depart { member: "Anne".into(), reason: " ".into() })), Reply::Error(_)));
    assert_eq!(site.house().community().of(Some(anne)).count(), 1, "nothing is done without a reason");
    for _ in 0..2 {
        let depart = Person::Depart { member: "M-0001".into(), reason: "départ".into() };
        assert!(matches!(site.command(Ask::Person(depart)), Reply::Done));
    }
    let leaving = site.house().leaving(anne);
    assert_eq!((leaving.badges.len(), leaving.needs.len(), leaving.balance, leaving.here), (0, 0, 0, false));
    let gone = site.house().directory().member(anne).unwrap().clone();
    assert_eq!((gone.standing, gone.consents.len()), (Standing::Departed, 0));
    assert!(matches!(site.arrives(1), Outcome::Unknown { .. }), "their badge is an unknown card");
    site.restarts();
    assert_eq!(site.house().directory().member(anne).unwrap().standing, Standing::Departed);
    assert!(matches!(site.command(Ask::Person(Person::Resume { member: "M-0001".into() })), Reply::Done));
    assert_eq!(site.house().directory().member(anne).unwrap().standing, Standing::Active);
}

#[test]
fn a_suspended_member_looks_like_a_stranger_until_the_pause_is_over() {
    let mut site = Site::new();
    let ask = |site: &mut Site, person| assert!(matches!(site.command(Ask::Person(person)), Reply::Done));
    ask(&mut site, Person::Suspend { member: "Anne".into() });
    assert!(matches!(site.arrives(1), Outcome::Unknown { .. }));
    ask(&mut site, Person::Resume { member: "Anne".into() });
    site.waits(1);
    assert!(matches!(site.arrives(1), Outcome::Greeted { .. }));
}

fn page(pipeline: &mut Pipeline, ask: MembersAsk) -> MembersReply {
    match pipeline.control(Ask::Page(PageAsk::Members(ask))) {
        Reply::Page(PageReply::Members(reply)) => reply,
        other => panic!("{other:?}"),
    }
}

/// The pipeline of a house of four, and a card held to its one reader.
fn at_the_reader(site: &mut Site) -> Pipeline {
    site.house = None;
    let (outgoing, _) = tokio::sync::mpsc::unbounded_channel();
    Pipeline::new(House::open(config(site.folder.path(), "")).unwrap(), outgoing)
}

fn holds(pipeline: &mut Pipeline, uid: &str) {
    let uid = crate::control::WireUid(Uid::from_hex(uid).unwrap());
    assert!(matches!(pipeline.control(Ask::Tap { reader: ReaderName::new("porte").unwrap(), uid }), Reply::Tapped { .. }));
}

fn stage(pipeline: &mut Pipeline) -> Option<Stage> {
    let one = MembersAsk::One { member: "Chiara".into(), language: Default::default() };
    match page(pipeline, one) {
        MembersReply::One(card) => card.armed.map(|armed| armed.1),
        other => panic!("{other:?}"),
    }
}

fn arms(pipeline: &mut Pipeline) {
    let arm = MembersAsk::Arm { member: "Chiara".into(), reader: ReaderName::new("porte").unwrap() };
    assert!(matches!(page(pipeline, arm), MembersReply::Done));
}

#[test]
fn an_unknown_card_held_twice_to_the_reader_that_waits_becomes_the_badge_and_never_somebodys() {
    let mut site = Site::new();
    let mut pipeline = at_the_reader(&mut site);
    assert_eq!(stage(&mut pipeline), None);
    arms(&mut pipeline);
    assert_eq!(stage(&mut pipeline), Some(Stage::Waits));
    holds(&mut pipeline, "04000000000002");
    assert_eq!(stage(&mut pipeline), Some(Stage::Taken), "Benoît came in");
    holds(&mut pipeline, "08000001");
    assert_eq!(stage(&mut pipeline), Some(Stage::Random));
    holds(&mut pipeline, "04000000000077");
    assert_eq!(stage(&mut pipeline), Some(Stage::OnceMore));
    holds(&mut pipeline, "04000000000078");
    assert_eq!(stage(&mut pipeline), Some(Stage::OnceMore), "another card is a first one");
    holds(&mut pipeline, "04000000000077");
    assert_eq!(stage(&mut pipeline), Some(Stage::OnceMore));
    holds(&mut pipeline, "04000000000077");
    assert_eq!(stage(&mut pipeline), Some(Stage::Enrolled));
    drop(pipeline);
    assert_eq!(site.sql::<i64>("SELECT count(*) FROM badge JOIN member USING (member_id) WHERE name = 'Chiara'"), 2);
    assert_eq!(site.sql::<i64>("SELECT count(*) FROM badge"), 5);
}

#[test]
fn a_reader_that_waits_no_more_makes_no_badge() {
    let mut site = Site::new();
    let mut pipeline = at_the_reader(&mut site);
    arms(&mut pipeline);
    holds(&mut pipeline, "04000000000077");
    assert!(matches!(page(&mut pipeline, MembersAsk::Disarm { member: "Chiara".into() }), MembersReply::Done));
    holds(&mut pipeline, "04000000000077");
    assert_eq!(stage(&mut pipeline), None);
    drop(pipeline);
    assert_eq!(site.sql::<i64>("SELECT count(*) FROM badge"), 4);
}

#[test]
fn a_file_is_imported_as_it_was_seen_or_not_at_all() {
    let mut site = Site::new();
    let mut pipeline = at_the_reader(&mut site);
    let csv = "id,name,title,phone\nM-0001,Anne,Fiscalité,'+1 514\n,Zoé,,\n";
    let look = |pipeline: &mut Pipeline| match page(pipeline, MembersAsk::Preview { csv: csv.into(), account: "a".into() }) {
        MembersReply::Preview { preview, digest } => (preview, digest),
        other => panic!("{other:?}"),
    };
    let (preview, digest) = look(&mut pipeline);
    let seen: Vec<_> = preview.rows[0].fields.iter().map(|f| (&*f.column, &*f.old, &*f.new)).collect();
    assert_eq!(seen, [("title", "", "Fiscalité"), ("phone", "", "+1 514")]);
    assert!(preview.rows[1].is_new);
    // somebody changes Anne meanwhile: it is shown again
    let csv_meanwhile = "id,name,title\nM-0001,Anne,Autre\n";
    pipeline.control(Ask::Import { csv: csv_meanwhile.into(), dry_run: false });
    let apply = |digest: String| MembersAsk::Apply { account: "a".into(), digest };
    let MembersReply::Preview { digest: newer, .. } = page(&mut pipeline, apply(digest.clone())) else { panic!("it was applied") };
    assert_ne!(newer, digest);
    assert!(matches!(page(&mut pipeline, apply(newer.clone())), MembersReply::Imported { added: 1, updated: 1 }));
    assert!(matches!(page(&mut pipeline, apply(newer)), MembersReply::Gone), "once");
    let bad = MembersAsk::Preview { csv: "name,email\nMax,x\n".into(), account: "a".into() };
    assert!(matches!(page(&mut pipeline, bad), MembersReply::Bad { line: 2, column, .. } if column == "email"));
}

#[test]
fn only_the_member_agrees_the_manager_asks_and_takes_back() {
    let mut site = Site::new();
    site.anne_in_full();
    let (anne, now) = (site.id(1), site.now());
    let (photo, skills) = ((Field::Photo, Surface::Kiosk), (Field::Title, Surface::Kiosk));
    site.house().set_consents(anne, &[photo, skills], true, &now).unwrap();
    let known = site.house().directory().member(anne).unwrap().clone();
    assert!(known.shows(Field::Photo, Surface::Kiosk) && !known.shows(Field::Title, Surface::Kiosk), "invited, not agreed");
    let written = site.house().set_consents(anne, &[photo], false, &now).unwrap().unwrap();
    assert!(written.dirty.contains(&Topic::Photo(anne)));
    assert!(!site.house().directory().member(anne).unwrap().shows(Field::Photo, Surface::Kiosk));
    let by: String = site.sql("SELECT given_by FROM consent ORDER BY consent_id DESC LIMIT 1");
    assert_eq!(by, "manager");
    assert!(site.house().set_consents(anne, &[photo], false, &now).unwrap().is_none(), "twice is once");
    let directory = site.house().directory().clone();
    site.restarts();
    assert_eq!(*site.house().directory(), directory);
}
