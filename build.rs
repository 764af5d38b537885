//! Tells the linker where libtorch is, if the program is built with rust-bert; else does nothing.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// What tch 0.17 is made for.
const VERSION: &str = "2.4.0";

/// An empty library that scripts/setup-libtorch puts beside libtorch. The program asks for it before
/// libtorch: where the folder is gone, the system's one-line error has this name, and so the remedy.
#[cfg(feature = "rust-bert")]
const SIGNPOST: &str = "libtorch-is-missing--run-scripts-setup-libtorch.so";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var_os("CARGO_FEATURE_RUST_BERT").is_none() {
        return;
    }
    for name in ["LIBTORCH", "LIBTORCH_LIB"] {
        println!("cargo::rerun-if-env-changed={name}");
    }
    let folder = |name| env::var_os(name).map(PathBuf::from);
    let root = folder("LIBTORCH").unwrap_or_else(|| "libtorch".into());
    let libraries = folder("LIBTORCH_LIB").unwrap_or_else(|| root.clone()).join("lib");
    println!("cargo::rerun-if-changed={}", root.join("build-version").display());
    if let Some(problem) = problem(&root, &libraries) {
        println!(
            "cargo::error={problem}; run scripts/setup-libtorch, or set LIBTORCH to libtorch {VERSION}"
        );
        return;
    }
    println!("cargo::rustc-link-arg=-Wl,-rpath,{}", libraries.display());
    #[cfg(feature = "rust-bert")]
    if libraries.join(SIGNPOST).exists() {
        ask_first(&libraries);
    }
}

/// Links the signpost. Rust links with `--as-needed`, so an object must refer to it, and a whole
/// archive brings that object in; libraries of this crate come before those of torch-sys.
#[cfg(feature = "rust-bert")]
fn ask_first(libraries: &Path) {
    let code = "src/model/rust_bert/signpost.c";
    println!("cargo::rerun-if-changed={code}");
    cc::Build::new().file(code).link_lib_modifier("+whole-archive").compile("demarche_signpost");
    println!("cargo::rustc-link-search=native={}", libraries.display());
    println!("cargo::rustc-link-lib=dylib:+verbatim={SIGNPOST}");
}

/// Why libtorch cannot be used.
fn problem(root: &Path, libraries: &Path) -> Option<String> {
    if !libraries.is_dir() {
        return Some(format!("no libtorch in {}", libraries.display()));
    }
    // The marker of a libtorch archive and of our script; a Python package has another.
    let marker = fs::read_to_string(root.join("build-version")).ok()?;
    let version = marker.trim().split('+').next().unwrap_or_default();
    (version != VERSION).then(|| format!("libtorch in {} is {version}", root.display()))
}
