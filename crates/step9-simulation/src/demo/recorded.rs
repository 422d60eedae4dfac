//! Real sockets whose datagrams are in pictures: both ends are of this program.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::time::Instant;

use step8_fast_executor::net::UdpSocket;
use step8_fast_executor::now;
use trace::{Fate, Message};

use crate::{Datagrams, Transport};

/// When a datagram was sent, and by which task.
type Sent = (Instant, Option<u64>);

thread_local! {
    /// What is under way, by sender and receiver. From one socket to another of the same machine,
    /// datagrams keep their order.
    static UNDER_WAY: RefCell<BTreeMap<[SocketAddr; 2], VecDeque<Sent>>> = RefCell::default();
}

/// The network of the system, which tells pictures of its datagrams.
#[derive(Clone, Copy)]
pub(crate) struct RecordedNetwork;

pub(crate) struct RecordedSocket {
    socket: UdpSocket,
    peer: Cell<Option<SocketAddr>>,
}

impl Transport for RecordedNetwork {
    type Socket = RecordedSocket;

    fn bind(&self, address: SocketAddr) -> io::Result<RecordedSocket> {
        let (socket, peer) = (UdpSocket::bind(address)?, Cell::new(None));
        Ok(RecordedSocket { socket, peer })
    }
}

impl RecordedSocket {
    fn sent(&self, to: SocketAddr) -> io::Result<()> {
        if trace::has_listener() {
            let (ends, sent) = ([self.local_addr()?, to], (now(), trace::running()));
            UNDER_WAY.with_borrow_mut(|all| all.entry(ends).or_default().push_back(sent));
        }
        Ok(())
    }

    fn received(&self, from: SocketAddr) -> io::Result<()> {
        let ends = [from, self.local_addr()?];
        let sent = UNDER_WAY.with_borrow_mut(|all| all.get_mut(&ends)?.pop_front());
        if let Some((sent, from)) = sent {
            let (to, fate) = (trace::running(), Fate::Delivered);
            trace::message(Message {
                from,
                to,
                sent,
                fate,
            });
        }
        Ok(())
    }

    fn peer(&self) -> SocketAddr {
        self.peer.get().expect("it is connected")
    }
}

impl Datagrams for RecordedSocket {
    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    fn connect(&self, peer: SocketAddr) -> io::Result<()> {
        self.peer.set(Some(peer));
        self.socket.connect(peer)
    }

    async fn send(&self, datagram: &[u8]) -> io::Result<usize> {
        let length = self.socket.send(datagram).await?;
        self.sent(self.peer()).map(|()| length)
    }

    async fn send_to(&self, datagram: &[u8], to: SocketAddr) -> io::Result<usize> {
        let length = self.socket.send_to(datagram, to).await?;
        self.sent(to).map(|()| length)
    }

    async fn recv(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.socket.recv(buffer).await?;
        self.received(self.peer()).map(|()| length)
    }

    async fn recv_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        let (length, from) = self.socket.recv_from(buffer).await?;
        self.received(from).map(|()| (length, from))
    }
}
