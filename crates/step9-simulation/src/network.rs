//! The network: which sockets there are, and what becomes of what they send.

use std::cell::RefCell;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use step8_fast_executor::{now, sleep, spawn, try_hold_clock};

use crate::conditions::{Conditions, invalid};
use crate::endpoint::Endpoint;
use crate::inbox::Datagram;
use crate::record::Fate;
use crate::state::State;

/// The most bytes that fit into a datagram: 65,535, without the headers of IPv4 and UDP.
const LONGEST: usize = 65_507;

/// A network in one process. What it does to datagrams depends on its seed alone, and on what is
/// sent.
///
/// It needs an executor of step 8. In virtual time, a run is then the same each time, on every
/// machine. A clone is the same network. An IP address is a host: any will do, and a host is there
/// as soon as a socket is bound to it.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step8_fast_executor::{Executor, now};
/// use step9_simulation::{Conditions, Latency, Network};
///
/// Executor::with_virtual_time()?.block_on(async {
///     let latency = Latency::Constant(Duration::from_millis(30));
///     let conditions = Conditions { latency, ..Conditions::default() };
///     let network = Network::with_conditions(7, conditions)?;
///     let here = network.bind("10.0.0.1:0".parse().unwrap())?;
///     let there = network.bind("10.0.0.2:53".parse().unwrap())?;
///
///     let start = now();
///     here.send_to(b"hello", there.local_addr()?).await?;
///     let mut buffer = [0; 16];
///     let (length, from) = there.recv_from(&mut buffer).await?;
///     assert_eq!((&buffer[..length], from), (&b"hello"[..], here.local_addr()?));
///     assert_eq!(now() - start, Duration::from_millis(30));
///     std::io::Result::Ok(())
/// })?;
/// # std::io::Result::Ok(())
/// ```
#[derive(Clone, Debug)]
pub struct Network {
    state: Rc<RefCell<State>>,
}

impl Network {
    /// Makes a perfect network: nothing is lost, and nothing takes time.
    ///
    /// # Panics
    ///
    /// Panics outside of an executor of step 8, whose clock it needs from the beginning.
    pub fn new(seed: u64) -> Network {
        // By the system's clock, all times would differ from run to run, and the luck with them.
        assert!(
            try_hold_clock().is_some(),
            "a network needs an executor: make it inside of `block_on(async {{ .. }})`"
        );
        Network {
            state: Rc::new(RefCell::new(State::new(seed))),
        }
    }

    /// Makes a network with these conditions.
    ///
    /// # Errors
    ///
    /// Returns an error if a condition is impossible, such as a loss above 1. It says which.
    ///
    /// # Panics
    ///
    /// Panics outside of an executor, as [`new`](Self::new) does.
    pub fn with_conditions(seed: u64, conditions: Conditions) -> io::Result<Network> {
        let network = Network::new(seed);
        network.set_conditions(conditions)?;
        Ok(network)
    }

    /// Changes the conditions, for what is sent from now on; the queue, for what arrives.
    ///
    /// # Errors
    ///
    /// Returns an error if a condition is impossible. It says which.
    pub fn set_conditions(&self, conditions: Conditions) -> io::Result<()> {
        conditions.check()?;
        self.state.borrow_mut().conditions = conditions;
        Ok(())
    }

    /// Parts these hosts from all others for a time; `Duration::MAX` is forever. What is under way
    /// arrives.
    pub fn partition(&self, hosts: &[IpAddr], time: Duration) {
        self.state.borrow_mut().partition(hosts, time);
    }

    /// Returns how many datagrams had this fate. What is under way has none yet.
    pub fn count(&self, fate: Fate) -> u64 {
        self.state.borrow().record.count(fate)
    }

    /// Returns a number that sums up all that happened: what was sent, when and by whom, and what
    /// became of it.
    ///
    /// If it is the same for two runs, then the network almost surely saw the same datagrams, at the
    /// same times.
    pub fn digest(&self) -> u64 {
        self.state.borrow().record.digest()
    }

