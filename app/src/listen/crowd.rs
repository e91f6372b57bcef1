//! How many connections there are: in all, and of one address.

use super::Proxies;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Connections at once; each holds some kilobytes.
const CONNECTIONS_MAX: usize = 2_000;
/// Even a system that is very sparing with file handles gets so many.
const CONNECTIONS_MIN: usize = 64;
/// File handles that the rest of the program needs: the database, uploads, print workers.
const OTHER_HANDLES: u64 = 512;

/// As many connections as there are file handles for; asks the system for what the program may have without asking anybody.
pub(super) fn connections_max() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let wanted = CONNECTIONS_MAX as u64 + OTHER_HANDLES;
    let mut current = limit.current.unwrap_or(u64::MAX);
    if current < wanted {
        let more = limit.maximum.unwrap_or(wanted).min(wanted);
        if setrlimit(Resource::Nofile, Rlimit { current: Some(more), maximum: limit.maximum }).is_ok() {
            current = more;
        }
    }
    usize::try_from(current.saturating_sub(OTHER_HANDLES)).unwrap_or(usize::MAX).clamp(CONNECTIONS_MIN, CONNECTIONS_MAX)
}

/// Everybody who is connected.
pub(super) struct Crowd {
    most: usize,
    chairs: Arc<Semaphore>,
    of_address: Option<usize>,
    proxies: Proxies,
    seated: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// A connection's place; given back when dropped.
pub(super) struct Seat {
    _chair: OwnedSemaphorePermit,
    network: Option<IpAddr>,
    seated: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Crowd {
    /// Room for `most` connections, and for so many of one address that is no proxy's.
    pub fn new(most: usize, of_address: Option<usize>, proxies: Proxies) -> Self {
        Self { most, chairs: Arc::new(Semaphore::new(most)), of_address, proxies, seated: Arc::default() }
    }

    /// Waits until there is room.
    pub async fn chair(&self) -> OwnedSemaphorePermit {
        match self.chairs.clone().acquire_owned().await {
            Ok(chair) => chair,
            // It is never closed.
            Err(_) => std::future::pending().await,
        }
    }

    /// The place of a connection from `address`, unless that has its share. What comes from this machine itself is a
    /// proxy, whether we were told of it or not.
    pub fn sit(&self, chair: OwnedSemaphorePermit, address: IpAddr) -> Option<Seat> {
        let is_proxy = address.to_canonical().is_loopback() || self.proxies.has(address);
        let Some(most) = self.of_address.filter(|_| !is_proxy) else {
            return Some(Seat { _chair: chair, network: None, seated: self.seated.clone() });
        };
        let network = web::client::network(address);
        let mut seated = self.seated.lock().unwrap_or_else(PoisonError::into_inner);
        let count = seated.entry(network).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Seat { _chair: chair, network: Some(network), seated: self.seated.clone() })
    }

    /// Waits until all have gone.
    pub async fn empty(&self) {
        let all = u32::try_from(self.most).unwrap_or(u32::MAX);
        let _ = self.chairs.acquire_many(all).await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let Some(network) = self.network else { return };
        let mut seated = self.seated.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = seated.get_mut(&network) {
            *count -= 1;
            if *count == 0 {
                seated.remove(&network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[tokio::test]
    async fn an_address_has_its_share_and_a_proxy_has_no_limit() {
        let crowd = Crowd::new(100, Some(2), Proxies::of(true, &[ip("198.51.100.9")]));
        let sit = async |address: &str| crowd.sit(crowd.chair().await, ip(address));
        let (one, two) = (sit("203.0.113.7").await, sit("203.0.113.7").await);
        assert!(one.is_some() && two.is_some());
        assert!(sit("203.0.113.7").await.is_none(), "a third one");
        assert!(sit("::ffff:203.0.113.7").await.is_none(), "the same address in other words");
        assert!(sit("203.0.113.8").await.is_some(), "another address");
        drop(one);
        assert!(sit("203.0.113.7").await.is_some(), "a seat that was given back");
        let line = [sit("2001:db8::1").await, sit("2001:db8::2").await];
        assert!(line.iter().all(Option::is_some) && sit("2001:db8::3").await.is_none(), "a line of IPv6 is one client");
        let proxy: Vec<_> =
            (0..10).map(|_| crowd.sit(crowd.chairs.clone().try_acquire_owned().unwrap(), ip("127.0.0.1"))).collect();
        assert!(proxy.iter().all(Option::is_some), "the proxy on this machine");
        let known: Vec<_> =
            (0..5).map(|_| crowd.sit(crowd.chairs.clone().try_acquire_owned().unwrap(), ip("198.51.100.9"))).collect();
        assert!(known.iter().all(Option::is_some), "a proxy that is known by its address");
        drop((two, line, proxy, known));
        assert!(crowd.seated.lock().unwrap().is_empty(), "nobody is remembered who has gone");
    }

    #[test]
    fn a_line_of_writes_that_is_full_leaves_half_of_the_seats() {
        let waiting = store::Options::default().queue;
        assert!(waiting * 2 <= CONNECTIONS_MAX, "{waiting} writes wait, each on a connection of its own");
    }

    #[tokio::test]
    async fn all_seats_are_counted_together() {
        let crowd = Crowd::new(2, None, Proxies::Anyone);
        let seats =
            [crowd.sit(crowd.chair().await, ip("203.0.113.7")), crowd.sit(crowd.chair().await, ip("203.0.113.7"))];
        let soon = std::time::Duration::from_millis(50);
        assert!(tokio::time::timeout(soon, crowd.chair()).await.is_err(), "there is no third chair");
        assert!(tokio::time::timeout(soon, crowd.empty()).await.is_err(), "it is not empty");
        drop(seats);
        assert!(tokio::time::timeout(soon, crowd.empty()).await.is_ok());
    }
}
