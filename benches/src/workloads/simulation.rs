//! How fast step 9's network is: the demo with a thousand clients, and one server.

use std::io;
use std::time::{Duration, Instant};

use step9_simulation::Fate;
use step9_simulation::demo::Crowd;

use crate::workload::{Contender, Section, Timed, Workload};

pub(super) fn workload() -> Workload {
    Workload {
        name: "a simulated datagram".into(),
        section: Section::Simulation,
        batch: 1,
        count: None,
        growth: None,
        is_charted: false,
        contenders: vec![Contender::new("step 9", simulate)],
    }
}

/// Each run sends the same datagrams.
fn simulate(datagrams: u64) -> io::Result<Timed> {
    let crowd = Crowd {
        clients: 1_000,
        ..Crowd::default()
    };
    let (mut done, mut elapsed) = (0, Duration::ZERO);
    while done < datagrams {
        let start = Instant::now();
        let report = crowd.run()?;
        elapsed += start.elapsed();
        done += report.count(Fate::Sent);
    }
    Ok(Timed { done, elapsed })
}
