//! The socket under a connection, and what drives it: one thread, which sleeps in one place.
//!
//! The driver of the protocol is written for an event loop, and a thread that asks and waits needs none: what is sent leaves
//! at once, and only [`Wire::wait`] sleeps, when nothing can go on without the server. A question costs two calls of the
//! kernel where the loop took eight.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream, ToSocketAddrs};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// What one call takes from the kernel at most.
const CHUNK: usize = 16 * 1024;

/// So long a server that took the connection may keep silent before it lets us in.
const GREETING_MAX: Duration = Duration::from_secs(10);

/// A socket whose bytes come in only while somebody waits for them. Two hold it: the driver and who waits.
#[derive(Clone)]
pub(super) struct Wire(Arc<Shared>);

struct Shared {
    socket: Socket,
    arrived: Mutex<Arrived>,
}

enum Socket {
    Tcp(TcpStream),
    Unix(UnixStream),
}

/// What came and was not taken yet.
struct Arrived {
    bytes: Box<[u8]>,
    taken: usize,
    filled: usize,
    /// How the stream ended.
    ended: Option<io::Result<()>>,
}

/// Where a server can be reached.
pub(super) enum Place {
    /// With the name by which the server is known.
    Tcp(SocketAddr, String),
    Unix(PathBuf),
}

/// Every place that the address means, in its order; a name that means none tells why in its turn.
///
/// # Errors
/// When hosts, numbers and ports do not go together.
pub(super) fn places(config: &Config) -> io::Result<Vec<io::Result<Place>>> {
    let (names, numbers, ports) = (config.get_hosts(), config.get_hostaddrs(), config.get_ports());
    let count = names.len().max(numbers.len());
    let fits = |length: usize| length <= 1 || length == count;
    if count == 0 || !fits(ports.len()) || !(names.is_empty() || numbers.is_empty() || names.len() == numbers.len()) {
        return Err(nowhere());
    }
    let mut all = Vec::new();
    for place in 0..count {
        let port = ports.get(place).or(ports.first()).copied().unwrap_or(5432);
        match (numbers.get(place), names.get(place)) {
            (Some(number), name) => {
                let known = match name {
                    Some(Host::Tcp(name)) => name.clone(),
                    _ => number.to_string(),
                };
                all.push(Ok(Place::Tcp((*number, port).into(), known)));
            }
            (None, Some(Host::Tcp(name))) => match (name.as_str(), port).to_socket_addrs() {
                Ok(found) => all.extend(found.map(|address| Ok(Place::Tcp(address, name.clone())))),
                Err(error) => all.push(Err(error)),
            },
            (None, Some(Host::Unix(folder))) => all.push(Ok(Place::Unix(folder.join(format!(".s.PGSQL.{port}"))))),
            (None, None) => all.push(Err(nowhere())),
        }
    }
    Ok(all)
}

impl Wire {
    /// Connects to a server.
    pub fn open(config: &Config, place: &Place) -> io::Result<Self> {
        let socket = match place {
            Place::Tcp(address, _) => Socket::Tcp(tcp(config, *address)?),
            Place::Unix(path) => Socket::Unix(UnixStream::connect(path)?),
        };
        socket.silence_max(Some(GREETING_MAX))?;
        let arrived = Arrived { bytes: vec![0; CHUNK].into(), taken: 0, filled: 0, ended: None };
        Ok(Self(Arc::new(Shared { socket, arrived: Mutex::new(arrived) })))
    }

    /// Ends it, in both directions; one that is gone already is none to end.
    pub fn close(&self) {
        let _ = self.0.socket.shut(Shutdown::Both);
    }

    /// The server let us in: from now on it may be silent for so long. Without a limit an answer takes as long as it takes,
    /// and the keepalive notices a server that is gone.
    pub fn let_in(&self, silence_max: Option<Duration>) -> io::Result<()> {
        self.0.socket.silence_max(silence_max)
    }

    /// Sleeps until something came, or the stream ended.
    pub fn wait(&self) {
        let mut arrived = self.arrived();
        if arrived.taken < arrived.filled || arrived.ended.is_some() {
            return;
        }
        arrived.taken = 0;
        arrived.filled = match self.0.socket.read(&mut arrived.bytes) {
            Ok(0) => {
                arrived.ended = Some(Ok(()));
                0
            }
            Ok(filled) => filled,
            Err(error) => {
                arrived.ended = Some(Err(error));
                0
            }
        };
    }

    fn arrived(&self) -> MutexGuard<'_, Arrived> {
        self.0.arrived.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The address names no server.
pub(super) fn nowhere() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "the address names no server")
}

fn tcp(config: &Config, address: SocketAddr) -> io::Result<TcpStream> {
    let stream = match config.get_connect_timeout() {
        Some(patience) => TcpStream::connect_timeout(&address, *patience)?,
        None => TcpStream::connect(address)?,
    };
    prepare(config, &stream)?;
    Ok(stream)
}

/// Sends at once, and notices a server that vanished.
fn prepare(config: &Config, stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let socket = socket2::SockRef::from(stream);
    socket.set_tcp_user_timeout(config.get_tcp_user_timeout().copied())?;
    if config.get_keepalives() {
        let mut keepalive = socket2::TcpKeepalive::new().with_time(config.get_keepalives_idle());
        if let Some(interval) = config.get_keepalives_interval() {
            keepalive = keepalive.with_interval(interval);
        }
        if let Some(retries) = config.get_keepalives_retries() {
            keepalive = keepalive.with_retries(retries);
        }
        socket.set_tcp_keepalive(&keepalive)?;
    }
    Ok(())
}

impl Socket {
    fn silence_max(&self, patience: Option<Duration>) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.set_read_timeout(patience),
            Self::Unix(stream) => stream.set_read_timeout(patience),
        }
    }

    fn read(&self, bytes: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = match self {
                Self::Tcp(stream) => { stream }.read(bytes),
                Self::Unix(stream) => { stream }.read(bytes),
            };
            match read {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => return read,
            }
        }
    }

    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => { stream }.write_all(bytes),
            Self::Unix(stream) => { stream }.write_all(bytes),
        }
    }

    fn shut(&self, how: Shutdown) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.shutdown(how),
            Self::Unix(stream) => stream.shutdown(how),
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let mut arrived = self.arrived();
        let here = arrived.filled - arrived.taken;
        if here > 0 {
            let taken = here.min(into.remaining());
            into.put_slice(&arrived.bytes[arrived.taken..arrived.taken + taken]);
            arrived.taken += taken;
            return Poll::Ready(Ok(()));
        }
        match &mut arrived.ended {
            None => Poll::Pending,
            // The reason is told once; after it, the stream has simply ended.
            Some(ended) => Poll::Ready(std::mem::replace(ended, Ok(()))),
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(self.0.socket.write(bytes).map(|()| bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.0.socket.shut(Shutdown::Write))
    }
}
