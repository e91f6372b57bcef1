//! Fails early and in plain words where the style sheets were not built. Runs no npm: CI and `make` do that first.

use std::path::Path;
use std::process::exit;

fn main() {
    let manifest = Path::new("assets/dist/manifest.json");
    println!("cargo::rerun-if-changed={}", manifest.display());
    println!("cargo::rerun-if-changed=build.rs");
    if !manifest.exists() {
        println!(
            "cargo::error=The style sheets, icons and fonts are not built yet: assets/dist/manifest.json is missing."
        );
        println!(
            "cargo::error=Build them once with: cd services/ui/assets && npm ci --ignore-scripts && node build.mjs"
        );
        exit(1);
    }
}
