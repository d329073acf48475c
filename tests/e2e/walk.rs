//! A need from the first word to the thanks, and passes from the work to the door: with real cards, over days.

use crate::hand::{Hand, grant_of, run};
use uuid::Uuid;
use voisins_shared::introduction::{IntroductionId, Led};
use voisins_shared::need::{Audience, NeedId};
use voisins_shared::payload::{
    Action, Agenda, Answer, Args, ForYou, ForYouReply, KioskEvent, Measures, Needs, Presence, ProposedBy, Shown, Waits, refusal,
};
use voisins_shared::topic::Topic;
use voisins_tests::world::{Plan, World, name};

const ASKER: usize = 1;
/// The demonstration's accountant.
const GISELE: usize = 2;
const PHOTOGRAPHER: usize = 4;
const BYSTANDER: usize = 3;

/// A kiosk, and the numbers of its requests.
struct Kiosk {
    hand: Hand,
    asked: u128,
    /// Whose card was read last: again at once it would be the same tap.
    last: Option<usize>,
}

fn waits(event: &KioskEvent) -> Waits {
    let Shown::Greeting(greeting) = &event.shown else { panic!("{event:?}") };
    greeting.waits
}

impl Kiosk {
    async fn of(world: &World, first: u128) -> Self {
        Self { hand: Hand::of(world).await, asked: first, last: None }
    }

    /// Somebody taps; after their own tap, somebody else in between.
    async fn tap(&mut self, world: &World, n: usize) -> KioskEvent {
        if self.last.replace(n) == Some(n) {
            world.tap(BYSTANDER);
            self.hand.event().await;
        }
        world.tap(n);
        self.hand.event().await
    }

    /// Somebody taps, and opens what waits for them.
    async fn see(&mut self, world: &World, n: usize) -> (KioskEvent, Vec<ForYou>) {
        let event = self.tap(world, n).await;
        self.asked += 1;
        match self.hand.ask(self.asked, event.session, Args::See { grant: grant_of(&event) }).await {
            Answer::ForYou { items } => (event, items),
            other => panic!("{other:?}"),
        }
    }

    async fn reply(&mut self, event: &KioskEvent, reply: ForYouReply) -> Answer {
        self.asked += 1;
        self.hand.ask(self.asked, event.session, Args::Reply { grant: grant_of(event), reply }).await
    }

    async fn sign(&mut self, world: &World, n: usize, session: Uuid, action: Action) -> Answer {
        self.asked += 1;
        self.last = Some(n);
        self.hand.sign(world, n, self.asked, session, Args::Sign { action }).await
    }

    async fn needs(&mut self, count: usize) -> Needs {
        let topic = self.hand.topics.name(&Topic::Needs);
        self.hand.peer.state(&topic, |needs: &Needs| needs.needs.len() == count).await
    }
}

