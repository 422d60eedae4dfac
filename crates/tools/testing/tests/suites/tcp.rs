//! What do a TCP listener and a TCP stream do?

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr};
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use testing::backlog;
use testing::foreign::turns;

use crate::executor::net::{TcpListener, TcpStream};
use crate::executor::{Elapsed, sleep, spawn, timeout, yield_now};
use crate::suites::support::{MS, SECOND, run, streams};

fn any() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

/// Reads until the buffer is full.
async fn read_exact(stream: &TcpStream, buffer: &mut [u8]) -> io::Result<()> {
    let mut filled = 0;
    while filled < buffer.len() {
        match stream.read(&mut buffer[filled..]).await? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            length => filled += length,
        }
    }
    Ok(())
}

#[test]
fn bytes_go_there_and_back() {
    run(async || {
        let (here, there) = streams().await;
        here.write_all(b"ping").await.unwrap();
        let mut buffer = [0; 4];
        read_exact(&there, &mut buffer).await.unwrap();
        assert_eq!(&buffer, b"ping");
        there.write_all(b"pong").await.unwrap();
        read_exact(&here, &mut buffer).await.unwrap();
        assert_eq!(&buffer, b"pong");
    });
}

#[test]
fn streams_know_their_addresses() {
    run(async || {
        let listener = TcpListener::bind(any()).unwrap();
        let address = listener.local_addr().unwrap();
        let here = TcpStream::connect(address).await.unwrap();
        let (there, peer) = listener.accept().await.unwrap();
        assert_eq!(here.local_addr().unwrap(), peer);
        assert_eq!(here.peer_addr().unwrap(), address);
        assert_eq!(there.local_addr().unwrap(), address);
        assert_eq!(there.peer_addr().unwrap(), peer);
    });
}

#[test]
fn ipv6_works_too() {
    run(async || {
        let Ok(listener) = TcpListener::bind("[::1]:0".parse().unwrap()) else {
            eprintln!("skipped: this machine has no IPv6");
            return;
        };
        let here = TcpStream::connect(listener.local_addr().unwrap());
        let here = here.await.unwrap();
        let (there, _) = listener.accept().await.unwrap();
        here.write_all(b"x").await.unwrap();
        assert_eq!(there.read(&mut [0; 4]).await.unwrap(), 1);
    });
}

/// It accepts connections that come while it waits, and those that came before.
#[test]
fn a_listener_accepts_in_order() {
    run(async || {
        let listener = TcpListener::bind(any()).unwrap();
        let address = listener.local_addr().unwrap();
        let early = TcpStream::connect(address).await.unwrap();
        let server = spawn(async move {
            let mut peers = vec![];
            for _ in 0..10 {
                peers.push(listener.accept().await.unwrap().1);
            }
            peers
        });
        turns(3).await;
        let mut clients = vec![early];
        for _ in 1..10 {
            clients.push(TcpStream::connect(address).await.unwrap());
            yield_now().await;
        }
        let address_of = |client: &TcpStream| client.local_addr().unwrap();
        let expected: Vec<_> = clients.iter().map(address_of).collect();
        assert_eq!(server.await.unwrap(), expected);
    });
}

#[test]
fn connecting_to_a_closed_port_is_refused() {
    run(async || {
        let closed = TcpListener::bind(any()).unwrap().local_addr().unwrap();
        let error = TcpStream::connect(closed).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    });
}

/// The listener's queue is full, so the system drops the request to connect, and asks again later.
#[test]
fn connecting_does_not_block_the_executor() {
    run(async || {
        let listener = std::net::TcpListener::bind(any()).unwrap();
        backlog::shrink(&listener);
        let address = listener.local_addr().unwrap();
        let mut queued = vec![];
        for _ in 0..100 {
            match timeout(50 * MS, TcpStream::connect(address)).await {
                Ok(stream) => queued.push(stream.unwrap()),
                Err(Elapsed) => break,
            }
        }
        assert!(queued.len() < 100, "the queue is never full");
        let waiting = spawn(TcpStream::connect(address));
        for _ in 0..10 {
            sleep(MS).await;
        }
        assert!(!waiting.is_finished());
        // It need not come to an end, and is given up.
        waiting.abort();
        assert!(waiting.await.unwrap_err().is_cancelled());
    });
}

