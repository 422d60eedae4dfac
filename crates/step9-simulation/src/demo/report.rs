//! What came of a crowd of clients, in figures and a chart.

use std::fmt;
use std::time::Duration;

use crate::demo::Crowd;
use crate::{Fate, Network};

/// How wide the longest bar of the chart is.
const WIDTH: u128 = 40;

/// Shares of the answers, in tenths of a percent.
const SHARES: [usize; 6] = [100, 500, 900, 990, 999, 1_000];

/// What a datagram's fate is called.
const FATES: [(Fate, &str); 7] = [
    (Fate::Sent, "datagrams sent"),
    (Fate::Doubled, "doubled on the way"),
    (Fate::Delivered, "delivered"),
    (Fate::Lost, "lost on the way"),
    (Fate::CutOff, "stopped by the partition"),
    (Fate::Overflowed, "dropped at a full queue"),
    (Fate::Unclaimed, "too late: their socket was closed"),
];

/// What came of a client.
pub(crate) struct Call {
    /// How long its answer took; `None` if it has none.
    pub(crate) took: Option<Duration>,
    pub(crate) tries: u32,
}

/// What came of a [`Crowd`]. It is displayed as figures and a chart.
#[derive(Debug)]
pub struct Report {
    seed: u64,
    clients: usize,
    servers: usize,
    counts: [u64; FATES.len()],
    digest: u64,
    retried: usize,
    /// The times to an answer, in order.
    times: Vec<Duration>,
    virtual_time: Duration,
}

impl Report {
    pub(crate) fn new(
        crowd: &Crowd,
        network: &Network,
        calls: &[Call],
        virtual_time: Duration,
    ) -> Report {
        let mut times: Vec<_> = calls.iter().filter_map(|call| call.took).collect();
        times.sort_unstable();
        Report {
            seed: crowd.seed,
            clients: crowd.clients,
            servers: crowd.servers(),
            counts: FATES.map(|(fate, _)| network.count(fate)),
            digest: network.digest(),
            retried: calls.iter().filter(|call| call.tries > 1).count(),
            times,
            virtual_time,
        }
    }

    /// Returns how many datagrams had this fate.
    pub fn count(&self, fate: Fate) -> u64 {
        let place = FATES.iter().position(|(known, _)| *known == fate);
        self.counts[place.expect("the table has all")]
    }

    /// The time within which this share of the answers came.
    fn percentile(&self, share: usize) -> Option<Duration> {
        let place = (self.times.len() * share).div_ceil(1_000);
        self.times.get(place.checked_sub(1)?).copied()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (clients, servers, seed) = (self.clients, self.servers, self.seed);
        let plural = |count| if count == 1 { "" } else { "s" };
        let (s, t) = (plural(clients), plural(servers));
        writeln!(f, "{clients} client{s}, {servers} server{t}, seed {seed}:")?;
        let answered = self.times.len();
        let clients = [
            (answered as u64, "answered"),
            ((clients - answered) as u64, "failed, after three tries"),
            (self.retried as u64, "tried more than once"),
        ];
        let datagrams = FATES.iter().map(|(_, what)| *what);
        let datagrams = self.counts.iter().copied().zip(datagrams);
        for (count, what) in clients.into_iter().chain(datagrams) {
            writeln!(f, "{count:>9} {what}")?;
        }
        writeln!(f, "time to an answer:")?;
        let longest = self.times.last().map_or(1, Duration::as_micros).max(1);
        for share in SHARES {
            let Some(time) = self.percentile(share) else {
                continue;
            };
            let bar = "#".repeat((time.as_micros() * WIDTH).div_ceil(longest) as usize);
            let (whole, tenth) = (share / 10, share % 10);
            writeln!(f, "{whole:>5}.{tenth} % {:>6} ms {bar}", time.as_millis())?;
        }
        let millis = self.virtual_time.as_millis();
        let (seconds, millis) = (millis / 1_000, millis % 1_000);
        writeln!(f, "virtual time: {seconds}.{millis:03} s")?;
        writeln!(f, "digest of all events: {:016x}", self.digest)
    }
}
