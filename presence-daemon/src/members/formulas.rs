//! Cells that a spreadsheet would run: a value that begins like a formula gets an apostrophe before it (OWASP, "CSV Injection"), and
//! loses it again when it comes back.

/// What a formula begins with, also in the wide letters of East Asian keyboards.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// A cell as it is written to a file.
#[must_use]
pub fn neutral(cell: &str) -> String {
    if is_formula(cell) { format!("'{cell}") } else { cell.to_owned() }
}

/// A cell as it was before it was written.
#[must_use]
pub fn plain(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

/// Apostrophes before it count with it, so that a value which has one of its own comes back as it was.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(FORMULA)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_run_is_text_in_a_file_and_comes_back_as_it_was() {
        for cell in ["=1+1", "+1 514 555-0199", "-x", "@SUM(A1)", "'=1", "''=1", "'", "'a", "＝1", "", "a=b", "l’été"] {
            assert_eq!(plain(&neutral(cell)), cell);
            assert!(!neutral(cell).starts_with(FORMULA), "{cell}");
        }
        assert_eq!(neutral("Anne"), "Anne");
        assert_eq!(neutral("=HYPERLINK(\"http://x\")"), "'=HYPERLINK(\"http://x\")");
    }
}