    pub(crate) fn open(&self, address: SocketAddr) -> io::Result<Rc<Endpoint>> {
        if address.ip().is_unspecified() {
            let message = format!("{address} is not a host: bind to an address, such as 10.0.0.1");
            return Err(io::Error::new(ErrorKind::AddrNotAvailable, message));
        }
        self.state.borrow_mut().bind(address)
    }

    pub(crate) fn close(&self, endpoint: &Endpoint) {
        self.state.borrow_mut().close(endpoint);
    }

    /// Notes, for pictures, that the task that runs uses a socket.
    pub(crate) fn note_user(&self, endpoint: &Endpoint) {
        self.state.borrow_mut().note_user(endpoint);
    }

    /// Sends a datagram from a socket.
    pub(crate) fn send(&self, from: &Endpoint, to: SocketAddr, bytes: &[u8]) -> io::Result<()> {
        check_datagram(from.address, to, bytes.len())?;
        let datagram = Datagram {
            number: self.count(Fate::Sent),
            from: from.address,
            to,
            bytes: bytes.into(),
            sent: now(),
            sender: trace::running(),
            is_copy: false,
        };
        let latencies = self.state.borrow_mut().send(from, &datagram);
        for (i, latency) in latencies.enumerate() {
            let (network, mut datagram) = (self.clone(), datagram.clone());
            datagram.is_copy = i > 0;
            travel(latency, move || network.arrive(datagram));
        }
        Ok(())
    }

    /// Puts a datagram into the queue of the socket that it was sent to.
    fn arrive(&self, datagram: Datagram) {
        let mut state = self.state.borrow_mut();
        let receiver = state.endpoint(datagram.to);
        let receiver = receiver.filter(|receiver| receiver.accepts(datagram.from));
        let fate = match &receiver {
            None => Fate::Unclaimed,
            Some(receiver) if receiver.inbox.borrow().len() < state.conditions.queue => {
                Fate::Delivered
            }
            Some(_) => Fate::Overflowed,
        };
        state.note(fate, &datagram);
        drop(state);
        match receiver {
            None => self.refuse(datagram.from, datagram.to),
            Some(receiver) if fate == Fate::Delivered => receiver.deliver(datagram),
            Some(_) => {}
        }
    }

    /// Tells a sender that there is no socket where it sends to. Only a connected one hears it.
    fn refuse(&self, sender: SocketAddr, to: SocketAddr) {
        let mut state = self.state.borrow_mut();
        // The refusal is sent from there, and a partition stops it.
        if state.are_parted(to.ip(), sender.ip()) {
            return;
        }
        let sender = state.endpoint(sender);
        if let Some(sender) = sender.filter(|sender| sender.peer.get() == Some(to)) {
            let latency = state.refusal(&sender, to);
            drop(state);
            travel(latency, move || sender.refuse(to));
        }
    }
}

/// Lets something arrive later: a datagram under way is a task that sleeps.
fn travel(latency: Duration, arrive: impl FnOnce() + 'static) {
    if latency.is_zero() {
        return arrive();
    }
    // Made here, because the time counts from the sending, and not from the task's first turn.
    let arrival = sleep(latency);
    let task = spawn(async move {
        arrival.await;
        arrive();
    });
    trace::carries(task.id().0);
}

fn check_datagram(from: SocketAddr, to: SocketAddr, length: usize) -> io::Result<()> {
    if length > LONGEST {
        return Err(invalid(format!(
            "a datagram of {length} bytes to {to}: it has at most {LONGEST}"
        )));
    }
    if to.port() == 0 || to.ip().is_unspecified() {
        return Err(invalid(format!("{to} is not the address of a socket")));
    }
    match from.is_ipv4() == to.is_ipv4() {
        true => Ok(()),
        false => Err(invalid(format!(
            "a datagram from {from} to {to}: both must be IPv4, or both IPv6"
        ))),
    }
}
