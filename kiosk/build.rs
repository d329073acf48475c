//! Compiles the screens; finds Inter where the distribution put it, so that it is embedded and the picture is the same everywhere.

use std::path::{Path, PathBuf};

/// The weights the screens use; each costs about 260 KB of the program.
const WEIGHTS: [&str; 6] = ["Light", "Regular", "Medium", "SemiBold", "Bold", "ExtraBold"];

fn main() {
    println!("cargo:rerun-if-changed=lang");
    let fonts = write_font_imports();
    let config = slint_build::CompilerConfiguration::new()
        .with_style("fluent-light".into())
        // tests find widgets by their accessible label, which needs this
        .with_debug_info(true)
        .with_library_paths(std::collections::HashMap::from([("fonts".to_owned(), fonts)]))
        .with_bundled_translations("lang");
    if let Err(error) = slint_build::compile_with_config("ui/kiosk.slint", config) {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

/// Writes a Slint file that imports (and so embeds) Inter, and returns its path; the fonts themselves are not in the repository.
fn write_font_imports() -> PathBuf {
    println!("cargo:rerun-if-env-changed=VOISINS_INTER_DIR");
    let folder = std::env::var_os("VOISINS_INTER_DIR")
        .map(PathBuf::from)
        .or_else(|| ["/usr/share/fonts", "/usr/local/share/fonts"].iter().find_map(|root| find_inter(Path::new(root), 4)));
    let Some(folder) = folder.filter(|folder| has_inter(folder)) else {
        eprintln!(
            "error: the font Inter was not found (Inter-Regular.otf below /usr/share/fonts).\n\
             Install it: apt-get install fonts-inter\n\
             or name its folder: VOISINS_INTER_DIR=/path/to/otf"
        );
        std::process::exit(1);
    };
    println!("cargo:rerun-if-changed={}", folder.display());
    let imports: String = WEIGHTS.iter().map(|weight| format!("import \"{}/Inter-{weight}.otf\";\n", folder.display())).collect();
    let file = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("fonts.slint");
    std::fs::write(&file, imports + "export global EmbeddedFonts { out property <string> family: \"Inter\"; }\n")
        .expect("OUT_DIR can be written");
    file
}

fn has_inter(folder: &Path) -> bool {
    WEIGHTS.iter().all(|weight| folder.join(format!("Inter-{weight}.otf")).is_file())
}

/// The first folder below `root`, in order of name, that has every weight.
fn find_inter(root: &Path, depth: u32) -> Option<PathBuf> {
    if has_inter(root) {
        return Some(root.to_owned());
    }
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(root).ok()?.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders.iter().filter(|_| depth > 0).find_map(|folder| find_inter(folder, depth - 1))
}
