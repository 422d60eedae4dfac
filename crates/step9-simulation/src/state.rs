//! The inside of a network: its sockets, its partitions, and the luck of a datagram.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::time::{Duration, Instant};

use step8_fast_executor::now;

use crate::Random;
use crate::conditions::Conditions;
use crate::inbox::{Datagram, Inbox};
use crate::record::{Fate, Record};

/// The first port that is given to a socket that asks for any, as most systems have it.
const FIRST_FREE_PORT: u16 = 49_152;

/// The inside of a network.
pub(crate) struct State {
    pub(crate) conditions: Conditions,
    pub(crate) record: Record,
    random: Random,
    started: Instant,
    /// How many sockets there have been.
    bound: i32,
    // Ordered maps: the order of a `HashMap` is another one in each process.
    hosts: BTreeMap<IpAddr, Host>,
    endpoints: BTreeMap<SocketAddr, Rc<Endpoint>>,
    partitions: Vec<Partition>,
}

/// What a socket and the network share.
pub(crate) struct Endpoint {
    /// By which pictures call it.
    pub(crate) number: i32,
    pub(crate) address: SocketAddr,
    /// What it is connected to.
    pub(crate) peer: Cell<Option<SocketAddr>>,
    pub(crate) inbox: RefCell<Inbox>,
    random: Random,
    /// When it has sent last, and how many datagrams at that moment.
    sent: Cell<(Duration, u64)>,
}

#[derive(Default)]
struct Host {
    /// How many sockets it has had.
    sockets: u64,
    /// What the last socket got that asked for any port.
    last_port: u16,
}

struct Partition {
    hosts: BTreeSet<IpAddr>,
    end: Instant,
}

impl State {
    pub(crate) fn new(seed: u64) -> State {
        State {
            conditions: Conditions::default(),
            record: Record::new(),
            random: Random::new(seed),
            started: now(),
            bound: 0,
            hosts: BTreeMap::new(),
            endpoints: BTreeMap::new(),
            partitions: Vec::new(),
        }
    }

    pub(crate) fn bind(&mut self, address: SocketAddr) -> io::Result<Rc<Endpoint>> {
        let host = self.hosts.entry(address.ip()).or_default();
        let is_free = |address: &SocketAddr| !self.endpoints.contains_key(address);
        let found = match address.port() {
            0 => host.next_ports(address.ip()).find(is_free),
            _ => Some(address).filter(is_free),
        };
        let in_use = || match address.port() {
            0 => format!("{}: all ports are in use", address.ip()),
            _ => format!("{address}: the address is in use"),
        };
        let found = found.ok_or_else(|| io::Error::new(ErrorKind::AddrInUse, in_use()))?;
        if address.port() == 0 {
            host.last_port = found.port();
        }
        let address = found;
        host.sockets += 1;
        self.bound += 1;
        let random = split(&self.random, address).split(host.sockets);
        let endpoint = Rc::new(Endpoint {
            number: self.bound,
            address,
            peer: Cell::new(None),
            inbox: RefCell::default(),
            random,
            sent: Cell::default(),
        });
        self.endpoints.insert(address, Rc::clone(&endpoint));
        Ok(endpoint)
    }

    pub(crate) fn close(&mut self, endpoint: &Endpoint) {
        self.endpoints.remove(&endpoint.address);
    }

    /// Draws how long the network takes to tell a socket that there is none at an address.
    pub(crate) fn draw_refusal(&self, endpoint: &Endpoint, from: SocketAddr) -> Duration {
        let mut luck = endpoint.luck(from, now() - self.started);
        self.conditions.latency.draw(&mut luck)
    }

    /// Finds the socket at an address.
    pub(crate) fn endpoint(&self, address: SocketAddr) -> Option<Rc<Endpoint>> {
        self.endpoints.get(&address).cloned()
    }

