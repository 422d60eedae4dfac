//! Does a simulated socket do what a real one does?

use std::io::ErrorKind;
use std::rc::Rc;

use step8_fast_executor::{now, sleep, spawn, timeout, yield_now};
use step9_simulation::{Conditions, Fate, Latency, Network};

use crate::support::{MS, SECOND, address, pair, received, steady, virtually};

#[test]
fn datagrams_go_there_and_back() {
    virtually(async {
        let network = steady();
        let (here, there) = pair(&network);
        let (near, far) = (here.local_addr().unwrap(), there.local_addr().unwrap());
        let start = now();
        assert_eq!(here.send_to(b"ping", far).await.unwrap(), 4);
        let mut buffer = [0; 8];
        assert_eq!(there.recv_from(&mut buffer).await.unwrap(), (4, near));
        assert_eq!(now() - start, 10 * MS);
        assert_eq!(there.send_to(b"pong!", near).await.unwrap(), 5);
        assert_eq!(here.recv_from(&mut buffer).await.unwrap(), (5, far));
        assert_eq!(&buffer[..5], b"pong!");
        assert_eq!(now() - start, 20 * MS);
    });
}

#[test]
fn connected_socket_hears_only_its_peer() {
    virtually(async {
        let network = Network::new(1);
        let (here, there) = pair(&network);
        let stranger = network.bind(address("10.0.0.3:0")).unwrap();
        let near = here.local_addr().unwrap();
        here.connect(there.local_addr().unwrap()).unwrap();
        there.connect(near).unwrap();
        stranger.send_to(b"spam", near).await.unwrap();
        there.send(b"hello").await.unwrap();
        assert_eq!(received(&here).await, b"hello");
        assert!(timeout(SECOND, here.recv(&mut [0])).await.is_err());
        assert_eq!(network.count(Fate::Unclaimed), 1);
    });
}

#[test]
fn what_does_not_fit_the_buffer_is_cut_off() {
    virtually(async {
        let (here, there) = pair(&Network::new(1));
        let far = there.local_addr().unwrap();
        here.send_to(b"hello", far).await.unwrap();
        here.send_to(b"", far).await.unwrap();
        let mut buffer = [0; 2];
        assert_eq!(there.recv_from(&mut buffer).await.unwrap().0, 2);
        assert_eq!(&buffer, b"he");
        assert_eq!(there.recv_from(&mut buffer).await.unwrap().0, 0);
    });
}

