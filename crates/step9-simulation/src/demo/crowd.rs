//! Very many clients at once, on a simulated network.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use step8_fast_executor::{Executor, now, sleep, spawn};

use crate::demo::internet;
use crate::demo::program::{call_with_retries, serve};
use crate::demo::report::{Call, Report};
use crate::{Network, Random};

/// How long a server works on an answer.
const WORK: Duration = Duration::from_millis(8);

/// The time within which all clients begin, each at its own moment.
const RUSH: Duration = Duration::from_secs(10);

/// How many clients there are for a server.
const CLIENTS_OF_A_SERVER: usize = 1_000;

/// The hosts of the servers and of the clients: the first of each.
const SERVERS: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);
const CLIENTS: Ipv4Addr = Ipv4Addr::new(172, 16, 0, 0);

/// A run of the demo.
#[derive(Clone, Copy, Debug)]
pub struct Crowd {
    /// From which all chance comes.
    pub seed: u64,
    /// How many clients there are.
    pub clients: usize,
}

impl Default for Crowd {
    fn default() -> Crowd {
        Crowd {
            seed: 1,
            clients: 100_000,
        }
    }
}

impl Crowd {
    /// Runs it in virtual time, and returns what came of it: for the same seed the same.
    ///
    /// # Errors
    ///
    /// Returns an error if no executor can be made.
    pub fn run(&self) -> io::Result<Report> {
        Executor::with_virtual_time()?.block_on(self.simulate())
    }

    pub(crate) fn servers(&self) -> usize {
        self.clients.div_ceil(CLIENTS_OF_A_SERVER)
    }

    async fn simulate(&self) -> io::Result<Report> {
        let network = Network::with_conditions(self.seed, internet())?;
        let servers: Rc<[SocketAddr]> = (0..self.servers())
            .map(|i| SocketAddr::new(host(SERVERS, i), 53))
            .collect();
        for &server in &*servers {
            drop(spawn(serve(network.bind(server)?, WORK)));
        }
        let start = now();
        let mut random = Random::new(self.seed);
        let client = |i: usize| {
            let begin = Duration::from_nanos(random.below(RUSH.as_nanos() as u64));
            let (network, server) = (network.clone(), servers[i % servers.len()]);
            spawn(async move {
                sleep(begin).await;
                let from = SocketAddr::new(host(CLIENTS, i), 0);
                let start = now();
                let (response, tries) = call_with_retries(&network, from, server, "hello").await;
                let took = response.is_ok().then(|| now() - start);
                Call { took, tries }
            })
        };
        let clients: Vec<_> = (0..self.clients).map(client).collect();

        sleep(RUSH * 2 / 5).await;
        // Every second server, and one if that is all there are.
        let parted: Vec<IpAddr> = servers.iter().step_by(2).map(SocketAddr::ip).collect();
        network.partition(&parted, Duration::from_secs(2));

        let mut calls = Vec::with_capacity(self.clients);
        for client in clients {
            calls.push(client.await.map_err(io::Error::other)?);
        }
        Ok(Report::new(self, &network, &calls, now() - start))
    }
}

fn host(first: Ipv4Addr, i: usize) -> IpAddr {
    Ipv4Addr::from_bits(first.to_bits() + i as u32).into()
}
