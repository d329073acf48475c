//! Searching by meaning, measured: 60 invented members, 180 queries, beside a plain full-text search over the same members. The set
//! was written before any tuning by somebody who hadn't seen the concepts (`tests/evaluation/README.md`); nothing is tuned on it.

use rusqlite::Connection;
use std::process::Command;
use voisins_tests::pcscd::built;

const MEMBERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/evaluation/members.csv");
const QUERIES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/evaluation/queries.tsv");

/// How often the right person came first and among the first three, and the mean reciprocal rank.
#[derive(Debug, Default, Clone, Copy)]
struct Measure {
    first: f64,
    third: f64,
    reciprocal: f64,
    queries: f64,
}

impl Measure {
    fn add(&mut self, rank: Option<usize>) {
        self.queries += 1.0;
        let Some(rank) = rank else { return };
        self.first += f64::from(u8::from(rank == 0));
        self.third += f64::from(u8::from(rank < 3));
        #[allow(clippy::cast_precision_loss)] // sixty people
        let place = rank as f64 + 1.0;
        self.reciprocal += place.recip();
    }

    fn row(&self, name: &str) -> String {
        let of = |sum: f64| sum / self.queries.max(1.0);
        format!(
            "{name:<24} {:>5} queries   success@1 {:.3}   success@3 {:.3}   MRR {:.3}",
            self.queries,
            of(self.first),
            of(self.third),
            of(self.reciprocal)
        )
    }
}

/// Language, query, and whom a sensible manager would name.
fn queries() -> Vec<(String, String, Vec<String>)> {
    let text = std::fs::read_to_string(QUERIES).unwrap();
    let cells = |line: &str| line.split('\t').map(str::to_owned).collect::<Vec<_>>();
    text.lines()
        .map(cells)
        .map(|cells| {
            let [language, query, names] = <[String; 3]>::try_from(cells).unwrap();
            (language, query, names.split(';').map(|name| name.trim().to_owned()).collect())
        })
        .collect()
}

/// The members' names in the order of each answer, by the program itself.
fn by_meaning() -> Vec<Vec<String>> {
    let out = Command::new(built("presence-daemon")).args(["match", "--members", MEMBERS, "--queries", QUERIES]).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let line = |line: &str| {
        let answer: serde_json::Value = serde_json::from_str(line).unwrap();
        let results = answer["results"].as_array().unwrap();
        results.iter().map(|result| result["name"].as_str().unwrap().to_owned()).collect()
    };
    String::from_utf8(out.stdout).unwrap().lines().map(line).collect()
}

/// The same by SQLite's FTS5 over the same text: any of the words, accents aside, ranked by BM25.
fn by_text(queries: &[(String, String, Vec<String>)]) -> Vec<Vec<String>> {
    let database = Connection::open_in_memory().unwrap();
    database
        .execute_batch("CREATE VIRTUAL TABLE member USING fts5(name UNINDEXED, title, skills, interests, tokenize = 'unicode61 remove_diacritics 2')")
        .unwrap();
    let csv = std::fs::read_to_string(MEMBERS).unwrap();
    for line in csv.lines().skip(1) {
        // the set has no quoted cell
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells.len(), 8, "{line}");
        database
            .execute(
                "INSERT INTO member VALUES (?1, ?2, ?3, ?4)",
                (cells[1], cells[2], cells[5].replace(';', " "), cells[6].replace(';', " ")),
            )
            .unwrap();
    }
    let mut search = database.prepare("SELECT name FROM member WHERE member MATCH ?1 ORDER BY rank").unwrap();
    let words = |query: &str| {
        let words = query.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" OR ")
    };
    queries
        .iter()
        .map(|(_, query, _)| search.query_map([words(query)], |row| row.get(0)).unwrap().map(Result::unwrap).collect())
        .collect()
}

#[test]
fn the_right_neighbour_is_found_by_meaning_far_more_often_than_by_letters() {
    let queries = queries();
    assert!(queries.len() >= 150);
    let measure = |answers: &[Vec<String>], language: Option<&str>| {
        assert_eq!(answers.len(), queries.len());
        let mut measure = Measure::default();
        for ((lang, _, right), names) in queries.iter().zip(answers).filter(|((lang, ..), _)| language.is_none_or(|l| l == lang)) {
            assert!(!right.is_empty(), "{lang}");
            measure.add(names.iter().position(|name| right.contains(name)));
        }
        measure
    };
    let (meaning, text) = (by_meaning(), by_text(&queries));
    let (ours, plain) = (measure(&meaning, None), measure(&text, None));
    println!("{}", ours.row("by meaning"));
    println!("{}", measure(&meaning, Some("fr")).row("by meaning, French"));
    println!("{}", measure(&meaning, Some("en")).row("by meaning, English"));
    println!("{}", plain.row("SQLite FTS5"));
    // the aims
    assert!(ours.first / ours.queries >= FIRST, "{}", ours.row("by meaning"));
    assert!(ours.third / ours.queries >= THIRD, "{}", ours.row("by meaning"));
    assert!(ours.third > 1.5 * plain.third, "{}", plain.row("SQLite FTS5"));
}

const FIRST: f64 = 0.85;
const THIRD: f64 = 0.95;
