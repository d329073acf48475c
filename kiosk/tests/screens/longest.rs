//! The longest that people really have: names with every kind of letter, titles, skills, tables. The same screens, with them.

use voisins_shared::payload::{
    Agenda, Answer, Directory, KioskEvent, Lobby, Measures, Presence, Profile, Response, Session, Shown, decode, encode,
};
use voisins_shared::topic::Topic;
use voisins_shared::visit::Availability;

const NAMES: [&str; 8] = [
    "Marie-Ève Charbonneau-Vaillancourt-Deschênes",
    "Félix-Antoine L’Œuvre-d’Orsay de la Durantaye",
    "عبد الرحمن محمد عبد العزيز الأنصاري",
    "Maximilienne-Alexandrina Wolfeschlegelsteinhausenbergerdorff",
    "🎈 Léa Œttinger-Bourgault 👩‍💻",
    "Nguyễn Thị Phương-Thảo Saint-Germain",
    "Ọlájídé Adébáyọ̀ Okonkwo-Beauchemin",
    "Bo Li",
];
const TITLE: &str = "Conseillère principale en développement organisationnel et en accessibilité numérique";
const SKILLS: [&str; 3] = [
    "Comptabilité et fiscalité des organismes sans but lucratif",
    "Développement d’applications embarquées temps réel",
    "Œuvres d’art contemporain",
];
const TABLE: &str = "Salle Marguerite-Bourgeoys, table 12, près de la fenêtre";

/// A payload with the longest in it.
pub fn lengthen(topic: &Topic, payload: Vec<u8>) -> Vec<u8> {
    match topic {
        Topic::Session => change(&payload, |session: &mut Session| {
            session.title = "Coopérative de solidarité Espace Voisins du Plateau-Mont-Royal".into();
        }),
        Topic::Directory => change(&payload, directory),
        Topic::Presence => change(&payload, |presence: &mut Presence| {
            for (n, present) in presence.present.iter_mut().enumerate() {
                present.availability = [Availability::DoNotDisturb, Availability::Here, Availability::Open][n % 3];
            }
            (presence.today, presence.guests.fresh) = (1_248, 317);
        }),
        Topic::Agenda => change(&payload, |agenda: &mut Agenda| {
            for event in &mut agenda.events {
                if !event.title.is_empty() {
                    event.title = TITLE.into();
                }
                (event.place, event.going) = (Some(TABLE.into()), 217);
                event.firm_at = event.firm_at.map(|_| 250);
                event.author = event.shown.first().copied();
            }
        }),
        Topic::Measures => change(&payload, |measures: &mut Measures| {
            measures.months.iter_mut().for_each(|month| month.needs_met = 1_248);
        }),
        Topic::Lobby => change(&payload, |lobby: &mut Lobby| {
            lobby.needs.iter_mut().for_each(|need| need.text = TITLE.into());
            lobby.events.iter_mut().for_each(|event| event.title = TITLE.into());
            for (n, neighbour) in lobby.present.iter_mut().enumerate() {
                let letter = ["Charbonneau-V.", "L.", "ا.", "W.", "Œ.", "S.", "O.", "L."][n % 8];
                neighbour.name = format!("{} {letter}", first_name(n));
                neighbour.skills = SKILLS.map(Into::into).to_vec();
                neighbour.availability = [Availability::DoNotDisturb, Availability::Here, Availability::Open][n % 3];
            }
        }),
        Topic::KioskEvent(_) => change(&payload, |event: &mut KioskEvent| {
            let n = event.id.as_bytes().iter().map(|&octet| usize::from(octet)).sum();
            if let Shown::Greeting(greeting) = &mut event.shown {
                greeting.present = 217;
                greeting.greeted.iter_mut().for_each(|greeted| greeted.first_name = first_name(n).into());
            }
        }),
        Topic::Response(..) => change(&payload, |response: &mut Response| {
            if let Answer::Profile(record) = &mut response.answer {
                profile(record);
            }
        }),
        _ => payload,
    }
}

fn change<T: serde::de::DeserializeOwned + serde::Serialize>(payload: &[u8], change: impl FnOnce(&mut T)) -> Vec<u8> {
    let mut document = decode(payload).unwrap();
    change(&mut document);
    encode(&document)
}

fn first_name(n: usize) -> &'static str {
    let name = NAMES[n % NAMES.len()];
    name.split_once(' ').map_or(name, |(first, _)| first)
}

fn directory(directory: &mut Directory) {
    for (n, member) in directory.members.iter_mut().enumerate() {
        member.name = NAMES[n % NAMES.len()].into();
        if n >= NAMES.len() {
            member.name = format!("{} {n}", member.name);
        }
        member.title = Some(TITLE.into());
        member.pronouns = Some("elle, iel ou ce qui vous vient".into());
        member.languages = ["Français", "Kreyòl ayisyen", "العربية", "Tiếng Việt", "English"].map(Into::into).to_vec();
        member.skills.splice(0..0, SKILLS.map(Into::into));
        member.interests.extend(["Randonnée en raquettes dans Charlevoix".to_owned(), "Œnologie".into()]);
        member.looking_for.push("Quelqu’un pour relire un devis de rénovation écoénergétique".into());
        member.table = Some(TABLE.into());
    }
}

fn profile(profile: &mut Profile) {
    profile.name = NAMES[3].into();
    profile.skills = SKILLS[..profile.skills.len().min(3)].iter().map(|&skill| skill.into()).collect();
    for field in &mut profile.fields {
        field.value.iter_mut().for_each(|value| *value = TITLE.into());
    }
}
