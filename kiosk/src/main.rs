//! `kiosk`: opens the window and connects it to the broker, plays the demonstration, or draws a picture.

use anyhow::{Context, bail};
use clap::Parser;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kiosk::KioskWindow;
use kiosk::config::{self, Config, Size};
use kiosk::kiosk::{Kiosk, Setup};
use kiosk::snapshot::{self, ScreenName, Shot};
use slint::ComponentHandle;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use voisins_shared::config::ScreenSurface;
use voisins_shared::language::Language;
use voisins_shared::payload::TextSize;

/// The screen by the coffee machine.
#[derive(Debug, Parser)]
#[command(
    name = "kiosk",
    version,
    about,
    after_help = "\
Without --snapshot a window opens: on a desk under X11 or Wayland, else straight on the screen (linuxkms).
Environment: VOISINS_KIOSK_CONFIG, VOISINS_LOG (such as debug), VOISINS_KIOSK_TRACE=FILE (a JSON line for each drawn frame),
SLINT_BACKEND (such as winit-software or linuxkms-software).
Exit status: 0 done, 1 failed, 2 wrong usage."
)]
struct Arguments {
    /// The config file [default: $VOISINS_KIOSK_CONFIG, else /etc/voisins/kiosk.toml]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Plays the real payloads without a broker
    #[arg(long, conflicts_with_all = ["config", "snapshot"])]
    demo: bool,
    /// Draws a screen of the demonstration into a PNG; no display needed. With --config: the screen as it is now, over the broker
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
    /// In a window, whatever the config says
    #[arg(long)]
    windowed: bool,
    /// The size of the picture or of the demonstration's window
    #[arg(long, value_name = "WxH", default_value = "1280x800", default_value_if("screen", "tv", "1920x1080"))]
    size: Size,
    /// Which screen the picture shows (muster is not built yet)
    #[arg(long, value_enum, default_value_t = ScreenName::Home, requires = "snapshot")]
    screen: ScreenName,
    /// What is typed on the picture of the search
    #[arg(long, value_name = "TEXT", default_value = snapshot::QUERY, requires = "snapshot")]
    query: String,
    /// The language of the picture or of the demonstration
    #[arg(long, value_name = "fr|en", default_value = "fr")]
    lang: Language,
    /// How large the text of the picture is (on a small panel: as far as it fits)
    #[arg(long, value_name = "normal|large|largest", default_value = "normal", value_parser = text_size, requires = "snapshot")]
    text_size: TextSize,
    /// For a room with the lights off
    #[arg(long)]
    dark: bool,
    /// The picture's time
    #[arg(long, value_name = "RFC3339", default_value = "2024-10-23T10:26:00-04:00", requires = "snapshot")]
    now: Timestamp,
}

const NO_SCREEN: &str = "no screen to draw on. On a desk set DISPLAY or WAYLAND_DISPLAY; on a panel check that one is connected \
     and that the kiosk's user is in the groups video, input and render";

/// The least that a finger finds, in millimetres.
const FINGER_MM: f64 = 12.0;
/// The least size of what is touched, in logical pixels.
const BUTTON: f64 = 56.0;

fn text_size(text: &str) -> Result<TextSize, String> {
    TextSize::from_text(text).ok_or_else(|| "one of normal, large and largest".to_owned())
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    voisins_shared::log_setup::init();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kiosk: {}", voisins_shared::told::told(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    check_fonts()?;
    let Arguments { size, screen, lang, dark, now, text_size, .. } = arguments;
    let query = arguments.query.as_str();
    if let (Some(path), Some(config)) = (&arguments.snapshot, &arguments.config) {
        let config = Config::read(config)?;
        return snapshot::save_live(&config, size, config.dark || dark, path);
    }
    if let Some(path) = &arguments.snapshot {
        return snapshot::save(&Shot { screen, size, language: lang, dark, now, query, text_size }, path);
    }
    if arguments.demo {
        let kiosk = open(None, lang, dark, Some(size))?;
        let (sender, requests) = std::sync::mpsc::channel();
        kiosk.on_request(move |outgoing| drop(sender.send(outgoing)));
        let inlet = kiosk.inlet();
        std::thread::Builder::new().name("demo".into()).spawn(move || kiosk::demo::play(&inlet, &requests))?;
        return serve(&kiosk);
    }
    let path = arguments.config.or_else(|| std::env::var_os(config::PATH_VARIABLE).map(PathBuf::from));
    let mut config = Config::read(path.as_deref().unwrap_or(Path::new(config::DEFAULT_PATH)))?;
    config.fullscreen &= !arguments.windowed;
    warn_of_small_buttons(&config);
    let kiosk = open(Some(&config), config.language, config.dark || dark, config.size)?;
    if let Some(muster) = &config.muster {
        kiosk.show_muster(muster.file.clone());
    }
    let requests = kiosk::mqtt::start(&config, kiosk.inlet())?;
    kiosk.on_request(move |outgoing| requests.send(outgoing));
    serve(&kiosk)
}

