//! What a socket and the network share.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use crate::Random;
use crate::inbox::{Datagram, Inbox, wake};

/// What a socket and the network share.
#[derive(Debug)]
pub(crate) struct Endpoint {
    /// What pictures call it.
    pub(crate) number: i32,
    pub(crate) address: SocketAddr,
    /// What it is connected to.
    pub(crate) peer: Cell<Option<SocketAddr>>,
    pub(crate) inbox: RefCell<Inbox>,
    random: Random,
    /// When it last sent, and how many datagrams to each address at that moment.
    sent: RefCell<(Duration, BTreeMap<SocketAddr, u64>)>,
}

impl Endpoint {
    /// Makes the socket of this number. It is the host's `nth`.
    pub(crate) fn new(number: i32, address: SocketAddr, nth: u64, random: &Random) -> Endpoint {
        Endpoint {
            number,
            address,
            peer: Cell::new(None),
            inbox: RefCell::default(),
            random: split(random, address).split(nth),
            sent: RefCell::default(),
        }
    }

    /// Returns whether it receives what comes from there.
    pub(crate) fn accepts(&self, from: SocketAddr) -> bool {
        self.peer.get().is_none_or(|peer| peer == from)
    }

    /// Puts a datagram into the queue.
    pub(crate) fn deliver(&self, datagram: Datagram) {
        let waker = self.inbox.borrow_mut().push(datagram);
        wake(waker);
    }

    /// Lets the next operation fail, unless it is connected to another peer by now.
    pub(crate) fn refuse(&self, from: SocketAddr) {
        if self.peer.get() == Some(from) {
            let waker = self.inbox.borrow_mut().refuse();
            wake(waker);
        }
    }

    /// Returns the luck of what it sends now to an address.
    ///
    /// It depends on who sends, to whom, and when, and not on any other host.
    /// So what is left of a smaller program does what it did before.
    pub(crate) fn luck(&self, to: SocketAddr, now: Duration) -> Random {
        let (last, counts) = &mut *self.sent.borrow_mut();
        if *last != now {
            *last = now;
            counts.clear();
        }
        let count = counts.entry(to).or_default();
        let random = split(&self.random, to);
        let luck = random.split(now.as_nanos() as u64).split(*count);
        *count += 1;
        luck
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
