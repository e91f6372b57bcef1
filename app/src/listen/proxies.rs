//! Whose headers are believed: a proxy tells in them for whom it asks, and anybody else could tell anything.

use http::HeaderMap;
use std::net::IpAddr;
use std::sync::Arc;

/// What proxies tell of whom they serve.
const TOLD: [&str; 5] = [web::client::FORWARDED, "forwarded", "x-forwarded-proto", "x-forwarded-host", "x-real-ip"];

/// The proxies in front.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proxies {
    /// There are none.
    None,
    /// Whoever connects is one.
    Anyone,
    /// Those with these addresses.
    These(Arc<[IpAddr]>),
}

impl Proxies {
    /// As the settings say.
    pub fn of(behind_proxy: bool, addresses: &[IpAddr]) -> Self {
        match (behind_proxy, addresses) {
            (false, _) => Self::None,
            (true, []) => Self::Anyone,
            (true, addresses) => Self::These(addresses.into()),
        }
    }

    /// Whether who connects from there is one.
    pub fn has(&self, address: IpAddr) -> bool {
        match self {
            Self::None => false,
            Self::Anyone => true,
            Self::These(addresses) => addresses.contains(&address.to_canonical()),
        }
    }

    /// Takes out what only a proxy may tell, unless `peer` is one.
    pub fn sift(&self, peer: IpAddr, headers: &mut HeaderMap) {
        if !self.has(peer) {
            for name in TOLD {
                headers.remove(name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_is_believed() {
        let proxies = Proxies::of(true, &["10.0.0.5".parse().unwrap()]);
        let left = |proxies: &Proxies, peer: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", "203.0.113.7".parse().unwrap());
            headers.insert("x-forwarded-proto", "https".parse().unwrap());
            headers.insert("host", "nhaviec.lan".parse().unwrap());
            proxies.sift(peer.parse().unwrap(), &mut headers);
            headers.len()
        };
        assert_eq!(left(&proxies, "10.0.0.5"), 3);
        assert_eq!(left(&proxies, "::ffff:10.0.0.5"), 3, "the same address in other words");
        assert_eq!(left(&proxies, "10.0.0.6"), 1, "somebody who reaches the port past the proxy");
        assert_eq!(left(&Proxies::of(true, &[]), "10.0.0.6"), 3);
        assert_eq!(left(&Proxies::of(false, &[]), "127.0.0.1"), 1);
    }
}
