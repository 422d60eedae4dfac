use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use step8_fast_executor::{Executor, sleep};
use step9_simulation::{Conditions, Fate, Latency, Network};

use super::Room;

const MEMBERS: u8 = 20;

/// Greets the members of a room. Returns what each hears, and the digest of all events.
fn greet(seed: u64) -> (Vec<String>, u64) {
    Executor::with_virtual_time().unwrap().block_on(async {
        let conditions = Conditions {
            latency: Latency::Constant(Duration::from_millis(10)),
            ..Conditions::default()
        };
        let network = Network::with_conditions(seed, conditions).unwrap();
        let bind = |i: u8| {
            let host = Ipv4Addr::new(10, 0, 0, i);
            network.bind(SocketAddr::new(host.into(), 7)).unwrap()
        };
        let (mut room, server) = (Room::default(), bind(1));
        let sockets: Vec<_> = (0..MEMBERS).map(|i| bind(i + 2)).collect();
        for (i, socket) in sockets.iter().enumerate() {
            room.enter(&format!("guest {i}"), socket.local_addr().unwrap());
        }
        room.greet(&server).await.unwrap();
        sleep(Duration::from_secs(1)).await;
        let greetings = network.count(Fate::Delivered);
        assert_eq!(
            greetings,
            MEMBERS.into(),
            "each member is sent one greeting"
        );
        let mut heard = Vec::new();
        for socket in &sockets {
            let mut buffer = [0; 64];
            let length = socket.recv(&mut buffer).await.unwrap();
            heard.push(String::from_utf8_lossy(&buffer[..length]).into_owned());
        }
        (heard, network.digest())
    })
}

#[test]
fn the_same_seed_is_the_same_run() {
    let (_, digest) = greet(1);
    for _ in 0..20 {
        let (_, again) = greet(1);
        assert_eq!(
            again, digest,
            "the digest of all events: two runs with seed 1 differ"
        );
    }
}

#[test]
fn each_member_is_greeted_by_name() {
    let (heard, _) = greet(1);
    for (i, heard) in heard.iter().enumerate() {
        assert_eq!(
            heard,
            &format!("hello, guest {i}"),
            "each guest is greeted by name"
        );
    }
}
