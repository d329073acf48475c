//! Privacy, by default: what may be known is checked on the bytes that go out.

mod agenda;
mod home;

use super::*;
use crate::clock::BootId;
use crate::directory::tests::member;
use crate::policy::tests::policy;
use crate::presence::{GuestId, VisitId};
use std::path::Path;
use std::time::Duration;
use voisins_shared::need::{Audience, NeedId};
use voisins_shared::visit::OpenedBy;

const CONFIG: &str = "site = 'a'\n[[kiosk]]\nname = 'cafe'\n[[kiosk]]\nname = 'salon'\n[[reader]]\nname = 'porte'\npcsc_name = 'A'\n[[reader]]\nname = 'cafe'\npcsc_name = 'B'\nbeside = 'cafe'\n";

struct World {
    config: Config,
    presence: Presence,
    directory: Directory,
    community: Community,
    usual_days: BTreeMap<MemberId, Vec<Weekday>>,
    measures: Vec<Month>,
    history: BTreeMap<Date, Day>,
    readers: BTreeMap<ReaderName, ReaderStatus>,
    seconds: u64,
}

impl World {
    fn new(members: Vec<crate::directory::Member>) -> Self {
        let config = Config::parse(CONFIG, Path::new("t")).unwrap();
        Self {
            config,
            presence: Presence::new(policy("")),
            directory: Directory::new(members, []),
            community: Community::default(),
            usual_days: BTreeMap::new(),
            measures: vec![],
            history: BTreeMap::new(),
            readers: BTreeMap::new(),
            seconds: 10,
        }
    }

    fn now(&self) -> Now {
        let wall = "2026-10-23T13:00:00Z".parse::<jiff::Timestamp>().unwrap() + Duration::from_secs(self.seconds);
        Now { boot: BootId(Uuid::from_u128(1)), since_boot: Duration::from_secs(self.seconds), wall: Some(wall) }
    }

    fn happens(&mut self, what: What) -> PresenceEvent {
        self.seconds += 1;
        let event = PresenceEvent { at: self.now(), what };
        self.community.apply(&event);
        event
    }

    fn edit(&mut self, need: u128, text: &str, audience: Audience) -> PresenceEvent {
        let (need, draft) = (NeedId(Uuid::from_u128(need)), crate::community::Draft { text: text.into(), skills: vec![] });
        let step = crate::community::needs::Step::Edit { by: None, need, draft, audience };
        let what =
            crate::community::tests::decided(&self.community, &crate::community::Step::Need(step), &self.now()).unwrap().remove(0);
        self.happens(what)
    }

    fn comes(&mut self, visit: u64, subject: Subject) {
        self.seconds += 1;
        let what = What::CheckedIn { visit: VisitId(visit), subject, reader: None, by: OpenedBy::Tap };
        self.presence.apply(&PresenceEvent { at: self.now(), what });
    }

    fn view(&self) -> View<'_> {
        let (installation, session) = (Uuid::from_u128(8), Uuid::from_u128(9));
        View {
            config: &self.config,
            presence: &self.presence,
            directory: &self.directory,
            community: &self.community,
            usual_days: &self.usual_days,
            measures: &self.measures,
            history: &self.history,
            readers: &self.readers,
            installation,
            session,
            now: self.now(),
        }
    }

    fn document<T: serde::de::DeserializeOwned>(&self, topic: &Topic) -> T {
        payload::decode(&self.view().render(topic, 1).unwrap()).unwrap()
    }
}

fn subject(n: u128) -> Subject {
    Subject::Member(MemberId(Uuid::from_u128(n)))
}

