//! A worker that misbehaves on command, for the tests of the printer. The template's name says how.

use print::wire::{self, Order};
use print::{Print, Template};
use std::io::{self, Write};
use std::time::Duration;

fn main() -> io::Result<()> {
    let (mut stdin, mut stdout) = (io::stdin().lock(), io::stdout().lock());
    let mut jobs = 0;
    while let Some(order) = wire::read_order(&mut stdin)? {
        jobs += 1;
        // A page to draw is answered with where it should have been drawn.
        let job = match order {
            Order::Job(job) => job,
            Order::Drawing(drawing) => {
                let words = format!("{} {} {}", drawing.file.len(), drawing.page, drawing.width);
                wire::write_picture(&mut stdout, &Ok(words.into_bytes()))?;
                continue;
            }
        };
        let Template::Named(behaviour) = &job.template else {
            continue;
        };
        let answer = match behaviour.as_str() {
            "echo" => format!("{} {} {}", std::process::id(), job.ident, job.data),
            "assets" => job.assets.iter().map(|a| format!("{}={} ", a.name, a.bytes.len())).collect(),
            "environment" => std::env::vars_os().map(|(name, _)| format!("{} ", name.display())).collect(),
            "slow" => {
                std::thread::sleep(Duration::from_millis(300));
                "slow".to_owned()
            }
            "hang" => loop {
                std::thread::sleep(Duration::from_secs(3600));
            },
            "crash-when-used" if jobs == 1 => "first".to_owned(),
            "crash" | "crash-when-used" => {
                eprintln!("the reason of the crash");
                std::process::exit(3);
            }
            "hog" => {
                let mut hoard = Vec::new();
                loop {
                    hoard.push(vec![1_u8; 8 << 20]);
                    std::hint::black_box(&hoard);
                }
            }
            "write-a-file" => {
                let path = std::env::temp_dir().join(format!("nhaviec-fake-worker-{}", std::process::id()));
                let written = std::fs::File::create(&path).and_then(|mut file| file.write_all(b"leak"));
                let _ = std::fs::remove_file(&path);
                format!("{written:?}")
            }
            "garbage" => {
                stdout.write_all(&[0, 0, 0, 2, b'?', b'?'])?;
                stdout.flush()?;
                continue;
            }
            "endless" => {
                stdout.write_all(&u32::MAX.to_be_bytes())?;
                stdout.flush()?;
                continue;
            }
            other => {
                let refusal = print::Refusal::UnknownTemplate { name: other.to_owned() };
                wire::write_print(&mut stdout, Err(refusal))?;
                continue;
            }
        };
        wire::write_print(&mut stdout, Ok(Print { pdf: answer.into_bytes(), ..Print::default() }))?;
    }
    Ok(())
}
