use super::*;
use crate::directory::tests::member;
use crate::directory::{Badge, BadgeState};
use crate::store::GivenBy;
use jiff::civil::date;
use voisins_shared::member::{Field, Surface};

const TODAY: Date = date(2026, 11, 23);

fn digest(uid: &Uid) -> Vec<BadgeMac> {
    let mut mac = [0; 32];
    mac[..uid.as_bytes().len()].copy_from_slice(uid.as_bytes());
    vec![BadgeMac { key_id: 1, mac }]
}

/// Anne is M-0001 (m1@example.org), Benoît M-0002; Benoît's badge is 04A1B2C3.
fn directory() -> Directory {
    let benoit = member(2, "Benoît Lavoie", &[]);
    let badge = Badge { id: 1, member: benoit.id, state: BadgeState::Active, authentic: false };
    let mac = digest(&Uid::from_hex("04A1B2C3").unwrap())[0];
    Directory::new([member(1, "Anne Tremblay", &[]), benoit], [(mac, badge)])
}

fn import_into(directory: &Directory, consents: &BTreeMap<MemberId, Vec<Consent>>, csv: &str) -> Result<Plan, ImportError> {
    plan(csv, directory, consents, MemberNumber(3), TODAY, digest)
}

fn import(csv: &str) -> Result<Plan, ImportError> {
    import_into(&directory(), &BTreeMap::new(), csv)
}

#[track_caller]
fn counts(csv: &str, expected: (usize, usize, usize)) -> Vec<Change> {
    let plan = import(csv).unwrap();
    assert_eq!((plan.imported.added, plan.imported.updated, plan.imported.unchanged), expected);
    plan.changes
}

#[track_caller]
fn refused(csv: &str, line: u64, column: &str, problem: &str) {
    let error = import(csv).unwrap_err();
    assert_eq!((error.line, error.column.as_str()), (line, column), "{error}");
    assert!(error.problem.to_string().contains(problem), "{error}");
    assert_ne!(error.problem.say(Language::Fr), error.problem.say(Language::En));
    assert!(error.to_string().ends_with("Nothing was imported"));
}

#[test]
fn only_the_name_is_required_and_columns_come_in_any_order() {
    let changes = counts("skills,name\nRust; Python ;;,Zoé Ng\n", (1, 0, 0));
    assert_eq!((changes[0].member.number, &*changes[0].member.name), (MemberNumber(3), "Zoé Ng"));
    assert_eq!(changes[0].member.skills, ["Rust", "Python"]);
    assert!(changes[0].consents.is_empty() && changes[0].member.consents.is_empty(), "counted but not shown until they consent");
    counts("\u{feff}NAME\r\nZoé Ng\r\n", (1, 0, 0));
}

#[test]
fn a_row_is_matched_by_id_else_by_email_else_it_adds() {
    assert_eq!(
        counts("id,name,title\nM-0001,Anne Tremblay-Roy,\n", (0, 1, 0))[0].member.title.as_deref(),
        Some("Comptabilité"),
        "empty: unchanged"
    );
    counts("name,email,title\nAnne T.,M1@example.org,Fiscalité\n", (0, 1, 0));
    counts("name,email\nAnne Tremblay,other@example.org\n", (1, 0, 0));
    counts("id,name\nM-0042,Zoé Ng\n", (1, 0, 0));
    // a number that the file gives is not given to another row
    assert_eq!(counts("id,name\n,Max\nM-0003,Zoé Ng\n", (2, 0, 0))[0].member.number, MemberNumber(4));
    refused("id,name\nM-4294967295,Zoé\n", 2, "id", "too high");
}

#[test]
fn a_name_that_somebody_has_is_not_guessed_at() {
    refused("name,title\nZoé Ng,x\nanne tremblay,Fiscalité\n", 3, "name", "M-0001 has that name already");
    counts("name,title\nAnne Tremblay,Comptabilité\n", (0, 0, 1));
    // a list of names first, the same with addresses later: nobody is there twice
    let mut anne = member(1, "Anne Tremblay", &[]);
    anne.email = None;
    let error =
        import_into(&Directory::new([anne], []), &BTreeMap::new(), "name,email\nAnne Tremblay,anne@example.org\n").unwrap_err();
    assert!(error.problem.to_string().contains("M-0001 has that name and no e-mail"), "{error}");
}

