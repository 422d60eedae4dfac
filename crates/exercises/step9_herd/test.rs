use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use step8_fast_executor::{Executor, now, sleep, spawn, timeout};
use step9_simulation::{Conditions, Fate, Latency, Network, Random, UdpSocket};

use super::{PAUSE, pause};

const CLIENTS: u8 = 100;
const TRIES: u32 = 5;
const LIMIT: Duration = Duration::from_millis(100);
/// How long the server works on an answer.
const WORK: Duration = Duration::from_millis(5);

async fn serve(socket: UdpSocket) {
    loop {
        let (_, client) = socket.recv_from(&mut [0]).await.unwrap();
        sleep(WORK).await;
        socket.send_to(b"!", client).await.unwrap();
    }
}

async fn is_answered(socket: UdpSocket, mut random: Random) -> bool {
    for tries in 1..=TRIES {
        socket.send(b"?").await.unwrap();
        if timeout(LIMIT, socket.recv(&mut [0])).await.is_ok() {
            return true;
        }
        pause(tries, &mut random).await;
    }
    false
}

/// Returns how many of the clients are answered, and how many requests were dropped.
fn answered(seed: u64) -> (usize, u64) {
    Executor::with_virtual_time().unwrap().block_on(async {
        let conditions = Conditions {
            latency: Latency::Constant(Duration::from_millis(5)),
            queue: 16,
            ..Conditions::default()
        };
        let network = Network::with_conditions(seed, conditions).unwrap();
        let server: SocketAddr = "10.0.0.1:53".parse().unwrap();
        drop(spawn(serve(network.bind(server).unwrap())));
        let client = |i: u8| {
            let host = Ipv4Addr::new(10, 0, 1, i);
            let socket = network.bind(SocketAddr::new(host.into(), 0)).unwrap();
            socket.connect(server).unwrap();
            let random = Random::new(seed).split(i.into());
            spawn(is_answered(socket, random))
        };
        let clients: Vec<_> = (0..CLIENTS).map(client).collect();
        let mut answered = 0;
        for client in clients {
            answered += usize::from(client.await.unwrap());
        }
        (answered, network.count(Fate::Overflowed))
    })
}

#[test]
fn all_clients_are_answered() {
    for seed in 0..20 {
        let (answered, _) = answered(seed);
        assert_eq!(
            answered,
            CLIENTS.into(),
            "with seed {seed} not all clients are answered within {TRIES} tries"
        );
    }
}

#[test]
fn few_requests_are_dropped_after_the_first_rush() {
    for seed in 0..20 {
        let (_, dropped) = answered(seed);
        assert!(
            dropped < 200,
            "with seed {seed} {dropped} requests are dropped, where less than 200 are enough"
        );
    }
}

#[test]
fn a_pause_grows_and_is_not_the_same_for_all() {
    Executor::with_virtual_time().unwrap().block_on(async {
        for tries in 1..=TRIES {
            let mut longest = Duration::ZERO;
            for i in 0..100 {
                let start = now();
                pause(tries, &mut Random::new(i)).await;
                longest = longest.max(now() - start);
            }
            let most = PAUSE * 2_u32.pow(tries - 1);
            assert!(
                longest <= most && longest > most * 9 / 10,
                "try {tries}: of 100 pauses below {most:?} the longest is {longest:?}"
            );
        }
    });
}