/// On a small dense panel 56 px are too small for a finger.
fn warn_of_small_buttons(config: &Config) {
    let (Some((width_mm, _)), Some(size)) = (config.screen_mm, config.size) else { return };
    let button_mm = BUTTON * width_mm / f64::from(size.width);
    if button_mm < FINGER_MM {
        let scale = FINGER_MM / button_mm;
        tracing::warn!(
            "the smallest buttons are {button_mm:.1} mm on this screen, fingers need {FINGER_MM:.0}. Set SLINT_SCALE_FACTOR={scale:.2} \
             in the kiosk's environment"
        );
    }
}

/// Opens the window on the backend that fits: a desktop's if there is one, else the screen itself; drawn without a GPU, which is
/// always there. `SLINT_BACKEND` overrules it.
fn open(config: Option<&Config>, language: Language, dark: bool, size: Option<Size>) -> anyhow::Result<Kiosk> {
    if std::env::var_os("SLINT_BACKEND").is_none() {
        let desktop =
            ["WAYLAND_DISPLAY", "DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
        slint::BackendSelector::new()
            .backend_name(if desktop { "winit" } else { "linuxkms" }.to_owned())
            .renderer_name("software".to_owned())
            .select()
            .context(NO_SCREEN)?;
    }
    let window = KioskWindow::new().context(NO_SCREEN)?;
    kiosk::concepts::widen_by(config.map_or_else(Vec::new, |config| config.concepts.clone()));
    // read beside the first frame, so that the first search needn't wait for it
    let surface = config.map(|config| config.surface).unwrap_or_default();
    if surface == ScreenSurface::Kiosk {
        std::thread::Builder::new().name("concepts".into()).spawn(|| drop(kiosk::concepts::current()))?;
    }
    let Size { width, height } = size.unwrap_or(Size { width: 1280, height: 800 });
    window.window().set_size(slint::PhysicalSize::new(width, height));
    window.window().set_fullscreen(config.is_some_and(|config| config.fullscreen));
    let (site, name) = match config {
        Some(config) => (config.site.clone(), config.name.clone()),
        None => kiosk::demo::names(),
    };
    let setup = Setup {
        site,
        kiosk: name,
        language,
        dark,
        surface,
        night: config.and_then(|config| config.night),
        keyboard: config.map_or_else(Default::default, |config| config.keyboard),
        zone: TimeZone::system(),
        clock: kiosk::clock::system(),
        trace: std::env::var_os("VOISINS_KIOSK_TRACE").map(PathBuf::from),
    };
    Ok(Kiosk::new(window, setup))
}

/// Shows the window until it is closed or a signal comes.
fn serve(kiosk: &Kiosk) -> anyhow::Result<()> {
    quit_on_signal()?;
    kiosk.window().run().context("the window ended")
}

fn quit_on_signal() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut terminate, mut interrupt) = {
        let _guard = runtime.enter();
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?)
    };
    std::thread::Builder::new().name("signals".into()).spawn(move || {
        runtime.block_on(async {
            tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        });
        let _ = slint::quit_event_loop();
    })?;
    Ok(())
}

/// The text library panics on a machine without any font, although ours is embedded.
fn check_fonts() -> anyhow::Result<()> {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let folders = ["/usr/share/fonts", "/usr/local/share/fonts"].map(PathBuf::from);
    let own = [home.join(".fonts"), home.join(".local/share/fonts")];
    if folders.iter().chain(&own).any(|folder| has_font(folder, 6)) {
        return Ok(());
    }
    bail!("no font on this machine. Install one: apt-get install fonts-inter")
}

fn has_font(folder: &Path, depth: u32) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return depth > 0 && has_font(&path, depth - 1);
        }
        path.extension()
            .and_then(|extension| extension.to_str())
            .is_some_and(|extension| ["otf", "ttf", "ttc", "pfb"].iter().any(|known| extension.eq_ignore_ascii_case(known)))
    })
}
