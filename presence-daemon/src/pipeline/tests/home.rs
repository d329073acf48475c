//! The evacuation mode, as the command line and other systems ask for it.

use super::*;
use crate::control::Evacuation;

fn says(pipeline: &mut Pipeline, asked: Evacuation) -> String {
    match pipeline.control(Ask::Evacuation(asked)) {
        Reply::Text(text) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_evacuation_outlives_a_restart_and_ends_when_it_is_said() {
    let mut rig = Rig::new();
    assert_eq!(says(rig.pipeline(), Evacuation::Status), "off\n");
    let begun = says(rig.pipeline(), Evacuation::Begin);
    assert!(begun.starts_with("on"), "{begun}");
    assert_eq!(says(rig.pipeline(), Evacuation::Begin), begun, "it has begun once");
    let since = rig.house().presence().evacuation();
    rig.restarts();
    assert_eq!(rig.house().presence().evacuation(), since);
    assert_eq!(says(rig.pipeline(), Evacuation::End), "off\n");
    rig.restarts();
    assert_eq!(rig.house().presence().evacuation(), None);
}

#[test]
fn another_system_asks_for_an_evacuation_in_the_words_of_the_wire_only() {
    let mut rig = Rig::new();
    let on = |rig: &Rig| rig.house().presence().evacuation().is_some();
    for (name, payload) in [
        ("evacuation", "ON"),
        ("evacuation", "{\"active\":true}"),
        ("evacuation", "{\"v\":0,\"active\":true}"),
        ("lights", "{\"v\":1,\"active\":true}"),
        ("evacuation", ""),
    ] {
        rig.pipeline().home_command(name, payload.as_bytes());
        assert!(!on(&rig), "{name} {payload}");
    }
    rig.pipeline().home_command("evacuation", br#"{"v":1,"active":true}"#);
    assert!(on(&rig));
    rig.pipeline().home_command("evacuation", br#"{"v":1,"active":false}"#);
    assert!(!on(&rig));
}
