//! The address behind a request: as our own proxy tells it, and cut to what a limit may count.

use http::HeaderMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// The header in which a proxy tells the address of whom it serves.
pub const FORWARDED: &str = "x-forwarded-for";

/// The last address of `X-Forwarded-For`, which our own proxy wrote; those before it may be the client's inventions.
pub fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all(FORWARDED).iter().next_back()?.to_str().ok()?.rsplit(',').next()?;
    address(last)
}

/// An address as proxies write it: alone, with a port, or in brackets.
pub fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let found = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))?;
    Some(IpAddr::to_canonical(&found))
}

/// What limits count as one client. Whoever has an IPv6 line has 2^64 addresses at least, so the first 64 bits stand for
/// all of them; an IPv4 address stands for itself, also when it is written as IPv6.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(long) => {
            let [a, b, c, d, ..] = long.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        short => short,
    }
}

/// The same for an address as text, e.g. [`crate::Ctx::client`]; what is no address stands for itself.
pub fn network_of(client: &str) -> String {
    match address(client) {
        Some(found) if found.is_ipv6() => format!("{}/64", network(found)),
        Some(found) => found.to_string(),
        None => client.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_any_proxy_writes_it() {
        for (written, meant) in [
            ("203.0.113.7", "203.0.113.7"),
            (" 203.0.113.7:51234 ", "203.0.113.7"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
        ] {
            assert_eq!(address(written), meant.parse().ok(), "{written}");
        }
        for none in ["", "unknown", "_hidden", "203.0.113", "203.0.113.7:port"] {
            assert_eq!(address(none), None, "{none}");
        }
        let mut headers = HeaderMap::new();
        headers.append(FORWARDED, "198.51.100.1, 198.51.100.2".parse().unwrap());
        headers.append(FORWARDED, "198.51.100.3, 203.0.113.7:9000".parse().unwrap());
        assert_eq!(forwarded(&headers), "203.0.113.7".parse().ok(), "only the last one is our proxy's");
    }

    #[test]
    fn an_ipv6_line_counts_as_one_client_whatever_address_it_takes() {
        let one = network_of("2001:db8:1:2:aaaa::1");
        assert_eq!(one, "2001:db8:1:2::/64");
        assert_eq!(one, network_of("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(one, network_of("2001:db8:1:3::1"));
        assert_eq!(network_of("203.0.113.7"), "203.0.113.7");
        assert_eq!(network_of("::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(network_of(""), "");
    }
}