#[test]
fn a_member_who_has_not_agreed_is_counted_and_named_nowhere() {
    let mut world = World::new(vec![member(1, "Anne Tremblay", &[]), member(2, "Benoît Lavoie", &[Field::Name])]);
    world.comes(1, subject(1));
    world.comes(2, subject(2));
    let presence: payload::Presence = world.document(&Topic::Presence);
    assert_eq!((presence.present.len(), presence.hidden.fresh, presence.today), (1, 1, 2));
    let view = world.view();
    let topics = view.topics().into_iter().filter_map(|topic| view.render(&topic, 1));
    let greeting = view.greeting(MemberId(Uuid::from_u128(1)), Moment::Arrival, false);
    assert_eq!((&greeting.greeted, greeting.offer), (&None, true));
    let all: Vec<String> = topics.chain([encode(&greeting)]).map(|bytes| String::from_utf8(bytes).unwrap()).collect();
    let hidden_id = Uuid::from_u128(1).to_string();
    for secret in ["Anne", "Tremblay", "m1@example.org", &hidden_id] {
        assert!(all.iter().all(|text| !text.contains(secret)), "{secret} in {all:#?}");
    }
    assert!(all.iter().any(|text| text.contains("Benoît")));
}

#[test]
fn the_time_of_arrival_is_off_unless_they_agree() {
    let mut world = World::new(vec![member(1, "A", &[Field::Name]), member(2, "B", &[Field::Name, Field::Since])]);
    world.comes(1, subject(1));
    world.comes(2, subject(2));
    let presence: payload::Presence = world.document(&Topic::Presence);
    assert_eq!(presence.present.iter().map(|p| p.since.is_some()).collect::<Vec<_>>(), [true, false], "the latest first");
}

#[test]
fn a_confidential_need_is_on_no_topic_a_kiosk_can_read() {
    let mut world = World::new(vec![member(1, "Anne Tremblay", &[Field::Name]), member(2, "Benoît Lavoie", &[])]);
    let posts = [
        (1, "au tableau", Audience::Named),
        (1, "sans nom", Audience::Unnamed),
        (1, "secret", Audience::Coordination),
        (2, "caché", Audience::Named),
    ];
    for (n, (author, text, audience)) in (1u128..).zip(posts) {
        let author = Some(MemberId(Uuid::from_u128(author)));
        let what = world.community.post(author, text, &[], audience, NeedId(Uuid::from_u128(n))).unwrap();
        world.seconds += 1;
        world.community.apply(&PresenceEvent { at: world.now(), what });
    }
    let needs: payload::Needs = world.document(&Topic::Needs);
    let seen: Vec<_> = needs.needs.iter().map(|need| (&*need.text, need.author.map(|author| author.0.as_u128()))).collect();
    assert_eq!(seen, [("caché", None), ("sans nom", None), ("au tableau", Some(1))], "a name only of who shows it");
    let shows = |world: &World, text: &str| {
        let view = world.view();
        view.topics().iter().filter_map(|topic| view.render(topic, 1)).any(|bytes| contains(&bytes, text))
    };
    assert!(!shows(&world, "secret") && shows(&world, "au tableau"));
    // written anew for the coordination only, it leaves the documents at once
    let edited = world.edit(1, "au tableau", Audience::Coordination);
    assert!(!shows(&world, "au tableau"));
    assert!([Topic::Needs, Topic::Lobby].iter().all(|topic| dirty(std::slice::from_ref(&edited)).contains(topic)));
    let unnoticed = world.edit(3, "secret encore", Audience::Coordination);
    assert!(!shows(&world, "encore") && !dirty(&[unnoticed]).contains(&Topic::Needs), "not even noticed there");
}

