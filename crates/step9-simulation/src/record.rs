//! What has become of the datagrams: counts, and a digest of all that happened.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use crate::inbox::Datagram;

/// Something that happens to a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was given to the network.
    Sent,
    /// It was copied on the way: there is one more of it.
    Doubled,
    /// It was put into the queue of a socket.
    Delivered,
    /// It was lost on the way.
    Lost,
    /// It was stopped by a partition.
    CutOff,
    /// It was dropped at a socket whose queue was full.
    Overflowed,
    /// It came where there was no socket, or one that is connected to another peer.
    Unclaimed,
}

/// The record of a network.
#[derive(Debug)]
pub(crate) struct Record {
    counts: [u64; Fate::Unclaimed as usize + 1],
    /// FNV-1a, in 64 bits.
    digest: u64,
}

impl Record {
    pub(crate) fn new() -> Record {
        Record {
            counts: Default::default(),
            digest: 0xCBF2_9CE4_8422_2325,
        }
    }

    pub(crate) fn count(&self, fate: Fate) -> u64 {
        self.counts[fate as usize]
    }

    pub(crate) fn digest(&self) -> u64 {
        self.digest
    }

    /// Notes what happened to a datagram, and when, since the network was made.
    pub(crate) fn note(&mut self, at: Duration, fate: Fate, number: u64) {
        self.counts[fate as usize] += 1;
        self.add_bytes(&(at.as_nanos() as u64).to_le_bytes());
        self.add_bytes(&[fate as u8]);
        self.add_bytes(&number.to_le_bytes());
    }

    /// Notes what a datagram says, and to whom.
    pub(crate) fn add(&mut self, datagram: &Datagram) {
        for address in [datagram.from, datagram.to] {
            self.add_address(address);
        }
        self.add_bytes(&datagram.bytes);
    }

    fn add_address(&mut self, address: SocketAddr) {
        match address.ip() {
            IpAddr::V4(ip) => self.add_bytes(&ip.octets()),
            IpAddr::V6(ip) => self.add_bytes(&ip.octets()),
        }
        self.add_bytes(&address.port().to_le_bytes());
    }

    fn add_bytes(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.digest = (self.digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }
}
