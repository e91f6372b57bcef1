//! `cargo xtask release`: what a server without Rust and Node is installed from, in `dist/`: an archive, a Debian package
//! and their sums.

mod licences;
mod needs;
mod tree;

#[cfg(test)]
mod tests;

use anyhow::{Context, Result, bail, ensure};
use cargo_metadata::{Metadata, MetadataCommand};
use needs::Needs;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tree::Parts;

/// Stands once, in the workspace's `Cargo.toml`.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Builds the program, looks at what it needs, and packs it.
pub fn run() -> Result<()> {
    let metadata = metadata()?;
    let program = build(&metadata)?;
    match Needs::of(&program)? {
        Some(needs) => needs.refuse_more_than_debian_has()?,
        None => println!("Máy này không có readelf (binutils) nên chưa kiểm tra được chương trình cần thư viện nào."),
    }
    let licences = licences::gather(&metadata)?;
    let root = metadata.workspace_root.as_std_path();
    let parts = Parts { root, program: &program, licences: &licences, architecture: architecture()? };
    let dist = root.join("dist");
    fs::create_dir_all(&dist).with_context(|| format!("making {}", dist.display()))?;
    for path in pack(&parts, &dist)? {
        println!("{}", path.display());
    }
    Ok(())
}

/// The workspace, with every crate that this machine's build takes.
fn metadata() -> Result<Metadata> {
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let options = ["--locked".to_owned(), "--filter-platform".to_owned(), platform];
    MetadataCommand::new().other_options(options).exec().context("running cargo metadata")
}

/// The program as it is shipped; answers where it stands.
fn build(metadata: &Metadata) -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--package", "nhaviec", "--release", "--locked"]);
    let status = command.status().context("running cargo build")?;
    ensure!(status.success(), "cargo build ended with {status}");
    Ok(metadata.target_directory.as_std_path().join("release").join("nhaviec"))
}

/// What Debian calls this machine.
fn architecture() -> Result<&'static str> {
    match std::env::consts::ARCH {
        "x86_64" => Ok("amd64"),
        "aarch64" => Ok("arm64"),
        other => bail!("no release is made for {other}"),
    }
}

/// Makes everything in `dist` and answers what was made.
fn pack(parts: &Parts<'_>, dist: &Path) -> Result<Vec<PathBuf>> {
    let mut made = vec![archive(parts, dist)?];
    match package(parts, dist)? {
        Some(package) => made.push(package),
        None => println!("Máy này không có dpkg-deb nên chưa tạo được gói .deb; hãy chạy trên Debian hoặc Ubuntu."),
    }
    made.push(sums(&made, dist)?);
    Ok(made)
}

/// A folder in a `tar.gz`: Debian unpacks that with what it always has, which zstd is not.
fn archive(parts: &Parts<'_>, dist: &Path) -> Result<PathBuf> {
    let name = format!("nhaviec-{VERSION}-linux-{}", parts.architecture);
    let stage = tempfile::tempdir_in(dist).context("making a folder")?;
    parts.archive(&stage.path().join(&name))?;
    let archive = dist.join(format!("{name}.tar.gz"));
    let mut tar = Command::new("tar");
    tar.args(["--create", "--gzip", "--owner=0", "--group=0", "--numeric-owner", "--sort=name", "--file"]);
    tar.arg(&archive).arg("--directory").arg(stage.path()).arg(&name);
    answer(&mut tar)?.context("tar is not there")?;
    Ok(archive)
}

/// The Debian package; nothing where `dpkg-deb` is not there.
fn package(parts: &Parts<'_>, dist: &Path) -> Result<Option<PathBuf>> {
    let stage = tempfile::tempdir_in(dist).context("making a folder")?;
    parts.package(stage.path())?;
    let package = dist.join(format!("nhaviec_{}_{}.deb", tree::debian_version(), parts.architecture));
    let mut build = Command::new("dpkg-deb");
    // Elsewhere the default may be a compression that Debian 12 does not know.
    build.args(["--root-owner-group", "-Zxz", "--build"]).arg(stage.path()).arg(&package);
    Ok(answer(&mut build)?.map(|_| package))
}

/// `SHA256SUMS`, for `sha256sum --check` in the same folder.
fn sums(made: &[PathBuf], dist: &Path) -> Result<PathBuf> {
    let names = made.iter().filter_map(|path| path.file_name());
    let told = answer(Command::new("sha256sum").args(names).current_dir(dist))?.context("sha256sum is not there")?;
    let sums = dist.join("SHA256SUMS");
    fs::write(&sums, told.stdout).with_context(|| format!("writing {}", sums.display()))?;
    Ok(sums)
}

/// What a tool answers when it succeeds; nothing where it is not installed.
fn answer(command: &mut Command) -> Result<Option<Output>> {
    let output = match command.output() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        other => other.with_context(|| format!("running {command:?}"))?,
    };
    ensure!(output.status.success(), "{command:?} says: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(Some(output))
}