#[test]
fn what_is_hidden_or_waits_for_the_manager_is_in_no_document() {
    use crate::community::moderation::Change;
    let mut world = World::new(vec![in_lobby(member(1, "Anne Tremblay", &[Field::Name]), &[Field::Name])]);
    let author = Some(MemberId(Uuid::from_u128(1)));
    let posted = world.community.post(author, "n’importe quoi", &[], Audience::Named, NeedId(Uuid::from_u128(1))).unwrap();
    world.happens(posted);
    let (need, what) = (NeedId(Uuid::from_u128(1)), payload::Reported::Need { need: NeedId(Uuid::from_u128(1)) });
    for (change, shown) in
        [(Change::Hidden { what }, 0), (Change::Restored { what }, 1), (Change::Held { need }, 0), (Change::Approved { need }, 1)]
    {
        let event = world.happens(What::Moderation(change));
        let dirty = dirty(&[event]);
        assert!(dirty.contains(&Topic::Needs) && dirty.contains(&Topic::Lobby), "{change:?}");
        let needs: payload::Needs = world.document(&Topic::Needs);
        let lobby: payload::Lobby = world.document(&Topic::Lobby);
        assert_eq!((needs.needs.len(), lobby.needs.len()), (shown, shown), "{change:?}");
    }
}

#[test]
fn the_lobby_shows_what_was_put_up_with_a_name_by_who_is_shown_there_and_the_spaces_own() {
    let all = [Field::Name];
    let mut world = World::new(vec![in_lobby(member(1, "Anne Tremblay", &all), &all), member(2, "Benoît Lavoie", &all)]);
    let posts = [
        (Some(1), "nommé", Audience::Named),
        (Some(1), "sans nom", Audience::Unnamed),
        (Some(2), "kiosque seulement", Audience::Named),
        (None, "photos de la salle", Audience::Named),
        (None, "secret", Audience::Coordination),
    ];
    for (n, (author, text, audience)) in (1u128..).zip(posts) {
        let author = author.map(|author| MemberId(Uuid::from_u128(author)));
        let what = world.community.post(author, text, &[], audience, NeedId(Uuid::from_u128(n))).unwrap();
        world.happens(what);
    }
    let passes = crate::community::needs::Change::PassesOffered { need: NeedId(Uuid::from_u128(4)), passes: 5 };
    world.happens(What::Need(passes));
    let lobby: payload::Lobby = world.document(&Topic::Lobby);
    let shown: Vec<_> = lobby.needs.iter().map(|need| (need.name.as_deref(), &*need.text)).collect();
    assert_eq!(shown, [(None, "photos de la salle"), (Some("Anne T."), "nommé")]);
    let needs: payload::Needs = world.document(&Topic::Needs);
    let passes: Vec<_> = needs.needs.iter().map(|need| (need.space, need.passes)).collect();
    assert_eq!(passes, [(true, Some(5)), (false, None), (false, None), (false, None)]);
}

#[test]
fn the_measures_are_retained_and_say_numbers_only() {
    let mut world = World::new(vec![member(1, "Anne Tremblay", &[Field::Name])]);
    world.measures = vec![Month { month: "2026-10".into(), needs_posted: 3, needs_met: 1, ..Month::default() }];
    assert!(world.view().topics().contains(&Topic::Measures), "else it would be cleared as a ghost");
    let measures: payload::Measures = world.document(&Topic::Measures);
    assert_eq!(measures.months, world.measures);
    let secret = world.community.post(None, "secret", &[], Audience::Coordination, NeedId(Uuid::nil())).unwrap();
    let event = world.happens(secret);
    assert_eq!(dirty(&[event]), [], "nobody learns in which minute it was put up");
}

fn contains(bytes: &[u8], text: &str) -> bool {
    String::from_utf8_lossy(bytes).contains(text)
}

#[test]
fn the_usual_days_are_off_unless_they_agree() {
    let mut world = World::new(vec![member(1, "A", &[Field::Name]), member(2, "B", &[Field::Name, Field::UsualDays])]);
    world.usual_days = [1, 2].map(|n| (MemberId(Uuid::from_u128(n)), vec![Weekday::Tue])).into();
    let directory: payload::Directory = world.document(&Topic::Directory);
    assert_eq!(directory.members.iter().map(|m| &*m.usual_days).collect::<Vec<_>>(), [&[][..], &[Weekday::Tue]]);
}

