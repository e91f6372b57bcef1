//! By which names and addresses this machine is reached in its network.

use std::collections::BTreeSet;
use std::net::IpAddr;

/// What a certificate vouches for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    Host(String),
    Address(IpAddr),
}

/// So many addresses at most: a machine with more has them for its containers.
const ADDRESSES_MAX: usize = 64;
/// What a router's list of names, or the machine itself, may answer to without being told here.
const USUAL: [&str; 3] = ["localhost", "nhaviec.lan", "nhaviec.local"];

impl Name {
    /// A word that is one or the other.
    pub fn of(word: &str) -> Self {
        word.parse().map_or_else(
            |_| Self::Host(word.to_ascii_lowercase()),
            |address: IpAddr| Self::Address(address.to_canonical()),
        )
    }

    /// It, if it is no address.
    pub fn host(&self) -> Option<&str> {
        match self {
            Self::Host(host) => Some(host),
            Self::Address(_) => None,
        }
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Host(host) => f.write_str(host),
            Self::Address(address) => address.fmt(f),
        }
    }
}

/// All of them: what was said first, then the machine's name, its addresses, and what is usual.
pub fn all(said: &[String]) -> Vec<Name> {
    of(said, host_name().as_deref(), &addresses())
}

fn of(said: &[String], host: Option<&str>, addresses: &[IpAddr]) -> Vec<Name> {
    let mut names: Vec<Name> = said.iter().map(|word| Name::of(word)).collect();
    if let Some(host) = host.filter(|host| is_host(host)) {
        // A word alone may be a top-level domain, of which an authority of ours is to know nothing.
        names.extend(Some(host).filter(|host| host.contains('.')).map(Name::of));
        let first = host.split('.').next().unwrap_or(host);
        names.extend([format!("{first}.lan"), format!("{first}.local")].iter().map(|n| Name::of(n)));
    }
    let mut private: Vec<IpAddr> = addresses.iter().map(IpAddr::to_canonical).filter(|a| is_private(*a)).collect();
    private.sort();
    private.truncate(ADDRESSES_MAX);
    names.extend(private.into_iter().map(Name::Address));
    names.extend(USUAL.iter().map(|name| Name::of(name)));
    names.extend(["127.0.0.1", "::1"].map(Name::of));
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

/// Letters, digits and hyphens between dots; what else a machine may be called stands in no certificate.
fn is_host(name: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    name.len() <= 200 && name.split('.').all(is_label)
}

/// Whether an address is of a private network: others may be anybody's tomorrow. One of a single cable is in no browser's line.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => four.is_private(),
        IpAddr::V6(six) => six.is_unique_local(),
    }
}

fn addresses() -> Vec<IpAddr> {
    match if_addrs::get_if_addrs() {
        Ok(found) => found.into_iter().map(|one| one.ip()).collect(),
        Err(error) => {
            tracing::warn!(%error, "the addresses of this machine cannot be read");
            Vec::new()
        }
    }
}

fn host_name() -> Option<String> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    Some(name.trim().trim_end_matches('.').to_ascii_lowercase()).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_comes_first_and_strangers_addresses_are_left_out() {
        let addresses = ["192.168.1.10", "203.0.113.7", "fe80::1", "fd00::10", "2001:db8::1", "127.0.0.1"]
            .map(|a| a.parse().unwrap());
        let names = of(&["mot-cua.xa.vn".to_owned(), "10.9.8.7".to_owned()], Some("may-chu.xa.lan"), &addresses);
        let shown: Vec<String> = names.iter().map(ToString::to_string).collect();
        let wanted = [
            "mot-cua.xa.vn",
            "10.9.8.7",
            "may-chu.xa.lan",
            "may-chu.lan",
            "may-chu.local",
            "192.168.1.10",
            "fd00::10",
            "localhost",
            "nhaviec.lan",
            "nhaviec.local",
            "127.0.0.1",
            "::1",
        ];
        assert_eq!(shown, wanted);
        let alone: Vec<String> = of(&[], Some("cloud"), &[]).iter().map(ToString::to_string).collect();
        assert!(!alone.contains(&"cloud".to_owned()) && alone.contains(&"cloud.lan".to_owned()), "{alone:?}");
        let odd = of(&[], Some("máy_chủ"), &[]);
        assert_eq!(odd.len(), 5, "a name that stands in no certificate: {odd:?}");
    }

    #[test]
    fn this_machine_has_its_own() {
        let all = all(&[]);
        assert!(all.contains(&Name::of("127.0.0.1")) && all.contains(&Name::of("localhost")), "{all:?}");
    }
}
