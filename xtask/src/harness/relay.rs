//! A way between programs that can be led elsewhere, held still, or cut.
//!
//! Between clients and nodes it stands as a province's proxy does; between a node and its database it is the network.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};

/// A port of this machine from which connections are carried to others, in turns.
#[derive(Debug)]
pub struct Relay {
    port: u16,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// A hold ended, or a link was cut.
    changed: Condvar,
    over: AtomicBool,
}

#[derive(Debug)]
struct State {
    /// The ports that it leads to; none refuses everybody.
    targets: Vec<u16>,
    turn: usize,
    /// Nothing passes, and nobody is told.
    held: bool,
    links: Vec<Arc<Link>>,
}

/// One connection with its both halves.
#[derive(Debug)]
struct Link {
    target: u16,
    client: TcpStream,
    server: TcpStream,
    cut: AtomicBool,
}

impl Link {
    fn cut(&self) {
        self.cut.store(true, Ordering::Relaxed);
        // One half may be gone already.
        let _ = self.client.shutdown(Shutdown::Both);
        let _ = self.server.shutdown(Shutdown::Both);
    }
}

impl Relay {
    /// Opens a port that leads to these.
    pub fn to(targets: &[u16]) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("opening a relay")?;
        let port = listener.local_addr()?.port();
        let state = State { targets: targets.to_vec(), turn: 0, held: false, links: Vec::new() };
        let shared =
            Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new(), over: AtomicBool::new(false) });
        let here = shared.clone();
        std::thread::spawn(move || {
            for client in listener.incoming() {
                if here.over.load(Ordering::Relaxed) {
                    return;
                }
                let (Ok(client), here) = (client, here.clone()) else { continue };
                std::thread::spawn(move || here.carry(client));
            }
        });
        Ok(Self { port, shared })
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Leads to these from now on; connections to others end, as a proxy ends those of a node that it leaves out.
    pub fn lead_to(&self, targets: &[u16]) {
        let mut state = self.shared.state();
        state.targets = targets.to_vec();
        for link in state.links.iter().filter(|link| !targets.contains(&link.target)) {
            link.cut();
        }
        drop(state);
        self.shared.changed.notify_all();
    }

    /// Ends every connection and takes none.
    pub fn cut(&self) {
        self.lead_to(&[]);
    }

    /// Lets nothing pass any more, without a word to either side, as a cable that was pulled; or lets it pass again.
    pub fn hold(&self, held: bool) {
        self.shared.state().held = held;
        self.shared.changed.notify_all();
    }

    /// The ports from which its connections reach the other side.
    pub fn outgoing(&self) -> Vec<u16> {
        let state = self.shared.state();
        state.links.iter().filter_map(|link| Some(link.server.local_addr().ok()?.port())).collect()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
        self.hold(false);
        self.cut();
        // Whoever waits for the next connection learns of it.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Carries one connection to its end.
    fn carry(&self, client: TcpStream) {
        let Some(link) = self.link(client) else { return };
        std::thread::scope(|scope| {
            scope.spawn(|| self.pass(&link, (&link.client, &link.server)));
            self.pass(&link, (&link.server, &link.client));
        });
        self.state().links.retain(|other| !Arc::ptr_eq(other, &link));
    }

    /// Connects to the next one in turn that takes the connection.
    fn link(&self, client: TcpStream) -> Option<Arc<Link>> {
        let mut state =
            self.changed.wait_while(self.state(), |state| state.held).unwrap_or_else(PoisonError::into_inner);
        let targets = state.targets.clone();
        let first = state.turn;
        state.turn = first.wrapping_add(1);
        drop(state);
        for n in 0..targets.len() {
            let target = targets[(first + n) % targets.len()];
            let address = SocketAddr::from(([127, 0, 0, 1], target));
            let Ok(server) = TcpStream::connect_timeout(&address, Duration::from_secs(2)) else { continue };
            let _ = (client.set_nodelay(true), server.set_nodelay(true));
            let link = Arc::new(Link { target, client, server, cut: AtomicBool::new(false) });
            let mut state = self.state();
            if !state.targets.contains(&target) {
                link.cut();
            }
            state.links.push(link.clone());
            return Some(link);
        }
        None
    }

    /// Carries bytes one way until that half ends. What is on its way while nothing passes goes on later, or is lost with
    /// the connection.
    fn pass(&self, link: &Link, (from, to): (&TcpStream, &TcpStream)) {
        let (mut from, mut to) = (from, to);
        let mut buffer = vec![0; 16 * 1024];
        loop {
            let read = match from.read(&mut buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                read => read.unwrap_or(0),
            };
            let held = |state: &mut State| state.held && !link.cut.load(Ordering::Relaxed);
            drop(self.changed.wait_while(self.state(), held));
            if read == 0 || link.cut.load(Ordering::Relaxed) || to.write_all(&buffer[..read]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    /// Answers every byte with its own letter.
    fn server(letter: u8) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                std::thread::spawn(move || {
                    let mut byte = [0];
                    while matches!(stream.read(&mut byte), Ok(1)) && stream.write_all(&[letter]).is_ok() {}
                });
            }
        });
        port
    }

    fn ask(stream: &mut TcpStream) -> Option<u8> {
        let mut byte = [b'?'];
        stream.write_all(&byte).ok()?;
        stream.read_exact(&mut byte).ok().map(|()| byte[0])
    }

    fn connect(relay: &Relay) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", relay.port())).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
        stream
    }

    #[test]
    fn connections_go_in_turns_and_past_one_that_is_gone() {
        let (one, two) = (server(b'1'), server(b'2'));
        let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let relay = Relay::to(&[one, gone, two]).unwrap();
        let answers: Vec<_> = (0..6).map(|_| ask(&mut connect(&relay))).collect();
        assert_eq!(answers.iter().filter(|answer| **answer == Some(b'1')).count(), 2, "{answers:?}");
        assert_eq!(answers.iter().filter(|answer| **answer == Some(b'2')).count(), 4, "{answers:?}");
    }

    #[test]
    fn who_is_left_out_loses_its_connections_and_the_others_stay() {
        let (one, two) = (server(b'1'), server(b'2'));
        let relay = Relay::to(&[one, two]).unwrap();
        let (mut first, mut second) = (connect(&relay), connect(&relay));
        assert_eq!((ask(&mut first), ask(&mut second)), (Some(b'1'), Some(b'2')));
        assert_eq!(relay.outgoing().len(), 2);
        relay.lead_to(&[two]);
        assert_eq!((ask(&mut first), ask(&mut second)), (None, Some(b'2')));
        assert_eq!(ask(&mut connect(&relay)), Some(b'2'));
        relay.cut();
        assert_eq!((ask(&mut second), ask(&mut connect(&relay))), (None, None));
    }

    #[test]
    fn what_is_held_comes_later_and_what_is_cut_meanwhile_never() {
        let relay = Relay::to(&[server(b'1')]).unwrap();
        let (mut kept, mut lost) = (connect(&relay), connect(&relay));
        assert_eq!((ask(&mut kept), ask(&mut lost)), (Some(b'1'), Some(b'1')));
        relay.hold(true);
        assert_eq!(ask(&mut kept), None, "nothing passes");
        relay.hold(false);
        let mut byte = [0];
        kept.read_exact(&mut byte).unwrap();
        assert_eq!(byte, [b'1'], "it was only late");
        relay.hold(true);
        assert_eq!(ask(&mut lost), None);
        let begun = Instant::now();
        relay.cut();
        assert_eq!(lost.read(&mut byte).unwrap_or(0), 0, "it ends without an answer");
        assert!(begun.elapsed() < Duration::from_millis(250), "at once");
    }
}
