//! What does a UDP socket do, even if the network does to datagrams whatever it may do?

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use testing::foreign::turns;

use crate::executor::net::UdpSocket;
use crate::executor::{JoinHandle, spawn, timeout};
use crate::suites::support::{MS, run, udp};

#[test]
fn datagrams_go_there_and_back() {
    run(async || {
        let (here, there) = (udp(), udp());
        let (near, far) = (here.local_addr().unwrap(), there.local_addr().unwrap());
        let echo = spawn(async move {
            let mut buffer = [0; 64];
            for _ in 0..100 {
                let (length, from) = there.recv_from(&mut buffer).await.unwrap();
                assert_eq!(from, near);
                there.send_to(&buffer[..length], from).await.unwrap();
            }
        });
        for i in 0..100_u8 {
            assert_eq!(here.send_to(&[i, i], far).await.unwrap(), 2);
            let mut buffer = [0; 64];
            assert_eq!(here.recv_from(&mut buffer).await.unwrap(), (2, far));
            assert_eq!(buffer[..2], [i, i]);
        }
        echo.await.unwrap();
    });
}

#[test]
fn a_connected_socket_hears_its_peer_alone() {
    run(async || {
        let (here, there, stranger) = (udp(), udp(), udp());
        let (near, far) = (here.local_addr().unwrap(), there.local_addr().unwrap());
        here.connect(far).unwrap();
        there.connect(near).unwrap();
        stranger.send_to(b"spam", near).await.unwrap();
        assert_eq!(there.send(b"hello").await.unwrap(), 5);
        let mut buffer = [0; 16];
        assert_eq!(here.recv(&mut buffer).await.unwrap(), 5);
        assert_eq!(&buffer[..5], b"hello");
        let more = timeout(20 * MS, here.recv(&mut buffer)).await;
        assert!(more.is_err());
    });
}

/// Returns a connected socket whose peer is gone.
fn to_a_closed_port() -> UdpSocket {
    let (here, gone) = (udp(), udp());
    here.connect(gone.local_addr().unwrap()).unwrap();
    here
}