#[test]
fn connected_socket_learns_of_no_listener() {
    virtually(async {
        let network = steady();
        let (here, gone) = pair(&network);
        here.connect(gone.local_addr().unwrap()).unwrap();
        drop(gone);
        let start = now();
        here.send(b"hello?").await.unwrap();
        let error = here.recv(&mut [0]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        assert_eq!(now() - start, 20 * MS);
        // A sender learns it too, and both once.
        here.send(b"hello?").await.unwrap();
        assert!(timeout(SECOND, std::future::pending::<()>()).await.is_err());
        let error = here.send(b"hello?").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        here.send(b"hello?").await.unwrap();
    });
}

#[test]
fn unconnected_socket_learns_nothing() {
    virtually(async {
        let (here, gone) = pair(&steady());
        let nowhere = gone.local_addr().unwrap();
        drop(gone);
        here.send_to(b"hello?", nowhere).await.unwrap();
        assert!(timeout(SECOND, here.recv(&mut [0])).await.is_err());
    });
}

#[test]
fn a_former_peer_cannot_refuse() {
    virtually(async {
        let network = steady();
        let (here, gone) = pair(&network);
        let other = network.bind(address("10.0.0.3:0")).unwrap();
        here.connect(gone.local_addr().unwrap()).unwrap();
        drop(gone);
        here.send(b"hello?").await.unwrap();
        // The datagram has arrived, and the refusal is under way.
        sleep(15 * MS).await;
        here.connect(other.local_addr().unwrap()).unwrap();
        assert!(timeout(SECOND, here.recv(&mut [0])).await.is_err());
        here.send(b"hello!").await.unwrap();
        assert_eq!(received(&other).await, b"hello!");
    });
}

/// Promise (network): A receive that is dropped loses no datagram, and waiters are served in the
/// order of arrival.
#[test]
fn waiters_are_served_in_order() {
    virtually(async {
        let (here, there) = pair(&steady());
        let (far, there) = (there.local_addr().unwrap(), Rc::new(there));
        let readers: Vec<_> = (0..3)
            .map(|_| {
                let there = Rc::clone(&there);
                spawn(async move { received(&there).await })
            })
            .collect();
        yield_now().await;
        for byte in [b"a", b"b", b"c"] {
            here.send_to(byte, far).await.unwrap();
        }
        for (reader, byte) in readers.into_iter().zip([b"a", b"b", b"c"]) {
            assert_eq!(reader.await.unwrap(), byte);
        }
    });
}

/// Promise (network): A receive that is dropped loses no datagram, and waiters are served in the
/// order of arrival.
#[test]
fn a_dropped_receive_loses_nothing() {
    virtually(async {
        let (here, there) = pair(&Network::new(1));
        let (far, there) = (there.local_addr().unwrap(), Rc::new(there));
        let first = spawn({
            let there = Rc::clone(&there);
            async move { received(&there).await }
        });
        let second = spawn(async move { received(&there).await });
        yield_now().await;
        // It arrives at once, and wakes the first, which has no turn before it is dropped.
        here.send_to(b"x", far).await.unwrap();
        first.abort();
        assert_eq!(second.await.unwrap(), b"x");
    });
}

#[test]
fn a_receive_takes_a_turn() {
    virtually(async {
        let (here, there) = pair(&Network::new(1));
        let far = there.local_addr().unwrap();
        // Other tasks get their turns beside one that is always served.
        let endless = spawn(async move {
            loop {
                here.send_to(b"x", far).await.unwrap();
                received(&there).await;
            }
        });
        for _ in 0..10 {
            yield_now().await;
        }
        endless.abort();
    });
}

#[test]
fn a_closed_address_is_free_again() {
    virtually(async {
        let network = Network::new(1);
        let socket = network.bind(address("10.0.0.1:53")).unwrap();
        let taken = network.bind(address("10.0.0.1:53")).unwrap_err();
        assert_eq!(taken.kind(), ErrorKind::AddrInUse);
        assert_eq!(taken.to_string(), "10.0.0.1:53: the address is in use");
        drop(socket);
        network.bind(address("10.0.0.1:53")).unwrap();
    });
}

#[test]
fn any_port_is_one_that_is_free() {
    virtually(async {
        let network = Network::new(1);
        let any = || network.bind(address("10.0.0.1:0"));
        let port = |socket: &step9_simulation::UdpSocket| socket.local_addr().unwrap().port();
        let mut sockets: Vec<_> = (0..16_384).map(|_| any().unwrap()).collect();
        assert_eq!(
            (port(&sockets[0]), port(&sockets[16_383])),
            (49_152, 65_535)
        );
        let full = any().unwrap_err();
        assert_eq!(full.kind(), ErrorKind::AddrInUse);
        assert_eq!(full.to_string(), "10.0.0.1:0: all ports are in use");
        drop(sockets.remove(7));
        assert_eq!(port(&any().unwrap()), 49_159);
        // Another host has ports of its own.
        let other = network.bind(address("10.0.0.2:0")).unwrap();
        assert_eq!(port(&other), 49_152);
    });
}

#[test]
fn what_comes_to_a_closed_socket_is_unclaimed() {
    virtually(async {
        let network = steady();
        let (here, there) = pair(&network);
        here.send_to(b"x", there.local_addr().unwrap())
            .await
            .unwrap();
        drop(there);
        sleep(SECOND).await;
        assert_eq!(network.count(Fate::Unclaimed), 1);
    });
}

#[test]
fn what_is_sent_later_may_arrive_sooner() {
    virtually(async {
        let latency = Latency::Uniform {
            least: MS,
            most: 100 * MS,
        };
        let conditions = Conditions {
            latency,
            ..Conditions::default()
        };
        let network = Network::with_conditions(1, conditions).unwrap();
        let (here, there) = pair(&network);
        for byte in 0..100 {
            here.send_to(&[byte], there.local_addr().unwrap())
                .await
                .unwrap();
        }
        let mut arrived = Vec::new();
        for _ in 0..100 {
            arrived.extend(received(&there).await);
        }
        assert!(!arrived.is_sorted());
        arrived.sort_unstable();
        assert_eq!(arrived, Vec::from_iter(0..100));
    });
}
