//! Sessions, tries and codes, as time goes by.

use super::*;

fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 9));

#[test]
fn a_session_ends_unused_after_half_an_hour_and_after_twelve_hours_in_any_case() {
    let (mut access, token, form) = (Access::default(), Token::new([1; 32]), Token::new([2; 32]));
    access.open("anne", Role::Manager, &token, &form, at(0));
    assert_eq!(access.session(token.text(), at(1799)).map(|session| session.form), Some(form.text().to_owned()));
    assert!(access.session(token.text(), at(1799 + 1800)).is_none(), "unused");
    access.open("anne", Role::Manager, &token, &form, at(0));
    assert!((0..12 * 3600).step_by(600).all(|seconds| access.session(token.text(), at(seconds)).is_some()));
    assert!(access.session(token.text(), at(12 * 3600)).is_none(), "a day's work");
    assert!(access.session("", at(1)).is_none() && access.session("0", at(1)).is_none());
}

#[test]
fn a_changed_password_ends_all_sessions_of_its_account() {
    let (mut access, form) = (Access::default(), Token::new([9; 32]));
    let tokens = [Token::new([1; 32]), Token::new([2; 32]), Token::new([3; 32])];
    for (token, account) in tokens.iter().zip(["anne", "anne", "paul"]) {
        access.open(account, Role::Viewer, token, &form, at(0));
    }
    access.close_all("anne");
    let left: Vec<bool> = tokens.iter().map(|token| access.session(token.text(), at(1)).is_some()).collect();
    assert_eq!(left, [false, false, true]);
    access.close(tokens[2].text());
    assert!(access.session(tokens[2].text(), at(1)).is_none());
}

#[test]
fn a_right_password_waits_five_minutes_for_five_codes() {
    let (mut access, token) = (Access::default(), Token::new([7; 32]));
    access.wait_for_code("anne", &token, at(0));
    assert!((0..CODES).all(|n| access.code_of(token.text(), at(n.into())).as_deref() == Some("anne")));
    assert_eq!(access.code_of(token.text(), at(9)), None, "one too many");
    access.wait_for_code("anne", &token, at(0));
    assert_eq!(access.code_of(token.text(), at(300)), None, "too late");
    access.wait_for_code("anne", &token, at(0));
    access.code_was_right(token.text());
    assert_eq!(access.code_of(token.text(), at(1)), None, "used");
    access.wait_for_code("anne", &token, at(0));
    access.close_all("anne");
    assert_eq!(access.code_of(token.text(), at(1)), None, "the password was changed meanwhile");
}

#[test]
fn sessions_are_told_apart_and_ended_one_by_one_or_all_others() {
    let (mut access, form) = (Access::default(), Token::new([9; 32]));
    let tokens = [1, 2, 3].map(|n| Token::new([n; 32]));
    for (token, seconds) in tokens.iter().zip([0, 10, 20]) {
        access.open("anne", Role::Manager, token, &form, at(seconds));
    }
    let ids = |access: &Access| access.open_of("anne", at(30)).into_iter().map(|open| open.id).collect::<Vec<_>>();
    assert_eq!(ids(&access), [3, 2, 1], "the latest used first");
    access.close_one("paul", 2);
    access.close_one("anne", 2);
    assert_eq!(ids(&access), [3, 1]);
    let mine = access.session(tokens[0].text(), at(30)).unwrap();
    access.close_others(&mine);
    assert_eq!(ids(&access), [1]);
}

#[test]
fn wrong_passwords_have_to_wait_longer_and_longer_but_never_for_ever() {
    let mut access = Access::default();
    for _ in 0..FREE_TRIES {
        assert_eq!(access.try_once(Some(HERE), "anne", at(10)), Ok(()));
    }
    assert_eq!(access.try_once(Some(HERE), "anne", at(10)), Err(at(1)));
    let mut now = at(10);
    for _ in 0..20 {
        now = access.try_once(Some(HERE), "anne", now).err().map_or(now, |wait| now + wait);
        assert_eq!(access.try_once(Some(HERE), "anne", now), Ok(()));
    }
    assert_eq!(access.try_once(Some(HERE), "anne", now), Err(LONGEST_WAIT));
    assert_eq!(access.try_once(Some(THERE), "anne", now), Err(at(60)), "its owner, from elsewhere");
    assert_eq!(access.try_once(Some(HERE), "paul", now), Ok(()), "another account");
    assert_eq!(access.try_once(Some(THERE), "anne", now + at(60)), Ok(()));
    access.was_right(Some(THERE), "anne");
    assert_eq!(access.try_once(Some(THERE), "anne", now + at(60)), Ok(()));
}

#[test]
fn ten_thousand_guesses_get_at_most_500_an_hour() {
    let (mut access, mut evaluated) = (Access::default(), 0);
    for guess in 0..10_000 {
        let now = Duration::from_millis(guess * 360);
        let from = IpAddr::V4(std::net::Ipv4Addr::from(u32::try_from(guess % 500).unwrap_or(0) + 1));
        evaluated += u32::from(access.try_once(Some(from), "anne", now).is_ok());
    }
    assert!(evaluated <= 500, "{evaluated}");
}

#[test]
fn a_flood_of_names_fills_no_memory_and_hides_nobody() {
    let mut access = Access::default();
    for n in 0..20_000 {
        let _ = access.try_once(Some(HERE), &n.to_string(), at(1));
    }
    assert!(access.tries.len() <= REMEMBERED + 1);
    assert!(access.try_once(Some(THERE), "anne", at(1)).is_err(), "what isn't remembered by itself waits together");
}
