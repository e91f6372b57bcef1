//! What all nodes must know alike: sessions, limits for guessing, what an officer may do.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::harness::browser::Browser;
use crate::harness::cluster::Cluster;
use crate::harness::journal::Journal;
use crate::harness::province::{Node, PASSWORD, Province};
use crate::harness::steady::Steady;

/// An officer whose session lasts through all faults.
const WORKING: &str = "tuphap.demo";
/// Whose password is guessed.
const GUESSED: &str = "baotro.demo";
/// Who loses what they may do, by whom, and a page that needs it.
const STRIPPED: &str = "motcua2.demo";
const ADMINISTRATOR: &str = "quantri.demo";
const PAGE: &str = "/tiep-nhan";
/// Wrong passwords of one device that are taken (`directory::limits`).
const GUESSES: usize = 5;

/// Looks at a page again and again in one session, through whatever node the proxy leads to; answers how often it was
/// shown. Being sent to the entrance breaks a promise.
pub fn stay_signed_in(port: u16, journal: &Journal, steady: &Steady<'_>) -> Result<usize> {
    let mut browser = Browser::new();
    let status = browser.sign_in(port, (WORKING, PASSWORD))?;
    ensure!(status == 303, "signing in is answered {status}");
    let mut pages = 0;
    while !steady.is_over() {
        // A node that falls out takes its answers with it; the browser asks again.
        if let Ok(shown) = browser.get(port, "/viec-cua-toi") {
            match shown.status {
                200 => pages += 1,
                503 => {}
                other => {
                    journal.violation(format!("in an open session a page was answered {other} {}", shown.to));
                    return Ok(pages);
                }
            }
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    Ok(pages)
}

/// Everything that is looked at on the whole province.
pub fn all(cluster: &Cluster, province: &Province, journal: &Journal) -> Result<()> {
    guesses_count_together(&province.nodes, journal)?;
    what_is_taken_is_gone_everywhere(cluster, &province.nodes, journal)
}

/// Guesses from one device, each at another node, are counted together: after the fifth nobody lets it in.
fn guesses_count_together(nodes: &[Node], journal: &Journal) -> Result<()> {
    let mut browser = Browser::new();
    // The entrance gives the browser its mark.
    browser.get(nodes[0].port(), "/dang-nhap")?;
    for n in 0..GUESSES {
        let status = browser.sign_in(nodes[n % nodes.len()].port(), (GUESSED, "Doan bua mot lan 1."))?;
        if status != 422 {
            journal.violation(format!("guess {} of a password was answered {status}", n + 1));
        }
    }
    for (n, node) in nodes.iter().enumerate() {
        let status = browser.clone().sign_in(node.port(), (GUESSED, PASSWORD))?;
        if status != 429 {
            journal.violation(format!("after {GUESSES} guesses node {n} answered {status} instead of 429"));
        }
    }
    Ok(())
}

/// A session that began at one node is good at all of them, and a role that is taken at one is gone at the next request to
/// any.
fn what_is_taken_is_gone_everywhere(cluster: &Cluster, nodes: &[Node], journal: &Journal) -> Result<()> {
    let mut officer = Browser::new();
    let status = officer.sign_in(nodes[0].port(), (STRIPPED, PASSWORD))?;
    ensure!(status == 303, "signing in is answered {status}");
    for (n, node) in nodes.iter().enumerate() {
        let status = officer.get(node.port(), PAGE)?.status;
        if status != 200 {
            journal.violation(format!("a session that began at node 0 is answered {status} at node {n}"));
        }
    }
    let mut administrator = Browser::new();
    administrator.sign_in(nodes[0].port(), (ADMINISTRATOR, PASSWORD))?;
    let mut ask = cluster.ask()?;
    let granted =
        "SELECT h.post_id, g.id, to_char(now() AT TIME ZONE 'Asia/Ho_Chi_Minh' - interval '1 day', 'YYYY-MM-DD')
         FROM account a JOIN post_holder h ON h.officer_id = a.officer_id JOIN post_role g ON g.post_id = h.post_id
         WHERE a.username = $1 AND g.valid_to IS NULL";
    let granted = ask.query(granted, &[&STRIPPED])?;
    ensure!(!granted.is_empty(), "{STRIPPED} holds no role that could be taken");
    for row in granted {
        let (post, grant, yesterday): (i64, i64, String) = (row.get(0), row.get(1), row.get(2));
        let path = format!("/quan-tri/vi-tri/{post}/vai-tro/{grant}/ket-thuc");
        let mut parts = yesterday.split('-');
        let fields: Vec<(&str, &str)> = ["to.year", "to.month", "to.day"].into_iter().zip(&mut parts).collect();
        let taken = administrator.submit(nodes[0].port(), &path, &fields)?;
        ensure!(taken.status == 303, "taking a role is answered {}", taken.status);
    }
    let begun = Instant::now();
    for (n, node) in nodes.iter().enumerate().rev() {
        let status = officer.get(node.port(), PAGE)?.status;
        if status != 403 {
            let after = begun.elapsed().as_millis();
            journal.violation(format!("{after} ms after the role was taken node {n} answered {status} instead of 403"));
        }
    }
    Ok(())
}
