//! The inside of a network: its sockets, its partitions, and the fate of a datagram.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::time::{Duration, Instant};

use step8_fast_executor::now;
use trace::Message;

use crate::Random;
use crate::conditions::Conditions;
use crate::endpoint::Endpoint;
use crate::inbox::Datagram;
use crate::record::{Fate, Record};

/// The first port that is given to a socket that asks for any, as most systems have it.
const FIRST_FREE_PORT: u16 = 49_152;

/// The inside of a network.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) conditions: Conditions,
    pub(crate) record: Record,
    random: Random,
    started: Instant,
    // Ordered maps, because the order of a `HashMap` differs from process to process.
    endpoints: BTreeMap<SocketAddr, Rc<Endpoint>>,
    /// How many sockets each host has had.
    hosts: BTreeMap<IpAddr, u64>,
    /// How many sockets there have been.
    bound: i32,
    /// The hosts on one side of each partition, and its end: `None` is forever.
    partitions: Vec<(BTreeSet<IpAddr>, Option<Instant>)>,
    /// The task that has used a socket last, for pictures.
    users: BTreeMap<SocketAddr, u64>,
}

impl State {
    pub(crate) fn new(seed: u64) -> State {
        State {
            conditions: Conditions::default(),
            record: Record::new(),
            random: Random::new(seed),
            started: now(),
            endpoints: BTreeMap::new(),
            hosts: BTreeMap::new(),
            bound: 0,
            partitions: Vec::new(),
            users: BTreeMap::new(),
        }
    }

    pub(crate) fn bind(&mut self, address: SocketAddr) -> io::Result<Rc<Endpoint>> {
        let nth = self.hosts.entry(address.ip()).or_default();
        let is_free = |address: &SocketAddr| !self.endpoints.contains_key(address);
        let (found, problem) = match address.port() {
            0 => (ports(address, *nth).find(is_free), "all ports are in use"),
            _ => (Some(address).filter(is_free), "the address is in use"),
        };
        let address = found
            .ok_or_else(|| io::Error::new(ErrorKind::AddrInUse, format!("{address}: {problem}")))?;
        *nth += 1;
        self.bound += 1;
        let endpoint = Rc::new(Endpoint::new(self.bound, address, *nth, &self.random));
        self.endpoints.insert(address, Rc::clone(&endpoint));
        Ok(endpoint)
    }

    pub(crate) fn close(&mut self, endpoint: &Endpoint) {
        self.endpoints.remove(&endpoint.address);
    }

    /// Finds the socket at an address.
    pub(crate) fn endpoint(&self, address: SocketAddr) -> Option<Rc<Endpoint>> {
        self.endpoints.get(&address).cloned()
    }

    /// Notes, for pictures, that the task that runs uses a socket.
    pub(crate) fn note_user(&mut self, endpoint: &Endpoint) {
        if let Some(task) = trace::running() {
            self.users.insert(endpoint.address, task);
        }
    }

    pub(crate) fn partition(&mut self, hosts: &[IpAddr], time: Duration) {
        let hosts = hosts.iter().copied().collect();
        self.partitions.push((hosts, now().checked_add(time)));
    }

    pub(crate) fn are_parted(&mut self, a: IpAddr, b: IpAddr) -> bool {
        self.partitions
            .retain(|(_, end)| end.is_none_or(|end| end > now()));
        let mut partitions = self.partitions.iter();
        partitions.any(|(hosts, _)| hosts.contains(&a) != hosts.contains(&b))
    }

    /// Decides what becomes of a datagram that is sent now. Returns how long it and its copies are
    /// under way: none if it is lost.
    pub(crate) fn send(
        &mut self,
        from: &Endpoint,
        datagram: &Datagram,
    ) -> impl Iterator<Item = Duration> + use<> {
        self.note(Fate::Sent, datagram);
        self.record.add(datagram);
        let conditions = self.conditions;
        let mut luck = from.luck(datagram.to, now() - self.started);
        // All is drawn each time, so that a change of the loss changes nothing else.
        let is_lost = conditions.loss.happens(&mut luck);
        let is_doubled = conditions.duplication.happens(&mut luck);
        let latencies = [(); 2].map(|()| conditions.latency.draw(&mut luck));
        let (copies, fate) = if self.are_parted(from.address.ip(), datagram.to.ip()) {
            (0, Some(Fate::CutOff))
        } else if is_lost {
            (0, Some(Fate::Lost))
        } else if is_doubled {
            (2, Some(Fate::Doubled))
        } else {
            (1, None)
        };
        if let Some(fate) = fate {
            self.note(fate, datagram);
        }
        latencies.into_iter().take(copies)
    }

    /// Draws how long it takes until a socket is told that there is none at an address.
    pub(crate) fn refusal(&self, endpoint: &Endpoint, from: SocketAddr) -> Duration {
        let mut luck = endpoint.luck(from, now() - self.started);
        self.conditions.latency.draw(&mut luck)
    }

    /// Notes what has become of a datagram, and tells pictures.
    pub(crate) fn note(&mut self, fate: Fate, datagram: &Datagram) {
        let at = now() - self.started;
        self.record.note(at, fate, datagram.number);
        let fate = match fate {
            Fate::Sent | Fate::Doubled => return,
            Fate::Delivered if datagram.is_copy => trace::Fate::Doubled,
            Fate::Delivered => trace::Fate::Delivered,
            Fate::Unclaimed => trace::Fate::Late,
            Fate::Lost | Fate::CutOff | Fate::Overflowed => trace::Fate::Lost,
        };
        trace::message(Message {
            from: datagram.sender,
            to: self.users.get(&datagram.to).copied(),
            sent: datagram.sent,
            fate,
        });
    }
}

/// Returns all addresses that a host's next socket can be given. Each socket begins to look
/// elsewhere.
fn ports(host: SocketAddr, nth: u64) -> impl Iterator<Item = SocketAddr> {
    let count = u16::MAX - FIRST_FREE_PORT + 1;
    let first = (nth % u64::from(count)) as u16;
    let ports = (0..count).map(move |i| FIRST_FREE_PORT + (first + i) % count);
    ports.map(move |port| SocketAddr::new(host.ip(), port))
}
