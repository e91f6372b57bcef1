//! Leases are looked at all the time: whoever holds one keeps it until it ends, and no two nodes have one number.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::harness::cluster::Cluster;
use crate::harness::journal::Journal;
use crate::harness::province::Province;
use crate::harness::steady::Steady;

const EVERY: Duration = Duration::from_millis(200);

/// Who holds a lease, until when by the database's clock, in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Lease {
    holder: String,
    until: i64,
}

type Leases = BTreeMap<String, Lease>;

/// Looks until the clients are told to stop; answers how often.
pub fn watch(cluster: &Cluster, journal: &Journal, steady: &Steady<'_>) -> Result<usize> {
    let mut ask = cluster.ask()?;
    let mut before = Leases::new();
    let mut looks = 0;
    while !steady.is_over() {
        let now = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)";
        let rows = ask.query("SELECT name, holder, until FROM lease", &[])?;
        let now: i64 = ask.query_one(now, &[])?.get(0);
        let after: Leases =
            rows.iter().map(|row| (row.get(0), Lease { holder: row.get(1), until: row.get(2) })).collect();
        for name in usurped(&before, &after, now) {
            journal.violation(format!("the lease {name} went to another while its holder still had it"));
        }
        before = after;
        looks += 1;
        std::thread::sleep(EVERY);
    }
    Ok(looks)
}

/// Leases that have another holder although the one before had some of it left; `now` is after the second look.
fn usurped(before: &Leases, after: &Leases, now: i64) -> Vec<String> {
    let taken = |(name, lease): (&String, &Lease)| {
        let was = before.get(name)?;
        (was.holder != lease.holder && was.until > now).then(|| name.clone())
    };
    after.iter().filter_map(taken).collect()
}

/// Every node has a number, and no two the same.
pub fn apart(province: &Province, journal: &Journal) -> Result<()> {
    let mut seen = BTreeSet::new();
    for node in &province.nodes {
        let number = node.number()?.context("a node that serves holds a number")?;
        if !seen.insert(number.clone()) {
            journal.violation(format!("two nodes hold the number {number}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_that_goes_over_before_its_end_is_noticed() {
        let of = |holder: &str, until| {
            let lease = Lease { holder: holder.to_owned(), until };
            Leases::from([("job/outbox".to_owned(), lease)])
        };
        assert_eq!(usurped(&of("one", 100), &of("two", 130), 99), ["job/outbox"]);
        assert!(usurped(&of("one", 100), &of("two", 130), 101).is_empty(), "it had ended");
        assert!(usurped(&of("one", 100), &of("one", 130), 50).is_empty(), "it was renewed");
        assert!(usurped(&Leases::new(), &of("one", 100), 50).is_empty());
    }
}