#[test]
fn a_photo_is_on_the_broker_only_with_consent_to_it() {
    let world = World::new(vec![
        member(1, "A", &[Field::Name]),
        member(2, "B", &[Field::Name, Field::Photo]),
        member(3, "C", &[Field::Photo]),
    ]);
    assert_eq!(world.view().photographed().collect::<Vec<_>>(), [MemberId(Uuid::from_u128(2))]);
}

/// Agrees to show these fields on the lobby screen, whatever the kiosk may show.
fn in_lobby(mut member: crate::directory::Member, fields: &[Field]) -> crate::directory::Member {
    member.consents.extend(fields.iter().map(|field| (*field, Surface::Lobby)));
    member
}

#[test]
fn who_agreed_only_to_the_kiosk_is_not_on_the_lobby_screen() {
    let all = [Field::Name, Field::Skills, Field::Title, Field::Photo];
    let mut world = World::new(vec![
        member(1, "Anne Tremblay", &all),
        in_lobby(member(2, "Benoît Lavoie", &all), &[Field::Name]),
        in_lobby(member(3, "Chiara Bellini", &[]), &[Field::Name, Field::Skills]),
        in_lobby(member(4, "Dora Ng", &all), &[Field::Skills]),
    ]);
    (1..=4).for_each(|n| world.comes(n, subject(n.into())));
    world.comes(5, Subject::Guest(GuestId(5)));
    let lobby: payload::Lobby = world.document(&Topic::Lobby);
    let shown: Vec<_> = lobby.present.iter().map(|n| (&*n.name, &*n.initials, n.skills.len())).collect();
    assert_eq!(shown, [("Chiara B.", "CB", 1), ("Benoît L.", "BL", 0)], "the latest first; skills are agreed to by themselves");
    assert_eq!((lobby.hidden, lobby.fresh, lobby.today), (Count { fresh: 3, passed: 0 }, 5, 5));
    let bytes = String::from_utf8(world.view().render(&Topic::Lobby, 1).unwrap()).unwrap();
    let ids = (1..=4).map(|n| Uuid::from_u128(n).to_string());
    for secret in ["Anne", "Lavoie", "Bellini", "Dora", "Comptabilité", "example.org"].map(str::to_owned).into_iter().chain(ids) {
        assert!(!bytes.contains(&secret), "{secret} in {bytes}");
    }
}

#[test]
fn on_the_lobby_screen_namesakes_are_told_apart_and_keep_their_name_whoever_is_here() {
    let anne = |n, name| in_lobby(member(n, name, &[]), &[Field::Name]);
    let mut world =
        World::new(vec![anne(1, "Anne Roy"), anne(2, "Anne Ricard"), anne(3, "Anne Roy"), member(4, "Anne Tremblay", &[])]);
    let names = |world: &World| -> Vec<String> {
        world.document::<payload::Lobby>(&Topic::Lobby).present.into_iter().map(|n| n.name).collect()
    };
    world.comes(1, subject(3));
    assert_eq!(names(&world), ["Anne R. 2"]);
    world.comes(2, subject(2));
    world.comes(3, subject(1));
    assert_eq!(names(&world), ["Anne R.", "Anne Ri.", "Anne R. 2"]);
}

#[test]
fn the_lobby_follows_every_visit_and_stands_among_what_is_retained() {
    let what = What::CheckedIn { visit: VisitId(1), subject: subject(1), reader: None, by: OpenedBy::Tap };
    let world = World::new(vec![]);
    assert!(dirty(&[PresenceEvent { at: world.now(), what }]).contains(&Topic::Lobby));
    assert!(world.view().topics().contains(&Topic::Lobby), "else it would be cleared as a ghost");
}