#[test]
fn a_connect_that_is_dropped_is_given_up() {
    run(async || {
        let listener = std::net::TcpListener::bind(any()).unwrap();
        backlog::shrink(&listener);
        let address = listener.local_addr().unwrap();
        let attempts = [(); 20].map(|()| spawn(TcpStream::connect(address)));
        turns(5).await;
        for attempt in attempts {
            attempt.abort();
        }
        drop(listener);
        assert!(TcpStream::connect(address).await.is_err());
    });
}

/// Classic bug: A partial read overwrites the buffer's start
#[test]
fn a_read_in_parts_keeps_the_first_part() {
    run(async || {
        let (here, there) = streams().await;
        let peer = spawn(async move {
            for part in [b"first ", b"second"] {
                there.write_all(part).await.unwrap();
                sleep(5 * MS).await;
            }
        });
        let mut buffer = [0; 12];
        read_exact(&here, &mut buffer).await.unwrap();
        assert_eq!(&buffer, b"first second");
        peer.await.unwrap();
    });
}

#[test]
fn a_large_transfer_waits_for_its_reader() {
    const LENGTH: usize = 16 << 20;
    run(async || {
        let (here, there) = streams().await;
        let bytes: Rc<[u8]> = Vec::from_iter(0..=250).repeat(LENGTH / 251).into();
        let sent = bytes.clone();
        let writer = spawn(async move { here.write_all(&sent).await.unwrap() });
        // Nothing is read before the writer has to wait.
        for _ in 0..5 {
            sleep(MS).await;
        }
        assert!(!writer.is_finished());
        let (mut buffer, mut received) = (vec![0; 100_000], 0);
        loop {
            let length = there.read(&mut buffer).await.unwrap();
            if length == 0 {
                break;
            }
            let expected = &bytes[received..received + length];
            assert!(buffer[..length] == *expected, "after {received} bytes");
            received += length;
        }
        assert_eq!(received, bytes.len());
        writer.await.unwrap();
    });
}

