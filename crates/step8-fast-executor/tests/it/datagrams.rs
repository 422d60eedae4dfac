//! What if the network does to datagrams what it may do? They are lost, doubled, reordered, as
//! large as can be, or for nobody; each is passed on as it comes, and a client that numbers its
//! requests gets its answers.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use step8_fast_executor::net::UdpSocket;
use step8_fast_executor::{Executor, JoinHandle, spawn, timeout};
use testing::watchdog::within_a_minute;

const REQUESTS: u32 = 200;
const MS: Duration = Duration::from_millis(1);

/// What a network does to an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Lost,
    Doubled,
    /// It comes after the next one.
    Late,
    Kept,
}

fn socket() -> UdpSocket {
    UdpSocket::bind("127.0.0.1:0".parse().unwrap()).unwrap()
}

/// Answers each datagram with itself, as this fate decides.
fn server(fate: impl Fn(u32) -> Fate + 'static) -> (SocketAddr, JoinHandle<io::Result<()>>) {
    let socket = socket();
    let address = socket.local_addr().unwrap();
    let serve = async move {
        let (mut buffer, mut held) = ([0; 4], None);
        for count in 0.. {
            let (length, from) = socket.recv_from(&mut buffer).await?;
            let answer = buffer[..length].to_vec();
            let before: Option<Vec<u8>> = held.take();
            match fate(count) {
                Fate::Lost => {}
                Fate::Late => held = Some(answer),
                fate => {
                    socket.send_to(&answer, from).await?;
                    if fate == Fate::Doubled {
                        socket.send_to(&answer, from).await?;
                    }
                }
            }
            if let Some(before) = before {
                socket.send_to(&before, from).await?;
            }
        }
        Ok(())
    };
    (address, spawn(serve))
}

/// Asks until each request has its answer, and waits this long for one. Returns how often each was
/// answered, and how many were sent.
async fn ask(server: SocketAddr, limit: Duration) -> (BTreeMap<u32, u32>, u32) {
    let (client, sent) = (socket(), Cell::new(0));
    let mut answers = BTreeMap::new();
    for round in 0.. {
        assert!(
            round < 100,
            "the answers to {:?} never come",
            (0..REQUESTS).find(|n| !answers.contains_key(n))
        );
        for number in (0..REQUESTS)
            .filter(|number| !answers.contains_key(number))
            .collect::<Vec<_>>()
        {
            client.send_to(&number.to_be_bytes(), server).await.unwrap();
            sent.set(sent.get() + 1);
            let mut buffer = [0; 4];
            while let Ok(answer) = timeout(limit, client.recv_from(&mut buffer)).await {
                assert_eq!(answer.unwrap(), (4, server));
                let answered = u32::from_be_bytes(buffer);
                *answers.entry(answered).or_insert(0) += 1;
                if answered == number {
                    break;
                }
            }
        }
        if answers.len() == REQUESTS as usize {
            break;
        }
    }
    // What comes too late.
    while timeout(10 * MS, client.recv_from(&mut [0; 4]))
        .await
        .is_ok()
    {}
    (answers, sent.get())
}

fn run(main: impl AsyncFnOnce() + Send + 'static) {
    within_a_minute(|| Executor::new().unwrap().block_on(main()));
}

/// Classic bug: "one lost datagram hangs the client forever".
#[test]
fn lost_ones_are_asked_for_again() {
    run(async || {
        let (address, _server) = server(|count| {
            if count % 3 == 0 {
                Fate::Lost
            } else {
                Fate::Kept
            }
        });
        let (answers, sent) = ask(address, 10 * MS).await;
        assert_eq!(answers.len(), REQUESTS as usize);
        assert!(sent > REQUESTS + REQUESTS / 3, "{sent} sent");
    });
}

#[test]
fn doubled_ones_come_twice() {
    run(async || {
        let (address, _server) = server(|_| Fate::Doubled);
        let (answers, sent) = ask(address, 10_000 * MS).await;
        assert_eq!(sent, REQUESTS);
        assert!(
            answers.values().all(|count| *count <= 2)
                && answers.values().sum::<u32>() >= 2 * REQUESTS - 1
        );
    });
}

#[test]
fn reordered_ones_come_in_the_other_order() {
    run(async || {
        let (address, _server) = server(|count| {
            if count % 2 == 0 {
                Fate::Late
            } else {
                Fate::Kept
            }
        });
        let client = socket();
        let mut order = Vec::new();
        for number in 0..4_u32 {
            client
                .send_to(&number.to_be_bytes(), address)
                .await
                .unwrap();
        }
        for _ in 0..4 {
            let mut buffer = [0; 4];
            client.recv_from(&mut buffer).await.unwrap();
            order.push(u32::from_be_bytes(buffer));
        }
        assert_eq!(order, [1, 0, 3, 2]);
    });
}

#[test]
fn all_of_it_at_once_is_survived() {
    run(async || {
        let fates = [
            Fate::Kept,
            Fate::Late,
            Fate::Lost,
            Fate::Doubled,
            Fate::Late,
            Fate::Kept,
            Fate::Lost,
        ];
        let (address, _server) = server(move |count| fates[count as usize % fates.len()]);
        assert_eq!(ask(address, 10 * MS).await.0.len(), REQUESTS as usize);
    });
}

#[test]
fn largest_arrives_whole_and_a_larger_fails() {
    /// What an IPv4 packet holds, less its header of 20 bytes and that of UDP, of 8.
    const LARGEST: usize = 65_535 - 20 - 8;
    run(async || {
        let (here, there) = (socket(), socket());
        let to = there.local_addr().unwrap();
        let datagram: Vec<u8> = (0..=LARGEST).map(|i| (i % 251) as u8).collect();
        assert!(here.send_to(&datagram, to).await.is_err());
        // Some systems send less than the protocol allows, unless they are told to.
        let largest = match here.send_to(&datagram[..LARGEST], to).await {
            Ok(length) => length,
            Err(_) => here.send_to(&datagram[..9_000], to).await.unwrap(),
        };
        let mut buffer = vec![0; LARGEST + 1];
        assert_eq!(there.recv_from(&mut buffer).await.unwrap().0, largest);
        assert_eq!(buffer[..largest], datagram[..largest]);
    });
}

/// ICMP's "port unreachable" reaches the socket that is connected to that port.
#[test]
fn refused_datagram_is_an_error_for_its_sender() {
    run(async || {
        let (gone, other, peer) = (socket(), Rc::new(socket()), socket());
        let refused = gone.local_addr().unwrap();
        drop(gone);
        let connected = socket();
        connected.connect(refused).unwrap();
        other.connect(peer.local_addr().unwrap()).unwrap();
        let waiting = spawn({
            let other = other.clone();
            async move { other.recv(&mut [0; 4]).await }
        });
        connected.send(b"hello?").await.unwrap();
        assert_eq!(
            connected.recv(&mut [0; 4]).await.unwrap_err().kind(),
            io::ErrorKind::ConnectionRefused
        );
        // A socket that is not connected never learns of it, and is none the worse.
        let unconnected = socket();
        unconnected.send_to(b"hello?", refused).await.unwrap();
        peer.send_to(b"here", other.local_addr().unwrap())
            .await
            .unwrap();
        assert_eq!(waiting.await.unwrap().unwrap(), 4);
        peer.send_to(b"here", unconnected.local_addr().unwrap())
            .await
            .unwrap();
        assert_eq!(unconnected.recv_from(&mut [0; 4]).await.unwrap().0, 4);
    });
}