    pub(crate) fn partition(&mut self, hosts: &[IpAddr], time: Duration) {
        let hosts = hosts.iter().copied().collect();
        let end = now() + time;
        self.partitions.push(Partition { hosts, end });
    }

    /// Decides what becomes of a datagram. Returns it, and how long it and its copy are under way.
    pub(crate) fn send(
        &mut self,
        endpoint: &Endpoint,
        to: SocketAddr,
        bytes: &[u8],
    ) -> (Datagram, [Option<Duration>; 2]) {
        let number = self.record.counts.sent;
        let from = endpoint.address;
        self.note(Fate::Sent, number);
        self.record.digest.add_address(from);
        self.record.digest.add_address(to);
        self.record.digest.add(bytes);
        let latencies = self.draw_latencies(endpoint, to, number);
        let bytes = bytes.into();
        let datagram = Datagram {
            number,
            from,
            to,
            bytes,
        };
        (datagram, latencies)
    }

    fn draw_latencies(
        &mut self,
        endpoint: &Endpoint,
        to: SocketAddr,
        number: u64,
    ) -> [Option<Duration>; 2] {
        let conditions = self.conditions;
        let random = &mut endpoint.luck(to, now() - self.started);
        // All is drawn each time, so that a change of the loss changes nothing else.
        let is_lost = conditions.loss.happens(random);
        let is_doubled = conditions.duplication.happens(random);
        let latency = conditions.latency.draw(random);
        if self.are_parted(endpoint.address.ip(), to.ip()) {
            self.note(Fate::CutOff, number);
            return [None, None];
        }
        if is_lost {
            self.note(Fate::Lost, number);
            return [None, None];
        }
        let copy = is_doubled.then(|| {
            self.note(Fate::Doubled, number);
            conditions.latency.draw(random)
        });
        [Some(latency), copy]
    }

    fn are_parted(&mut self, a: IpAddr, b: IpAddr) -> bool {
        if self.partitions.is_empty() {
            return false;
        }
        let now = now();
        self.partitions.retain(|partition| partition.end > now);
        let mut partitions = self.partitions.iter();
        partitions.any(|parted| parted.hosts.contains(&a) != parted.hosts.contains(&b))
    }

    pub(crate) fn note(&mut self, fate: Fate, number: u64) {
        self.record.note(now() - self.started, fate, number);
    }
}

impl Endpoint {
    /// Returns whether it receives what comes from there.
    pub(crate) fn accepts(&self, from: SocketAddr) -> bool {
        self.peer.get().is_none_or(|peer| peer == from)
    }

    /// Returns the luck of what it sends now to an address.
    ///
    /// It depends on who sends, to whom, and when; so a host more or less elsewhere does not change
    /// it, and a program that is made smaller does the same with what is left.
    fn luck(&self, to: SocketAddr, at: Duration) -> Random {
        let (last, count) = self.sent.get();
        let count = if last == at { count + 1 } else { 0 };
        self.sent.set((at, count));
        split(&self.random, to)
            .split(at.as_nanos() as u64)
            .split(count)
    }
}

/// Makes the generator for an address.
fn split(random: &Random, address: SocketAddr) -> Random {
    let bits = match address.ip() {
        IpAddr::V4(ip) => ip.to_bits().into(),
        IpAddr::V6(ip) => ip.to_bits(),
    };
    let random = random.split(bits as u64).split((bits >> 64) as u64);
    random.split(address.port().into())
}

impl Host {
    /// Returns all addresses that a socket can be given, beginning behind the last one.
    fn next_ports(&self, ip: IpAddr) -> impl Iterator<Item = SocketAddr> + use<> {
        let next = self
            .last_port
            .checked_add(1)
            .unwrap_or(0)
            .max(FIRST_FREE_PORT);
        let ports = (next..=u16::MAX).chain(FIRST_FREE_PORT..next);
        ports.map(move |port| SocketAddr::new(ip, port))
    }
}