#[test]
fn a_bad_cell_is_told_with_line_and_column_and_nothing_is_half_imported() {
    refused("name,titel\nZoé,x\n", 1, "2", "unknown column \"titel\"");
    refused("title\nx\n", 1, "1", "no column \"name\"");
    refused("name,name\na,b\n", 1, "2", "stands twice");
    refused("name,title\nZoé,x\n ,y\n", 3, "name", "empty");
    refused("name,title\nZoé,x,y\n", 2, "1", "3 cells");
    refused("name,email\nZoé,zoe at example\n", 2, "email", "no e-mail address");
    refused("name,email\nZoé,m1@example.org\nA,m1@example.org\n", 3, "name", "twice");
    refused("id,name\n142,Zoé\n", 2, "id", "M-0142");
    refused("name,screen_language\nZoé,de\n", 2, "screen_language", "fr or en");
    refused("name,consent\nZoé,name;shoe_size\n", 2, "consent", "\"shoe_size\"");
    refused("name,consent\nZoé,name @ yesterday\n", 2, "consent", "date and source");
    refused("name,consent\nZoé,name @ 2026-01-05\n", 2, "consent", "date and source");
    refused("name,badge\nZoé,04A1B2\n", 2, "badge", "4, 7 or 10 bytes");
    refused("name,badge\nZoé,08A1B2C3\n", 2, "badge", "phone");
    refused("name,badge\nZoé,04A1B2C3\n", 2, "badge", "somebody else's");
    refused("name,badge\nZoé,04A1B2C4\nMax,04A1B2C4\n", 3, "badge", "twice");
    refused("name\nZoé\nzoé\n", 3, "name", "twice");
    refused("name,title\nZoé,\"a\nb\"\n", 2, "title", "control character");
    let long = "x".repeat(201);
    refused(&format!("name\n{long}\n"), 2, "name", "longer than 200");
}

#[test]
fn a_bad_badge_is_told_without_its_uid() {
    let error = import("name,badge\nZoé,04A1B2C3\n").unwrap_err().to_string();
    assert!(!error.contains("04A1B2C3"), "{error}");
}

#[test]
fn a_csvs_consent_means_invited_unless_it_carries_a_date_and_a_source() {
    let changes = counts("name,consent\nZoé,name;skills;lobby\n", (1, 0, 0));
    assert!(changes[0].consents.iter().all(|c| c.state == ConsentState::Invited && c.on == "2026-11-23"));
    assert_eq!(changes[0].consents.len(), 4, "two fields, on the kiosk and in the lobby");
    let changes = counts("name,consent\nZoé,name @ 2026-01-05 paper | name;lobby\n", (1, 0, 0));
    let kiosk: Vec<_> = changes[0].consents.iter().filter(|c| c.surface == Surface::Kiosk).map(|c| c.state).collect();
    assert_eq!(kiosk, [ConsentState::Granted], "what is given is not asked for again");
    let changes = counts("name,consent\nZoé,name;skills @ 2026-01-05 paper form | photo\n", (1, 0, 0));
    let given: Vec<_> = changes[0].consents.iter().map(|c| (c.field, c.state, c.source.as_deref())).collect();
    let paper = Some("paper form");
    assert_eq!(
        given,
        [
            (Field::Name, ConsentState::Granted, paper),
            (Field::Skills, ConsentState::Granted, paper),
            (Field::Photo, ConsentState::Invited, None)
        ]
    );
}

#[test]
fn a_members_own_withdrawal_is_never_overridden_by_an_older_paper() {
    let directory = directory();
    let anne = directory.find("M-0001").unwrap();
    let withdrawn = Consent {
        field: Field::Name,
        surface: Surface::Kiosk,
        state: ConsentState::Withdrawn,
        by: GivenBy::Member,
        on: "2026-03-01".into(),
        source: None,
    };
    let consents = BTreeMap::from([(anne, vec![withdrawn])]);
    let added = |cell: &str| {
        import_into(&directory, &consents, &format!("id,name,consent\nM-0001,Anne Tremblay,{cell}\n")).unwrap().changes.len()
    };
    assert_eq!(added("name @ 2026-01-05 paper"), 0);
    assert_eq!(added("name"), 0, "nor are they asked again");
    assert_eq!(added("name @ 2026-04-05 paper"), 1);
}

#[test]
fn export_then_import_is_a_no_op() {
    let mut odd = member(3, "Zoé, dite « l’Éclair »", &[]);
    odd.skills = vec!["a \"b\"".into(), "c, d".into()];
    odd.screen_language = Some(Language::En);
    let base = directory();
    let directory = Directory::new(base.members().cloned().chain([odd.clone()]).collect::<Vec<_>>(), []);
    let consent = |field, surface, state, source: Option<&str>| Consent {
        field,
        surface,
        state,
        by: GivenBy::Import,
        on: "2026-01-05".into(),
        source: source.map(str::to_owned),
    };
    let consents = BTreeMap::from([(
        odd.id,
        vec![
            consent(Field::Name, Surface::Kiosk, ConsentState::Granted, Some("papier")),
            consent(Field::Skills, Surface::Kiosk, ConsentState::Granted, None),
            consent(Field::Name, Surface::Lobby, ConsentState::Invited, None),
            consent(Field::Photo, Surface::Kiosk, ConsentState::Withdrawn, None),
        ],
    )]);
    let csv = export(&directory, &consents);
    let plan = import_into(&directory, &consents, &csv).unwrap();
    assert_eq!(plan.imported, Imported { added: 0, updated: 0, unchanged: 3 }, "{csv}\n{:?}", plan.changes);
}