#[test]
fn a_connected_socket_learns_of_a_closed_port() {
    run(async || {
        let socket = to_a_closed_port();
        socket.send(b"hello?").await.unwrap();
        let error = socket.recv(&mut [0; 16]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        socket.send(b"hello?").await.unwrap();
        let error = socket.send(b"hello?").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    });
}

#[test]
fn a_waiting_reader_learns_of_a_closed_port() {
    run(async || {
        let socket = Rc::new(to_a_closed_port());
        let reading = socket.clone();
        let reader = spawn(async move { reading.recv(&mut [0; 16]).await });
        turns(2).await;
        socket.send(b"hello?").await.unwrap();
        let error = reader.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    });
}

#[test]
fn sending_without_a_peer_is_an_error() {
    run(async || assert!(udp().send(b"x").await.is_err()));
}

/// Promise (sockets): Datagrams that are lost, doubled, reordered, empty, cut off or of the largest
/// size do no harm.
#[test]
fn what_does_not_fit_the_buffer_is_cut_off() {
    run(async || {
        let (here, there) = (udp(), udp());
        let to = here.local_addr().unwrap();
        there.send_to(b"hello", to).await.unwrap();
        there.send_to(b"world", to).await.unwrap();
        let mut buffer = [0; 2];
        assert_eq!(here.recv_from(&mut buffer).await.unwrap().0, 2);
        assert_eq!(&buffer, b"he");
        assert_eq!(here.recv_from(&mut buffer).await.unwrap().0, 2);
        assert_eq!(&buffer, b"wo");
    });
}

/// Promise (sockets): Datagrams that are lost, doubled, reordered, empty, cut off or of the largest
/// size do no harm.
#[test]
fn an_empty_datagram_is_a_datagram() {
    run(async || {
        let (socket, sender) = (udp(), udp());
        sender.connect(socket.local_addr().unwrap()).unwrap();
        for datagram in [&b""[..], b"", b"x"] {
            sender.send(datagram).await.unwrap();
        }
        assert_eq!(socket.recv_from(&mut [7]).await.unwrap().0, 0);
        assert_eq!(socket.recv(&mut []).await.unwrap(), 0);
        assert_eq!(socket.recv(&mut [7]).await.unwrap(), 1);
    });
}

#[test]
fn a_udp_address_in_use_is_an_error() {
    run(async || {
        let socket = udp();
        let again = UdpSocket::bind(socket.local_addr().unwrap());
        assert_eq!(again.unwrap_err().kind(), ErrorKind::AddrInUse);
    });
}

#[test]
fn two_tasks_use_the_two_directions_at_once() {
    run(async || {
        let (here, there) = (Rc::new(udp()), udp());
        let (near, far) = (here.local_addr().unwrap(), there.local_addr().unwrap());
        let reading = here.clone();
        let reader = spawn(async move {
            for _ in 0..50 {
                reading.recv_from(&mut [0]).await.unwrap();
            }
        });
        turns(2).await;
        // The reader waits, and does not keep the writer from writing.
        for _ in 0..50 {
            here.send_to(b"1", far).await.unwrap();
            there.recv_from(&mut [0]).await.unwrap();
            there.send_to(b"2", near).await.unwrap();
        }
        reader.await.unwrap();
    });
}

/// Promise (sockets): Datagrams that are lost, doubled, reordered, empty, cut off or of the largest
/// size do no harm.
#[test]
fn the_largest_datagram_goes_whole() {
    /// What an IPv4 packet holds, less its header of 20 bytes and that of UDP, of 8.
    const LARGEST: usize = 65_535 - 20 - 8;
    run(async || {
        let (here, there) = (udp(), udp());
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

/// ICMP's "port unreachable" is for the socket that is connected to that port.
///
/// Promise (sockets): A port without a listener is an error for the socket that is connected to it,
/// and for no other.
#[test]
fn a_closed_port_is_an_error_of_its_sender_alone() {
    run(async || {
        let (other, peer) = (Rc::new(udp()), udp());
        let closed = udp().local_addr().unwrap();
        other.connect(peer.local_addr().unwrap()).unwrap();
        let reading = other.clone();
        let waiting = spawn(async move { reading.recv(&mut [0; 4]).await });
        let connected = to_a_closed_port();
        connected.send(b"hello?").await.unwrap();
        let error = connected.recv(&mut [0; 4]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        // A socket that is not connected never learns of it.
        let unconnected = udp();
        unconnected.send_to(b"hello?", closed).await.unwrap();
        let to = unconnected.local_addr().unwrap();
        peer.send_to(b"here", to).await.unwrap();
        assert_eq!(unconnected.recv_from(&mut [0; 4]).await.unwrap().0, 4);
        let to = other.local_addr().unwrap();
        peer.send_to(b"here", to).await.unwrap();
        assert_eq!(waiting.await.unwrap().unwrap(), 4);
    });
}

// --- A network that loses, doubles and reorders ---

const REQUESTS: u32 = 100;

/// What a network does to an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Lost,
    Doubled,
    /// It comes after the next one.
    Late,
    Kept,
}

/// Answers each datagram with itself, as this fate decides.
fn server(fate: impl Fn(u32) -> Fate + 'static) -> (SocketAddr, JoinHandle<io::Result<()>>) {
    let socket = udp();
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

/// Asks until each request has its answer. Returns how often each was answered, and how many were
/// sent.
async fn ask(server: SocketAddr) -> (BTreeMap<u32, u32>, u32) {
    let (client, sent) = (udp(), Cell::new(0));
    let mut answers = BTreeMap::new();
    while answers.len() < REQUESTS as usize {
        for number in 0..REQUESTS {
            if answers.contains_key(&number) {
                continue;
            }
            let request = number.to_be_bytes();
            client.send_to(&request, server).await.unwrap();
            sent.set(sent.get() + 1);
            let mut buffer = [0; 4];
            let limit = Duration::from_millis(5);
            while let Ok(answer) = timeout(limit, client.recv_from(&mut buffer)).await {
                assert_eq!(answer.unwrap(), (4, server));
                let answered = u32::from_be_bytes(buffer);
                *answers.entry(answered).or_insert(0) += 1;
                if answered == number {
                    break;
                }
            }
        }
    }
    (answers, sent.get())
}

/// Classic bug: One lost datagram hangs the client forever
#[test]
fn lost_datagrams_are_asked_for_again() {
    run(async || {
        let (address, _server) = server(|count| match count % 3 {
            0 => Fate::Lost,
            _ => Fate::Kept,
        });
        let (answers, sent) = ask(address).await;
        assert_eq!(answers.len(), REQUESTS as usize);
        assert!(sent > REQUESTS + REQUESTS / 3, "{sent} sent");
    });
}

#[test]
fn doubled_datagrams_come_twice() {
    run(async || {
        let (address, _server) = server(|_| Fate::Doubled);
        let client = udp();
        for number in 0..REQUESTS {
            let request = number.to_be_bytes();
            client.send_to(&request, address).await.unwrap();
            for _ in 0..2 {
                let mut buffer = [0; 4];
                client.recv_from(&mut buffer).await.unwrap();
                assert_eq!(buffer, request);
            }
        }
    });
}

#[test]
fn reordered_datagrams_come_in_the_other_order() {
    run(async || {
        let (address, _server) = server(|count| match count % 2 {
            0 => Fate::Late,
            _ => Fate::Kept,
        });
        let client = udp();
        for number in 0..4_u32 {
            let request = number.to_be_bytes();
            client.send_to(&request, address).await.unwrap();
        }
        let mut order = Vec::new();
        for _ in 0..4 {
            let mut buffer = [0; 4];
            client.recv_from(&mut buffer).await.unwrap();
            order.push(u32::from_be_bytes(buffer));
        }
        assert_eq!(order, [1, 0, 3, 2]);
    });
}

/// Promise (sockets): Datagrams that are lost, doubled, reordered, empty, cut off or of the largest
/// size do no harm.
#[test]
fn all_of_it_at_once_is_survived() {
    use Fate::*;
    run(async || {
        let fates = [Kept, Late, Lost, Doubled, Late, Kept, Lost];
        let (address, _server) = server(move |count| fates[count as usize % fates.len()]);
        assert_eq!(ask(address).await.0.len(), REQUESTS as usize);
    });
}