#[test]
fn presence_ages_and_the_passed_stand_after_the_fresh() {
    let mut world = World::new((1..=3).map(|n| member(n, &format!("M{n}"), &[Field::Name])).collect());
    world.comes(1, subject(1));
    world.seconds += 3 * 3600;
    world.comes(2, subject(2));
    world.comes(3, Subject::Guest(GuestId(3)));
    let presence: payload::Presence = world.document(&Topic::Presence);
    assert_eq!(presence.present.iter().map(|p| (p.member.0.as_u128(), p.fresh)).collect::<Vec<_>>(), [(2, true), (1, false)]);
    assert_eq!((presence.guests, world.view().present(), presence.today), (Count { fresh: 1, passed: 0 }, 2, 3));
    let occupancy: Occupancy = world.document(&Topic::Occupancy);
    assert_eq!((occupancy.members, occupancy.guests), (Count { fresh: 1, passed: 1 }, Count { fresh: 1, passed: 0 }));
}

#[test]
fn whether_a_name_without_a_badge_is_a_members_is_in_no_number() {
    use crate::presence::Vouch;
    let document = |who: Subject, vouch| {
        let mut world = World::new(vec![member(1, "Anne Tremblay", &[Field::Name]), member(2, "Benoît Lavoie", &[])]);
        world.comes(1, subject(1));
        world.comes(2, who);
        let by = MemberId(Uuid::from_u128(1));
        let what = What::Vouched { visit: VisitId(2), subject: who, by, vouch, name: String::new() };
        world.presence.apply(&PresenceEvent { at: world.now(), what });
        world.view().render(&Topic::Presence, 1).unwrap()
    };
    let guest = Subject::Guest(GuestId(2));
    for vouch in [Vouch::Unknown, Vouch::Ambiguous, Vouch::Suspended] {
        assert_eq!(document(guest, vouch), document(subject(2), Vouch::Member), "{vouch:?}");
    }
    assert_ne!(document(guest, Vouch::Guest), document(subject(2), Vouch::Member));
}

#[test]
fn open_topics_carry_counts_only_and_hide_small_groups() {
    let mut world = World::new((1..=6).map(|n| member(n, &format!("M{n}"), &[Field::Name])).collect());
    for n in 1..=4 {
        world.comes(n, subject(n.into()));
    }
    assert_eq!(world.view().render(&Topic::OpenOccupancy, 1).unwrap(), br#"{"v":1,"present":"<5"}"#);
    world.comes(5, subject(5));
    assert_eq!(world.view().render(&Topic::OpenOccupancy, 1).unwrap(), br#"{"v":1,"present":5}"#);
}

#[test]
fn only_the_kiosk_beside_the_reader_gets_a_dialog_the_others_a_line() {
    let world = World::new(vec![]);
    let [cafe, salon] = ["cafe", "salon"].map(|name| KioskName::new(name).unwrap());
    let event = |reader: &str, kiosk| {
        let shown = Shown::Unknown { code: None, grant: None };
        let event = world.view().event(&ReaderName::new(reader).unwrap(), kiosk, Uuid::nil(), shown);
        (event.form, event.expires_in_ms)
    };
    assert_eq!(event("cafe", &cafe), (Form::Full, UNKNOWN_MS));
    assert_eq!(event("cafe", &salon), (Form::Line, LINE_MS));
    assert_eq!(event("porte", &cafe), (Form::Line, LINE_MS));
}

#[test]
fn hours_are_told_by_month_with_small_groups_hidden() {
    let mut world = World::new(vec![]);
    let day = |day: &str| day.parse::<Date>().unwrap();
    world.history.insert(day("2026-09-30"), Day { hours: vec![4, 5], estimated: true });
    world.history.insert(day("2026-10-01"), Day { hours: vec![12], estimated: false });
    let months: Vec<Topic> = world.view().topics().into_iter().filter(|topic| matches!(topic, Topic::History(_))).collect();
    assert_eq!(months, ["2026-09", "2026-10"].map(|month| Topic::History(month.parse().unwrap())));
    let text = String::from_utf8(world.view().render(&months[0], 1).unwrap()).unwrap();
    assert!(text.contains(r#""days":[{"day":"2026-09-30","hours":["<5",5],"estimated":true}]"#), "{text}");
    // what is no longer kept is cleared
    assert_eq!(world.view().render(&Topic::History("2025-08".parse().unwrap()), 1), Some(vec![]));
}
