//! What does it say to settings that cannot be?

use std::io::ErrorKind;
use std::time::Duration;

use step9_simulation::{Chance, Conditions, Fate, Latency, Network};

use crate::support::{MS, SECOND, address, pair, virtually};

/// Returns what it says to these conditions.
fn refused(conditions: Conditions) -> String {
    virtually(async {
        let error = Network::with_conditions(1, conditions).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        error.to_string()
    })
}

#[test]
fn a_chance_is_at_most_one() {
    let conditions = Conditions {
        loss: Chance::percent(101),
        ..Conditions::default()
    };
    assert_eq!(
        refused(conditions),
        "a loss of 101 in 100: a chance is at most 1 in 1"
    );
    let conditions = Conditions {
        duplication: Chance { parts: 0, of: 0 },
        ..Conditions::default()
    };
    assert_eq!(
        refused(conditions),
        "a duplication of 0 in 0: `of` must be at least 1"
    );
    let conditions = Conditions {
        loss: Chance::percent(100),
        ..Conditions::default()
    };
    virtually(async { Network::with_conditions(1, conditions).unwrap() });
}

#[test]
fn the_times_of_a_latency_rise() {
    let latencies = [
        Latency::Uniform {
            least: 2 * MS,
            most: MS,
        },
        Latency::LongTail {
            least: MS,
            usual: MS,
            most: SECOND,
        },
        Latency::LongTail {
            least: MS,
            usual: SECOND,
            most: 2 * MS,
        },
    ];
    for latency in latencies {
        let conditions = Conditions {
            latency,
            ..Conditions::default()
        };
        let message = refused(conditions);
        assert!(message.ends_with(": its times must rise"), "{message}");
    }
}

#[test]
fn a_latency_is_at_most_a_day() {
    for latency in [
        Latency::Constant(Duration::MAX),
        Latency::Uniform {
            least: MS,
            most: Duration::MAX,
        },
    ] {
        let conditions = Conditions {
            latency,
            ..Conditions::default()
        };
        let message = refused(conditions);
        assert!(
            message.ends_with(": a datagram takes at most 86400s"),
            "{message}"
        );
    }
}

#[test]
fn a_queue_has_room() {
    let conditions = Conditions {
        queue: 0,
        ..Conditions::default()
    };
    assert_eq!(refused(conditions), "a queue of 0: nothing would arrive");
}

#[test]
fn a_datagram_too_long_is_an_error() {
    virtually(async {
        let (here, there) = pair(&Network::new(1));
        let far = there.local_addr().unwrap();
        assert_eq!(here.send_to(&[0; 65_507], far).await.unwrap(), 65_507);
        let error = here.send_to(&[0; 65_508], far).await.unwrap_err();
        let expected = format!("a datagram of 65508 bytes to {far}: it has at most 65507");
        assert_eq!(error.to_string(), expected);
    });
}

#[test]
fn an_address_that_cannot_be_is_an_error() {
    virtually(async {
        let network = Network::new(1);
        let error = network.bind(address("0.0.0.0:53")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AddrNotAvailable);
        assert!(
            error
                .to_string()
                .contains("bind to an address, such as 10.0.0.1")
        );
        let (here, _) = pair(&network);
        for (to, problem) in [
            ("10.0.0.2:0", "10.0.0.2:0 is not the address of a socket"),
            ("0.0.0.0:53", "0.0.0.0:53 is not the address of a socket"),
        ] {
            let error = here.send_to(b"x", address(to)).await.unwrap_err();
            assert_eq!(error.to_string(), problem);
        }
        let six = address("[fd00::1]:53");
        for error in [
            here.send_to(b"x", six).await.unwrap_err(),
            here.connect(six).unwrap_err(),
        ] {
            assert!(
                error
                    .to_string()
                    .ends_with("both must be IPv4, or both IPv6")
            );
        }
        assert_eq!(network.count(Fate::Sent), 0);
    });
}

#[test]
fn sending_without_a_peer_is_an_error() {
    virtually(async {
        let (here, _) = pair(&Network::new(1));
        let error = here.send(b"x").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotConnected);
        assert_eq!(
            error.to_string(),
            "10.0.0.1:49152 is not connected: use send_to"
        );
    });
}

/// There it would count from the system's clock, and no two runs would be the same.
#[test]
#[should_panic(expected = "a network needs an executor")]
fn a_network_outside_an_executor_is_refused() {
    Network::new(1);
}
