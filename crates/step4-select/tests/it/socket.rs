//! What does a UDP socket send and receive?

use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use step4_select::{Co, Scheduler, Socket};
use testing::watchdog::within_a_minute;

fn any() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

fn run(main: impl AsyncFnOnce(&Co) -> io::Result<()> + Send + 'static) {
    within_a_minute(move || {
        let scheduler = Scheduler::new().unwrap();
        let outcome = scheduler.run(async move |co| main(&co).await);
        outcome.unwrap().unwrap();
    });
}

#[test]
fn a_datagram_arrives_with_its_sender() {
    run(async |co| {
        let (here, there) = (Socket::bind(any())?, Socket::bind(any())?);
        let sent = here.send_to(co, b"hello", there.local_addr()?).await?;
        let mut buffer = [0; 16];
        let (length, from) = there.recv_from(co, &mut buffer).await?;
        assert_eq!((sent, &buffer[..length]), (5, &b"hello"[..]));
        assert_eq!(from, here.local_addr()?);
        Ok(())
    });
}

#[test]
fn an_empty_datagram_is_a_datagram() {
    run(async |co| {
        let (here, there) = (Socket::bind(any())?, Socket::bind(any())?);
        here.send_to(co, b"", there.local_addr()?).await?;
        assert_eq!(there.recv_from(co, &mut [0; 16]).await?.0, 0);
        Ok(())
    });
}

#[test]
fn what_does_not_fit_is_cut_off() {
    run(async |co| {
        let (here, there) = (Socket::bind(any())?, Socket::bind(any())?);
        let to = there.local_addr()?;
        here.send_to(co, b"hello", to).await?;
        here.send_to(co, b"world", to).await?;
        let mut buffer = [0; 2];
        for expected in [b"he", b"wo"] {
            assert_eq!(there.recv_from(co, &mut buffer).await?.0, 2);
            assert_eq!(&buffer, expected);
        }
        Ok(())
    });
}

#[test]
fn a_connected_socket_hears_its_peer_only() {
    run(async |co| {
        let [here, peer, stranger] = [
            Socket::bind(any())?,
            Socket::bind(any())?,
            Socket::bind(any())?,
        ];
        let to = here.local_addr()?;
        here.connect(peer.local_addr()?)?;
        stranger.send_to(co, b"stranger", to).await?;
        peer.send_to(co, b"peer", to).await?;
        let mut buffer = [0; 16];
        let length = here.recv(co, &mut buffer).await?;
        assert_eq!(&buffer[..length], b"peer");

        here.send(co, b"hello").await?;
        assert_eq!(peer.recv_from(co, &mut buffer).await?, (5, to));
        Ok(())
    });
}

/// Promise (sockets): A port without a listener is an error for the socket that is connected to it,
/// and for no other.
#[test]
fn without_a_server_a_connected_socket_fails() {
    run(async |co| {
        let here = Socket::bind(any())?;
        // Closed at once, so nothing listens there.
        here.connect(Socket::bind(any())?.local_addr()?)?;
        here.send(co, b"hello").await?;
        let error = here.recv(co, &mut [0; 16]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        Ok(())
    });
}

#[test]
fn mistakes_are_errors() {
    run(async |co| {
        let socket = Socket::bind(any())?;
        let own = socket.local_addr()?;
        let error = Socket::bind(own).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AddrInUse);
        assert!(socket.send(co, b"to no peer").await.is_err());
        let too_long = vec![0; 70_000];
        assert!(socket.send_to(co, &too_long, own).await.is_err());
        // It works all the same.
        socket.send_to(co, b"hello", own).await?;
        assert_eq!(socket.recv_from(co, &mut [0; 16]).await?, (5, own));
        Ok(())
    });
}
