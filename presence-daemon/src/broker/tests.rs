//! What is written; who may do what on a real broker is in the e2e suite.

use super::*;
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::time::SystemTime;

fn config(state: &Path, text: &str) -> Config {
    let mut config = Config::parse(text, Path::new("daemon.toml")).unwrap();
    config.state = state.to_owned();
    config
}

const PRIVATE: &str = "site = \"mile-end\"\n[[kiosk]]\nname = \"cafe\"\n[[kiosk]]\nname = \"hall\"\n[broker]\nkind = \"private\"\nlisten = \"127.0.0.1:0\"\n";

fn tree(folder: &Path) -> BTreeMap<PathBuf, (u32, SystemTime)> {
    let mut found = BTreeMap::new();
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        let metadata = path.metadata().unwrap();
        if metadata.is_dir() {
            found.extend(tree(&path));
        }
        found.insert(path, (metadata.permissions().mode() & 0o777, metadata.modified().unwrap()));
    }
    found
}

#[test]
fn nobody_else_can_read_what_is_written() {
    let state = tempfile::tempdir().unwrap();
    let prepared = prepare(&config(state.path(), PRIVATE)).unwrap();
    assert_eq!(prepared.folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(prepared.secrets.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    // the group is the one that the packages give the folders; on its own the folder lets nobody in
    for (folder, file_mode) in [(&prepared.folder, 0o640), (&prepared.secrets, 0o600)] {
        for (path, (mode, _)) in tree(folder) {
            assert_eq!(mode, if path.is_dir() { 0o700 } else { file_mode }, "{}", path.display());
        }
    }
}

#[test]
fn a_second_start_changes_nothing() {
    let state = tempfile::tempdir().unwrap();
    let fixed = PRIVATE.replace("127.0.0.1:0", "127.0.0.1:28831");
    let folder = prepare(&config(state.path(), &fixed)).unwrap().folder;
    let before = tree(&folder);
    prepare(&config(state.path(), &fixed)).unwrap();
    assert_eq!(tree(&folder), before);
}

#[test]
fn an_account_that_was_made_is_kept_over_a_restart_and_its_password_is_nowhere() {
    let state = tempfile::tempdir().unwrap();
    let prepared = prepare(&config(state.path(), PRIVATE)).unwrap();
    let read = |name: &str| std::fs::read_to_string(prepared.folder.join(name)).unwrap();
    let (hashes, rules) = (read("mosquitto/passwords"), read("mosquitto/rules.acl"));
    let password = prepared.make("tableau", Rights::Managers).unwrap().unwrap();
    for taken in ["tableau", "daemon", "kiosk-cafe", "kiosk-x", "Tableau", "", "a b", "a:b", "é", &"x".repeat(33)] {
        assert_eq!(prepared.make(taken, Rights::Open).unwrap(), None, "{taken}");
    }
    let again = prepare(&config(state.path(), PRIVATE)).unwrap();
    assert_eq!(again.made().unwrap().unwrap().len(), 1);
    let now = read("mosquitto/passwords");
    assert!(now.starts_with(&hashes), "the others' hashes stay");
    let line = now.lines().find(|line| line.starts_with("tableau:")).unwrap().to_owned() + "\n";
    assert!(passwords::hold(&line, &[("tableau".to_owned(), password.clone())]));
    assert!(read("mosquitto/rules.acl").contains("\nuser tableau\ntopic read voisins/mile-end/status/#\n"));
    for path in tree(state.path()).into_keys().filter(|path| path.is_file()) {
        assert!(!String::from_utf8_lossy(&std::fs::read(&path).unwrap()).contains(&password), "{}", path.display());
    }
    assert!(again.unmake("tableau").unwrap() && !again.unmake("tableau").unwrap());
    assert!(!read("mosquitto/passwords").contains("tableau") && read("mosquitto/rules.acl") == rules);
}

#[test]
fn a_changed_password_gets_into_the_password_file() {
    let state = tempfile::tempdir().unwrap();
    let prepared = prepare(&config(state.path(), PRIVATE)).unwrap();
    let hashes = || std::fs::read_to_string(prepared.folder.join("mosquitto/passwords")).unwrap();
    let before = hashes();
    std::fs::remove_file(prepared.password_file(&Account::Open)).unwrap();
    prepare(&config(state.path(), PRIVATE)).unwrap();
    assert_ne!(hashes(), before);
    let secret = read_password(&prepared.password_file(&Account::Open)).unwrap();
    assert!(secret.len() >= 22, "at least 128 bits");
    assert!(!hashes().contains(&secret));
}

#[test]
fn a_removed_kiosk_loses_its_account() {
    let state = tempfile::tempdir().unwrap();
    let prepared = prepare(&config(state.path(), PRIVATE)).unwrap();
    let folder = prepared.folder;
    prepare(&config(state.path(), &PRIVATE.replace("[[kiosk]]\nname = \"hall\"\n", ""))).unwrap();
    assert!(folder.join("kiosk/cafe.toml").exists());
    for path in tree(&folder).keys() {
        assert!(!path.to_string_lossy().contains("hall"));
    }
    let mosquitto = ["passwords", "rules.acl"].map(|file| folder.join("mosquitto").join(file));
    let external = ["external.acl", "external-accounts.txt"].map(|file| prepared.secrets.join(file));
    for file in mosquitto.into_iter().chain(external) {
        assert!(!std::fs::read_to_string(&file).unwrap().contains("hall"), "{file:?}");
    }
}

#[test]
fn a_kiosk_finds_a_ready_config() {
    let state = tempfile::tempdir().unwrap();
    let prepared = prepare(&config(state.path(), PRIVATE)).unwrap();
    let text = std::fs::read_to_string(prepared.kiosk_config(&KioskName::new("cafe").unwrap())).unwrap();
    let kiosk: toml::Table = toml::from_str(&text).unwrap();
    assert_eq!((kiosk["name"].as_str(), kiosk["site"].as_str()), (Some("cafe"), Some("mile-end")));
    let broker = kiosk["broker"].as_table().unwrap();
    assert_eq!((broker["host"].as_str(), broker["user"].as_str()), (Some("127.0.0.1"), Some("kiosk-cafe")));
    assert_eq!(broker["port"].as_integer(), Some(prepared.port.into()));
    let file = Path::new(broker["password_file"].as_str().unwrap());
    assert!(file.is_absolute() && read_password(file).is_ok());
}

#[test]
fn a_lobby_screen_finds_a_ready_config_too() {
    let state = tempfile::tempdir().unwrap();
    let lobby = PRIVATE.replace("name = \"hall\"\n", "name = \"hall\"\nsurface = \"lobby\"\n");
    let prepared = prepare(&config(state.path(), &lobby)).unwrap();
    let kiosk = |name: &str| -> toml::Table {
        let text = std::fs::read_to_string(prepared.kiosk_config(&KioskName::new(name).unwrap())).unwrap();
        toml::from_str(&text).unwrap()
    };
    assert_eq!((kiosk("cafe").get("surface"), kiosk("hall")["surface"].as_str()), (None, Some("lobby")));
    assert_eq!(kiosk("hall")["broker"]["user"].as_str(), Some("kiosk-hall"));
}

#[test]
fn an_external_broker_gets_rules_to_install_and_no_passwords() {
    let state = tempfile::tempdir().unwrap();
    let file = state.path().join("broker.password");
    std::fs::write(&file, "hush hush\n").unwrap();
    let external = format!(
        "site = \"mile-end\"\n[[kiosk]]\nname = \"cafe\"\n[broker]\nkind = \"external\"\nhost = \"::1\"\nuser = \"us\"\npassword_file = {file:?}\n"
    );
    let prepared = prepare(&config(state.path(), &external)).unwrap();
    assert!(!prepared.is_child());
    assert_eq!((prepared.host.as_str(), prepared.port, prepared.user.as_str()), ("[::1]", 1883, "us"));
    let acl = std::fs::read_to_string(prepared.secrets.join("external.acl")).unwrap();
    assert!(acl.contains("user us\ntopic readwrite voisins/mile-end/#\n"), "{acl}");
    let accounts = std::fs::read_to_string(prepared.secrets.join("external-accounts.txt")).unwrap();
    assert!(accounts.contains("kiosk-cafe") && !accounts.contains("hush"), "{accounts}");
    assert_eq!((tree(&prepared.folder).len(), tree(&prepared.secrets).len()), (0, 2));
}

#[test]
fn errors_say_what_to_do() {
    let state = tempfile::tempdir().unwrap();
    let error = |text: &str| prepare(&config(state.path(), text)).unwrap_err().to_string();
    // a missing password stops nothing: the client reads the file at each attempt
    let missing = "[broker]\nkind = \"external\"\nhost = \"h\"\nuser = \"us\"\npassword_file = \"/nowhere/secret\"\n";
    assert!(prepare(&config(state.path(), missing)).is_ok());
    let source = read_password(Path::new("/nowhere/secret")).unwrap_err();
    let told = BrokerError::Password { path: "/nowhere/secret".into(), source }.to_string();
    assert!(told.contains("/nowhere/secret") && told.contains("first line"), "{told}");
    let listen = error("[broker]\nkind = \"private\"\nlisten = \"1883\"\n");
    assert!(listen.contains("\"127.0.0.1:1883\""), "{listen}");
}
