//! Is chance what was asked for?
//!
//! The seeds are fixed, so these tests cannot fail now and then. Their limits are those of four
//! standard deviations, which one of 15,000 seeds would miss.

use std::time::Duration;

use step8_fast_executor::{now, sleep};
use step9_simulation::{Chance, Conditions, Fate, Latency, Network, Random};

use crate::support::{MS, SECOND, pair, virtually, with_latency};

/// How many datagrams are sent.
const SENT: u64 = 40_000;

/// Fails unless a chance of `percent` allows this many of [`SENT`].
fn assert_likely(count: u64, percent: f64) {
    let (sent, chance) = (SENT as f64, percent / 100.0);
    let deviation = (sent * chance * (1.0 - chance)).sqrt();
    let off = (count as f64 - sent * chance).abs();
    assert!(off < 4.0 * deviation, "{count} for {percent} %");
}

/// Promise (network): Loss, duplication and latency are as likely as was asked for.
#[test]
fn loss_and_doubling_are_as_likely_as_asked() {
    virtually(async {
        let conditions = Conditions {
            loss: Chance::percent(5),
            duplication: Chance { parts: 1, of: 50 },
            ..Conditions::default()
        };
        let network = Network::with_conditions(1, conditions).unwrap();
        let (here, there) = pair(&network);
        let far = there.local_addr().unwrap();
        for _ in 0..SENT {
            here.send_to(b"x", far).await.unwrap();
        }
        assert_likely(network.count(Fate::Lost), 5.0);
        // What is lost is not doubled.
        assert_likely(network.count(Fate::Doubled), 0.95 * 2.0);
        let arrived = network.count(Fate::Delivered) + network.count(Fate::Overflowed);
        assert_eq!(
            arrived,
            SENT - network.count(Fate::Lost) + network.count(Fate::Doubled)
        );
    });
}

#[test]
fn what_is_certain_happens_each_time() {
    virtually(async {
        for (loss, lost) in [(Chance::percent(100), 100), (Chance::NEVER, 0)] {
            let conditions = Conditions {
                loss,
                ..Conditions::default()
            };
            let network = Network::with_conditions(1, conditions).unwrap();
            let (here, there) = pair(&network);
            for _ in 0..100 {
                let far = there.local_addr().unwrap();
                here.send_to(b"x", far).await.unwrap();
            }
            assert_eq!(network.count(Fate::Lost), lost);
        }
    });
}

/// Returns how long each of [`SENT`] datagrams took.
fn latencies(latency: Latency) -> Vec<Duration> {
    virtually(async {
        let network = with_latency(latency);
        let (here, there) = pair(&network);
        let far = there.local_addr().unwrap();
        let mut latencies = Vec::new();
        for number in 0..SENT {
            let start = now();
            here.send_to(&number.to_le_bytes(), far).await.unwrap();
            there.recv(&mut [0; 8]).await.unwrap();
            latencies.push(now() - start);
            // Then a receive that begins need not be told from one that waits.
            sleep(MS).await;
        }
        latencies
    })
}

fn count(latencies: &[Duration], limit: Duration) -> u64 {
    latencies.iter().filter(|&&l| l <= limit).count() as u64
}

#[test]
fn a_constant_latency_is_constant() {
    let latencies = latencies(Latency::Constant(7 * MS));
    assert!(latencies.iter().all(|&latency| latency == 7 * MS));
}

/// Promise (network): Loss, duplication and latency are as likely as was asked for.
#[test]
fn a_uniform_latency_is_spread_evenly() {
    let (least, most) = (20 * MS, 120 * MS);
    let latencies = latencies(Latency::Uniform { least, most });
    assert!(
        latencies
            .iter()
            .all(|latency| (least..=most).contains(latency))
    );
    for percent in [1, 10, 25, 50, 75, 90, 99] {
        let limit = least + percent * MS;
        assert_likely(count(&latencies, limit), f64::from(percent));
    }
}

/// Promise (network): Loss, duplication and latency are as likely as was asked for.
#[test]
fn a_long_tail_is_long() {
    let (least, usual, most) = (10 * MS, 40 * MS, SECOND);
    let latencies = latencies(Latency::LongTail { least, usual, most });
    assert!(
        latencies
            .iter()
            .all(|latency| (least..=most).contains(latency))
    );
    // 30 ms are the usual spread; then 60 more, then 120 more, and so on.
    let limits = [
        (25, 37.5),
        (40, 75.0),
        (100, 93.75),
        (220, 98.4375),
        (460, 99.609_375),
    ];
    for (limit, percent) in limits {
        assert_likely(count(&latencies, limit * MS), percent);
    }
    assert!(latencies.contains(&most));
}

/// From the reference implementation in C, for the seed 1234567.
#[test]
fn the_generator_is_splitmix64() {
    let mut random = Random::new(1_234_567);
    let expected = [
        6_457_827_717_110_365_317,
        3_203_168_211_198_807_973,
        9_817_491_932_198_370_423,
        4_593_380_528_125_082_431,
        16_408_922_859_458_223_821,
    ];
    assert_eq!([(); 5].map(|()| random.next()), expected);
}

#[test]
fn the_generator_keeps_below_its_bound() {
    let mut random = Random::new(1);
    let mut counts = [0; 5];
    for _ in 0..SENT {
        counts[random.below(5) as usize] += 1;
    }
    counts
        .into_iter()
        .for_each(|count| assert_likely(count, 20.0));
    assert_eq!(random.below(0), 0);
    assert_eq!(random.below(1), 0);
}
