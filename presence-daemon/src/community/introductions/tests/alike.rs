//! Two worlds that differ in one thing only: in one of them somebody says no to all that is proposed, in the other they say nothing.
//! Nobody else can tell which world is theirs.

use super::*;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Doing {
    Waits(i64),
    Asks(u128, u128),
    Sees(u128),
    Avoids(u128, u128),
    Snoozes(u128),
}

/// Who says no.
const SILENT: u128 = 2;

fn doing() -> impl Strategy<Value = Doing> {
    let who = || 1u128..=4;
    prop_oneof![
        4 => (0i64..60 * 60).prop_map(Doing::Waits),
        5 => (who(), who()).prop_map(|(a, b)| Doing::Asks(a, b)),
        4 => who().prop_map(Doing::Sees),
        1 => (who(), who()).prop_filter("two", |(a, b)| a != b).prop_map(|(a, b)| Doing::Avoids(a, b)),
        1 => who().prop_map(Doing::Snoozes),
    ]
}

fn says_no(world: &mut World) {
    let asked: Vec<IntroductionId> = world.around(|around| {
        let waiting = world.community.introductions().waiting(id(SILENT), &world.community, around);
        waiting.into_iter().filter(|(_, news)| *news == News::Proposed).map(|(found, _)| found.id).collect()
    });
    asked.into_iter().for_each(|introduction| world.answers(SILENT, introduction, false).unwrap());
}

/// What everybody but the silent one is told, and answered.
fn told(all: &[Doing], declines: bool) -> Vec<String> {
    let (mut world, mut told) = (World::default(), Vec::new());
    for doing in all {
        let answer = match *doing {
            Doing::Waits(minutes) => {
                world.minutes += minutes;
                world.time_passes();
                Ok(())
            }
            Doing::Asks(a, b) => world.asks(a, b).map(drop).map_err(|refusal| (a, refusal)),
            Doing::Sees(n) => {
                world.sees(n);
                Ok(())
            }
            Doing::Avoids(a, b) => world.replies(a, &ForYouReply::Avoid { member: id(b) }).map_err(|refusal| (a, refusal)),
            Doing::Snoozes(n) => world.replies(n, &ForYouReply::Snooze).map_err(|refusal| (n, refusal)),
        };
        // what the silent one is answered they know anyway
        if answer.is_ok() || matches!(answer, Err((who, _)) if who != SILENT) {
            told.push(format!("{answer:?}"));
        }
        told.extend((1..=4).filter(|n| *n != SILENT).map(|n| format!("{n}: {:?}", world.waits(n))));
        if declines {
            says_no(&mut world);
        }
    }
    told
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn nobody_can_tell_a_decline_from_a_silence(all in proptest::collection::vec(doing(), 1..50)) {
        prop_assert_eq!(told(&all, true), told(&all, false));
    }
}
