//! What the packages install beside the two programs. The files of this folder are the substance; the tests below hold them.
//!
//! | file | installed as | what it is |
//! |---|---|---|
//! | `voisins-daemon.service` | `/usr/lib/systemd/system/` | the presence daemon |
//! | `voisins-broker.service` | `/usr/lib/systemd/system/` | a Mosquitto of our own; the daemon writes its settings |
//! | `voisins-broker.path`, `voisins-broker-reload.service` | `/usr/lib/systemd/system/` | tell the broker when those change |
//! | `voisins-kiosk.service` | `/usr/lib/systemd/system/` | the kiosk on the screen itself, without a desktop |
//! | `voisins.sysusers` | `/usr/lib/sysusers.d/voisins.conf` | three accounts |
//! | `voisins.tmpfiles` | `/usr/lib/tmpfiles.d/voisins.conf` | the folders between them |
//! | `60-voisins-pcsc.rules` | `/usr/share/polkit-1/rules.d/` | lets the daemon use pcscd 2.x |
//! | `voisins.modprobe` | `/usr/lib/modprobe.d/voisins.conf` | keeps the kernel off the ACR122U |
//!
//! No udev rule: pcscd opens the readers.
//!
//! # Who reads what
//! Three accounts, one a program, and no program reads more than its own:
//!
//! | folder | owner:group, mode | holds | read by |
//! |---|---|---|---|
//! | `/etc/voisins` | `root:root 0755` | `daemon.toml`, `kiosk.toml` | all |
//! | `/var/lib/voisins` | `voisins:voisins 0700` | database, key, control socket, backups | the daemon |
//! | `/var/lib/voisins-broker/mosquitto` | `voisins:voisins-broker 2750` | `mosquitto.conf`, `passwords`, `rules.acl` | the broker |
//! | `/var/lib/voisins-broker/kiosk` | `voisins:voisins-kiosk 2750` | a config and a password a kiosk | the kiosk |
//!
//! The daemon is in neither group: the set-group bit of a folder gives each file in it the folder's group. So the daemon writes there
//! with mode **0640 set explicitly** (its `UMask=0077` would hide the file from its reader), a new file beside the old one and then
//! renamed over it, `mosquitto.conf` last. A file whose content would not change is left alone: each change reaches the broker.
//!
//! In `daemon.toml` the packages set `[broker] kind = "private", start = "unit", folder = "/var/lib/voisins-broker"` and a `listen` port
//! other than 1883, where Debian's own `mosquitto.service` listens. `/etc/voisins/kiosk.toml` is, on the daemon's machine, a link to
//! `/var/lib/voisins-broker/kiosk/NAME.toml`; on another machine a copy of that file, `root:voisins-kiosk 0640`. Paths in it are absolute.
//! The password file of an external broker is `root:voisins 0640`.
//!
//! # Start and end
//! Nobody waits for anybody. The broker starts when its settings exist, the daemon and the kiosk reconnect for as long as it takes, and a
//! unit that ends is started again two seconds later, without end. The daemon says `READY=1` once it takes taps, not once a broker answers,
//! and `WATCHDOG=1` at least every 10 s.

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::path::{Path, PathBuf};
    use std::process::Command;

    const SERVICES: [&str; 3] = ["voisins-daemon.service", "voisins-broker.service", "voisins-kiosk.service"];
    const OTHER_UNITS: [&str; 2] = ["voisins-broker.path", "voisins-broker-reload.service"];
    const BROKER: &str = "/var/lib/voisins-broker/mosquitto";
    const KIOSK: &str = "/var/lib/voisins-broker/kiosk";

    fn here(file: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
    }

    fn text(file: &str) -> String {
        fs::read_to_string(here(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
    }

    /// All settings of a unit: `[Section] Key` → its values in order.
    fn settings(unit: &str) -> BTreeMap<String, Vec<String>> {
        let mut settings = BTreeMap::<String, Vec<String>>::new();
        let mut section = String::new();
        for line in text(unit).lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            match line.split_once('=') {
                _ if line.starts_with('[') => section = line.to_owned(),
                Some((key, value)) => settings.entry(format!("{section} {key}")).or_default().push(value.to_owned()),
                None => panic!("{unit}: {line:?} is no setting"),
            }
        }
        settings
    }

    #[track_caller]
    fn check(unit: &str, key: &str, expected: &str) {
        let found = settings(unit).remove(key).unwrap_or_else(|| panic!("{unit} has no {key}"));
        assert!(found.iter().any(|value| value == expected), "{unit}: {key} is {found:?}, should be {expected:?}");
    }

    /// Runs a tool of systemd; its output, and whether it was content.
    #[track_caller]
    fn run(command: &mut Command) -> (bool, String) {
        let output = command.output().unwrap_or_else(|e| {
            panic!("{:?}: {e}. It is part of Debian's package systemd; `make test` installs it.", command.get_program())
        });
        let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        (output.status.success(), text)
    }

    /// A folder that stands in for `/`, gone with the value.
    struct Root(PathBuf);

    impl Root {
        fn new(test: &str) -> Self {
            let path = std::env::temp_dir().join(format!("voisins-systemd-{}-{test}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn path(&self, absolute: &str) -> PathBuf {
            self.0.join(absolute.trim_start_matches('/'))
        }

        fn write(&self, absolute: &str, content: &str, mode: u32) {
            let path = self.path(absolute);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, content).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        }

        fn arg(&self) -> String {
            format!("--root={}", self.0.display())
        }
    }

    impl Drop for Root {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    /// Name → id, as in `/etc/passwd` and `/etc/group`.
    fn ids(root: &Root, file: &str) -> BTreeMap<String, u32> {
        let id = |line: &str| {
            let mut fields = line.split(':');
            Some((fields.next()?.to_owned(), fields.nth(1)?.parse().ok()?))
        };
        fs::read_to_string(root.path(file)).unwrap().lines().filter_map(id).collect()
    }

    /// Ourselves: who owns what we write.
    fn ourselves(root: &Root) -> (u32, u32) {
        let metadata = fs::metadata(&root.0).unwrap();
        (metadata.uid(), metadata.gid())
    }

    #[test]
    fn each_service_is_exposed_to_1_5_of_10_at_most() {
        for service in SERVICES {
            let analyze = ["security", "--offline=true", "--threshold=15", "--no-pager"];
            let (content, report) = run(Command::new("systemd-analyze").args(analyze).arg(here(service)));
            let overall = report.lines().find(|line| line.contains("Overall exposure level")).unwrap_or(&report).to_owned();
            println!("{overall}");
            assert!(content && overall.contains(service), "{service}: {report}");
        }
    }

    #[test]
    fn the_exposure_test_sees_a_missing_protection() {
        let root = Root::new("exposure");
        let unit = text(SERVICES[0]);
        let open: Vec<&str> = unit.lines().filter(|l| !l.starts_with("Restrict") && !l.starts_with("SystemCall")).collect();
        root.write("/open.service", &open.join("\n"), 0o644);
        let analyze = ["security", "--offline=true", "--threshold=15", "--no-pager"];
        let (content, report) = run(Command::new("systemd-analyze").args(analyze).arg(root.path("/open.service")));
        assert!(!content, "{report}");
    }

    /// The units in a tree of their own, beside programs that do nothing, so that nothing of this machine helps or hinders.
    fn tree_of_units(test: &str) -> Root {
        let root = Root::new(test);
        for program in ["/usr/bin/presence-daemon", "/usr/bin/kiosk", "/usr/sbin/mosquitto", "/bin/kill", "/bin/sh", "/bin/sleep"] {
            root.write(program, "#!/bin/sh\n", 0o755);
        }
        for target in ["basic", "sysinit", "shutdown", "multi-user", "paths", "network"] {
            root.write(&format!("/usr/lib/systemd/system/{target}.target"), "[Unit]\nDescription=stub\n", 0o644);
        }
        for other in ["pcscd.socket", "getty@tty1.service"] {
            let body =
                if other.ends_with("socket") { "[Socket]\nListenStream=/run/stub\n" } else { "[Service]\nExecStart=/bin/sh\n" };
            root.write(&format!("/usr/lib/systemd/system/{other}"), body, 0o644);
        }
        root.write("/usr/lib/systemd/system/pcscd.service", "[Service]\nExecStart=/bin/sh\n", 0o644);
        for unit in SERVICES.iter().chain(&OTHER_UNITS) {
            root.write(&format!("/usr/lib/systemd/system/{unit}"), &text(unit), 0o644);
        }
        root
    }

    fn verify(root: &Root) -> (bool, String) {
        let units = SERVICES.iter().chain(&OTHER_UNITS);
        run(Command::new("systemd-analyze").args(["verify", "--man=no", "--recursive-errors=yes"]).arg(root.arg()).args(units))
    }

    #[test]
    fn systemd_finds_nothing_to_say_about_the_units() {
        let (content, said) = verify(&tree_of_units("verify"));
        assert!(content && said.trim().is_empty(), "{said}");
    }

    #[test]
    fn the_units_test_sees_a_wrong_key_and_a_missing_program() {
        let root = tree_of_units("verify-wrong");
        let wrong = text("voisins-kiosk.service").replace("TTYReset", "TTYRezet");
        root.write("/usr/lib/systemd/system/voisins-kiosk.service", &wrong, 0o644);
        fs::remove_file(root.path("/usr/bin/presence-daemon")).unwrap();
        let (_, said) = verify(&root);
        assert!(said.contains("TTYRezet"), "{said}");
        assert!(said.contains("/usr/bin/presence-daemon"), "{said}");
    }

    #[test]
    fn a_service_that_ends_is_started_again_without_end() {
        for service in SERVICES {
            check(service, "[Service] Restart", "always");
            check(service, "[Service] RestartSec", "2");
            check(service, "[Unit] StartLimitIntervalSec", "0");
            check(service, "[Install] WantedBy", "multi-user.target");
        }
    }

    #[test]
    fn a_daemon_that_hangs_is_killed_by_the_watchdog() {
        check("voisins-daemon.service", "[Service] Type", "notify");
        check("voisins-daemon.service", "[Service] WatchdogSec", "20");
    }

    #[test]
    fn the_daemon_finds_pcscd_and_the_name_of_this_boot() {
        check("voisins-daemon.service", "[Unit] Wants", "pcscd.socket");
        assert!(
            !settings("voisins-daemon.service").contains_key("[Service] ProcSubset"),
            "it reads /proc/sys/kernel/random/boot_id"
        );
    }

    #[test]
    fn each_program_has_an_account_of_its_own_and_no_capability() {
        for (service, account) in SERVICES.into_iter().zip(["voisins", "voisins-broker", "voisins-kiosk"]) {
            check(service, "[Service] User", account);
            check(service, "[Service] CapabilityBoundingSet", "");
            check(service, "[Service] UMask", "0077");
        }
    }

    #[test]
    fn the_broker_and_the_kiosk_cannot_see_the_database() {
        for service in ["voisins-broker.service", "voisins-kiosk.service"] {
            let hidden = settings(service).remove("[Service] InaccessiblePaths").unwrap().concat();
            assert!(hidden.split(' ').any(|path| path == "-/var/lib/voisins"), "{service}: {hidden}");
        }
    }

    #[test]
    fn the_broker_hears_of_each_file_the_daemon_writes_for_it() {
        for file in ["passwords", "rules.acl", "mosquitto.conf"] {
            check("voisins-broker.path", "[Path] PathChanged", &format!("{BROKER}/{file}"));
        }
        check("voisins-broker.path", "[Path] Unit", "voisins-broker-reload.service");
        check("voisins-broker.service", "[Install] Also", "voisins-broker.path");
        check("voisins-broker.service", "[Service] ExecStart", &format!("/usr/sbin/mosquitto -c {BROKER}/mosquitto.conf"));
        check("voisins-broker.service", "[Service] RuntimeDirectory", "voisins-broker");
    }

    /// The one line of shell in the units, with a `systemctl` that writes down what it is asked.
    #[test]
    fn new_accounts_reload_the_broker_and_new_settings_restart_it() {
        let root = Root::new("reload");
        let line = settings("voisins-broker-reload.service").remove("[Service] ExecStart").unwrap().remove(0);
        let script = line.strip_prefix("/bin/sh -c '").and_then(|line| line.strip_suffix('\'')).unwrap();
        let script = script.replace("/var/lib", &root.path("/var/lib").display().to_string());
        let script = script.replace("/run/voisins", &root.path("/run/voisins").display().to_string());
        let script = script.replace("systemctl", "echo");
        let asked = || run(Command::new("sh").args(["-c", &script])).1;
        let at = |seconds| std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        let touch = |path: &str, seconds| fs::File::open(root.path(path)).unwrap().set_modified(at(seconds)).unwrap();

        let conf = "/var/lib/voisins-broker/mosquitto/mosquitto.conf";
        root.write(conf, "", 0o640);
        // not running: either way starts it
        assert!(asked().contains("restart voisins-broker.service"));
        fs::create_dir_all(root.path("/run/voisins-broker")).unwrap();
        touch(conf, 1000);
        touch("/run/voisins-broker", 2000);
        assert_eq!(asked(), "reload-or-restart voisins-broker.service\n");
        touch(conf, 3000);
        assert_eq!(asked(), "restart voisins-broker.service\n");
    }

    #[test]
    fn the_kiosk_has_the_screen_and_the_keyboard_to_itself() {
        check("voisins-kiosk.service", "[Unit] Conflicts", "getty@tty1.service");
        check("voisins-kiosk.service", "[Service] StandardInput", "tty-force");
        check("voisins-kiosk.service", "[Service] TTYPath", "/dev/tty1");
        check("voisins-kiosk.service", "[Service] SupplementaryGroups", "video input render");
        check("voisins-kiosk.service", "[Service] Environment", "SLINT_BACKEND=linuxkms-software");
        check("voisins-kiosk.service", "[Service] ExecStart", "/usr/bin/kiosk --config /etc/voisins/kiosk.toml");
    }

    #[test]
    fn polkit_lets_the_daemon_and_only_it_use_readers_and_cards() {
        let rules = text("60-voisins-pcsc.rules");
        for needed in ["org.debian.pcsc-lite.access_pcsc", "org.debian.pcsc-lite.access_card", "subject.user == \"voisins\""] {
            assert!(rules.contains(needed), "{needed}");
        }
    }

    /// Really made, in a folder that stands in for `/`; the owners only where we are root, the rest for anybody.
    #[test]
    fn accounts_and_folders_are_made_as_described() {
        let root = Root::new("accounts");
        let (us, our_group) = ourselves(&root);
        let names = ["root", "voisins", "voisins-broker", "voisins-kiosk"];
        if us == 0 {
            root.write("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n", 0o644);
            root.write("/etc/group", "root:x:0:\n", 0o644);
            let (content, said) = run(Command::new("systemd-sysusers").arg(root.arg()).arg(here("voisins.sysusers")));
            assert!(content, "{said}");
        } else {
            let line = |tail: &str| names.map(|name| format!("{name}:x:{tail}\n")).concat();
            root.write("/etc/passwd", &line(&format!("{us}:{our_group}::/:/bin/sh")), 0o644);
            root.write("/etc/group", &line(&format!("{our_group}:")), 0o644);
        }
        let folders = text("voisins.tmpfiles");
        root.write("/tmpfiles.conf", &if us == 0 { folders } else { folders.replace(" root ", " - ") }, 0o644);
        let (content, said) =
            run(Command::new("systemd-tmpfiles").arg(root.arg()).arg("--create").arg(root.path("/tmpfiles.conf")));
        assert!(content, "{said}");

        let (users, groups) = (ids(&root, "/etc/passwd"), ids(&root, "/etc/group"));
        for (folder, owner, group, mode) in [
            ("/etc/voisins", "root", "root", 0o755),
            ("/var/lib/voisins", "voisins", "voisins", 0o700),
            ("/var/lib/voisins-broker", "root", "root", 0o755),
            (BROKER, "voisins", "voisins-broker", 0o2750),
            (KIOSK, "voisins", "voisins-kiosk", 0o2750),
        ] {
            let metadata = fs::metadata(root.path(folder)).unwrap_or_else(|e| panic!("{folder}: {e}"));
            assert_eq!(format!("{:o}", metadata.mode() & 0o7777), format!("{mode:o}"), "{folder}");
            assert_eq!((metadata.uid(), metadata.gid()), (users[owner], groups[group]), "{folder}");
        }
        // a file made there is its reader's, without anybody changing it
        root.write(&format!("{BROKER}/passwords"), "", 0o640);
        let passwords = fs::metadata(root.path(&format!("{BROKER}/passwords"))).unwrap();
        assert_eq!((passwords.gid(), passwords.mode() & 0o777), (groups["voisins-broker"], 0o640));
    }
}
