//! `make run`: the demo commune on this machine.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Fills the demo database when there is none, prints address and accounts, and serves until it is stopped.
pub fn run() -> Result<()> {
    let program = program("nhaviec")?;
    let data = std::env::var_os("NHAVIEC_DATA").map_or_else(|| PathBuf::from("data"), PathBuf::from);
    let accounts = data.join("demo-accounts.txt");
    let nhaviec = |verb: &str| {
        let mut command = Command::new(&program);
        command.arg(verb).env("NHAVIEC_DATA", &data);
        command
    };
    if !accounts.exists() {
        println!("Đang tạo xã dùng thử (người và đơn vị đều hư cấu)…");
        // Its progress is for whoever waits; its answer is kept.
        let made = nhaviec("demo").stderr(Stdio::inherit()).output().context("running nhaviec demo")?;
        if !made.status.success() {
            bail!("nhaviec demo ended with {}", made.status);
        }
        std::fs::write(&accounts, &made.stdout).context("keeping the demo accounts")?;
    }
    print!("{}", std::fs::read_to_string(&accounts)?);
    println!("Dừng bằng Ctrl+C. Dữ liệu ở thư mục {}.", data.display());
    let status = nhaviec("serve").status().context("running nhaviec serve")?;
    if status.success() { Ok(()) } else { bail!("nhaviec serve ended with {status}") }
}

/// An executable that cargo built beside this one.
pub fn program(name: &str) -> Result<PathBuf> {
    let here = std::env::current_exe().context("finding this program")?;
    let found = here.parent().unwrap_or(Path::new(".")).join(name);
    if found.exists() { Ok(found) } else { bail!("{} is not built", found.display()) }
}