/// What a command says, if it does what it is asked.
#[track_caller]
fn told(world: &World, arguments: &[&str]) -> String {
    let output = world.command(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

const DONE: Answer = Answer::Done { signer: None, undo: None };

fn introduction_of(items: &[ForYou]) -> Option<IntroductionId> {
    items.iter().find_map(|item| match item {
        ForYou::Proposed { introduction, .. } | ForYou::LedSomewhere { introduction, .. } => Some(*introduction),
        _ => None,
    })
}

#[test]
fn a_need_is_posted_answered_introduced_and_a_week_later_its_outcome_is_asked() {
    let mut world = World::start(&Plan::default());
    run(async {
        let mut kiosk = Kiosk::of(&world, 0).await;
        let session = kiosk.tap(&world, ASKER).await.session;
        let post = Action::PostNeed { text: "Besoin d’un comptable".into(), skills: vec![], audience: Audience::Named };
        assert!(matches!(kiosk.sign(&world, ASKER, session, post).await, Answer::Done { .. }));
        let need: NeedId = kiosk.needs(1).await.needs[0].id;
        // the helper arrives; both see it; Je peux aider
        let (event, items) = kiosk.see(&world, GISELE).await;
        assert_eq!(waits(&event), Waits { can_help: 1, ..Waits::default() });
        assert!(matches!(&*items, [ForYou::CanHelp { .. }]), "{items:?}");
        kiosk.asked += 1;
        let help = Args::Help { grant: grant_of(&event), need };
        assert_eq!(kiosk.hand.ask(kiosk.asked, session, help).await, DONE);
        let (event, items) = kiosk.see(&world, ASKER).await;
        assert_eq!(waits(&event), Waits { can_be_helped: 1, ..Waits::default() });
        assert!(matches!(&*items, [ForYou::Offered { helper: Some(_), .. }]), "{items:?}");
        // the manager introduces: the helper has said yes already, so only the asker is asked
        let candidates = told(&world, &["need", "candidates", &need.to_string()]);
        assert!(candidates.lines().next().is_some_and(|best| best.contains(&name(GISELE))), "{candidates}");
        let mut browser = crate::pages::manager(&world);
        let path = format!("/needs/{need}");
        let page = browser.get(&path);
        assert!(page.text.contains(&name(GISELE)) && page.text.contains("Je peux aider"), "{}", page.text);
        let fields = [("form", page.form()), ("helper", page.field("helper"))];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        let proposed = browser.post(&format!("{path}/propose"), &fields);
        assert_eq!(proposed.header("location"), Some("/introductions?said=propose-done"), "{}", proposed.text);
        assert_eq!(browser.post(&format!("{path}/propose"), &fields).status, 409, "once");
        assert!(browser.get("/introductions").text.contains("proposée"));
        let (event, items) = kiosk.see(&world, ASKER).await;
        let [ForYou::Proposed { introduction, other: Some(other), by: ProposedBy::Coordination, .. }] = &*items else {
            panic!("{items:?}")
        };
        assert!(name(GISELE).starts_with(&other.first_name));
        assert_eq!(kiosk.reply(&event, ForYouReply::Introduction { introduction: *introduction, accepted: true }).await, DONE);
        let (_, items) = kiosk.see(&world, GISELE).await;
        assert!(matches!(&*items, [ForYou::Introduced { other: Some(_), .. }]), "{items:?}");
        let (_, items) = kiosk.see(&world, ASKER).await;
        assert!(matches!(&*items, [ForYou::Introduced { other: Some(_), .. }]), "{items:?}");
        // once
        assert_eq!(waits(&kiosk.tap(&world, GISELE).await).total(), 0);
    });
    world.days_pass(7);
    run(async {
        let mut kiosk = Kiosk::of(&world, 100).await;
        let (event, items) = kiosk.see(&world, ASKER).await;
        let introduction = introduction_of(&items).unwrap_or_else(|| panic!("{items:?}"));
        assert_eq!(kiosk.reply(&event, ForYouReply::Led { introduction, led: Led::Project }).await, DONE);
        assert_eq!(kiosk.reply(&event, ForYouReply::Thank { introduction }).await, DONE);
        let (event, items) = kiosk.see(&world, GISELE).await;
        assert!(items.iter().any(|item| matches!(item, ForYou::Thanked { by: Some(_) })), "{items:?}");
        assert!(matches!(kiosk.reply(&event, ForYouReply::Led { introduction, led: Led::Met }).await, Answer::Done { .. }));
        // both answered: nobody is asked again
        let (event, items) = kiosk.see(&world, ASKER).await;
        assert_eq!((introduction_of(&items), waits(&event).total()), (None, 0), "{items:?}");
        let other = ForYouReply::Led { introduction: IntroductionId(Uuid::nil()), led: Led::Met };
        assert_eq!(kiosk.reply(&event, other).await, Answer::Refused { reason: refusal::NO_SUCH_INTRODUCTION.into() });
        let topic = kiosk.hand.topics.name(&Topic::Measures);
        let measures: Measures = kiosk.hand.peer.state(&topic, |_: &Measures| true).await;
        let all: Vec<u32> = measures.months.iter().map(|month| month.led_to_project).collect();
        assert_eq!(all.iter().sum::<u32>(), 1, "{measures:?}");
    });
    assert_eq!(world.number("SELECT count(*) FROM event WHERE body LIKE '%comptable%'"), 0, "no words in events");
}

#[test]
fn a_need_of_the_space_is_paid_in_passes_and_one_is_drawn_on_the_next_days_tap() {
    let mut world = World::start(&Plan::default());
    let need = told(&world, &["need", "post", "Photos de la salle", "--passes", "5"]);
    run(async {
        let mut kiosk = Kiosk::of(&world, 0).await;
        let posted = kiosk.needs(1).await.needs.remove(0);
        assert_eq!((posted.space, posted.passes), (true, Some(5)));
        let session = kiosk.tap(&world, PHOTOGRAPHER).await.session;
        let help = Action::Help { need: posted.id };
        assert!(matches!(kiosk.sign(&world, PHOTOGRAPHER, session, help).await, Answer::Done { .. }));
        told(&world, &["need", "fulfil", need.trim(), "--by", &name(PHOTOGRAPHER)]);
        kiosk.needs(0).await;
        let (_, items) = kiosk.see(&world, PHOTOGRAPHER).await;
        assert_eq!(items, [ForYou::Earned { passes: 5 }]);
    });
    let balance = |world: &World| {
        let list = told(world, &["pass", "list", &name(PHOTOGRAPHER)]);
        let sum =
            "SELECT coalesce(sum(passes), 0) FROM pass_entry JOIN pass_account USING (account_id) WHERE member_id IS NOT NULL";
        (list, world.number(sum))
    };
    assert_eq!(balance(&world).1, 5, "{}", balance(&world).0);
    world.days_pass(1);
    world.tap(PHOTOGRAPHER);
    assert_eq!(balance(&world).1, 4, "drawn at the first tap of the day: {}", balance(&world).0);
    for n in [ASKER, PHOTOGRAPHER] {
        world.tap(n);
    }
    assert_eq!(balance(&world).1, 4, "once a day");
    assert_eq!(
        world.number("SELECT count(*) FROM (SELECT sum(passes) AS sum FROM pass_entry GROUP BY transfer_id) WHERE sum <> 0"),
        0
    );
    let again = world.command(&["need", "fulfil", need.trim(), "--by", &name(PHOTOGRAPHER)]);
    assert_eq!((balance(&world).1, again.status.success()), (4, true), "said twice, paid once");
}

/// An event of tomorrow evening, and one that was cancelled.
fn calendar() -> String {
    let tomorrow = presence_daemon::clock::wall_as_seen().to_zoned(jiff::tz::TimeZone::UTC).date().tomorrow().expect("a day");
    let day = tomorrow.strftime("%Y%m%d");
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//FR\r\n\
         BEGIN:VEVENT\r\nUID:a@test\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:{day}T170000Z\r\nDTEND:{day}T190000Z\r\nSUMMARY:5 à 7\r\nLOCATION:salon\r\nEND:VEVENT\r\n\
         BEGIN:VEVENT\r\nUID:b@test\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:{day}T200000Z\r\nSUMMARY:Annulé\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\n\
         END:VCALENDAR\r\n"
    )
}

#[test]
fn an_event_of_a_calendar_is_on_the_agenda_and_somebody_joins_with_the_badge() {
    let mut world = World::start(&Plan { config: "double_tap_window = \"200ms\"\nlunch = false\n".into(), ..Plan::default() });
    let file = world.state().with_file_name("evenements.ics");
    std::fs::write(&file, calendar()).expect("a calendar");
    told(&world, &["event", "import", &file.display().to_string()]);
    let agenda = |count: u32| move |agenda: &Agenda| agenda.events.len() == 1 && agenda.events[0].going == count;
    let event = run(async {
        let mut kiosk = Kiosk::of(&world, 0).await;
        let topic = kiosk.hand.topics.name(&Topic::Agenda);
        let event = kiosk.hand.peer.state(&topic, agenda(0)).await.events.remove(0);
        assert_eq!((event.title.as_str(), event.place.as_deref(), event.firm_at), ("5 à 7", Some("salon"), None));
        let session = kiosk.tap(&world, ASKER).await.session;
        let joins = |going| Action::Rsvp { event: event.id, going };
        assert!(matches!(kiosk.sign(&world, ASKER, session, joins(true)).await, Answer::Done { .. }));
        assert_eq!(kiosk.hand.peer.state(&topic, agenda(1)).await.events[0].shown.len(), 1);
        event.id
    });
    // read again, and after a restart: the same event, and they still go
    told(&world, &["event", "import", &file.display().to_string()]);
    world.kill_daemon();
    world.start_daemon();
    world.wait_until_ready();
    run(async {
        let mut kiosk = Kiosk::of(&world, 100).await;
        let topic = kiosk.hand.topics.name(&Topic::Agenda);
        assert_eq!(kiosk.hand.peer.state(&topic, agenda(1)).await.events[0].id, event);
    });
    let feed = told(&world, &["event", "export", "-"]);
    assert!(feed.contains("SUMMARY:5 à 7") && feed.contains("STATUS:CONFIRMED") && !feed.contains(&name(ASKER)), "{feed}");
}

#[test]
fn who_is_vouched_for_is_counted_and_named_on_no_topic() {
    let world = World::start(&Plan::default());
    run(async {
        let mut kiosk = Kiosk::of(&world, 0).await;
        let session = kiosk.tap(&world, ASKER).await.session;
        let presence = kiosk.hand.topics.name(&Topic::Presence);
        let guest = Action::Guest { name: "Léonie Dubé".into() };
        assert!(matches!(kiosk.sign(&world, ASKER, session, guest).await, Answer::Done { .. }));
        kiosk.hand.peer.state(&presence, |presence: &Presence| presence.guests.fresh == 1).await;
        // a member without the badge, and somebody nobody knows: the same answer
        let without = |name: &str| Action::Declare { name: name.to_owned() };
        let known = kiosk.sign(&world, ASKER, session, without(&name(GISELE).to_uppercase())).await;
        let unknown = kiosk.sign(&world, ASKER, session, without("Personne Ici")).await;
        assert_eq!(known, unknown);
        kiosk.hand.peer.state(&presence, |presence: &Presence| presence.present.len() == 2 && presence.hidden.fresh == 1).await;
        let fourth = kiosk.sign(&world, ASKER, session, Action::Guest { name: "Une de trop".into() }).await;
        assert_eq!(fourth, Answer::Refused { reason: refusal::TOO_MANY_GUESTS.into() });
        let said: Vec<_> = kiosk.hand.peer.last().map(String::from_utf8_lossy).collect();
        assert!(said.len() > 5 && said.iter().all(|text| !text.contains("Dubé") && !text.contains("Personne Ici")), "on no topic");
    });
    assert_eq!(world.number("SELECT count(*) FROM visit WHERE opened_by = 'declared'"), 3);
    assert_eq!(world.number("SELECT count(*) FROM event WHERE body LIKE '%Dubé%'"), 0);
    assert!(told(&world, &["guest", "list"]).contains("Léonie Dubé"));
    assert!(told(&world, &["visit", "declared"]).contains(&name(GISELE)));
}
