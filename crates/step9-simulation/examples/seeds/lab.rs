//! What the programs have in common: a network, a server, and clients that ask it.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use step8_fast_executor::{Executor, JoinHandle, now, spawn_named};
use step9_simulation::{Chance, Conditions, Fate, Latency, Network, Setup, UdpSocket};

/// Returns where a search begins.
pub(crate) fn start() -> Setup {
    Setup {
        seed: 0,
        clients: (1..=10).collect(),
        requests: 2,
        loss: 5,
    }
}

/// A program with a bug.
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) bug: &'static str,
    /// Runs it in an executor, with the bug or mended.
    pub(crate) main: fn(&Lab, is_mended: bool) -> Clients,
}

/// The clients of a program.
pub(crate) type Clients = Vec<JoinHandle<Result<(), Broken>>>;

/// An invariant that did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// When, since the beginning.
    pub(crate) at: Duration,
    /// After how many datagrams.
    pub(crate) sent: u64,
    pub(crate) what: String,
}

impl Program {
    /// Runs it in virtual time, until all clients are done. Returns what broke first.
    pub(crate) fn run(&self, setup: &Setup, is_mended: bool) -> Result<(), Broken> {
        let executor = Executor::with_virtual_time().expect("it needs few descriptors");
        executor.block_on(async {
            let lab = Lab::new(setup);
            let mut first = Ok(());
            for client in (self.main)(&lab, is_mended) {
                let outcome = client.await.expect("no client panics");
                if let Err(broken) = outcome
                    && first
                        .as_ref()
                        .err()
                        .is_none_or(|first: &Broken| broken.at < first.at)
                {
                    first = Err(broken);
                }
            }
            first
        })
    }
}

/// The surroundings of a program.
#[derive(Clone)]
pub(crate) struct Lab {
    pub(crate) setup: Setup,
    network: Network,
    start: Instant,
}

impl Lab {
    fn new(setup: &Setup) -> Lab {
        let conditions = Conditions {
            latency: Latency::LongTail {
                least: Duration::from_millis(10),
                usual: Duration::from_millis(40),
                most: Duration::from_secs(10),
            },
            loss: Chance::percent(setup.loss),
            ..Conditions::default()
        };
        let network = Network::with_conditions(setup.seed, conditions);
        Lab {
            setup: setup.clone(),
            network: network.expect("these conditions are possible"),
            start: now(),
        }
    }

    /// Makes the socket of the server.
    pub(crate) fn server(&self) -> UdpSocket {
        self.bind(0, 53)
    }

    /// Spawns all clients: each asks the server from a socket of its own.
    pub(crate) fn clients<F>(&self, client: impl Fn(Client) -> F) -> Clients
    where
        F: Future<Output = Result<(), Broken>> + 'static,
    {
        let clients = self.setup.clients.iter().map(|&number| {
            let socket = self.bind(number, 0);
            let server = SocketAddr::new(host(0).into(), 53);
            socket.connect(server).expect("both are IPv4");
            let lab = self.clone();
            let client = client(Client {
                number,
                socket,
                lab,
            });
            spawn_named(format!("client {number}"), client)
        });
        clients.collect()
    }

    /// Says that an invariant does not hold.
    pub(crate) fn broken(&self, what: String) -> Broken {
        Broken {
            at: now() - self.start,
            sent: self.network.count(Fate::Sent),
            what,
        }
    }

    fn bind(&self, number: u32, port: u16) -> UdpSocket {
        let address = SocketAddr::new(host(number).into(), port);
        self.network.bind(address).expect("the address is free")
    }
}

fn host(number: u32) -> Ipv4Addr {
    Ipv4Addr::from_bits(Ipv4Addr::new(10, 0, 0, 1).to_bits() + number)
}

/// A client of the server.
pub(crate) struct Client {
    pub(crate) number: u32,
    /// Connected to the server.
    pub(crate) socket: UdpSocket,
    pub(crate) lab: Lab,
}

impl Client {
    /// Returns the texts of its requests.
    pub(crate) fn requests(&self) -> impl Iterator<Item = String> + use<> {
        let number = self.number;
        (1..=self.lab.setup.requests).map(move |i| format!("{number}.{i}"))
    }

    pub(crate) async fn send(&self, request: &str) {
        let sent = self.socket.send(request.as_bytes()).await;
        sent.expect("the server is there");
    }

    pub(crate) async fn receive(&self) -> String {
        let mut buffer = [0; 64];
        let length = self.socket.recv(&mut buffer).await;
        text(&buffer[..length.expect("the server is there")])
    }
}

/// Answers each request, at once.
pub(crate) async fn serve(socket: UdpSocket, mut answer: impl FnMut(&str) -> String) {
    let mut buffer = [0; 64];
    loop {
        let received = socket.recv_from(&mut buffer).await;
        let (length, client) = received.expect("an unconnected socket has no errors");
        let answer = answer(&text(&buffer[..length]));
        let sent = socket.send_to(answer.as_bytes(), client).await;
        sent.expect("it can be sent there");
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (millis, sent) = (self.at.as_millis(), self.sent);
        write!(f, "at {millis} ms, after {sent} datagrams: {}", self.what)
    }
}
