//! What has become of the datagrams: counts, and a digest of all that happened.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// How many datagrams had which fate. The difference of both sides is what is under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Given to the network.
    pub sent: u64,
    /// Copied on the way: each is one more datagram.
    pub doubled: u64,
    /// Put into the queue of a socket.
    pub delivered: u64,
    /// Lost on the way.
    pub lost: u64,
    /// Stopped by a partition.
    pub cut_off: u64,
    /// Dropped at a socket whose queue was full.
    pub overflowed: u64,
    /// Arrived where there was no socket, or one that is connected to another peer.
    pub unclaimed: u64,
}

/// Something that happens to a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Sent,
    Doubled,
    Delivered,
    Lost,
    CutOff,
    Overflowed,
    Unclaimed,
}

/// The record of a network.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) counts: Counts,
    pub(crate) digest: Digest,
}

impl Record {
    pub(crate) fn new() -> Record {
        Record {
            counts: Counts::default(),
            digest: Digest::new(),
        }
    }

    /// Notes what happened to a datagram, and when, since the network was made.
    pub(crate) fn note(&mut self, at: Duration, fate: Fate, number: u64) {
        let counts = &mut self.counts;
        let count = match fate {
            Fate::Sent => &mut counts.sent,
            Fate::Doubled => &mut counts.doubled,
            Fate::Delivered => &mut counts.delivered,
            Fate::Lost => &mut counts.lost,
            Fate::CutOff => &mut counts.cut_off,
            Fate::Overflowed => &mut counts.overflowed,
            Fate::Unclaimed => &mut counts.unclaimed,
        };
        *count += 1;
        self.digest.add(&(at.as_nanos() as u64).to_le_bytes());
        self.digest.add(&[fate as u8]);
        self.digest.add(&number.to_le_bytes());
    }
}

/// A digest of bytes: FNV-1a, in 64 bits.
#[derive(Debug)]
pub(crate) struct Digest(u64);

impl Digest {
    pub(crate) fn new() -> Digest {
        Digest(0xCBF2_9CE4_8422_2325)
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }

    pub(crate) fn add_address(&mut self, address: SocketAddr) {
        match address.ip() {
            IpAddr::V4(ip) => self.add(&ip.octets()),
            IpAddr::V6(ip) => self.add(&ip.octets()),
        }
        self.add(&address.port().to_le_bytes());
    }

    pub(crate) fn value(&self) -> u64 {
        self.0
    }
}