#[test]
fn both_directions_transfer_at_once() {
    const LENGTH: usize = 8 << 20;
    run(async || {
        let (here, there) = streams().await;
        let mut tasks = vec![];
        for stream in [Rc::new(here), Rc::new(there)] {
            let writing = stream.clone();
            tasks.push(spawn(async move {
                writing.write_all(&vec![7; LENGTH]).await.unwrap();
            }));
            tasks.push(spawn(async move {
                read_exact(&stream, &mut vec![0; LENGTH]).await.unwrap();
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
    });
}

#[test]
fn a_half_closed_stream_still_reads() {
    run(async || {
        let (here, there) = streams().await;
        let echo = spawn(async move {
            let (mut buffer, mut filled) = ([0; 64], 0);
            loop {
                match there.read(&mut buffer[filled..]).await.unwrap() {
                    0 => break,
                    length => filled += length,
                }
            }
            there.write_all(&buffer[..filled]).await.unwrap();
        });
        here.write_all(b"question").await.unwrap();
        here.shutdown(Shutdown::Write).unwrap();
        let mut buffer = [0; 8];
        read_exact(&here, &mut buffer).await.unwrap();
        assert_eq!(&buffer, b"question");
        assert_eq!(here.read(&mut buffer).await.unwrap(), 0);
        assert_eq!(here.read(&mut buffer).await.unwrap(), 0);
        assert!(here.write_all(b"more").await.is_err());
        echo.await.unwrap();
    });
}

#[test]
fn a_peer_that_closes_ends_a_waiting_read() {
    run(async || {
        let (here, there) = streams().await;
        let reader = spawn(async move { here.read(&mut [0; 8]).await });
        turns(2).await;
        drop(there);
        assert_eq!(reader.await.unwrap().unwrap(), 0);
    });
}

#[test]
fn a_peer_that_closes_ends_a_waiting_write() {
    run(async || {
        let (here, there) = streams().await;
        let writer = spawn(async move { here.write_all(&vec![0; 64 << 20]).await });
        turns(3).await;
        assert!(!writer.is_finished());
        drop(there);
        let error = writer.await.unwrap().unwrap_err();
        let expected = [ErrorKind::ConnectionReset, ErrorKind::BrokenPipe];
        assert!(expected.contains(&error.kind()), "{error}");
    });
}

#[test]
fn a_shutdown_here_ends_a_waiting_read_here() {
    run(async || {
        let (here, _there) = streams().await;
        let here = Rc::new(here);
        let reading = here.clone();
        let reader = spawn(async move { reading.read(&mut [0; 8]).await });
        turns(2).await;
        here.shutdown(Shutdown::Both).unwrap();
        assert_eq!(reader.await.unwrap().unwrap(), 0);
    });
}

#[test]
fn an_empty_buffer_is_nothing_at_once() {
    run(async || {
        let (here, there) = streams().await;
        let read = timeout(Duration::ZERO, here.read(&mut [])).await;
        assert_eq!(read.unwrap().unwrap(), 0);
        assert_eq!(here.write(&[]).await.unwrap(), 0);
        here.write_all(&[]).await.unwrap();
        // With something to read as well, and that is still there.
        there.write_all(b"x").await.unwrap();
        assert_eq!(here.read(&mut []).await.unwrap(), 0);
        assert_eq!(here.read(&mut [0; 8]).await.unwrap(), 1);
    });
}

#[test]
fn a_dropped_read_loses_no_byte() {
    run(async || {
        let (here, there) = streams().await;
        for i in 0..100 {
            let mut buffer = [0; 8];
            let read = timeout(Duration::ZERO, here.read(&mut buffer)).await;
            assert!(read.is_err());
            there.write_all(&[i]).await.unwrap();
            let mut byte = [0];
            assert_eq!(here.read(&mut byte).await.unwrap(), 1);
            assert_eq!(byte, [i]);
        }
    });
}

#[test]
fn two_tasks_wait_for_the_two_directions() {
    run(async || {
        let (here, there) = streams().await;
        let here = Rc::new(here);
        let (reading, writing) = (here.clone(), here);
        let mut reader = spawn(async move { reading.read(&mut [0]).await });
        let mut writer = spawn(async move { writing.write_all(&vec![0; 8 << 20]).await });
        turns(5).await;
        assert!(!reader.is_finished() && !writer.is_finished());

        there.write_all(b"x").await.unwrap();
        let read = timeout(50 * SECOND, &mut reader).await.unwrap();
        assert_eq!(read.unwrap().unwrap(), 1);
        assert!(!writer.is_finished());
        let drain = spawn(async move {
            let mut buffer = vec![0; 1 << 20];
            while there.read(&mut buffer).await.unwrap() > 0 {}
        });
        let written = timeout(50 * SECOND, &mut writer).await.unwrap();
        written.unwrap().unwrap();
        drop((reader, writer));
        drain.await.unwrap();
    });
}

#[test]
fn a_stream_talks_with_a_blocking_peer() {
    run(async || {
        let listener = TcpListener::bind(any()).unwrap();
        let address = listener.local_addr().unwrap();
        let peer = thread::spawn(move || {
            let mut stream = std::net::TcpStream::connect(address).unwrap();
            stream.write_all(b"hello").unwrap();
            stream.shutdown(Shutdown::Write).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        });
        let (stream, _) = listener.accept().await.unwrap();
        let mut buffer = [0; 5];
        read_exact(&stream, &mut buffer).await.unwrap();
        stream.write_all(&buffer).await.unwrap();
        drop(stream);
        assert_eq!(peer.join().unwrap(), "hello");
    });
}

#[test]
fn a_tcp_address_in_use_is_an_error() {
    let listener = TcpListener::bind(any()).unwrap();
    let again = TcpListener::bind(listener.local_addr().unwrap());
    assert_eq!(again.unwrap_err().kind(), ErrorKind::AddrInUse);
}
