//! Is a run the same each time, on every machine?

use step8_fast_executor::{sleep, spawn, timeout};
use step9_simulation::{Chance, Conditions, Latency, Network};
use step9_simulation::{Fate, demo::Crowd};

use crate::support::{MS, address, virtually};

fn report(seed: u64) -> String {
    let crowd = Crowd { seed, clients: 500 };
    crowd.run().unwrap().to_string()
}

/// If this fails, runs differ between machines, or between debug and release; or the demo or the
/// network was changed on purpose.
///
/// Promise (network): The same seed is the same run, to the byte, in debug and in release, on every
/// machine.
#[test]
fn the_digest_is_the_same_everywhere() {
    let report = report(7);
    let digest = report.lines().last().unwrap();
    assert_eq!(digest, "digest of all events: dbc2ba1fa2353b36");
}

/// Promise (network): The same seed is the same run, to the byte, in debug and in release, on every
/// machine.
#[test]
fn the_same_seed_gives_the_same_report() {
    assert_eq!(report(1), report(1));
    assert_ne!(report(1), report(2));
}

/// The luck of one host's datagrams: which of 64 arrive, while another host sends too or does not.
fn luck(with_other: bool) -> Vec<u8> {
    virtually(async {
        let conditions = Conditions {
            latency: Latency::Constant(MS),
            loss: Chance::percent(50),
            ..Conditions::default()
        };
        let network = Network::with_conditions(1, conditions).unwrap();
        let there = network.bind(address("10.0.0.1:53")).unwrap();
        let far = there.local_addr().unwrap();
        if with_other {
            let other = network.bind(address("10.0.0.2:0")).unwrap();
            drop(spawn(async move {
                loop {
                    other.send_to(&[255], far).await.unwrap();
                    sleep(MS / 3).await;
                }
            }));
        }
        let here = network.bind(address("10.0.0.3:0")).unwrap();
        let mut arrived = Vec::new();
        for byte in 0..64 {
            here.send_to(&[byte], far).await.unwrap();
            sleep(MS * 2).await;
        }
        let mut buffer = [0];
        while let Ok(received) = timeout(MS, there.recv(&mut buffer)).await {
            received.unwrap();
            arrived.extend(buffer.iter().filter(|&&byte| byte < 64));
        }
        arrived
    })
}

/// So a program can be made smaller, and what is left runs as before.
///
/// Promise (network): The luck of a host's datagrams does not depend on other hosts.
#[test]
fn luck_does_not_depend_on_other_hosts() {
    let alone = luck(false);
    assert!((16..48).contains(&alone.len()), "{alone:?}");
    assert_eq!(luck(true), alone);
}

/// Sends to these hosts at one moment, again and again. Returns what the last one receives.
fn luck_of_the_last(hosts: &[&str]) -> Vec<u8> {
    virtually(async {
        let conditions = Conditions {
            loss: Chance::percent(50),
            ..Conditions::default()
        };
        let network = Network::with_conditions(1, conditions).unwrap();
        let server = network.bind(address("10.0.0.1:53")).unwrap();
        let bind = |host: &&str| network.bind(address(host)).unwrap();
        let clients: Vec<_> = hosts.iter().map(bind).collect();
        let (mut buffer, mut arrived) = ([0], Vec::new());
        for byte in 0..64 {
            for client in &clients {
                let client = client.local_addr().unwrap();
                server.send_to(&[byte], client).await.unwrap();
            }
            let last = clients.last().unwrap().recv(&mut buffer);
            if timeout(MS, last).await.is_ok() {
                arrived.extend(buffer);
            }
        }
        arrived
    })
}

/// Promise (network): The luck of a host's datagrams does not depend on other hosts.
#[test]
fn luck_depends_on_no_other_receiver() {
    let alone = luck_of_the_last(&["10.0.0.3:9"]);
    assert!((16..48).contains(&alone.len()), "{alone:?}");
    assert_eq!(luck_of_the_last(&["10.0.0.2:9", "10.0.0.3:9"]), alone);
}

#[test]
fn a_socket_of_the_same_address_has_other_luck() {
    virtually(async {
        let conditions = Conditions {
            loss: Chance::percent(50),
            ..Conditions::default()
        };
        let network = Network::with_conditions(1, conditions).unwrap();
        let there = network.bind(address("10.0.0.1:53")).unwrap();
        let mut lucks = std::collections::BTreeSet::new();
        for _ in 0..10 {
            let here = network.bind(address("10.0.0.2:99")).unwrap();
            let mut luck = Vec::new();
            for _ in 0..64 {
                let lost = network.count(Fate::Lost);
                here.send_to(b"x", there.local_addr().unwrap())
                    .await
                    .unwrap();
                luck.push(network.count(Fate::Lost) > lost);
            }
            lucks.insert(luck);
        }
        assert_eq!(lucks.len(), 10);
    });
}
