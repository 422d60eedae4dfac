//! The inside of a network: its sockets, its partitions, and the luck of a datagram.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::time::{Duration, Instant};

use step8_fast_executor::now;
use trace::Message;

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
    /// The tasks that had a socket at an address, for pictures.
    former_users: BTreeMap<SocketAddr, u64>,
}

/// What a socket and the network share.
pub(crate) struct Endpoint {
    /// By which pictures call it.
    pub(crate) number: i32,
    pub(crate) address: SocketAddr,
    /// The task that has used it last, for pictures.
    pub(crate) user: Cell<Option<u64>>,
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
            former_users: BTreeMap::new(),
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
            user: Cell::new(trace::running()),
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
        if let Some(user) = endpoint.user.get() {
            self.former_users.insert(endpoint.address, user);
        }
    }

    /// Tells pictures what has become of a datagram.
    pub(crate) fn trace(&self, datagram: &Datagram, fate: Fate) {
        if !trace::has_listener() {
            return;
        }
        let former = self.former_users.get(&datagram.to).copied();
        trace::message(Message {
            from: datagram.sender,
            to: match self.endpoints.get(&datagram.to) {
                Some(endpoint) => endpoint.user.get(),
                None => former,
            },
            sent: datagram.sent,
            fate: match fate {
                Fate::Delivered if datagram.is_copy => trace::Fate::Doubled,
                Fate::Delivered => trace::Fate::Delivered,
                Fate::Unclaimed => trace::Fate::Late,
                _ => trace::Fate::Lost,
            },
        });
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

    /// Decides what becomes of a datagram. Returns it and its copy, each with how long it is under
    /// way; nothing if it is lost.
    pub(crate) fn send(
        &mut self,
        endpoint: &Endpoint,
        to: SocketAddr,
        bytes: &[u8],
    ) -> impl Iterator<Item = (Datagram, Duration)> + use<> {
        let datagram = Datagram {
            number: self.record.counts.sent,
            from: endpoint.address,
            to,
            bytes: bytes.into(),
            sent: now(),
            sender: trace::running(),
            is_copy: false,
        };
        self.note(Fate::Sent, datagram.number);
        self.record.digest.add_address(endpoint.address);
        self.record.digest.add_address(to);
        self.record.digest.add(bytes);

        let conditions = self.conditions;
        let mut luck = endpoint.luck(to, now() - self.started);
        // All is drawn each time, so that a change of the loss changes nothing else.
        let is_lost = conditions.loss.happens(&mut luck);
        let is_doubled = conditions.duplication.happens(&mut luck);
        let [first, second] = [(); 2].map(|()| conditions.latency.draw(&mut luck));
        let end = match (self.are_parted(endpoint.address.ip(), to.ip()), is_lost) {
            (true, _) => Some(Fate::CutOff),
            (false, true) => Some(Fate::Lost),
            (false, false) => None,
        };
        if let Some(fate) = end {
            self.note(fate, datagram.number);
            self.trace(&datagram, fate);
        }
        let copy = (is_doubled && end.is_none()).then(|| {
            self.note(Fate::Doubled, datagram.number);
            let is_copy = true;
            (
                Datagram {
                    is_copy,
                    ..datagram.clone()
                },
                second,
            )
        });
        let datagram = end.is_none().then_some((datagram, first));
        datagram.into_iter().chain(copy)
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
